//! The folders that are stored. They are made once, below the target folder, of packages at versions that never change.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::folder::Contents;
use crate::command::{capture, run};
use crate::{Result, installed, machine, paths};

pub(super) const NPM: &str = "npm";
pub(super) const WHEEL: &str = "wheel";
pub(super) const TOOLCHAIN: &str = "toolchain";
pub(super) const RANDOM: &str = "random";
/// Those that there are without a folder of the user's own.
pub(super) const BUILT_IN: [&str; 4] = [NPM, WHEEL, TOOLCHAIN, RANDOM];

/// 252 MB in 919 files: the last release of each minor version from 5.0 on.
const NPM_PACKAGES: [&str; 8] = [
    "typescript@5.0.4",
    "typescript@5.1.6",
    "typescript@5.2.2",
    "typescript@5.3.3",
    "typescript@5.4.5",
    "typescript@5.5.4",
    "typescript@5.6.3",
    "typescript@5.7.3",
];
/// 419 MB in 2,279 files, for whichever machine this is: they are stored and not run.
const WHEELS: [&str; 3] = ["pyarrow==19.0.1", "pyarrow==20.0.0", "pyarrow==21.0.0"];
const WHEELS_FOR: [&str; 8] = [
    "--no-deps",
    "--only-binary=:all:",
    "--python-version=312",
    "--implementation=cp",
    "--platform=manylinux_2_28_x86_64",
    "--quiet",
    "--disable-pip-version-check",
    "--dest",
];
const TOOLCHAIN_BYTES_QUICK: u64 = 256 << 20;
const RANDOM_BYTES: usize = 512 << 20;
const RANDOM_BYTES_QUICK: usize = 128 << 20;
const SEED: u64 = 0x6f75_726f_626f_726f;

/// A folder that is stored.
pub(super) struct Corpus {
    pub(super) name: String,
    pub(super) path: PathBuf,
    /// Of its files, and how many these are.
    pub(super) contents: Contents,
}

impl Corpus {
    /// One of the four, made where it is not there yet.
    pub(super) fn built_in(name: &str, quick: bool) -> Result<Corpus> {
        let path = match name {
            NPM => npm()?,
            WHEEL => wheel()?,
            TOOLCHAIN if quick => part_of_toolchain()?,
            TOOLCHAIN => toolchain()?,
            RANDOM if quick => random("random-quick", RANDOM_BYTES_QUICK)?,
            _ => random("random", RANDOM_BYTES)?,
        };
        Corpus::at(name.to_owned(), path)
    }

    /// A folder of the user's own, by its name.
    pub(super) fn of_user(path: &Path) -> Result<Corpus> {
        let path = path.canonicalize().map_err(|error| format!("{}: {error}", path.display()))?;
        let corpus = Corpus::at(name_of(&path), path)?;
        if BUILT_IN.contains(&corpus.name.as_str()) {
            return Err(format!("{} is the name of another corpus", corpus.name).into());
        }
        Ok(corpus)
    }

    fn at(name: String, path: PathBuf) -> Result<Corpus> {
        let contents = Contents::of(&path)?;
        if contents.bytes == 0 {
            return Err(format!("there is nothing to store in {}", path.display()).into());
        }
        Ok(Corpus { name, path, contents })
    }
}

/// The name of a folder as part of a row's id, which has no white space in it.
pub(super) fn name_of(path: &Path) -> String {
    let name = path.file_name().map_or_else(|| "root".into(), |name| name.to_string_lossy());
    name.chars().map(|letter| if letter.is_whitespace() { '_' } else { letter }).collect()
}

fn folder(name: &str) -> PathBuf {
    paths::target().join("bench/corpora").join(name)
}

/// Makes the corpus with `make`, which is given its folder and one for what it fetches.
fn once(name: &str, wanted: &str, make: impl FnOnce(&Path, &Path) -> Result<()>) -> Result<PathBuf> {
    let path = folder(name);
    let stamp = path.with_extension("installed.txt");
    if !path.exists() && stamp.exists() {
        std::fs::remove_file(&stamp)?;
    }
    installed::once(&stamp, wanted.as_bytes(), || {
        let path = paths::fresh_folder(&format!("bench/corpora/{name}"))?;
        let fetched = paths::fresh_folder("bench/corpora/fetched")?;
        make(&path, &fetched)?;
        Ok(std::fs::remove_dir_all(fetched)?)
    })?;
    Ok(path)
}

fn npm() -> Result<PathBuf> {
    once(NPM, &NPM_PACKAGES.join(" "), |path, fetched| {
        let mut pack = Command::new("npm");
        run(pack.current_dir(fetched).args(["pack", "--silent"]).args(NPM_PACKAGES))?;
        unpack(fetched, path, |archive, into| {
            let mut tar = Command::new("tar");
            tar.arg("-xzf").arg(archive).arg("-C").arg(into);
            tar
        })
    })
}

fn wheel() -> Result<PathBuf> {
    once(WHEEL, &WHEELS.join(" "), |path, fetched| {
        let pip = |words: &[&str]| {
            let mut pip = Command::new(machine::python());
            pip.args(["-m", "pip"]).args(words);
            pip
        };
        for wheel in WHEELS {
            run(pip(&["download"]).args(WHEELS_FOR).arg(fetched).arg(wheel))?;
        }
        unpack(fetched, path, |archive, into| {
            let mut zip = Command::new(machine::python());
            zip.args(["-m", "zipfile", "-e"]).arg(archive).arg(into);
            zip
        })
    })
}

/// Each archive into a folder of its name.
fn unpack(archives: &Path, into: &Path, command: impl Fn(&Path, &Path) -> Command) -> Result<()> {
    for archive in std::fs::read_dir(archives)? {
        let archive = archive?.path();
        let into = into.join(archive.file_stem().ok_or("an archive without a name")?);
        std::fs::create_dir(&into)?;
        run(&mut command(&archive, &into))?;
    }
    Ok(())
}

/// The libraries of the compiler that builds this.
pub(super) fn toolchain() -> Result<PathBuf> {
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    let sysroot = capture(rustc.current_dir(paths::root()).args(["--print", "sysroot"]))?;
    Ok(Path::new(sysroot.trim()).join("lib"))
}

/// Its largest files that fit together into 256 MiB, and then as many of the next ones as fit.
fn part_of_toolchain() -> Result<PathBuf> {
    let whole = toolchain()?;
    let wanted = format!("{} {:?}", whole.display(), Contents::of(&whole)?);
    once("toolchain-quick", &wanted, |path, _| {
        let mut left = TOOLCHAIN_BYTES_QUICK;
        let mut files = super::folder::files(&whole)?;
        files.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        for (file, bytes) in files {
            if bytes <= left {
                left -= bytes;
                paths::copy_file(&whole.join(&file), &path.join(&file))?;
            }
        }
        Ok(())
    })
}

/// A quarter of the bytes in one file, a quarter in two, a quarter in eight, the rest in files of 1 MiB and, a sixteenth
/// of all, of 64 KiB.
fn random(name: &str, bytes: usize) -> Result<PathBuf> {
    let quarter = bytes / 4;
    let sizes = [
        (quarter, 1),
        (quarter / 2, 2),
        (quarter / 8, 8),
        (1 << 20, (bytes * 3 / 16) >> 20),
        (1 << 16, (bytes / 16) >> 16),
    ];
    once(name, &format!("{sizes:?} {SEED}"), |path, _| {
        let mut state = SEED;
        for (length, count) in sizes {
            for number in 0..count {
                std::fs::write(path.join(format!("{length}-{number}")), noise(&mut state, length))?;
            }
        }
        Ok(())
    })
}

/// xorshift64*, whose every step gives eight bytes.
fn noise(state: &mut u64, length: usize) -> Vec<u8> {
    let step = || {
        *state ^= *state >> 12;
        *state ^= *state << 25;
        *state ^= *state >> 27;
        state.wrapping_mul(0x2545_f491_4f6c_dd1d).to_le_bytes()
    };
    std::iter::repeat_with(step).take(length / 8).flatten().collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{SEED, name_of, noise};

    #[test]
    fn noise_is_the_same_in_each_run_and_never_the_same_twice_in_one() {
        let (mut state, mut again) = (SEED, SEED);
        let first = noise(&mut state, 4096);
        assert_eq!(first, noise(&mut again, 4096));
        assert_ne!(first, noise(&mut state, 4096));
        assert_eq!(first.len(), 4096);
    }

    #[test]
    fn a_folder_of_any_name_is_one_word() {
        assert_eq!(name_of(Path::new("/data/my photos")), "my_photos");
        assert_eq!(name_of(Path::new("/")), "root");
    }
}

//! `cargo xtask install-c --prefix P`: the C and C++ library as packagers and users have it, laid out as cargo-c lays
//! it out.
//!
//! ```text
//! include/ouroborosdb.h, ouroborosdb.hpp
//! lib/libouroborosdb.so → .so.0.1 → .so.0.1.0     libouroborosdb.a
//! lib/pkgconfig/ouroborosdb.pc
//! lib/cmake/ouroborosdb/ouroborosdb-config.cmake, -config-version.cmake
//! ```
//!
//! Nothing that is installed names the prefix: a prefix may be moved as a whole.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::command::{cargo, run as run_command};
use crate::paths::copy_file;
use crate::profile::Profile;
use crate::{Result, paths};

/// What a program that links the static library links beside it. `xtask/src/packages.rs` holds it against what the
/// compiler says.
pub(crate) const STATIC_LIBRARIES: &str = "-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc";

const LIBRARY_DIR: &str = "lib";
const CMAKE_DIR: &str = "lib/cmake/ouroborosdb";

/// Builds for release and installs below `prefix`, which is made where it is missing.
pub(crate) fn run(prefix: &Path) -> Result<()> {
    let prefix = std::env::current_dir()?.join(prefix);
    install(&prefix, Profile::Release)?;
    println!("installed below {}", prefix.display());
    println!(
        "where it is not a place that pkg-config knows: export PKG_CONFIG_PATH={}",
        prefix.join(LIBRARY_DIR).join("pkgconfig").display()
    );
    Ok(())
}

/// Builds the library and installs it below an absolute path.
pub(crate) fn install(prefix: &Path, profile: Profile) -> Result<()> {
    let build = ["build", "--quiet", "--package", "ouroborosdb-ffi"];
    run_command(cargo(build).args(profile.arguments()))?;
    let names = Names::new();
    let library = prefix.join(LIBRARY_DIR);
    copy(&profile.output().join(names.built), &library.join(&names.shared))?;
    for link in &names.links {
        replace_link(&library.join(link), &names.shared)?;
    }
    copy(&profile.output().join("libouroborosdb.a"), &library.join("libouroborosdb.a"))?;
    copy_headers(&paths::root().join("include"), &prefix.join("include"))?;
    fill("ouroborosdb.pc", &library.join("pkgconfig"), &names)?;
    fill("ouroborosdb-config.cmake", &prefix.join(CMAKE_DIR), &names)?;
    fill("ouroborosdb-config-version.cmake", &prefix.join(CMAKE_DIR), &names)
}

/// What the shared library is called.
struct Names {
    version: [&'static str; 3],
    /// As cargo builds it.
    built: &'static str,
    /// The file itself.
    shared: String,
    /// By which the loader finds it.
    soname: String,
    /// Names that lead to it.
    links: Vec<String>,
}

impl Names {
    fn new() -> Names {
        let version = [
            env!("CARGO_PKG_VERSION_MAJOR"),
            env!("CARGO_PKG_VERSION_MINOR"),
            env!("CARGO_PKG_VERSION_PATCH"),
        ];
        let [major, minor, patch] = version;
        let compatible = if major == "0" { format!("0.{minor}") } else { major.to_owned() };
        if cfg!(target_os = "macos") {
            let (shared, soname) = (
                format!("libouroborosdb.{major}.{minor}.{patch}.dylib"),
                format!("libouroborosdb.{compatible}.dylib"),
            );
            let links = vec![soname.clone(), "libouroborosdb.dylib".to_owned()];
            return Names { version, built: "libouroborosdb.dylib", shared, soname, links };
        }
        let (shared, soname) =
            (format!("libouroborosdb.so.{major}.{minor}.{patch}"), format!("libouroborosdb.so.{compatible}"));
        let links = vec![soname.clone(), "libouroborosdb.so".to_owned()];
        Names { version, built: "libouroborosdb.so", shared, soname, links }
    }

    /// The words between `@` in the templates.
    fn words(&self) -> Vec<(&'static str, String)> {
        let up = CMAKE_DIR.split('/').map(|_| "..").collect::<Vec<_>>().join("/");
        let cmake_libraries: Vec<&str> =
            STATIC_LIBRARIES.split(' ').filter_map(|library| library.strip_prefix("-l")).collect();
        vec![
            ("VERSION", self.version.join(".")),
            ("VERSION_MAJOR", self.version[0].to_owned()),
            ("VERSION_MINOR", self.version[1].to_owned()),
            ("LIBDIR", LIBRARY_DIR.to_owned()),
            ("CMAKE_TO_PREFIX", up),
            ("SHARED_FILE", self.shared.clone()),
            ("STATIC_FILE", "libouroborosdb.a".to_owned()),
            ("SONAME", self.soname.clone()),
            ("STATIC_LIBRARIES", STATIC_LIBRARIES.to_owned()),
            ("CMAKE_STATIC_LIBRARIES", cmake_libraries.join(";")),
        ]
    }
}

/// Fills a template of `ffi/packaging` in.
fn fill(name: &str, folder: &Path, names: &Names) -> Result<()> {
    let template = paths::root().join("ffi/packaging").join(format!("{name}.in"));
    let mut text =
        std::fs::read_to_string(&template).map_err(|error| format!("{}: {error}", template.display()))?;
    for (word, value) in names.words() {
        text = text.replace(&format!("@{word}@"), &value);
    }
    if text.contains('@') {
        return Err(format!("{} has a word that nothing fills in", template.display()).into());
    }
    write(&folder.join(name), text.as_bytes())
}

/// The headers, folders of headers included.
fn copy_headers(from: &Path, to: &Path) -> Result<()> {
    for entry in std::fs::read_dir(from)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_owned();
        if path.is_dir() {
            copy_headers(&path, &to.join(name))?;
        } else if path.extension().is_some_and(|ending| ending == "h" || ending == "hpp") {
            copy(&path, &to.join(name))?;
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    // A library that a program has mapped is not written over: its name is taken away first.
    let _ = std::fs::remove_file(to);
    copy_file(from, to)
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    paths::make_parent(path)?;
    std::fs::write(path, bytes).map_err(|error| format!("installing {}: {error}", path.display()).into())
}

#[cfg(unix)]
fn replace_link(link: &Path, target: impl AsRef<OsStr>) -> Result<()> {
    let _ = std::fs::remove_file(link);
    std::os::unix::fs::symlink(PathBuf::from(target.as_ref()), link)
        .map_err(|error| format!("installing {}: {error}", link.display()).into())
}

#[cfg(not(unix))]
fn replace_link(_link: &Path, _target: impl AsRef<OsStr>) -> Result<()> {
    Err("the C library is installed on systems with symbolic links only".into())
}

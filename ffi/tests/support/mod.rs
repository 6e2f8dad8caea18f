//! Builds the static C library, and C programs against it, under a sanitizer.

pub(crate) mod sanitizer;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use sanitizer::SANITIZER;

/// What a program that links the static library links beside it, as `--print native-static-libs` says.
pub(crate) const SYSTEM_LIBRARIES: &[&str] =
    &["-lgcc_s", "-lutil", "-lrt", "-lpthread", "-lm", "-ldl", "-lc"];

/// The static library with the exports that only tests call. Cargo has no way to say that a test needs it, so
/// the test builds it, as the profile and in the target folder of its own.
pub(crate) static LIBRARY: LazyLock<PathBuf> = LazyLock::new(|| {
    // target/PROFILE/deps/test-0123456789abcdef
    let test = std::env::current_exe().unwrap();
    let output = test.parent().and_then(Path::parent).unwrap();
    let profile = match output.file_name().and_then(|name| name.to_str()).unwrap() {
        "debug" => "dev",
        name => name,
    };
    let mut command = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    command.args(["build", "--quiet", "--package", "ouroborosdb-ffi", "--features", "testing"]);
    // With the test itself, which is there already: what tests depend on turns on features of what the library depends
    // on, and the engine would be compiled once with them and once without.
    let name = test.file_stem().and_then(|name| name.to_str()).and_then(|name| name.rsplit_once('-'));
    command.args(["--lib", "--test", name.expect("cargo names tests so").0]);
    let mut target = output.parent().unwrap();
    // Where the tests are built for a target that is named, as under a sanitizer of Rust's own.
    if let Ok(triple) = std::env::var("OUROBOROS_TEST_TRIPLE") {
        assert!(target.ends_with(&triple), "{} is not of {triple}", target.display());
        target = target.parent().unwrap();
        command.args(["--target", &triple]);
    }
    command.args(["--profile", profile, "--target-dir"]).arg(target);
    let status = command.current_dir(env!("CARGO_MANIFEST_DIR")).status().expect("cargo runs");
    assert!(status.success(), "the C library does not build");
    output.join("libouroborosdb.a")
});

/// Compiles `tests/c/NAME.c`, with all of the folder `tests/c/NAME` where there is one, every warning an error, under
/// the sanitizer, into `folder`.
#[allow(dead_code, reason = "not every test has programs in C")]
pub(crate) fn compile(name: &str, folder: &Path) -> PathBuf {
    compile_with(name, SANITIZER.flags(), &SANITIZER.libraries(), folder)
}

/// As [`compile`], with these flags in place of the sanitizer's, and these libraries before all others.
pub(crate) fn compile_with(name: &str, flags: &[&str], libraries: &[OsString], folder: &Path) -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = folder.join(name);
    let mut sources = vec![manifest.join("tests/c").join(format!("{name}.c"))];
    add_sources(&manifest.join("tests/c").join(name), &mut sources);
    let output = Command::new(std::env::var("CC").unwrap_or_else(|_| "cc".to_owned()))
        .args(["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-D_XOPEN_SOURCE=700", "-g", "-O1"])
        .args(flags)
        .arg("-I")
        .arg(manifest.join("../include"))
        .args(sources)
        .args(libraries)
        .arg(&*LIBRARY)
        .args(SYSTEM_LIBRARIES)
        .arg("-o")
        .arg(&program)
        .output()
        .expect("the C compiler runs");
    assert!(
        output.status.success(),
        "{name}.c does not compile:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    program
}

/// Adds all C sources in a folder and below it.
fn add_sources(folder: &Path, sources: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            add_sources(&path, sources);
        } else if path.extension().is_some_and(|extension| extension == "c") {
            sources.push(path);
        }
    }
}

/// A program under the sanitizer, leaks included: any finding ends it with a failure.
pub(crate) fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env("ASAN_OPTIONS", "detect_leaks=1:abort_on_error=0:exitcode=99:detect_stack_use_after_return=1");
    command.env("UBSAN_OPTIONS", "print_stacktrace=1");
    command.env("TSAN_OPTIONS", "halt_on_error=1:exitcode=99");
    command
}

/// What the program said.
pub(crate) fn said(output: &Output) -> String {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    format!("{}\n{out}{err}", output.status)
}

//! Builds C++ programs over `ouroborosdb.hpp` against the static C library, under a sanitizer.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;

use crate::support::sanitizer::{SANITIZER, Sanitizer};
use crate::support::{LIBRARY, SYSTEM_LIBRARIES};

/// What the headers and the tests are held to.
const WARNINGS: &[&str] =
    &["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wsign-conversion", "-Wshadow", "-Werror"];

/// Units of C++ are large, and are compiled quickly rather than well.
const QUICKLY: &[&str] = &["-g1", "-O0"];
/// UBSan's checks of every use of a pointer are left out: they take a third of the time that a unit compiles,
/// AddressSanitizer watches the same memory, and nothing here casts to a wider type.
const FEWER_CHECKS: &[&str] = &["-fno-sanitize=null,alignment,object-size,vptr"];

/// A source, from the repository's top, and how it is compiled beside what is common to all.
#[derive(Clone, Copy)]
pub(crate) struct Unit<'a> {
    pub(crate) source: &'a str,
    pub(crate) flags: &'a [&'a str],
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The compiler, every warning an error, with the folder of the headers.
pub(crate) fn compiler() -> Command {
    let mut command = Command::new(std::env::var("CXX").unwrap_or_else(|_| "c++".to_owned()));
    command.args(WARNINGS).arg("-I").arg(root().join("include"));
    command
}

/// Whether the compiler knows a standard.
#[allow(dead_code, reason = "not every test asks")]
pub(crate) fn knows(standard: &str) -> bool {
    let mut command = compiler();
    command.arg(format!("-std={standard}")).args(["-fsyntax-only", "-x", "c++", "/dev/null"]);
    command.output().expect("the C++ compiler runs").status.success()
}

fn expect_success(what: &str, output: &Output) {
    assert!(output.status.success(), "{what} does not compile:\n{}", String::from_utf8_lossy(&output.stderr));
}

/// Compiles units, side by side, under the sanitizer, and links them into the program `name` in `folder`.
#[allow(dead_code, reason = "not every test runs under a sanitizer")]
pub(crate) fn compile(name: &str, units: &[Unit<'_>], folder: &Path) -> PathBuf {
    let fewer = if *SANITIZER == Sanitizer::Address { FEWER_CHECKS } else { &[] };
    let flags = [QUICKLY, SANITIZER.flags(), fewer].concat();
    compile_with(name, units, &flags, &SANITIZER.libraries(), folder)
}

/// As [`compile`], with these flags in place of the sanitizer's, and these libraries before all others.
pub(crate) fn compile_with(
    name: &str,
    units: &[Unit<'_>],
    flags: &[&str],
    libraries: &[OsString],
    folder: &Path,
) -> PathBuf {
    let object = |number: usize| folder.join(format!("{name}.{number}.o"));
    thread::scope(|scope| {
        for (number, unit) in units.iter().enumerate() {
            let object = object(number);
            scope.spawn(move || {
                let mut command = compiler();
                command.args(flags).args(unit.flags).arg("-c").arg(root().join(unit.source));
                expect_success(unit.source, &command.arg("-o").arg(object).output().unwrap());
            });
        }
    });
    let program = folder.join(name);
    let mut command = compiler();
    command.args(flags).args((0..units.len()).map(object)).args(libraries);
    command.arg(&*LIBRARY).args(SYSTEM_LIBRARIES);
    expect_success(name, &command.arg("-o").arg(&program).output().unwrap());
    program
}

/// Checks that a text compiles with these flags; no code is made.
#[allow(dead_code, reason = "not every test checks")]
pub(crate) fn check(what: &str, text: &str, flags: &[&str]) {
    let source = tempfile::Builder::new().suffix(".cpp").tempfile().unwrap();
    std::fs::write(source.path(), text).unwrap();
    let output = compiler().args(flags).arg("-fsyntax-only").arg(source.path()).output().unwrap();
    expect_success(what, &output);
}

//! The sanitizers of the compiler, and the tests that run under them. They are not stable, and the pinned compiler takes
//! them where it is told to; it carries their runtimes.
//!
//! AddressSanitizer watches the engine's unit tests, and the tests of the C library: those in C and C++ too, which are
//! linked with the runtime of the C compiler, which is of the same version of the interface. The zstd that is linked in is
//! watched as well. What tortures stores is left out: it
//! asks for much time and for no memory that other tests do not ask for.

use std::process::Command;

use crate::command::{cargo as plain_cargo, run as run_command};
use crate::{Result, paths};

/// What is built with a sanitizer is built for a target that is named, so that what runs while building is not.
pub(crate) const TRIPLE: &str =
    if cfg!(target_arch = "aarch64") { "aarch64-unknown-linux-gnu" } else { "x86_64-unknown-linux-gnu" };

/// A cargo that builds with AddressSanitizer, and with more flags. To be told the target [`TRIPLE`].
pub(crate) fn cargo(flags: &[&str]) -> Command {
    let mut command = plain_cargo([]);
    // Between the flags stands the separator of this variable, so that one may have a space.
    let flags = [&["-Zsanitizer=address"], flags].concat().join("\u{1f}");
    // Cargo's flags reach zstd, which is C, as well; with all optimisations it takes minutes to compile then.
    command.env(format!("CFLAGS_{}", TRIPLE.replace('-', "_")), "-O1");
    command.env("RUSTC_BOOTSTRAP", "1").env("CARGO_ENCODED_RUSTFLAGS", flags).env_remove("RUSTFLAGS");
    command
}

/// The tests under AddressSanitizer.
pub(crate) fn run() -> Result<()> {
    let target = paths::target().join("asan");
    let test = |package: &str| {
        let mut command = cargo(&[]);
        command
            .args(["test", "--quiet", "--target", TRIPLE, "--package", package, "--target-dir"])
            .arg(&target);
        command.env("ASAN_OPTIONS", "detect_leaks=1:detect_stack_use_after_return=1");
        command
    };
    run_command(test("ouroborosdb").args([
        "--lib",
        "--",
        "--skip",
        "torture_tests",
        "--skip",
        "kill_tests",
    ]))?;
    let mut c = test("ouroborosdb-ffi");
    c.args(["--features", "testing", "--lib", "--test", "c_api", "--test", "conformance"]);
    // That headers compile is seen elsewhere.
    c.args(["--test", "conformance_cpp", "--test", "cpp_api", "--", "--skip", "compile"]);
    // The tests build the library themselves, and link it into programs in C and C++.
    c.env("OUROBOROS_TEST_TRIPLE", TRIPLE);
    run_command(&mut c)
}

//! The sanitizers of the compiler, and the tests that run under them. They are not stable, and the pinned compiler takes
//! them where it is told to; it carries their runtimes.
//!
//! AddressSanitizer watches the engine's unit tests, and the tests of the C library: those in C and C++ too, which are
//! linked with the runtime of the C compiler, which is of the same version of the interface.
//!
//! ThreadSanitizer watches those of both in which threads meet. What is not compiled with it synchronises unseen, so the
//! standard library is: it is built from its source, the component `rust-src` of the toolchain. Programs in C and C++ are
//! linked with the runtime of Rust's compiler here, for the engine asks for functions that an older one lacks. Nothing
//! is suppressed.
//!
//! The zstd that is linked in is watched as well. What tortures stores is left out: it asks for much time, and for nothing
//! that other tests do not ask for.

use std::path::PathBuf;
use std::process::Command;

use crate::command::{capture, cargo as plain_cargo, run as run_command};
use crate::{Result, paths};

/// What is built with a sanitizer is built for a target that is named, so that what runs while building is not.
pub(crate) const TRIPLE: &str =
    if cfg!(target_arch = "aarch64") { "aarch64-unknown-linux-gnu" } else { "x86_64-unknown-linux-gnu" };

/// What no sanitizer is needed for: headers are only compiled; stores are tortured, processes killed.
const LEFT_OUT: [&str; 3] = ["compile", "torture_tests", "kill_tests"];
/// What has one thread, and takes minutes where each access to memory is written down.
const LEFT_OUT_OF_THREADS: [&str; 7] = [
    "a_flipped_byte_is_found",
    "a_killed_process_leaves_nothing",
    "golden_tests",
    "hash::",
    "chunk::",
    "power_may_fail_at_each_operation",
    "whatever_is_lost_the_next_backup_goes_on",
];

/// A sanitizer of the compiler.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sanitizer {
    /// Memory that is not the program's, or no longer, or nobody's any more.
    Address,
    /// Memory that two threads use at once.
    Thread,
}

impl Sanitizer {
    fn name(self) -> &'static str {
        match self {
            Sanitizer::Address => "address",
            Sanitizer::Thread => "thread",
        }
    }

    /// A cargo that builds with it, and with more flags. To be told the target [`TRIPLE`].
    pub(crate) fn cargo(self, flags: &[&str]) -> Command {
        let mut command = plain_cargo([]);
        // Between the flags stands the separator of this variable, so that one may have a space.
        let flags = [&[format!("-Zsanitizer={}", self.name()).as_str()], flags].concat().join("\u{1f}");
        // Cargo's flags reach zstd, which is C, as well; with all optimisations it takes minutes to compile then.
        command.env(format!("CFLAGS_{}", TRIPLE.replace('-', "_")), "-O1");
        command.env("RUSTC_BOOTSTRAP", "1").env("CARGO_ENCODED_RUSTFLAGS", flags).env_remove("RUSTFLAGS");
        if self == Sanitizer::Thread {
            command.env("CARGO_UNSTABLE_BUILD_STD", "std,panic_unwind");
        }
        command
    }

    /// A run of tests of a package.
    fn test(self, package: &str) -> Command {
        let mut command = self.cargo(&[]);
        command.args(["test", "--quiet", "--target", TRIPLE, "--package", package, "--target-dir"]);
        command.arg(paths::target().join(match self {
            Sanitizer::Address => "asan",
            Sanitizer::Thread => "tsan",
        }));
        command.env("ASAN_OPTIONS", "detect_leaks=1:detect_stack_use_after_return=1");
        command.env("TSAN_OPTIONS", "halt_on_error=1");
        command
    }

    /// What stands behind the options of cargo: what is not run.
    fn left_out(self) -> Vec<&'static str> {
        let more = if self == Sanitizer::Thread { &LEFT_OUT_OF_THREADS[..] } else { &[] };
        let skipped = LEFT_OUT.iter().chain(more).flat_map(|name| ["--skip", name]);
        ["--"].into_iter().chain(skipped).collect()
    }

    fn test_engine(self) -> Result<()> {
        let mut command = self.test("ouroborosdb");
        command.arg("--lib");
        if self == Sanitizer::Thread {
            command.args(
                ["backup", "batches", "beside_a_writer", "closing", "refresh"]
                    .map(|name| format!("--test={name}")),
            );
        }
        run_command(command.args(self.left_out()))
    }

    /// The tests of the C library, those of the programs `tests`.
    fn test_c_library(self, tests: &[&str]) -> Result<()> {
        let mut command = self.test("ouroborosdb-ffi");
        command.args(["--features", "testing"]).args(tests.iter().map(|name| format!("--test={name}")));
        // The tests build the library themselves, and link it into programs in C and C++.
        command.env("OUROBOROS_TEST_TRIPLE", TRIPLE);
        if self == Sanitizer::Thread {
            command.env("OUROBOROS_TEST_TSAN_RUNTIME", thread_runtime()?);
        }
        run_command(command.args(self.left_out()))
    }
}

/// All that runs under a sanitizer.
pub(crate) fn run(sanitizer: Sanitizer) -> Result<()> {
    if sanitizer == Sanitizer::Thread {
        check_source_of_std()?;
    }
    sanitizer.test_engine()?;
    sanitizer.test_c_library(&["c_api", "conformance", "conformance_cpp", "cpp_api"])
}

/// The C library under AddressSanitizer, by its tests in C: what is quick of it.
pub(crate) fn run_quick() -> Result<()> {
    Sanitizer::Address.test_c_library(&["c_api", "conformance"])
}

/// Where the compiler has what it carries.
fn compiler_folder() -> Result<PathBuf> {
    let mut command = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    let folder = capture(command.current_dir(paths::root()).args(["--print", "sysroot"]))?;
    Ok(PathBuf::from(folder.trim()).join("lib/rustlib"))
}

fn check_source_of_std() -> Result<()> {
    if compiler_folder()?.join("src/rust/library/std").is_dir() {
        return Ok(());
    }
    Err("the source of the standard library is missing: `rustup component add rust-src`".into())
}

/// The archive of ThreadSanitizer's runtime. Its name has the compiler's channel in it.
fn thread_runtime() -> Result<PathBuf> {
    let folder = compiler_folder()?.join(TRIPLE).join("lib");
    let entries = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let found = paths.find(|path| path.to_string_lossy().ends_with("_rt.tsan.a"));
    found.ok_or_else(|| format!("{} has no runtime of ThreadSanitizer", folder.display()).into())
}

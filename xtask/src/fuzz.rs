//! The fuzz targets of `/fuzz`: inputs that are mutated towards code that no input has reached yet, under
//! AddressSanitizer, with a bound on what one of them may allocate.
//!
//! Fuzzing and sanitizers are features of the compiler that are not stable, so cargo-fuzz asks for a nightly one. The
//! pinned compiler has both, and carries the runtime of the sanitizer; what runs is then built by the same compiler as
//! everything else. What a target finds is put beside the build, and the command says how to run it again: as a file of
//! `fuzz/corpus` it is run by the tests from then on.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use crate::command::run as run_command;
use crate::sanitizer::{Sanitizer, TRIPLE};
use crate::{Result, paths};

/// The programs of `fuzz/Cargo.toml`.
const TARGETS: [&str; 6] = ["encodings", "footer", "lists", "record", "tier", "c_calls"];
/// How long each runs where nobody says.
pub(crate) const SECONDS: u64 = 20;

/// No input may make the process larger, or ask for so much at once.
const MEMORY_MB_MAX: u64 = 1024;
const ALLOCATION_MB_MAX: u64 = 256;
/// One input takes a millisecond or so.
const INPUT_SECONDS_MAX: u64 = 20;

/// `[--seconds N] [TARGET]`
pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    let (mut seconds, mut targets) = (SECONDS, TARGETS.to_vec());
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match (*argument, TARGETS.iter().find(|target| *target == argument)) {
            ("--seconds", _) => seconds = rest.next().ok_or("--seconds needs a number")?.parse()?,
            (_, Some(target)) => targets = vec![target],
            (other, None) => {
                return Err(format!("there is no target `{other}`: {}", TARGETS.join(", ")).into());
            }
        }
    }
    run_targets(&targets, seconds)
}

/// Builds all targets, and runs some of them, as many at once as there are processors.
fn run_targets(targets: &[&str], seconds: u64) -> Result<()> {
    let programs = build()?;
    let at_once = std::thread::available_parallelism().map_or(1, usize::from);
    for group in targets.chunks(at_once) {
        let started = group.iter().map(|target| start(&programs, target, seconds));
        let started = started.collect::<Result<Vec<_>>>()?;
        let mut failed = Vec::new();
        for (target, mut child) in group.iter().zip(started) {
            let good = child.wait()?.success();
            report(target)?;
            if !good {
                failed.push(*target);
            }
        }
        if let Some(target) = failed.first() {
            let (log, found) = (log(target), found(target));
            let message = format!(
                "the target {target} found something: {} says what, and the input is in {}; \
                 put it into fuzz/corpus/{target}, and run `{} FILE` to see it again",
                log.display(),
                found.display(),
                programs.join(target).display()
            );
            return Err(message.into());
        }
    }
    Ok(())
}

/// Gives the folder of the programs.
fn build() -> Result<PathBuf> {
    let target = paths::target().join("fuzz");
    let coverage = [
        "-Cpasses=sancov-module",
        "-Cllvm-args=-sanitizer-coverage-level=4",
        "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
        "-Cllvm-args=-sanitizer-coverage-pc-table",
    ];
    let mut cargo = Sanitizer::Address.cargo(&[&["--cfg", "fuzzing"], &coverage[..]].concat());
    cargo.current_dir(paths::root().join("fuzz")).args(["build", "--quiet", "--release"]);
    cargo.args(["--target", TRIPLE, "--target-dir"]).arg(&target);
    run_command(&mut cargo)?;
    Ok(target.join(TRIPLE).join("release"))
}

fn start(programs: &Path, target: &str, seconds: u64) -> Result<Child> {
    let work = work(target);
    std::fs::create_dir_all(work.join("corpus"))?;
    std::fs::create_dir_all(found(target))?;
    let said = std::fs::File::create(log(target))?;
    let mut command = Command::new(programs.join(target));
    command
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-rss_limit_mb={MEMORY_MB_MAX}"))
        .arg(format!("-malloc_limit_mb={ALLOCATION_MB_MAX}"))
        .arg(format!("-timeout={INPUT_SECONDS_MAX}"))
        .arg(format!("-artifact_prefix={}/", found(target).display()))
        .args(["-print_final_stats=1", "-len_control=20", "-max_len=40000"])
        // What is new goes into the first; the second is the committed one.
        .arg(work.join("corpus"))
        .arg(paths::root().join("fuzz/corpus").join(target));
    println!("$ {target}, for {seconds} s");
    Ok(command.stdin(std::process::Stdio::null()).stdout(said.try_clone()?).stderr(said).spawn()?)
}

fn work(target: &str) -> PathBuf {
    paths::target().join("fuzz/work").join(target)
}

fn found(target: &str) -> PathBuf {
    work(target).join("found")
}

fn log(target: &str) -> PathBuf {
    work(target).join("log")
}

/// Prints how much a target has run.
fn report(target: &str) -> Result<()> {
    let bytes = std::fs::read(log(target))?;
    let text = String::from_utf8_lossy(&bytes);
    let figure =
        |name: &str| text.lines().rev().find_map(|line| line.strip_prefix(name)).unwrap_or("?").trim();
    let covered = text.lines().rev().find_map(|line| line.split_once(" cov: ")?.1.split(' ').next());
    println!(
        "  {target}: {} inputs, {} points of the code reached, {} MB at most",
        figure("stat::number_of_executed_units:"),
        covered.unwrap_or("?"),
        figure("stat::peak_rss_mb:")
    );
    Ok(())
}

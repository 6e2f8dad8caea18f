//! Stores that are tortured: the long forms of the tests in `core/src/store/torture_tests` and
//! `core/src/database/kill_tests`, and the bugs that they must find.

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::Result;
use crate::command::{capture, cargo, run as run_command};

const TESTS: &str = "store::torture_tests";
const KILL_TESTS: &str = "database::kill_tests";
/// How long the random runs take where nobody says.
const SECONDS: u64 = 60;

/// The tests that a bug is looked for with, those first that find most in the least time. The last ones have threads
/// that wait for each other, and may hang.
const STAGES: [&[&str]; 4] = [
    &["store::torture_tests::random"],
    &["store::torture_tests::damage"],
    &["store::torture_tests::exhaustive"],
    &["store::", "--skip", TESTS],
];
/// Tests that take longer hang, which is one way to find a bug.
const FOUND_WITHIN: Duration = Duration::from_secs(240);

/// What `core` builds in where it is compiled with `--cfg ouroboros_seeded_bug="NAME"`.
const SEEDED_BUGS: [&str; 15] = [
    "acknowledged_before_sync",
    "chunks_unchecked",
    "commit_record_unchecked",
    "directory_unsynced",
    "failed_sync_forgotten",
    "list_ahead_of_log",
    "names_unsynced",
    "new_segment_unsynced",
    "record_unchecked",
    "rolled_without_sync",
    "segment_unannounced",
    "small_file_unsynced",
    "tail_off_by_one",
    "tier_unsynced",
    "unsure_bytes_believed",
];

/// `[--seconds N | --kills N] [--seed S]`, or `--seeded`.
pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    if arguments == ["--seeded"] {
        return find_seeded_bugs();
    }
    let (mut seconds, mut kills, mut seed) = (SECONDS, None, None);
    for pair in arguments.chunks(2) {
        match pair {
            ["--seconds", number] => seconds = number.parse()?,
            ["--kills", number] => kills = Some(number.parse::<u64>()?),
            ["--seed", number] => seed = Some(number.parse::<u64>()?),
            _ => return Err(format!("`{}` is not understood", pair.join(" ")).into()),
        }
    }
    let tests = if kills.is_some() { KILL_TESTS } else { TESTS };
    let mut command =
        cargo(["test", "--release", "--package", "ouroborosdb", "--lib", tests, "--", "--nocapture"]);
    match kills {
        Some(kills) => command.env("OUROBOROS_TORTURE_KILLS", kills.to_string()),
        None => command.env("OUROBOROS_TORTURE_SECONDS", seconds.to_string()),
    };
    if let Some(seed) = seed {
        command.env("OUROBOROS_TORTURE_SEED", seed.to_string());
    }
    run_command(&mut command)
}

/// Builds the engine with each bug in turn, and says by which test it is found first.
fn find_seeded_bugs() -> Result<()> {
    let healthy = failed_tests(None)?;
    if !healthy.is_empty() {
        return Err(format!("without any bug these tests fail: {}", healthy.join(", ")).into());
    }
    let mut found = 0;
    for bug in SEEDED_BUGS {
        let started = Instant::now();
        let failed = failed_tests(Some(bug))?;
        let names = if failed.is_empty() { "NOT FOUND".to_owned() } else { failed.join(", ") };
        println!("{:5.0} s  {bug}: {names}", started.elapsed().as_secs_f64());
        found += usize::from(!failed.is_empty());
    }
    println!("{found}/{} seeded bugs found", SEEDED_BUGS.len());
    if found == SEEDED_BUGS.len() { Ok(()) } else { Err("the tests do not find all seeded bugs".into()) }
}

/// The first tests of the engine's store that fail with a bug built in.
fn failed_tests(bug: Option<&str>) -> Result<Vec<String>> {
    let mut build = cargo(["rustc", "--package", "ouroborosdb", "--lib", "--profile", "test", "--quiet"]);
    build.arg("--message-format=json-render-diagnostics");
    // Behind the dashes it reaches the engine alone: what it depends on is not built anew.
    build.args(["--", "-C", "debuginfo=0"]);
    if let Some(bug) = bug {
        build.arg("--cfg").arg(format!("ouroboros_seeded_bug=\"{bug}\""));
    }
    let built = capture(&mut build)?;
    let messages = built.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let mut programs = messages.filter_map(|message| Some(message.get("executable")?.as_str()?.to_owned()));
    let program = programs.next().ok_or("cargo does not say which program it has built")?;
    for tests in STAGES {
        let failed = run_tests(&program, tests)?;
        if !failed.is_empty() {
            return Ok(failed);
        }
    }
    Ok(Vec::new())
}

/// Runs tests of a program, and gives the names of those that fail.
fn run_tests(program: &str, arguments: &[&str]) -> Result<Vec<String>> {
    let mut tests = Command::new(program);
    tests.args(arguments).arg("--quiet").env("RUST_BACKTRACE", "0");
    let mut child = tests.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let mut said = child.stdout.take().ok_or("the tests have no output")?;
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        said.read_to_string(&mut text).map(|_| text)
    });
    let started = Instant::now();
    while child.try_wait()?.is_none() && started.elapsed() < FOUND_WITHIN {
        std::thread::sleep(Duration::from_millis(50));
    }
    if child.try_wait()?.is_none() {
        child.kill()?;
        child.wait()?;
        return Ok(vec![format!("they did not end within {} s", FOUND_WITHIN.as_secs())]);
    }
    let text = reader.join().map_err(|_| "reading what the tests say")??;
    let names = text.lines().filter_map(|line| line.strip_prefix("    store::"));
    let names: std::collections::BTreeSet<String> = names.map(str::to_owned).collect();
    if names.is_empty() && !child.wait()?.success() {
        return Ok(vec!["they ended without a result".to_owned()]);
    }
    Ok(names.into_iter().collect())
}

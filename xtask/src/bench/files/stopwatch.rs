//! One run of a program: how long it took, until what it wrote is on the disk, and how much memory it had.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::Result;

const SAMPLE_EVERY: Duration = Duration::from_millis(5);
const MEBIBYTE: f64 = 1_048_576.0;

/// What a run was.
pub(super) struct Run {
    /// From before the program starts until what it wrote is on the disk.
    pub(super) whole: Duration,
    /// Of that, what came after the program had ended.
    pub(super) sync: Duration,
    /// Most anonymous memory of the process, sampled; 0 where the system does not say.
    pub(super) anonymous_bytes: u64,
    pub(super) output: String,
}

impl Run {
    /// What is reported of its memory.
    pub(super) fn memory(&self) -> String {
        format!("peak_rss {}\n", self.anonymous_bytes)
    }

    /// What the program itself says that its work took, and the sync behind it.
    pub(super) fn inside(&self) -> Result<Duration> {
        Ok(self.program_inside()? + self.sync)
    }

    /// The same without the sync.
    pub(super) fn program_inside(&self) -> Result<Duration> {
        let said = self.output.lines().find_map(|line| line.strip_prefix("inside "));
        let said = said.ok_or("the program does not say how long it took")?;
        Ok(Duration::from_nanos(said.parse()?))
    }
}

/// Runs a program that writes below `folder`. What was written there before is on the disk when it starts.
pub(super) fn time(command: &mut Command, folder: &Path) -> Result<Run> {
    sync(folder)?;
    let start = Instant::now();
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let child = child.map_err(|error| format!("{command:?} does not start: {error}"))?;
    let (process, ended, most) = (child.id(), AtomicBool::new(false), AtomicU64::new(0));
    let (output, program) = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !ended.load(Ordering::Relaxed) {
                most.fetch_max(anonymous_bytes(process).unwrap_or(0), Ordering::Relaxed);
                std::thread::sleep(SAMPLE_EVERY);
            }
        });
        let output = child.wait_with_output();
        let program = start.elapsed();
        ended.store(true, Ordering::Relaxed);
        (output, program)
    });
    let output = output?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let program = command.get_program().to_string_lossy();
        let (why, status) = (reason(&said), output.status);
        return Err(format!("`{program}` failed, {status}: {why}\n{command:?} said:\n{said}").into());
    }
    let start = Instant::now();
    sync(folder)?;
    let sync = start.elapsed();
    Ok(Run {
        whole: program + sync,
        sync,
        anonymous_bytes: most.into_inner(),
        output: String::from_utf8_lossy(&output.stdout).into_owned(),
    })
}

/// Of what a program said before it failed the line that names the error, or else the last one.
fn reason(said: &str) -> &str {
    let mut lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
    let last = lines.clone().next_back();
    lines
        .find(|line| line.contains("Error:") || line.contains("error:"))
        .or(last)
        .unwrap_or("it said nothing")
}

/// The figure that programs report of bytes a second: the nanoseconds of 1 MiB.
pub(super) fn of_mebibyte(bytes: u64, took: Duration) -> f64 {
    took.as_secs_f64() * 1e9 / (bytes as f64 / MEBIBYTE)
}

/// Writes all of the file system of `folder` to the disk; where that cannot be asked for alone, of all file systems.
fn sync(folder: &Path) -> Result<()> {
    let mut sync = Command::new("sync");
    if cfg!(target_os = "linux") {
        sync.arg("-f").arg(folder);
    }
    let status = sync.status().map_err(|error| format!("`sync` does not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{sync:?} failed: {status}").into()) }
}

/// `RssAnon` of proc(5).
fn anonymous_bytes(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
    let kib: u64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kib * 1024)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::path::Path;
    use std::process::Command;
    use std::time::Duration;

    use super::{of_mebibyte, reason, time};

    #[test]
    fn a_run_is_timed_and_a_failure_is_one() {
        let sh = |script: &str| time(Command::new("sh").args(["-c", script]), Path::new("."));
        let run = sh("echo inside 7000; sleep 0.05").unwrap();
        assert!(run.whole > Duration::from_millis(50) && run.whole > run.sync);
        assert_eq!(run.inside().unwrap(), run.sync + Duration::from_micros(7));
        assert_eq!(run.program_inside().unwrap(), Duration::from_micros(7));
        assert!(sh("true").unwrap().inside().is_err());
        let error = sh("echo it broke >&2; false").err().unwrap().to_string();
        assert!(error.lines().next().unwrap().ends_with("1: it broke"), "{error}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_memory_of_a_program_is_seen() {
        let script = "x=$(head -c 20000000 /dev/zero | tr '\\0' x); sleep 0.1";
        let run = time(Command::new("sh").args(["-c", script]), Path::new(".")).unwrap();
        assert!(run.anonymous_bytes > 20_000_000, "{}", run.anonymous_bytes);
    }

    #[test]
    fn a_failure_is_told_in_a_line() {
        assert_eq!(reason("at work\n  throw e\n\nError: it was empty\n    at x\n"), "Error: it was empty");
        assert_eq!(reason("one\ntwo\n\n"), "two");
        assert_eq!(reason(""), "it said nothing");
    }

    #[test]
    fn bytes_a_second_are_reported_as_the_time_of_a_mebibyte() {
        assert!((of_mebibyte(2 << 20, Duration::from_millis(4)) - 2e6).abs() < 1e-6);
    }
}

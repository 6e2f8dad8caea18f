//! A file of 2 GiB in and out, in each language, in under 200 MiB of resident memory.
//!
//! Each program generates its bytes, half of them random and half text, and compares what it reads with the
//! bytes generated again. It reports its own peak of resident memory, as Linux counts it (`VmHWM`: mapped
//! files included). The Python program also reports how another thread got on during the calls, and the Node
//! program for how long the event loop stood still.

use crate::command::capture;
use crate::programs::Built;
use crate::report::Report;
use crate::{Result, paths};

const FILE_BYTES: u64 = 2 << 30;
const MEMORY_KIB_MAX: u64 = 200 << 10;
/// Another Python thread that sleeps for a millisecond at a time counts about 900 a second where it is let
/// run, and hardly at all where a call holds the interpreter's lock.
const COUNTS_PER_SECOND_MIN: f64 = 200.0;
/// What a server that answers others meanwhile can bear. It is printed only: on two busy cores the thread of the event
/// loop waits for a processor too.
const STALL_MS_BAR: f64 = 20.0;
/// An event loop that waits for the database stands still for seconds.
const STALL_MS_MAX: f64 = 250.0;

/// Runs the programs.
pub(crate) fn run(built: &Built) -> Result<()> {
    let mut failures = Vec::new();
    for (language, mut program) in built.in_each_language("big_file")? {
        let folder = paths::fresh_folder("big-file")?;
        let report = Report::parse(&capture(program.arg(folder.join("store")).arg(FILE_BYTES.to_string()))?);
        failures.extend(judge(language, &report)?);
    }
    paths::fresh_folder("big-file")?;
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n").into()) }
}

/// Prints what a program reported, and gives what is wrong with it.
fn judge(language: &str, report: &Report) -> Result<Vec<String>> {
    let (put, get) = (report.seconds("put_seconds")?, report.seconds("get_seconds")?);
    let memory_kib = report.number("peak_kib")?;
    println!(
        "big file in {language}: in {put:.1} s, out {get:.1} s, at most {} MiB resident",
        memory_kib.div_ceil(1 << 10)
    );
    let mut failures = Vec::new();
    if report.number("bytes_equal")? != FILE_BYTES {
        failures.push(format!("{language}: what came out is not what went in"));
    }
    if memory_kib > MEMORY_KIB_MAX {
        failures.push(format!("{language}: {memory_kib} KiB resident, {MEMORY_KIB_MAX} are allowed"));
    }
    for way in ["put", "get"] {
        failures.extend(match language {
            "Python" => judge_thread(language, way, report)?,
            "Node" => judge_event_loop(language, way, report)?,
            _ => None,
        });
    }
    Ok(failures)
}

/// What is wrong with how another thread got on.
fn judge_thread(language: &str, way: &str, report: &Report) -> Result<Option<String>> {
    let rate = report.seconds(&format!("{way}_counts_per_second"))?;
    println!("big file in {language}: another thread counted {rate:.0} a second during {way}");
    let stood_still = rate < COUNTS_PER_SECOND_MIN;
    Ok(stood_still.then(|| format!("{language}: another thread stood still during {way}")))
}

/// What is wrong with how the event loop got on.
fn judge_event_loop(language: &str, way: &str, report: &Report) -> Result<Option<String>> {
    let stall_ms = report.seconds(&format!("{way}_stall_ms"))?;
    let bar = if stall_ms <= STALL_MS_BAR { "met" } else { "NOT met" };
    println!(
        "big file in {language}: the event loop stood still for {stall_ms:.1} ms at most during {way}; \
         bar {STALL_MS_BAR} ms: {bar}"
    );
    let stalled = stall_ms > STALL_MS_MAX;
    Ok(stalled.then(|| format!("{language}: the event loop stood still for {stall_ms:.1} ms during {way}")))
}

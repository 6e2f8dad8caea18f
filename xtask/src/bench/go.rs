//! The original Go project as a peer: `benches/events/go`, built by the `go` of this machine.
//!
//! Its module is pinned in `go.mod`. The sources are copied and built elsewhere, because Go writes the sums of what it
//! fetched beside them; Go's checksum database vouches for these.

use std::process::Command;

use super::measured::Measured;
use super::program::Program;
use super::rows::{Limit, Row};
use crate::{Result, paths};

pub(super) const NAME: &str = "go";
const SOURCES: &str = "benches/events/go";
pub(super) const MEAN: &str = "go.geometric_mean";

/// The program, built. The error is one line, because it stands in the place of the figures.
pub(super) fn build() -> Result<Program> {
    let sources = paths::fresh_folder("bench/go")?;
    for entry in std::fs::read_dir(paths::root().join(SOURCES))? {
        let entry = entry?;
        paths::copy_file(&entry.path(), &sources.join(entry.file_name()))?;
    }
    let mut go = Command::new(std::env::var_os("GO").unwrap_or_else(|| "go".into()));
    go.current_dir(&sources).args(["build", "-mod=mod", "-o", "bench_go", "."]);
    // Nothing of the caller's settings but where modules come from, and no other version of Go than this one.
    go.env("GOTOOLCHAIN", "local").env("GOWORK", "off").env_remove("GOFLAGS");
    eprintln!("$ go build {SOURCES}");
    let output = go.output().map_err(|error| format!("`go` does not start: {error}"))?;
    if output.status.success() {
        return Ok(Program::new(NAME, &Command::new(sources.join("bench_go"))));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    eprintln!("{said}");
    Err(format!("go build: {}", one_line(&said)).into())
}

/// What Go says of the first thing that it could not do, with what the server answered.
fn one_line(said: &str) -> String {
    let lines =
        said.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("go: downloading"));
    let line = lines.take(2).collect::<Vec<_>>().join(" ");
    if line.is_empty() { "it failed".to_owned() } else { line }
}

/// How many times faster ours is over all rows that have a bar against it: the geometric mean. None where one of them
/// has no figure.
pub(super) fn mean(rows: &[Row], measured: &Measured) -> Option<f64> {
    let compared = rows.iter().filter(|row| {
        row.peers == [NAME] && matches!(row.limit, Limit::TimesFastest(_)) && row.unit.lower_is_better()
    });
    let times = |row: &Row| Some((measured.peer(row, NAME)? / measured.ours(row)?).ln());
    let logarithms: Vec<f64> = compared.map(times).collect::<Option<_>>()?;
    let count = logarithms.len();
    (count > 0).then(|| (logarithms.iter().sum::<f64>() / count as f64).exp())
}

#[cfg(test)]
mod tests {
    use super::super::events_rows;
    use super::super::measured::Measured;
    use super::{mean, one_line};

    #[test]
    fn the_mean_is_of_the_rows_with_a_bar_and_of_all_of_them() {
        let rows = events_rows::all();
        let mut measured = Measured::default();
        assert_eq!(mean(&rows, &measured), None);
        let with_bar = events_rows::ORIGINAL.iter().filter(|id| **id != events_rows::BARE_MAP);
        for (at, id) in with_bar.enumerate() {
            // The mean of 10 and 1000 is 100; eleven rows, the last of them with 100 itself.
            let times = if at == 10 { 100 } else { [10, 1000][at % 2] };
            assert_eq!(mean(&rows, &measured), None, "a row is missing");
            measured.add(&format!("{id} 7\n{id}.go {}\n", 7 * times));
        }
        measured.add(&format!("{0} 100\n{0}.go 1\n", events_rows::BARE_MAP));
        let mean = mean(&rows, &measured);
        assert!(mean.is_some_and(|mean| (mean - 100.0).abs() < 1e-9), "{mean:?}");
    }

    #[test]
    fn a_failure_is_told_in_a_line() {
        let said = "go: downloading a v1\nmain.go:9:2: a@v1: reading https://proxy/a: 403 Forbidden\n\tserver response: no\nmore\n";
        assert_eq!(
            one_line(said),
            "main.go:9:2: a@v1: reading https://proxy/a: 403 Forbidden server response: no"
        );
        assert_eq!(one_line("\n"), "it failed");
    }
}

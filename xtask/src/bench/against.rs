//! `cargo xtask bench NAME --against REV`: ours as it stands here, uncommitted changes included, against another
//! revision. Both are built for release, and run in turn.
//!
//! The work is that of the programs that lie here, in `benches/NAME`: they are laid over those of the other revision. So
//! the revision must have what they call. For `bindings` it must also know `bench bindings --programs`, by which it says
//! how its programs are built and called.
//!
//! Each row has the medians, and how sure it is that they differ: 1 less the chance of [`rank_test`], over the rounds.
//! Who goes first changes with every round, so that what the one leaves behind burdens both alike.

use std::path::Path;

use super::measured::{Measured, median};
use super::program::Program;
use super::rows::Row;
use super::worktree::Worktree;
use super::{Scale, bindings, bindings_rows, events, events_rows, machine, rank_test, table};
use crate::command::{capture, cargo};
use crate::{Result, machine as tools, paths};

/// With ten rounds a difference that is there in all of them is sure to 99.999 %, with five to 99.2 %.
const FULL: Scale = Scale { quick: false, rounds: 10 };
const QUICK: Scale = Scale { quick: true, rounds: 5 };
/// A difference that chance makes more often than that is called none.
const CHANCE_MAX: f64 = 0.05;

/// What is compared.
pub(super) trait Compared {
    const NAME: &'static str;
    fn rows(&self) -> Vec<Row>;
    /// Our programs, built here.
    fn ours(&self) -> Result<Vec<Program>>;
    /// Our programs over another checkout, built into a target folder of its own.
    fn ours_of(&self, checkout: &Path, target: &Path) -> Result<Vec<Program>>;
    fn round(&self, program: &Program, scale: Scale) -> Result<String>;
}

pub(super) struct Bindings;
pub(super) struct Events;

impl Compared for Bindings {
    const NAME: &'static str = "bindings";

    fn rows(&self) -> Vec<Row> {
        bindings_rows::all()
    }

    fn ours(&self) -> Result<Vec<Program>> {
        tools::check()?;
        bindings::ours()
    }

    fn ours_of(&self, checkout: &Path, target: &Path) -> Result<Vec<Program>> {
        let mut command =
            cargo(["run", "--quiet", "--package", "xtask", "--", "bench", "bindings", "--programs"]);
        let said =
            capture(command.current_dir(checkout).env("CARGO_TARGET_DIR", target)).map_err(|error| {
                format!(
                    "the revision does not say how its programs are called, or they do not build: {error}"
                )
            })?;
        Ok(said.lines().filter_map(Program::parse).collect())
    }

    fn round(&self, program: &Program, scale: Scale) -> Result<String> {
        bindings::round(program, scale)
    }
}

impl Compared for Events {
    const NAME: &'static str = "events";

    fn rows(&self) -> Vec<Row> {
        events_rows::small().into_iter().chain(events_rows::original()).collect()
    }

    fn ours(&self) -> Result<Vec<Program>> {
        Ok(vec![events::ours()?])
    }

    fn ours_of(&self, checkout: &Path, target: &Path) -> Result<Vec<Program>> {
        add_member(&checkout.join("Cargo.toml"), "benches/events")?;
        Ok(vec![events::ours_of(checkout, target)?])
    }

    fn round(&self, program: &Program, scale: Scale) -> Result<String> {
        events::round(program, scale)
    }
}

/// Prints how our programs of the bindings are called, a line each: for another revision's `--against`.
pub(super) fn print_programs() -> Result<()> {
    tools::check()?;
    for program in bindings::ours()? {
        println!("{}", program.line()?);
    }
    Ok(())
}

/// Builds both, runs the rounds, prints the difference.
pub(super) fn run<C: Compared>(compared: &C, revision: &str, quick: bool) -> Result<()> {
    let scale = if quick { QUICK } else { FULL };
    let new = compared.ours()?;
    let worktree = Worktree::add(revision)?;
    lay_over(Path::new("benches").join(C::NAME).as_path(), worktree.path())?;
    let old = compared.ours_of(worktree.path(), &paths::target().join("bench/against/target"))?;
    let (mut of_old, mut of_new) = (Measured::default(), Measured::default());
    for round in 1..=scale.rounds {
        eprintln!("round {round} of {}", scale.rounds);
        for program in &new {
            let Some(other) = old.iter().find(|other| other.name == program.name) else { continue };
            if round % 2 == 0 {
                of_new.add(&compared.round(program, scale)?);
            }
            of_old.add(&compared.round(other, scale)?);
            if round % 2 == 1 {
                of_new.add(&compared.round(program, scale)?);
            }
        }
    }
    paths::fresh_folder("bench/store")?;
    println!("\n{}", machine::description());
    if let Some(load) = machine::load() {
        println!("load at the end, of which the benchmark itself is about 1: {load:.2}");
    }
    println!("old: {revision} ({}); new: what lies here\n", worktree.commit());
    println!("{:<27} {:>5} {:>12} {:>12} {:>10} {:>10}", "row", "unit", "old", "new", "change", "sure to");
    for row in compared.rows() {
        println!("{}", line(&row, &of_old.rounds(&row), &of_new.rounds(&row)));
    }
    Ok(())
}

fn line(row: &Row, old: &[f64], new: &[f64]) -> String {
    let (of_old, of_new) = (median(old.to_vec()), median(new.to_vec()));
    let mut text = format!(
        "{:<27} {:>5} {:>12} {:>12}",
        row.id,
        row.unit.name(),
        table::figure(of_old),
        table::figure(of_new)
    );
    if let (Some(of_old), Some(of_new)) = (of_old, of_new) {
        let chance = rank_test::chance(old, new);
        let verdict = match (of_new < of_old) == row.unit.lower_is_better() {
            _ if chance > CHANCE_MAX => "no difference shown",
            true => "better",
            false => "worse",
        };
        let (percent, sure) = ((of_new / of_old - 1.0) * 100.0, (1.0 - chance) * 100.0);
        text += &format!(" {percent:>+8.1} % {sure:>8.1} %  {verdict}");
    }
    text
}

/// Puts our folder in the place of the one that the other checkout has, if it has one.
fn lay_over(folder: &Path, checkout: &Path) -> Result<()> {
    let (from, to) = (paths::root().join(folder), checkout.join(folder));
    if to.exists() {
        std::fs::remove_dir_all(&to)?;
    }
    for entry in std::fs::read_dir(&from)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            paths::copy_file(&entry.path(), &to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// A revision from before there was the package has no place for it.
pub(super) fn add_member(manifest: &Path, member: &str) -> Result<()> {
    let text = std::fs::read_to_string(manifest)?;
    let member = format!("\"{member}\"");
    if !text.contains(&member) {
        std::fs::write(manifest, text.replacen("members = [", &format!("members = [{member}, "), 1))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::events_rows;
    use super::line;

    #[test]
    fn a_line_says_which_way_and_how_sure() {
        let rows = events_rows::small();
        let of = |id: &str, old: [f64; 5], new: [f64; 5]| {
            rows.iter().find(|row| row.id == id).map(|row| line(row, &old, &new)).unwrap_or_default()
        };
        let (low, high) = ([10.0, 11.0, 12.0, 13.0, 14.0], [20.0, 21.0, 22.0, 23.0, 24.0]);
        let text = of("append", high, low);
        assert!(text.contains("-45.5 %") && text.contains("99.2 %") && text.ends_with("better"), "{text}");
        assert!(of("append", low, high).ends_with("worse"));
        assert!(of("durable_64", low, high).ends_with("better"));
        assert!(of("append", low, low).ends_with("no difference shown"));
    }
}

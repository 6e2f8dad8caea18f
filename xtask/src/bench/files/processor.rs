//! What the processor's cores do: one of them alone in what the engine is made of, and two in an import.

use std::process::Command;

use super::super::measured::Measured;
use super::super::program::Program;
use super::asked::Asked;
use super::corpora::Corpus;
use super::stopwatch::time;
use super::{folder, peers, place, rows};
use crate::Result;

const SCALING: &str = "scaling";

/// One core: hashing and cutting.
pub(super) fn one_core(program: &Program, asked: &Asked) -> Result<String> {
    let mut said = String::new();
    if asked.wants("sha512.lanes") {
        said += &program.run(&["sha512", "sha512.lanes", "sha512.lanes.sha2"])?;
    }
    if asked.wants("chunker") {
        said += &program.run(&["chunker", "chunker"])?;
    }
    Ok(said)
}

/// Two cores that programs can be bound to.
pub(super) struct Cores([String; 2]);

impl Cores {
    /// None where the row is not asked for, or where there are no two, which is told then.
    pub(super) fn two(asked: &Asked, measured: &mut Measured) -> Option<Cores> {
        if !asked.wants(SCALING) {
            return None;
        }
        let found = find_two();
        if let Err(error) = &found {
            let rows = rows::others();
            let reason = peers::first_line(&error.to_string());
            measured.leave_out(rows.iter().filter(|row| row.id == SCALING), &reason);
        }
        found.ok()
    }

    /// How many times faster an import is on both than on one of them.
    pub(super) fn scaling(&self, program: &Program, corpus: &Corpus, round: usize) -> Result<String> {
        folder::warm(&corpus.path)?;
        let Cores([one, other]) = self;
        let both = format!("{one},{other}");
        let (mut said, mut of_one, mut of_both) = (String::new(), 0.0, 0.0);
        let mut turns = [(one, &mut of_one), (&both, &mut of_both)];
        turns.rotate_left(round % 2);
        for (cores, seconds) in turns {
            let home = place::fresh()?;
            let ours = program.command();
            let mut command = Command::new("taskset");
            command.args(["-c", cores]).arg(ours.get_program()).args(ours.get_args());
            command.arg("import").arg(home.join("store")).arg(&corpus.path).arg("default");
            let run = time(&mut command, &home)?;
            *seconds = run.program_inside()?.as_secs_f64();
            said += &run.memory();
        }
        Ok(said + &format!("{SCALING} {}\n", of_one / of_both))
    }
}

fn find_two() -> Result<Cores> {
    let status = std::fs::read_to_string("/proc/self/status")
        .map_err(|_| "this system does not say which cores a process may use")?;
    let list = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
    let mut cores = cores_of(list.unwrap_or_default()).into_iter();
    let (Some(one), Some(other)) = (cores.next(), cores.next()) else {
        return Err("a process has only one core here".into());
    };
    let taskset = Command::new("taskset").arg("--version").output();
    taskset.map_err(|_| "there is no taskset (Debian and Ubuntu: apt-get install util-linux)")?;
    Ok(Cores([one, other].map(|core| core.to_string())))
}

/// The numbers of a list such as `0-3,8`.
fn cores_of(list: &str) -> Vec<u32> {
    let ranges = list.trim().split(',').filter_map(|range| {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        Some(first.parse().ok()?..=last.parse().ok()?)
    });
    ranges.flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::cores_of;

    #[test]
    fn lists_of_cores_are_read() {
        assert_eq!(cores_of("\t0-3,8\n"), [0, 1, 2, 3, 8]);
        assert_eq!(cores_of(" 7 "), [7]);
        assert!(cores_of("").is_empty());
    }
}

//! The same import through each language, and small files through C: what the bindings add to the engine.

use std::process::Command;

use super::super::measured::Measured;
use super::super::program::Program;
use super::asked::Asked;
use super::corpora::Corpus;
use super::rows::{self, LANGUAGES, RUST, SMALL};
use super::stopwatch::{of_mebibyte, time};
use super::{folder, peers, place};
use crate::native::Library;
use crate::profile::Profile;
use crate::{Result, machine, npm, paths, wheels};

const STEM: &str = "benches/files/files";
const CALLS: &str = "20000";
const CALLS_QUICK: &str = "10000";

/// Our programs in these languages, by their language.
pub(super) struct Languages(Vec<(&'static str, Program)>);

impl Languages {
    /// Those that a row needs. Where the machine lacks what builds them, their rows are left out.
    pub(super) fn new(asked: &Asked, measured: &mut Measured) -> Result<Languages> {
        let wanted = |language: &str| {
            asked.wants(&import_row(language)) || (language == "c" && asked.wants_any(SMALL))
        };
        let wanted: Vec<_> = LANGUAGES.into_iter().filter(|language| wanted(language)).collect();
        if wanted.is_empty() {
            return Ok(Languages(Vec::new()));
        }
        if let Err(error) = machine::check() {
            let rows = rows::others();
            let theirs = rows.iter().filter(|row| rows::is_of_language(&row.id));
            measured.leave_out(theirs, &peers::first_line(&error.to_string()));
            return Ok(Languages(Vec::new()));
        }
        let program = |language| Ok((language, Program::new(language, &built(language)?)));
        Ok(Languages(wanted.into_iter().map(program).collect::<Result<_>>()?))
    }

    /// The import in Rust and in each language, of the time from before the store is opened until it is closed: what
    /// an interpreter takes to start is not the binding's.
    pub(super) fn import(
        &self,
        rust: &Program,
        corpus: &Corpus,
        asked: &Asked,
        round: usize,
    ) -> Result<String> {
        let mut programs: Vec<(&str, &Program)> =
            self.0.iter().map(|(language, program)| (*language, program)).collect();
        programs.retain(|(language, _)| asked.wants(&import_row(language)));
        if programs.is_empty() {
            return Ok(String::new());
        }
        folder::warm(&corpus.path)?;
        programs.push((RUST, rust));
        let count = programs.len();
        programs.rotate_left(round % count);
        let mut said = String::new();
        for (language, program) in programs {
            let home = place::fresh()?;
            let mut command = program.command();
            command.arg("import").arg(home.join("store")).arg(&corpus.path);
            if language == RUST {
                command.arg("default");
            }
            let run = time(&mut command, &home)?;
            let figure = of_mebibyte(corpus.contents.bytes, run.inside()?);
            if language == RUST {
                LANGUAGES.iter().for_each(|of| said += &format!("{}.{RUST} {figure}\n", import_row(of)));
                said += &run.memory();
            } else {
                said += &format!("{} {figure}\n", import_row(language));
            }
        }
        Ok(said)
    }

    /// Files of 100 bytes in C, and beside it in Rust.
    pub(super) fn small(&self, rust: &Program, asked: &Asked, round: usize) -> Result<String> {
        let Some((_, c)) = self.0.iter().find(|(language, _)| *language == "c") else {
            return Ok(String::new());
        };
        if !asked.wants_any(SMALL) {
            return Ok(String::new());
        }
        let mut programs = [(c, ""), (rust, ".rust")];
        programs.rotate_left(round % 2);
        let mut said = String::new();
        for (program, peer) in programs {
            let home = place::fresh()?;
            let mut command = program.command();
            command.arg("small").arg(home.join("store")).arg(if asked.quick { CALLS_QUICK } else { CALLS });
            command.args(SMALL.map(|row| format!("{row}{peer}")));
            let run = time(&mut command, &home)?;
            said += &run.output;
            if !peer.is_empty() {
                said += &run.memory();
            }
        }
        Ok(said)
    }
}

fn import_row(language: &str) -> String {
    format!("import.{language}")
}

/// The program of a language, through what is installed for release.
fn built(language: &str) -> Result<Command> {
    match language {
        "c" => Ok(Command::new(Library::install(Profile::Release)?.compile(&format!("{STEM}.c"))?)),
        "python" => {
            let mut python = wheels::Installed::new()?.interpreter();
            python.arg(paths::root().join(format!("{STEM}.py")));
            Ok(python)
        }
        "node" => npm::Installed::new()?.program(&format!("{STEM}.mjs")),
        _ => Err(format!("there is no program in {language}").into()),
    }
}

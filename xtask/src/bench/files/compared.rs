//! Ours at the rows that need no other language and no peer: what `--against` compares.

use std::path::Path;

use super::super::Scale;
use super::super::against::{self, Compared};
use super::super::measured::Measured;
use super::super::program::Program;
use super::super::rows::Row;
use super::asked::Asked;
use super::corpora::{BUILT_IN, Corpus, NPM};
use super::processor::{self, Cores};
use super::{PACKAGE, folder, place, program_at, reading, rows, storing};
use crate::Result;
use crate::command::{cargo, run};
use crate::profile::Profile;

/// What both sides do.
pub(super) struct Files {
    asked: Asked,
    rows: Vec<Row>,
    corpora: Vec<Corpus>,
    cores: Option<Cores>,
}

impl Files {
    /// What cannot be measured on this machine is printed.
    pub(super) fn new(asked: Asked) -> Result<Files> {
        let mut rows = rows::all(BUILT_IN);
        rows.retain(|row| !rows::is_of_language(&row.id));
        let rows = asked.of(rows)?;
        let mut measured = Measured::default();
        place::clear()?;
        let corpora = super::corpora(&asked, &mut measured)?;
        let cores = Cores::two(&asked, &mut measured);
        for row in &rows {
            if let Some(reason) = measured.reason_of_ours(row) {
                println!("missing: {}: {reason}", row.id);
            }
        }
        Ok(Files { asked, rows, corpora, cores })
    }
}

impl Compared for Files {
    const NAME: &'static str = "files";

    fn rows(&self) -> Vec<Row> {
        self.rows.clone()
    }

    fn ours(&self) -> Result<Vec<Program>> {
        Ok(vec![super::ours()?])
    }

    fn ours_of(&self, checkout: &Path, target: &Path) -> Result<Vec<Program>> {
        against::add_member(&checkout.join("Cargo.toml"), "benches/files")?;
        let mut build = cargo(["build", "--quiet", "--release", "--package", PACKAGE]);
        run(build.current_dir(checkout).env("CARGO_TARGET_DIR", target))?;
        Ok(vec![program_at(&target.join(Profile::Release.folder()))])
    }

    /// The store that is read is made in each round, so its file is as large as in the quick form.
    fn round(&self, program: &Program, _scale: Scale) -> Result<String> {
        let mut said = String::new();
        for corpus in &self.corpora {
            folder::warm(&corpus.path)?;
            for storer in storing::all_of_ours(program) {
                if storer.is_wanted(&corpus.name, &self.asked) {
                    said += &storer.measure(corpus, &self.asked, false)?;
                }
            }
            if let Some(cores) = self.cores.as_ref().filter(|_| corpus.name == NPM) {
                said += &cores.scaling(program, corpus, 0)?;
            }
        }
        said += &processor::one_core(program, &self.asked)?;
        let mut rounds = [said];
        reading::measure(program, &self.asked, reading::QUICK, &mut rounds)?;
        Ok(storing::with_one_peak(&rounds.concat()))
    }
}

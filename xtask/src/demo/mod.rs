//! `cargo xtask demo`: the main job, end to end, on real files.
//!
//! Stores a folder, stores it again to show that nothing new is kept, reads every file back through each
//! language and compares it with the original, exports and compares the trees, verifies, and has an
//! independent script compute every id again. Anything that differs makes the command fail; the bars of
//! speed and size are printed only, since they speak of the default folder.

mod compare;
mod folder;
mod table;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::command::{capture, run as run_command};
use crate::programs::Built;
use crate::report::Report;
use crate::{Result, header, machine, paths};
use table::Table;

/// Runs the demo on `folder`, else on the standard library of Python.
pub(crate) fn run(folder: Option<&Path>) -> Result<()> {
    machine::check()?;
    header::run(true).map_err(Into::<Box<dyn std::error::Error>>::into)?;
    let built = Built::new()?;
    built.print();
    let readers = built.in_each_language("read_back")?;
    let scratch = paths::fresh_folder("demo")?;
    let folder = folder::choose(folder, &scratch)?;
    println!("\nthe folder is {}", folder.display());
    folder::warm(&folder)?;
    let demo = Demo { store: scratch.join("store"), exported: scratch.join("exported"), folder };

    let mut table = Table::new(&demo.folder);
    let event = demo.import(&mut table)?;
    demo.import_again(&mut table)?;
    let failures = demo.check(&event, readers, &built, &mut table)?;
    table.print();
    if failures.is_empty() {
        println!("everything that was stored came back as it was");
        Ok(())
    } else {
        Err(failures.join("\n").into())
    }
}

struct Demo {
    folder: PathBuf,
    store: PathBuf,
    exported: PathBuf,
}

impl Demo {
    fn import(&self, table: &mut Table) -> Result<String> {
        let report = self.run_import()?;
        table.sizes(&report)?;
        table.row("import, Rust", report.seconds("seconds")?, report.number("bytes")?);
        Ok(report.text("event")?.to_owned())
    }

    fn import_again(&self, table: &mut Table) -> Result<()> {
        let report = self.run_import()?;
        table.row("import again, Rust", report.seconds("seconds")?, report.number("bytes")?);
        table.again(&report)?;
        match report.number("new_chunk_bytes")? {
            0 => Ok(()),
            bytes => Err(format!("the second import stored {bytes} bytes of chunks that were there").into()),
        }
    }

    fn run_import(&self) -> Result<Report> {
        let output = capture(Built::rust("folder").arg("import").arg(&self.store).arg(&self.folder))?;
        Ok(Report::parse(&output))
    }

    /// Everything that looks for differences. Goes on after one, so that all are reported.
    fn check(
        &self,
        event: &str,
        readers: Vec<(&'static str, Command)>,
        built: &Built,
        table: &mut Table,
    ) -> Result<Vec<String>> {
        let mut failures = Vec::new();
        for (language, mut reader) in readers {
            let report = Report::parse(&capture(reader.arg(&self.store).arg(event).arg(&self.folder))?);
            table.row(&format!("read back, {language}"), report.seconds("seconds")?, report.number("bytes")?);
            failures.extend(table.judge_read_back(language, &report)?);
        }
        let report = Report::parse(&capture(
            Built::rust("folder").arg("export").arg(&self.store).arg(event).arg(&self.exported),
        )?);
        table.row("export, Rust", report.seconds("seconds")?, report.number("bytes")?);
        failures.extend(compare::trees(&self.folder, &self.exported)?);

        let report = Report::parse(&capture(Built::rust("folder").arg("verify").arg(&self.store))?);
        table.row("verify, Rust", report.seconds("seconds")?, report.number("bytes")?);
        if report.number("problems")? != 0 {
            failures.push("verify found problems".to_owned());
        }

        let start = Instant::now();
        let mut script = built.python().interpreter();
        script.arg(paths::root().join("conformance/independent_ids.py")).arg(&self.store);
        if let Err(error) = run_command(&mut script) {
            failures.push(format!("the ids computed independently differ: {error}"));
        }
        table.row_without_bytes("ids, independently", start.elapsed().as_secs_f64());
        Ok(failures)
    }
}

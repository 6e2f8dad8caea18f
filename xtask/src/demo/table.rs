//! The table that the demo ends with.

use std::path::{Path, PathBuf};

use crate::Result;
use crate::report::Report;

/// Import of the default folder, from the page cache, durable at the end.
const IMPORT_MB_PER_SECOND_MIN: f64 = 150.0;
/// What is stored of the default folder, as a part of its bytes.
const STORED_PART_MAX: f64 = 0.5;

/// What the steps reported.
pub(crate) struct Table {
    folder: PathBuf,
    files: u64,
    directories: u64,
    symlinks: u64,
    skipped: u64,
    bytes: u64,
    stored_bytes: u64,
    new_chunk_bytes_again: u64,
    stored_bytes_again: u64,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    seconds: f64,
    bytes: Option<u64>,
}

impl Table {
    pub(crate) fn new(folder: &Path) -> Table {
        Table {
            folder: folder.to_path_buf(),
            files: 0,
            directories: 0,
            symlinks: 0,
            skipped: 0,
            bytes: 0,
            stored_bytes: 0,
            new_chunk_bytes_again: 0,
            stored_bytes_again: 0,
            rows: Vec::new(),
        }
    }

    /// Takes what the first import reported.
    pub(crate) fn sizes(&mut self, report: &Report) -> Result<()> {
        self.files = report.number("files")?;
        self.directories = report.number("directories")?;
        self.symlinks = report.number("symlinks")?;
        self.skipped = report.number("skipped")?;
        self.bytes = report.number("bytes")?;
        self.stored_bytes = report.number("stored_bytes")?;
        Ok(())
    }

    /// Takes what the second import reported.
    pub(crate) fn again(&mut self, report: &Report) -> Result<()> {
        self.new_chunk_bytes_again = report.number("new_chunk_bytes")?;
        self.stored_bytes_again = report.number("stored_bytes")?;
        Ok(())
    }

    pub(crate) fn row(&mut self, name: &str, seconds: f64, bytes: u64) {
        self.rows.push(Row { name: name.to_owned(), seconds, bytes: Some(bytes) });
    }

    pub(crate) fn row_without_bytes(&mut self, name: &str, seconds: f64) {
        self.rows.push(Row { name: name.to_owned(), seconds, bytes: None });
    }

    /// What is wrong with what a language read back.
    pub(crate) fn judge_read_back(&self, language: &str, report: &Report) -> Result<Vec<String>> {
        let mut failures = Vec::new();
        let counts = [("files", self.files), ("directories", self.directories), ("symlinks", self.symlinks)];
        for (name, imported) in counts.into_iter().chain([("bytes", self.bytes)]) {
            let read = report.number(name)?;
            if read != imported {
                failures.push(format!("{language} read back {read} {name}, {imported} were imported"));
            }
        }
        match report.number("differences")? {
            0 => {}
            count => failures.push(format!("{language} found {count} entries other than the originals")),
        }
        Ok(failures)
    }

    pub(crate) fn print(&self) {
        let (bytes, stored) = (megabytes(self.bytes), megabytes(self.stored_bytes));
        let part = stored / bytes.max(f64::MIN_POSITIVE);
        println!("\n{}", self.folder.display());
        println!(
            "  {} files, {} folders, {} symbolic links, {} devices or sockets skipped",
            self.files, self.directories, self.symlinks, self.skipped
        );
        println!("  {bytes:.1} MB in files, {stored:.1} MB stored: {:.1} %", part * 100.0);
        println!(
            "  stored again: {} new bytes of chunks, {:.1} MB of new events",
            self.new_chunk_bytes_again,
            megabytes(self.stored_bytes_again.saturating_sub(self.stored_bytes))
        );
        println!("\n  {:22} {:>8} {:>8}", "", "seconds", "MB/s");
        for row in &self.rows {
            let rate = row.rate().map_or(String::new(), |rate| format!("{rate:8.0}"));
            println!("  {:22} {:8.2} {rate}", row.name, row.seconds);
        }
        println!();
        let import = self.rows.first().and_then(Row::rate).unwrap_or_default();
        bar(&format!("import at {IMPORT_MB_PER_SECOND_MIN} MB/s"), import >= IMPORT_MB_PER_SECOND_MIN);
        bar("stored in under half of the bytes", part < STORED_PART_MAX);
    }
}

impl Row {
    fn rate(&self) -> Option<f64> {
        self.bytes.map(|bytes| megabytes(bytes) / self.seconds.max(f64::MIN_POSITIVE))
    }
}

fn bar(what: &str, met: bool) {
    println!("  bar: {what}: {}", if met { "met" } else { "NOT met" });
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

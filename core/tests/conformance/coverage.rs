//! What the script reached: a file of lines for the check over all languages.

use std::collections::BTreeSet;
use std::path::Path;

#[derive(Debug)]
pub(crate) struct Coverage {
    lines: BTreeSet<String>,
}

impl Coverage {
    pub(crate) fn new() -> Coverage {
        Coverage { lines: BTreeSet::from(["language rust".to_owned()]) }
    }

    /// An operation that succeeded, or a part of one.
    pub(crate) fn operation(&mut self, name: &str) {
        self.lines.insert(format!("op {name}"));
    }

    /// An error code that a line expected and got.
    pub(crate) fn code(&mut self, name: &str) {
        self.lines.insert(format!("code {name}"));
    }

    /// A file that ran to its end.
    pub(crate) fn passed(&mut self, file: &Path) {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        self.lines.insert(format!("passed {name}"));
    }

    /// Writes the lines to the file that `OUROBOROSDB_COVERAGE` names, if it does.
    pub(crate) fn write(&self) {
        if let Some(path) = std::env::var_os("OUROBOROSDB_COVERAGE") {
            let text: String = self.lines.iter().map(|line| format!("{line}\n")).collect();
            std::fs::write(path, text).expect("the coverage file can be written");
        }
    }
}

//! What the words after `bench files` ask for.

use std::path::{Path, PathBuf};

use super::super::rows::Row;
use crate::Result;

const USAGE: &str = "\
usage: cargo xtask bench files [--quick] [--ours] [--only PREFIX]... [DIR]...
       cargo xtask bench files [--quick] [--only PREFIX]... --against REV";

/// How much is measured, and of what.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) quick: bool,
    pub(super) against: Option<String>,
    /// Without peers.
    pub(super) ours_alone: bool,
    /// What the ids of the rows begin with; empty for all.
    pub(super) only: Vec<String>,
    /// Folders that are corpora too.
    pub(super) folders: Vec<PathBuf>,
}

impl Asked {
    pub(super) fn parse(words: &[&str]) -> Result<Asked> {
        let mut asked = Asked::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().map(|value| (*value).to_owned()).ok_or(USAGE);
            match *word {
                "--quick" => asked.quick = true,
                "--ours" => asked.ours_alone = true,
                "--only" => asked.only.push(value()?),
                "--against" => asked.against = Some(value()?),
                option if option.starts_with('-') => return Err(USAGE.into()),
                folder if Path::new(folder).is_dir() => asked.folders.push(folder.into()),
                other => return Err(format!("{other} is no folder\n{USAGE}").into()),
            }
        }
        if asked.against.is_some() && (asked.ours_alone || !asked.folders.is_empty()) {
            return Err(USAGE.into());
        }
        Ok(asked)
    }

    /// Whether this row is measured.
    pub(super) fn wants(&self, row: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|prefix| row.starts_with(prefix))
    }

    /// Whether one of these rows is measured.
    pub(super) fn wants_any<'a>(&self, rows: impl IntoIterator<Item = &'a str>) -> bool {
        rows.into_iter().any(|row| self.wants(row))
    }

    /// Of these rows those that are measured; an error where none is, for then a prefix is misspelt.
    pub(super) fn of(&self, rows: Vec<Row>) -> Result<Vec<Row>> {
        let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        for prefix in &self.only {
            if !ids.iter().any(|id| id.starts_with(prefix)) {
                return Err(format!("no row begins with `{prefix}`; there are {}", ids.join(", ")).into());
            }
        }
        Ok(rows.into_iter().filter(|row| self.wants(&row.id)).collect())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::super::rows;
    use super::Asked;

    #[test]
    fn words_are_options_and_folders() {
        let asked =
            Asked::parse(&["--quick", "--only", "import.default.npm", ".", "--only", "stored"]).unwrap();
        assert!(asked.quick && !asked.ours_alone && asked.against.is_none());
        assert_eq!(asked.folders, [std::path::PathBuf::from(".")]);
        assert!(asked.wants("import.default.npm") && asked.wants("stored.fast.wheel"));
        assert!(!asked.wants("import.default.wheel") && !asked.wants_any(["small.put", "chunker"]));
        assert_eq!(Asked::parse(&["--against", "main"]).unwrap().against.as_deref(), Some("main"));
        for wrong in [&["--only"][..], &["--fast"], &["no/such/folder"], &["--against", "main", "."]] {
            assert!(Asked::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_prefix_of_no_row_is_an_error() {
        let asked = Asked::parse(&["--only", "import.default.npm", "--only", "chunker"]).unwrap();
        let wanted = asked.of(rows::all(["npm"])).unwrap();
        assert_eq!(
            wanted.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(),
            ["import.default.npm", "chunker"]
        );
        assert!(asked.of(rows::all(["wheel"])).is_err());
        assert_eq!(Asked::default().of(rows::all(["npm"])).unwrap().len(), rows::all(["npm"]).len());
    }
}

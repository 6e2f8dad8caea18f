//! What the programs of all rounds reported: numbers by name, and what is said of peers.
//!
//! A program prints `ROW NUMBER` for ours and `ROW.PEER NUMBER` for a peer: nanoseconds, or bytes of memory. And with a
//! text behind it `version.PEER`, `durability.PEER`, `missing.PEER` or `missing.ROW.PEER`; in the benchmark of the
//! bindings, where a peer has another face in each language, `LANGUAGE.PEER` instead of `PEER`.

use std::collections::BTreeMap;

use super::rows::{Row, Unit};

/// Ours among those that may be missing.
pub(super) const OURS: &str = "ours";

/// All that was reported so far.
#[derive(Debug, Default)]
pub(super) struct Measured {
    reported: BTreeMap<String, Vec<f64>>,
    said: BTreeMap<String, String>,
}

impl Measured {
    /// Adds the output of one run of a program.
    pub(super) fn add(&mut self, output: &str) {
        for (name, value) in output.lines().filter_map(|line| line.split_once(' ')) {
            match value.parse() {
                Ok(reported) => self.reported.entry(name.to_owned()).or_default().push(reported),
                Err(_) => {
                    self.said.insert(name.to_owned(), value.to_owned());
                }
            }
        }
    }

    /// The peers of a language's rows are not there, for this reason.
    pub(super) fn miss_language(&mut self, rows: &[Row], language: &str, reason: &str) {
        self.leave_out(rows.iter().filter(|row| row.language == Some(language)), reason);
    }

    /// These rows have no figures of peers, nor of ours unless it reports some, for this reason.
    pub(super) fn leave_out<'a>(&mut self, rows: impl IntoIterator<Item = &'a Row>, reason: &str) {
        for row in rows {
            for peer in row.peers.iter().chain(&[OURS]) {
                self.said.insert(format!("missing.{}.{peer}", row.id), reason.to_owned());
            }
        }
    }

    /// A peer is not there, or failed, for this reason.
    pub(super) fn miss(&mut self, peer: &str, reason: &str) {
        self.said.insert(format!("missing.{peer}"), reason.to_owned());
    }

    /// Our figure of each round, in the unit of the row.
    pub(super) fn rounds(&self, row: &Row) -> Vec<f64> {
        self.figures(row, &row.id)
    }

    /// What the rounds come to; none where nothing was measured.
    pub(super) fn ours(&self, row: &Row) -> Option<f64> {
        over_rounds(row, self.rounds(row))
    }

    pub(super) fn peer(&self, row: &Row, peer: &str) -> Option<f64> {
        over_rounds(row, self.figures(row, &format!("{}.{peer}", row.id)))
    }

    /// Why ours has no figure in a row, where it is known.
    pub(super) fn reason_of_ours(&self, row: &Row) -> Option<&str> {
        self.said.get(&format!("missing.{}.{OURS}", row.id)).map(String::as_str)
    }

    /// Why a peer has no figure in a row.
    pub(super) fn reason(&self, row: &Row, peer: &str) -> &str {
        let of_row = self.said.get(&format!("missing.{}.{peer}", row.id));
        let language = row.language.map(|language| format!("{language}.")).unwrap_or_default();
        let reason = of_row.or_else(|| self.said.get(&format!("missing.{language}{peer}")));
        reason.map_or("its program reported nothing of it", String::as_str)
    }

    /// What is said of all peers under `version` or `durability`, by language and peer.
    pub(super) fn said<'a>(&'a self, what: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let named = self.said.iter().filter_map(move |(name, value)| Some((name.strip_prefix(what)?, value)));
        named.filter_map(|(name, value)| Some((name.strip_prefix('.')?, value.as_str())))
    }

    fn figures(&self, row: &Row, name: &str) -> Vec<f64> {
        let reported = self.reported.get(name).into_iter().flatten();
        reported.map(|reported| row.unit.of_reported(*reported)).collect()
    }
}

/// The median; of what must never be exceeded the most.
fn over_rounds(row: &Row, figures: Vec<f64>) -> Option<f64> {
    if row.unit == Unit::MostMebibytes { figures.into_iter().max_by(f64::total_cmp) } else { median(figures) }
}

pub(super) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    let lower = *values.get((values.len() - 1) / 2)?;
    Some(f64::midpoint(lower, upper))
}

#[cfg(test)]
mod tests {
    use super::super::bindings_rows as rows;
    use super::{Measured, Row, Unit, median};

    #[test]
    fn figures_are_medians_and_a_missing_peer_has_its_reason() {
        let mut measured = Measured::default();
        for nanoseconds in [30, 10, 20] {
            measured.add(&format!(
                "get.python {nanoseconds}\nget.python.lmdb {nanoseconds}0.0\nversion.python.lmdb lmdb 3\n"
            ));
        }
        measured.add("missing.get.python.sqlite3 not built\nversion.python.sqlite3 SQLite 3.40");
        let row = rows::all().into_iter().find(|row| row.id == "get.python");
        let Some(row) = row else { panic!("the row get.python is gone") };
        assert_eq!(measured.ours(&row), Some(20.0));
        assert_eq!(measured.rounds(&row), [30.0, 10.0, 20.0]);
        assert_eq!(measured.peer(&row, "lmdb"), Some(200.0));
        assert_eq!(measured.peer(&row, "sqlite3"), None);
        assert_eq!(measured.reason(&row, "sqlite3"), "not built");
        assert_eq!(
            measured.said("version").collect::<Vec<_>>(),
            [("python.lmdb", "lmdb 3"), ("python.sqlite3", "SQLite 3.40")]
        );
        measured.miss_language(&rows::all(), "node", "no npm");
        assert_eq!(measured.reason(&row, "sqlite3"), "not built", "that is another language's");
        measured.miss_language(&rows::all(), "python", "no wheel");
        assert_eq!(measured.reason(&row, "lmdb"), "no wheel");
        let row = super::Row { language: None, ..row };
        measured.miss("redb", "it failed");
        assert_eq!(measured.reason(&row, "redb"), "it failed");
    }

    #[test]
    fn ours_is_missing_with_a_reason_where_its_row_is_left_out() {
        let mut measured = Measured::default();
        let rows = rows::all();
        let Some(row) = rows.first() else { panic!("there are no rows") };
        assert_eq!(measured.reason_of_ours(row), None);
        measured.leave_out(&rows, "no registry");
        assert_eq!(measured.reason_of_ours(row), Some("no registry"));
    }

    #[test]
    fn what_must_never_be_exceeded_is_the_most_of_all_rounds() {
        let mut measured = Measured::default();
        measured.add("get.rust 1048576\nget.rust 3145728\nget.rust 2097152");
        let rows = rows::all();
        let of = |unit| rows.iter().find(|row| row.id == "get.rust").map(|row| Row { unit, ..row.clone() });
        let ours = |unit| of(unit).and_then(|row| measured.ours(&row));
        assert_eq!((ours(Unit::Mebibytes), ours(Unit::MostMebibytes)), (Some(2.0), Some(3.0)));
    }

    #[test]
    fn the_median_of_an_even_number_lies_between_the_middle_two() {
        assert_eq!(median(vec![4.0, 1.0]), Some(2.5));
        assert_eq!(median(vec![]), None);
    }
}

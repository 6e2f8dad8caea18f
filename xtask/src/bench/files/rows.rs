//! The rows of the benchmark of files: those of each corpus, and those that have none.

use super::super::rows::{Limit, Row, Unit};
use super::corpora::RANDOM;

/// How an import compresses.
pub(super) const KINDS: [&str; 3] = ["default", "fast", "none"];
/// The languages that import a folder beside Rust.
pub(super) const LANGUAGES: [&str; 3] = ["c", "python", "node"];
/// The rows of files of 100 bytes.
pub(super) const SMALL: [&str; 2] = ["small.put", "small.get"];
pub(super) const RUST: &str = "rust";

/// All rows, in the order of the table.
pub(super) fn all<'a>(corpora: impl IntoIterator<Item = &'a str>) -> Vec<Row> {
    corpora.into_iter().flat_map(of_corpus).chain(others()).collect()
}

/// Those of one corpus.
pub(super) fn of_corpus(corpus: &str) -> Vec<Row> {
    let speed = Unit::MegabytesPerSecond;
    let of_default = &["restic_auto", "borg_zstd_3"];
    let of_none = match corpus {
        RANDOM => Limit::WithinPeer("cp", 0.8),
        _ => Limit::TimesFastestOf(&["restic_none", "borg_none"], 1.5),
    };
    let rows: [(&str, Unit, &'static [&'static str], Limit); 7] = [
        (
            "import.default",
            speed,
            &["restic_auto", "borg_zstd_3", "cp", "cacache"],
            Limit::TimesFastestOf(of_default, 2.0),
        ),
        ("import.fast", speed, &["borg_lz4"], Limit::TimesFastest(2.0)),
        ("import.none", speed, &["restic_none", "borg_none", "cp", "cacache"], of_none),
        (
            "stored.default",
            Unit::Megabytes,
            &["restic_auto", "borg_zstd_3", "cacache"],
            Limit::TimesFastestOf(of_default, 1.0),
        ),
        ("stored.fast", Unit::Megabytes, &["borg_lz4"], Limit::TimesFastest(1.0)),
        ("reimport", speed, &[], Limit::TimesFirstImport(3.0, 1500.0)),
        ("export", speed, of_default, Limit::TimesFastest(3.0)),
    ];
    rows.into_iter()
        .map(|(id, unit, peers, limit)| row(&format!("{id}.{corpus}"), unit, peers, limit))
        .collect()
}

/// Those that are of no corpus, or of one that their name does not carry.
pub(super) fn others() -> Vec<Row> {
    let (speed, call) = (Unit::MegabytesPerSecond, Unit::Nanoseconds);
    let mut rows = vec![
        row("read_seq.none", speed, &[], Limit::Fixed(1500.0)),
        row("read_seq.default", speed, &["zstd"], Limit::WithinPeer("zstd", 0.9)),
        row("read_4k.none", call, &[], Limit::Fixed(10_000.0)),
        row("read_4k.default", call, &[], Limit::Fixed(150_000.0)),
        row("small.put", call, &[RUST], Limit::WithinPeer(RUST, 1.3)),
        row("small.get", call, &[RUST], Limit::WithinPeer(RUST, 1.3)),
        row("sha512.lanes", speed, &["sha2"], Limit::TimesFastest(2.3)),
        row("chunker", speed, &[], Limit::Fixed(2500.0)),
        row("peak_rss", Unit::MostMebibytes, &[], Limit::Fixed(256.0)),
        row("scaling", Unit::Times, &[], Limit::Fixed(1.8)),
    ];
    let languages = LANGUAGES.iter().map(|language| format!("import.{language}"));
    rows.extend(languages.map(|id| row(&id, speed, &[RUST], Limit::WithinPeer(RUST, 1.0 / 1.15))));
    rows
}

/// Whether a row of no corpus needs that of npm.
pub(super) fn is_of_npm(id: &str) -> bool {
    id == "scaling" || is_import_of_language(id)
}

/// Whether a row is of another language than Rust.
pub(super) fn is_of_language(id: &str) -> bool {
    SMALL.contains(&id) || is_import_of_language(id)
}

fn is_import_of_language(id: &str) -> bool {
    id.strip_prefix("import.").is_some_and(|of| LANGUAGES.contains(&of))
}

fn row(id: &str, unit: Unit, peers: &'static [&'static str], limit: Limit) -> Row {
    Row { id: id.to_owned(), unit, peers, language: None, limit }
}

#[cfg(test)]
mod tests {
    use super::super::super::rows::Limit;
    use super::all;

    #[test]
    fn each_corpus_has_its_rows_and_chance_is_measured_against_a_copy() {
        let rows = all(["npm", "random"]);
        assert_eq!(rows.len(), 2 * 7 + 13);
        assert!(rows.iter().all(|row| row.limit != Limit::None), "the issue has one for each");
        let limit = |id: &str| rows.iter().find(|row| row.id == id).map(|row| row.limit);
        assert_eq!(limit("import.none.random"), Some(Limit::WithinPeer("cp", 0.8)));
        assert_eq!(limit("import.none.npm"), Some(Limit::TimesFastestOf(&["restic_none", "borg_none"], 1.5)));
    }
}

//! The rows of the benchmark of the bindings. Their ids stay: files of earlier runs are compared by them.

/// What a row is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Of a call; lower is better.
    Nanoseconds,
    /// Of a file of 1 MiB; higher is better.
    MegabytesPerSecond,
}

/// Bytes of the file of the rows `read_1m`.
const FILE_BYTES: f64 = 1_048_576.0;

impl Unit {
    pub(super) fn name(self) -> &'static str {
        match self {
            Unit::Nanoseconds => "ns",
            Unit::MegabytesPerSecond => "MB/s",
        }
    }

    pub(super) fn better(self) -> &'static str {
        match self {
            Unit::Nanoseconds => "lower",
            Unit::MegabytesPerSecond => "higher",
        }
    }

    /// The figure of a call that takes so many nanoseconds.
    pub(super) fn of_nanoseconds(self, nanoseconds: f64) -> f64 {
        match self {
            Unit::Nanoseconds => nanoseconds,
            Unit::MegabytesPerSecond => FILE_BYTES / nanoseconds * 1e3,
        }
    }
}

/// A row before it is measured.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) unit: Unit,
    pub(super) peers: &'static [&'static str],
    /// Nanoseconds that it may take beyond the same call in Rust.
    pub(super) over_rust_max: Option<f64>,
}

const OPERATIONS: [&str; 3] = ["get", "append", "read_1m"];
const LANGUAGES: [&str; 6] = ["rust", "c", "cpp", "python", "node_sync", "node_async"];

/// All rows, in the order of the table.
pub(super) fn all() -> Vec<Row> {
    let pairs =
        OPERATIONS.iter().flat_map(|operation| LANGUAGES.iter().map(move |language| (operation, language)));
    pairs.map(|(operation, language)| row(operation, language)).collect()
}

fn row(operation: &str, language: &str) -> Row {
    let unit = if operation == "read_1m" { Unit::MegabytesPerSecond } else { Unit::Nanoseconds };
    let peers: &[&str] = match (language, operation) {
        ("python", "get") => &["lmdb", "lmdb_held_txn", "sqlite3"],
        ("python", _) => &["lmdb", "sqlite3"],
        ("node_sync", _) => &["lmdb", "better_sqlite3", "node_sqlite"],
        ("node_async", _) => &["lmdb"],
        _ => &[],
    };
    let over_rust_max = match (operation, language) {
        ("get", "c") => Some(50.0),
        ("get", "python") => Some(700.0),
        ("get", "node_sync") => Some(900.0),
        _ => None,
    };
    Row { id: format!("{operation}.{language}"), unit, peers, over_rust_max }
}

#[cfg(test)]
mod tests {
    use super::{Unit, all};

    #[test]
    fn each_operation_has_a_row_in_each_language_and_the_promised_limits() {
        let rows = all();
        assert_eq!(rows.len(), 18);
        let limited: Vec<_> =
            rows.iter().filter(|row| row.over_rust_max.is_some()).map(|row| row.id.as_str()).collect();
        assert_eq!(limited, ["get.c", "get.python", "get.node_sync"]);
    }

    #[test]
    fn a_millisecond_for_a_mebibyte_is_a_gigabyte_a_second() {
        assert!((Unit::MegabytesPerSecond.of_nanoseconds(1e6) - 1048.576).abs() < 1e-9);
        assert!((Unit::Nanoseconds.of_nanoseconds(7.0) - 7.0).abs() < 1e-9);
    }
}

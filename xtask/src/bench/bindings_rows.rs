//! The rows of the benchmark of the bindings.

use super::rows::{Limit, Row, Unit};

const OPERATIONS: [&str; 3] = ["get", "append", "read_1m"];
const LANGUAGES: [&str; 6] = ["rust", "c", "cpp", "python", "node_sync", "node_async"];

/// All rows, in the order of the table.
pub(super) fn all() -> Vec<Row> {
    let pairs =
        OPERATIONS.iter().flat_map(|operation| LANGUAGES.iter().map(move |language| (operation, language)));
    pairs.map(|(operation, language)| row(operation, language)).collect()
}

fn row(operation: &str, language: &'static str) -> Row {
    let unit = if operation == "read_1m" { Unit::MegabytesPerSecond } else { Unit::Nanoseconds };
    let peers: &[&str] = match (language, operation) {
        ("python", "get") => &["lmdb", "lmdb_held_txn", "sqlite3"],
        ("python", _) => &["lmdb", "sqlite3"],
        ("node_sync", _) => &["lmdb", "better_sqlite3", "node_sqlite"],
        ("node_async", _) => &["lmdb"],
        _ => &[],
    };
    let limit = match (operation, language) {
        ("get", "c") => Limit::OverRust(50.0),
        ("get", "python") => Limit::OverRust(700.0),
        ("get", "node_sync") => Limit::OverRust(900.0),
        _ => Limit::None,
    };
    // Both ways of Node are one language.
    let of_peers = language.split('_').next();
    Row { id: format!("{operation}.{language}"), unit, peers, language: of_peers, limit }
}

#[cfg(test)]
mod tests {
    use super::super::rows::Limit;
    use super::all;

    #[test]
    fn each_operation_has_a_row_in_each_language_and_the_promised_limits() {
        let rows = all();
        assert_eq!(rows.len(), 18);
        let limited: Vec<_> =
            rows.iter().filter(|row| row.limit != Limit::None).map(|row| row.id.as_str()).collect();
        assert_eq!(limited, ["get.c", "get.python", "get.node_sync"]);
    }
}

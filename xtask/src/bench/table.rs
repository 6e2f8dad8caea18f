//! The figures, for people and for programs.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::machine;
use super::measured::Measured;
use super::rows::Row;
use crate::{Result, paths};

/// Prints a table, what the peers are, and which of them are missing.
pub(super) fn print(rows: &[Row], measured: &Measured) {
    println!("\n{}", machine::description());
    if let Some(load) = machine::load() {
        println!("load at the end, of which the benchmark itself is about 1: {load:.2}");
    }
    println!("\n{:<20} {:>5} {:>10} {:>22}  {:<16} peers", "row", "unit", "ours", "rounds from to", "limit");
    for row in rows {
        println!("{}", line(row, rows, measured));
    }
    println!("\nversions and durability");
    println!("  ours: Durability::Buffered: survives a crash of the process");
    for (peer, version) in measured.said("version") {
        let durability = measured.said("durability").find(|(other, _)| *other == peer);
        println!("  {peer}: {version}; {}", durability.map_or("", |(_, said)| said));
    }
    for row in rows {
        for peer in row.peers.iter().filter(|peer| measured.peer(row, peer).is_none()) {
            println!("missing: {} of {peer}: {}", row.id, measured.reason(row, peer));
        }
    }
}

fn line(row: &Row, rows: &[Row], measured: &Measured) -> String {
    let rounds = measured.rounds(row);
    let least = rounds.iter().copied().fold(f64::INFINITY, f64::min);
    let most = rounds.iter().copied().fold(0.0, f64::max);
    let limit = limit(row, rows, measured).map(|limit| {
        let verdict = if measured.ours(row).is_some_and(|ours| ours <= limit) { "within" } else { "OVER" };
        format!("{limit:.0} {verdict}")
    });
    let mut text = format!(
        "{:<20} {:>5} {:>10} {:>22}  {:<16}",
        row.id,
        row.unit.name(),
        figure(measured.ours(row)),
        format!("{} {}", figure(Some(least)), figure(Some(most))),
        limit.unwrap_or_default()
    );
    for peer in row.peers {
        let _ = write!(text, " {peer} {}", figure(measured.peer(row, peer)));
    }
    text
}

fn figure(value: Option<f64>) -> String {
    value.map_or("null".to_owned(), |value| format!("{value:.0}"))
}

/// What the row may take: as long as the same call in Rust in this run, and what the binding may add.
fn limit(row: &Row, rows: &[Row], measured: &Measured) -> Option<f64> {
    let operation = row.id.split('.').next()?;
    let rust = rows.iter().find(|other| other.id == format!("{operation}.rust"))?;
    Some(measured.ours(rust)? + row.over_rust_max?)
}

/// Writes `target/bench/NAME.json`.
pub(super) fn write(name: &str, rows: &[Row], measured: &Measured) -> Result<()> {
    let rows: Vec<Value> = rows.iter().map(|row| entry(row, rows, measured)).collect();
    let whole = json!({ "name": name, "machine": machine::description(), "rows": rows });
    let path = paths::target().join("bench").join(format!("{name}.json"));
    std::fs::write(&path, format!("{whole:#}\n"))?;
    println!("\nwritten to {}", path.display());
    Ok(())
}

fn entry(row: &Row, rows: &[Row], measured: &Measured) -> Value {
    let peers = row.peers.iter().map(|peer| ((*peer).to_owned(), rounded(measured.peer(row, peer))));
    json!({
        "id": row.id,
        "unit": row.unit.name(),
        "better": row.unit.better(),
        "ours": rounded(measured.ours(row)),
        "peers": peers.collect::<serde_json::Map<_, _>>(),
        "limit": rounded(limit(row, rows, measured)),
        "rounds": measured.rounds(row).into_iter().map(|value| rounded(Some(value))).collect::<Vec<_>>(),
    })
}

/// To a tenth: more is noise.
fn rounded(value: Option<f64>) -> Value {
    value.map_or(Value::Null, |value| json!((value * 10.0).round() / 10.0))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use serde_json::json;

    use super::super::measured::Measured;
    use super::super::rows;
    use super::{entry, line};

    #[test]
    fn a_row_has_its_limit_from_rust_and_names_peers_that_are_missing() {
        let mut measured = Measured::default();
        measured.add("get.rust 500.04\nget.python 1300\nget.python.lmdb 790\n");
        let rows = rows::all();
        let row = rows.iter().find(|row| row.id == "get.python").unwrap();
        let expected = json!({
            "id": "get.python", "unit": "ns", "better": "lower", "ours": 1300.0,
            "peers": { "lmdb": 790.0, "lmdb_held_txn": null, "sqlite3": null },
            "limit": 1200.0, "rounds": [1300.0],
        });
        assert_eq!(entry(row, &rows, &measured), expected);
        let line = line(row, &rows, &measured);
        assert!(
            line.contains("1200 OVER") && line.contains("lmdb 790") && line.contains("sqlite3 null"),
            "{line}"
        );
    }
}

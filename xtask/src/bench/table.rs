//! The figures, for people and for programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::measured::{Measured, OURS};
use super::rows::Row;
use super::{limit, machine};
use crate::{Result, paths};

/// Prints a table, what the peers are, and which of them are missing.
pub(super) fn print(rows: &[Row], measured: &Measured) {
    println!("\n{}", machine::description());
    if let Some(load) = machine::load() {
        println!("load at the end, of which the benchmark itself is about 1: {load:.2}");
    }
    println!(
        "\n{:<27} {:>5} {:>10} {:>22}  {:<16} peers",
        "row", "unit", "ours", "rounds from to", "must reach"
    );
    for row in rows {
        println!("{}", line(row, rows, measured));
    }
    println!("\nversions and durability");
    for (peer, version) in measured.said("version") {
        let durability = measured.said("durability").find(|(other, _)| *other == peer);
        println!("  {peer}: {version}; {}", durability.map_or("", |(_, said)| said));
    }
    for (peer, said) in measured.said("start") {
        println!("{peer} opens its store in {said}");
    }
    for (row, said) in measured.said("apart") {
        println!("apart from {row}: {said}");
    }
    for (corpus, said) in measured.said("corpus") {
        println!("corpus {corpus}: {said}");
    }
    for row in rows {
        for (reason, peers) in missing(row, measured) {
            println!("missing: {} of {}: {reason}", row.id, peers.join(", "));
        }
    }
}

/// The peers that have no figure in a row, and ours, by the reason for it.
fn missing<'a>(row: &Row, measured: &'a Measured) -> BTreeMap<&'a str, Vec<&'static str>> {
    let mut missing: BTreeMap<_, Vec<_>> = BTreeMap::new();
    if let Some(reason) = measured.reason_of_ours(row).filter(|_| measured.ours(row).is_none()) {
        missing.insert(reason, vec![OURS]);
    }
    for peer in row.peers.iter().filter(|peer| measured.peer(row, peer).is_none()) {
        missing.entry(measured.reason(row, peer)).or_default().push(*peer);
    }
    missing
}

fn line(row: &Row, rows: &[Row], measured: &Measured) -> String {
    let rounds = measured.rounds(row);
    let least = rounds.iter().copied().min_by(f64::total_cmp);
    let most = rounds.iter().copied().max_by(f64::total_cmp);
    let limit = limit::value(row, rows, measured).map(|limit| {
        let verdict = match limit::is_met(row, rows, measured) {
            Some(true) => " met",
            Some(false) => " MISSED",
            None => "",
        };
        format!("{}{verdict}", figure(Some(limit)))
    });
    let mut text = format!(
        "{:<27} {:>5} {:>10} {:>22}  {:<16}",
        row.id,
        row.unit.name(),
        figure(measured.ours(row)),
        format!("{} {}", figure(least), figure(most)),
        limit.unwrap_or_default()
    );
    for peer in row.peers {
        let _ = write!(text, " {peer} {}", figure(measured.peer(row, peer)));
    }
    text
}

pub(super) fn figure(value: Option<f64>) -> String {
    value.map_or(
        "null".to_owned(),
        |value| if value < 100.0 { format!("{value:.1}") } else { format!("{value:.0}") },
    )
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
        "limit": rounded(limit::value(row, rows, measured)),
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

    use super::super::bindings_rows as rows;
    use super::super::measured::Measured;
    use super::{entry, line, missing};

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
        let reason = "its program reported nothing of it";
        assert_eq!(missing(row, &measured), [(reason, vec!["lmdb_held_txn", "sqlite3"])].into());
        let line = line(row, &rows, &measured);
        assert!(
            line.contains("1200 MISSED") && line.contains("lmdb 790") && line.contains("sqlite3 null"),
            "{line}"
        );
    }
}

//! `cargo xtask bench --compare OLD.json NEW.json`: what a change did, row by row.

use std::path::Path;

use serde_json::Value;

use crate::Result;

/// Prints both figures of each row of either file, and by how much the new one is better or worse.
pub(super) fn run(old: &Path, new: &Path) -> Result<()> {
    let (old, new) = (read(old)?, read(new)?);
    for of in ["name", "machine"] {
        if old[of] != new[of] {
            println!("{of}: {} and {}", old[of], new[of]);
        }
    }
    println!("{:<27} {:>5} {:>12} {:>12}  change", "row", "unit", "old", "new");
    for row in rows(&new) {
        let before = rows(&old).find(|other| other["id"] == row["id"]);
        println!("{}", line(row, before));
    }
    for row in rows(&old).filter(|row| !rows(&new).any(|other| other["id"] == row["id"])) {
        println!("{:<27} is only in the old file", text(&row["id"]));
    }
    Ok(())
}

fn read(path: &Path) -> Result<Value> {
    let bytes = std::fs::read(path).map_err(|error| format!("reading {}: {error}", path.display()))?;
    let whole: Value =
        serde_json::from_slice(&bytes).map_err(|error| format!("{}: {error}", path.display()))?;
    if whole["rows"].is_array() { Ok(whole) } else { Err(format!("{} has no rows", path.display()).into()) }
}

fn rows(whole: &Value) -> impl Iterator<Item = &Value> {
    whole["rows"].as_array().into_iter().flatten()
}

fn line(row: &Value, before: Option<&Value>) -> String {
    let (old, new) = (before.and_then(|before| before["ours"].as_f64()), row["ours"].as_f64());
    let shown = |value: Option<f64>| value.map_or("null".to_owned(), |value| format!("{value:.1}"));
    let change = match (old, new) {
        (Some(old), Some(new)) if old > 0.0 => {
            let percent = (new / old - 1.0) * 100.0;
            let better = (percent < 0.0) == (row["better"] == "lower");
            let verdict = match percent.abs() {
                ..0.05 => "the same",
                _ if better => "better",
                _ => "worse",
            };
            format!("{percent:+.1} %, {verdict}")
        }
        _ => String::new(),
    };
    let (id, unit) = (text(&row["id"]), text(&row["unit"]));
    format!("{id:<27} {unit:>5} {:>12} {:>12}  {change}", shown(old), shown(new))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::line;

    #[test]
    fn the_unit_says_which_way_is_better() {
        let row =
            |better: &str, ours: f64| json!({ "id": "get.c", "unit": "ns", "better": better, "ours": ours });
        let change = |better, old, new| line(&row(better, new), Some(&row(better, old)));
        assert!(change("lower", 100.0, 90.0).ends_with("-10.0 %, better"));
        assert!(change("lower", 100.0, 110.0).ends_with("+10.0 %, worse"));
        assert!(change("higher", 100.0, 110.0).ends_with("+10.0 %, better"));
        assert!(change("lower", 100.0, 100.01).ends_with("the same"));
        assert!(line(&row("lower", 1.0), None).trim_end().ends_with("1.0"));
    }
}

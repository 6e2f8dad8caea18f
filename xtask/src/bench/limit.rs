//! What a row must reach, in figures of the same run; none where one of them is missing.

use super::measured::Measured;
use super::rows::{Limit, Row};

/// The figure of the limit.
pub(super) fn value(row: &Row, rows: &[Row], measured: &Measured) -> Option<f64> {
    match row.limit {
        Limit::None => None,
        Limit::Fixed(limit) => Some(limit),
        Limit::OverRust(over) => {
            let operation = row.id.split('.').next()?;
            Some(measured.ours(named(rows, &format!("{operation}.rust"))?)? + over)
        }
        Limit::TimesFastest(times) => faster_than(row, row.peers, measured, times),
        Limit::TimesFastestOf(peers, times) => faster_than(row, peers, measured, times),
        Limit::TimesFirstImport(times, most) => {
            let (_, corpus) = row.id.split_once('.')?;
            let first = Row { id: format!("import.default.{corpus}"), ..row.clone() };
            Some(most.min(measured.ours(&first)? * times))
        }
        Limit::TimesFastestAndFixed(times, fixed) => {
            Some(faster_than(row, row.peers, measured, times).map_or(fixed, |limit| worse(row, limit, fixed)))
        }
        Limit::WithinPeer(peer, times) => Some(measured.peer(row, peer)? * times),
    }
}

/// Whether ours reaches its limit; none where either is missing.
pub(super) fn is_met(row: &Row, rows: &[Row], measured: &Measured) -> Option<bool> {
    let (limit, ours) = (value(row, rows, measured)?, measured.ours(row)?);
    Some(if row.unit.lower_is_better() { ours <= limit } else { ours >= limit })
}

fn named<'a>(rows: &'a [Row], id: &str) -> Option<&'a Row> {
    rows.iter().find(|row| row.id == id)
}

fn faster_than(row: &Row, peers: &[&str], measured: &Measured, times: f64) -> Option<f64> {
    let figures = peers.iter().filter_map(|peer| measured.peer(row, peer));
    if row.unit.lower_is_better() {
        figures.min_by(f64::total_cmp).map(|fastest| fastest / times)
    } else {
        figures.max_by(f64::total_cmp).map(|fastest| fastest * times)
    }
}

/// Of two limits the one that is harder to reach.
fn worse(row: &Row, one: f64, other: f64) -> f64 {
    if row.unit.lower_is_better() { one.min(other) } else { one.max(other) }
}

#[cfg(test)]
mod tests {
    use super::super::measured::Measured;
    use super::super::rows::{Limit, Row, Unit};
    use super::{is_met, value};

    fn row(id: &str, unit: Unit, limit: Limit) -> Row {
        Row { id: id.to_owned(), unit, peers: &["quick", "slow", "gone"], language: None, limit }
    }

    #[test]
    fn each_limit_is_what_the_run_measured() {
        let mut measured = Measured::default();
        measured.add("get 400\nget.quick 900\nget.slow 1500\nget.rust 300\ndurable 1000\nmany 50000\n");
        measured.add("durable.quick 1000000");
        let rows =
            [row("get.rust", Unit::Nanoseconds, Limit::None), row("durable", Unit::Nanoseconds, Limit::None)];
        let of = |id, unit, limit| {
            let row = row(id, unit, limit);
            (value(&row, &rows, &measured), is_met(&row, &rows, &measured))
        };
        let get = |limit| of("get", Unit::Nanoseconds, limit);
        assert_eq!(get(Limit::None), (None, None));
        assert_eq!(get(Limit::Fixed(400.0)), (Some(400.0), Some(true)));
        assert_eq!(get(Limit::Fixed(399.0)), (Some(399.0), Some(false)));
        assert_eq!(get(Limit::OverRust(50.0)), (Some(350.0), Some(false)));
        assert_eq!(get(Limit::TimesFastest(2.0)), (Some(450.0), Some(true)));
        assert_eq!(get(Limit::TimesFastest(3.0)), (Some(300.0), Some(false)));
        assert_eq!(get(Limit::TimesFastestAndFixed(2.0, 390.0)), (Some(390.0), Some(false)));
        assert_eq!(get(Limit::TimesFastestAndFixed(2.0, 500.0)), (Some(450.0), Some(true)));
        assert_eq!(get(Limit::WithinPeer("slow", 1.5)), (Some(2250.0), Some(true)));
        assert_eq!(get(Limit::WithinPeer("gone", 1.5)), (None, None));
        assert_eq!(get(Limit::TimesFastestOf(&["slow", "gone"], 2.0)), (Some(750.0), Some(true)));
        assert_eq!(get(Limit::TimesFastestOf(&["gone"], 2.0)), (None, None));
        assert_eq!(of("many", Unit::PerSecond, Limit::Fixed(20_001.0)).1, Some(false));
    }

    #[test]
    fn importing_again_is_held_against_the_first_time_or_against_a_figure() {
        let reimport = |first: f64| {
            let mut measured = Measured::default();
            measured.add(&format!(
                "import.default.my.dir {}\nreimport.my.dir 1048576",
                1_048_576.0 / first * 1e3
            ));
            let row = row("reimport.my.dir", Unit::MegabytesPerSecond, Limit::TimesFirstImport(3.0, 1500.0));
            (value(&row, &[], &measured).map(f64::round), is_met(&row, &[], &measured))
        };
        assert_eq!(reimport(300.0), (Some(900.0), Some(true)));
        assert_eq!(reimport(400.0), (Some(1200.0), Some(false)));
        assert_eq!(reimport(600.0), (Some(1500.0), Some(false)));
    }
}

//! What a program of `xtask/programs` reports: lines of a name, a space and a value.

use std::collections::BTreeMap;

use crate::Result;

/// The named values that a program printed.
pub(crate) struct Report {
    values: BTreeMap<String, String>,
}

impl Report {
    /// Reads the output of a program; lines without a space are not values and are passed over.
    pub(crate) fn parse(output: &str) -> Report {
        let pairs = output.lines().filter_map(|line| line.split_once(' '));
        Report { values: pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect() }
    }

    /// The value of this name.
    pub(crate) fn text(&self, name: &str) -> Result<&str> {
        let value = self.values.get(name).map(String::as_str);
        value.ok_or_else(|| format!("the program reported no `{name}`").into())
    }

    /// The value of this name as a whole number.
    pub(crate) fn number(&self, name: &str) -> Result<u64> {
        let text = self.text(name)?;
        text.parse().map_err(|_| format!("`{name}` is no whole number: {text}").into())
    }

    /// The value of this name as seconds.
    pub(crate) fn seconds(&self, name: &str) -> Result<f64> {
        let text = self.text(name)?;
        text.parse().map_err(|_| format!("`{name}` is no number of seconds: {text}").into())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::Report;

    #[test]
    fn values_are_found_by_name() {
        let report = Report::parse("files 3\nseconds 1.5\nevent ab\nnoise\n");
        assert_eq!(report.number("files").unwrap(), 3);
        assert!((report.seconds("seconds").unwrap() - 1.5).abs() < 1e-9);
        assert_eq!(report.text("event").unwrap(), "ab");
        assert!(report.number("event").is_err());
        assert!(report.text("noise").is_err());
    }
}

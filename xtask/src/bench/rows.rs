//! What a row is before it is measured. Ids stay: files of earlier runs are compared by them.

/// What a row is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Of a call, or of an event; lower is better.
    Nanoseconds,
    /// Of the whole; lower is better.
    Milliseconds,
    /// Of files; higher is better.
    MegabytesPerSecond,
    /// Events; higher is better.
    PerSecond,
    /// Memory; lower is better.
    Mebibytes,
    /// Memory, the most of all rounds and not their median; lower is better.
    MostMebibytes,
    /// On the disk; lower is better.
    Megabytes,
    /// How many; higher is better.
    Events,
    /// How many times faster; higher is better.
    Times,
}

/// Bytes whose nanoseconds a program reports: those of the file of the rows `read_1m`.
const FILE_BYTES: f64 = 1_048_576.0;

impl Unit {
    pub(super) fn name(self) -> &'static str {
        match self {
            Unit::Nanoseconds => "ns",
            Unit::Milliseconds => "ms",
            Unit::MegabytesPerSecond => "MB/s",
            Unit::PerSecond => "1/s",
            Unit::Mebibytes | Unit::MostMebibytes => "MiB",
            Unit::Megabytes => "MB",
            Unit::Events => "events",
            Unit::Times => "times",
        }
    }

    pub(super) fn lower_is_better(self) -> bool {
        !matches!(self, Unit::MegabytesPerSecond | Unit::PerSecond | Unit::Events | Unit::Times)
    }

    pub(super) fn better(self) -> &'static str {
        if self.lower_is_better() { "lower" } else { "higher" }
    }

    /// The figure of what a program reported: nanoseconds, and of room bytes.
    pub(super) fn of_reported(self, reported: f64) -> f64 {
        match self {
            Unit::Nanoseconds | Unit::Events | Unit::Times => reported,
            Unit::Milliseconds => reported / 1e6,
            Unit::MegabytesPerSecond => FILE_BYTES / reported * 1e3,
            Unit::PerSecond => 1e9 / reported,
            Unit::Mebibytes | Unit::MostMebibytes => reported / f64::from(1 << 20),
            Unit::Megabytes => reported / 1e6,
        }
    }
}

/// A row before it is measured.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) unit: Unit,
    pub(super) peers: &'static [&'static str],
    /// The language whose peers these are, where a benchmark has more than one.
    pub(super) language: Option<&'static str>,
    pub(super) limit: Limit,
}

/// What a row must reach; from figures of the same run where it says of which.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Limit {
    None,
    /// A figure.
    Fixed(f64),
    /// The same call in Rust, and so many nanoseconds.
    OverRust(f64),
    /// So many times the fastest peer.
    TimesFastest(f64),
    /// Both.
    TimesFastestAndFixed(f64, f64),
    /// So many times as good as the best of some of the peers.
    TimesFastestOf(&'static [&'static str], f64),
    /// So many times as fast as our own first import of the same corpus, or this figure where that is less.
    TimesFirstImport(f64, f64),
    /// At most so many times what a peer takes.
    WithinPeer(&'static str, f64),
}

#[cfg(test)]
mod tests {
    use super::Unit;

    #[test]
    fn units_are_of_nanoseconds_and_of_bytes() {
        let close = |unit: Unit, reported, figure: f64| (unit.of_reported(reported) - figure).abs() < 1e-9;
        assert!(close(Unit::MegabytesPerSecond, 1e6, 1048.576), "1 MiB in a millisecond");
        assert!(close(Unit::Nanoseconds, 7.0, 7.0));
        assert!(close(Unit::Milliseconds, 7e6, 7.0));
        assert!(close(Unit::PerSecond, 1e4, 100_000.0));
        assert!(close(Unit::Mebibytes, 3_145_728.0, 3.0));
        assert!(close(Unit::Megabytes, 3_500_000.0, 3.5));
    }
}

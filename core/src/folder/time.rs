//! The time of the last change of a file, as files have it.

/// Nanoseconds of a second.
pub(super) const NANOSECONDS: u32 = 1_000_000_000;

/// A point in time: seconds since 1970, and nanoseconds after that second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Time {
    pub(super) seconds: i64,
    pub(super) nanoseconds: u32,
}

impl Time {
    /// Nanoseconds since 1970.
    pub(super) fn to_nanoseconds(self) -> i128 {
        i128::from(self.seconds) * i128::from(NANOSECONDS) + i128::from(self.nanoseconds)
    }

    /// The time that decimal digits say, with `-` before 1970; none for any other text.
    pub(super) fn parse(text: &[u8]) -> Option<Time> {
        let digits = text.strip_prefix(b"-").unwrap_or(text);
        // `parse` would take a `+` too.
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let total: i128 = std::str::from_utf8(text).ok()?.parse().ok()?;
        let seconds = i64::try_from(total.div_euclid(i128::from(NANOSECONDS))).ok()?;
        let nanoseconds = u32::try_from(total.rem_euclid(i128::from(NANOSECONDS))).ok()?;
        Some(Time { seconds, nanoseconds })
    }
}

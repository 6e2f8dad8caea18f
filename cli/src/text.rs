//! Bytes and events as lines for people.
//!
//! What is stored may hold anything; a terminal must not obey it. So control characters and what is not UTF-8 are
//! shown escaped.

use std::fmt::Write as _;

use ouroborosdb::Event;

/// How many digits of an id people are shown where there is no room for 128.
pub(crate) const SHORT_DIGITS: usize = 12;

/// Bytes that are probably text.
pub(crate) fn printable(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            if character.is_control() || is_format(character) {
                out.extend(character.escape_default());
            } else {
                out.push(character);
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out
}

/// Marks that turn the direction of a line make a name look like another one.
fn is_format(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The first digits of an event's id.
pub(crate) fn short_id(event: &Event) -> String {
    event.id().to_hex().chars().take(SHORT_DIGITS).collect()
}

/// One line about an event: its name, or what else tells it from others.
pub(crate) fn summary(event: &Event) -> String {
    if let Some(title) = event.title() {
        return format!("“{}”", printable(title.as_bytes()));
    }
    let mut line = match event.attribute("file.name") {
        Some(name) => printable(name),
        None => format!("({})", event.kind().name()),
    };
    match event.attribute("file.type") {
        Some(b"directory") => line.push('/'),
        Some(b"symlink") => {
            let target = event.attribute("file.target").unwrap_or_default();
            let _ = write!(line, " -> {}", printable(target));
        }
        _ => {}
    }
    if event.attribute("file.name").is_none() {
        for (name, value) in event.attributes().take(3) {
            let _ = write!(line, " {}={}", printable(name.as_bytes()), brief(value));
        }
    }
    if let Some(length) = event.content_length() {
        let _ = write!(line, "  {length} bytes");
    }
    if event.temporary() {
        line.push_str("  temporary");
    }
    line
}

/// The beginning of a value.
fn brief(value: &[u8]) -> String {
    const BYTES_MAX: usize = 40;
    match value.get(..BYTES_MAX) {
        Some(start) if value.len() > BYTES_MAX => format!("{}…", printable(start)),
        _ => printable(value),
    }
}

/// Milliseconds since 1970 as a date and time in UTC. Source of the civil calendar from days: Howard Hinnant,
/// "chrono-Compatible Low-Level Date Algorithms", 2013.
pub(crate) fn time(ms: u64) -> String {
    let (days, rest) = (ms / 86_400_000, ms % 86_400_000);
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (seconds, ms) = (rest / 1000, rest % 1000);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z")
}

#[cfg(test)]
mod tests {
    use super::{printable, time};

    #[test]
    fn a_terminal_is_not_told_what_to_do() {
        assert_eq!(printable(b"a\x1b[2Jb\n"), "a\\u{1b}[2Jb\\n");
        assert_eq!(printable("Größe \u{202e}gpj.exe".as_bytes()), "Größe \\u{202e}gpj.exe");
        assert_eq!(printable(b"n\xff\xfeme"), "n\\xff\\xfeme");
    }

    #[test]
    fn times_are_those_of_the_calendar() {
        assert_eq!(time(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(time(951_782_400_000), "2000-02-29T00:00:00.000Z");
        assert_eq!(time(1_709_251_199_999), "2024-02-29T23:59:59.999Z");
        assert_eq!(time(1_709_251_200_000), "2024-03-01T00:00:00.000Z");
        assert_eq!(time(253_402_300_799_999), "9999-12-31T23:59:59.999Z");
    }
}

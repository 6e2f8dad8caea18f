//! One thing that the engine tells.

use std::fmt;

/// How grave it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
#[repr(u8)]
pub enum LogLevel {
    /// Something is lost or does not work: damage, a write that failed.
    Error = 1,
    /// Someone should know: a lock conflict, a torn tail after a crash, an index that is made anew.
    Warn = 2,
    /// A database was opened.
    Info = 3,
    /// Upkeep: segments, tiers, closing.
    Debug = 4,
}

impl LogLevel {
    /// Every level, the gravest first.
    pub const ALL: &'static [LogLevel] = &[LogLevel::Error, LogLevel::Warn, LogLevel::Info, LogLevel::Debug];

    /// The stable name: `error`, `warn`, `info`, `debug`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            LogLevel::Error => "error",
            LogLevel::Warn => "warn",
            LogLevel::Info => "info",
            LogLevel::Debug => "debug",
        }
    }

    /// The level of a name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<LogLevel> {
        Self::ALL.iter().copied().find(|level| level.name() == name)
    }

    /// That of tracing.
    pub(super) fn of(level: tracing::Level) -> LogLevel {
        match level {
            tracing::Level::ERROR => LogLevel::Error,
            tracing::Level::WARN => LogLevel::Warn,
            tracing::Level::INFO => LogLevel::Info,
            _ => LogLevel::Debug,
        }
    }
}

/// The value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogValue {
    /// A count, a size, a place.
    Number(u64),
    /// Yes or no.
    Flag(bool),
    /// A path, an id, the message of an error.
    Text(String),
}

impl fmt::Display for LogValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LogValue::Number(number) => number.fmt(f),
            LogValue::Flag(flag) => flag.fmt(f),
            LogValue::Text(text) => text.fmt(f),
        }
    }
}

/// One thing that the engine tells. Its [`Display`](fmt::Display) is one line: the message, then the fields as
/// `name=value`, texts that are not one word in quotation marks.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogRecord {
    /// How grave it is.
    pub level: LogLevel,
    /// When it was told, in milliseconds since 1970.
    pub time_ms: u64,
    /// What happened, the same words each time.
    pub message: String,
    /// What it happened to: names in `snake_case`. `store` is the store's folder.
    pub fields: Vec<(&'static str, LogValue)>,
}

impl LogRecord {
    /// The value of a field, if it is there.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&LogValue> {
        self.fields.iter().find(|(other, _)| *other == name).map(|(_, value)| value)
    }
}

impl fmt::Display for LogRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        for (name, value) in &self.fields {
            match value {
                LogValue::Text(text) if !is_word(text) => write!(f, " {name}={text:?}")?,
                value => write!(f, " {name}={value}")?,
            }
        }
        Ok(())
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| !c.is_whitespace() && !c.is_control() && c != '"' && c != '=')
}

#[cfg(test)]
mod tests {
    use super::{LogLevel, LogRecord, LogValue};

    #[test]
    fn a_record_is_one_line_whatever_is_in_it() {
        let record = LogRecord {
            level: LogLevel::Warn,
            time_ms: 0,
            message: "told".to_owned(),
            fields: vec![
                ("segment", LogValue::Number(7)),
                ("read_only", LogValue::Flag(true)),
                ("store", LogValue::Text("/a\nb \"c\"".to_owned())),
            ],
        };
        assert_eq!(record.to_string(), r#"told segment=7 read_only=true store="/a\nb \"c\"""#);
        assert_eq!(record.field("segment"), Some(&LogValue::Number(7)));
    }

    #[test]
    fn names_are_found() {
        for level in LogLevel::ALL {
            assert_eq!(LogLevel::from_name(level.name()), Some(*level));
        }
        assert_eq!(LogLevel::from_name("trace"), None);
    }
}

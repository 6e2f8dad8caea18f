//! What the engine tells, on standard error.

use std::io::Write as _;

use ouroborosdb::{LogLevel, LogRecord, LogValue, Result, clear_log_sink, set_log_sink};
use serde_json::{Map, Value, json};

use crate::arguments::Level;

/// While this is there, what the engine tells is printed; all of it is out when this is gone.
pub(crate) struct Log(());

impl Log {
    pub(crate) fn begin(level: Level, as_json: bool) -> Result<Log> {
        let level = match level {
            Level::Error => LogLevel::Error,
            Level::Warn => LogLevel::Warn,
            Level::Info => LogLevel::Info,
            Level::Debug => LogLevel::Debug,
        };
        set_log_sink(level, move |record| {
            // Whoever read it may have gone, which is no reason to stop.
            let _ = match as_json {
                true => writeln!(std::io::stderr(), "{}", json_of(record)),
                false => writeln!(std::io::stderr(), "ouroboros: {}: {record}", record.level.name()),
            };
        })?;
        Ok(Log(()))
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        clear_log_sink();
    }
}

/// The record as one object: its own fields beside those of every record.
fn json_of(record: &LogRecord) -> Value {
    let value = |value: &LogValue| match value {
        LogValue::Number(number) => json!(number),
        LogValue::Flag(flag) => json!(flag),
        LogValue::Text(text) => json!(text),
    };
    let fields: Map<String, Value> =
        record.fields.iter().map(|(name, given)| ((*name).to_owned(), value(given))).collect();
    json!({
        "level": record.level.name(),
        "time_ms": record.time_ms,
        "message": record.message,
        "fields": fields,
    })
}

//! What the library tells of itself.

use std::sync::{Arc, Mutex};

use ouroborosdb::{LogLevel, LogRecord, clear_log_sink, set_log_sink};

use crate::names::{Handle, Names};
use crate::outcome::{Answer, done, handle, list, mistake};
use crate::statement::Statement;

pub(crate) fn call(names: &mut Names, statement: &Statement) -> Option<Answer> {
    let (verb, words) = statement.parts();
    Some(match (verb, words.as_slice()) {
        ("set_log_sink", [level]) => set(level),
        ("clear_log_sink", []) => {
            clear_log_sink();
            done()
        }
        ("log_record.level", [log]) => told(names, log, |record| vec![record.level.name().to_owned()]),
        ("log_record.time_ms", [log]) => told(names, log, |record| vec![record.time_ms.to_string()]),
        ("log_record.message", [log]) => told(names, log, |record| vec![record.message.clone()]),
        ("log_record.fields", [log]) => told(names, log, |record| {
            record.fields.iter().map(|(name, value)| format!("{name}={value}")).collect()
        }),
        _ => return None,
    })
}

fn set(level: &str) -> Answer {
    let Some(level) = LogLevel::from_name(level) else { return mistake("there is no such level") };
    let log = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&log);
    set_log_sink(level, move |record| told.lock().expect("nobody panics").push(record.clone()))?;
    handle(Handle::Log(log))
}

fn told(names: &mut Names, log: &str, what: impl Fn(&LogRecord) -> Vec<String>) -> Answer {
    list(names.log(log)?.lock().expect("nobody panics").iter().flat_map(what))
}

//! Our subscriber: the events of this library, up to the level that the sink wants, into the queue.

use std::fmt;
use std::sync::atomic::Ordering;
use std::time::{SystemTime, UNIX_EPOCH};

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata};

use super::drain::Place;
use super::record::{LogLevel, LogRecord, LogValue};
use super::{LEVEL, TARGET};

#[derive(Debug)]
pub(super) struct Subscriber;

impl tracing::Subscriber for Subscriber {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let level = LogLevel::of(*metadata.level()) as u8;
        metadata.target() == TARGET && metadata.is_event() && level <= LEVEL.load(Ordering::Acquire)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(match LEVEL.load(Ordering::Acquire) {
            0 => LevelFilter::OFF,
            1 => LevelFilter::ERROR,
            2 => LevelFilter::WARN,
            3 => LevelFilter::INFO,
            _ => LevelFilter::DEBUG,
        })
    }

    fn event(&self, event: &Event<'_>) {
        let Some(place) = Place::known() else { return };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut record = LogRecord {
            level: LogLevel::of(*event.metadata().level()),
            time_ms: u64::try_from(now.as_millis()).unwrap_or(u64::MAX),
            message: String::new(),
            fields: Vec::new(),
        };
        event.record(&mut Fields { record: &mut record });
        place.tell(record);
    }

    // The engine has no spans, and those of others are not enabled.
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Fields<'a> {
    record: &'a mut LogRecord,
}

impl Fields<'_> {
    fn add(&mut self, field: &Field, value: LogValue) {
        match (field.name(), value) {
            ("message", value) => self.record.message = value.to_string(),
            (name, value) => self.record.fields.push((name, value)),
        }
    }
}

impl Visit for Fields<'_> {
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, LogValue::Number(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, LogValue::Flag(value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, LogValue::Text(value.to_owned()));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, LogValue::Text(format!("{value:?}")));
    }
}

//! What the engine tells, to a function of JavaScript's.
//!
//! The engine calls the sink on a thread of its own, which waits where JavaScript is busy: so what finds no room waits in
//! the engine's queue, and is counted there. The function does not keep the process alive, and where there is no
//! JavaScript any more, records are dropped.

use napi::Status;
use napi::bindgen_prelude::{BigInt, Either3, FnArgs, Function, Unknown};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi_derive::napi;
use ouroborosdb::{Error, ErrorCode, LogLevel, LogValue};

use crate::reply::Reply;
use crate::run::{Answer, run};
use crate::thrown::{refused, thrown};

/// How many records are on their way to JavaScript at most.
const ON_THE_WAY_MAX: usize = 256;

/// A record; none when the sink is gone.
type News = FnArgs<(Option<LogRecord>,)>;

/// One thing that the engine tells.
#[napi(object, object_from_js = false)]
pub struct LogRecord {
    /// `error`, `warn`, `info` or `debug`.
    pub level: &'static str,
    /// When it was told.
    pub time_ms: BigInt,
    /// What happened.
    pub message: String,
    /// The names of its fields.
    pub names: Vec<&'static str>,
    /// Their values.
    pub values: Vec<Either3<f64, bool, String>>,
}

impl LogRecord {
    fn of(record: &ouroborosdb::LogRecord) -> LogRecord {
        let value = |value: &LogValue| match value {
            LogValue::Number(number) => Either3::A(*number as f64),
            LogValue::Flag(flag) => Either3::B(*flag),
            LogValue::Text(text) => Either3::C(text.clone()),
        };
        LogRecord {
            level: record.level.name(),
            time_ms: record.time_ms.into(),
            message: record.message.clone(),
            names: record.fields.iter().map(|(name, _)| *name).collect(),
            values: record.fields.iter().map(|(_, given)| value(given)).collect(),
        }
    }
}

/// The function, which hears once more when it is let go.
struct Sink {
    function: ThreadsafeFunction<News, Unknown<'static>, News, Status, false, true, ON_THE_WAY_MAX>,
}

impl Sink {
    fn send(&self, news: Option<LogRecord>) {
        // Closing is the only answer but success, and then there is nobody to tell.
        let _ = self.function.call((news,).into(), ThreadsafeFunctionCallMode::Blocking);
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.send(None);
    }
}

/// Has a function called with what the engine tells.
#[napi(catch_unwind)]
pub fn set_log_sink(level: String, listener: Function<'_, News, Unknown<'static>>) -> napi::Result<()> {
    let Some(level) = LogLevel::from_name(&level) else {
        let message = "level is \"error\", \"warn\", \"info\" or \"debug\"";
        return Err(refused(ErrorCode::InvalidArgument, message));
    };
    let function = listener
        .build_threadsafe_function::<News>()
        .callee_handled::<false>()
        .weak::<true>()
        .max_queue_size::<ON_THE_WAY_MAX>()
        .build()?;
    let sink = Sink { function };
    let set = ouroborosdb::guarded(|| {
        ouroborosdb::set_log_sink(level, move |record| sink.send(Some(LogRecord::of(record))))
    });
    set.map_err(|error: Error| thrown(&error))
}

/// Ends the sink. Waits for JavaScript to take what was told, so never on JavaScript's own thread.
#[napi(catch_unwind)]
pub fn clear_log_sink(how: u32) -> napi::Result<Answer> {
    run(how, || {
        ouroborosdb::clear_log_sink();
        Ok(Reply::Nothing)
    })
}

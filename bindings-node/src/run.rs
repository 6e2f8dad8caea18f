//! The three ways to run a call.
//!
//! - *Sync*: on JavaScript's thread, which waits.
//! - *Pooled*: on one of libuv's threads, of which there are four by default and on which Node's own files depend.
//!   So only calls that end soon run there, and none that waits for JavaScript.
//! - *Threaded*: on a thread of its own, for calls that may take long, that wait for JavaScript to bring bytes, or
//!   that tell of their progress. Node does not wait for such a thread when a worker or the process ends; the
//!   call is cancelled then, see [`crate::token`].

use std::sync::Arc;

use napi::Status;
use napi::Task;
use napi::bindgen_prelude::{AsyncTask, Either, FnArgs, Function, Unknown};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use ouroborosdb::{CancelToken, Control, Error, ErrorCode, Result, guarded};

use crate::reply::Reply;
use crate::thrown::thrown;
use crate::token::{CallToken, Heard};

/// What JavaScript passes to say that it waits.
pub(crate) const SYNC: u32 = 0;

/// The kinds of news of a threaded call, as `lib/call.cjs` knows them.
const SETTLED: u32 = 0;
const FAILED: u32 = 1;
const PROGRESS: u32 = 2;
const DRAINED: u32 = 3;

/// The answer, or a promise of it. (No alias of a `Result`: napi looks at the words of a signature.)
pub(crate) type Answer = Either<Reply, AsyncTask<Pooled>>;

type News = FnArgs<(u32, Reply, Reply)>;

/// The function that JavaScript gives a long call, to hear of it: of a kind of news and two values.
pub(crate) type Listener<'a> = Function<'a, News, Unknown<'static>>;

/// A call on libuv's pool.
pub struct Pooled {
    work: Option<Box<dyn FnOnce() -> Result<Reply> + Send>>,
}

impl Task for Pooled {
    type Output = Reply;
    type JsValue = Reply;

    fn compute(&mut self) -> napi::Result<Reply> {
        let work = self.work.take();
        guarded(|| work.map_or(Ok(Reply::Nothing), |work| work())).map_err(|error| thrown(&error))
    }

    fn resolve(&mut self, _: napi::Env, reply: Reply) -> napi::Result<Reply> {
        Ok(reply)
    }
}

/// Runs a short call now, or on the pool.
pub(crate) fn run(how: u32, work: impl FnOnce() -> Result<Reply> + Send + 'static) -> napi::Result<Answer> {
    if how == SYNC {
        return guarded(work).map(Either::A).map_err(|error| thrown(&error));
    }
    Ok(Either::B(AsyncTask::new(Pooled { work: Some(Box::new(work)) })))
}

/// Runs a long call: now, with a listener on a thread of its own, without one on the pool.
pub(crate) fn run_long(
    how: u32,
    token: &CallToken,
    listener: Option<Listener<'_>>,
    work: impl FnOnce(Control<'_>, Option<&Arc<Post>>) -> Result<Reply> + Send + 'static,
) -> napi::Result<Answer> {
    match listener {
        Some(listener) if how == SYNC => {
            let control = told(&token.inner, &listener);
            guarded(|| work(control, None)).map(Either::A).map_err(|error| thrown(&error))
        }
        Some(listener) => {
            let post = Arc::new(Post::new(&listener, token)?);
            let token = token.inner.clone();
            let spawned = std::thread::Builder::new().name("ouroborosdb".to_owned()).spawn(move || {
                let tell = |progress| post.send_progress(progress);
                let control = Control::new().cancel(&token).on_progress(tell);
                match guarded(|| work(control, Some(&post))) {
                    Ok(reply) => post.send((SETTLED, reply, Reply::Nothing)),
                    Err(error) => {
                        let reason = Reply::Text(thrown(&error).reason.clone());
                        post.send((FAILED, reason, Reply::Nothing));
                    }
                }
            });
            let failed = |error| thrown(&Error::new(ErrorCode::Io, format!("starting a thread: {error}")));
            spawned.map(|_| Either::A(Reply::Nothing)).map_err(failed)
        }
        None => {
            let token = token.inner.clone();
            run(how, move || work(Control::new().cancel(&token), None))
        }
    }
}

/// The control of a call that JavaScript waits for.
pub(crate) fn told<'a>(token: &'a CancelToken, listener: &'a Listener<'_>) -> Control<'a> {
    Control::new().cancel(token).on_progress(|progress| {
        // What goes wrong in the function is kept by `lib/call.cjs`, unless JavaScript itself is ending.
        if listener.call(progress_news(progress).into()).is_err() {
            token.cancel();
        }
    })
}

fn progress_news(progress: ouroborosdb::Progress) -> (u32, Reply, Reply) {
    (PROGRESS, Reply::Number(progress.bytes as f64), Reply::Number(progress.items as f64))
}

/// Takes news of a threaded call to JavaScript's thread, in order. Where there is no JavaScript any more, they are
/// dropped.
pub(crate) struct Post {
    function: ThreadsafeFunction<News, Unknown<'static>, News, Status, false>,
    heard: Arc<Heard>,
}

impl Post {
    fn new(listener: &Listener<'_>, token: &CallToken) -> napi::Result<Post> {
        let function = listener.build_threadsafe_function::<News>().callee_handled::<false>().build()?;
        Ok(Post { function, heard: Arc::clone(&token.heard) })
    }

    fn send(&self, news: (u32, Reply, Reply)) {
        // Closing is the only answer but success, and then there is nobody to tell.
        let _ = self.function.call(news.into(), ThreadsafeFunctionCallMode::NonBlocking);
    }

    /// Tells of progress, and waits until JavaScript has heard it: who cancels a call from there means this call, and
    /// not what has become of it meanwhile.
    fn send_progress(&self, progress: ouroborosdb::Progress) {
        self.heard.after(|| self.send(progress_news(progress)));
    }

    /// Tells that a source has room again.
    pub(crate) fn send_drained(&self) {
        self.send((DRAINED, Reply::Nothing, Reply::Nothing));
    }
}

//! Watching a long call: its progress function, Ctrl-C, cancelling, and what Python raises meanwhile.
//!
//! While the engine runs, Python is not there: an exception of a callback cannot travel through the engine. It is
//! kept here, the call is cancelled, and when the engine has answered, the exception is raised. The same way goes
//! the `KeyboardInterrupt` of Ctrl-C, which is looked for whenever the engine tells of progress.

use ouroborosdb::{Control, Progress, Result};
use parking_lot::Mutex;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;

use crate::arguments::wrong_type;
use crate::cancel_token::CancelToken;
use crate::detached::detached_result;
use crate::ending::attached;
use crate::errors::raised;

/// One watched call.
pub(crate) struct Watch {
    progress: Option<Py<PyAny>>,
    /// Of the caller, who may have given it to other calls too: it is asked, and never cancelled here.
    callers: Option<ouroborosdb::CancelToken>,
    ours: ouroborosdb::CancelToken,
    kept: Mutex<Option<Kept>>,
}

/// An exception that waits for the engine's answer.
enum Kept {
    /// To be raised as it is.
    AsIs(PyErr),
    /// The cause of the engine's `source_failed`.
    Source(PyErr),
}

impl Watch {
    /// From the arguments `progress` and `cancel`.
    pub(crate) fn new(
        progress: Option<&Bound<'_, PyAny>>,
        cancel: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Watch> {
        if let Some(progress) = progress.filter(|progress| !progress.is_callable()) {
            return Err(wrong_type("progress", "a callable of two ints, bytes and items", progress));
        }
        let token = |cancel: &Bound<'_, PyAny>| match cancel.cast::<CancelToken>() {
            Ok(token) => Ok(token.get().inner.clone()),
            Err(_) => Err(wrong_type("cancel", "a CancelToken", cancel)),
        };
        let watch = Watch {
            progress: progress.map(|progress| progress.clone().unbind()),
            callers: cancel.map(token).transpose()?,
            ours: ouroborosdb::CancelToken::new(),
            kept: Mutex::new(None),
        };
        watch.pass_on_cancelling();
        Ok(watch)
    }

    /// Runs `work` behind the door, and raises what was kept, else what it answers.
    pub(crate) fn run<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(Control<'_>) -> Result<T> + Send,
    ) -> PyResult<T> {
        let answer = detached_result(py, || {
            work(Control::new().cancel(&self.ours).on_progress(|progress| self.report(progress)))
        });
        match (self.kept.lock().take(), answer) {
            (None, Ok(value)) => Ok(value),
            (None, Err(error)) => Err(raised(py, &error)),
            (Some(Kept::Source(cause)), Err(error)) => {
                let failed = raised(py, &error);
                failed.set_cause(py, Some(cause));
                Err(failed)
            }
            (Some(Kept::AsIs(exception) | Kept::Source(exception)), _) => Err(exception),
        }
    }

    fn report(&self, progress: Progress) {
        self.pass_on_cancelling();
        if self.kept.lock().is_some() {
            return;
        }
        let told = attached(|py| {
            py.check_signals()?;
            match &self.progress {
                Some(callback) => callback.call1(py, (progress.bytes, progress.items)).map(drop),
                None => Ok(()),
            }
        });
        // The callback may have cancelled.
        self.pass_on_cancelling();
        match told {
            Some(Ok(())) => {}
            Some(Err(exception)) => self.keep(exception),
            // The interpreter is ending.
            None => self.ours.cancel(),
        }
    }

    /// An exception that cancels the call and is raised as it is.
    pub(crate) fn keep(&self, exception: PyErr) {
        self.ours.cancel();
        self.kept.lock().get_or_insert(Kept::AsIs(exception));
    }

    /// An exception of the caller's source of bytes. One of the database's own, from a source that reads from a
    /// database, and one that is no failure, such as `KeyboardInterrupt`, is raised as it is.
    pub(crate) fn keep_of_source(&self, py: Python<'_>, exception: PyErr) {
        let ours = py.import("ouroborosdb._errors").and_then(|module| module.getattr("Error"));
        let ours = ours.is_ok_and(|class| exception.is_instance(py, &class));
        if ours || !exception.is_instance_of::<PyException>(py) {
            self.keep(exception);
        } else {
            self.ours.cancel();
            self.kept.lock().get_or_insert(Kept::Source(exception));
        }
    }

    /// Whether the call is cancelled.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.ours.is_cancelled()
    }

    fn pass_on_cancelling(&self) {
        if self.callers.as_ref().is_some_and(ouroborosdb::CancelToken::is_cancelled) {
            self.ours.cancel();
        }
    }
}

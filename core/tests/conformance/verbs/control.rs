//! Cancelling and watching.

use std::cell::RefCell;
use std::rc::Rc;

use ouroborosdb::{CancelToken, Control, Progress};

use crate::names::{Handle, Names, Watched};
use crate::outcome::{Answer, Failure, done, handle, text};
use crate::statement::Statement;

pub(crate) fn call(names: &mut Names, statement: &Statement) -> Option<Answer> {
    let (verb, words) = statement.parts();
    Some(match (verb, words.as_slice()) {
        ("cancel_token", []) => handle(Handle::CancelToken(CancelToken::new())),
        ("cancel_token.cancel", [token]) => names.cancel_token(token).and_then(|token| {
            token.cancel();
            done()
        }),
        ("cancel_token.is_cancelled", [token]) => {
            names.cancel_token(token).and_then(|token| text(token.is_cancelled()))
        }
        ("script.progress_calls" | "script.progress_bytes" | "script.progress_items", [progress]) => {
            watched(names, verb, progress)
        }
        _ => return None,
    })
}

fn watched(names: &mut Names, verb: &str, progress: &str) -> Answer {
    let seen = *names.progress(progress)?.borrow();
    text(match verb {
        "script.progress_calls" => seen.calls,
        "script.progress_bytes" => seen.bytes,
        _ => seen.items,
    })
}

/// What the line says about cancelling and watching the call; none where it says nothing. The function that
/// watches asks the database for its figures, to show that it may.
pub(crate) fn control(
    names: &mut Names,
    statement: &Statement,
    db: Option<&str>,
) -> Result<Option<Control<'static>>, Failure> {
    let mut control = Control::new();
    let mut any = false;
    if let Some(name) = statement.option("cancel") {
        control = control.cancel(names.cancel_token(name)?);
        any = true;
    }
    if let Some(name) = statement.option("cancel_within") {
        let token = names.cancel_token(name)?.clone();
        control = control.cancel(&token).on_progress(move |_| token.cancel());
        any = true;
    }
    if let Some(name) = statement.option("progress") {
        let seen = Rc::new(RefCell::new(Watched::default()));
        names.set_handle(name.to_owned(), Handle::Progress(Rc::clone(&seen)));
        let db = db.map(|db| names.database(db).cloned()).transpose()?;
        control = control.on_progress(move |progress: Progress| {
            let calls = seen.borrow().calls + 1;
            *seen.borrow_mut() = Watched { calls, bytes: progress.bytes, items: progress.items };
            if let Some(db) = &db {
                db.stats().expect("a call back in answers");
            }
        });
        any = true;
    }
    Ok(any.then_some(control))
}

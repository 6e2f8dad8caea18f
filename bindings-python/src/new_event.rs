//! What a new event carries, from keyword arguments.
//!
//! Every call that makes an event takes the same ones, so they are read in one place. Limits are the engine's, which
//! looks at them before it copies; only a buffer that may change meanwhile is copied for it to look at.

use ouroborosdb::{NewEvent, Result};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString};

use crate::arguments::{EventArgument, flag, text, wrong_type};
use crate::bytes_like::with_bytes_or_text;
use crate::errors::raised;
use crate::open::Durable;
use crate::time::expiry;

/// The event that keyword arguments describe: `metadata`, `attributes`, `follows`, `temporary`, `expires`,
/// `full_text`, `durability`. `call` is the name of the call, for the message about an unknown one.
pub(crate) fn new_event(call: &str, arguments: Option<&Bound<'_, PyDict>>) -> PyResult<NewEvent> {
    let mut new = NewEvent::new();
    for (name, value) in arguments.into_iter().flatten() {
        let name = name.extract::<String>()?;
        new = match name.as_str() {
            "temporary" => new.temporary(flag("temporary", &value)?),
            "full_text" => new.full_text(flag("full_text", &value)?),
            "metadata" | "attributes" | "follows" | "expires" | "durability" if value.is_none() => new,
            "metadata" => within(&value, with_bytes_or_text("metadata", &value, |it| new.try_metadata(it))?)?,
            "attributes" => with_attributes(new, &value)?,
            "follows" => with_follows(new, &value)?,
            "expires" => new.expires_ms(expiry(&value)?),
            "durability" => new.durability(value.extract::<Durable>()?.0),
            _ => {
                let message = format!("{call}() got an unexpected keyword argument '{name}'");
                return Err(PyTypeError::new_err(message));
            }
        };
    }
    Ok(new)
}

const ATTRIBUTES: &str = "a mapping of str to bytes or str, or an iterable of such pairs";

fn with_attributes(mut new: NewEvent, given: &Bound<'_, PyAny>) -> PyResult<NewEvent> {
    let wrong = |given: &Bound<'_, PyAny>| wrong_type("attributes", ATTRIBUTES, given);
    if given.is_instance_of::<PyString>() || given.is_instance_of::<PyBytes>() {
        return Err(wrong(given));
    }
    let pairs = match given.cast::<PyDict>() {
        Ok(attributes) => attributes.items().into_any(),
        Err(_) if given.hasattr("items")? => given.call_method0("items")?,
        Err(_) => given.clone(),
    };
    let pairs = pairs.try_iter().map_err(|_| wrong(given))?;
    for pair in pairs {
        let pair = pair?;
        let (name, value) =
            pair.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>().map_err(|_| wrong(&pair))?;
        let name = text("an attribute's name", &name)?.as_bytes();
        let with = with_bytes_or_text("an attribute's value", &value, |it| new.try_attribute(name, it))?;
        new = within(given, with)?;
    }
    Ok(new)
}

fn with_follows(mut new: NewEvent, given: &Bound<'_, PyAny>) -> PyResult<NewEvent> {
    let wrong = || wrong_type("follows", "an iterable of events", given);
    if given.is_instance_of::<PyString>() || given.is_instance_of::<PyBytes>() {
        return Err(wrong());
    }
    for event in given.try_iter().map_err(|_| wrong())? {
        new = within(given, new.try_follow(event?.extract::<EventArgument>()?.0))?;
    }
    Ok(new)
}

/// What the engine took, or its refusal as an exception.
fn within(given: &Bound<'_, PyAny>, taken: Result<NewEvent>) -> PyResult<NewEvent> {
    taken.map_err(|error| raised(given.py(), &error))
}

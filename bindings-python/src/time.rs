//! Points in time: milliseconds since 1970 in the engine, aware `datetime` objects in Python.

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDateTime, PyDelta, PyDeltaAccess, PyTzInfo, PyTzInfoAccess};

use crate::arguments::{invalid, whole_number, wrong_type};

const DAY_SECONDS: i64 = 24 * 60 * 60;
const SECOND_MS: i64 = 1000;
const DAY_MS: u64 = (DAY_SECONDS * SECOND_MS) as u64;

fn epoch(py: Python<'_>) -> PyResult<Bound<'_, PyDateTime>> {
    PyDateTime::new(py, 1970, 1, 1, 0, 0, 0, 0, Some(&*PyTzInfo::utc(py)?))
}

/// The point in time in UTC. `datetime` ends with the year 9999, the engine's clock later.
pub(crate) fn datetime(py: Python<'_>, ms: u64) -> PyResult<Bound<'_, PyAny>> {
    let late = |_| invalid(py, "the time is after the year 9999; take the milliseconds instead");
    let days = i32::try_from(ms / DAY_MS).map_err(|_| invalid(py, "the time is too far in the future"))?;
    let rest = (ms % DAY_MS) as i64;
    // Both parts are smaller than a day.
    let (seconds, micros) = ((rest / SECOND_MS) as i32, (rest % SECOND_MS) as i32 * 1000);
    let since = PyDelta::new(py, days, seconds, micros, true).map_err(late)?;
    epoch(py)?.add(since).map_err(late)
}

/// When an event expires: an aware `datetime`, or milliseconds since 1970.
pub(crate) fn expiry(given: &Bound<'_, PyAny>) -> PyResult<u64> {
    let py = given.py();
    let Ok(time) = given.cast::<PyDateTime>() else {
        let number = given.is_instance_of::<PyBool>() || !given.hasattr("__index__")?;
        if number {
            return Err(wrong_type("expires", "an aware datetime or an int of milliseconds", given));
        }
        return whole_number("expires", given);
    };
    if time.get_tzinfo().is_none() {
        return Err(invalid(py, "expires has no time zone; make it aware, with tzinfo=timezone.utc for one"));
    }
    let since = time.sub(epoch(py)?)?.cast_into::<PyDelta>()?;
    let seconds = i64::from(since.get_days()) * DAY_SECONDS + i64::from(since.get_seconds());
    let ms = seconds * SECOND_MS + i64::from(since.get_microseconds()) / 1000;
    u64::try_from(ms).map_err(|_| invalid(py, "expires is before 1970"))
}

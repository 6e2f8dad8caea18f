//! What threads share, of the modules whose every interleaving is tried: `models/` has the same names from loom, and
//! compiles those modules against them.

pub(crate) use std::sync::Arc;
pub(crate) use std::sync::atomic::{AtomicU64, Ordering};

pub(crate) use parking_lot::{Condvar, Mutex};

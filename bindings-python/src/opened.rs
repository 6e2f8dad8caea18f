//! An open database, as all Python objects that hang on it share it.
//!
//! The last of them closes the database when it goes, which may write and wait for the disk. A destructor of
//! Python runs with the interpreter held, so it is let go of here; what goes wrong nobody is there to hear.

use std::ops::Deref;

use ouroborosdb::Database;
use pyo3::prelude::*;

use crate::detached::detached_result;

pub(crate) struct Opened {
    database: Database,
}

impl Opened {
    pub(crate) fn new(database: Database) -> Opened {
        Opened { database }
    }
}

impl Deref for Opened {
    type Target = Database;

    fn deref(&self) -> &Database {
        &self.database
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        if self.database.is_closed() {
            return;
        }
        // Without an interpreter, as a process ends, the engine's own handle closes when it is dropped after this.
        let _ = Python::try_attach(|py| detached_result(py, || self.database.close()));
    }
}

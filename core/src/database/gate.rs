//! Who is inside: calls enter and leave, and `close` waits until nobody is left.
//!
//! A call may close the database from within, through a callback. It cannot wait for itself: the last call to
//! leave does the closing then.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use parking_lot::{Condvar, Mutex};

use crate::error::{Error, Result};

thread_local! {
    /// The gates that this thread is inside of, by address.
    static INSIDE: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

#[derive(Debug, Default)]
pub(super) struct Gate {
    closing: AtomicBool,
    /// Whoever closed could not wait: the last one out ends the database.
    deferred: AtomicBool,
    active: AtomicUsize,
    waiting: Mutex<()>,
    left: Condvar,
}

impl Gate {
    /// Counts a call in; `closed` once closing has begun. The order of the two atomics matters: the count goes
    /// up first, so that whoever closes sees the call, or the call sees that it is too late.
    pub(super) fn enter(&self) -> Result<()> {
        self.active.fetch_add(1, Ordering::SeqCst);
        if self.closing.load(Ordering::SeqCst) {
            self.count_out();
            return Err(Error::closed());
        }
        INSIDE.with_borrow_mut(|inside| inside.push(self.address()));
        Ok(())
    }

    /// Counts a call out. `true` where it is the last one, and is to end the database.
    pub(super) fn leave(&self) -> bool {
        let address = self.address();
        INSIDE.with_borrow_mut(|inside| {
            if let Some(at) = inside.iter().rposition(|other| *other == address) {
                inside.swap_remove(at);
            }
        });
        self.count_out()
    }

    fn count_out(&self) -> bool {
        let last = self.active.fetch_sub(1, Ordering::SeqCst) == 1;
        if last && self.closing.load(Ordering::SeqCst) {
            let _waiting = self.waiting.lock();
            self.left.notify_all();
            return self.deferred.load(Ordering::SeqCst);
        }
        false
    }

    pub(super) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }

    /// Lets nobody in any more, and waits until everyone is out. `false` where this thread itself is inside.
    pub(super) fn shut(&self) -> bool {
        self.closing.store(true, Ordering::SeqCst);
        let address = self.address();
        if INSIDE.with_borrow(|inside| inside.contains(&address)) {
            self.deferred.store(true, Ordering::SeqCst);
            return false;
        }
        let mut waiting = self.waiting.lock();
        while self.active.load(Ordering::SeqCst) > 0 {
            self.left.wait(&mut waiting);
        }
        true
    }

    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }
}

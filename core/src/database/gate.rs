//! Who is inside: calls enter and leave, and `close` waits until nobody is left.
//!
//! A call may close the database from within, through a callback. It cannot wait for itself: the last call to
//! leave does the closing then. Whoever comes too late is counted for a moment too, and may be that last one.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use parking_lot::{Condvar, Mutex};

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
    /// Counts a call in. Once closing has begun it fails, with `true` where the caller is the last one out and is to
    /// end the database. The order of the two atomics matters: the count goes up first, so that whoever closes sees
    /// the call, or the call sees that it is too late.
    pub(super) fn enter(&self) -> Result<(), bool> {
        self.active.fetch_add(1, Ordering::SeqCst);
        if self.closing.load(Ordering::SeqCst) {
            return Err(self.count_out());
        }
        with_inside(|inside| inside.push(self.address()));
        Ok(())
    }

    /// Counts a call out. `true` where it is the last one, and is to end the database.
    pub(super) fn leave(&self) -> bool {
        let address = self.address();
        with_inside(|inside| {
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

    /// Lets nobody in any more, and waits until everyone is out. `false` where this thread is itself inside of a
    /// database and others are inside of this one: it could wait for itself, or for a thread that waits for it, so
    /// the last one out ends the database.
    pub(super) fn shut(&self) -> bool {
        self.closing.store(true, Ordering::SeqCst);
        let within_a_call = with_inside(|inside| !inside.is_empty()).unwrap_or(false);
        let mut waiting = self.waiting.lock();
        if within_a_call {
            self.deferred.store(true, Ordering::SeqCst);
            return self.active.load(Ordering::SeqCst) == 0;
        }
        while self.active.load(Ordering::SeqCst) > 0 {
            self.left.wait(&mut waiting);
        }
        true
    }

    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }
}

/// None where the thread is ending and has forgotten already: what is called from there is inside of nothing.
fn with_inside<T>(work: impl FnOnce(&mut Vec<usize>) -> T) -> Option<T> {
    INSIDE.try_with(|inside| work(&mut inside.borrow_mut())).ok()
}

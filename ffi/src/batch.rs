//! Many events at once, all or nothing.

use std::ffi::c_char;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use ouroborosdb::{Batch, BatchParent, Error, ErrorCode, Member, Result};

use crate::boundary::Caller;
use crate::control::ouro_control;
use crate::durability::durability as durability_of;
use crate::error::{ouro_error, ouro_status};
use crate::event_id::ouro_event_id;
use crate::id_list::ouro_id_list;
use crate::new_event::ouro_new_event;
use crate::source::ouro_source;

/// Events that become visible together or not at all. It holds no lock until `ouro_batch_commit`; freed before,
/// it is discarded. Threads may share it.
pub struct ouro_batch {
    inner: Batch,
    /// Tells its members from those of other batches: C has numbers where the engine has its own type.
    tag: u64,
    /// By their index. A thread that is faster than another leaves its place empty for a moment.
    members: Mutex<Vec<Option<Member>>>,
}

/// One member of a batch: a parent within it, and the place of its id in what `ouro_batch_commit` gives.
#[derive(Clone, Copy, Default)]
#[repr(C)]
pub struct ouro_member {
    /// The batch; the library's own.
    pub batch: u64,
    /// The position in the batch, from 0.
    pub index: usize,
}

/// Where a member of a batch hangs. Made by `ouro_batch_parent_event` or `ouro_batch_parent_member`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct ouro_batch_parent {
    /// Whether it is a member; the library's own.
    pub is_member: u64,
    /// The member.
    pub member: ouro_member,
    /// The event.
    pub event: ouro_event_id,
}

static NEXT_TAG: AtomicU64 = AtomicU64::new(1);

impl ouro_batch {
    pub(crate) fn new(inner: Batch) -> ouro_batch {
        ouro_batch { inner, tag: NEXT_TAG.fetch_add(1, Ordering::Relaxed), members: Mutex::default() }
    }

    /// C's name for a member.
    fn name(&self, member: Member) -> ouro_member {
        let index = member.index();
        let mut members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        if members.len() <= index {
            members.resize(index + 1, None);
        }
        if let Some(place) = members.get_mut(index) {
            *place = Some(member);
        }
        ouro_member { batch: self.tag, index }
    }

    /// The member of this name.
    fn member(&self, name: ouro_member) -> Result<Member> {
        let members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        let found = members.get(name.index).copied().flatten();
        found.filter(|_| name.batch == self.tag).ok_or_else(|| {
            let message = "the parameter `parent` is a member of another batch, or of none; use what a call on \
                           this batch gave";
            Error::new(ErrorCode::InvalidArgument, message)
        })
    }

    fn parent(&self, parent: &ouro_batch_parent) -> Result<BatchParent> {
        if parent.is_member == 0 {
            return Ok(BatchParent::Event(parent.event.into()));
        }
        Ok(BatchParent::Member(self.member(parent.member)?))
    }
}

/// Under a stored event.
#[unsafe(no_mangle)]
pub extern "C" fn ouro_batch_parent_event(event: ouro_event_id) -> ouro_batch_parent {
    ouro_batch_parent { is_member: 0, member: ouro_member::default(), event }
}

/// Under an earlier member of the same batch.
#[unsafe(no_mangle)]
pub extern "C" fn ouro_batch_parent_member(member: ouro_member) -> ouro_batch_parent {
    ouro_batch_parent { is_member: 1, member, event: ouro_event_id::default() }
}

/// Adds a root.
///
/// Errors: `INVALID_TEXT`; `TITLE_TOO_LONG`; `BATCH_TOO_LARGE`; `FINISHED`; `CLOSED`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_batch_create_root(
    batch: *const ouro_batch,
    title: *const c_char,
    title_len: usize,
    out: *mut ouro_member,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.output(out, ouro_member::default(), "out")?;
        let batch = caller.borrow(batch, "batch")?;
        let title = caller.text(title, title_len, "title", "the title")?;
        out.set(batch.name(batch.inner.create_root(title)?));
        Ok(())
    })
}

/// Adds an event under a stored event or an earlier member. `new_event` may be NULL.
///
/// Errors: those of `ouro_database_append`; `INVALID_ARGUMENT` for a member of another batch;
/// `BATCH_TOO_LARGE`; `FINISHED`. After an error the batch is as it was.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_batch_append(
    batch: *const ouro_batch,
    parent: ouro_batch_parent,
    new_event: *const ouro_new_event,
    out: *mut ouro_member,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.output(out, ouro_member::default(), "out")?;
        let batch = caller.borrow(batch, "batch")?;
        let member = batch.inner.append(batch.parent(&parent)?, caller.new_event(new_event)?)?;
        out.set(batch.name(member));
        Ok(())
    })
}

/// Adds an event that carries what the source gives. The bytes are stored now, the event at the commit.
/// `new_event` and `control`, which counts bytes, may be NULL.
///
/// Errors: those of `ouro_database_put_file` and of `ouro_batch_append`. After an error the batch is as it
/// was.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_batch_put_file(
    batch: *const ouro_batch,
    parent: ouro_batch_parent,
    source: ouro_source,
    new_event: *const ouro_new_event,
    control: *const ouro_control,
    out: *mut ouro_member,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.output(out, ouro_member::default(), "out")?;
        let batch = caller.borrow(batch, "batch")?;
        let (new, control) = (caller.new_event(new_event)?, caller.control(control)?);
        let reader = caller.source(&source)?;
        let member = batch.inner.put_file_with(batch.parent(&parent)?, reader, new, control)?;
        out.set(batch.name(member));
        Ok(())
    })
}

/// Members so far; 0 once the batch is committed or discarded, and for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_batch_len(batch: *const ouro_batch) -> usize {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(0, || Some(caller.lent(batch)?.inner.len()))
}

/// Makes all members visible at once, and gives their ids by `ouro_member.index`. The batch is finished,
/// whatever the answer; after an error nothing of it is visible.
///
/// Errors: `FINISHED`; `PARENT_NOT_FOUND`; and those of every write.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_batch_commit(
    batch: *const ouro_batch,
    out: *mut *mut ouro_id_list,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.handle(out, "out")?;
        out.give(ouro_id_list::new(caller.borrow(batch, "batch")?.inner.commit()?));
        Ok(())
    })
}

/// As `ouro_batch_commit`, with a durability of its own, which is one of `OURO_DURABILITY_...`: durable, it makes
/// everything that was committed before durable too; buffered, it waits for no sync.
///
/// Errors: those of `ouro_batch_commit`; `INVALID_ARGUMENT` for another `durability`, after which the batch is as it was.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_batch_commit_with(
    batch: *const ouro_batch,
    durability: i32,
    out: *mut *mut ouro_id_list,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.handle(out, "out")?;
        let batch = caller.borrow(batch, "batch")?;
        let durability = durability_of(durability, "the parameter `durability`")?;
        out.give(ouro_id_list::new(batch.inner.commit_with(durability)?));
        Ok(())
    })
}

/// Throws all members away.
///
/// Errors: `FINISHED`; `CLOSED`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_batch_discard(
    batch: *const ouro_batch,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        caller.borrow(batch, "batch")?.inner.discard()?;
        Ok(())
    })
}

/// Frees the batch. What was not committed is discarded. NULL is allowed.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_batch_free(batch: *mut ouro_batch) {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.free(batch);
}

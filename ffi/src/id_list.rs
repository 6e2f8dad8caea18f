//! Ids that the library gives away.

use ouroborosdb::EventId;

use crate::boundary::Caller;
use crate::event_id::ouro_event_id;

/// Ids that the library gave. Owned: `ouro_id_list_free`.
pub struct ouro_id_list {
    ids: Vec<ouro_event_id>,
}

impl ouro_id_list {
    pub(crate) fn new(ids: Vec<EventId>) -> ouro_id_list {
        ouro_id_list { ids: ids.into_iter().map(ouro_event_id::from).collect() }
    }
}

/// The ids, lent until the list is freed; not NULL even where there are none; NULL for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_id_list_data(list: *const ouro_id_list) -> *const ouro_event_id {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(std::ptr::null(), || Some(caller.lent(list)?.ids.as_ptr()))
}

/// How many ids there are; 0 for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_id_list_len(list: *const ouro_id_list) -> usize {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(0, || Some(caller.lent(list)?.ids.len()))
}

/// Frees the list. NULL is allowed.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_id_list_free(list: *mut ouro_id_list) {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.free(list);
}

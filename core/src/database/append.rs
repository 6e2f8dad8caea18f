//! New roots and new events.

use super::Database;
use crate::error::{Error, ErrorCode, Result};
use crate::event::{CheckedNewEvent, Content, EventFields, EventKind, NewEvent};
use crate::id::EventId;
use crate::latency::Operation;
use crate::limits::TITLE_BYTES_MAX;
use crate::options::Durability;
use crate::store::{PreparedEvent, Store};

impl Database {
    /// Makes a new root with this title. A title may name several roots.
    ///
    /// # Errors
    ///
    /// `title_too_long`, and those of every write: `read_only`, `poisoned`, `disk_full`, `io`, `closed`.
    pub fn create_root(&self, title: &str) -> Result<EventId> {
        let store = self.enter()?;
        let _timer = store.latencies().start(Operation::Append);
        store.check_writable()?;
        let fields = root_fields(&store, title)?;
        commit_one(&store, PreparedEvent::new(fields), None)
    }

    /// The root whose id follows from the title alone, made where there is none: the same on every replica.
    ///
    /// # Errors
    ///
    /// As [`create_root`](Database::create_root).
    pub fn ensure_root(&self, title: &str) -> Result<EventId> {
        let store = self.enter()?;
        let _timer = store.latencies().start(Operation::Append);
        check_title(title)?;
        let fields = EventFields { title: Some(title.to_owned()), ..EventFields::derived(EventKind::Root) };
        let event = PreparedEvent::new(fields);
        if store.is_read_only() && store.query(|index| index.find(&event.id))?.is_some() {
            return Ok(event.id);
        }
        store.check_writable()?;
        commit_one(&store, event, None)
    }

    /// Appends an event under `parent`.
    ///
    /// # Errors
    ///
    /// `parent_not_found`; `invalid_parent` for a permanent event under a temporary one; `event_not_found` for
    /// an id in `follows`; `title_too_long`, `attribute_name_too_long`, `attributes_too_large`,
    /// `metadata_too_large`, `too_many_follows`, `duplicate_attribute`, `invalid_argument`; and those of every
    /// write.
    pub fn append(&self, parent: impl Into<EventId>, new: NewEvent) -> Result<EventId> {
        let store = self.enter()?;
        let _timer = store.latencies().start(Operation::Append);
        store.check_writable()?;
        let (parent, new) = (parent.into(), new.check()?);
        let under = check_new(&store, &parent, &new)?;
        let durability = new.durability;
        let fields = plain_fields(&store, parent, new, None);
        commit_one(&store, PreparedEvent::new(fields).under(under), durability)
    }
}

fn commit_one(store: &Store, event: PreparedEvent, durability: Option<Durability>) -> Result<EventId> {
    let id = event.id;
    store.commit(Vec::new(), vec![event], store.durability(durability))?;
    Ok(id)
}

fn check_title(title: &str) -> Result<()> {
    if title.len() > TITLE_BYTES_MAX {
        let message =
            format!("the title has {} bytes, {TITLE_BYTES_MAX} are the most; shorten it", title.len());
        return Err(Error::new(ErrorCode::TitleTooLong, message));
    }
    Ok(())
}

/// The fields of a new root.
pub(super) fn root_fields(store: &Store, title: &str) -> Result<EventFields> {
    check_title(title)?;
    Ok(EventFields {
        origin: store.origin(),
        time: store.clock().tick(),
        title: Some(title.to_owned()),
        ..EventFields::derived(EventKind::Root)
    })
}

/// Whether an event like this may hang under this stored one. Gives the sequence number of that.
pub(super) fn check_new(store: &Store, parent: &EventId, new: &CheckedNewEvent) -> Result<u64> {
    let sequence = check_parent(store, parent, new.temporary)?;
    check_follows(store, new)?;
    Ok(sequence)
}

/// Whether the store holds what the event is to follow.
pub(super) fn check_follows(store: &Store, new: &CheckedNewEvent) -> Result<()> {
    if new.follows.is_empty() {
        return Ok(());
    }
    match store.query(|index| new.follows.iter().find(|id| index.find(id).is_none()))? {
        None => Ok(()),
        Some(id) => {
            let message =
                format!("the store holds no event {id}, which the new one is to follow; append that first");
            Err(Error::new(ErrorCode::EventNotFound, message))
        }
    }
}

/// Whether an event may hang under this stored one; `corrupt` for one whose body cannot be read. Gives its sequence
/// number.
pub(super) fn check_parent(store: &Store, parent: &EventId, temporary: bool) -> Result<u64> {
    let Some(row) = store.query(|index| index.find(parent))? else {
        let message = format!("the store holds no event {parent}; append the parent first");
        return Err(Error::new(ErrorCode::ParentNotFound, message));
    };
    if row.damaged {
        let message = format!(
            "event {parent} is damaged, so nothing can be said of what may hang under it; run verify"
        );
        return Err(Error::new(ErrorCode::Corrupt, message));
    }
    check_temporary(row.temporary, temporary)?;
    if matches!(row.kind, EventKind::Keyspace | EventKind::Key) {
        let message = "keys and keyspaces hold versions only; append under another event";
        return Err(Error::new(ErrorCode::InvalidParent, message));
    }
    Ok(row.sequence)
}

/// A permanent event would lose its parent when a temporary one is collected.
pub(super) fn check_temporary(parent: bool, child: bool) -> Result<()> {
    if parent && !child {
        let message = "a permanent event cannot hang under a temporary one; make it temporary too";
        return Err(Error::new(ErrorCode::InvalidParent, message));
    }
    Ok(())
}

/// The fields of a new plain event; without a parent where that has no id yet.
pub(super) fn plain_fields(
    store: &Store,
    parent: impl Into<Option<EventId>>,
    new: CheckedNewEvent,
    content: Option<Content>,
) -> EventFields {
    EventFields {
        temporary: new.temporary,
        full_text: new.full_text,
        origin: store.origin(),
        time: store.clock().tick(),
        parent: parent.into(),
        follows: new.follows,
        expires_ms: new.expires_ms,
        attributes: new.attributes,
        metadata: new.metadata,
        content,
        ..EventFields::derived(EventKind::Plain)
    }
}

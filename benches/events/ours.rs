//! The database of this checkout.

use std::path::Path;

use ouroborosdb::{Database, ErrorCode, Event, EventId, NewEvent, Options, Order};

use crate::Result;
use crate::store::{Durability, EventStore, ID_BYTES, Id, Payload};

pub(crate) const NAME: &str = "ours";
const ATTRIBUTE: &str = "name";
/// More children than an event of these benchmarks has.
const CHILDREN_MAX: usize = 1 << 20;

pub(crate) struct Ours(Database);

impl EventStore for Ours {
    const NAME: &'static str = NAME;
    const DURABILITY: &'static str =
        "Durability::Buffered, survives a crash of the process; durable: Durability::Durable";
    type Event = Event;

    fn open(folder: &Path, durability: Durability) -> Result<Ours> {
        let durability = match durability {
            Durability::Buffered => ouroborosdb::Durability::Buffered,
            Durability::Durable => ouroborosdb::Durability::Durable,
        };
        Ok(Ours(Database::open(folder, Options::new().durability(durability))?))
    }

    fn version() -> String {
        format!("ouroborosdb {}", env!("CARGO_PKG_VERSION"))
    }

    fn create_root(&self, title: &str) -> Result<Id> {
        Ok(*self.0.create_root(title)?.as_bytes())
    }

    fn append(&self, parent: &Id, payload: &Payload) -> Result<Id> {
        Ok(*self.0.append(event_id(parent)?, new(payload))?.as_bytes())
    }

    fn batch(&self, events: &[(Id, Payload)]) -> Result<Vec<Id>> {
        let batch = self.0.batch()?;
        for (parent, payload) in events {
            batch.append(event_id(parent)?, new(payload))?;
        }
        Ok(batch.commit()?.iter().map(|id| *id.as_bytes()).collect())
    }

    fn get(&self, id: &Id) -> Result<Option<Event>> {
        match self.0.event(event_id(id)?) {
            Ok(event) => Ok(Some(event)),
            Err(error) if error.code() == ErrorCode::EventNotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn payload(event: &Event) -> &[u8] {
        event.attribute(ATTRIBUTE).unwrap_or_default()
    }

    fn child_ids(&self, id: &Id) -> Result<Vec<Id>> {
        let children = self.0.child_ids(event_id(id)?, Order::Commit)?.page(CHILDREN_MAX)?;
        Ok(children.iter().map(|id| *id.as_bytes()).collect())
    }

    fn syncs(&self) -> Option<u64> {
        self.0.stats().ok().map(|stats| stats.syncs)
    }

    fn rebuild_index(&self) -> Option<Result<()>> {
        Some(self.0.rebuild_index().map_err(Into::into))
    }

    fn close(self) -> Result<()> {
        Ok(self.0.close()?)
    }
}

impl Ours {
    /// Bytes that an append of one event adds to the log.
    pub(crate) fn append_bytes() -> Result<usize> {
        let db = Database::open_in_memory(Options::new())?;
        let root = db.create_root("bytes")?;
        let before = db.stats()?.stored_bytes;
        db.append(root, new(&[1; _]))?;
        Ok(usize::try_from(db.stats()?.stored_bytes - before)?)
    }
}

fn new(payload: &Payload) -> NewEvent {
    NewEvent::new().attribute(ATTRIBUTE, payload.as_slice())
}

fn event_id(id: &[u8; ID_BYTES]) -> Result<EventId> {
    Ok(EventId::from_bytes(id)?)
}

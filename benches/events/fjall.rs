//! fjall: a log-structured merge tree.

use std::path::Path;

use fjall::{
    KeyspaceCreateOptions, PersistMode, Readable, SingleWriterTxDatabase, SingleWriterTxKeyspace, UserValue,
};

use crate::Result;
use crate::peer::{self, Content, Sequence, parent_not_found};
use crate::store::{Durability, EventStore, Id, Payload};

pub(crate) struct Fjall {
    db: SingleWriterTxDatabase,
    events: SingleWriterTxKeyspace,
    children: SingleWriterTxKeyspace,
    mode: PersistMode,
    sequence: Sequence,
}

impl EventStore for Fjall {
    const NAME: &'static str = "fjall";
    const DURABILITY: &'static str =
        "PersistMode::Buffer, survives a crash of the process; durable: PersistMode::SyncData";
    type Event = UserValue;

    fn open(folder: &Path, durability: Durability) -> Result<Fjall> {
        let mode = match durability {
            Durability::Buffered => PersistMode::Buffer,
            Durability::Durable => PersistMode::SyncData,
        };
        let db = SingleWriterTxDatabase::builder(folder).open()?;
        let events = db.keyspace("events", KeyspaceCreateOptions::default)?;
        let children = db.keyspace("children", KeyspaceCreateOptions::default)?;
        Ok(Fjall { db, events, children, mode, sequence: Sequence::new()? })
    }

    fn version() -> String {
        peer::crate_version("fjall")
    }

    fn create_root(&self, title: &str) -> Result<Id> {
        let content = Content::root(title);
        let mut transaction = self.db.write_tx().durability(Some(self.mode));
        transaction.insert(&self.events, content.id(), content.0);
        transaction.commit()?;
        Ok(content.id())
    }

    fn append(&self, parent: &Id, payload: &Payload) -> Result<Id> {
        let mut ids = self.batch(&[(*parent, *payload)])?;
        ids.pop().ok_or_else(|| "no id".into())
    }

    fn batch(&self, events: &[(Id, Payload)]) -> Result<Vec<Id>> {
        let mut transaction = self.db.write_tx().durability(Some(self.mode));
        let mut ids = Vec::with_capacity(events.len());
        for (parent, payload) in events {
            if !transaction.contains_key(&self.events, parent)? {
                return Err(parent_not_found());
            }
            let content = Content::new(parent, payload);
            let id = content.id();
            transaction.insert(&self.events, id, content.0);
            transaction.insert(&self.children, self.sequence.child_key(parent), id);
            ids.push(id);
        }
        transaction.commit()?;
        Ok(ids)
    }

    fn get(&self, id: &Id) -> Result<Option<UserValue>> {
        Ok(self.events.get(id)?)
    }

    fn payload(event: &UserValue) -> &[u8] {
        peer::payload(event)
    }

    fn child_ids(&self, id: &Id) -> Result<Vec<Id>> {
        self.db.read_tx().prefix(&self.children, id).map(|child| peer::id(&child.value()?)).collect()
    }

    fn rebuild_index(&self) -> Option<Result<()>> {
        None
    }

    fn close(self) -> Result<()> {
        Ok(self.db.persist(PersistMode::SyncAll)?)
    }
}

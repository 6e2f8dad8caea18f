//! redb: a B-tree that is copied on write.

use std::path::Path;

use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, WriteTransaction};

use crate::Result;
use crate::peer::{self, CHILD_KEY_BYTES, Content, Sequence, child_keys, parent_not_found};
use crate::store::{Durability, EventStore, ID_BYTES, Id, Payload};

const EVENTS: TableDefinition<'_, &[u8; ID_BYTES], &[u8]> = TableDefinition::new("events");
const CHILDREN: TableDefinition<'_, &[u8; CHILD_KEY_BYTES], &[u8; ID_BYTES]> =
    TableDefinition::new("children");

pub(crate) struct Redb {
    db: Database,
    durability: redb::Durability,
    sequence: Sequence,
}

impl EventStore for Redb {
    const NAME: &'static str = "redb";
    const DURABILITY: &'static str =
        "Durability::None, which a crash of the process undoes; durable: Durability::Immediate";
    type Event = Vec<u8>;

    fn open(folder: &Path, durability: Durability) -> Result<Redb> {
        std::fs::create_dir_all(folder)?;
        let durability = match durability {
            Durability::Buffered => redb::Durability::None,
            Durability::Durable => redb::Durability::Immediate,
        };
        let db = Database::create(folder.join("redb"))?;
        let transaction = db.begin_write()?;
        transaction.open_table(EVENTS)?;
        transaction.open_table(CHILDREN)?;
        transaction.commit()?;
        Ok(Redb { db, durability, sequence: Sequence::new()? })
    }

    fn version() -> String {
        peer::crate_version("redb")
    }

    fn create_root(&self, title: &str) -> Result<Id> {
        let content = Content::root(title);
        let transaction = self.begin()?;
        transaction.open_table(EVENTS)?.insert(&content.id(), content.0.as_slice())?;
        transaction.commit()?;
        Ok(content.id())
    }

    fn append(&self, parent: &Id, payload: &Payload) -> Result<Id> {
        let mut ids = self.batch(&[(*parent, *payload)])?;
        ids.pop().ok_or_else(|| "no id".into())
    }

    fn batch(&self, events: &[(Id, Payload)]) -> Result<Vec<Id>> {
        let transaction = self.begin()?;
        let ids = self.put(&transaction, events)?;
        transaction.commit()?;
        Ok(ids)
    }

    fn get(&self, id: &Id) -> Result<Option<Vec<u8>>> {
        let events = self.db.begin_read()?.open_table(EVENTS)?;
        Ok(events.get(id)?.map(|event| event.value().to_vec()))
    }

    fn payload(event: &Vec<u8>) -> &[u8] {
        peer::payload(event)
    }

    fn child_ids(&self, id: &Id) -> Result<Vec<Id>> {
        let children = self.db.begin_read()?.open_table(CHILDREN)?;
        let (first, last) = child_keys(id);
        children.range::<&[u8; CHILD_KEY_BYTES]>(&first..=&last)?.map(|child| Ok(*child?.1.value())).collect()
    }

    fn rebuild_index(&self) -> Option<Result<()>> {
        None
    }

    fn close(self) -> Result<()> {
        // The first commit that is durable takes with it what the others left.
        Ok(self.db.begin_write()?.commit()?)
    }
}

impl Redb {
    fn begin(&self) -> Result<WriteTransaction> {
        let mut transaction = self.db.begin_write()?;
        transaction.set_durability(self.durability)?;
        Ok(transaction)
    }

    fn put(&self, transaction: &WriteTransaction, new: &[(Id, Payload)]) -> Result<Vec<Id>> {
        let mut events = transaction.open_table(EVENTS)?;
        let mut children = transaction.open_table(CHILDREN)?;
        let mut ids = Vec::with_capacity(new.len());
        for (parent, payload) in new {
            if events.get(parent)?.is_none() {
                return Err(parent_not_found());
            }
            let content = Content::new(parent, payload);
            let id = content.id();
            events.insert(&id, content.0.as_slice())?;
            children.insert(&self.sequence.child_key(parent), &id)?;
            ids.push(id);
        }
        Ok(ids)
    }
}

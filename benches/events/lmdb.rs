//! LMDB, by the crate heed: a B-tree in a mapped file.

use std::path::Path;

use heed::types::Bytes;
use heed::{Database, Env, EnvFlags, EnvOpenOptions, RwTxn};

use crate::Result;
use crate::peer::{self, Content, Sequence, parent_not_found};
use crate::store::{Durability, EventStore, Id, Payload};

/// How large the file may grow: address space, no memory.
const MAP_BYTES: usize = 64 << 30;

pub(crate) struct Lmdb {
    env: Env,
    events: Database<Bytes, Bytes>,
    children: Database<Bytes, Bytes>,
    sequence: Sequence,
}

impl EventStore for Lmdb {
    const NAME: &'static str = "lmdb";
    const DURABILITY: &'static str = "NO_SYNC, survives a crash of the process; durable: without it";
    type Event = Vec<u8>;

    fn open(folder: &Path, durability: Durability) -> Result<Lmdb> {
        std::fs::create_dir_all(folder)?;
        let mut options = EnvOpenOptions::new();
        options.map_size(MAP_BYTES).max_dbs(2).max_readers(256);
        if durability == Durability::Buffered {
            // SAFETY: without syncs a crash of the machine may leave a damaged file, which nobody opens then.
            unsafe { options.flags(EnvFlags::NO_SYNC) };
        }
        // SAFETY: no other process changes the file meanwhile, and this one opens it once.
        let env = unsafe { options.open(folder) }?;
        let mut transaction = env.write_txn()?;
        let events = env.create_database(&mut transaction, Some("events"))?;
        let children = env.create_database(&mut transaction, Some("children"))?;
        transaction.commit()?;
        Ok(Lmdb { env, events, children, sequence: Sequence::new()? })
    }

    fn version() -> String {
        let version = heed::lmdb_version();
        format!("{}, LMDB {}.{}.{}", peer::crate_version("heed"), version.major, version.minor, version.patch)
    }

    fn create_root(&self, title: &str) -> Result<Id> {
        let content = Content::root(title);
        let mut transaction = self.env.write_txn()?;
        self.events.put(&mut transaction, &content.id(), &content.0)?;
        transaction.commit()?;
        Ok(content.id())
    }

    fn append(&self, parent: &Id, payload: &Payload) -> Result<Id> {
        let mut transaction = self.env.write_txn()?;
        let id = self.put(&mut transaction, parent, payload)?;
        transaction.commit()?;
        Ok(id)
    }

    fn batch(&self, events: &[(Id, Payload)]) -> Result<Vec<Id>> {
        let mut transaction = self.env.write_txn()?;
        let put = |(parent, payload): &(Id, Payload)| self.put(&mut transaction, parent, payload);
        let ids = events.iter().map(put).collect::<Result<_>>()?;
        transaction.commit()?;
        Ok(ids)
    }

    fn get(&self, id: &Id) -> Result<Option<Vec<u8>>> {
        let transaction = self.env.read_txn()?;
        Ok(self.events.get(&transaction, id)?.map(<[u8]>::to_vec))
    }

    fn payload(event: &Vec<u8>) -> &[u8] {
        peer::payload(event)
    }

    fn child_ids(&self, id: &Id) -> Result<Vec<Id>> {
        let transaction = self.env.read_txn()?;
        self.children.prefix_iter(&transaction, id)?.map(|child| peer::id(child?.1)).collect()
    }

    fn rebuild_index(&self) -> Option<Result<()>> {
        None
    }

    fn close(self) -> Result<()> {
        Ok(self.env.force_sync()?)
    }
}

impl Lmdb {
    fn put(&self, transaction: &mut RwTxn<'_>, parent: &Id, payload: &Payload) -> Result<Id> {
        if self.events.get(transaction, parent)?.is_none() {
            return Err(parent_not_found());
        }
        let content = Content::new(parent, payload);
        let id = content.id();
        self.events.put(transaction, &id, &content.0)?;
        self.children.put(transaction, &self.sequence.child_key(parent), &id)?;
        Ok(id)
    }
}

//! SQLite in WAL mode, by the crate rusqlite, which compiles it.
//!
//! Rows have numbers in the order of commits, and children name their parent by its number: the index of children has
//! small entries then, which is what SQLite is good at.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::Result;
use crate::peer::{self, Content, parent_not_found};
use crate::store::{Durability, EventStore, Id, Payload};

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS event (number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, parent INTEGER, data BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS children ON event (parent);";
const NUMBER: &str = "SELECT number FROM event WHERE id = ?1";
const INSERT: &str = "INSERT INTO event (id, parent, data) VALUES (?1, ?2, ?3)";
const GET: &str = "SELECT data FROM event WHERE id = ?1";
const CHILDREN: &str =
    "SELECT id FROM event WHERE parent = (SELECT number FROM event WHERE id = ?1) ORDER BY number";

pub(crate) struct Sqlite(Mutex<Connection>);

impl EventStore for Sqlite {
    const NAME: &'static str = "sqlite";
    const DURABILITY: &'static str =
        "WAL, synchronous=OFF, survives a crash of the process; durable: synchronous=FULL";
    type Event = Vec<u8>;

    fn open(folder: &Path, durability: Durability) -> Result<Sqlite> {
        std::fs::create_dir_all(folder)?;
        let connection = Connection::open(folder.join("sqlite"))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        let synchronous = match durability {
            Durability::Buffered => "OFF",
            Durability::Durable => "FULL",
        };
        connection.pragma_update(None, "synchronous", synchronous)?;
        connection.execute_batch(TABLES)?;
        Ok(Sqlite(Mutex::new(connection)))
    }

    fn version() -> String {
        format!("{}, SQLite {}", peer::crate_version("rusqlite"), rusqlite::version())
    }

    fn create_root(&self, title: &str) -> Result<Id> {
        let content = Content::root(title);
        let parent: Option<i64> = None;
        self.connection().execute(INSERT, params![content.id(), parent, content.0])?;
        Ok(content.id())
    }

    fn append(&self, parent: &Id, payload: &Payload) -> Result<Id> {
        let mut ids = self.batch(&[(*parent, *payload)])?;
        ids.pop().ok_or_else(|| "no id".into())
    }

    fn batch(&self, events: &[(Id, Payload)]) -> Result<Vec<Id>> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let ids = events
            .iter()
            .map(|(parent, payload)| {
                let number: Option<i64> =
                    transaction.prepare_cached(NUMBER)?.query_row([parent], |row| row.get(0)).optional()?;
                let number = number.ok_or_else(parent_not_found)?;
                let content = Content::new(parent, payload);
                let id = content.id();
                transaction.prepare_cached(INSERT)?.execute(params![id, number, content.0])?;
                Ok(id)
            })
            .collect::<Result<_>>()?;
        transaction.commit()?;
        Ok(ids)
    }

    fn get(&self, id: &Id) -> Result<Option<Vec<u8>>> {
        let connection = self.connection();
        let mut get = connection.prepare_cached(GET)?;
        Ok(get.query_row([id], |row| row.get(0)).optional()?)
    }

    fn payload(event: &Vec<u8>) -> &[u8] {
        peer::payload(event)
    }

    fn child_ids(&self, id: &Id) -> Result<Vec<Id>> {
        let connection = self.connection();
        let mut children = connection.prepare_cached(CHILDREN)?;
        let mut rows = children.query([id])?;
        let mut ids = Vec::new();
        while let Some(row) = rows.next()? {
            ids.push(row.get(0)?);
        }
        Ok(ids)
    }

    fn rebuild_index(&self) -> Option<Result<()>> {
        None
    }

    fn close(self) -> Result<()> {
        let connection = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        connection.close().map_err(|(_, error)| error.into())
    }
}

impl Sqlite {
    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

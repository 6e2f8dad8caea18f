//! Making roots and events, asking for them, walking.

use napi::bindgen_prelude::Latin1String;
use napi_derive::napi;

use super::Database;
use crate::arguments::{NewEventFields, event_id, new_event, order};
use crate::cursor::{EventCursor, IdCursor, RootCursor};
use crate::reply::Reply;
use crate::run::Answer;

#[napi]
impl Database {
    /// Makes a new root.
    #[napi(catch_unwind)]
    pub fn create_root(&self, how: u32, title: String) -> napi::Result<Answer> {
        self.run(how, move |database, _| database.create_root(&title).map(Reply::Id))
    }

    /// The root whose id follows from the title.
    #[napi(catch_unwind)]
    pub fn ensure_root(&self, how: u32, title: String) -> napi::Result<Answer> {
        self.run(how, move |database, _| database.ensure_root(&title).map(Reply::Id))
    }

    /// All roots.
    #[napi(catch_unwind)]
    pub fn roots(&self, how: u32) -> napi::Result<Answer> {
        self.run(how, |database, shared| Ok(EventCursor::reply(database.roots()?, shared)))
    }

    /// The roots of one title.
    #[napi(catch_unwind)]
    pub fn roots_titled(&self, how: u32, title: String) -> napi::Result<Answer> {
        self.run(how, move |database, shared| Ok(EventCursor::reply(database.roots_titled(&title)?, shared)))
    }

    /// Every title with its roots.
    #[napi(catch_unwind)]
    pub fn root_index(&self, how: u32) -> napi::Result<Answer> {
        self.run(how, |database, shared| Ok(RootCursor::reply(database.root_index()?, shared)))
    }

    /// Appends an event.
    #[napi(catch_unwind)]
    pub fn append(
        &self,
        how: u32,
        parent: Latin1String,
        fields: Option<NewEventFields>,
    ) -> napi::Result<Answer> {
        let (parent, new) = (event_id(&parent)?, new_event(fields)?);
        self.run(how, move |database, _| database.append(parent, new).map(Reply::Id))
    }

    /// The id that begins with these digits.
    #[napi(catch_unwind)]
    pub fn resolve(&self, how: u32, digits: String) -> napi::Result<Answer> {
        self.run(how, move |database, _| database.resolve(&digits).map(Reply::Id))
    }

    /// The event of this id.
    #[napi(catch_unwind)]
    pub fn event(&self, how: u32, event: Latin1String) -> napi::Result<Answer> {
        let event = event_id(&event)?;
        self.run(how, move |database, _| database.event(event).map(Reply::Event))
    }

    /// The event's metadata, or what it inherits.
    #[napi(catch_unwind)]
    pub fn metadata(&self, how: u32, event: Latin1String) -> napi::Result<Answer> {
        let event = event_id(&event)?;
        self.run(how, move |database, _| database.metadata(event).map(Reply::from))
    }

    /// The event that this one hangs under.
    #[napi(catch_unwind)]
    pub fn parent(&self, how: u32, event: Latin1String) -> napi::Result<Answer> {
        let event = event_id(&event)?;
        self.run(how, move |database, _| {
            database.parent(event).map(|parent| parent.map_or(Reply::None, Reply::Event))
        })
    }

    /// The events directly under this one.
    #[napi(catch_unwind)]
    pub fn children(&self, how: u32, event: Latin1String, by: Option<String>) -> napi::Result<Answer> {
        let (event, order) = (event_id(&event)?, order(by)?);
        self.run(how, move |database, shared| {
            Ok(EventCursor::reply(database.children(event, order)?, shared))
        })
    }

    /// Their ids.
    #[napi(catch_unwind)]
    pub fn child_ids(&self, how: u32, event: Latin1String, by: Option<String>) -> napi::Result<Answer> {
        let (event, order) = (event_id(&event)?, order(by)?);
        self.run(how, move |database, shared| Ok(IdCursor::reply(database.child_ids(event, order)?, shared)))
    }

    /// The events above this one.
    #[napi(catch_unwind)]
    pub fn ancestors(&self, how: u32, event: Latin1String) -> napi::Result<Answer> {
        let event = event_id(&event)?;
        self.run(how, move |database, shared| Ok(EventCursor::reply(database.ancestors(event)?, shared)))
    }

    /// All events under this one.
    #[napi(catch_unwind)]
    pub fn descendants(&self, how: u32, event: Latin1String) -> napi::Result<Answer> {
        let event = event_id(&event)?;
        self.run(how, move |database, shared| Ok(EventCursor::reply(database.descendants(event)?, shared)))
    }
}

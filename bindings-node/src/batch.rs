//! `Batch` and `Member`: many at once, all or nothing.

use std::sync::Arc;

use napi::bindgen_prelude::{Either, Latin1String};
use napi_derive::napi;
use ouroborosdb::{BatchParent, Result, guarded};

use crate::arguments::{NewEventFields, durability as durability_of, event_id, new_event};
use crate::opened::Shared;
use crate::reply::Reply;
use crate::run::{Answer, Listener, run, run_long};
use crate::source::{Pull, Pulled, Source};
use crate::thrown::thrown;
use crate::token::CallToken;

/// One member of a batch.
#[napi]
pub struct Member {
    inner: ouroborosdb::Member,
}

#[napi]
impl Member {
    /// Its position in the batch.
    #[napi(catch_unwind)]
    pub fn index(&self) -> f64 {
        self.inner.index() as f64
    }
}

/// Events that become visible together or not at all.
#[napi]
pub struct Batch {
    batch: Arc<ouroborosdb::Batch>,
    shared: Shared,
}

type Parent<'a> = Either<&'a Member, Latin1String>;

fn parent_of(parent: &Parent<'_>) -> napi::Result<BatchParent> {
    match parent {
        Either::A(member) => Ok(member.inner.into()),
        Either::B(id) => Ok(event_id(id)?.into()),
    }
}

fn reply_of(inner: ouroborosdb::Member) -> Reply {
    Reply::Member(Member { inner })
}

impl Batch {
    pub(crate) fn reply(batch: ouroborosdb::Batch, shared: &Shared) -> Reply {
        Reply::Batch(Batch { batch: Arc::new(batch), shared: shared.clone() })
    }

    fn run(
        &self,
        how: u32,
        work: impl FnOnce(&ouroborosdb::Batch) -> Result<Reply> + Send + 'static,
    ) -> napi::Result<Answer> {
        let (batch, shared) = (Arc::clone(&self.batch), self.shared.clone());
        run(how, move || {
            let answer = work(&batch);
            drop((batch, shared));
            answer
        })
    }
}

#[napi]
impl Batch {
    /// Adds a root.
    #[napi(catch_unwind)]
    pub fn create_root(&self, how: u32, title: String) -> napi::Result<Answer> {
        self.run(how, move |batch| batch.create_root(&title).map(reply_of))
    }

    /// Adds an event.
    #[napi(catch_unwind)]
    pub fn append(
        &self,
        how: u32,
        parent: Parent<'_>,
        fields: Option<NewEventFields>,
    ) -> napi::Result<Answer> {
        let (parent, new) = (parent_of(&parent)?, new_event(fields)?);
        self.run(how, move |batch| batch.append(parent, new).map(reply_of))
    }

    /// Adds an event that carries a file.
    #[napi(catch_unwind)]
    pub fn put_file(
        &self,
        how: u32,
        parent: Parent<'_>,
        source: &Source,
        fields: Option<NewEventFields>,
        token: &CallToken,
        listener: Option<Listener<'_>>,
    ) -> napi::Result<Answer> {
        let (parent, new, source) = (parent_of(&parent)?, new_event(fields)?, source.watched(&self.shared));
        let (batch, shared) = (Arc::clone(&self.batch), self.shared.clone());
        run_long(how, token, listener, move |control, post| {
            let answer = batch.put_file_with(parent, source.telling(post), new, control).map(reply_of);
            drop((batch, shared));
            answer
        })
    }

    /// Adds an event with a file whose bytes a function gives, while JavaScript waits.
    #[napi(catch_unwind)]
    pub fn put_pulled(
        &self,
        parent: Parent<'_>,
        source: Pull<'_>,
        fields: Option<NewEventFields>,
        token: &CallToken,
        listener: Listener<'_>,
    ) -> napi::Result<Answer> {
        let (parent, new) = (parent_of(&parent)?, new_event(fields)?);
        let control = crate::run::told(&token.inner, &listener);
        let put = || self.batch.put_file_with(parent, Pulled(source), new, control);
        guarded(put).map(|member| Either::A(reply_of(member))).map_err(|error| thrown(&error))
    }

    /// Members so far.
    #[napi(catch_unwind)]
    pub fn length(&self) -> f64 {
        self.batch.len() as f64
    }

    /// Makes all members visible.
    #[napi(catch_unwind)]
    pub fn commit(&self, how: u32, durability: Option<String>) -> napi::Result<Answer> {
        let durability = durability_of(durability)?;
        self.run(how, move |batch| {
            let ids = match durability {
                None => batch.commit(),
                Some(durability) => batch.commit_with(durability),
            };
            ids.map(Reply::Ids)
        })
    }

    /// Throws all members away.
    #[napi(catch_unwind)]
    pub fn discard(&self, how: u32) -> napi::Result<Answer> {
        self.run(how, |batch| batch.discard().map(|()| Reply::Nothing))
    }
}

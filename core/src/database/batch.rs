//! Many at once, all or nothing.

use std::fmt;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

use super::append::{check_new, check_temporary, plain_fields, root_fields};
use super::batch_room::{BatchRoom, plain_bytes, root_bytes};
use super::{Database, Entered, Shared};
use crate::content::ChunkSink;
use crate::control::Control;
use crate::error::{Error, ErrorCode, Result};
use crate::event::{CheckedNewEvent, Content, Event, NewEvent};
use crate::id::EventId;
use crate::latency::Operation;
use crate::limits::{BATCH_BYTES_MAX, BATCH_EVENTS_MAX};
use crate::options::Durability;
use crate::store::{PreparedEvent, Store, Under, Unnamed};

/// How much of its members' files a batch keeps for its commit, so that small files share a write with it.
const BATCH_CHUNK_BYTES_MAX: u64 = 1024 * 1024;

/// Tells the members of one batch from those of another.
static NEXT_TAG: AtomicU64 = AtomicU64::new(1);

/// One member of a batch, to be a parent within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Member {
    batch: u64,
    index: usize,
}

impl Member {
    /// Its position in the batch, and in what `commit` gives, from 0.
    #[must_use]
    pub fn index(self) -> usize {
        self.index
    }
}

/// Where a member of a batch hangs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchParent {
    /// Under a stored event.
    Event(EventId),
    /// Under an earlier member of the same batch.
    Member(Member),
}

impl From<EventId> for BatchParent {
    fn from(id: EventId) -> BatchParent {
        BatchParent::Event(id)
    }
}

impl From<&Event> for BatchParent {
    fn from(event: &Event) -> BatchParent {
        BatchParent::Event(event.id())
    }
}

impl From<Member> for BatchParent {
    fn from(member: Member) -> BatchParent {
        BatchParent::Member(member)
    }
}

/// Events that become visible together or not at all.
///
/// It holds no lock until [`commit`](Batch::commit); dropped before, it is discarded. Its events together may
/// take [`BATCH_BYTES_MAX`] and number [`BATCH_EVENTS_MAX`]; the files of its events are stored as they come and
/// do not count. Threads may share it.
///
/// ```
/// use ouroborosdb::{Database, NewEvent, Options};
/// let db = Database::open_in_memory(Options::new())?;
/// let batch = db.batch()?;
/// let root = batch.create_root("orders")?;
/// let order = batch.append(root, NewEvent::new().metadata("no. 7"))?;
/// batch.append(order, NewEvent::new().attribute("item", "chair"))?;
/// let ids = batch.commit()?;
/// assert_eq!(db.parent(ids[order.index()])?.map(|event| event.id()), Some(ids[root.index()]));
/// # Ok::<(), ouroborosdb::Error>(())
/// ```
pub struct Batch {
    shared: Arc<Shared>,
    tag: u64,
    /// None once it is committed or discarded.
    state: Mutex<Option<State>>,
}

#[derive(Default)]
struct State {
    drafts: Vec<Draft>,
    room: BatchRoom,
    sink: ChunkSink,
}

/// What a member hangs under, found to be there.
#[derive(Clone, Copy)]
enum Parent {
    Stored { id: EventId, sequence: u64 },
    Earlier(usize),
}

enum Draft {
    Root { title: String },
    Plain { parent: Parent, new: Box<CheckedNewEvent>, content: Option<Content> },
}

impl Database {
    /// Begins a batch.
    ///
    /// # Errors
    ///
    /// `read_only`; `poisoned`; `closed`.
    pub fn batch(&self) -> Result<Batch> {
        let store = self.enter()?;
        store.check_writable()?;
        let tag = NEXT_TAG.fetch_add(1, Ordering::Relaxed);
        let state = State { sink: self.shared.take_sink(), ..State::default() };
        Ok(Batch { shared: Arc::clone(&self.shared), tag, state: Mutex::new(Some(state)) })
    }
}

impl Batch {
    /// Adds a root.
    ///
    /// # Errors
    ///
    /// `title_too_long`; `batch_too_large`; `finished`; `closed`.
    pub fn create_root(&self, title: &str) -> Result<Member> {
        let store = self.shared.enter()?;
        root_fields(&store, title)?;
        self.add(Draft::Root { title: title.to_owned() })
    }

    /// Adds an event under a stored event or an earlier member.
    ///
    /// # Errors
    ///
    /// Those of [`Database::append`]; `invalid_argument` for a member of another batch, and for a
    /// [`durability`](NewEvent::durability), which a batch has as a whole; `batch_too_large`; `finished`. After an error
    /// the batch is as it was.
    pub fn append(&self, parent: impl Into<BatchParent>, new: NewEvent) -> Result<Member> {
        let store = self.shared.enter()?;
        let (parent, new) = (parent.into(), check_member(new)?);
        let parent = self.check(&store, &parent, &new)?;
        self.add(Draft::Plain { parent, new: Box::new(new), content: None })
    }

    /// Adds an event that carries what the reader gives. The bytes are stored now, the event at `commit`.
    ///
    /// # Errors
    ///
    /// Those of [`Database::put_file`] and of [`append`](Batch::append). After an error the batch is as it was.
    pub fn put_file(
        &self,
        parent: impl Into<BatchParent>,
        reader: impl Read,
        new: NewEvent,
    ) -> Result<Member> {
        self.put_file_with(parent, reader, new, Control::new())
    }

    /// As [`put_file`](Batch::put_file), cancelled and watched by `control`, which counts bytes.
    ///
    /// # Errors
    ///
    /// `cancelled`; and those of [`put_file`](Batch::put_file).
    pub fn put_file_with(
        &self,
        parent: impl Into<BatchParent>,
        mut reader: impl Read,
        new: NewEvent,
        mut control: Control<'_>,
    ) -> Result<Member> {
        let store = self.shared.enter()?;
        store.check_writable()?;
        let (parent, new) = (parent.into(), check_member(new)?);
        let parent = self.check(&store, &parent, &new)?;
        control.check()?;
        let temporary = new.temporary;
        let (content, mut sink) = self.shared.take_in(&store, &mut reader, temporary, &mut control)?;
        // What the batch cannot keep is written before it knows of the member, so that a failure leaves it as it
        // was, and so that nobody commits a member whose chunks are still on their way.
        if self.is_crowded_by(&sink) {
            sink.flush(&store)?;
        }
        let member = self
            .add_with(Draft::Plain { parent, new: Box::new(new), content: Some(content) }, |into| {
                into.absorb(&store, &mut sink)
            })?;
        self.shared.give_sink(sink);
        Ok(member)
    }

    /// Members so far; 0 once it is committed or discarded.
    #[must_use]
    pub fn len(&self) -> usize {
        self.state.lock().as_ref().map_or(0, |state| state.drafts.len())
    }

    /// Whether it has no members.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Makes all members visible at once, and gives their ids by [`Member::index`]. It is as safe as the database was
    /// opened to be.
    ///
    /// The batch is finished, whatever the answer; after an error nothing of it is visible.
    ///
    /// # Errors
    ///
    /// `finished`; `parent_not_found` and those of every write.
    pub fn commit(&self) -> Result<Vec<EventId>> {
        self.commit_as(None)
    }

    /// As [`commit`](Batch::commit), with a durability of its own: [`Durable`](Durability::Durable) makes everything that
    /// was committed before durable too, [`Buffered`](Durability::Buffered) waits for no sync.
    ///
    /// ```
    /// use ouroborosdb::{Database, Durability, Options};
    /// let db = Database::open_in_memory(Options::new())?;
    /// let batch = db.batch()?;
    /// let root = batch.create_root("drafts")?;
    /// let ids = batch.commit_with(Durability::Buffered)?;
    /// assert_eq!(db.event(ids[root.index()])?.title(), Some("drafts"));
    /// # Ok::<(), ouroborosdb::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`commit`](Batch::commit).
    pub fn commit_with(&self, durability: Durability) -> Result<Vec<EventId>> {
        self.commit_as(Some(durability))
    }

    fn commit_as(&self, durability: Option<Durability>) -> Result<Vec<EventId>> {
        let store = self.shared.enter()?;
        let _timer = store.latencies().start(Operation::BatchCommit);
        let mut state = self.state.lock().take().ok_or_else(finished)?;
        store.check_writable()?;
        let mut events = Vec::with_capacity(state.drafts.len());
        for draft in state.drafts {
            events.push(match draft {
                Draft::Root { title } => Unnamed { fields: root_fields(&store, &title)?, under: Under::Said },
                Draft::Plain { parent, new, content } => {
                    let (stored, under) = match parent {
                        Parent::Stored { id, sequence } => (Some(id), Under::Stored(sequence)),
                        Parent::Earlier(index) => (None, Under::Earlier(index)),
                    };
                    Unnamed { fields: plain_fields(&store, stored, *new, content), under }
                }
            });
        }
        let events = PreparedEvent::all(events).ok_or_else(foreign)?;
        let ids = events.iter().map(|event| event.id).collect();
        store.commit(state.sink.take(&store)?, events, store.durability(durability))?;
        self.shared.give_sink(state.sink);
        Ok(ids)
    }

    /// Throws all members away.
    ///
    /// # Errors
    ///
    /// `finished`; `closed`.
    pub fn discard(&self) -> Result<()> {
        let _store = self.shared.enter()?;
        self.state.lock().take().map(|_| ()).ok_or_else(finished)
    }

    fn check(&self, store: &Entered<'_>, parent: &BatchParent, new: &CheckedNewEvent) -> Result<Parent> {
        let store: &Store = store;
        match parent {
            BatchParent::Event(id) => {
                let sequence = check_new(store, id, new)?;
                Ok(Parent::Stored { id: *id, sequence })
            }
            BatchParent::Member(member) if member.batch != self.tag => Err(foreign()),
            BatchParent::Member(member) => {
                let state = self.state.lock();
                let drafts = &state.as_ref().ok_or_else(finished)?.drafts;
                let parent = drafts.get(member.index).ok_or_else(foreign)?;
                let temporary = matches!(parent, Draft::Plain { new, .. } if new.temporary);
                check_temporary(temporary, new.temporary)?;
                super::append::check_follows(store, new)?;
                Ok(Parent::Earlier(member.index))
            }
        }
    }

    fn is_crowded_by(&self, sink: &ChunkSink) -> bool {
        let waiting = self.state.lock().as_ref().map_or(0, |state| state.sink.bytes());
        waiting + sink.bytes() > BATCH_CHUNK_BYTES_MAX
    }

    fn add(&self, draft: Draft) -> Result<Member> {
        self.add_with(draft, |_| Ok(()))
    }

    /// Adds a member and takes over the chunks of its file, both at once.
    fn add_with(&self, draft: Draft, take_over: impl FnOnce(&mut ChunkSink) -> Result<()>) -> Result<Member> {
        let mut state = self.state.lock();
        let state = state.as_mut().ok_or_else(finished)?;
        let room = state.room.with(draft.bytes()).ok_or_else(|| {
            let message = format!(
                "a batch takes {BATCH_BYTES_MAX} bytes and {BATCH_EVENTS_MAX} events at most; \
                 commit this one and begin another"
            );
            Error::new(ErrorCode::BatchTooLarge, message)
        })?;
        take_over(&mut state.sink)?;
        state.room = room;
        state.drafts.push(draft);
        Ok(Member { batch: self.tag, index: state.drafts.len() - 1 })
    }
}

impl Draft {
    /// About how many bytes the event will take.
    fn bytes(&self) -> usize {
        match self {
            Draft::Root { title } => root_bytes(title),
            Draft::Plain { new, content, .. } => plain_bytes(new, content.as_ref()),
        }
    }
}

/// A new event as a member: when it is safe is the batch's affair.
fn check_member(new: NewEvent) -> Result<CheckedNewEvent> {
    let new = new.check()?;
    if new.durability.is_some() {
        let message = "a batch is durable as a whole; leave `durability` out here and give it when the batch is committed";
        return Err(Error::new(ErrorCode::InvalidArgument, message));
    }
    Ok(new)
}

fn finished() -> Error {
    Error::new(ErrorCode::Finished, "the batch is finished; begin a new one")
}

fn foreign() -> Error {
    Error::new(ErrorCode::InvalidArgument, "the parent is a member of another batch; use one of this batch")
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch").field("members", &self.len()).finish_non_exhaustive()
    }
}

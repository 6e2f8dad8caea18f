//! What is asked of each store, and the events that it is given.

use std::path::Path;

use crate::Result;

pub(crate) const ID_BYTES: usize = 64;
/// The SHA-512 of an event.
pub(crate) type Id = [u8; ID_BYTES];

/// Bytes of an event as a store keeps it, the id of its parent among them.
pub(crate) const EVENT_BYTES: usize = 200;
/// What the caller gives: of ours as an attribute, whose event has 101 bytes more; of a peer behind the parent's id.
pub(crate) const PAYLOAD_BYTES: usize = EVENT_BYTES - 101;
pub(crate) type Payload = [u8; PAYLOAD_BYTES];

/// When an append is safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// As soon as it survives a crash of the process; what a peer has that comes nearest.
    Buffered,
    /// Once it survives power loss.
    Durable,
}

/// A store of events: ours or a peer's. The conformance test says what each call must do.
pub(crate) trait EventStore: Sized + Sync {
    /// How rows and messages call it.
    const NAME: &'static str;
    /// What it runs at where an append is buffered, and where it is durable.
    const DURABILITY: &'static str;
    /// An event that was read, and outlives the call.
    type Event;

    /// Opens the store in a folder, which is made where it is missing.
    fn open(folder: &Path, durability: Durability) -> Result<Self>;

    /// Its version; ours has that of the checkout.
    fn version() -> String;

    /// Stores an event without a parent.
    fn create_root(&self, title: &str) -> Result<Id>;

    /// Stores an event under one that must be there.
    fn append(&self, parent: &Id, payload: &Payload) -> Result<Id>;

    /// Stores many, each under one that was there before, all or none.
    fn batch(&self, events: &[(Id, Payload)]) -> Result<Vec<Id>>;

    /// An event, if it is there.
    fn get(&self, id: &Id) -> Result<Option<Self::Event>>;

    /// What the caller gave for the event.
    fn payload(event: &Self::Event) -> &[u8];

    /// The children in the order in which they were stored.
    fn child_ids(&self, id: &Id) -> Result<Vec<Id>>;

    /// How often it has made its log durable since it was opened; none where it does not tell.
    fn syncs(&self) -> Option<u64> {
        None
    }

    /// Makes the indexes anew from the events; none where a store cannot.
    fn rebuild_index(&self) -> Option<Result<()>>;

    /// Ends in order.
    fn close(self) -> Result<()>;
}

/// The name of a figure: the row's for ours, with the peer behind it for a peer.
pub(crate) fn figure_name<S: EventStore>(row: &str) -> String {
    if S::NAME == crate::ours::NAME { row.to_owned() } else { format!("{row}.{}", S::NAME) }
}

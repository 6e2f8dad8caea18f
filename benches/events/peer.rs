//! What the peers have in common: how an event is laid out and named, and in which order children stand.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use sha2::{Digest, Sha512};

use crate::Result;
use crate::store::{EVENT_BYTES, ID_BYTES, Id, PAYLOAD_BYTES, Payload};

/// Bytes of the key of a child: its parent's id, and where it stands among the children.
pub(crate) const CHILD_KEY_BYTES: usize = ID_BYTES + 8;

/// An event as a peer keeps it: its parent's id, what the caller gave, zeros.
pub(crate) struct Content(pub(crate) [u8; EVENT_BYTES]);

impl Content {
    pub(crate) fn new(parent: &Id, payload: &Payload) -> Content {
        let mut bytes = [0; EVENT_BYTES];
        let (head, tail) = bytes.split_at_mut(ID_BYTES);
        head.copy_from_slice(parent);
        tail[..PAYLOAD_BYTES].copy_from_slice(payload);
        Content(bytes)
    }

    /// A root stands under the id of zeros.
    pub(crate) fn root(title: &str) -> Content {
        let mut payload = [0; PAYLOAD_BYTES];
        for (byte, of_title) in payload.iter_mut().zip(title.bytes()) {
            *byte = of_title;
        }
        Content::new(&[0; ID_BYTES], &payload)
    }

    pub(crate) fn id(&self) -> Id {
        Sha512::digest(self.0).into()
    }
}

/// The part of an event that the caller gave.
pub(crate) fn payload(event: &[u8]) -> &[u8] {
    event.get(ID_BYTES..ID_BYTES + PAYLOAD_BYTES).unwrap_or_default()
}

pub(crate) fn id(bytes: &[u8]) -> Result<Id> {
    Ok(bytes.try_into()?)
}

/// Which version of a crate this was built with.
pub(crate) fn crate_version(name: &str) -> String {
    let lock = include_str!("../../Cargo.lock");
    let package = lock.split("[[package]]").find(|package| package.contains(&format!("name = \"{name}\"\n")));
    let version = package.and_then(|package| package.split("version = \"").nth(1)?.split('"').next());
    format!("crate {name} {}", version.unwrap_or("of an unknown version"))
}

pub(crate) fn parent_not_found() -> Box<dyn std::error::Error + Send + Sync> {
    "the parent is not there".into()
}

/// Numbers that grow, also from one opening to the next: the time of the opening in nanoseconds, and then one by one,
/// which no store is fast enough to outrun.
pub(crate) struct Sequence(AtomicU64);

impl Sequence {
    pub(crate) fn new() -> Result<Sequence> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos();
        Ok(Sequence(AtomicU64::new(u64::try_from(now)?)))
    }

    /// The key of the next child. Asked for within the transaction that stores it, so the order is that of commits.
    pub(crate) fn child_key(&self, parent: &Id) -> [u8; CHILD_KEY_BYTES] {
        let mut key = [0; CHILD_KEY_BYTES];
        key[..ID_BYTES].copy_from_slice(parent);
        key[ID_BYTES..].copy_from_slice(&self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        key
    }
}

/// The first and the last key that a child of this parent can have.
pub(crate) fn child_keys(parent: &Id) -> ([u8; CHILD_KEY_BYTES], [u8; CHILD_KEY_BYTES]) {
    let (mut first, mut last) = ([0; CHILD_KEY_BYTES], [0xff; CHILD_KEY_BYTES]);
    first[..ID_BYTES].copy_from_slice(parent);
    last[..ID_BYTES].copy_from_slice(parent);
    (first, last)
}

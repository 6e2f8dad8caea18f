//! What the caller says about an event that is to be made.

use crate::error::{Error, ErrorCode, Result};
use crate::id::EventId;
use crate::limits::{ATTRIBUTE_NAME_BYTES_MAX, ATTRIBUTES_BYTES_MAX, FOLLOWS_MAX, METADATA_BYTES_MAX};
use crate::options::Durability;

/// What a new event carries beside its file. Nothing is required.
///
/// ```
/// use ouroborosdb::NewEvent;
/// let new = NewEvent::new().metadata("text/plain").attribute("lang", "en");
/// ```
#[derive(Clone, Debug, Default)]
pub struct NewEvent {
    metadata: Option<Vec<u8>>,
    attributes: Vec<(String, Vec<u8>)>,
    follows: Vec<EventId>,
    temporary: bool,
    expires_ms: Option<u64>,
    full_text: bool,
    durability: Option<Durability>,
    /// What [`try_attribute`](NewEvent::try_attribute) has taken so far.
    attribute_bytes: usize,
}

/// The parts of a checked [`NewEvent`], sorted as the encoding wants them.
#[derive(Debug)]
pub(crate) struct CheckedNewEvent {
    pub(crate) metadata: Option<Vec<u8>>,
    pub(crate) attributes: Vec<(String, Vec<u8>)>,
    pub(crate) follows: Vec<EventId>,
    pub(crate) temporary: bool,
    pub(crate) expires_ms: Option<u64>,
    pub(crate) full_text: bool,
    /// None: as the database was opened.
    pub(crate) durability: Option<Durability>,
}

impl NewEvent {
    /// An event that carries nothing yet.
    #[must_use]
    pub fn new() -> NewEvent {
        NewEvent::default()
    }

    /// Bytes that describe the event; descendants without metadata of their own inherit them. 16 MiB at most.
    #[must_use]
    pub fn metadata(mut self, bytes: impl Into<Vec<u8>>) -> NewEvent {
        self.metadata = Some(bytes.into());
        self
    }

    /// Adds a named value. Names are unique, 1 to 255 bytes; all attributes together 128 KiB at most.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<String>, value: impl Into<Vec<u8>>) -> NewEvent {
        self.attributes.push((name.into(), value.into()));
        self
    }

    /// Adds events that this one supersedes or joins; 1,024 at most, and the store must hold each.
    #[must_use]
    pub fn follows(mut self, ids: impl IntoIterator<Item = EventId>) -> NewEvent {
        self.follows.extend(ids);
        self
    }

    /// As [`metadata`](NewEvent::metadata), copied only where it is within the limit: for bindings, whose callers may
    /// claim any length.
    ///
    /// # Errors
    ///
    /// `metadata_too_large`.
    pub fn try_metadata(self, bytes: &[u8]) -> Result<NewEvent> {
        check_metadata(bytes.len())?;
        Ok(self.metadata(bytes))
    }

    /// As [`attribute`](NewEvent::attribute), copied only where all attributes are within their limits.
    ///
    /// # Errors
    ///
    /// `invalid_argument` for an empty name; `attribute_name_too_long`; `invalid_text`; `attributes_too_large`.
    pub fn try_attribute(mut self, name: &[u8], value: &[u8]) -> Result<NewEvent> {
        check_attribute_name(name)?;
        let name = text("the name of an attribute", name)?;
        self.attribute_bytes = self.attribute_bytes.saturating_add(name.len()).saturating_add(value.len());
        check_attributes(self.attribute_bytes)?;
        Ok(self.attribute(name, value))
    }

    /// As [`follows`](NewEvent::follows) for one event; refuses one too many before there are many more.
    ///
    /// # Errors
    ///
    /// `too_many_follows`.
    pub fn try_follow(mut self, id: EventId) -> Result<NewEvent> {
        self.follows.push(id);
        if self.follows.len() > 2 * FOLLOWS_MAX {
            self.sort_follows()?;
        }
        Ok(self)
    }

    /// Whether the event may be collected again. Only temporary events hang under a temporary one.
    #[must_use]
    pub fn temporary(mut self, temporary: bool) -> NewEvent {
        self.temporary = temporary;
        self
    }

    /// When a temporary event may be collected, in milliseconds since 1970.
    #[must_use]
    pub fn expires_ms(mut self, ms: u64) -> NewEvent {
        self.expires_ms = Some(ms);
        self
    }

    /// Whether full-text search should cover the event.
    #[must_use]
    pub fn full_text(mut self, full_text: bool) -> NewEvent {
        self.full_text = full_text;
        self
    }

    /// When the call that makes this event is safe; as the database was opened unless it is said here. It is a matter of
    /// this call and no part of the event.
    ///
    /// [`Durable`](Durability::Durable) makes everything that was committed before durable too, whatever it was
    /// committed with: what survives is always the beginning of what was committed. [`Buffered`](Durability::Buffered)
    /// waits for no sync. A batch is safe as a whole, by [`commit_with`](crate::Batch::commit_with); its members refuse
    /// this with `invalid_argument`.
    ///
    /// ```
    /// use ouroborosdb::{Database, Durability, NewEvent, Options};
    /// let db = Database::open_in_memory(Options::new())?;
    /// let orders = db.create_root("orders")?;
    /// db.append(orders, NewEvent::new().metadata("a draft").durability(Durability::Buffered))?;
    /// db.append(orders, NewEvent::new().metadata("an order"))?; // and the draft is durable now, too
    /// # Ok::<(), ouroborosdb::Error>(())
    /// ```
    #[must_use]
    pub fn durability(mut self, durability: Durability) -> NewEvent {
        self.durability = Some(durability);
        self
    }

    /// Checks every limit and sorts what the encoding wants sorted.
    pub(crate) fn check(mut self) -> Result<CheckedNewEvent> {
        self.check_attributes()?;
        check_metadata(self.metadata.as_ref().map_or(0, Vec::len))?;
        self.sort_follows()?;
        if self.expires_ms.is_some() && !self.temporary {
            let message = "only a temporary event expires; make it temporary or leave `expires` out";
            return Err(Error::new(ErrorCode::InvalidArgument, message));
        }
        Ok(CheckedNewEvent {
            metadata: self.metadata,
            attributes: self.attributes,
            follows: self.follows,
            temporary: self.temporary,
            expires_ms: self.expires_ms,
            full_text: self.full_text,
            durability: self.durability,
        })
    }

    fn sort_follows(&mut self) -> Result<()> {
        self.follows.sort_unstable();
        self.follows.dedup();
        if self.follows.len() > FOLLOWS_MAX {
            let message = format!(
                "the event follows {} others, {FOLLOWS_MAX} are the most; let another event join some first",
                self.follows.len()
            );
            return Err(Error::new(ErrorCode::TooManyFollows, message));
        }
        Ok(())
    }

    fn check_attributes(&mut self) -> Result<()> {
        let mut total = 0usize;
        for (name, value) in &self.attributes {
            total = total.saturating_add(name.len()).saturating_add(value.len());
            check_attribute_name(name.as_bytes())?;
        }
        check_attributes(total)?;
        self.attributes.sort_unstable_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
        if let Some(pair) = self.attributes.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            let message = format!("the attribute `{}` is given twice; names are unique", pair[0].0);
            return Err(Error::new(ErrorCode::DuplicateAttribute, message));
        }
        Ok(())
    }
}

fn check_metadata(length: usize) -> Result<()> {
    if length > METADATA_BYTES_MAX {
        let message = format!(
            "the metadata has {length} bytes, {METADATA_BYTES_MAX} are the most; store larger things as a file"
        );
        return Err(Error::new(ErrorCode::MetadataTooLarge, message));
    }
    Ok(())
}

fn check_attribute_name(name: &[u8]) -> Result<()> {
    if name.is_empty() {
        return Err(Error::new(ErrorCode::InvalidArgument, "an attribute has an empty name; give it one"));
    }
    if name.len() > ATTRIBUTE_NAME_BYTES_MAX {
        let message = format!(
            "an attribute name has {} bytes, {ATTRIBUTE_NAME_BYTES_MAX} are the most; shorten it",
            name.len()
        );
        return Err(Error::new(ErrorCode::AttributeNameTooLong, message));
    }
    Ok(())
}

fn check_attributes(total: usize) -> Result<()> {
    if total > ATTRIBUTES_BYTES_MAX {
        let message = format!(
            "the attributes have {total} bytes together, {ATTRIBUTES_BYTES_MAX} are the most; \
             put larger values into the metadata or a file"
        );
        return Err(Error::new(ErrorCode::AttributesTooLarge, message));
    }
    Ok(())
}

/// The text that these bytes are; `invalid_text`, naming `what`, unless they are UTF-8.
///
/// For bindings whose callers hand over bytes where the engine wants text.
pub fn text<'a>(what: &str, bytes: &'a [u8]) -> Result<&'a str> {
    std::str::from_utf8(bytes).map_err(|error| {
        let message = format!("{what} is not UTF-8 text: {error}; encode it as UTF-8");
        Error::new(ErrorCode::InvalidText, message)
    })
}

//! Structs that grow: a later version of the library appends fields, and programs built against an earlier or
//! a later header keep working.
//!
//! Invariants: the first field is the size that the caller's struct has; fields are only ever appended; what the
//! caller's struct lacks has its default; what this library does not know must be zero, or it is refused rather
//! than ignored.

use ouroborosdb::{Error, ErrorCode, Result};

use crate::boundary::Caller;

/// More than any of these structs will ever have: a larger size is a struct that was never filled in.
const STRUCT_BYTES_MAX: usize = 4096;

/// A struct that grows.
///
/// # Safety
///
/// It is `repr(C)`, begins with a `usize`, has no padding at its end, and is valid with any bytes in it.
pub(crate) unsafe trait SizedStruct: Copy {
    /// Its size in the first release. No caller has a smaller one.
    const SIZE_FIRST: usize;
    /// All fields as they are where the caller has none.
    fn defaults() -> Self;
}

impl Caller {
    /// The caller's struct as this version has it; the defaults for NULL.
    pub(crate) fn sized<T: SizedStruct>(&self, pointer: *const T, name: &str) -> Result<T> {
        let mut value = T::defaults();
        if pointer.is_null() {
            return Ok(value);
        }
        let theirs = self.struct_size(pointer, name)?;
        let known = theirs.min(size_of::<T>());
        let bytes = self.bytes(pointer.cast(), theirs, name)?;
        let (known_bytes, tail) = bytes.split_at_checked(known).unwrap_or((bytes, &[]));
        if tail.iter().any(|byte| *byte != 0) {
            let message = format!(
                "`{name}` has fields that this version of the library does not know; leave them zero, or use \
                 a later version"
            );
            return Err(Error::new(ErrorCode::InvalidArgument, message));
        }
        // SAFETY: `known` bytes are in both; any bytes make a valid `T`, by `SizedStruct`.
        unsafe { std::ptr::copy_nonoverlapping(known_bytes.as_ptr(), (&raw mut value).cast(), known) };
        Ok(value)
    }

    /// The caller's structs that stand one after the other, each as [`sized`](Caller::sized) has it. All have the size
    /// that the first one says.
    pub(crate) fn sized_array<T: SizedStruct>(
        &self,
        pointer: *const T,
        length: usize,
        name: &'static str,
    ) -> Result<impl Iterator<Item = Result<T>>> {
        let stride = if length == 0 { size_of::<T>() } else { self.struct_size(pointer, name)? };
        if length.checked_mul(stride).is_none_or(|bytes| bytes > isize::MAX.unsigned_abs()) {
            let message = format!("the length of `{name}` is {length}, more than memory can hold");
            return Err(Error::new(ErrorCode::InvalidArgument, message));
        }
        Ok((0..length).map(move |at| {
            let element = pointer.wrapping_byte_add(at * stride);
            let theirs = self.struct_size(element, name)?;
            if theirs != stride {
                let message = format!(
                    "the field `struct_size` of `{name}[{at}]` is {theirs}, and {stride} in the first one; set each"
                );
                return Err(Error::new(ErrorCode::InvalidArgument, message));
            }
            self.sized(element, name)
        }))
    }

    /// Writes as much of `value` as the caller's struct has room for, and zeros behind it. Its size stays.
    pub(crate) fn set_sized<T: SizedStruct>(&self, pointer: *mut T, value: &T, name: &str) -> Result<()> {
        let theirs = self.struct_size(pointer, name)?;
        let header = size_of::<usize>();
        let known = theirs.min(size_of::<T>()) - header;
        let target = self.buffer(pointer.cast(), theirs, name)?;
        let target = target.get_mut(header..).unwrap_or_default();
        target.fill(0);
        // SAFETY: `known` bytes behind the size are in both.
        unsafe {
            let source = (&raw const *value).cast::<u8>().add(header);
            std::ptr::copy_nonoverlapping(source, target.as_mut_ptr(), known);
        }
        Ok(())
    }

    fn struct_size<T: SizedStruct>(&self, pointer: *const T, name: &str) -> Result<usize> {
        let theirs = *self.borrow(pointer.cast::<usize>(), name)?;
        // No version of it ends within a field, of which half would be taken.
        let whole = theirs.is_multiple_of(align_of::<T>());
        if theirs < T::SIZE_FIRST || theirs > STRUCT_BYTES_MAX || !whole {
            let message = format!(
                "the field `struct_size` of `{name}` is {theirs}; set it to the size of the struct, best with \
                 its initialiser"
            );
            return Err(Error::new(ErrorCode::InvalidArgument, message));
        }
        Ok(theirs)
    }
}

/// What a field of a struct that is 0 or 1 says.
pub(crate) fn flag(value: u8, name: &str) -> Result<bool> {
    match value {
        0 => Ok(false),
        1 => Ok(true),
        _ => {
            let message = format!("the field `{name}` is {value}; it is 0 or 1");
            Err(Error::new(ErrorCode::InvalidArgument, message))
        }
    }
}

/// The field `reserved` of a struct, which a later version may give a meaning.
pub(crate) fn zeros(reserved: &[u8], name: &str) -> Result<()> {
    if reserved.iter().all(|byte| *byte == 0) {
        return Ok(());
    }
    let message = format!("the field `reserved` of `{name}` is not zero");
    Err(Error::new(ErrorCode::InvalidArgument, message))
}

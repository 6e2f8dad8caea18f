//! The one place that turns C's pointers into references, and handles into pointers.
//!
//! Each method checks what can be checked: NULL, alignment, lengths beyond the address space. The rest is the
//! promise behind [`Caller`]. What is lent lives as long as the `Caller`, which is as long as the call.

use std::ffi::{CStr, c_char, c_void};
use std::marker::PhantomData;
use std::path::Path;

use ouroborosdb::{Error, ErrorCode, Result, text};

use crate::boundary::Caller;

impl Caller {
    /// What `pointer`, the parameter `name`, points to.
    pub(crate) fn borrow<T>(&self, pointer: *const T, name: &str) -> Result<&T> {
        self.optional(pointer, name)?.ok_or_else(|| null(name))
    }

    /// What `pointer` points to; none for NULL.
    pub(crate) fn optional<T>(&self, pointer: *const T, name: &str) -> Result<Option<&T>> {
        if !pointer.is_aligned() {
            return Err(misaligned(name));
        }
        // SAFETY: aligned, and NULL or valid by the promise behind `Caller`.
        Ok(unsafe { pointer.as_ref() })
    }

    /// What `pointer` points to, where there is no way to complain.
    pub(crate) fn lent<T>(&self, pointer: *const T) -> Option<&T> {
        self.optional(pointer, "").ok().flatten()
    }

    /// An array of C's. NULL stands for the empty one.
    pub(crate) fn array<T>(&self, data: *const T, length: usize, name: &str) -> Result<&[T]> {
        if length == 0 {
            return Ok(&[]);
        }
        if data.is_null() {
            return Err(null(name));
        }
        if !data.is_aligned() {
            return Err(misaligned(name));
        }
        if length.checked_mul(size_of::<T>()).is_none_or(|bytes| bytes > isize::MAX.unsigned_abs()) {
            let message = format!("the length of `{name}` is {length}, more than memory can hold");
            return Err(Error::new(ErrorCode::InvalidArgument, message));
        }
        // SAFETY: not NULL, aligned, no longer than `isize::MAX` bytes; valid by the promise behind `Caller`.
        Ok(unsafe { std::slice::from_raw_parts(data, length) })
    }

    /// Bytes of C's.
    pub(crate) fn bytes(&self, data: *const c_void, length: usize, name: &str) -> Result<&[u8]> {
        self.array(data.cast(), length, name)
    }

    /// Text of C's, with a length; `what` it is, for the message of `invalid_text`.
    pub(crate) fn text(&self, data: *const c_char, length: usize, name: &str, what: &str) -> Result<&str> {
        text(what, self.array(data.cast(), length, name)?)
    }

    /// A string of C's, which ends with a NUL.
    pub(crate) fn c_string(&self, pointer: *const c_char, name: &str) -> Result<&CStr> {
        if pointer.is_null() {
            return Err(null(name));
        }
        // SAFETY: not NULL, and a string that ends with a NUL by the promise behind `Caller`.
        Ok(unsafe { CStr::from_ptr(pointer) })
    }

    /// A path of C's: any bytes but NUL where the system allows them.
    pub(crate) fn path(&self, pointer: *const c_char, name: &str) -> Result<&Path> {
        path_of(self.c_string(pointer, name)?)
    }

    /// An output parameter, which is `empty` from now until it is set.
    pub(crate) fn output<T>(&self, pointer: *mut T, empty: T, name: &str) -> Result<Output<'_, T>> {
        if pointer.is_null() {
            return Err(null(name));
        }
        if !pointer.is_aligned() {
            return Err(misaligned(name));
        }
        self.write(pointer, empty);
        Ok(Output { caller: self, pointer })
    }

    /// An output parameter for a handle.
    pub(crate) fn handle<T>(&self, pointer: *mut *mut T, name: &str) -> Result<Output<'_, *mut T>> {
        self.output(pointer, std::ptr::null_mut(), name)
    }

    /// An output array with room for `capacity` elements.
    pub(crate) fn room<T>(&self, pointer: *mut T, capacity: usize, name: &str) -> Result<Room<'_, T>> {
        if pointer.is_null() && capacity > 0 {
            return Err(null(name));
        }
        if !pointer.is_aligned() {
            return Err(misaligned(name));
        }
        Ok(Room { caller: self, pointer, capacity, length: 0 })
    }

    /// A buffer of C's to be filled. Its first contents are never read.
    #[allow(clippy::mut_from_ref, reason = "the buffer is C's, not a part of this")]
    pub(crate) fn buffer(&self, pointer: *mut c_void, capacity: usize, name: &str) -> Result<&mut [u8]> {
        if capacity == 0 {
            return Ok(&mut []);
        }
        if pointer.is_null() {
            return Err(null(name));
        }
        // No object is larger; whoever says so has a smaller one, and is not hurt by being believed less.
        let capacity = capacity.min(isize::MAX.unsigned_abs());
        // SAFETY: not NULL, `u8` has no alignment; valid and ours for the call by the promise behind `Caller`.
        Ok(unsafe { std::slice::from_raw_parts_mut(pointer.cast(), capacity) })
    }

    /// Writes to an optional output; nothing for NULL.
    pub(crate) fn write<T>(&self, pointer: *mut T, value: T) {
        if !pointer.is_null() && pointer.is_aligned() {
            // SAFETY: not NULL, aligned, and ours to write by the promise behind `Caller`.
            unsafe { pointer.write(value) };
        }
    }

    /// Frees a handle; nothing for NULL.
    pub(crate) fn free<T>(&self, pointer: *mut T) {
        self.get((), || {
            if !pointer.is_null() {
                // SAFETY: a handle that `Output::give` made, and that is freed once, by the header's rules.
                drop(unsafe { Box::from_raw(pointer) });
            }
            Some(())
        });
    }
}

/// An output parameter.
pub(crate) struct Output<'a, T> {
    caller: &'a Caller,
    pointer: *mut T,
}

impl<T> Output<'_, T> {
    /// Writes it.
    pub(crate) fn set(&self, value: T) {
        self.caller.write(self.pointer, value);
    }
}

impl<T> Output<'_, *mut T> {
    /// Gives a handle away, which C frees.
    pub(crate) fn give(&self, value: T) {
        self.set(into_handle(value));
    }
}

/// The pointer that C has for `value`.
pub(crate) fn into_handle<T>(value: T) -> *mut T {
    Box::into_raw(Box::new(value))
}

/// An output array.
pub(crate) struct Room<'a, T> {
    caller: &'a Caller,
    pointer: *mut T,
    capacity: usize,
    length: usize,
}

impl<T> Room<'_, T> {
    /// Writes the elements, as many as there is room for, and gives their number.
    pub(crate) fn fill(mut self, values: impl IntoIterator<Item = T>) -> usize {
        for value in values.into_iter().take(self.capacity) {
            // SAFETY: `length` is less than the capacity that C gave, by `take`.
            self.caller.write(unsafe { self.pointer.add(self.length) }, value);
            self.length += 1;
        }
        self.length
    }
}

/// A pointer to bytes that belong to a handle: C may read it as long as the handle lives.
#[derive(Clone, Copy)]
pub(crate) struct Lent<'a> {
    pub(crate) data: *const c_void,
    pub(crate) length: usize,
    owner: PhantomData<&'a [u8]>,
}

impl<'a> Lent<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Lent<'a> {
        Lent { data: bytes.as_ptr().cast(), length: bytes.len(), owner: PhantomData }
    }
}

impl Caller {
    /// The body of a getter that lends bytes, whose length goes to `length`; NULL and 0 where there are none.
    pub(crate) fn lend<'a>(
        &'a self,
        length: *mut usize,
        body: impl FnOnce() -> Option<&'a [u8]>,
    ) -> *const c_void {
        self.write(length, 0);
        self.get(std::ptr::null(), || {
            let lent = Lent::new(body()?);
            self.output(length, 0, "").ok()?.set(lent.length);
            Some(lent.data)
        })
    }

    /// The body of a getter that has an answer or none: whether it has, with the answer in `out`.
    pub(crate) fn answer<T: Default>(&self, out: *mut T, body: impl FnOnce() -> Option<T>) -> bool {
        self.write(out, T::default());
        self.get(false, || {
            let value = body()?;
            self.output(out, T::default(), "").ok()?.set(value);
            Some(true)
        })
    }
}

#[cfg(unix)]
fn path_of(string: &CStr) -> Result<&Path> {
    use std::os::unix::ffi::OsStrExt;
    Ok(Path::new(std::ffi::OsStr::from_bytes(string.to_bytes())))
}

#[cfg(not(unix))]
fn path_of(string: &CStr) -> Result<&Path> {
    text("a path", string.to_bytes()).map(Path::new)
}

/// The bytes of a path, as C is to see it.
#[cfg(unix)]
pub(crate) fn path_bytes(path: &Path) -> &[u8] {
    use std::os::unix::ffi::OsStrExt;
    path.as_os_str().as_bytes()
}

/// The bytes of a path, as C is to see it.
#[cfg(not(unix))]
pub(crate) fn path_bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

/// A string for C. A NUL within would end it early: U+FFFD takes its place.
pub(crate) fn to_c_string(bytes: &[u8]) -> std::ffi::CString {
    std::ffi::CString::new(bytes).unwrap_or_else(|_| {
        let parts: Vec<&[u8]> = bytes.split(|byte| *byte == 0).collect();
        std::ffi::CString::new(parts.join("\u{fffd}".as_bytes())).unwrap_or_default()
    })
}

fn null(name: &str) -> Error {
    let message = format!("the parameter `{name}` is NULL; pass a pointer to something");
    Error::new(ErrorCode::InvalidArgument, message)
}

fn misaligned(name: &str) -> Error {
    let message =
        format!("the parameter `{name}` is misaligned for what it points to; it is no such pointer");
    Error::new(ErrorCode::InvalidArgument, message)
}

//! How a long call is cancelled and watched.

use std::ffi::c_void;

use ouroborosdb::{Control, Result};

use crate::boundary::Caller;
use crate::cancel_token::ouro_cancel_token;
use crate::sized::SizedStruct;

/// Is told how far a long call has come: bytes, and items where the call counts any. It runs on the calling
/// thread, only during the call, under no lock, about 20 times a second at most and once at the end. It may call
/// the library.
pub type ouro_progress_fn = Option<unsafe extern "C" fn(userdata: *mut c_void, bytes: u64, items: u64)>;

/// How a long call is cancelled and watched. Begin with `OURO_CONTROL_INIT`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct ouro_control {
    /// The size of this struct.
    pub struct_size: usize,
    /// Cancels the call; may be NULL.
    pub cancel: *const ouro_cancel_token,
    /// Watches the call; may be NULL.
    pub progress: ouro_progress_fn,
    /// What `progress` is given.
    pub progress_userdata: *mut c_void,
}

// SAFETY: `repr(C)`, a `usize` first, pointers behind it, for which any bytes are valid, no padding.
unsafe impl SizedStruct for ouro_control {
    const SIZE_FIRST: usize = 32;

    fn defaults() -> ouro_control {
        ouro_control {
            struct_size: size_of::<ouro_control>(),
            cancel: std::ptr::null(),
            progress: None,
            progress_userdata: std::ptr::null_mut(),
        }
    }
}

const _: () = assert!(size_of::<ouro_control>() == 32);

impl Caller {
    /// The engine's control of this one; NULL controls nothing.
    pub(crate) fn control(&self, control: *const ouro_control) -> Result<Control<'_>> {
        let control = self.sized(control, "control")?;
        let mut made = Control::new();
        if let Some(token) = self.optional(control.cancel, "control->cancel")? {
            made = made.cancel(&token.token);
        }
        if let Some(progress) = control.progress {
            let userdata = control.progress_userdata;
            made = made.on_progress(move |done| {
                // SAFETY: the caller's function, called during the call, with the caller's own pointer.
                unsafe { progress(userdata, done.bytes, done.items) };
            });
        }
        Ok(made)
    }
}

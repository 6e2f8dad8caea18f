//! A file that is stored together with others.

use ouroborosdb::{Error, NewFile, PutFilesOptions, Result};

use crate::boundary::Caller;
use crate::durability::asked_durability;
use crate::event_id::ouro_event_id;
use crate::new_event::ouro_new_event;
use crate::sized::{SizedStruct, zeros};
use crate::source::{no_bytes, ouro_source};

/// A file for `ouro_database_put_files`. Begin with `OURO_NEW_FILE_INIT`, then set the source.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct ouro_new_file {
    /// The size of this struct.
    pub struct_size: usize,
    /// Where its bytes come from. What is at a path must be a file, and no device or pipe: open these. No descriptor may
    /// be that of two files: they are read at once. A function is called as everywhere, on the thread that makes the call,
    /// for one file after the other.
    pub source: ouro_source,
    /// The event that it hangs under; NULL: the one that the call names.
    pub parent: *const ouro_event_id,
    /// What its event carries beside it; NULL: nothing. No durability, which is the call's.
    pub new_event: *const ouro_new_event,
}

// SAFETY: `repr(C)`, a `usize` first, integers and pointers behind it, for which any bytes are valid, no padding.
unsafe impl SizedStruct for ouro_new_file {
    const SIZE_FIRST: usize = 64;

    fn defaults() -> ouro_new_file {
        ouro_new_file {
            struct_size: size_of::<ouro_new_file>(),
            source: no_bytes(),
            parent: std::ptr::null(),
            new_event: std::ptr::null(),
        }
    }
}

const _: () = assert!(size_of::<ouro_new_file>() == 64);

/// How `ouro_database_put_files` goes about it. Begin with `OURO_PUT_FILES_OPTIONS_INIT`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct ouro_put_files_options {
    /// The size of this struct.
    pub struct_size: usize,
    /// When the call is safe, `OURO_DURABILITY_...`; counts if `has_durability` is 1.
    pub durability: i32,
    /// Whether `durability` counts, 1 or 0; otherwise the call is as safe as the database was opened to be.
    pub has_durability: u8,
    /// Zero.
    pub reserved: [u8; 3],
}

// SAFETY: `repr(C)`, a `usize` first, integers behind it, no padding.
unsafe impl SizedStruct for ouro_put_files_options {
    const SIZE_FIRST: usize = 16;

    fn defaults() -> ouro_put_files_options {
        ouro_put_files_options {
            struct_size: size_of::<ouro_put_files_options>(),
            durability: 0,
            has_durability: 0,
            reserved: [0; 3],
        }
    }
}

const _: () = assert!(size_of::<ouro_put_files_options>() == 16);

impl Caller {
    /// The engine's files of this array, made one after the other as the engine asks for them.
    pub(crate) fn new_files(
        &self,
        files: *const ouro_new_file,
        length: usize,
    ) -> Result<impl Iterator<Item = Result<NewFile<'_>>>> {
        let files = self.sized_array(files, length, "files")?;
        Ok(files.enumerate().map(|(at, file)| {
            file.and_then(|file| self.file_of(&file))
                .map_err(|error| Error::new(error.code(), format!("files[{at}]: {}", error.message())))
        }))
    }

    fn file_of(&self, file: &ouro_new_file) -> Result<NewFile<'_>> {
        let made = self.new_file(&file.source)?.event(self.new_event(file.new_event)?);
        Ok(match self.optional(file.parent, "parent")? {
            Some(parent) => made.under(*parent),
            None => made,
        })
    }

    /// The engine's options of these; NULL has the defaults.
    pub(crate) fn put_files_options(
        &self,
        options: *const ouro_put_files_options,
    ) -> Result<PutFilesOptions<'static>> {
        let options = self.sized(options, "options")?;
        zeros(&options.reserved, "options")?;
        let made = PutFilesOptions::new();
        Ok(match asked_durability(options.has_durability, options.durability, "options")? {
            Some(durability) => made.durability(durability),
            None => made,
        })
    }
}

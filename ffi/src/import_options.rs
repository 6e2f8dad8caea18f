//! How an import goes about it.

use ouroborosdb::{ImportOptions, Result};

use crate::boundary::Caller;
use crate::durability::asked_durability;
use crate::sized::{SizedStruct, zeros};

/// How `ouro_database_import_path_with` goes about it. Begin with `OURO_IMPORT_OPTIONS_INIT`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct ouro_import_options {
    /// The size of this struct.
    pub struct_size: usize,
    /// When the import is safe, `OURO_DURABILITY_...`; counts if `has_durability` is 1.
    pub durability: i32,
    /// Whether `durability` counts, 1 or 0; otherwise the import is as safe as the database was opened to be.
    pub has_durability: u8,
    /// Zero.
    pub reserved: [u8; 3],
}

// SAFETY: `repr(C)`, a `usize` first, integers behind it, no padding.
unsafe impl SizedStruct for ouro_import_options {
    const SIZE_FIRST: usize = 16;

    fn defaults() -> ouro_import_options {
        ouro_import_options {
            struct_size: size_of::<ouro_import_options>(),
            durability: 0,
            has_durability: 0,
            reserved: [0; 3],
        }
    }
}

const _: () = assert!(size_of::<ouro_import_options>() == 16);

impl Caller {
    /// The engine's options of these; NULL has the defaults.
    pub(crate) fn import_options(
        &self,
        options: *const ouro_import_options,
    ) -> Result<ImportOptions<'static>> {
        let options = self.sized(options, "options")?;
        zeros(&options.reserved, "options")?;
        let made = ImportOptions::new();
        Ok(match asked_durability(options.has_durability, options.durability, "options")? {
            Some(durability) => made.durability(durability),
            None => made,
        })
    }
}

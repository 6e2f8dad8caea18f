//! Which library this is.

use std::ffi::{CStr, c_char};

/// Major version of the library that this header belongs to.
pub const OURO_VERSION_MAJOR: u32 = 0;
/// Minor version of the library that this header belongs to.
pub const OURO_VERSION_MINOR: u32 = 1;
/// Patch version of the library that this header belongs to.
pub const OURO_VERSION_PATCH: u32 = 0;
/// Version of the binary interface: a program that was built with one number runs with every library of that
/// number.
pub const OURO_ABI_VERSION: u32 = 1;

const VERSION: &CStr = c"0.1.0";

/// The version of the library that is loaded, such as `0.1.0`. It is never freed.
#[unsafe(no_mangle)]
pub extern "C" fn ouro_version() -> *const c_char {
    VERSION.as_ptr()
}

/// The version of the binary interface of the library that is loaded; compare it with `OURO_ABI_VERSION`.
#[unsafe(no_mangle)]
pub extern "C" fn ouro_abi_version() -> u32 {
    OURO_ABI_VERSION
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_and_the_text_are_the_version_of_the_package() {
        let parts = format!("{OURO_VERSION_MAJOR}.{OURO_VERSION_MINOR}.{OURO_VERSION_PATCH}");
        assert_eq!(parts, env!("CARGO_PKG_VERSION"));
        assert_eq!(VERSION.to_bytes(), parts.as_bytes());
    }
}

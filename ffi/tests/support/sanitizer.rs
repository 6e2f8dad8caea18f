//! Which sanitizer watches the programs in C and C++. `cargo xtask sanitize thread` asks for another one than there is
//! otherwise, and builds the library with the same.

use std::ffi::OsString;
use std::sync::LazyLock;

/// What watches programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sanitizer {
    /// AddressSanitizer with LeakSanitizer, and UBSan, of the C compiler.
    Address,
    /// ThreadSanitizer. Its runtime is that of Rust's compiler, which is the newer one, and does for both.
    Thread {
        /// The archive.
        runtime: OsString,
    },
}

/// The one that was asked for.
pub(crate) static SANITIZER: LazyLock<Sanitizer> = LazyLock::new(|| {
    std::env::var_os("OUROBOROS_TEST_TSAN_RUNTIME")
        .map_or(Sanitizer::Address, |runtime| Sanitizer::Thread { runtime })
});

impl Sanitizer {
    /// The compiler's flags. Any finding is to end the program.
    pub(crate) fn flags(&self) -> &'static [&'static str] {
        match self {
            Sanitizer::Address => {
                &["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"]
            }
            Sanitizer::Thread { .. } => &["-fsanitize=thread", "-fno-omit-frame-pointer"],
        }
    }

    /// What is linked before anything else.
    pub(crate) fn libraries(&self) -> Vec<OsString> {
        match self {
            Sanitizer::Address => Vec::new(),
            // Instead of the runtime that the C compiler would take.
            Sanitizer::Thread { runtime } => [
                "-nodefaultlibs".into(),
                "-Wl,--export-dynamic,--whole-archive".into(),
                runtime.clone(),
                "-Wl,--no-whole-archive".into(),
                "-lstdc++".into(),
                "-lgcc".into(),
            ]
            .into(),
        }
    }
}

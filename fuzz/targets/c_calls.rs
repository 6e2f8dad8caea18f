//! Calls of the C library in any order, with any arguments that C allows: `c_calls.c`.
#![no_main]

// Brings in the functions that the C code calls.
use ouroborosdb_c_library as _;

unsafe extern "C" {
    fn run_calls(data: *const u8, length: usize);
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    // SAFETY: it reads so many bytes, and keeps none of them.
    unsafe { run_calls(data.as_ptr(), data.len()) }
});

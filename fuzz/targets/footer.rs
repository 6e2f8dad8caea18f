//! `core/src/fuzzing` says what must hold.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ouroborosdb::fuzzing::footer(data));

//! Compiles the target that is written in C, as C programs are: against the header.

fn main() {
    println!("cargo::rerun-if-changed=targets/c_calls.c");
    println!("cargo::rerun-if-changed=../include/ouroborosdb.h");
    cc::Build::new()
        .file("targets/c_calls.c")
        .include("../include")
        .std("c11")
        .extra_warnings(true)
        .warnings_into_errors(true)
        .compile("c_calls");
}

//! Gives the shared library its name for the loader: until 1.0 the minor version is part of it, since it may break.
//!
//! cargo-c, which turns on the feature `capi`, gives the same name itself.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let elf = variable("CARGO_CFG_TARGET_OS") == "linux" || variable("CARGO_CFG_TARGET_OS") == "freebsd";
    if !elf || std::env::var_os("CARGO_FEATURE_CAPI").is_some() {
        return;
    }
    let (major, minor) = (variable("CARGO_PKG_VERSION_MAJOR"), variable("CARGO_PKG_VERSION_MINOR"));
    let version = if major == "0" { format!("0.{minor}") } else { major };
    println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libouroborosdb.so.{version}");
}

//! The C header, `include/ouroborosdb.h`: made of `ffi/src` by cbindgen, committed, and compared.
//!
//! `ffi/tests/header.rs` takes this file in as it is, so that the test and the command cannot differ.

use std::path::{Path, PathBuf};

const HEADER: &str = "include/ouroborosdb.h";

/// Writes the header, or checks that the committed one is what the sources say.
pub(crate) fn run(check: bool) -> Result<(), String> {
    if check { self::check() } else { write() }
}

/// The header that the sources say.
pub(crate) fn generate() -> Result<String, String> {
    let ffi = root().join("ffi");
    let config = cbindgen::Config::from_file(ffi.join("cbindgen.toml"))?;
    let made = cbindgen::Builder::new().with_crate(&ffi).with_config(config).generate();
    let bindings = made.map_err(|error| format!("cbindgen: {error}"))?;
    let mut header = Vec::new();
    bindings.write(&mut header);
    let header = String::from_utf8(header).map_err(|error| format!("cbindgen wrote {error}"))?;
    Ok(without_safety_sections(&header))
}

/// The header as it is committed.
pub(crate) fn path() -> PathBuf {
    root().join(HEADER)
}

/// Fails where the committed header is not what the sources say.
pub(crate) fn check() -> Result<(), String> {
    let committed = std::fs::read_to_string(path()).unwrap_or_default();
    let made = generate()?;
    let differs = committed.lines().zip(made.lines()).position(|(old, new)| old != new);
    if committed == made {
        return Ok(());
    }
    let line = differs.unwrap_or(committed.lines().count().min(made.lines().count())) + 1;
    Err(format!(
        "{HEADER} is not what ffi/src says, from line {line} on; run `cargo xtask header` and commit it"
    ))
}

/// Makes the header what the sources say.
pub(crate) fn write() -> Result<(), String> {
    let made = generate()?;
    let path = path();
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| format!("creating {}: {error}", folder.display()))?;
    }
    std::fs::write(&path, made).map_err(|error| format!("writing {}: {error}", path.display()))
}

/// What Rust wants said of each unsafe function the header says once, at its top.
fn without_safety_sections(header: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut lines = header.lines();
    while let Some(line) = lines.next() {
        if line.trim() != "/// # Safety" {
            kept.push(line);
            continue;
        }
        while kept.last().is_some_and(|last| last.trim() == "///") {
            kept.pop();
        }
        // An empty line of the comment and one sentence.
        lines.by_ref().take(2).for_each(drop);
    }
    kept.join("\n") + "\n"
}

fn root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package)
}

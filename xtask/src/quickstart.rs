//! The quickstart in every language prints the same text.

use std::path::{Path, PathBuf};

use crate::command::{capture, cargo};
use crate::programs::Built;
use crate::{Result, paths};

/// Runs the quickstart of each language and compares what it prints with `examples/expected.txt`. Leaves
/// the stores that it gives back, each in a folder that is called as its language.
pub(crate) fn run(built: &Built) -> Result<Vec<PathBuf>> {
    let folder = paths::fresh_folder("quickstart")?;
    let rust = cargo(["run", "--quiet", "--package", "ouroborosdb", "--example", "quickstart", "--"]);
    let mut stores = Vec::new();
    for (language, mut program) in built.beside_rust(rust, "examples/quickstart")? {
        let store = folder.join(language);
        let printed = capture(program.arg(&store))?;
        compare(language, &printed, &paths::root().join("examples/expected.txt"))?;
        stores.push(store);
    }
    Ok(stores)
}

fn compare(language: &str, printed: &str, expected: &Path) -> Result<()> {
    let expected = std::fs::read_to_string(expected)?;
    if printed == expected {
        println!("quickstart in {language}: as expected");
        return Ok(());
    }
    Err(format!("the quickstart in {language} printed\n{printed}instead of\n{expected}").into())
}

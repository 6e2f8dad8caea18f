//! The quickstart in every language prints the same text.

use std::path::Path;
use std::process::Command;

use crate::command::{capture, cargo};
use crate::native::Library;
use crate::node::Node;
use crate::profile::Profile;
use crate::python::Environment;
use crate::{Result, paths};

/// Runs the quickstart of each language and compares what it prints with `examples/expected.txt`. Leaves
/// the stores below the folder that it gives back.
pub(crate) fn run(environment: &Environment) -> Result<Vec<std::path::PathBuf>> {
    let folder = paths::fresh_folder("quickstart")?;
    let library = Library::install(Profile::Dev)?;
    let mut python = environment.python();
    python.arg(paths::root().join("examples/quickstart.py"));
    let arguments = ["run", "--quiet", "--package", "ouroborosdb", "--example", "quickstart", "--"];
    let programs = [
        ("rust", cargo(arguments)),
        ("c", Command::new(library.compile("examples/quickstart.c")?)),
        ("cpp", Command::new(library.compile("examples/quickstart.cpp")?)),
        ("python", python),
        ("node", Node::prepare(Profile::Dev)?.program("examples/quickstart.mjs")?),
    ];
    let mut stores = Vec::new();
    for (language, mut program) in programs {
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

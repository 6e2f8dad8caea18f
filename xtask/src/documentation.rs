//! The reference of each language, as its own tools make it: rustdoc, Doxygen for C and C++, pydoc, TypeDoc.
//!
//! What is public has a sentence, and what a sentence links to exists: every warning is an error. Python's tools warn
//! of nothing, so `bindings-python/tests/test_documentation.py` looks at what they would show.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::command::{cargo, run};
use crate::paths::{self, copy_file};
use crate::python::Environment;
use crate::{Result, installed, machine, node};

/// Makes the references whose tools warn.
pub(crate) fn check() -> Result<()> {
    rust()?;
    c(&paths::fresh_folder("documentation-checked")?)?;
    node(["--emit", "none"])
}

/// Makes every reference, and prints where each is.
pub(crate) fn write() -> Result<()> {
    machine::check_for_tests()?;
    let folder = paths::fresh_folder("documentation")?;
    rust()?;
    c(&folder.join("c"))?;
    node([OsStr::new("--out"), folder.join("node").as_os_str()])?;
    python(&folder.join("python"))?;
    for (language, page) in [
        ("Rust", paths::target().join("doc/ouroborosdb/index.html")),
        ("C and C++", folder.join("c/html/index.html")),
        ("Node.js", folder.join("node/index.html")),
        ("Python", folder.join("python/ouroborosdb.html")),
    ] {
        if !page.is_file() {
            return Err(format!("the reference of {language} has no page {}", page.display()).into());
        }
        println!("{language:9}  {}", page.display());
    }
    Ok(())
}

/// The one crate that is published as a library. That of C is documented by its header, and a command by its `--help`.
fn rust() -> Result<()> {
    let mut command = cargo(["doc", "--quiet", "--no-deps", "--package", "ouroborosdb"]);
    run(command.env("RUSTDOCFLAGS", "-D warnings -D rustdoc::missing_crate_level_docs"))
}

/// Doxygen as `include/Doxyfile` sets it up, into this folder.
fn c(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let include = paths::root().join("include");
    check_parameters(&std::fs::read_to_string(include.join("ouroborosdb.h"))?)?;
    let mut settings = std::fs::read_to_string(include.join("Doxyfile"))?;
    settings += &format!("OUTPUT_DIRECTORY = \"{}\"\n", folder.display());
    settings += &format!("PROJECT_NUMBER = {}\n", env!("CARGO_PKG_VERSION"));
    eprintln!("$ doxygen include/Doxyfile");
    let mut doxygen = Command::new("doxygen").current_dir(&include).arg("-").stdin(Stdio::piped()).spawn()?;
    if let Some(mut input) = doxygen.stdin.take() {
        input.write_all(settings.as_bytes())?;
    }
    let status = doxygen.wait()?;
    if status.success() { Ok(()) } else { Err(format!("Doxygen warns of the headers: {status}").into()) }
}

/// Fails where the comment of a function of C names what is neither a parameter of it nor a field of a struct: a word
/// in lower case between backticks, which Doxygen takes for mere code.
fn check_parameters(header: &str) -> Result<()> {
    // Of C itself, kinds of events, and an error's name.
    const OTHERS: [&str; 4] = ["errno", "parent_not_found", "root", "unknown"];
    let is_separator = |letter: char| !letter.is_alphanumeric() && letter != '_';
    let fields = header.lines().filter(|line| line.starts_with("  ") && line.ends_with(';'));
    let fields: BTreeSet<&str> = fields.flat_map(|line| line.split(is_separator)).collect();
    for paragraph in header.split("\n\n").filter(|paragraph| paragraph.ends_with(");")) {
        let (comments, declaration): (Vec<&str>, Vec<&str>) =
            paragraph.trim_start().lines().partition(|line| line.starts_with("///"));
        let comment = comments.join("\n");
        let declaration = declaration.join(" ");
        let is_there =
            |word: &&str| fields.contains(word) || declaration.split(is_separator).any(|it| it == *word);
        let is_plain = |word: &&str| word.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_');
        let words = comment.split('`').skip(1).step_by(2).filter(is_plain);
        let mut wrong = words.filter(|word| !word.starts_with("ouro_") && !OTHERS.contains(word));
        if let Some(word) = wrong.find(|word| !is_there(word)) {
            return Err(format!("`{word}` is no parameter of: {declaration}").into());
        }
    }
    Ok(())
}

/// TypeDoc over the types, in a folder of its own, with the TypeScript that it takes.
fn node<'a>(arguments: impl IntoIterator<Item = impl AsRef<OsStr> + 'a>) -> Result<()> {
    let package = paths::root().join("bindings-node");
    let tools = package.join("documentation");
    let folder = paths::target().join("typedoc");
    let lock = std::fs::read(tools.join("package-lock.json"))?;
    for name in ["package.json", "package-lock.json", "typedoc.json", "tsconfig.json"] {
        copy_file(&tools.join(name), &folder.join(name))?;
    }
    for name in ["index.d.ts", "index.d.cts"] {
        copy_file(&package.join(name), &folder.join(name))?;
    }
    installed::once(&folder.join("node_modules/.installed-package-lock.json"), &lock, || {
        let install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
        run(Command::new("npm").current_dir(&folder).args(install))
    })?;
    let mut typedoc = Command::new(node::interpreter());
    typedoc.current_dir(&folder).arg("node_modules/typedoc/bin/typedoc").args(arguments);
    run(&mut typedoc)
}

/// What `help()` says, as pages: one for the package, one for each module that a program imports.
fn python(folder: &PathBuf) -> Result<()> {
    let environment = Environment::prepare()?;
    environment.install(&["--features", "testing"])?;
    std::fs::create_dir_all(folder)?;
    let modules = ["-m", "pydoc", "-w", "ouroborosdb", "ouroborosdb.aio"];
    run(environment.python().current_dir(folder).args(modules))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
mod tests {
    use super::check_parameters;

    #[test]
    fn a_parameter_that_is_not_there_is_found() {
        let header =
            "/// At most `capacity`; `ouro_x_free` frees.\nint ouro_x(int capacity);\n\nint ouro_y(void);\n";
        check_parameters(header).expect("all of it is there");
        let wrong = header.replace("`capacity`", "`capcity`");
        let error = check_parameters(&wrong).expect_err("`capcity` is not there");
        assert!(error.to_string().contains("`capcity`"), "{error}");
    }
}

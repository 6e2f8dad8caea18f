//! `cargo xtask pages`: the tables in `docs/` that follow from `operations.toml`.
//!
//! Each page of a language has one table of all operations under its names there, and `docs/errors.md` has the table
//! of error codes, between marks. Whoever adds an operation runs the command; a test holds the pages against the data.

use std::path::PathBuf;

use crate::{Result, paths};

const BEGIN: &str = "<!-- from operations.toml: begin -->\n";
const END: &str = "<!-- from operations.toml: end -->\n";

/// The pages with a table of operations: file, key in `operations.toml`.
const PAGES: [(&str, &str); 5] =
    [("rust.md", "rust"), ("c.md", "c"), ("cpp.md", "cpp"), ("python.md", "python"), ("node.md", "node")];
const ERRORS_PAGE: &str = "errors.md";

/// Writes the tables.
pub(crate) fn write() -> Result<()> {
    for (path, text) in all()? {
        std::fs::write(&path, text).map_err(|error| format!("writing {}: {error}", path.display()))?;
    }
    Ok(())
}

/// Fails where a page is not what `operations.toml` says.
pub(crate) fn check() -> Result<()> {
    for (path, text) in all()? {
        if std::fs::read_to_string(&path)? != text {
            let message =
                format!("{} is not what operations.toml says; run `cargo xtask pages`", path.display());
            return Err(message.into());
        }
    }
    Ok(())
}

/// Each page as it should be.
fn all() -> Result<Vec<(PathBuf, String)>> {
    let table: toml::Table = std::fs::read_to_string(paths::root().join("operations.toml"))?.parse()?;
    let mut pages = Vec::new();
    for (file, language) in PAGES {
        pages.push(page(file, &operations(&table, language)?)?);
    }
    pages.push(page(ERRORS_PAGE, &errors(&table)?)?);
    Ok(pages)
}

fn page(file: &str, rows: &str) -> Result<(PathBuf, String)> {
    let path = paths::root().join("docs").join(file);
    let text =
        std::fs::read_to_string(&path).map_err(|error| format!("reading {}: {error}", path.display()))?;
    let missing = || format!("{} lacks the marks of its table", path.display());
    let (before, rest) = text.split_once(BEGIN).ok_or_else(missing)?;
    let (_, after) = rest.split_once(END).ok_or_else(missing)?;
    let text = format!("{before}{BEGIN}\n{rows}\n{END}{after}");
    Ok((path, text))
}

fn rows<'a>(table: &'a toml::Table, key: &str) -> impl Iterator<Item = &'a toml::Value> {
    table.get(key).and_then(toml::Value::as_array).into_iter().flatten()
}

fn word<'a>(row: &'a toml::Value, key: &str) -> Result<&'a str> {
    let found = row.get(key).and_then(toml::Value::as_str);
    found.ok_or_else(|| format!("a row of operations.toml has no `{key}`: {row:?}").into())
}

fn operations(table: &toml::Table, language: &str) -> Result<String> {
    let mut out = "| name | what it does |\n| --- | --- |\n".to_owned();
    for row in rows(table, "operation") {
        let name = word(row, language)?.replace('|', "\\|");
        out.push_str(&format!("| `{name}` | {} |\n", word(row, "meaning")?));
    }
    Ok(out)
}

fn errors(table: &toml::Table) -> Result<String> {
    let mut out = "| number | name | meaning |\n| --- | --- | --- |\n".to_owned();
    for row in rows(table, "error") {
        let number = row.get("number").and_then(toml::Value::as_integer).unwrap_or_default();
        out.push_str(&format!("| {number} | `{}` | {} |\n", word(row, "name")?, word(row, "meaning")?));
    }
    Ok(out)
}

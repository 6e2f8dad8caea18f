//! `cargo xtask test`: all tests of all languages.
//!
//! Two sets of builds: the dev profile for everything that tests, release for what is measured.

use std::path::PathBuf;

use crate::command::{cargo, run as run_command};
use crate::parts::Parts;
use crate::programs::Built;
use crate::python::Environment;
use crate::{
    Result, big_file, conformance, documentation, fuzz, header, interchange, machine, node, npm, packages,
    pages, paths, quickstart, sanitizer, wheels,
};

/// Runs every part, and prints how long each took, failed or not.
pub(crate) fn run() -> Result<()> {
    machine::check_for_tests()?;
    let mut parts = Parts::default();
    let outcome = run_parts(&mut parts);
    parts.print();
    outcome
}

fn run_parts(parts: &mut Parts) -> Result<()> {
    parts.run("format of the Rust sources", || run_command(&mut cargo(["fmt", "--all", "--check"])))?;
    parts.run("clippy", || {
        run_command(&mut cargo(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]))
    })?;
    parts.run("tests of the engine, of C and C++, of the command and of xtask", || {
        let features = ["--features", "ouroborosdb-ffi/testing"];
        let packages =
            ["ouroborosdb", "ouroborosdb-ffi", "ouroborosdb-cli", "xtask", "bench-events", "models"];
        let packages = packages.iter().flat_map(|name| ["--package", name]);
        run_command(cargo(["test", "--quiet"]).args(packages).args(features))
    })?;
    // The sanitizer of the targets is that of Linux; what it watches is the same elsewhere.
    if cfg!(target_os = "linux") {
        parts.run("fuzz targets", || fuzz::run(&[]))?;
        parts.run("the C library under AddressSanitizer", sanitizer::run_quick)?;
    }
    parts.run("pages", pages::check)?;
    parts.run("header", || header::run(true).map_err(Into::into))?;
    parts.run("documentation", documentation::check)?;
    parts.run("Python", test_python)?;
    parts.run("Node.js", node::test)?;
    parts.run("the C and C++ library, installed", packages::run)?;
    let built = parts.run("packages and programs, built for release and installed", Built::new)?;
    parts.run("the Python packages, used", || wheels::run(built.python()))?;
    parts.run("the npm packages, used", || npm::run(built.node()))?;
    let stores = parts.run("quickstart in every language", || quickstart::run(&built))?;
    parts.run("conformance in every language", conformance::run)?;
    parts.run("golden vectors and ids, computed independently", || check_independently(&stores))?;
    parts.run("each language reads what each wrote", || interchange::run(&stores, &built))?;
    parts.run("big file in every language", || big_file::run(&built))
}

fn test_python() -> Result<()> {
    let environment = Environment::prepare()?;
    environment.install(&["--features", "testing"])?;
    let folder = paths::root().join("bindings-python");
    for arguments in [
        &["-m", "pytest", "--quiet"] as &[&str],
        &["-m", "mypy", "--strict", "python"],
        &["-m", "mypy.stubtest", "ouroborosdb"],
    ] {
        run_command(environment.python().current_dir(&folder).args(arguments))?;
    }
    Ok(())
}

/// Scripts that follow `docs/FORMAT.md` and share no code with the engine.
fn check_independently(stores: &[PathBuf]) -> Result<()> {
    let environment = Environment::prepare()?;
    run_command(environment.python().arg("conformance/golden/check.py"))?;
    for store in stores {
        run_command(environment.python().arg("conformance/independent_ids.py").arg(store))?;
    }
    Ok(())
}

//! `cargo xtask schemas`: the tables of the API's types, from the OpenAPI documents that Kubernetes publishes.

mod enums;
mod json;
mod merge;
mod module;
mod openapi;
mod server;
mod table;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};

use crate::run::say;

/// The newest patch of each minor version that the Go module proxy gives.
const VERSIONS: &[&str] =
    &["v1.29.15", "v1.30.14", "v1.31.14", "v1.32.13", "v1.33.13", "v1.34.4", "v1.35.4", "v1.36.3", "v1.37.1"];
/// The last version that came with examples, in which the tests look for credentials.
const EXAMPLES: &str = "v1.9.0";
/// The version of the API server that `cargo xtask api` starts.
const JUDGED: &str = "v1.34.4";
const TABLE: &str = "src/schema/tables/kubernetes.bin";
const SOURCES: &str = "src/schema/tables/sources.txt";

/// Fetches all that the tables and the tests are made of.
pub fn fetch() -> Result<()> {
    VERSIONS.iter().chain([&EXAMPLES]).try_for_each(|version| module::folder(version).map(drop))
}

/// Writes the tables, or with `--check` says whether they are what would be written, or with `--json` writes the JSON
/// Schemas for kubeconform.
pub fn run(root: &Path, args: &[String]) -> Result<()> {
    let check = match args {
        [] => false,
        [flag] if flag == "--check" => true,
        [flag] if flag == "--json" => return write_json(root),
        _ => bail!("cargo xtask schemas [--check|--json]"),
    };
    let (table, sources) = build()?;
    for (name, wanted) in [(TABLE, table.as_slice()), (SOURCES, sources.as_bytes())] {
        let path = root.join(name);
        if check {
            let written = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            ensure!(written == wanted, "{name} is not what `cargo xtask schemas` makes");
        } else {
            fs::write(&path, wanted).with_context(|| format!("cannot write {}", path.display()))?;
        }
    }
    say(format_args!("{TABLE}: {} bytes{}", table.len(), if check { ", as committed" } else { "" }))
}

/// Writes the same documents of one version as JSON Schemas, a file a kind, for kubeconform.
pub fn write_json(root: &Path) -> Result<()> {
    let folder = root.join("target/schemas");
    fs::create_dir_all(&folder)?;
    json::write(&module::openapi(&module::folder(JUDGED)?)?, &folder)
}

/// The tables, and the page that says what they were made of.
fn build() -> Result<(Vec<u8>, String)> {
    let mut all = Vec::new();
    let mut sources = String::from(
        "Made by `cargo xtask schemas` from the Go module k8s.io/kubernetes: api/openapi-spec/swagger.json, and the words\n\
         that fields are limited to from pkg/generated/openapi/zz_generated.openapi.go. Names, types and lists only.\n\n\
         version   kinds  types  fields  bytes added  sha256 of swagger.json\n",
    );
    let server = server::Server::read()?;
    let mut before = 0;
    for version in VERSIONS {
        let folder = module::folder(version)?;
        let (text, code) = (module::openapi(&folder)?, module::generated(&folder)?);
        let digest = hex(&Sha256::digest(&text));
        all.push(openapi::read(version, &text, &enums::read(&code), &server)?);
        let (last, so_far) = (all.last().context("one was pushed")?, merge::merge(&all)?);
        let size = table::write(&so_far)?.len();
        let fields: usize = last.definitions.values().map(|it| it.fields.len()).sum();
        let (kinds, types) = (last.kinds.len(), last.definitions.len());
        let added = size - before;
        writeln!(sources, "{version:<9} {kinds:>5}  {types:>5}  {fields:>6}  {added:>11}  {digest}")?;
        say(format_args!(
            "{version:<10} {kinds} kinds, {types} types, {fields} fields: {added} bytes added"
        ))?;
        before = size;
    }
    let table = table::write(&merge::merge(&all)?)?;
    writeln!(sources, "\n{} bytes, sha256 {}", table.len(), hex(&Sha256::digest(&table)))?;
    Ok((table, sources))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut all, byte| {
        let _ = write!(all, "{byte:02x}");
        all
    })
}

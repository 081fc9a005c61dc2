//! The Go module that holds the documents.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Downloaded {
    dir: Option<PathBuf>,
    error: Option<String>,
}

/// The folder of a version in Go's module cache, downloaded when it is not there.
pub fn folder(version: &str) -> Result<PathBuf> {
    let module = format!("k8s.io/kubernetes@{version}");
    let output =
        Command::new("go").args(["mod", "download", "-json", &module]).output().context("no go on PATH")?;
    let downloaded: Downloaded = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("go mod download {module}: {}", String::from_utf8_lossy(&output.stderr)))?;
    ensure!(downloaded.error.is_none(), "{}", downloaded.error.unwrap_or_default());
    downloaded.dir.with_context(|| format!("go mod download {module} named no folder"))
}

/// The published document of all types and paths.
pub fn openapi(folder: &Path) -> Result<Vec<u8>> {
    read(&folder.join("api/openapi-spec/swagger.json"))
}

/// The generated definitions, which unlike the published document list the words a field is limited to.
pub fn generated(folder: &Path) -> Result<String> {
    Ok(String::from_utf8(read(&folder.join("pkg/generated/openapi/zz_generated.openapi.go"))?)?)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

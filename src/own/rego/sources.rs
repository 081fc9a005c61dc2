//! The files of a Rego policy: modules and data, as they were read.

use crate::embedded::{File, Format};
use crate::own::schemas::Fault;
use crate::yaml::Data;

/// The largest file, in bytes.
pub const LARGEST: u64 = 1 << 20;
/// How many files one entry may name.
pub const MOST_FILES: usize = 1_000;

/// One file.
#[derive(Debug, Clone)]
pub struct Text {
    /// Its path inside the policy's folder.
    pub path: String,
    /// The folders between the folder that was named and the file: where its data goes.
    pub below: Vec<String>,
    /// What it holds.
    pub text: String,
}

/// Everything one `rego:` entry names.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// `.rego` files, tests left out.
    pub modules: Vec<Text>,
    /// `.yaml`, `.yml` and `.json` files.
    pub data: Vec<Text>,
}

/// Whether a file's name makes it a module.
#[must_use]
pub fn is_module(name: &str) -> bool {
    name.ends_with(".rego") && !name.ends_with("_test.rego")
}

/// Whether a file's name makes it data.
#[must_use]
pub fn is_data(name: &str) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|ending| name.ends_with(ending))
}

impl Sources {
    /// The data of all files, each below the folders it lies in, as OPA lays them out.
    ///
    /// # Errors
    /// The file that cannot be read, is no map, or says what another has said.
    pub(super) fn merged(&self) -> Result<Data, Fault> {
        let mut all = Data::Object(serde_json::Map::new());
        for file in &self.data {
            let format = if file.path.ends_with(".json") { Format::Json } else { Format::Yaml };
            let read = File::parse(&file.text, format).map_err(|fault| {
                let line = fault.line.map(|line| format!(":{line}")).unwrap_or_default();
                let what = format!("data {}{line}: {}", file.path, fault.what);
                Fault::new(what, "data files are one JSON or YAML document each")
            })?;
            let nested = file.below.iter().rev().fold(read.data, |inner, folder| {
                Data::Object([(folder.clone(), inner)].into_iter().collect())
            });
            if !nested.is_object() {
                let what = format!("data {}: is no map, so its values have no names", file.path);
                return Err(Fault::new(
                    what,
                    "put the list under a key, or the file into a folder that names it",
                ));
            }
            merge(&mut all, nested, "data").map_err(|place| {
                let what = format!("data {}: {place} is said by another file already", file.path);
                Fault::new(what, "each value has one file; only maps are joined")
            })?;
        }
        Ok(all)
    }
}

fn merge(into: &mut Data, from: Data, place: &str) -> Result<(), String> {
    match (into, from) {
        (Data::Object(into), Data::Object(from)) => {
            for (key, value) in from {
                match into.get_mut(&key) {
                    Some(before) => merge(before, value, &format!("{place}.{key}"))?,
                    None => drop(into.insert(key, value)),
                }
            }
            Ok(())
        }
        _ => Err(place.to_owned()),
    }
}

//! `--crds`: definitions of custom resources that do not stand in the stream.

use std::path::PathBuf;
use std::sync::Arc;

use crate::error::Error;
use crate::schema::custom::Given;
use crate::wire::{Input, files, input};

/// Reads the files, and those below the folders. What is no definition among them is passed over.
///
/// # Errors
/// [`Error::Io`], [`Error::TooLarge`], [`Error::NotUtf8`], [`Error::Yaml`]; [`Error::Usage`] where none is a definition.
pub fn read(paths: &[PathBuf], limit: u64) -> Result<Given, Error> {
    let mut streams = Vec::new();
    for named in paths {
        let before = streams.len();
        for path in files::below(named)? {
            let input = Input::from_file(&path, limit)?;
            if input.text.contains("CustomResourceDefinition") {
                streams.push(input::parse(input)?);
            }
        }
        if streams.len() == before {
            let message = format!("--crds {}: no CustomResourceDefinition there", named.display());
            return Err(Error::usage(
                message,
                "name the file, or the folder, that holds them: crds/ of the chart",
            ));
        }
    }
    Ok(Arc::new(streams))
}

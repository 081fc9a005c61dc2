//! One file of a schema: read, held to its limits and to its draft's own schema before anything is made of it.

use std::fmt;
use std::sync::Arc;

use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::{Draft, ValidationError};

use super::nearest_branch::innermost;
use super::{Fault, words};
use crate::embedded::{File, Format};
use crate::yaml::{Data, Route, Step};

/// The largest schema file, in bytes.
pub const LARGEST: u64 = 1 << 20;
/// How deep a schema may be nested.
const DEEPEST: usize = 100;

/// What a folder reader gives: the text of a file inside the policy's folder, or why there is none.
type Read = dyn Fn(&str) -> Result<String, String> + Send + Sync;

/// Reads files inside the policy's folder, by a path relative to it with `/` between its parts.
#[derive(Clone)]
pub struct Reader(Arc<Read>);

impl Reader {
    /// A reader; it alone knows where the folder is, and lets nothing outside be read.
    pub fn new(read: impl Fn(&str) -> Result<String, String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// The text of a file.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn read(&self, path: &str) -> Result<String, String> {
        (self.0)(path)
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reader")
    }
}

/// A schema file that is a schema of a draft we know.
#[derive(Debug)]
pub struct Document {
    /// Its path, relative to the policy's folder.
    pub path: String,
    /// What it says.
    pub data: Data,
    /// The draft it names, 2020-12 when it names none.
    pub draft: Draft,
    file: File,
}

impl Document {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn load(path: &str, reader: &Reader) -> Result<Self, Fault> {
        let text = reader.read(path).map_err(|why| {
            Fault::new(
                format!("schema {path}: {why}"),
                "schemas and what they refer to are files inside the policy's folder",
            )
        })?;
        let format = Format::of_name(path).filter(|it| matches!(it, Format::Json | Format::Yaml));
        let Some(format) = format else {
            return Err(Fault::new(
                format!("schema {path}: the name ends neither in .json nor in .yaml"),
                "a schema is written in JSON or YAML; rename the file",
            ));
        };
        let file = File::parse(&text, format).map_err(|fault| {
            let line = fault.line.map(|line| format!(":{line}")).unwrap_or_default();
            Fault::new(format!("schema {path}{line}: {}", fault.what), "the file must be readable on its own")
        })?;
        let data = file.data.clone();
        let mut document = Self { path: path.to_owned(), data, draft: Draft::Draft202012, file };
        document.look(&document.data, &mut Route::root())?;
        document.draft = document.named_draft(&document.data)?.unwrap_or(Draft::Draft202012);
        document.fits_its_draft()?;
        Ok(document)
    }

    /// `schemas/app.json:12`, where the value at a route stands.
    #[must_use]
    pub fn place(&self, route: &Route) -> String {
        format!("{}:{}", self.path, self.file.line_of(route))
    }

    /// What can be told without the draft: depth, drafts, references that leave the folder, formats nobody checks.
    fn look(&self, data: &Data, route: &mut Route) -> Result<(), Fault> {
        if route.steps().len() > DEEPEST {
            return Err(Fault::new(
                format!("schema {}: nested more than {DEEPEST} deep", self.place(route)),
                "name parts of it under $defs and refer to them",
            ));
        }
        match data {
            Data::Object(map) => {
                self.named_draft(data).map(|_| ())?;
                for (key, value) in map {
                    let mut below = route.key(key.clone());
                    match (key.as_str(), value) {
                        ("$ref" | "$dynamicRef" | "$recursiveRef", Data::String(target)) => {
                            self.stays_inside(target, &below)?;
                        }
                        ("format", Data::String(name)) => self.is_checked(name, &below)?,
                        // What these hold is data, not schemas.
                        ("const" | "enum" | "default" | "examples", _) => {}
                        _ => self.look(value, &mut below)?,
                    }
                }
                Ok(())
            }
            Data::Array(items) => items
                .iter()
                .enumerate()
                .try_for_each(|(number, item)| self.look(item, &mut route.index(number))),
            _ => Ok(()),
        }
    }

    fn stays_inside(&self, target: &str, route: &Route) -> Result<(), Fault> {
        let path = target.split('#').next().unwrap_or_default();
        let help = "refer to a file inside the policy's folder by its relative path: nothing is fetched";
        let refused =
            |why: &str| Err(Fault::new(format!("schema {}: $ref {target:?} {why}", self.place(route)), help));
        let known = Draft::from_schema_uri(path) != Draft::Unknown;
        if path.starts_with("file:") || path.starts_with('/') || path.contains('\\') {
            return refused("names a place on the machine");
        }
        if (path.starts_with("http:") || path.starts_with("https:")) && !known && !self.is_under_own_id(path)
        {
            return refused("names the network");
        }
        let above = self.path.split('/').count() - 1;
        let mut depth = i64::try_from(above).unwrap_or(0);
        for part in path.split('/').filter(|_| !path.contains("://")) {
            depth += match part {
                ".." | "%2e%2e" | "%2E%2E" | ".%2e" | "%2e." | ".%2E" | "%2E." => -1,
                "." | "" => 0,
                _ => 1,
            };
            if depth < 0 {
                return refused("leads out of the policy's folder");
            }
        }
        Ok(())
    }

    /// Whether a URI lies beside the `$id` of this very file, so that a file beside it may be meant.
    fn is_under_own_id(&self, uri: &str) -> bool {
        let id = self.data.get("$id").and_then(Data::as_str);
        id.and_then(|id| id.rfind('/').map(|end| &id[..=end])).is_some_and(|folder| uri.starts_with(folder))
    }

    fn is_checked(&self, format: &str, route: &Route) -> Result<(), Fault> {
        if matches!(format, "idn-email" | "idn-hostname") {
            return Err(Fault::new(
                format!("schema {}: format {format:?} is not checked by hardtack", self.place(route)),
                "use email or hostname for the ASCII form, or a pattern",
            ));
        }
        Ok(())
    }

    fn named_draft(&self, data: &Data) -> Result<Option<Draft>, Fault> {
        let Some(name) = data.get("$schema").and_then(Data::as_str) else { return Ok(None) };
        let draft = Draft::from_schema_uri(name);
        if matches!(draft, Draft::Draft202012 | Draft::Draft201909 | Draft::Draft7) {
            return Ok(Some(draft));
        }
        let known = match draft {
            Draft::Draft4 => "draft 4".to_owned(),
            Draft::Draft6 => "draft 6".to_owned(),
            _ => format!("{name:?}, which is no draft"),
        };
        let place = self.place(&Route::root().key("$schema"));
        Err(Fault::new(
            format!("schema {place}: $schema names {known}"),
            "hardtack reads https://json-schema.org/draft/2020-12/schema, …/2019-09/schema and \
             http://json-schema.org/draft-07/schema#",
        ))
    }

    /// The fault of a schema that breaks its draft's own schema, or cannot be compiled.
    #[must_use]
    pub fn broken(&self, pointer: &str, error: &ValidationError<'_>) -> Fault {
        let route = route_of(pointer, &self.data);
        let shown = if route.steps().is_empty() { "the schema".to_owned() } else { route.to_string() };
        let regex = matches!(error.kind(), Kind::Format { format } if format == "regex");
        let (what, help) = if regex {
            ("is no regular expression, or too large a one".to_owned(), "close what is open, and repeat less")
        } else {
            (words::what(error, false), "that is not what JSON Schema allows there")
        };
        Fault::new(format!("schema {}: {shown} {what}", self.place(&route)), help)
    }

    /// Holds the file to the schema of its draft.
    fn fits_its_draft(&self) -> Result<(), Fault> {
        let verdict = match self.draft {
            Draft::Draft7 => jsonschema::draft7::meta::validate(&self.data),
            Draft::Draft201909 => jsonschema::draft201909::meta::validate(&self.data),
            _ => jsonschema::draft202012::meta::validate(&self.data),
        };
        verdict.map_err(|error| {
            let error = innermost(&error);
            self.broken(error.instance_path().as_str(), error)
        })
    }
}

/// A JSON pointer as a route through data: only the data says whether `8080` is a key or a position.
#[must_use]
pub fn route_of(pointer: &str, data: &Data) -> Route {
    let mut here = Some(data);
    let steps = pointer.split('/').skip(1).map(|part| {
        let part = part.replace("~1", "/").replace("~0", "~");
        let number = part.parse::<usize>().ok();
        let (step, below) = match (here, number) {
            (Some(Data::Array(items)), Some(number)) => (Step::Index(number), items.get(number)),
            (Some(Data::Object(map)), _) => {
                let below = map.get(&part);
                (Step::Key(part.into()), below)
            }
            _ => (Step::Key(part.into()), None),
        };
        here = below;
        step
    });
    steps.collect()
}

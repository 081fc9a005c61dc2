//! What lies over what: environments, the files that a file extends, the file itself, and what they say of the
//! environment in force.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::environments::{self, BUILT_IN};
use super::file::{OLD_API_VERSION, PolicyFile, Spec};
use super::read::from_text;
use super::shapes::OneOrMany;
use super::source::Source;
use crate::error::Error;
use crate::nearest::hint;
use crate::policy::Environment;
use crate::yaml::Route;

/// A policy file is written by people; what is larger is something else.
const LARGEST: u64 = 4 << 20;

/// One part of a policy: later ones win.
#[derive(Debug, Clone)]
pub struct Layer {
    /// Where it is written.
    pub source: Source,
    /// What it says.
    pub spec: Spec,
    /// `metadata.name`.
    pub name: Option<String>,
    /// Whether it is inside the binary.
    pub built_in: bool,
}

impl Layer {
    /// Whether both are the same part of the same file.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.built_in == other.built_in && self.source.is(&other.source)
    }
}

/// All parts of a policy, in the order they are laid, and the environment they end in.
#[derive(Debug, Clone, Default)]
pub struct Layers {
    /// Later ones win.
    pub list: Vec<Layer>,
    /// The environment in force.
    pub environment: Option<Environment>,
    /// What is worth saying about the files themselves.
    pub notes: Vec<String>,
}

/// The layers of a file. A named environment takes the place of those that the file extends.
///
/// # Errors
/// [`Error::Io`] and [`Error::Policy`].
pub fn gather(file: PolicyFile, source: &Source, environment: Option<&str>) -> Result<Layers, Error> {
    let mut walk = Walk::default();
    walk.file(file, source)?;
    let mut layers = Layers { notes: std::mem::take(&mut walk.notes), ..Layers::default() };
    if let Some(name) = environment {
        layers.begin_environment(name, String::new(), &walk).map_err(|fault| fault.bare(name, &walk))?;
    }
    for part in walk.parts.clone() {
        match part {
            Part::File(layer) => layers.list.push(*layer),
            Part::Environment { .. } if environment.is_some() => {}
            Part::Environment { name, source } => {
                let by = source.line(&Route::root().key("extends"));
                layers
                    .begin_environment(&name, by, &walk)
                    .map_err(|fault| fault.at(&name, &source, &walk))?;
            }
        }
    }
    if let Some(environment) = layers.environment.clone() {
        for name in walk.chain(&environment.name).unwrap_or_default() {
            layers.list.extend(walk.overlays(&name).cloned());
        }
    }
    Ok(layers)
}

/// The layers of a built-in environment alone.
///
/// # Errors
/// [`Error::Policy`] for a name that is none.
pub fn built_in(name: &str) -> Result<Layers, Error> {
    let mut layers = Layers::default();
    let walk = Walk::default();
    layers.begin_environment(name, String::new(), &walk).map_err(|fault| fault.bare(name, &walk))?;
    Ok(layers)
}

/// Reads the file at a path.
///
/// # Errors
/// [`Error::Io`], [`Error::TooLarge`] and [`Error::Policy`].
pub fn read_file(path: &Path) -> Result<PolicyFile, Error> {
    from_text(&text_of(path)?, &path.display().to_string())
}

/// The text of the file at a path.
///
/// # Errors
/// [`Error::Io`] and [`Error::TooLarge`].
pub fn text_of(path: &Path) -> Result<String, Error> {
    let name = path.display().to_string();
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_string(&mut text));
    match read {
        Ok(length) if length as u64 > LARGEST => Err(Error::TooLarge { source_name: name, limit: LARGEST }),
        Ok(_) => Ok(text),
        Err(error) => Err(Error::Io { action: "read the policy", path: name, error }),
    }
}

impl Layers {
    /// Lays the built-in environment under one, and remembers which one is in force.
    fn begin_environment(&mut self, name: &str, chosen_by: String, walk: &Walk) -> Result<(), Fault> {
        let chain = walk.chain(name)?;
        let built_in = chain.first().map_or(name, String::as_str).to_owned();
        let (text, root) = match (environments::text(&built_in), environments::column(&built_in)) {
            (Some(text), Some(root)) => (text, root),
            _ => return Err(Fault::Unknown),
        };
        let file = from_text(text, &built_in).map_err(Fault::Other)?;
        let source = Source::new(&built_in, "").with_text(file.written.clone());
        self.list.push(Layer { name: file.name(), source, spec: file.spec, built_in: true });
        self.environment = Some(Environment { name: name.to_owned(), root, chosen_by });
        Ok(())
    }
}

/// The files found on the way, parents first.
#[derive(Debug, Default)]
struct Walk {
    parts: Vec<Part>,
    /// What the files say of environments, in the order of the files.
    environments: Vec<(String, Layer)>,
    notes: Vec<String>,
    open: Vec<PathBuf>,
}

#[derive(Debug, Clone)]
enum Part {
    Environment { name: String, source: Source },
    File(Box<Layer>),
}

impl Walk {
    fn file(&mut self, mut file: PolicyFile, source: &Source) -> Result<(), Error> {
        let source = source.clone().with_text(file.written.clone());
        let own = std::mem::take(&mut file.spec.environments);
        if file.old {
            let name = &source.name;
            self.notes
                .push(format!("{name} is of {OLD_API_VERSION}: hardtack policy migrate rewrites it for v1"));
        }
        for parent in file.spec.extends.clone().map(OneOrMany::into_list).unwrap_or_default() {
            if environments::text(&parent).is_some() || own.contains_key(&parent) || self.knows(&parent) {
                self.parts.push(Part::Environment { name: parent, source: source.clone() });
            } else {
                self.parent(&parent, own.keys(), &source)?;
            }
        }
        for (name, spec) in own {
            let route = Route::root().key("spec").key("environments").key(name.clone());
            let source = source.at(route);
            if !spec.environments.is_empty() {
                let what = format!("environment {name} holds environments of its own");
                return Err(source.wrong(&Route::root().key("environments"), what, "name them beside it"));
            }
            self.environments.push((name, Layer { source, spec, name: None, built_in: false }));
        }
        let layer = Layer { name: file.name(), source, spec: file.spec, built_in: false };
        self.parts.push(Part::File(Box::new(layer)));
        Ok(())
    }

    fn parent<'n>(
        &mut self,
        parent: &str,
        own: impl Iterator<Item = &'n String>,
        source: &Source,
    ) -> Result<(), Error> {
        let path = source.folder.join(parent);
        let route = Route::root().key("extends");
        if !path.is_file() {
            let names = own.map(String::as_str).map(str::to_owned);
            let names: Vec<String> = names.chain(self.names().map(str::to_owned)).collect();
            let otherwise = format!("extends takes {} or the path of a policy file", names.join(", "));
            let what = format!("extends {parent:?}, which is neither an environment nor a file");
            return Err(source.wrong(
                &route,
                what,
                hint(parent, names.iter().map(String::as_str), &otherwise),
            ));
        }
        let known = std::fs::canonicalize(&path).unwrap_or(path.clone());
        if self.open.is_empty() {
            // The file that is read first is part of the circle too.
            self.open.extend(std::fs::canonicalize(&source.name));
        }
        if self.open.contains(&known) {
            return Err(source.wrong(
                &route,
                format!("{parent} extends itself"),
                "break the circle of extends",
            ));
        }
        self.open.push(known);
        self.file(read_file(&path)?, &Source::of_file(&path))?;
        self.open.pop();
        Ok(())
    }

    fn knows(&self, name: &str) -> bool {
        self.environments.iter().any(|(known, _)| known == name)
    }

    fn overlays(&self, name: &str) -> impl Iterator<Item = &Layer> {
        self.environments.iter().filter(move |(known, _)| known == name).map(|(_, layer)| layer)
    }

    /// The names of all environments, the team's own first.
    fn names(&self) -> impl Iterator<Item = &str> {
        let built_in = BUILT_IN.iter().map(|(name, _)| *name);
        let own = self.environments.iter().map(|(name, _)| name.as_str());
        own.filter(|name| environments::text(name).is_none()).chain(built_in)
    }

    /// An environment and what it goes back to, the built-in one first.
    fn chain(&self, name: &str) -> Result<Vec<String>, Fault> {
        let mut chain = vec![name.to_owned()];
        let mut name = name.to_owned();
        while environments::text(&name).is_none() {
            let Some(last) = self.overlays(&name).last() else { return Err(Fault::Unknown) };
            let parents: Vec<String> = self
                .overlays(&name)
                .filter_map(|it| it.spec.extends.clone())
                .last()
                .map_or_else(Vec::new, OneOrMany::into_list);
            let extends = Route::root().key("extends");
            let wrong = |what: String, help: &str| Err(Fault::Other(last.source.wrong(&extends, what, help)));
            let [parent] = &parents[..] else {
                return wrong(
                    format!("environment {name} has to extend one other"),
                    "extends: staging, or another one",
                );
            };
            if chain.contains(parent) {
                return wrong(format!("environment {parent} extends itself"), "break the circle of extends");
            }
            if environments::text(parent).is_none() && !self.knows(parent) {
                let names: Vec<&str> = self.names().collect();
                let help = hint(parent, names.iter().copied(), &format!("one of {}", names.join(", ")));
                return Err(Fault::Other(last.source.unknown(
                    &extends,
                    format!("environment {parent:?}"),
                    help,
                )));
            }
            chain.push(parent.clone());
            name.clone_from(parent);
        }
        chain.reverse();
        match self.overlays(&name).find(|layer| layer.spec.extends.is_some()) {
            Some(layer) => {
                let what = format!("{name} is built in and extends nothing");
                let help = "give your own environment a name of its own";
                Err(Fault::Other(layer.source.wrong(&Route::root().key("extends"), what, help)))
            }
            None => Ok(chain),
        }
    }
}

/// Why an environment cannot be laid.
#[derive(Debug)]
enum Fault {
    Unknown,
    Other(Error),
}

impl Fault {
    fn help(name: &str, walk: &Walk) -> String {
        let names: Vec<&str> = walk.names().collect();
        let otherwise = format!("one of {}; environments: in a policy file adds to them", names.join(", "));
        hint(name, names.iter().copied(), &otherwise)
    }

    fn bare(self, name: &str, walk: &Walk) -> Error {
        match self {
            Self::Unknown => {
                let message = format!("unknown environment {name:?}");
                Error::Policy { message, help: Self::help(name, walk) }
            }
            Self::Other(error) => error,
        }
    }

    fn at(self, name: &str, source: &Source, walk: &Walk) -> Error {
        let route = Route::root().key("extends");
        match self {
            Self::Unknown => source.unknown(&route, format!("environment {name:?}"), Self::help(name, walk)),
            Self::Other(error) => error,
        }
    }
}

//! What is mounted where, and names for the volumes to add.

use std::collections::HashSet;

use crate::k8s::{Container, Workload};
use crate::yaml::Value;

/// A path without a trailing slash, and with `/var/run` as the link to `/run` that it is in images.
fn plain(path: &str) -> String {
    let path = path.trim_end_matches('/');
    match path.strip_prefix("/var/run") {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("/run{rest}"),
        _ => path.to_owned(),
    }
}

fn mounted(container: &Container<'_>) -> impl Iterator<Item = String> {
    let mounts = container.get("volumeMounts").into_iter().flat_map(Value::items);
    mounts.filter_map(|mount| Some(plain(&mount.get("mountPath")?.as_str()?)))
}

fn is_below(path: &str, parent: &str) -> bool {
    path.strip_prefix(parent).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a mount lies at the path or above it.
#[must_use]
pub fn covers(container: &Container<'_>, path: &str) -> bool {
    let path = plain(path);
    mounted(container).any(|mount| is_below(&path, &mount))
}

/// Whether a mount lies at the path or below it.
#[must_use]
pub fn touches(container: &Container<'_>, path: &str) -> bool {
    let path = plain(path);
    mounted(container).any(|mount| is_below(&mount, &path))
}

/// Whether the command line is a script in which something writes a file.
#[must_use]
pub fn writes_by_script(container: &Container<'_>) -> bool {
    const WRITERS: &[&str] = &[
        ">",
        "tee ",
        "sed -i",
        "touch ",
        "mkdir ",
        "cp ",
        "mv ",
        "ln ",
        "install ",
        "tar ",
        "unzip ",
        "apk ",
        "apt",
        "yum ",
        "dnf ",
        "pip ",
        "npm ",
        "wget ",
        "curl -o",
        "curl -O",
        "git clone",
        "chown ",
        "chmod ",
    ];
    let lists = ["command", "args"].into_iter().filter_map(|key| container.get(key));
    let words = lists.flat_map(Value::items).filter_map(Value::as_str);
    words.into_iter().any(|word| WRITERS.iter().any(|writer| word.contains(writer)))
}

/// Names of the pod's volumes, those to come included.
#[derive(Debug)]
pub struct Names {
    taken: HashSet<String>,
}

impl Names {
    /// The names in use: volumes, and the claims of a StatefulSet, whose volumes are made from templates.
    #[must_use]
    pub fn of(workload: &Workload<'_>) -> Self {
        let mounts = workload.containers().filter_map(|container| container.get("volumeMounts"));
        let volumes = workload.get("volumes").into_iter().chain(mounts).flat_map(Value::items);
        let names = volumes.filter_map(|volume| volume.get("name")?.as_str());
        Self { taken: names.map(std::borrow::Cow::into_owned).collect() }
    }

    /// `web-var-cache-nginx` for a container and a path: the same for the same input, at most 63 characters.
    pub fn take(&mut self, container: &str, path: &str) -> String {
        let words =
            path.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        let slug = words.collect::<Vec<_>>().join("-").to_ascii_lowercase();
        let mut name = format!("{container}-{slug}");
        let whole = format!("{container}:{path}");
        name = if self.taken.contains(&name) { marked(&name, &whole) } else { shortened(&name, &whole) };
        self.taken.insert(name.clone());
        name
    }
}

/// The name if it has at most 63 characters, else its start with a hash of `whole` behind.
#[must_use]
pub fn shortened(name: &str, whole: &str) -> String {
    if name.len() > 63 { marked(name, whole) } else { name.to_owned() }
}

fn marked(name: &str, whole: &str) -> String {
    let kept = name.get(..name.len().min(54)).unwrap_or(name).trim_end_matches(['-', '.']);
    format!("{kept}-{:08x}", hash(whole))
}

/// FNV-1a, so that names stay the same from build to build.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_each_its_own() {
        let mut names = Names { taken: HashSet::from(["web-tmp".to_owned()]) };
        let second = names.take("web", "/tmp");
        assert!(second.starts_with("web-tmp-") && second.len() == 16, "{second}");
        assert_eq!(names.take("web", "/var/cache/nginx"), "web-var-cache-nginx");
        let long = names.take(&"x".repeat(60), "/var/cache");
        assert_eq!(long.len(), 63);
        assert_eq!(names.take("a-b", "/c"), "a-b-c");
        assert!(names.take("a", "/b/c").starts_with("a-b-c-"));
    }

    #[test]
    fn run_and_var_run_are_one() {
        assert_eq!(plain("/var/run/"), "/run");
        assert_eq!(plain("/var/running"), "/var/running");
        assert!(is_below(&plain("/var/run/postgresql"), "/run") && !is_below("/runner", "/run"));
    }
}

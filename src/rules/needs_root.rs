//! Containers that the manifest shows to need root: by uid, by command, by image.

use super::images;
use crate::k8s::{Container, List, Workload};
use crate::yaml::Value;

const ROOT_COMMANDS: &[&str] = &["chown", "sysctl", "apt-get", "apk", "gosu", "su-exec"];

/// Why a container would fail as another user than root, if the manifest shows it. `gets_an_id` says that a uid is
/// about to be written for it.
#[must_use]
pub fn reason(workload: &Workload<'_>, container: &Container<'_>, gets_an_id: bool) -> Option<String> {
    match workload.effective_user(container) {
        Some(0) => return Some("it asks for uid 0, see explicit-root-user".to_owned()),
        Some(_) => return None,
        None => {}
    }
    if let Some(word) = root_command(container) {
        return Some(format!("its command runs {word}, which needs root"));
    }
    if gets_an_id || container.list == List::Ephemeral || !images::runs_as_root(&container.image()) {
        return None;
    }
    let image = container.image().known_as();
    Some(format!("{image} runs as root: take another image, or give it a uid (securityContext in a policy)"))
}

/// The first word of command and arguments that only root can do much with.
fn root_command(container: &Container<'_>) -> Option<&'static str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let lists = ["command", "args"].into_iter().filter_map(|key| container.get(key));
    let texts: Vec<_> = lists.flat_map(Value::items).filter_map(Value::as_str).collect();
    let mut words = texts.iter().flat_map(|text| text.split(|c| !is_part(c)));
    words.find_map(|word| ROOT_COMMANDS.iter().find(|command| **command == word).copied())
}

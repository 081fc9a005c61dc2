//! Volumes: baseline refuses directories of the node, restricted allows nine sources.

use std::borrow::Cow;

use crate::pss::field::{Field, Item};
use crate::pss::violation::shown;
use crate::pss::{Pod, Version, Violation};
use crate::yaml::Value;

/// Check id of the baseline check.
pub const HOST_PATH: &str = "hostPathVolumes";
/// Check id of the restricted check.
pub const RESTRICTED: &str = "restrictedVolumes";

/// The sources that restricted allows, in every version.
pub const ALLOWED: [&str; 9] = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

const HOST_PATH_RULE: &str = "host-path-volume";
const PATH: &str = "volumes";

/// Baseline, from 1.0. Whether a container mounts the volume does not matter.
#[must_use]
pub fn host_path(pod: &Pod<'_>, _: Version) -> Vec<Violation> {
    let field = Field { control: HOST_PATH, rule: HOST_PATH_RULE, path: PATH };
    field.judge_items(&pod.scope(), |volume| {
        if not_a_map(volume) {
            return Some(Item::malformed("a map"));
        }
        volume.get("hostPath").map(node_directory)
    })
}

/// Restricted, from 1.0. A volume with a name and no source is an `emptyDir` to Kubernetes, so it passes.
#[must_use]
pub fn restricted(pod: &Pod<'_>, _: Version) -> Vec<Violation> {
    let field = Field { control: RESTRICTED, rule: "volume-type-restricted", path: PATH };
    field.judge_items(&pod.scope(), judge_sources)
}

fn judge_sources(volume: Value<'_>) -> Option<Item> {
    if not_a_map(volume) {
        return Some(Item::malformed("a map"));
    }
    let sources: Vec<(Cow<'_, str>, Value<'_>)> =
        volume.entries().into_iter().filter(|(key, value)| key != "name" && !value.is_null()).collect();
    let allowed = |key: &str| ALLOWED.contains(&key);
    if let Some((key, _)) = sources.iter().find(|(key, value)| allowed(key) && !value.is_map()) {
        return Some(Item::malformed("a map").at(key.as_ref()));
    }
    if sources.iter().any(|(key, _)| allowed(key)) {
        return None;
    }
    if let Some((_, value)) = sources.iter().find(|(key, _)| key == "hostPath") {
        return Some(node_directory(*value).reported_by(HOST_PATH_RULE));
    }
    sources.first().map(|(key, _)| Item::wrong(shown(key)).at(key.as_ref()))
}

fn node_directory(source: Value<'_>) -> Item {
    let item = if source.is_map() { Item::wrong("\"hostPath\"") } else { Item::malformed("a map") };
    item.at("hostPath")
}

fn not_a_map(volume: Value<'_>) -> bool {
    !volume.is_map() && !volume.is_null()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pss::testing::found;

    fn judged(volume: &str, check: fn(&Pod<'_>, Version) -> Vec<Violation>) -> Vec<String> {
        let spec = format!("{{volumes: [{{name: a}}, {volume}]}}");
        let one = found(&spec, |pod| check(pod, Version::FIRST));
        assert_eq!(one, found(&spec, |pod| check(pod, Version::LATEST)), "{volume}");
        one.into_iter().map(|it| it.replace(" spec.volumes[1]", " ")).collect()
    }

    #[test]
    fn nine_sources_are_allowed() {
        for source in ALLOWED {
            assert_eq!(judged(&format!("{{name: b, {source}: {{}}}}"), restricted), [""; 0], "{source}");
            assert_eq!(judged(&format!("{{name: b, {source}: {{}}}}"), host_path), [""; 0], "{source}");
        }
    }

    #[test]
    fn others_are_not() {
        for (volume, of_host_path, of_restricted) in [
            ("{name: b}", vec![], vec![]),
            ("null", vec![], vec![]),
            ("{name: b, hostPath: null}", vec![], vec![]),
            (
                "{name: b, hostPath: {}}",
                vec!["host-path-volume .hostPath"],
                vec!["host-path-volume .hostPath"],
            ),
            (
                "{name: b, hostPath: x}",
                vec!["host-path-volume .hostPath"],
                vec!["host-path-volume .hostPath"],
            ),
            ("{name: b, nfs: {}}", vec![], vec!["volume-type-restricted .nfs"]),
            (
                "{nfs: {}, hostPath: {}}",
                vec!["host-path-volume .hostPath"],
                vec!["host-path-volume .hostPath"],
            ),
            ("{name: b, nfs: {}, emptyDir: {}}", vec![], vec![]),
            ("{name: b, hostPath: {}, emptyDir: {}}", vec!["host-path-volume .hostPath"], vec![]),
            ("{name: b, emptyDir: text}", vec![], vec!["volume-type-restricted .emptyDir"]),
            ("{name: b, emptyDir: text, secret: {}}", vec![], vec!["volume-type-restricted .emptyDir"]),
            ("{name: b, notYetKnown: {}}", vec![], vec!["volume-type-restricted .notYetKnown"]),
            ("{name: b, emptydir: {}}", vec![], vec!["volume-type-restricted .emptydir"]),
            ("text", vec!["host-path-volume "], vec!["volume-type-restricted "]),
        ] {
            assert_eq!(judged(volume, host_path), of_host_path, "{volume}");
            assert_eq!(judged(volume, restricted), of_restricted, "{volume}");
        }
    }

    #[test]
    fn volumes_that_are_no_list_fail() {
        let spec = "{volumes: {name: a}}";
        assert_eq!(found(spec, |pod| host_path(pod, Version::FIRST)), ["host-path-volume spec.volumes"]);
        assert_eq!(
            found(spec, |pod| restricted(pod, Version::FIRST)),
            ["volume-type-restricted spec.volumes"]
        );
    }
}

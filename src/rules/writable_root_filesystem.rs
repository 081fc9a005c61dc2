//! `writable-root-filesystem`.

use super::{mounts, writable_paths};
use crate::finding::Severity;
use crate::k8s::image::{Image, current};
use crate::k8s::{Access, Container, List, Release, Workload};
use crate::policy::matcher::glob;
use crate::rule::{Findings, append, set};
use crate::yaml::{Data, Edit, Value};

crate::rule! {
    /// The container can write to its root file system.
    ///
    /// # Why
    /// Whoever gets in can replace programs and leave tools behind; a read-only image stays what was scanned.
    ///
    /// # Fix
    /// Safe for the few images of a table that write nothing at all, otherwise with consent:
    /// `readOnlyRootFilesystem: true`, and an `emptyDir` for each directory the program writes to that no
    /// mount covers yet. The directories come from the policy (`writable: {"ghcr.io/acme/*": [/tmp]}`, a glob
    /// over the repository or the whole reference) or from the table of well-known images, never over a
    /// directory the image fills. An unknown image, one whose data volume is missing, or one whose command is
    /// a script that writes files is reported and not edited: a program that writes elsewhere fails with
    /// `EROFS`. The volumes take `sizeLimit` from `empty-dir-unbounded` where the policy consents to that
    /// rule.
    "writable-root-filesystem", Safe, [low, medium, high],
    standards: ["CIS 5.6.3", "NSA P2", "OWASP K01", "REQ"],
    peers: ["Kyverno require-ro-rootfs", "Polaris notReadOnlyRootFilesystem",
        "KubeLinter no-read-only-root-fs",
        "kube-score container-security-context-readonlyrootfilesystem", "kubesec ReadOnlyRootFilesystem",
        "Trivy KSV-0014", "Checkov CKV_K8S_22", "Kubescape C-0017"],
    settings: ["writable"],
    Workload => check
}

fn check(_: &Release<'_>, workload: &Workload<'_>, findings: &mut Findings<'_>) {
    if workload.windows {
        return;
    }
    let mut volumes = None;
    for container in workload.containers() {
        let stated = container.get("securityContext.readOnlyRootFilesystem").and_then(Value::as_bool);
        match stated {
            Some(true) => {}
            Some(false) => {
                let place = container.at("securityContext.readOnlyRootFilesystem");
                let found = place.wrong("asks for readOnlyRootFilesystem: false");
                findings.add(found.help("allow it, or change the chart"));
            }
            None if workload.access == Access::Part => {}
            None => {
                let names = volumes.get_or_insert_with(|| mounts::Names::of(workload));
                missing(&container, names, findings);
            }
        }
    }
}

fn missing(container: &Container<'_>, names: &mut mounts::Names, findings: &mut Findings<'_>) {
    let place = container.at("securityContext.readOnlyRootFilesystem");
    let found = place.wrong("can write to its root file system");
    match directories(container, findings) {
        Ok((paths, safe)) => {
            let mut edits = vec![set(container.route.path("securityContext.readOnlyRootFilesystem"), true)];
            let size = size_limit(findings);
            for path in paths.into_iter().filter(|path| !mounts::covers(container, path)) {
                edits.extend(mount(container, &path, &names.take(&container.name, &path), size));
            }
            findings.add(found.safe_if(safe, edits));
        }
        Err(help) => findings.add(found.at_most(Severity::Medium).help(help)),
    }
}

/// The directories the container needs, and whether the table says that it runs as it is; or what to do to
/// find out.
fn directories(container: &Container<'_>, findings: &Findings<'_>) -> Result<(Vec<String>, bool), String> {
    let image = container.image();
    if container.list == List::Ephemeral {
        return Err("a container for debugging: left as it is".to_owned());
    }
    if let Some(paths) = from_policy(&image, container.image_text(), findings) {
        let odd = paths.iter().find(|path| !path.starts_with('/') || path.trim_end_matches('/').is_empty());
        return odd.map_or(Ok((paths.clone(), false)), |path| {
            Err(format!("{path:?} is no directory: see writable"))
        });
    }
    let key = "rules.writable-root-filesystem.writable in a policy names the directories it writes to";
    let unknown = |why: &str| Err(format!("{why}: {key}"));
    let Some(needs) = writable_paths::needs(&image) else {
        return unknown("nothing is known of the image");
    };
    if mounts::writes_by_script(container) {
        return unknown("its command is a script that writes files");
    }
    if !needs.data.is_empty() && !needs.data.iter().any(|path| mounts::covers(container, path)) {
        return unknown(&format!("no volume at {}", needs.data[0]));
    }
    if let Some(path) = needs.unless.iter().find(|path| mounts::touches(container, path)) {
        return unknown(&format!("its start script writes because of the mount at {path}"));
    }
    Ok((needs.paths.iter().map(|path| (*path).to_owned()).collect(), needs.nothing()))
}

/// The paths of the policy's entry for the image, the longest pattern first: `ghcr.io/acme/web*` before
/// `ghcr.io/*`.
fn from_policy(image: &Image<'_>, text: &str, findings: &Findings<'_>) -> Option<Vec<String>> {
    let entries = findings.setting("writable")?.as_object()?;
    let repository = image.known_as();
    let text = current(text);
    let fits = |pattern: &str| {
        let pattern = current(pattern);
        glob(&pattern, &repository) || glob(&pattern, &text)
    };
    let best = entries.iter().filter(|(pattern, _)| fits(pattern)).max_by_key(|(pattern, _)| pattern.len());
    let paths = best?.1.as_array()?;
    Some(paths.iter().filter_map(Data::as_str).map(str::to_owned).collect())
}

fn size_limit<'p>(findings: &Findings<'p>) -> Option<&'p Data> {
    let policy = findings.policy();
    let consented = policy.consents("empty-dir-unbounded");
    policy.setting("empty-dir-unbounded", "sizeLimit").filter(|_| consented)
}

fn mount(container: &Container<'_>, path: &str, name: &str, size: Option<&Data>) -> [Edit; 2] {
    let source = size.map_or_else(|| serde_json::json!({}), |size| serde_json::json!({"sizeLimit": size}));
    let volume: Data = serde_json::json!({"name": name, "emptyDir": source});
    let mount: Data = serde_json::json!({"name": name, "mountPath": path});
    [
        append(container.workload.route.key("volumes"), volume),
        append(container.route.key("volumeMounts"), mount),
    ]
}

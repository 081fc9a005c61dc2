//! Annotations that make pods restart when a Secret changes. Charts write the plain SHA-256 of the Secret's text there,
//! from which a weak secret can be guessed.

use std::collections::BTreeMap;

use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};

use super::uses;
use super::work::Work;
use crate::error::Error;
use crate::k8s::Access;
use crate::k8s::template::HELM4_FILE;
use crate::yaml::{Data, Edit, Op, Route, Value, edit};

/// Ours, where a chart has none.
const OWN: &str = "hardtack.dev/secrets-digest";
const CHARTS: &str = "checksum/";

/// Words in the name of a checksum that is over a Secret.
const TELLING: [&str; 6] = ["secret", "credential", "password", "token", "auth", "tls"];

/// Puts a keyed digest in the place of checksums over converted Secrets, and adds one where pods have none.
pub(super) fn run(work: &mut Work<'_, '_>) -> Result<(), Error> {
    if work.locked.is_empty() {
        return Ok(());
    }
    let mut planned: BTreeMap<usize, (Vec<Edit>, Vec<String>)> = BTreeMap::new();
    for object in &work.release.objects {
        for workload in work.workloads(object) {
            let used: Vec<usize> = (0..work.locked.len())
                .filter(|place| {
                    let locked = &work.locked[*place];
                    work.namespace(locked.object) == object.id.namespace.as_deref()
                        && uses::of(&workload, &locked.secret.name).any()
                })
                .collect();
            if used.is_empty() {
                continue;
            }
            let annotations = workload.template_route.path("metadata.annotations");
            let digest = digest(work, &used);
            let over = over(workload.template, work, &used);
            let (edits, words) = planned.entry(object.number).or_default();
            if workload.access != Access::Edit {
                let stays = over
                    .iter()
                    .map(|key| format!("{key} stays a plain hash over a secret: the template is not edited"));
                words.extend(stays);
                continue;
            }
            let keys = if over.is_empty() { vec![OWN.to_owned()] } else { over };
            for key in keys {
                words.push(format!("{key} is now {}", if is_keyed(work) { "a keyed digest" } else { "a digest of key names alone: it does not change with the values until HARDTACK_DIGEST_KEY_FILE names a key" }));
                edits.push(set(&annotations, key, &digest));
            }
        }
    }
    for (object, (edits, words)) in planned {
        if !edits.is_empty() {
            work.edit(object, &edits)?;
            work.plan.rolled.insert(object);
        }
        words.into_iter().for_each(|words| work.note(object, words));
    }
    Ok(())
}

fn set(annotations: &Route, key: String, digest: &str) -> Edit {
    Edit { route: annotations.key(key), op: Op::Set(Data::String(digest.to_owned())) }
}

fn is_keyed(work: &Work<'_, '_>) -> bool {
    work.policy.secrets.run.digest_key.is_some()
}

/// The checksums of a template that are over the Secrets it uses: by their names, or because they are the very hash of
/// the Secret's text.
fn over(template: Value<'_>, work: &Work<'_, '_>, used: &[usize]) -> Vec<String> {
    let annotations = template.path("metadata.annotations").map(Value::entries).unwrap_or_default();
    let checksums = annotations.into_iter().filter(|(key, _)| key.starts_with(CHARTS));
    let is_over = |name: &str, hash: &str| {
        let name = name.to_ascii_lowercase();
        let named = TELLING.iter().any(|word| name.contains(word));
        named
            || used.iter().any(|place| {
                let locked = &work.locked[*place];
                name[CHARTS.len()..] == locked.secret.name.to_ascii_lowercase()
                    || is_hash(work, locked.object, hash)
            })
    };
    checksums
        .filter(|(key, value)| is_over(key, &value.as_str().unwrap_or_default()))
        .map(|(key, _)| key.into_owned())
        .collect()
}

/// Whether a hash is that of the Secret's text as `include … | sha256sum` takes it, before Helm 4 wrote its file name in.
fn is_hash(work: &Work<'_, '_>, object: usize, hash: &str) -> bool {
    let document = &work.stream.documents[work.release.objects[object].document];
    let written = without_file_name(work, object);
    let body = written.as_deref().unwrap_or_else(|| work.stream.body(document));
    let text = match body.split_once('\n') {
        Some((first, rest)) if first.starts_with("# Source: ") => rest,
        _ => body,
    };
    let bare = text.trim();
    let mut all = vec![text.to_owned()];
    for head in ["", "\n", "---\n"] {
        all.extend(["", "\n"].map(|end| format!("{head}{bare}{end}")));
    }
    all.iter().any(|text| hex(&Sha256::digest(text.as_bytes())) == hash)
}

fn without_file_name(work: &Work<'_, '_>, object: usize) -> Option<String> {
    let object = &work.release.objects[object];
    object.annotation(HELM4_FILE)?;
    let annotations = object.route.path("metadata.annotations");
    let root = work.stream.root(&work.stream.documents[object.document])?;
    let alone = root.at(&annotations).is_some_and(|it| it.entries().len() == 1);
    let route = if alone { annotations } else { annotations.key(HELM4_FILE) };
    Some(edit::apply(root, &[Edit { route, op: Op::Remove }]).ok()?.text)
}

/// Over the Secrets a pod uses: with the operator's key over their values, without one over the names of keys alone.
fn digest(work: &Work<'_, '_>, used: &[usize]) -> String {
    let mut used: Vec<&super::work::Locked> = used.iter().map(|place| &work.locked[*place]).collect();
    used.sort_by(|a, b| a.secret.name.cmp(&b.secret.name));
    let key = work.policy.secrets.run.digest_key.as_ref();
    let mut text = zeroize::Zeroizing::new(Vec::new());
    for locked in used {
        let mut take = |bytes: &[u8]| {
            text.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
            text.extend_from_slice(bytes);
        };
        take(locked.secret.name.as_bytes());
        take(locked.form.word().as_bytes());
        for (name, plain) in &locked.secret.values {
            take(name.as_bytes());
            if key.is_some() {
                take(plain.expose());
            }
        }
    }
    match key.and_then(|key| Hmac::<Sha256>::new_from_slice(key.expose()).ok()) {
        Some(mut keyed) => {
            keyed.update(b"hardtack secrets-digest\0");
            keyed.update(&text);
            hex(&keyed.finalize().into_bytes())
        }
        None => hex(&Sha256::digest(&*text)),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

//! From `hardtack.dev/v1alpha1` to `hardtack.dev/v1`: as data, when an old file is read, and as text, when it is
//! rewritten.
//!
//! v1 calls `severities` what it is, `severitiesOf`, and keeps the version of the Pod Security Standards beside the level
//! it belongs to, as Kubernetes' own namespace labels do: `pssVersion` is `gate.podSecurityVersion`.

use super::file::{API_VERSION, OLD_API_VERSION};
use crate::error::Error;
use crate::yaml::stream::parse_document;
use crate::yaml::{Data, Edit, Kind, Op, Route, Step, Value, edit};

/// What keys of v1alpha1 are called in v1.
pub const MOVED: [(&str, &str); 2] = [(SEVERITIES, SEVERITIES_OF), (PSS_VERSION, "gate.podSecurityVersion")];

const SEVERITIES: &str = "severities";
const SEVERITIES_OF: &str = "severitiesOf";
const PSS_VERSION: &str = "pssVersion";
const GATE: &str = "gate";
const VERSION: &str = "podSecurityVersion";

/// Makes the data of a v1alpha1 file that of a v1 file.
pub(super) fn data(file: &mut Data) {
    if let Some(version) = file.get_mut("apiVersion") {
        *version = Data::String(API_VERSION.to_owned());
    }
    if let Some(whole) = file.get_mut("spec") {
        for environment in whole.get_mut("environments").and_then(Data::as_object_mut).into_iter().flatten() {
            spec(environment.1);
        }
        spec(whole);
    }
}

/// The same for what stands below `spec`, or below one of its environments.
pub(super) fn spec(spec: &mut Data) {
    let Some(spec) = spec.as_object_mut() else { return };
    if let Some(column) = spec.remove(SEVERITIES) {
        spec.insert(SEVERITIES_OF.to_owned(), column);
    }
    if let Some(version) = spec.remove(PSS_VERSION) {
        let gate = spec.entry(GATE).or_insert_with(|| Data::Object(serde_json::Map::new()));
        if let Some(gate) = gate.as_object_mut() {
            gate.insert(VERSION.to_owned(), version);
        }
    }
}

/// Where in a v1alpha1 file stands what a route of v1 means.
pub(super) fn old_route(route: &Route) -> Route {
    let mut steps = route.steps().to_vec();
    let is = |step: Option<&Step>, key: &str| matches!(step, Some(Step::Key(known)) if known == key);
    if is(steps.last(), SEVERITIES_OF) {
        steps.pop();
        steps.push(Step::Key(SEVERITIES.into()));
    } else if is(steps.last(), VERSION) && steps.len() > 1 && is(steps.get(steps.len() - 2), GATE) {
        steps.truncate(steps.len() - 2);
        steps.push(Step::Key(PSS_VERSION.into()));
    }
    steps.into_iter().collect()
}

/// The text of a v1 file that says what the text of a v1alpha1 file says: nothing else changes, and no comment is lost.
/// `None` when it is no v1alpha1 file.
///
/// # Errors
/// [`Error::Policy`] for YAML that cannot be read, [`Error::Edit`] when the change did not land as planned.
pub fn text(text: &str, name: &str) -> Result<Option<String>, Error> {
    let unreadable = |error: crate::yaml::YamlError| Error::Policy {
        message: format!("{name}:{}:{}: {}", error.line, error.column, error.message),
        help: error.help,
    };
    let failed = |error: edit::EditError| Error::Edit { object: name.to_owned(), error: Box::new(error) };
    let tree = parse_document(text).map_err(unreadable)?;
    let Some(root) = tree.root(text) else { return Ok(None) };
    if root.get("apiVersion").and_then(Value::as_str).as_deref() != Some(OLD_API_VERSION) {
        return Ok(None);
    }
    let mut wanted = root.to_data();
    data(&mut wanted);
    let renamed = renamed(root);
    let tree = parse_document(&renamed).map_err(unreadable)?;
    let Some(root) = tree.root(&renamed) else { return Ok(None) };
    let migrated = edit::apply(root, &moves(root)).map_err(failed)?;
    if migrated.tree.root(&migrated.text).map(Value::to_data) == Some(wanted) {
        return Ok(Some(migrated.text));
    }
    Err(failed(edit::EditError::NotAsPlanned(Route::root())))
}

/// The routes of `spec` and of its environments.
fn specs(root: Value<'_>) -> Vec<(Route, Value<'_>)> {
    let route = Route::root().key("spec");
    let Some(spec) = root.get("spec") else { return Vec::new() };
    let environments = spec.get("environments").map(Value::entries).unwrap_or_default();
    let below = route.key("environments");
    let own = environments.into_iter().map(|(name, value)| (below.key(name.into_owned()), value));
    own.chain([(route.clone(), spec)]).collect()
}

/// The text with the new version and key, and each comment behind a key that will move on a line of its own above it.
fn renamed(root: Value<'_>) -> String {
    let text = root.document_text();
    let mut splices: Vec<(std::ops::Range<usize>, String)> = Vec::new();
    let span = |value: Value<'_>| value.node().start as usize..value.node().end as usize;
    if let Some(version) = root.get("apiVersion") {
        splices.push((span(version), version.raw().replace(OLD_API_VERSION, API_VERSION)));
    }
    for (_, spec) in specs(root) {
        if let Some((key, _)) = spec.resolved().own_entry(SEVERITIES) {
            splices.push((span(key), key.raw().replace(SEVERITIES, SEVERITIES_OF)));
        }
        let moved = spec.resolved().own_entry(PSS_VERSION);
        if let Some((key, value)) = moved.filter(|_| spec.resolved().node().kind == Kind::Map) {
            let line_end = text[span(value).end..].find('\n').map_or(text.len(), |at| span(value).end + at);
            let behind = &text[span(value).end..line_end];
            if let Some(hash) = behind.find('#') {
                let line = text[..span(key).start].rfind('\n').map_or(0, |at| at + 1);
                let indent = &text[line..span(key).start];
                let newline = if behind.ends_with('\r') { "\r\n" } else { "\n" };
                let comment = behind[hash..].trim_end();
                splices.push((line..line, format!("{indent}{comment}{newline}")));
                splices.push((span(value).end..span(value).end + hash + comment.len(), String::new()));
            }
        }
    }
    splices.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut new = text.to_owned();
    for (range, with) in splices {
        new.replace_range(range, &with);
    }
    new
}

/// The edits that take `pssVersion` into `gate`.
fn moves(root: Value<'_>) -> Vec<Edit> {
    let moved = specs(root).into_iter().filter_map(|(route, spec)| {
        let version = spec.entry(PSS_VERSION)?.to_data();
        let set = Edit { route: route.key(GATE).key(VERSION), op: Op::Set(version) };
        Some([set, Edit { route: route.key(PSS_VERSION), op: Op::Remove }])
    });
    moved.flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn migrated(old: &str) -> String {
        let old = format!("apiVersion: hardtack.dev/v1alpha1 # ours\nkind: Policy\n{old}");
        let new = text(&old, "hardtack.yaml").unwrap().unwrap();
        assert_eq!(text(&new, "hardtack.yaml").unwrap(), None, "once is enough");
        new.strip_prefix("apiVersion: hardtack.dev/v1 # ours\nkind: Policy\n").unwrap().to_owned()
    }

    #[test]
    fn renames_in_place_and_keeps_every_other_byte() {
        let old = "# head\nspec:\n  extends: 'production'   # as is\n\n  severities: staging  # which\n";
        assert_eq!(migrated(old), old.replace("severities", "severitiesOf"));
        let old = "spec: {\"severities\": staging, environments: {qa: {severities: production}}}\n";
        assert_eq!(migrated(old), old.replace("severities", "severitiesOf"));
    }

    #[test]
    fn moves_the_version_into_the_gate_with_its_comments() {
        let old = "spec:\n  # until the upgrade\n  pssVersion: v1.33 # sre\n  gate:\n    severity: high # all\n  fix: safe\n";
        let new = "spec:\n  # until the upgrade\n  # sre\n  gate:\n    severity: high # all\n    podSecurityVersion: v1.33\n  fix: safe\n";
        assert_eq!(migrated(old), new);
        let old = "spec:\n  gate: {severity: high} # all\n  pssVersion: v1.33\n";
        assert_eq!(migrated(old), "spec:\n  gate: {severity: high, podSecurityVersion: v1.33} # all\n");
        assert_eq!(migrated("spec: {pssVersion: v1.33}\n"), "spec: {gate: {podSecurityVersion: v1.33}}\n");
        let old = "spec:\r\n  pssVersion: v1.33 # why\r\n";
        assert_eq!(migrated(old), "spec:\r\n  # why\r\n  gate:\r\n    podSecurityVersion: v1.33\r\n");
    }

    #[test]
    fn leaves_what_is_no_old_policy() {
        for other in ["apiVersion: hardtack.dev/v1\nkind: Policy\n", "kind: Deployment\n", "# nothing\n"] {
            assert_eq!(text(other, "x").unwrap(), None);
        }
    }
}

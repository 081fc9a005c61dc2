//! The gate as ValidatingAdmissionPolicy and Binding documents.

use std::collections::BTreeMap;

use serde_json::json;

use super::pods;
use crate::k8s::resources;
use crate::policy::allowed::{ALLOW, REASON, UNTIL};
use crate::policy::expressed::{Expressed, Validation, quoted};
use crate::policy::{OwnRule, Policy};
use crate::pss::Level;
use crate::rules::RULES;
use crate::yaml::{Data, write};

/// Namespaces of the cluster itself, which a policy for releases leaves alone.
const SYSTEM: [&str; 3] = ["kube-node-lease", "kube-public", "kube-system"];
const GROUP: &str = "admissionregistration.k8s.io/v1";

/// Documents for a cluster, and what they leave out.
#[derive(Debug, Default)]
pub struct Exported {
    /// Name and text of each file: a policy and its binding.
    pub files: Vec<(String, String)>,
    /// Rule ids, and why they or an exemption from them are not in the files.
    pub left: Vec<(String, String)>,
}

/// Conditions, and the validations that they hold for.
type Groups = BTreeMap<Vec<(String, String)>, Vec<Validation>>;

/// The gate of a policy.
#[must_use]
pub fn vap(policy: &Policy) -> Exported {
    let mut exported = Exported::default();
    let mut groups = Groups::new();
    for rule in pod_rules(policy, &mut exported.left) {
        let conditions = exempt(policy, rule.rule, &mut exported.left);
        groups.entry(conditions).or_default().push(rule.validation());
    }
    for (number, (conditions, validations)) in groups.into_iter().enumerate() {
        let name = if number == 0 { "hardtack-pods".to_owned() } else { format!("hardtack-pods-{number}") };
        let expressed =
            Expressed { conditions, variables: pods::variables(), validations, ..Expressed::default() };
        exported.files.push(file(&name, &expressed, &pod_resources()));
    }
    let (_, others) = pods::kinds();
    if !exported.files.is_empty() {
        let why = "pods at several places of one object are not looked at".to_owned();
        exported.left.extend(others.into_iter().map(|kind| (kind, why.clone())));
    }
    for rule in policy.own.iter().filter(|rule| policy.runs(&rule.id) && is_refused(policy, rule)) {
        match rule.check.expressed() {
            Ok(mut expressed) => {
                if let Some(note) = expressed.note.take() {
                    exported.left.push((rule.id.clone(), note));
                }
                expressed.conditions.extend(exempt(policy, &rule.id, &mut exported.left));
                number_names(&mut expressed.conditions);
                exported.files.push(file(&format!("hardtack-{}", rule.id), &expressed, &everything()));
            }
            Err(why) => exported.left.push((rule.id.clone(), why)),
        }
    }
    exported
}

fn is_refused(policy: &Policy, rule: &OwnRule) -> bool {
    let severity = policy.severity(&rule.id, rule.severity);
    policy.gate.severity.zip(severity).is_some_and(|(limit, severity)| severity >= limit)
}

/// The rules on pods that the gate refuses: those of its level, and those that are bad enough.
fn pod_rules(policy: &Policy, left: &mut Vec<(String, String)>) -> Vec<pods::PodRule> {
    let level = policy.gate.pod_security.unwrap_or(Level::Privileged);
    let mut chosen = match level {
        Level::Privileged => Vec::new(),
        level => pods::rules(level, policy.pss_versions),
    };
    chosen.retain(|it| policy.runs(it.rule));
    let mut more = pods::rules(Level::Restricted, policy.pss_versions);
    for rule in RULES.iter().filter(|rule| policy.runs(rule.id)) {
        let severity = policy.severity(rule.id, rule.severity);
        let refused = policy.gate.severity.zip(severity).is_some_and(|(limit, severity)| severity >= limit);
        if !refused || chosen.iter().any(|it| it.rule == rule.id) {
            continue;
        }
        match more.iter().position(|it| it.rule == rule.id) {
            Some(place) => chosen.push(more.swap_remove(place)),
            None => {
                left.push((rule.id.to_owned(), "a cluster cannot judge it from the object alone".to_owned()))
            }
        }
    }
    chosen
}

/// The conditions under which a rule counts: none of its exemptions holds.
fn exempt(policy: &Policy, rule: &str, left: &mut Vec<(String, String)>) -> Vec<(String, String)> {
    let mut conditions = Vec::new();
    let in_force = policy.exemptions.iter().filter(|it| it.allows(rule) && !it.has_expired(policy.today));
    for exemption in in_force {
        match exemption.matches.expressed() {
            Ok(all) if all.is_empty() => conditions.push("false".to_owned()),
            Ok(all) => {
                let all: Vec<String> = all.into_iter().map(|(_, it)| format!("({it})")).collect();
                conditions.push(format!("!({})", all.join(" && ")));
            }
            Err(why) => left.push((
                rule.to_owned(),
                format!("the exemption at {} is not exported: {why}", exemption.origin),
            )),
        }
        if let Some(until) = exemption.until {
            left.push((
                rule.to_owned(),
                format!("the exemption at {} ends on {until}: export again then", exemption.origin),
            ));
        }
    }
    if policy.annotations.iter().any(|id| id == rule || id == "*") {
        let named = format!("{}.split(',').exists(id, id.trim() == {})", annotation(ALLOW), quoted(rule));
        let (reason, until) = (annotation(REASON), annotation(UNTIL));
        // A cluster knows no date: the day of the export is what an end is held against.
        let day = quoted(&policy.today.to_string());
        let ends = format!(
            "({until} == '' || ({until}.matches('^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$') && {until} >= {day}))"
        );
        conditions.push(format!("!({named} && {reason}.trim() != '' && {ends})"));
        let why =
            format!("annotations that end are held against {}: export again from time to time", policy.today);
        left.push((rule.to_owned(), why));
    }
    let mut named: Vec<(String, String)> =
        conditions.into_iter().map(|it| ("exempt".to_owned(), it)).collect();
    number_names(&mut named);
    named
}

/// The value of an annotation of the object, else of its template; empty when neither has it.
fn annotation(key: &str) -> String {
    let key = quoted(key);
    let templates = ["spec.template", "spec.jobTemplate.spec.template", "template"];
    let or: String =
        templates.iter().map(|it| format!(".or(object.?{it}.metadata.annotations[?{key}])")).collect();
    format!("string(object.metadata.?annotations[?{key}]{or}.orValue(''))")
}

fn number_names(conditions: &mut [(String, String)]) {
    for (number, (name, _)) in conditions.iter_mut().enumerate() {
        let plain = name.rsplit_once('-').filter(|(_, end)| end.parse::<usize>().is_ok());
        *name = format!("{}-{number}", plain.map_or(name.as_str(), |(start, _)| start));
    }
}

fn pod_resources() -> Data {
    let (kinds, _) = pods::kinds();
    let mut groups: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (group, kind, _) in kinds {
        let resources = groups.entry(group).or_default();
        resources.push(resources::plural(kind));
        if kind == "Pod" {
            resources.push("pods/ephemeralcontainers".to_owned());
        }
    }
    groups.into_iter().map(|(group, resources)| resource_rule(group, &resources)).collect()
}

fn everything() -> Data {
    Data::Array(vec![resource_rule("*", &["*".to_owned()])])
}

fn resource_rule(group: &str, resources: &[String]) -> Data {
    json!({
        "apiGroups": [group], "apiVersions": ["*"], "operations": ["CREATE", "UPDATE"], "resources": resources,
    })
}

fn file(name: &str, expressed: &Expressed, resources: &Data) -> (String, String) {
    let named = |list: &[(String, String)]| -> Data {
        list.iter().map(|(name, expression)| json!({"name": name, "expression": expression})).collect()
    };
    let mut spec = json!({
        "failurePolicy": if expressed.ignores_failures { "Ignore" } else { "Fail" },
        "matchConstraints": {"resourceRules": resources},
    });
    if !expressed.conditions.is_empty() {
        spec["matchConditions"] = named(&expressed.conditions);
    }
    if !expressed.variables.is_empty() {
        spec["variables"] = named(&expressed.variables);
    }
    spec["validations"] = expressed.validations.iter().map(validation).collect();
    let binding = json!({
        "policyName": name,
        "validationActions": ["Deny"],
        "matchResources": {"namespaceSelector": {"matchExpressions": [
            {"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": SYSTEM},
        ]}},
    });
    let document = |kind: &str, spec: Data| {
        let object = json!({"apiVersion": GROUP, "kind": kind, "metadata": {"name": name}, "spec": spec});
        write::document(&object, "\n")
    };
    let policy = document("ValidatingAdmissionPolicy", spec);
    let binding = document("ValidatingAdmissionPolicyBinding", binding);
    (format!("{name}.yaml"), format!("{policy}---\n{binding}"))
}

fn validation(it: &Validation) -> Data {
    let mut data = json!({"expression": it.expression});
    if let Some(message) = &it.message {
        data["message"] = json!(message);
    }
    if let Some(expression) = &it.message_expression {
        data["messageExpression"] = json!(expression);
    }
    data
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{Source, from_text, load};
    use crate::policy::Date;

    fn exported(spec: &str) -> Exported {
        let text = format!("apiVersion: hardtack.dev/v1\nkind: Policy\nspec:\n{spec}");
        let policy =
            load(from_text(&text, "p").unwrap(), &Source::new("p", ""), None, Date::from_epoch_seconds(0));
        vap(&policy.unwrap())
    }

    #[test]
    fn exempt_rules_stand_apart_and_what_cannot_be_said_is_named() {
        let exported = exported(
            "  gate: {severity: never, podSecurity: baseline}
  exemptions:
  - {allow: host-network, match: {kind: DaemonSet, name: 'node-*'}, reason: reads node metrics}
  - {allow: host-pid, match: {container: agent}, reason: reads processes}
  - {allow: host-ipc, match: {}, reason: old, until: 1969-01-01}
",
        );
        let names: Vec<&str> = exported.files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["hardtack-pods.yaml", "hardtack-pods-1.yaml"]);
        let (_, exempt) = &exported.files[1];
        assert!(exempt.contains("(host-network)") && !exempt.contains("(host-pid)"), "{exempt}");
        assert!(exempt.contains("request.kind.kind == 'DaemonSet'"), "{exempt}");
        assert!(exported.files[0].1.contains("(host-ipc)"), "an exemption that ended exempts nothing");
        let left: Vec<&str> = exported.left.iter().map(|(id, _)| id.as_str()).collect();
        assert!(left.contains(&"host-pid") && !left.contains(&"host-network"), "{left:?}");
    }

    #[test]
    fn rules_of_the_team_below_the_gate_are_not_part_of_it() {
        let rule = "  fields: [{id: a, match: {kind: ConfigMap}, key: A, equals: x, severity: medium}]\n";
        assert!(
            exported(&format!("  gate: {{severity: critical}}\n{rule}"))
                .files
                .iter()
                .all(|(name, _)| name != "hardtack-a.yaml")
        );
        assert!(
            exported(&format!("  gate: {{severity: medium}}\n{rule}"))
                .files
                .iter()
                .any(|(name, _)| name == "hardtack-a.yaml")
        );
        assert!(exported("  gate: {severity: never}\n").files.is_empty());
    }
}

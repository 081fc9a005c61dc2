//! Who pods are, and what they may ask of the API.

use super::{Facts, Place, Reply};
use crate::yaml::Value;

const RBAC: &str = "rbac.authorization.k8s.io";

/// An account other than `default`, and the stream holds it.
pub fn accounts(facts: &Facts<'_>) -> Reply {
    let (mut pods, mut elsewhere) = (0, 0);
    let mut places: Vec<Place> = Vec::new();
    for workload in facts.pods() {
        pods += 1;
        let object = facts.release().object_of(workload);
        let account = workload.service_account();
        if account == "default" {
            places.push(facts.on(object, workload.spec, "runs under the account default"));
        } else if facts.release().account(facts.release().namespace_of(workload), &account).is_none() {
            elsewhere += 1;
        }
    }
    if pods == 0 {
        return Reply::unknown("the stream holds no pods");
    }
    let others = if elsewhere > 0 {
        format!(", {elsewhere} under accounts outside the stream")
    } else {
        String::new()
    };
    Reply::judged(places, pods, "pod template", &others)
}

fn has(rule: Value<'_>, key: &str, wanted: &str) -> bool {
    rule.get(key).into_iter().flat_map(Value::items).any(|it| it.as_str().as_deref() == Some(wanted))
}

/// Wildcards and cluster-admin are seen; whether narrower rights are needed is left to rules that do not exist yet.
pub fn rights(facts: &Facts<'_>) -> Reply {
    let mut places: Vec<Place> = Vec::new();
    let (mut roles, mut bindings) = (0, 0);
    for object in &facts.release().objects {
        if object.is(RBAC, "Role") || object.is(RBAC, "ClusterRole") {
            roles += 1;
            for rule in object.value.get("rules").into_iter().flat_map(Value::items) {
                let wild: Vec<&str> = ["verbs", "resources", "apiGroups"]
                    .into_iter()
                    .filter(|key| has(rule, key, "*"))
                    .collect();
                if wild.iter().any(|key| *key != "apiGroups") {
                    places.push(facts.on(object, rule, format!("* in {}", wild.join(", "))));
                }
            }
        }
        if object.is(RBAC, "RoleBinding") || object.is(RBAC, "ClusterRoleBinding") {
            bindings += 1;
            let role = object.value.path("roleRef.name").and_then(Value::as_str);
            if role.as_deref() == Some("cluster-admin") {
                places.push(facts.on(object, object.value, "binds cluster-admin"));
            }
        }
    }
    if !places.is_empty() {
        return Reply::no(format!("grants that go too far: {}", places.len()), places);
    }
    if roles + bindings == 0 {
        let release = facts.release();
        let talks = release
            .workloads
            .iter()
            .any(|it| it.get("automountServiceAccountToken").and_then(Value::as_bool) != Some(false));
        let tokens =
            if talks { "; pods still get tokens unless automountServiceAccountToken: false" } else { "" };
        return Reply::yes(format!("the stream grants no rights{tokens}"));
    }
    Reply::unchecked(format!(
        "no wildcard and no cluster-admin in {roles} roles and {bindings} bindings; whether each right is needed is for \\
         rules that hardtack does not have yet"
    ))
}

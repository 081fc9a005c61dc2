//! Who can reach what.

use super::{Facts, Place, Reply};
use crate::k8s::selector::Selector;
use crate::yaml::Value;

/// Kinds of policies whose selectors are not read here.
const OTHER_POLICIES: &[(&str, &str)] = &[
    ("cilium.io", "CiliumNetworkPolicy"),
    ("cilium.io", "CiliumClusterwideNetworkPolicy"),
    ("crd.projectcalico.org", "NetworkPolicy"),
    ("projectcalico.org", "NetworkPolicy"),
    ("projectcalico.org", "GlobalNetworkPolicy"),
];

struct Policy<'a> {
    namespace: Option<&'a str>,
    selector: Selector<'a>,
    ingress: bool,
    egress: bool,
}

/// Every pod is selected by NetworkPolicies that speak of ingress and of egress.
pub fn policies(facts: &Facts<'_>) -> Reply {
    let other = |(group, kind): &&(&str, &str)| facts.release().objects.iter().any(|it| it.is(group, kind));
    if let Some((_, kind)) = OTHER_POLICIES.iter().find(other) {
        return Reply::unchecked(format!(
            "the stream has policies of kind {kind}, whose selectors hardtack does not read"
        ));
    }
    let policies: Vec<Policy<'_>> = facts
        .of_kind("networking.k8s.io", "NetworkPolicy")
        .map(|object| {
            let spec = object.value.get("spec");
            let types: Vec<_> =
                spec.and_then(|it| it.get("policyTypes")).into_iter().flat_map(Value::items).collect();
            let typed = |name: &str| types.iter().any(|it| it.as_str().as_deref() == Some(name));
            Policy {
                namespace: object.id.namespace.as_deref(),
                selector: spec
                    .and_then(|it| it.get("podSelector"))
                    .map_or_else(|| Selector::full(object.value), Selector::full),
                ingress: types.is_empty() || typed("Ingress"),
                egress: typed("Egress")
                    || (types.is_empty() && spec.is_some_and(|it| it.get("egress").is_some())),
            }
        })
        .collect();
    let mut pods = 0;
    let mut places: Vec<Place> = Vec::new();
    for workload in facts.pods() {
        let object = facts.release().object_of(workload);
        pods += 1;
        let here = |policy: &&Policy<'_>| {
            policy.namespace == object.id.namespace.as_deref() && policy.selector.matches(&workload.labels)
        };
        let selecting: Vec<&Policy<'_>> = policies.iter().filter(here).collect();
        let (ingress, egress) = (selecting.iter().any(|it| it.ingress), selecting.iter().any(|it| it.egress));
        let what = match (ingress, egress) {
            (true, true) => continue,
            (true, false) => "no policy speaks of egress",
            (false, true) => "no policy speaks of ingress",
            (false, false) => "no policy selects it",
        };
        places.push(facts.on(object, workload.spec, what));
    }
    if pods == 0 {
        return Reply::unknown("the stream holds no pods");
    }
    Reply::judged(places, pods, "pod template", "; whether policies allow too much is not checked yet")
}

/// Ingresses with `tls` for every host, Gateways with HTTPS or TLS listeners.
pub fn tls(facts: &Facts<'_>) -> Reply {
    let mut exposed = 0;
    let mut places: Vec<Place> = Vec::new();
    for object in facts.of_kind("networking.k8s.io", "Ingress") {
        let entries: Vec<Value<'_>> =
            object.value.path("spec.tls").into_iter().flat_map(Value::items).collect();
        let hosts: Vec<_> = entries
            .iter()
            .filter_map(|it| it.get("hosts"))
            .flat_map(Value::items)
            .filter_map(Value::as_str)
            .collect();
        let any_host = entries.iter().any(|it| it.get("hosts").is_none());
        for rule in object.value.path("spec.rules").into_iter().flat_map(Value::items) {
            exposed += 1;
            let host = rule.get("host").and_then(Value::as_str).unwrap_or_default();
            let parent = host.split_once('.').map(|(_, rest)| format!("*.{rest}"));
            let covered =
                any_host || hosts.iter().any(|it| *it == host || parent.as_deref() == Some(it.as_ref()));
            if entries.is_empty() || !covered {
                let host = if host.is_empty() { "any host" } else { &host };
                places.push(facts.on(object, rule, format!("{host} has no tls entry")));
            }
        }
    }
    for object in
        facts.release().objects.iter().filter(|object| object.is("gateway.networking.k8s.io", "Gateway"))
    {
        for listener in object.value.path("spec.listeners").into_iter().flat_map(Value::items) {
            exposed += 1;
            let protocol = listener.get("protocol").and_then(Value::as_str).unwrap_or_default();
            if protocol == "HTTP" {
                places.push(facts.on(object, listener, "a listener without TLS"));
            }
        }
    }
    if exposed == 0 {
        return Reply::unknown("the stream holds no Ingress or Gateway");
    }
    Reply::judged(places, exposed, "host", ", listeners of gateways counted")
}

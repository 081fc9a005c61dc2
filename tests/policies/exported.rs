//! What `policy export --to vap` writes, read back by hardtack itself: it refuses what the gate refuses.

use std::collections::BTreeSet;

use hardtack::export::vap;
use hardtack::harden;
use hardtack::k8s::Scope;
use hardtack::load::{Source, from_text, load};
use hardtack::policy::Policy;
use hardtack::yaml::stream::{ParseOptions, parse};
use serde_json::{Value, json};

use crate::cases::{Said, ours, stream, today};

fn policy(spec: &str) -> Policy {
    let text = format!("apiVersion: hardtack.dev/v1\nkind: Policy\nspec:\n  fix: none\n{spec}");
    let file = from_text(&text, "exported").unwrap_or_else(|error| panic!("{spec}: {error}"));
    load(file, &Source::new("exported", ""), None, today()).unwrap_or_else(|error| panic!("{spec}: {error}"))
}

/// A policy with this rule on fields alone.
fn with_rule(rule: &str) -> Policy {
    let rule = format!("{{id: a, severity: high, {rule}}}");
    let mut policy = policy(&format!("  gate: {{severity: high}}\n  fields:\n  - {rule}\n"));
    policy.only = vec!["a".to_owned()];
    policy
}

/// The names of the objects that the gate refuses.
fn refused(policy: &Policy, objects: &[Value]) -> BTreeSet<String> {
    let text = String::from_utf8(stream(objects)).expect("text");
    let stream = parse(text, ParseOptions::default()).expect("a stream");
    let hardened = harden(&stream, policy, Scope::default()).expect("a verdict");
    let findings = hardened.verdict.refusals.iter().map(|it| &hardened.plan.findings[it.finding]);
    findings.map(|it| hardened.release.objects[it.object].id.name.clone()).collect()
}

/// What the exported policies say.
fn said(policy: &Policy, objects: &[Value]) -> Said {
    let files: Vec<String> = vap(policy).files.into_iter().map(|(_, text)| text).collect();
    ours(files.join("---\n").as_bytes(), objects).expect("verdicts")
}

const KINDS: [&str; 4] = ["Pod", "PodTemplate", "Deployment", "CronJob"];

/// An object of that kind with a pod that restricted takes, but for what stands at the path.
fn object(kind: &str, name: &str, path: &str, value: &str) -> Value {
    let context = json!({"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}});
    let mut template = json!({"spec": {
        "securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [{"name": "a", "image": "i", "securityContext": context}],
    }});
    let place = path.split('.').fold(&mut template, |place, key| match key.parse::<usize>() {
        Ok(number) => &mut place[number],
        Err(_) => &mut place[key],
    });
    *place = serde_saphyr::from_str(value).unwrap_or_else(|error| panic!("{value}: {error}"));
    let mut object = match kind {
        "PodTemplate" => json!({"template": template}),
        "Deployment" => json!({"spec": {"template": template}}),
        "CronJob" => json!({"spec": {"jobTemplate": {"spec": {"template": template}}}}),
        _ => template,
    };
    let version = match kind {
        "Deployment" => "apps/v1",
        "CronJob" => "batch/v1",
        _ => "v1",
    };
    object["apiVersion"] = json!(version);
    object["kind"] = json!(kind);
    object["metadata"]["name"] = json!(name);
    object
}

/// The rule that refuses it, where it stands, and what.
const DEFECTS: [(&str, &str, &str); 27] = [
    ("dangerous-capability", "spec.containers.0.securityContext.capabilities.add", "[SYS_ADMIN]"),
    ("dangerous-capability", "spec.containers.0.securityContext.capabilities.add", "[cap_sys_admin]"),
    ("capability-not-in-baseline", "spec.containers.0.securityContext.capabilities.add", "[WAKE_ALARM]"),
    ("host-network", "spec.hostNetwork", "true"),
    ("host-pid", "spec.hostPID", "true"),
    ("host-ipc", "spec.hostIPC", "true"),
    ("host-path-volume", "spec.volumes", "[{name: v, hostPath: {path: /}}]"),
    ("host-port", "spec.containers.0.ports", "[{containerPort: 80, hostPort: 80}]"),
    ("probe-host", "spec.containers.0.livenessProbe", "{httpGet: {port: 80, host: example.com}}"),
    ("probe-host", "spec.containers.0.lifecycle", "{preStop: {tcpSocket: {port: 80, host: a}}}"),
    ("privileged-container", "spec.containers.0.securityContext.privileged", "true"),
    (
        "privileged-container",
        "spec.initContainers",
        "[{name: b, image: i, securityContext: {privileged: true}}]",
    ),
    ("unsafe-sysctl", "spec.securityContext.sysctls", "[{name: kernel.msgmax, value: '1'}]"),
    ("apparmor-not-enforced", "spec.securityContext.appArmorProfile", "{type: Unconfined}"),
    (
        "apparmor-not-enforced",
        "metadata",
        "{annotations: {container.apparmor.security.beta.kubernetes.io/a: unconfined}}",
    ),
    ("seccomp-unconfined", "spec.containers.0.securityContext.seccompProfile", "{type: Unconfined}"),
    ("proc-mount-unmasked", "spec.containers.0.securityContext.procMount", "Unmasked"),
    ("selinux-options-custom", "spec.securityContext.seLinuxOptions", "{user: root}"),
    ("selinux-options-custom", "spec.securityContext.seLinuxOptions", "{type: spc_t}"),
    ("host-process-container", "spec.securityContext.windowsOptions", "{hostProcess: true}"),
    ("privilege-escalation", "spec.containers.0.securityContext.allowPrivilegeEscalation", "true"),
    ("capabilities-not-dropped", "spec.containers.0.securityContext.capabilities.drop", "[NET_RAW]"),
    ("capability-not-in-restricted", "spec.containers.0.securityContext.capabilities.add", "[CHOWN]"),
    ("volume-type-restricted", "spec.volumes", "[{name: v, nfs: {server: a, path: /}}]"),
    ("run-as-root", "spec.securityContext.runAsNonRoot", "false"),
    ("explicit-root-user", "spec.containers.0.securityContext.runAsUser", "0"),
    ("seccomp-profile-missing", "spec.securityContext", "{runAsNonRoot: true}"),
];

/// What looks like a defect and is none.
const HARMLESS: [(&str, &str); 10] = [
    ("spec.hostNetwork", "false"),
    ("spec.containers.0.securityContext.capabilities.add", "[NET_BIND_SERVICE]"),
    ("spec.containers.0.ports", "[{containerPort: 80}]"),
    ("spec.containers.0.livenessProbe", "{httpGet: {port: 80}}"),
    ("spec.volumes", "[{name: v, emptyDir: {}}]"),
    ("spec.securityContext.sysctls", "[{name: net.ipv4.ip_local_port_range, value: 1024 65535}]"),
    ("spec.securityContext.seLinuxOptions", "{type: container_t, level: s0}"),
    ("spec.containers.0.securityContext.seccompProfile", "{type: Localhost, localhostProfile: a}"),
    ("metadata", "{annotations: {container.apparmor.security.beta.kubernetes.io/a: runtime/default}}"),
    ("spec.containers.0.securityContext.runAsUser", "1000"),
];

#[test]
fn exported_rules_on_pods_refuse_what_the_gate_refuses() {
    let policy = policy("  gate: {severity: never, podSecurity: restricted}\n  kubeVersion: '1.34'\n");
    let bad = DEFECTS.into_iter().enumerate().flat_map(|(number, (rule, path, value))| {
        KINDS.map(|kind| (format!("bad-{number}-{kind}"), Some(rule), kind, path, value))
    });
    let good = HARMLESS.into_iter().enumerate().flat_map(|(number, (path, value))| {
        KINDS.map(|kind| (format!("good-{number}-{kind}"), None, kind, path, value))
    });
    let cases: Vec<_> = bad.chain(good).collect();
    let objects: Vec<Value> =
        cases.iter().map(|(name, _, kind, path, value)| object(kind, name, path, value)).collect();
    let refused = refused(&policy, &objects);
    let said = said(&policy, &objects);
    let mut wrong = Vec::new();
    for (name, rule, ..) in &cases {
        let said = said.get(&("hardtack-pods".to_owned(), name.clone()));
        let agrees = match (rule, said) {
            (Some(rule), Some(said)) => said.iter().any(|it| it.ends_with(&format!(" ({rule})"))),
            (rule, said) => rule.is_none() && said.is_none(),
        };
        if !agrees || refused.contains(name) != rule.is_some() {
            wrong.push(format!("{name} {rule:?}: gate {}, exported {said:?}", refused.contains(name)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A rule, and objects that it lets pass and refuses, all without names.
const TEAM: [(&str, &[&str], &[&str]); 14] = [
    (
        "match: {kind: Deployment}, path: spec.replicas, range: {min: 2, max: 5}",
        &["Deployment, spec: {replicas: 2}", "Deployment, spec: {replicas: 5}", "Deployment, spec: {}"],
        &["Deployment, spec: {replicas: 1}", "Deployment, spec: {replicas: 6}"],
    ),
    (
        "match: {kind: Pod}, path: 'spec.containers[*].ports[*].hostPort', range: {max: 1024}",
        &["Pod, spec: {containers: [{ports: [{hostPort: 80}]}, {name: a}]}"],
        &["Pod, spec: {containers: [{name: a}, {ports: [{hostPort: 80}, {hostPort: 8080}]}]}"],
    ),
    (
        "match: {kind: Pod}, path: 'spec.containers[*].resources.limits.memory', range: {max: 1Gi}",
        &["Pod, spec: {containers: [{resources: {limits: {memory: 1024Mi}}}]}"],
        &["Pod, spec: {containers: [{resources: {limits: {memory: 1025Mi}}}]}"],
    ),
    (
        "match: {kind: Pod}, path: 'spec.args[1]', equals: b",
        &["Pod, spec: {args: [a, b]}", "Pod, spec: {args: [a]}"],
        &["Pod, spec: {args: [b, a]}"],
    ),
    (
        "match: {kind: ConfigMap}, path: metadata.annotations.owner, required: true, pattern: '^[a-z]+$'",
        &["ConfigMap, metadata: {annotations: {owner: shop}}"],
        &[
            "ConfigMap, metadata: {annotations: {owner: Shop}}",
            "ConfigMap, metadata: {annotations: {owner: ''}}",
            "ConfigMap",
        ],
    ),
    (
        "match: {kind: ConfigMap, labels: {tier: 'fr*'}}, path: data.v, notPattern: ^b",
        &["ConfigMap, data: {v: b}", "ConfigMap, metadata: {labels: {tier: front}}, data: {v: a}"],
        &["ConfigMap, metadata: {labels: {tier: front}}, data: {v: b}"],
    ),
    (
        "match: {kind: ConfigMap}, key: LEVEL, oneOf: [info, warn]",
        &["ConfigMap, data: {LEVEL: info}", "ConfigMap, data: {OTHER: debug}"],
        &["ConfigMap, data: {LEVEL: debug}"],
    ),
    (
        "match: {kind: ConfigMap}, key: DEBUG, forbidden: ['true', 1]",
        &["ConfigMap, data: {DEBUG: 'false'}"],
        &["ConfigMap, data: {DEBUG: 'true'}", "ConfigMap, data: {DEBUG: '1'}"],
    ),
    (
        "match: {kind: ConfigMap}, key: '*_URL', pattern: '^https:'",
        &["ConfigMap, data: {A_URL: 'https://a', B: b}"],
        &["ConfigMap, data: {A_URL: 'https://a', B_URL: 'http://b'}"],
    ),
    (
        "match: {kind: ConfigMap, name: 'team-*'}, key: SIZE, minLength: 2, maxLength: 3",
        &["ConfigMap, data: {SIZE: ab}", "ConfigMap, data: {SIZE: abc}"],
        &["ConfigMap, data: {SIZE: a}", "ConfigMap, data: {SIZE: abcd}"],
    ),
    (
        "match: {kind: ConfigMap}, path: data.memory, equals: 1Gi",
        &["ConfigMap, data: {memory: 1Gi}", "ConfigMap, data: {memory: 1024Mi}"],
        &["ConfigMap, data: {memory: 1G}", "ConfigMap, data: {memory: none}"],
    ),
    (
        "match: {kind: Secret}, key: jwt, minLength: 8, maxLength: 12",
        &["Secret, data: {jwt: YWJjZGVmZ2g=}"],
        &["Secret, data: {jwt: YWJjZGVmZw==}", "Secret, data: {jwt: YWJjZGVmZ2hpamtsbQ==}"],
    ),
    (
        "match: {kind: Secret}, key: jwt, forbidden: [changeme12]",
        &["Secret, data: {jwt: YWJjZGVmZ2g=}"],
        &["Secret, data: {jwt: Y2hhbmdlbWUxMg==}"],
    ),
    (
        "match: {kind: Pod}, env: 'DEBUG*', forbidden: ['1', 'true']",
        &["Pod, spec: {containers: [{name: a, env: [{name: DEBUG, value: '0'}, {name: A, value: '1'}]}]}"],
        &[
            "Pod, spec: {containers: [{name: a, env: [{name: DEBUG, value: '1'}]}]}",
            "Pod, spec: {containers: [{name: a}], initContainers: [{name: b, env: [{name: DEBUG_B, value: 'true'}]}]}",
        ],
    ),
];

#[test]
fn exported_rules_on_fields_refuse_what_the_gate_refuses() {
    for (rule, good, bad) in TEAM {
        let policy = with_rule(rule);
        let of = |side: &str, list: &[&str]| -> Vec<Value> {
            let one = |(number, text): (usize, &&str)| {
                let mut object: Value =
                    serde_saphyr::from_str(&format!("{{kind: {text}}}")).expect("an object");
                let version = if text.starts_with("Deployment") { "apps/v1" } else { "v1" };
                object["apiVersion"] = json!(version);
                object["metadata"]["name"] = json!(format!("team-{side}-{number}"));
                object
            };
            list.iter().enumerate().map(one).collect()
        };
        let objects: Vec<Value> = of("good", good).into_iter().chain(of("bad", bad)).collect();
        let wanted: BTreeSet<String> = (0..bad.len()).map(|number| format!("team-bad-{number}")).collect();
        assert_eq!(refused(&policy, &objects), wanted, "the gate: {rule}");
        let said = said(&policy, &objects);
        let exported: BTreeSet<String> = said.keys().map(|(_, object)| object.clone()).collect();
        assert_eq!(exported, wanted, "exported: {rule}: {said:?}");
        let broken = said.values().flatten().find(|it| it.starts_with("no verdict on"));
        assert_eq!(broken, None, "{rule}");
    }
}

/// A rule, and why it is no part of the export.
const UNTOLD: [(&str, &str); 14] = [
    (
        "match: {kind: ConfigMap}, key: A, range: {min: 30s}",
        "its range ends at 30s, and expressions compare numbers and quantities only",
    ),
    ("env: A, required: true", "a required variable may come from another object"),
    (
        "match: {kind: ConfigMap}, key: A, required: true",
        "a required key may be in any of several objects: name one in match",
    ),
    (
        "match: {kind: ConfigMap, name: a}, key: 'A*', required: true",
        "a required key that is a pattern may be any of several",
    ),
    ("match: {container: '*'}, path: image, pattern: a", "its match speaks of container, image or port"),
    ("key: A, equals: a", "its match names neither kind ConfigMap nor kind Secret"),
    (
        "match: {kind: Secret}, key: A, pattern: a",
        "no expression decodes a Secret to hold it against a pattern",
    ),
    (
        "match: {kind: Secret}, key: A, range: {min: 1}",
        "no expression decodes a Secret to hold it against a range",
    ),
    (
        "path: 'spec.containers[*].image', required: true",
        "a required field below [*] or a number may be in any item",
    ),
    ("path: 'spec.containers[0].image', pattern: a", "fields below an item by its number"),
    ("path: spec.hostPID, required: never", "what must not be there is not looked for in one object alone"),
    ("key: A, required: each", "required: each and any look at several places"),
    ("key: A, required: any", "required: each and any look at several places"),
    (
        "match: {kind: ConfigMap}, file: a.yaml, path: a, equals: 1",
        "no expression reads the files in an object",
    ),
];

#[test]
fn what_one_object_cannot_tell_is_not_exported() {
    for (rule, why) in UNTOLD {
        let exported = vap(&with_rule(rule));
        assert_eq!(exported.left, [("a".to_owned(), why.to_owned())], "{rule}");
        assert!(exported.files.is_empty(), "{rule}");
    }
}

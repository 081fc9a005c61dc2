//! What `hardtack policy export --to vap` writes: the real API server takes it, and refuses what hardtack's gate refuses.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use std::time::{Duration, Instant};

use hardtack::export::vap;
use hardtack::harden;
use hardtack::k8s::Scope;
use hardtack::load::{Source, from_text, load};
use hardtack::policy::{Date, Policy};
use hardtack::yaml::stream::{ParseOptions, parse};
use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use crate::bends;
use crate::complete::complete;
use crate::dice::Dice;
use crate::support::cluster::{Verdict, create, dry_run, kubeconfig};
use crate::support::tools;

const PATIENCE: Duration = Duration::from_secs(60);

pub fn trials() -> Vec<Trial> {
    let absent = kubeconfig().err();
    let mut trials =
        vec![tools::optional(absent.clone(), "exported_rules_of_the_team_hold", rules_of_the_team)];
    for level in ["baseline", "restricted"] {
        let test = move || pod_security(level);
        trials.push(tools::optional(absent.clone(), format!("exported_{level}_holds"), test));
    }
    trials
}

pub(super) fn policy(spec: &str) -> Result<Policy, Failed> {
    let text = format!("apiVersion: hardtack.dev/v1\nkind: Policy\nspec:\n  fix: none\n{spec}");
    let file = from_text(&text, "exported").map_err(|error| error.to_string())?;
    let policy = load(file, &Source::new("exported", ""), None, Date::from_epoch_seconds(0));
    Ok(policy.map_err(|error| error.to_string())?)
}

/// Puts the documents in force, for objects with a label alone so that others' tests go on.
pub(super) fn enforce(policy: &Policy, label: &str) -> Result<(), Failed> {
    let mut text = String::new();
    for (_, file) in vap(policy).files {
        let own =
            format!("matchResources:\n    objectSelector:\n      matchLabels:\n        export: {label}\n");
        let renamed = file.replace("hardtack-", &format!("hardtack-{label}-"));
        assert!(renamed.contains("matchResources:\n"), "{renamed}");
        text.push_str(&renamed.replace("matchResources:\n", &own));
        text.push_str("---\n");
    }
    let refused: Vec<String> = create(&[("export".to_owned(), text.into_bytes())])
        .into_iter()
        .filter(|it| it.verdict != "accepted")
        .map(|it| format!("{}: {}", it.name, it.message))
        .collect();
    if refused.is_empty() { Ok(()) } else { Err(refused.join("\n").into()) }
}

/// The server's verdicts, once what surely is refused is refused.
pub(super) fn verdicts(objects: &[Value], surely: &Value) -> Result<BTreeMap<String, Verdict>, Failed> {
    let start = Instant::now();
    while dry_run(&[("one".to_owned(), surely.to_string().into_bytes())])
        .iter()
        .all(|it| it.verdict != "refused")
    {
        if start.elapsed() > PATIENCE {
            return Err("the policies did not come into force".into());
        }
        thread::sleep(Duration::from_millis(500));
    }
    let texts: Vec<String> = objects.iter().map(Value::to_string).collect();
    let verdicts = dry_run(&[("all".to_owned(), texts.join("\n---\n").into_bytes())]);
    Ok(verdicts.into_iter().map(|verdict| (verdict.name.clone(), verdict)).collect())
}

/// The names of the objects that hardtack's gate refuses.
pub(super) fn refused(policy: &Policy, objects: &[Value]) -> Result<BTreeSet<String>, Failed> {
    let texts: Vec<String> = objects.iter().map(Value::to_string).collect();
    let stream = parse(texts.join("\n---\n"), ParseOptions::default())?;
    let scope = Scope { namespace: Some("dry-run".to_owned()), ..Scope::default() };
    let hardened = harden(&stream, policy, scope)?;
    let finding = |refusal: &hardtack::validate::Refusal| &hardened.plan.findings[refusal.finding];
    let name = |number: usize| hardened.release.objects[number].id.name.clone();
    Ok(hardened.verdict.refusals.iter().map(|refusal| name(finding(refusal).object)).collect())
}

/// Compares verdict by verdict; what the server refuses for other reasons says nothing about the policies. Of several
/// documents the server puts one in force after the other, so a difference counts once it stays.
pub(super) fn compare(policy: &Policy, objects: &[Value], surely: &Value) -> Result<[usize; 3], Failed> {
    let ours = refused(policy, objects)?;
    let start = Instant::now();
    loop {
        let (counts, faults) = differences(&verdicts(objects, surely)?, &ours, objects);
        if faults.is_empty() {
            return Ok(counts);
        }
        if start.elapsed() > PATIENCE {
            let shown = faults.iter().take(12).map(String::as_str).collect::<Vec<_>>().join("\n");
            return Err(format!("{}:\n{shown}", faults.len()).into());
        }
        thread::sleep(Duration::from_secs(1));
    }
}

/// How many pass, are refused by a policy and for other reasons; and where hardtack says otherwise.
fn differences(
    theirs: &BTreeMap<String, Verdict>,
    ours: &BTreeSet<String>,
    objects: &[Value],
) -> ([usize; 3], Vec<String>) {
    let mut counts = [0; 3];
    let mut faults = Vec::new();
    for (name, verdict) in theirs {
        let by_policy = verdict.message.contains("ValidatingAdmissionPolicy 'hardtack-");
        if verdict.verdict != "accepted" && !by_policy {
            counts[2] += 1;
            continue;
        }
        counts[usize::from(by_policy)] += 1;
        if by_policy != ours.contains(name) {
            let object = objects.iter().find(|it| it["metadata"]["name"] == name.as_str());
            faults.push(format!("{name}: {} ({}): {object:?}", verdict.verdict, verdict.message));
        }
    }
    (counts, faults)
}

fn pod_security(level: &str) -> Result<(), Failed> {
    let policy =
        policy(&format!("  gate: {{severity: never, podSecurity: {level}}}\n  kubeVersion: '1.34'\n"))?;
    enforce(&policy, level)?;
    let cases = bends::singles().into_iter().chain(bends::several(&mut Dice::new(7), 600));
    let objects: Vec<Value> = cases
        .enumerate()
        .map(|(number, case)| served(&case.text, &format!("{level}-{number}"), level))
        .collect();
    let surely = served(
        "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"spec\": {\"hostPID\": true, \"containers\": [{\"name\": \"a\", \"image\": \"i\"}]}}",
        "surely",
        level,
    );
    let [passed, refused, other] = compare(&policy, &objects, &surely)?;
    eprintln!(
        "{level}: {passed} pods and templates pass both, {refused} are refused by both, {other} are no objects to the server"
    );
    if passed >= 150 && refused >= 150 { Ok(()) } else { Err("too few of one kind".into()) }
}

/// An object of the Pod Security tests with all that the server wants of it besides.
pub(super) fn served(text: &str, name: &str, label: &str) -> Value {
    let mut object: Value = serde_json::from_str(text).expect("the case is JSON");
    let kind = object["kind"].as_str().unwrap_or_default().to_owned();
    object["metadata"]["name"] = json!(name);
    object["metadata"]["labels"] = json!({"export": label});
    let labels = json!({"app": "a"});
    let at = match kind.as_str() {
        "Pod" => "",
        "PodTemplate" => "/template",
        "CronJob" => "/spec/jobTemplate/spec/template",
        _ => "/spec/template",
    };
    if let Some(template) = object.pointer_mut(at).filter(|_| kind != "Pod") {
        template["metadata"]["labels"] = labels.clone();
    }
    if let Some(spec) = object.pointer_mut(&format!("{at}/spec")).filter(|spec| spec.is_object()) {
        let policy = if kind == "Job" || kind == "CronJob" { "Never" } else { "Always" };
        spec["restartPolicy"] = json!(policy);
    }
    if let Some(spec) = object.pointer_mut(&format!("{at}/spec")) {
        complete(spec);
    }
    match kind.as_str() {
        "Pod" | "PodTemplate" | "Job" => {}
        "CronJob" => object["spec"]["schedule"] = json!("0 0 * * *"),
        "ReplicationController" => object["spec"]["selector"] = labels,
        _ => object["spec"]["selector"] = json!({"matchLabels": labels}),
    }
    if kind == "StatefulSet" {
        object["spec"]["serviceName"] = json!("a");
    }
    object
}

const TEAM: &str = "  gate: {severity: high}
  only: []
  fields:
  - {id: replicas-in-range, match: {kind: Deployment}, path: spec.replicas, range: {min: 2, max: 5}, severity: high}
  - {id: owner-named, match: {kind: ConfigMap, labels: {tier: front}}, path: \"metadata.annotations['acme.example/owner']\", required: true, pattern: '^[a-z]+$', severity: high}
  - {id: log-level, match: {kind: ConfigMap}, key: LOG_LEVEL, oneOf: [info, warn], severity: high}
  - {id: no-debug, match: {kind: ConfigMap}, key: DEBUG, forbidden: ['true', 1], severity: critical}
  - {id: url-there, match: {kind: ConfigMap, name: exported-with-url}, key: URL, required: true, pattern: '^postgres(ql)?://', severity: high}
  - {id: key-length, match: {kind: Secret}, key: jwt, minLength: 8, maxLength: 12, severity: high}
  - {id: not-the-default, match: {kind: Secret}, key: jwt, forbidden: [changeme12], severity: high}
  - {id: images-of-ours, match: {kind: Deployment}, path: 'spec.template.spec.containers[*].image', pattern: '^ghcr.io/acme/', severity: high}
  - {id: memory-at-most, match: {kind: Deployment}, path: 'spec.template.spec.containers[*].resources.limits.memory', range: {max: 1Gi}, severity: high}
  - {id: no-debug-env, match: {kind: Deployment}, env: DEBUG, forbidden: ['1', 'true'], severity: high}
  expressions:
  - {id: not-blue, match: {kind: ConfigMap, expression: \"has(object.data) && 'colour' in object.data\"}, variables: [{name: c, expression: object.data.colour}], expression: \"variables.c != 'blue'\", messageExpression: \"'is ' + string(variables.c)\", severity: high}
  exemptions:
  - {allow: not-blue, match: {name: 'exported-sky*'}, reason: the sky is}
";

fn rules_of_the_team() -> Result<(), Failed> {
    let policy = policy(&TEAM.replace("  only: []\n", ""))?;
    let left: Vec<(String, String)> = vap(&policy).left;
    let own: Vec<&(String, String)> = left.iter().filter(|(id, _)| policy.own(id).is_some()).collect();
    assert_eq!(own.len(), 1, "only the note on bytes: {own:?}");
    let mut policy = policy;
    policy.only = policy.own.iter().map(|rule| rule.id.clone()).collect();
    enforce(&policy, "team")?;
    let objects = objects_of_the_team();
    let config = |name: &str, data: Value| {
        let metadata = json!({"name": name, "labels": {"export": "team"}});
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data})
    };
    let surely = config("surely", json!({"DEBUG": "true"}));
    let [passed, refused, other] = compare(&policy, &objects, &surely)?;
    eprintln!("rules of the team: {passed} objects pass both, {refused} are refused by both");
    assert_eq!(other, 0, "every object is one to the server");
    compare(&policy, &[config("exported-with-url", json!({"URL": "mysql://db"}))], &surely)?;
    if passed >= 10 && refused >= 12 { Ok(()) } else { Err(format!("{passed} and {refused}").into()) }
}

/// Objects on both sides of every rule of the team.
fn objects_of_the_team() -> Vec<Value> {
    let mut objects = workloads();
    objects.extend(configuration());
    for (number, object) in objects.iter_mut().enumerate() {
        if object["metadata"]["name"].is_null() {
            object["metadata"]["name"] = json!(format!("exported-{number}"));
        }
        object["metadata"]["labels"]["export"] = json!("team");
    }
    objects
}

fn workloads() -> Vec<Value> {
    let deployment = |replicas: Value, container: Value| {
        let template = json!({"metadata": {"labels": {"app": "a"}}, "spec": {"containers": [container]}});
        let spec =
            json!({"replicas": replicas, "selector": {"matchLabels": {"app": "a"}}, "template": template});
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "spec": spec})
    };
    let container = |image: &str| json!({"name": "a", "image": image});
    let ours = || container("ghcr.io/acme/a:1");
    let with = |key: &str, value: Value| {
        let mut container = ours();
        container[key] = value;
        deployment(json!(3), container)
    };
    let limit = |memory: &str| with("resources", json!({"limits": {"memory": memory}}));
    let env = |value: &str| with("env", json!([{"name": "DEBUG", "value": value}]));
    vec![
        deployment(json!(2), ours()),
        deployment(json!(5), ours()),
        deployment(json!(1), ours()),
        deployment(json!(6), ours()),
        deployment(json!(3), container("nginx")),
        limit("1Gi"),
        limit("1025Mi"),
        env("0"),
        env("1"),
        env("true"),
    ]
}

fn configuration() -> Vec<Value> {
    let config = |data: Value| json!({"apiVersion": "v1", "kind": "ConfigMap", "data": data});
    let named = |name: &str, data: Value| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data});
    let secret = |value: &str| json!({"apiVersion": "v1", "kind": "Secret", "data": {"jwt": value}});
    let front = |annotations: Value| {
        let metadata = json!({"labels": {"tier": "front"}, "annotations": annotations});
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata})
    };
    vec![
        config(json!({"LOG_LEVEL": "info"})),
        config(json!({"LOG_LEVEL": "debug"})),
        config(json!({"OTHER": "debug"})),
        config(json!({"DEBUG": "false"})),
        config(json!({"DEBUG": "true"})),
        config(json!({"DEBUG": "1"})),
        named("exported-with-url", json!({"URL": "postgres://db"})),
        named("exported-sky-1", json!({"colour": "blue"})),
        config(json!({"colour": "blue"})),
        config(json!({"colour": "red"})),
        secret("YWJjZGVmZ2g="),
        secret("YWJjZGVmZw=="),
        secret("YWJjZGVmZ2hpamtsbQ=="),
        secret("Y2hhbmdlbWUxMg=="),
        front(json!({"acme.example/owner": "shop"})),
        front(json!({"acme.example/owner": "Shop"})),
        front(json!({"acme.example/owner": ""})),
        front(json!({})),
    ]
}

//! `kustomize build` of the repository's overlays, and of what people get wrong.

use libtest_mimic::Trial;

use crate::support::objects::{at, names, object, read};
use crate::support::programs::{root, trial};
use crate::support::sandbox::{Ran, Sandbox};

pub fn trials() -> Vec<Trial> {
    let needs = &["kustomize"];
    vec![
        trial("overlay_development", needs, overlay_development),
        trial("overlay_staging", needs, overlay_staging),
        trial("overlay_production", needs, overlay_production),
        trial("c08_24_validator_refuses", needs, c08_24_validator_refuses),
        trial("c08_24_validator_alone_keeps_everything", needs, c08_24_validator_alone_keeps_everything),
        trial("transformer_refuses", needs, transformer_refuses),
        trial("generator_adds_nothing", needs, generator_adds_nothing),
        trial("c08_25_skipped_function_is_noticed", needs, c08_25_skipped_function_is_noticed),
    ]
}

const RUN: [&str; 3] = ["build", "--enable-alpha-plugins", "--enable-exec"];

fn build(sandbox: &Sandbox, args: &[&str], folder: impl AsRef<std::ffi::OsStr>) -> Ran {
    sandbox.call("kustomize").args(args).arg(folder).run()
}

fn overlay(name: &str) -> String {
    let ran = build(&Sandbox::new(), &RUN, root().join("overlays").join(name));
    let built = ran.succeeded().stdout.clone();
    let mut kinds: Vec<String> =
        names(&built).iter().map(|name| name.split('/').next().unwrap().to_owned()).collect();
    kinds.sort();
    assert_eq!(kinds, ["ConfigMap", "CronJob", "Deployment", "Service", "ServiceAccount"], "{built}");
    assert!(!built.contains("config.kubernetes.io/"), "kustomize takes its annotations back:\n{built}");
    built
}

fn overlay_development() {
    let built = overlay("development");
    let agent = object(&built, "Deployment", "agent");
    let context = at(&agent, "spec.template.spec.containers.0.securityContext");
    assert_eq!(at(context, "allowPrivilegeEscalation").as_bool(), Some(false));
    assert!(at(context, "readOnlyRootFilesystem").is_badvalue(), "development consents to nothing");
}

fn overlay_staging() {
    let built = overlay("staging");
    for (object, pod) in [
        (object(&built, "Deployment", "agent"), "spec.template.spec"),
        (object(&built, "CronJob", "cleanup"), "spec.jobTemplate.spec.template.spec"),
    ] {
        let pod = at(&object, pod);
        assert_eq!(at(pod, "securityContext.runAsNonRoot").as_bool(), Some(true));
        assert_eq!(at(pod, "securityContext.runAsUser").as_i64(), Some(1000));
        assert_eq!(at(pod, "containers.0.securityContext.capabilities.drop.0").as_str(), Some("ALL"));
        assert!(!at(pod, "containers.0.resources.requests.cpu").is_badvalue());
    }
}

fn overlay_production() {
    let built = overlay("production");
    let agent = object(&built, "Deployment", "agent");
    let pod = at(&agent, "spec.template.spec");
    assert_eq!(at(pod, "securityContext.fsGroup").as_i64(), Some(1000));
    let container = at(pod, "containers.0");
    assert_eq!(at(container, "securityContext.readOnlyRootFilesystem").as_bool(), Some(true));
    assert_eq!(at(container, "volumeMounts.0.mountPath").as_str(), Some("/tmp"));
    assert_eq!(at(container, "startupProbe.httpGet.path").as_str(), Some("/health/startup"));
    assert_eq!(at(container, "resources.limits.memory").as_str(), Some("512Mi"));
    let job = object(&built, "CronJob", "cleanup");
    let container = at(&job, "spec.jobTemplate.spec.template.spec.containers.0");
    assert_eq!(at(container, "securityContext.readOnlyRootFilesystem").as_bool(), Some(true));
    assert!(at(container, "livenessProbe").is_badvalue());
}

const PRIVILEGED: &str = "apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      containers:
      - {name: agent, image: 'ghcr.io/acme/agent:1.0.0', securityContext: {privileged: true}}
";

fn config(data: &str) -> String {
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: harden\n  annotations:\n    config.kubernetes.io/function: |\n      \
         exec: {{path: hardtack}}\ndata: {{{data}}}\n"
    )
}

/// A folder whose kustomization lists hardtack under `list`.
fn project(sandbox: &Sandbox, list: &str, data: &str) {
    sandbox.write("agent.yaml", PRIVILEGED);
    sandbox.write("harden.yaml", &config(data));
    sandbox.write("kustomization.yaml", &format!("resources: [agent.yaml]\n{list}: [harden.yaml]\n"));
}

fn c08_24_validator_refuses() {
    let sandbox = Sandbox::new();
    project(&sandbox, "validators", "environment: production, mode: validate");
    build(&sandbox, &RUN, ".").failed_with(1).says("privileged-container");
}

fn c08_24_validator_alone_keeps_everything() {
    let sandbox = Sandbox::new();
    project(&sandbox, "validators", "environment: production, mode: validate, gate: never");
    let with = build(&sandbox, &RUN, ".");
    sandbox.write("kustomization.yaml", "resources: [agent.yaml]\n");
    assert_eq!(with.succeeded().stdout, build(&sandbox, &["build"], ".").succeeded().stdout);
}

fn transformer_refuses() {
    let sandbox = Sandbox::new();
    project(&sandbox, "transformers", "environment: production");
    build(&sandbox, &RUN, ".").failed_with(1).says("privileged-container");
}

fn generator_adds_nothing() {
    let sandbox = Sandbox::new();
    project(&sandbox, "generators", "environment: production");
    let ran = build(&sandbox, &RUN, ".");
    assert_eq!(names(&ran.succeeded().stdout), ["DaemonSet/agent"]);
}

fn c08_25_skipped_function_is_noticed() {
    let sandbox = Sandbox::new();
    let folder = root().join("overlays/staging");
    let policy = read(&std::fs::read_to_string(folder.join("harden.yaml")).unwrap()).remove(0);
    sandbox.write("staging.yaml", policy["data"]["policy"].as_str().unwrap());
    let check = |stream: &str| sandbox.hardtack(&["check", "-p", "staging.yaml"], stream).code;

    let skipped = build(&sandbox, &["build", "--enable-alpha-plugins"], &folder);
    assert_eq!(check(&skipped.succeeded().stdout), 1, "kustomize skipped hardtack without a word");
    let ran = build(&sandbox, &RUN, &folder);
    assert_eq!(check(&ran.succeeded().stdout), 0);
}

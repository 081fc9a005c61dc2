//! kpt, the real one: hardtack in `fn eval` and `fn render`, files edited in place.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "../support/mod.rs"]
mod support;

use std::fs;

use libtest_mimic::Trial;
use support::programs::trial;
use support::sandbox::{Ran, Sandbox};

fn main() {
    let args = libtest_mimic::Arguments::from_args();
    let needs = &["kpt"];
    let trials: Vec<Trial> = vec![
        trial("eval_edits_in_place", needs, eval_edits_in_place),
        trial("eval_with_policy_file", needs, eval_with_policy_file),
        trial("eval_prints_results_and_refuses", needs, eval_prints_results_and_refuses),
        trial("render_runs_the_pipeline", needs, render_runs_the_pipeline),
        trial("render_validator_refuses", needs, render_validator_refuses),
    ];
    libtest_mimic::run(&args, trials).exit();
}

const KPTFILE: &str = "apiVersion: kpt.dev/v1
kind: Kptfile
metadata:
  name: shop
  annotations:
    config.kubernetes.io/local-config: \"true\"
";

const WEB: &str = "# the shop window
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web # called web everywhere
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        # built by CI
        image: ghcr.io/acme/web:1.0.0
";

fn package(sandbox: &Sandbox, kptfile: &str) {
    sandbox.write("pkg/Kptfile", kptfile);
    sandbox.write("pkg/web.yaml", WEB);
}

fn kpt(sandbox: &Sandbox, args: &[&str]) -> Ran {
    sandbox.call("kpt").args(args).run()
}

/// The package's file with Deployment and comments, hardened.
#[track_caller]
fn assert_hardened(sandbox: &Sandbox, kptfile: &str) -> String {
    let text = fs::read_to_string(sandbox.path("work/pkg/web.yaml")).unwrap();
    assert!(text.contains("allowPrivilegeEscalation: false"), "{text}");
    for comment in ["# the shop window", "# called web everywhere", "# built by CI"] {
        assert!(text.contains(comment), "{comment} is gone:\n{text}");
    }
    let mut files: Vec<_> =
        fs::read_dir(sandbox.path("work/pkg")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["Kptfile", "web.yaml"], "nothing is moved");
    let after = fs::read_to_string(sandbox.path("work/pkg/Kptfile")).unwrap();
    assert!(after.starts_with(kptfile.trim_end()), "the Kptfile is left alone:\n{after}");
    text
}

fn eval_edits_in_place() {
    let sandbox = Sandbox::new();
    package(&sandbox, KPTFILE);
    let ran = kpt(&sandbox, &["fn", "eval", "pkg", "--exec", "hardtack", "--", "environment=development"]);
    ran.succeeded();
    let text = assert_hardened(&sandbox, KPTFILE);
    let printed = format!("{}{}", ran.stdout, ran.stderr);
    assert!(printed.contains("privilege-escalation"), "kpt prints the results:\n{printed}");

    kpt(&sandbox, &["fn", "eval", "pkg", "--exec", "hardtack", "--", "environment=development"]).succeeded();
    assert_eq!(assert_hardened(&sandbox, KPTFILE), text, "a second run changes nothing");
}

fn eval_with_policy_file() {
    let sandbox = Sandbox::new();
    package(&sandbox, KPTFILE);
    let policy = "apiVersion: hardtack.dev/v1\nkind: Policy\nmetadata: {name: p}\n\
                  spec: {extends: production, gate: {severity: never, podSecurity: privileged}, securityContext: {runAsUser: 1234}}\n";
    sandbox.write("policy.yaml", policy);
    kpt(&sandbox, &["fn", "eval", "pkg", "--exec", "hardtack", "--fn-config", "policy.yaml"]).succeeded();
    assert!(assert_hardened(&sandbox, KPTFILE).contains("runAsUser: 1234"));
}

fn eval_prints_results_and_refuses() {
    let sandbox = Sandbox::new();
    package(&sandbox, KPTFILE);
    let host = WEB.replace("      containers:", "      hostPID: true\n      containers:");
    sandbox.write("pkg/web.yaml", &host);
    let args = [
        "fn",
        "eval",
        "pkg",
        "--exec",
        "hardtack",
        "--results-dir",
        "results",
        "--",
        "environment=production",
    ];
    let ran = kpt(&sandbox, &args);
    assert_ne!(ran.code, 0);
    let printed = format!("{}{}", ran.stdout, ran.stderr);
    assert!(printed.contains("[error] apps/v1/Deployment/web") && printed.contains("host-pid"), "{printed}");
    assert_eq!(fs::read_to_string(sandbox.path("work/pkg/web.yaml")).unwrap(), host, "nothing is written");
}

fn pipeline(list: &str, config: &str) -> String {
    format!(
        "{KPTFILE}pipeline:\n  {list}:\n  - exec: hardtack\n    configMap:\n      environment: {config}\n"
    )
}

fn render_runs_the_pipeline() {
    let sandbox = Sandbox::new();
    let kptfile = pipeline("mutators", "development");
    package(&sandbox, &kptfile);
    kpt(&sandbox, &["fn", "render", "pkg", "--allow-exec"]).succeeded();
    assert_hardened(&sandbox, &kptfile);
}

fn render_validator_refuses() {
    let sandbox = Sandbox::new();
    package(&sandbox, &pipeline("validators", "production"));
    let host = WEB.replace("      containers:", "      hostPID: true\n      containers:");
    sandbox.write("pkg/web.yaml", &host);
    let ran = kpt(&sandbox, &["fn", "render", "pkg", "--allow-exec"]);
    assert_ne!(ran.code, 0);
    let printed = format!("{}{}", ran.stdout, ran.stderr);
    assert!(printed.contains("host-pid"), "{printed}");
    assert_eq!(fs::read_to_string(sandbox.path("work/pkg/web.yaml")).unwrap(), host);
}

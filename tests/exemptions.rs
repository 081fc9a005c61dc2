//! Exemptions of a policy that nobody answers for, that have ended, or that match nothing any more.

#![allow(clippy::expect_used, reason = "a test that cannot go on fails")]

use hardtack::finding::Status;
use hardtack::k8s::Scope;
use hardtack::load::{Source, read, resolve};
use hardtack::policy::Date;
use hardtack::yaml::stream::{ParseOptions, parse};
use hardtack::{Policy, harden};

const STREAM: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - {name: web, image: nginx}
        - {name: log, image: 'log:1'}
";

fn policy(exemptions: &str) -> Policy {
    spec(&format!("  exemptions:\n{exemptions}"))
}

fn spec(lines: &str) -> Policy {
    let text = format!("apiVersion: hardtack.dev/v1\nkind: Policy\nspec:\n{lines}");
    let today: Date = "2026-11-20".parse().expect("a date");
    let source = Source::new("hardtack.yaml", "");
    let file = read::from_text(&text, "hardtack.yaml").expect("a policy");
    resolve::load(file, &source, None, today).expect("a policy that holds together")
}

/// What `exemption-invalid` says, with its severity.
fn said(exemptions: &str) -> Vec<String> {
    let stream = parse(STREAM.to_owned(), ParseOptions::default()).expect("a stream");
    let hardened = harden(&stream, &policy(exemptions), Scope::default()).expect("a hardened stream");
    let findings = hardened.plan.findings.iter().filter(|finding| finding.rule == "exemption-invalid");
    findings.map(|finding| format!("{}: {}", finding.severity, finding.message)).collect()
}

#[test]
fn one_in_use_with_an_owner_is_fine() {
    let exemption =
        "    - {allow: image-tag-mutable, match: {name: web, container: web}, reason: r, owner: o}\n";
    assert_eq!(said(exemption), [""; 0]);
}

#[test]
fn one_without_an_owner_is_low() {
    let [only] = &said("    - {allow: image-tag-mutable, match: {name: web}, reason: r}\n")[..] else {
        panic!("one finding")
    };
    assert!(only.starts_with("low: ") && only.ends_with("has no owner"), "{only}");
}

#[test]
fn one_past_its_date_is_named() {
    let said = said(
        "    - {allow: image-tag-mutable, match: {name: web}, reason: r, owner: o, until: 2026-11-19}\n",
    );
    assert_eq!(said.len(), 1);
    assert!(said[0].starts_with("high: ") && said[0].ends_with("ended on 2026-11-19"), "{}", said[0]);
    let today =
        "    - {allow: image-tag-mutable, match: {name: web}, reason: r, owner: o, until: 2026-11-20}\n";
    assert_eq!(self::said(today), [""; 0]);
}

#[test]
fn one_that_names_an_object_without_the_defect_is_stale() {
    let stale = "    - {allow: container-runtime-socket, match: {name: web}, reason: r, owner: o}\n";
    let said = said(stale);
    assert_eq!(said.len(), 1);
    assert!(said[0].ends_with("allows what is not found any more"), "{}", said[0]);
    let other_container =
        "    - {allow: image-tag-mutable, match: {name: web, container: log}, reason: r, owner: o}\n";
    assert_eq!(self::said(other_container).len(), 1);
}

#[test]
fn one_for_objects_of_other_releases_is_no_business_of_this_one() {
    let elsewhere = "    - {allow: host-network, match: {name: agent}, reason: r, until: 2020-01-01}\n";
    assert_eq!(said(elsewhere), [""; 0]);
    let broad = "    - {allow: container-runtime-socket, match: {kind: Deployment}, reason: r, owner: o}\n";
    assert_eq!(said(broad), [""; 0]);
}

#[test]
fn one_for_a_rule_of_the_teams_own_is_in_use_where_it_finds_something() {
    let own = |image: &str| {
        let exemption = "    - {allow: not-nginx, match: {name: web}, reason: r, owner: o}\n";
        let rule = format!(
            "    - {{id: not-nginx, match: {{container: web}}, path: image, forbidden: [{image}]}}\n"
        );
        said(&format!("{exemption}  fields:\n{rule}"))
    };
    assert_eq!(own("nginx"), [""; 0]);
    assert_eq!(own("apache").len(), 1, "nothing to allow");
}

#[test]
fn an_annotation_allows_the_rules_it_names_where_the_policy_lets_it() {
    let reason = "hardtack.dev/allow-reason: r";
    for (policy, annotations, exempt) in [
        ("['*']", &*format!("hardtack.dev/allow: 'host-network, image-tag-mutable', {reason}"), true),
        ("[image-tag-mutable]", &*format!("hardtack.dev/allow: image-tag-mutable, {reason}"), true),
        ("[host-network]", &*format!("hardtack.dev/allow: image-tag-mutable, {reason}"), false),
        ("['*']", &*format!("hardtack.dev/allow: host-network, {reason}"), false),
        ("['*']", "hardtack.dev/allow: image-tag-mutable", false),
        ("['*']", reason, false),
    ] {
        let stream = STREAM
            .replace("{name: web}\nspec", &format!("{{name: web, annotations: {{{annotations}}}}}\nspec"));
        let stream = parse(stream, ParseOptions::default()).expect("a stream");
        let policy = spec(&format!("  annotations: {{allow: {policy}}}\n"));
        let hardened = harden(&stream, &policy, Scope::default()).expect("a hardened stream");
        let mut findings = hardened.plan.findings.iter();
        let found = findings.find(|finding| finding.rule == "image-tag-mutable").expect("a mutable tag");
        assert_eq!(found.status == Status::Exempt, exempt, "{annotations}");
    }
}

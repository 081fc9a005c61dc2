//! The rule table is well formed: ids, docs, standards, peers and settings read as people expect them to.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use hardtack::rule::{FixKind, Rule};
use hardtack::rules::RULES;

/// Rules that no standard asks for, by intent.
const WITHOUT_STANDARD: &[&str] = &[
    "hpa-replicas-conflict",
    "pdb-blocks-eviction",
    "pdb-without-budget",
    "pdb-blocks-unhealthy-eviction",
    "pod-anti-affinity-missing",
    "topology-spread-missing",
    "env-duplicate",
    "deprecated-service-account-field",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules")
}

/// The paragraphs below a heading of a rule's doc.
fn section(rule: &Rule, heading: &str) -> String {
    let lines = rule.doc.lines().map(str::trim);
    let below = lines.skip_while(|line| *line != heading).skip(1);
    below.take_while(|line| !line.starts_with("# ")).collect::<Vec<_>>().join(" ").trim().to_owned()
}

#[test]
fn ids_are_unique_and_in_kebab_case() {
    let mut seen = BTreeSet::new();
    for rule in RULES {
        assert!(seen.insert(rule.id), "{} stands twice in the table", rule.id);
        let words: Vec<&str> = rule.id.split('-').collect();
        let plain = |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
        assert!(
            words.len() > 1 && words.iter().all(plain),
            "{}: two or more words, joined by hyphens",
            rule.id
        );
    }
}

#[test]
fn each_rule_has_its_file_and_each_file_of_a_rule_is_in_the_table() {
    for rule in RULES {
        let file = folder().join(format!("{}.rs", rule.id.replace('-', "_")));
        let text = fs::read_to_string(&file).unwrap_or_default();
        assert!(text.contains(&format!("\"{}\", ", rule.id)), "{} does not declare the rule", file.display());
    }
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let declares = path.extension().is_some_and(|ending| ending == "rs")
            && fs::read_to_string(&path).unwrap().contains("crate::rule! {");
        let id = path.file_stem().unwrap().to_string_lossy().replace('_', "-");
        assert!(!declares || RULES.iter().any(|rule| rule.id == id), "{id} is missing from the table");
    }
}

#[test]
fn docs_have_a_summary_a_reason_and_a_word_on_the_fix() {
    for rule in RULES {
        let (id, summary) = (rule.id, rule.summary());
        assert!(
            summary.ends_with('.') && summary.len() <= 100,
            "{id}: one sentence of 100 characters: {summary}"
        );
        assert_eq!(rule.doc.trim().lines().nth(1), Some(""), "{id}: a blank line after the summary");
        for heading in ["# Why", "# Fix"] {
            let text = section(rule, heading);
            assert!(text.ends_with('.'), "{id}: {heading} is missing or does not end: {text}");
        }
        let fix = section(rule, "# Fix");
        let expected = match rule.fix {
            FixKind::Safe => "Safe",
            FixKind::Consent => "With consent",
            FixKind::No => "None",
        };
        assert!(fix.starts_with(expected), "{id}: the fix is {:?}, its doc should start so: {fix}", rule.fix);
    }
}

#[test]
fn standards_and_peers_are_of_known_kinds() {
    const STANDARDS: &[&str] = &["PSS-B ", "PSS-R ", "CIS ", "NSA ", "OWASP K", "REQ", "schema"];
    const PEERS: &[&str] = &[
        "Kyverno ",
        "Polaris ",
        "KubeLinter ",
        "kube-score ",
        "kubesec ",
        "Trivy ",
        "Checkov ",
        "Kubescape ",
    ];
    for rule in RULES {
        let none = WITHOUT_STANDARD.contains(&rule.id);
        assert_eq!(
            rule.standards.is_empty(),
            none,
            "{}: name a standard, or list the rule as one without",
            rule.id
        );
        for standard in rule.standards {
            assert!(STANDARDS.iter().any(|kind| standard.starts_with(kind)), "{}: {standard}", rule.id);
        }
        for peer in rule.peers {
            assert!(PEERS.iter().any(|kind| peer.starts_with(kind)), "{}: {peer}", rule.id);
        }
        let distinct: BTreeSet<_> = rule.standards.iter().chain(rule.peers).collect();
        assert_eq!(distinct.len(), rule.standards.len() + rule.peers.len(), "{} names one twice", rule.id);
    }
}

#[test]
fn settings_are_in_camel_case() {
    for rule in RULES {
        for setting in rule.settings {
            let starts_low = setting.starts_with(|c: char| c.is_ascii_lowercase());
            let plain = setting.bytes().all(|byte| byte.is_ascii_alphanumeric());
            assert!(starts_low && plain, "{}: {setting}", rule.id);
            assert!(!["severity", "fix"].contains(setting), "{}: {setting} is every rule's", rule.id);
        }
    }
}

#[test]
fn severities_never_fall_towards_production() {
    for rule in RULES {
        assert!(rule.severity.is_sorted(), "{}: {:?}", rule.id, rule.severity);
        assert!(rule.severity[2].is_some(), "{} is off in production", rule.id);
    }
}

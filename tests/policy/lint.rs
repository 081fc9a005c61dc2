//! `policy lint`: what is allowed in a policy file and yet surely not meant.

use crate::folder::{Folder, GOOD};

/// The remarks on a policy, without the file's name.
fn said(spec: &str) -> Vec<String> {
    let folder = Folder::new().with_policy(spec);
    let ran = folder.run("policy lint --date 2026-11-20", "");
    let lines = ran.stdout.lines().filter_map(|line| line.strip_prefix("warning: hardtack.yaml"));
    let lines: Vec<String> = lines.map(|line| line.trim_start_matches(':').trim().to_owned()).collect();
    assert_eq!(ran.code, i32::from(!lines.is_empty()), "{}{}", ran.stdout, ran.stderr);
    lines
}

#[track_caller]
fn says(spec: &str, words: &str) {
    let said = said(spec);
    assert!(said.iter().any(|line| line == words), "no {words:?} in {said:#?}");
}

#[test]
fn what_is_fine_is_silent() {
    let policy = "extends: production\nrules:\n  cpu-limit-missing: {severity: low}\n  memory-limit-missing: {fix: true}\n\
                  resources:\n  - {match: {name: web}, limits: {memory: 1Gi}}\n  - {limits: {memory: 512Mi}}\n\
                  environments:\n  qa: {extends: staging, gate: {severity: high}}\n\
                  exemptions:\n  - {allow: host-pid, match: {name: web}, reason: reads it, owner: sre, until: 2027-01-31}";
    assert_eq!(said(policy), [""; 0]);
}

#[test]
fn settings_that_change_nothing() {
    says("extends: production\nfix: consented", "7:3: fix: consented is said already in production:10");
    let twice = "extends: production\nrules: {run-as-root: {fix: true}}";
    says(twice, "7:25: rules.run-as-root.fix: true is said already in production:15");
    let never = "extends: qa\nkubeVersion: '1.33'\nenvironments:\n  qa: {extends: staging, kubeVersion: '1.34'}\n  \
                 development: {kubeVersion: '1.31'}\n  staging: {kubeVersion: '1.32'}\n  production: {kubeVersion: '1.30'}";
    let said = said(never);
    assert!(said.iter().any(|line| line.starts_with("7:3: kubeVersion never counts: ")), "{said:#?}");
}

#[test]
fn rules_that_do_nothing() {
    says("extends: production\nrules: {image-tag-mutable: {}}", "7:11: says nothing about image-tag-mutable");
    let reports = "extends: production\nrules: {exemption-invalid: {fix: true}}";
    says(reports, "7:31: exemption-invalid only reports: it has no fix to switch");
    let off = "extends: production\nrules: {startup-probe-missing: {severity: off, copy: true}}";
    says(off, "7:50: startup-probe-missing is off, so copy changes nothing");
    let safe = "extends: production\nfix: safe\nrules: {memory-limit-missing: {fix: true}}";
    says(safe, "8:34: fix: safe makes no fixes by consent, so none for memory-limit-missing");
}

#[test]
fn matches_that_never_match() {
    let matches =
        |words: &str| format!("extends: production\nresources: {{match: {words}, limits: {{cpu: 1}}}}");
    says(&matches("{kind: Deploymnet}"), "7:23: Deploymnet is no kind of Kubernetes");
    says(
        &matches("{kind: Secret, image: nginx}"),
        "7:37: a Secret has no containers, so image never matches",
    );
    says(
        &matches("{kind: ClusterRole, namespace: shop}"),
        "7:42: a ClusterRole lives in no namespace, so this never matches",
    );
    assert_eq!(said(&matches("{kind: PostgresCluster}")), [""; 0], "perhaps a custom kind");
}

#[test]
fn entries_that_are_never_reached() {
    let first = "extends: production\nresources:\n  - {limits: {memory: 1Gi}}\n  - {match: {name: web}, limits: {memory: 2Gi}}\n  \
                 - {match: {name: web}, limits: {cpu: 1}}";
    assert_eq!(
        said(first),
        ["9:7: never reached: the entry at hardtack.yaml:8 matches all that this one does"]
    );
    let narrower = "extends: production\nresources:\n  - {match: {name: web}, limits: {memory: 1Gi}}\n  \
                    - {match: {name: web, kind: Deployment}, limits: {memory: 2Gi}}\n  - {match: {name: api}, limits: {memory: 3Gi}}";
    assert_eq!(
        said(narrower),
        ["9:7: never reached: the entry at hardtack.yaml:8 matches all that this one does"]
    );
}

#[test]
fn exemptions_nobody_answers_for() {
    let exempt = |words: &str| {
        format!(
            "extends: production\nexemptions:\n  - {{allow: host-pid, match: {{name: web}}, reason: reads it{words}}}"
        )
    };
    says(&exempt(""), "8:7: the exemption has no owner");
    let ended = exempt(", owner: sre, until: 2026-11-19");
    says(&ended, "8:75: the exemption ended on 2026-11-19: what it allowed is open again, and not fixed");
    says(&exempt(", owner: unassigned"), "8:63: the exemption is unassigned: nobody answers for it");
}

#[test]
fn gates_that_refuse_nothing_and_charts_that_exempt_themselves() {
    says("gate: {severity: never}", "6:3: the gate refuses nothing");
    let every = "6:3: every chart may exempt itself from every rule by an annotation";
    says("annotations: {allow: '*'}\nextends: production", every);
}

#[test]
fn against_a_release_what_fits_nothing() {
    let policy = "extends: production\nresources:\n  - {match: {name: wbe}, limits: {memory: 1Gi}}\n\
                  exemptions:\n  - {allow: host-pid, match: {name: web}, reason: reads it, owner: sre}";
    let folder = Folder::new().with_policy(policy).with("web.yaml", GOOD);
    folder.run("policy lint", "").ended(0);
    let ran = folder.run("policy lint --against web.yaml", "").ended(1);
    let ran = ran.says("the entry at hardtack.yaml:8 matches nothing in what was rendered");
    ran.says("the exemption at hardtack.yaml:10 allows host-pid, which nothing rendered has");
}

#[test]
fn as_json_and_what_cannot_be_read() {
    let folder = Folder::new().with_policy("extends: production\nfix: consented");
    let ran = folder.run("policy lint --report json", "").ended(1);
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(report["warnings"][0]["line"], 7);
    assert_eq!(report["warnings"][0]["column"], 3);
    let broken = Folder::new().with_policy("environments: {qa: {extends: stging}}");
    broken.run("policy lint", "").ended(2).says("unknown environment \"stging\" in hardtack.yaml:6:23");
    Folder::new().run("policy lint", "").ended(2).says("there is no policy file to look at");
}

#[test]
fn the_policy_of_the_chart_in_this_repository_is_clean() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/charts/bytebot-agent/hardtack.yaml");
    Folder::new().run(&format!("policy lint {file} --date 2026-11-20"), "").ended(0).says("nothing odd");
}

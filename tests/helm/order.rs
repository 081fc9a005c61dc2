//! Documents keep their names, hooks are hardened like the rest, and added objects stand where Helm expects them.

use std::collections::BTreeSet;

use libtest_mimic::Trial;
use yaml_rust2::Yaml;

use crate::support::objects::{annotation, at, lines, names, object, read};
use crate::support::programs::{root, trial};
use crate::support::sandbox::Sandbox;

pub fn trials() -> Vec<Trial> {
    vec![
        trial(
            "c08_04_show_only_gives_the_same_set",
            &["helm3", "helm4"],
            c08_04_show_only_gives_the_same_set,
        ),
        trial("c08_04_source_stays_the_first_comment", &["helm3"], c08_04_source_stays_the_first_comment),
        trial("c08_05_filename_annotation_is_kept", &["helm4"], c08_05_filename_annotation_is_kept),
        trial(
            "c08_05_added_object_has_its_own_filename",
            &["helm4"],
            c08_05_added_object_has_its_own_filename,
        ),
        trial(
            "c08_06_added_object_stands_in_install_order",
            &["helm3"],
            c08_06_added_object_stands_in_install_order,
        ),
        trial("c08_07_hooks_are_hardened", &["helm3", "helm4"], c08_07_hooks_are_hardened),
        trial("c08_07_one_identity_as_hook_and_template", &[], c08_07_one_identity_as_hook_and_template),
    ]
}

const FILENAME: &str = "postrenderer.helm.sh/postrender-filename";

/// Asks for a disruption budget, which is the object that one of the first rules adds.
const ADDING: &str = "apiVersion: hardtack.dev/v1
kind: Policy
metadata: {name: t}
spec:
  extends: staging
  gate: {severity: never, podSecurity: privileged}
  rules: {pdb-missing: {fix: true}}
";

fn templates(chart: &str) -> Vec<String> {
    let folder = root().join("charts").join(chart).join("templates");
    let files =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut files: Vec<String> = files.filter(|name| name.ends_with(".yaml")).collect();
    files.sort();
    files
}

fn c08_04_show_only_gives_the_same_set() {
    let sandbox = Sandbox::new();
    sandbox.link_helm4_plugin();
    let files = templates("demo");
    assert!(files.len() > 5, "{files:?}");
    for helm in ["helm3", "helm4"] {
        for file in &files {
            let show = format!("templates/{file}");
            let plain = sandbox.render(helm, "demo", &["--show-only", &show]);
            let hardened =
                sandbox.render(helm, "demo", &["--show-only", &show, "--post-renderer", "hardtack"]);
            assert_eq!(names(&plain), names(&hardened), "{helm} {show}");
            assert!(!names(&plain).is_empty(), "{helm} {show}");
        }
    }
}

fn c08_04_source_stays_the_first_comment() {
    let sandbox = Sandbox::new();
    let plain = sandbox.render("helm3", "demo", &[]);
    let ran = sandbox.hardtack(&["-e", "staging", "--gate", "never"], &plain);
    let first_comments = |stream: &str| -> Vec<String> {
        let bodies = stream.split("---\n").skip(1);
        bodies.map(|body| body.lines().find(|line| line.starts_with('#')).unwrap_or("").to_owned()).collect()
    };
    assert_eq!(first_comments(&ran.succeeded().stdout), first_comments(&plain));
    assert_eq!(lines(&plain, "# Source: ").len(), first_comments(&plain).len());
}

fn c08_05_filename_annotation_is_kept() {
    let sandbox = Sandbox::new();
    let stream = sandbox.helm4_stream(&root().join("charts/demo"));
    let ran = sandbox.hardtack(&["post-render", "--caller=helm4"], &stream);
    let annotations =
        |text: &str| text.lines().filter(|line| line.contains(FILENAME)).map(str::to_owned).collect();
    let (before, after): (Vec<String>, Vec<String>) =
        (annotations(&stream), annotations(&ran.succeeded().stdout));
    assert_eq!(before, after, "byte for byte, in place");
    assert_eq!(before.len(), read(&stream).len());
    assert!(stream != ran.stdout, "something was hardened");
}

fn c08_05_added_object_has_its_own_filename() {
    let sandbox = Sandbox::new();
    sandbox.write("add.yaml", ADDING);
    let stream = sandbox.helm4_stream(&root().join("charts/demo"));
    let ran = sandbox.hardtack(&["post-render", "--caller=helm4", "-p", "add.yaml"], &stream);
    let files: BTreeSet<String> =
        read(&stream).iter().map(|object| annotation(object, FILENAME).unwrap().to_owned()).collect();
    let budgets = added_budgets(&ran.succeeded().stdout);
    assert!(!budgets.is_empty(), "the policy asks for one:\n{}", ran.stderr);
    let mut own = BTreeSet::new();
    for budget in &budgets {
        let file = annotation(budget, FILENAME).expect("its own file name").to_owned();
        assert!(!files.contains(&file), "never a copy: {file}");
        own.insert(file);
    }
    assert_eq!(own.len(), budgets.len(), "one each: {own:?}");

    let reversed = format!(
        "{}\n",
        stream
            .trim_end()
            .split("\n---\n")
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect::<Vec<_>>()
            .join("\n---\n")
    );
    let again = sandbox.hardtack(&["post-render", "--caller=helm4", "-p", "add.yaml"], &reversed);
    let elsewhere: BTreeSet<String> = added_budgets(&again.succeeded().stdout)
        .iter()
        .map(|budget| annotation(budget, FILENAME).unwrap().to_owned())
        .collect();
    assert_eq!(elsewhere, own, "the name does not move with the stream");

    let ran = sandbox.hardtack(&["-p", "add.yaml"], &sandbox.render("helm3", "demo", &[]));
    assert!(!ran.succeeded().stdout.contains(FILENAME), "only when the input uses it");
    assert_eq!(added_budgets(&ran.stdout).len(), budgets.len());
}

/// The disruption budgets that the demo chart does not bring itself.
fn added_budgets(stream: &str) -> Vec<Yaml> {
    let budget = |object: &Yaml| {
        at(object, "kind").as_str() == Some("PodDisruptionBudget")
            && at(object, "metadata.name").as_str() != Some("api")
    };
    read(stream).into_iter().filter(budget).collect()
}

fn c08_06_added_object_stands_in_install_order() {
    let sandbox = Sandbox::new();
    sandbox.write("add.yaml", ADDING);
    let plain = sandbox.render("helm3", "demo", &["--no-hooks"]);
    let ran = sandbox.hardtack(&["-p", "add.yaml"], &plain);
    let all = names(&ran.succeeded().stdout);
    assert!(all.len() > names(&plain).len(), "the policy asks for an object:\n{}", ran.stderr);
    let order = [
        "PodDisruptionBudget",
        "ServiceAccount",
        "Secret",
        "ConfigMap",
        "Service",
        "DaemonSet",
        "Deployment",
        "HorizontalPodAutoscaler",
        "StatefulSet",
        "CronJob",
    ];
    let ranks: Vec<usize> = all
        .iter()
        .map(|name| {
            order
                .iter()
                .position(|kind| name.split('/').next() == Some(kind))
                .expect("a kind of the demo chart")
        })
        .collect();
    assert!(ranks.is_sorted(), "{all:?}");
}

fn c08_07_hooks_are_hardened() {
    let sandbox = Sandbox::new();
    sandbox.link_helm4_plugin();
    let plain = sandbox.render("helm3", "demo", &[]);
    let piped = sandbox.hardtack(&[], &plain).succeeded().stdout.clone();
    let helm4 = sandbox.render("helm4", "demo", &["--post-renderer", "hardtack"]);
    let helm3 = sandbox.render("helm3", "demo", &["--post-renderer", "hardtack"]);
    let escalation = |stream: &str, kind: &str, name: &str, containers: &str| {
        let route = format!("{containers}.0.securityContext.allowPrivilegeEscalation");
        at(&object(stream, kind, name), &route).as_bool()
    };
    for (stream, expected) in [(&piped, Some(false)), (&helm4, Some(false)), (&helm3, None)] {
        assert_eq!(escalation(stream, "Job", "migrate", "spec.template.spec.containers"), expected);
        assert_eq!(escalation(stream, "Pod", "connection-test", "spec.containers"), expected);
    }
    for text in ["helm.sh/hook", "helm.sh/hook-delete-policy"] {
        assert_eq!(lines(&piped, text), lines(&plain, text));
        assert!(!lines(&plain, text).is_empty());
    }
}

fn c08_07_one_identity_as_hook_and_template() {
    let sandbox = Sandbox::new();
    let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: web\n";
    let hook = format!("{account}  annotations:\n    helm.sh/hook: pre-install\n");
    let both = format!("{account}---\n{hook}");
    assert_eq!(sandbox.hardtack(&["-e", "production"], &both).succeeded().stdout, both);
    let twice = format!("{account}---\n{account}");
    sandbox.hardtack(&["-e", "production"], &twice).failed_with(1).says("duplicate-definition");
}

//! `schema-invalid` beside two judges: the server's strict dry-run, which is right, and kubeconform with the same schemas.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::mutants::mutants;
use crate::support::cluster::{Verdict, dry_run, kubeconfig};
use crate::support::{corpus, tools};

const SEED: u64 = 34;
const MUTANTS: usize = 900;

/// Words of the server that stand for rules hardtack does not have, and what they are about.
const SERVER_KNOWS_MORE: &[(&str, &str)] = &[
    ("compilation failed", "CEL is not compiled here"),
    ("finalizers", "finalizers need a domain before a slash"),
    (".fieldPath: ", "which fields of a pod the downward API offers"),
    ("resourceFieldRef", "which resources the downward API offers, and of which container"),
    (".divisor: ", "which resources the downward API offers, and of which container"),
    (".downwardAPI: ", "which of two forms an item of the downward API has"),
    ("conflicting duplicate paths", "paths that meet in a projected volume"),
    (".dnsConfig", "what dnsPolicy: None asks of dnsConfig"),
    (".localhostProfile: ", "what a seccomp profile of type Localhost asks for"),
    (".sysctls[", "the names of sysctls"),
    (".timeZone: ", "the names of time zones"),
    (".preStop.sleep: ", "sleeping longer than the pod may take to end"),
    ("spec.podFailurePolicy", "the rules of a Job's failure policy"),
    ("spec.successPolicy", "the rules of a Job's success policy"),
    ("spec.progressDeadlineSeconds", "deadlines that depend on each other"),
    ("must not be greater than 100%", "percentages above 100 where that is too much"),
    ("spec.volumeClaimTemplates[", "a claim inside a template"),
    ("ephemeral.volumeClaimTemplate", "a claim inside a template"),
    ("persistentVolumeClaim.claimName", "a claim inside a template"),
    (".volumeDevices[", "block devices and the volumes they need"),
    ("must be specified when `operator`", "operators of selectors and their values"),
    ("tolerations[0].operator", "a null among tolerations"),
    ("nodeSelectorTerms[", "operators of selectors and their values"),
    ("spec.scopeSelector", "operators of selectors and their values"),
    ("spec.loadBalancer", "which fields go with which type of Service"),
    (".nodePort: ", "which fields go with which type of Service, and the cluster's range"),
    ("spec.LoadBalancer", "which fields go with which type of Service"),
    ("spec.sessionAffinityConfig", "which fields go with which type of Service"),
    ("spec.externalTrafficPolicy", "which fields go with which type of Service"),
    ("spec.allocateLoadBalancerNodePorts", "which fields go with which type of Service"),
    ("spec.ipFamil", "the IP families of a Service"),
    (".appProtocol: ", "an empty text where a field may be left out"),
    ("spec.parameters.", "the parameters of an IngressClass"),
    ("spec.controller: ", "the controller of an IngressClass"),
    ("subsets[", "Endpoints beyond their types"),
    ("must specify a peer", "peers of network policies"),
    ("spec.policyTypes", "policy types named twice"),
    (".endPort: ", "ranges of ports"),
    (".except[", "address ranges within others"),
    ("spec.metrics[", "which metric goes with which target"),
    ("spec.behavior.", "scaling policies beyond their types"),
    ("spec.scaleTargetRef.apiVersion", "the apiVersion of a reference"),
    ("metadata.ownerReferences", "the apiVersion of a reference"),
    ("subjects[", "which subject goes with which API group"),
    ("aggregationRule.", "selectors of aggregated roles"),
    ("allowedTopologies[", "topologies of a StorageClass"),
    ("webhooks[", "webhooks beyond their types"),
    ("spec.validationActions[", "actions named twice"),
    ("spec.policyName: ", "the name of a policy"),
    ("spec.hard[", "names of resources in quotas"),
    ("scheduling.tolerations[", "tolerations named twice"),
    ("template.labels: ", "labels made from the object's name"),
];

/// Words of hardtack for what the server takes all the same, in which objects, and why it is said.
const HARDTACK_KNOWS_MORE: &[(&str, &str, &str)] = &[
    ("no node can read this image reference", "", "the kubelet refuses it: InvalidImageName"),
    (" of an item before it", "", "server-side apply refuses the list; at most medium"),
    ("a has a form", "\"kind\":\"CronJob\"", "the Jobs that the CronJob is to make would be refused"),
];

pub fn trials() -> Vec<Trial> {
    let absent = kubeconfig().err().or_else(|| tools::find("kubeconform").err());
    let no_charts = absent.clone().or_else(|| corpus::folder().err());
    vec![
        tools::optional(absent, "mutants_are_judged_alike", mutants_are_judged_alike),
        tools::optional(no_charts, "charts_are_judged_alike", charts_are_judged_alike),
    ]
}

fn mutants_are_judged_alike() -> Result<(), Failed> {
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/schema/objects.yaml"))?;
    let originals = objects(text.as_bytes())?;
    let all: Vec<Value> = originals.iter().cloned().chain(mutants(&originals, SEED, MUTANTS)).collect();
    let tally = compare("mutants", &all)?;
    let sound =
        tally.server.iter().take(originals.len()).filter(|verdict| verdict.verdict == "accepted").count();
    assert_eq!(
        sound,
        originals.len(),
        "the objects that are broken are sound: {:?}",
        tally.server.iter().take(originals.len()).find(|it| it.verdict != "accepted")
    );
    assert!(tally.refused >= 300, "{} mutants are refused", tally.refused);
    tally.end()
}

/// The charts are sound: whatever is said of them is wrong.
fn charts_are_judged_alike() -> Result<(), Failed> {
    let mut all = Vec::new();
    for (_, text) in corpus::charts() {
        all.extend(objects(&text)?);
    }
    let tally = compare("charts", &all)?;
    assert_eq!(tally.found, 0, "schema-invalid finds nothing in the charts");
    tally.end()
}

/// What came of a comparison.
struct Tally {
    server: Vec<Verdict>,
    refused: usize,
    found: usize,
    unexplained: Vec<String>,
}

impl Tally {
    fn end(self) -> Result<(), Failed> {
        if self.unexplained.is_empty() {
            return Ok(());
        }
        let number = self.unexplained.len();
        Err(format!("{number} differences without an explanation:\n{}", self.unexplained.join("\n")).into())
    }
}

fn compare(what: &str, objects: &[Value]) -> Result<Tally, Failed> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("objects.yaml");
    let lines: Vec<String> = objects.iter().map(Value::to_string).collect();
    fs::write(&path, lines.join("\n---\n") + "\n")?;
    let server = dry_run(&[(what.to_owned(), fs::read(&path)?)]);
    let found = hardtack(&path)?;
    let others = kubeconform(folder.path(), &lines)?;
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut alike, mut served, mut unexplained) = (0, 0, Vec::new());
    for (number, verdict) in server.iter().enumerate().filter(|(_, verdict)| verdict.verdict != "unknown") {
        served += 1;
        let refuses = verdict.verdict == "refused";
        let own = found.get(&number);
        let reason = match own {
            _ if refuses == own.is_some() => {
                alike += 1;
                continue;
            }
            None => {
                SERVER_KNOWS_MORE.iter().find(|(words, _)| verdict.message.contains(words)).map(|it| it.1)
            }
            Some(own) => {
                let explains = |(words, object, _): &&(&str, &str, &str)| {
                    own.iter().all(|it| it.contains(words)) && lines[number].contains(object)
                };
                HARDTACK_KNOWS_MORE.iter().find(explains).map(|it| it.2)
            }
        };
        match reason {
            Some(reason) => *reasons.entry(reason).or_default() += 1,
            None => unexplained
                .push(format!("{} | server: {} | hardtack: {own:?}", lines[number], verdict.message)),
        }
    }
    let counted = |with: &BTreeSet<usize>| {
        let judged = server.iter().enumerate().filter(|(_, verdict)| verdict.verdict != "unknown");
        judged.filter(|(number, verdict)| with.contains(number) == (verdict.verdict == "refused")).count()
    };
    let own: BTreeSet<usize> = found.keys().copied().collect();
    let apart: Vec<usize> = (0..objects.len()).filter(|it| own.contains(it) != others.contains(it)).collect();
    let refused = server.iter().filter(|verdict| verdict.verdict == "refused").count();
    let right = apart.iter().filter(|it| own.contains(it) == (server[**it].verdict == "refused")).count();
    eprintln!("{what}: {} objects, {served} of kinds served, {refused} refused by the server", objects.len());
    eprintln!("{what}: like the server: hardtack {alike}, kubeconform {}", counted(&others));
    eprintln!(
        "{what}: hardtack and kubeconform differ on {}, the server is with hardtack on {right}",
        apart.len()
    );
    for (reason, count) in &reasons {
        eprintln!("{what}: {count:>4} {reason}");
    }
    Ok(Tally { server, refused, found: own.len(), unexplained })
}

fn objects(stream: &[u8]) -> Result<Vec<Value>, Failed> {
    let text = String::from_utf8(stream.to_vec())?;
    let stream = hardtack::yaml::stream::parse(text, hardtack::yaml::stream::ParseOptions::default())
        .map_err(|error| format!("{error}"))?;
    let release = hardtack::k8s::Release::gather(&stream, hardtack::k8s::Scope::default());
    Ok(release.objects.iter().map(|object| object.value.to_data()).collect())
}

/// What `schema-invalid` says, by number of the object: each stands on a line of its own, between separators.
fn hardtack(path: &Path) -> Result<BTreeMap<usize, Vec<String>>, Failed> {
    let output = Command::new(tools::hardtack())
        .args([
            "check",
            "--only",
            "schema-invalid,selector-mismatch",
            "--kube-version",
            "1.34",
            "--report",
            "json",
        ])
        .arg(path)
        .env("HARDTACK_NO_DISCOVERY", "1")
        .output()?;
    let report: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("{error}: {}", String::from_utf8_lossy(&output.stderr)))?;
    let mut found: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for finding in report["findings"].as_array().into_iter().flatten() {
        let line = finding["source"]["line"].as_u64().ok_or("a finding has a line")?;
        let message = finding["message"].as_str().unwrap_or_default().to_owned();
        found.entry(usize::try_from(line - 1)? / 2).or_default().push(message);
    }
    Ok(found)
}

/// The numbers of the objects that kubeconform refuses, by the schemas that `cargo xtask api` made of the same documents.
fn kubeconform(folder: &Path, lines: &[String]) -> Result<BTreeSet<usize>, Failed> {
    let files = folder.join("apart");
    fs::create_dir(&files)?;
    for (number, line) in lines.iter().enumerate() {
        fs::write(files.join(format!("{number}.json")), line)?;
    }
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/schemas");
    let location = format!("{}/{{{{ .ResourceKind }}}}{{{{ .KindSuffix }}}}.json", schemas.display());
    let output = tools::command("kubeconform")
        .args(["-output", "json", "-ignore-missing-schemas", "-schema-location", &location])
        .arg(&files)
        .output()?;
    let report: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("{error}: {}", String::from_utf8_lossy(&output.stderr)))?;
    let mut refused = BTreeSet::new();
    for resource in report["resources"].as_array().into_iter().flatten() {
        let stem = Path::new(resource["filename"].as_str().unwrap_or_default()).file_stem();
        refused.insert(stem.ok_or("a file has a name")?.to_string_lossy().parse()?);
    }
    Ok(refused)
}

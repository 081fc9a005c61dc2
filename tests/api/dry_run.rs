//! Server-side dry-run of real charts: hardening must not make the server refuse what it took before.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::thread;

use libtest_mimic::{Failed, Trial};

use crate::support::cluster::{Verdict, dry_run, establish, kubeconfig};
use crate::support::{corpus, tools};

/// Kind, namespace and name, and which of the objects so named.
type Identity = (String, String, String, String, usize);

pub fn trials() -> Vec<Trial> {
    let absent = kubeconfig().err();
    let no_charts = absent.clone().or_else(|| corpus::folder().err());
    vec![
        tools::optional(absent, "the_server_refuses_and_warns", the_server_refuses_and_warns),
        tools::optional(no_charts, "charts_are_taken_as_before", charts_are_taken_as_before),
    ]
}

/// A judge that takes everything would prove nothing.
fn the_server_refuses_and_warns() -> Result<(), Failed> {
    let stream = "apiVersion: apps/v1
kind: Deployment
metadata: {name: plain}
spec:
  selector: {matchLabels: {app: plain}}
  template:
    metadata: {labels: {app: plain}}
    spec: {containers: [{name: a, image: a}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: mismatch}
spec:
  selector: {matchLabels: {app: other}}
  template:
    metadata: {labels: {app: plain}}
    spec: {containers: [{name: a, image: a}]}
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: misspelt}, dta: {}}
---
apiVersion: example.com/v1
kind: Unheard
metadata: {name: of}
";
    let verdicts = dry_run(&[("own".to_owned(), stream.into())]);
    let of =
        |name: &str| verdicts.iter().find(|verdict| verdict.name == name).expect("each object is judged");
    assert_eq!((of("plain").verdict.as_str(), of("plain").warns_of_pod_security()), ("accepted", true));
    assert_eq!(of("mismatch").verdict, "refused");
    assert!(of("mismatch").message.contains("selector"), "{}", of("mismatch").message);
    assert_eq!(of("misspelt").verdict, "refused");
    assert_eq!(of("of").verdict, "unknown");
    Ok(())
}

fn charts_are_taken_as_before() -> Result<(), Failed> {
    let charts = corpus::charts();
    let mut hardened = Vec::new();
    for (name, text) in &charts {
        hardened.push((name.clone(), harden(name, text)?));
    }
    establish(&charts);
    let (before, after) = (by_identity(dry_run(&charts)), by_identity(dry_run(&hardened)));
    tell("before", &before);
    tell("after", &after);
    let mut faults = Vec::new();
    for identity in before.keys().filter(|identity| !after.contains_key(*identity)) {
        faults.push(format!("{identity:?} is gone"));
    }
    for (identity, verdict) in &after {
        let earlier = before.get(identity);
        if verdict.verdict == "refused" && earlier.is_none_or(|earlier| earlier.verdict != "refused") {
            faults.push(format!("{identity:?} is newly refused: {}", verdict.message));
        }
        if verdict.warns_of_pod_security() && earlier.is_none_or(|earlier| !earlier.warns_of_pod_security()) {
            faults.push(format!("{identity:?} is newly warned of: {:?}", verdict.warnings));
        }
    }
    if faults.is_empty() {
        return Ok(());
    }
    let number = faults.len();
    faults.truncate(20);
    Err(format!("{number} objects fare worse, the first are:\n{}", faults.join("\n")).into())
}

/// The stream as the production environment makes it, whatever its gate thinks of the rest.
fn harden(name: &str, text: &[u8]) -> Result<Vec<u8>, Failed> {
    let mut child = Command::new(tools::hardtack())
        .args(["harden", "--environment", "production", "--gate", "never", "-"])
        .env("HARDTACK_NO_DISCOVERY", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut stdin = child.stdin.take().expect("its stdin is a pipe");
    let output = thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(text));
        child.wait_with_output()
    })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(format!("{name}: {}: {}", output.status, String::from_utf8_lossy(&output.stderr)).into())
}

fn by_identity(verdicts: Vec<Verdict>) -> BTreeMap<Identity, Verdict> {
    let mut found = BTreeMap::new();
    for verdict in verdicts {
        let (chart, kind) = (verdict.label.clone(), format!("{} {}", verdict.api_version, verdict.kind));
        let mut identity = (chart, kind, verdict.namespace.clone(), verdict.name.clone(), 0);
        while found.contains_key(&identity) {
            identity.4 += 1;
        }
        found.insert(identity, verdict);
    }
    found
}

fn tell(when: &str, verdicts: &BTreeMap<Identity, Verdict>) {
    let count = |verdict: &str| verdicts.values().filter(|found| found.verdict == verdict).count();
    let warned = verdicts.values().filter(|verdict| verdict.warns_of_pod_security()).count();
    eprintln!(
        "{when:>6}: {} objects, {} accepted, {} refused, {} of kinds not served, {warned} with Pod Security warnings",
        verdicts.len(),
        count("accepted"),
        count("refused"),
        count("unknown"),
    );
}

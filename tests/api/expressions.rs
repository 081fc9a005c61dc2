//! CEL policies: hardtack's verdict on each object is that of the real API server, refused policies included.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use hardtack::k8s::{Release, Scope};
use hardtack::load;
use hardtack::plan::Plan;
use hardtack::policy::Date;
use hardtack::yaml::stream::{ParseOptions, parse};
use libtest_mimic::{Failed, Trial};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::support::cluster::{Verdict, create, dry_run, kubeconfig};
use crate::support::tools;

/// The namespace that objects without one are judged in.
const NAMESPACE: &str = "dry-run";
/// How long policies may take to come into force.
const PATIENCE: Duration = Duration::from_secs(60);

/// One policy and the objects it is tried on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// The only validation.
    holds: Option<String>,
    /// Else the whole spec, beside what is added to each.
    #[serde(default)]
    policy: serde_json::Map<String, Value>,
    #[serde(default)]
    binding: serde_json::Map<String, Value>,
    /// Other documents.
    #[serde(default)]
    extra: Vec<Value>,
    #[serde(default)]
    good: Vec<Value>,
    #[serde(default)]
    bad: Vec<Value>,
    /// Why hardtack and the server differ, where they do.
    differs: Option<String>,
    /// Whether hardtack refuses what the server takes.
    #[serde(default)]
    ours: bool,
    /// Whether objects on both sides are wanted.
    #[serde(default = "yes")]
    both: bool,
    /// Whether which side an object is on is left to the server.
    #[serde(default)]
    mixed: bool,
    /// The binding only warns.
    #[serde(default)]
    warns: bool,
    /// The binding only writes to the audit log.
    #[serde(default)]
    silent: bool,
}

fn yes() -> bool {
    true
}

pub fn trials() -> Vec<Trial> {
    let absent = kubeconfig().err();
    vec![
        tools::optional(absent.clone(), "expressions_are_judged_as_the_server_judges", judged_as_the_server),
        tools::optional(absent, "expressions_are_refused_as_the_server_refuses", refused_as_the_server),
    ]
}

fn cases(file: &str) -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/expressions").join(file);
    let text = fs::read_to_string(path).expect("the file is there");
    serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

impl Case {
    /// The policy and its binding, for objects that carry the case's label.
    fn documents(&self) -> Vec<Value> {
        let mut spec = self.policy.clone();
        if let Some(holds) = &self.holds {
            spec.insert("validations".to_owned(), json!([{"expression": holds}]));
        }
        let everything = json!({"resourceRules": [{
            "apiGroups": ["*"], "apiVersions": ["*"], "operations": ["CREATE"], "resources": ["*"],
        }]});
        spec.entry("matchConstraints").or_insert(everything);
        let mut binding = self.binding.clone();
        binding.insert("policyName".to_owned(), json!(self.name));
        binding.entry("validationActions").or_insert(json!(["Deny"]));
        let resources = binding.entry("matchResources").or_insert(json!({}));
        resources["objectSelector"] = json!({"matchLabels": {"case": self.name}});
        let group = "admissionregistration.k8s.io/v1";
        let name = json!({"name": self.name});
        vec![
            json!({"apiVersion": group, "kind": "ValidatingAdmissionPolicy", "metadata": name, "spec": spec}),
            json!({"apiVersion": group, "kind": "ValidatingAdmissionPolicyBinding", "metadata": name, "spec": binding}),
        ]
    }

    /// The objects by name, with whether the policy ought to let them pass.
    fn objects(&self) -> Vec<(String, bool, Value)> {
        let sides = [("good", true, &self.good), ("bad", false, &self.bad)];
        let of = |(side, pass, list): (&str, bool, &Vec<Value>)| {
            let object = |(number, written): (usize, &Value)| {
                let name = format!("{}-{side}-{number}", self.name);
                (name.clone(), pass, self.object(&name, written))
            };
            list.iter().enumerate().map(object).collect::<Vec<_>>()
        };
        sides.into_iter().flat_map(of).collect()
    }

    fn object(&self, name: &str, written: &Value) -> Value {
        let pod = |spec: &Value| json!({"metadata": {"labels": {"app": "a"}}, "spec": spec});
        let mut object = if written.get("kind").is_some() {
            written.clone()
        } else if written.get("containers").is_some() {
            json!({"apiVersion": "v1", "kind": "Pod", "spec": written})
        } else if let Some(template) = written.get("template") {
            let mut spec = written.clone();
            spec["template"] = pod(template);
            spec["selector"] = json!({"matchLabels": {"app": "a"}});
            json!({"apiVersion": "apps/v1", "kind": "Deployment", "spec": spec})
        } else {
            json!({"apiVersion": "v1", "kind": "ConfigMap", "data": written})
        };
        object["metadata"]["name"] = json!(name);
        object["metadata"]["labels"]["case"] = json!(self.name);
        object
    }
}

fn stream(documents: &[Value]) -> Vec<u8> {
    let texts: Vec<String> = documents.iter().map(Value::to_string).collect();
    texts.join("\n---\n").into_bytes()
}

/// A folder with a policy file that reads these documents.
fn folder(documents: &[Value]) -> Result<(tempfile::TempDir, PathBuf), Failed> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("all.yaml"), stream(documents))?;
    let file = folder.path().join("hardtack.yaml");
    let text = "apiVersion: hardtack.dev/v1\nkind: Policy\nspec: {admissionPolicies: [all.yaml]}\n";
    fs::write(&file, text)?;
    Ok((folder, file))
}

fn today() -> Date {
    Date::from_epoch_seconds(0)
}

/// By policy and object, what hardtack says.
type Said = BTreeMap<(String, String), Vec<String>>;

/// What hardtack says of each object, by the policy that says it.
fn ours(documents: &[Value], objects: &[Value]) -> Result<Said, Failed> {
    let (_folder, file) = folder(documents)?;
    let policy = load::load_file(&file, None, today()).map_err(|error| format!("{error}"))?;
    let text = String::from_utf8(stream(objects))?;
    let stream = parse(text, ParseOptions::default())?;
    let scope = Scope { namespace: Some(NAMESPACE.to_owned()), ..Scope::default() };
    let release = Release::gather(&stream, scope);
    let plan = Plan::new(&release, &policy)?;
    let mut said = Said::new();
    for finding in plan.findings.iter().filter(|finding| policy.own(&finding.rule).is_some()) {
        let object = release.objects[finding.object].id.name.clone();
        said.entry((finding.rule.to_string(), object)).or_default().push(finding.message.clone());
    }
    Ok(said)
}

fn judged_as_the_server() -> Result<(), Failed> {
    let cases: Vec<Case> = ["language.yaml", "libraries.yaml", "community.yaml", "features.yaml"]
        .into_iter()
        .flat_map(cases)
        .collect();
    let documents: Vec<Value> =
        cases.iter().flat_map(|case| case.documents().into_iter().chain(case.extra.clone())).collect();
    let refused: Vec<String> = create(&[("policies".to_owned(), stream(&documents))])
        .into_iter()
        .filter(|it| it.verdict != "accepted")
        .map(|it| format!("{}: {}", it.name, it.message))
        .collect();
    if !refused.is_empty() {
        return Err(refused.join("\n").into());
    }
    await_policies()?;
    let objects: Vec<Value> =
        cases.iter().flat_map(|case| case.objects().into_iter().map(|(.., it)| it)).collect();
    let theirs: BTreeMap<String, Verdict> = dry_run(&[("objects".to_owned(), stream(&objects))])
        .into_iter()
        .map(|verdict| (verdict.name.clone(), verdict))
        .collect();
    let ours = ours(&documents, &objects)?;
    let mut tally = Tally::default();
    for case in &cases {
        tally.add(case, &theirs, &ours);
    }
    eprintln!(
        "{} policies, {} verdicts, {} of them refusals, {} explained differences",
        cases.len(),
        tally.judged,
        tally.refusals,
        tally.explained
    );
    told(tally.faults)
}

/// What all cases come to.
#[derive(Default)]
struct Tally {
    judged: usize,
    refusals: usize,
    explained: usize,
    faults: Vec<String>,
}

impl Tally {
    fn add(&mut self, case: &Case, theirs: &BTreeMap<String, Verdict>, ours: &Said) {
        let mut sides = [false; 2];
        for (name, pass, _) in case.objects() {
            let verdict = &theirs[&name];
            let (message, passes) = case.read(verdict);
            sides[usize::from(passes)] = true;
            self.judged += 1;
            self.refusals += usize::from(!passes);
            let said = ours.get(&(case.name.clone(), name.clone()));
            self.compare(case, verdict, (message, passes, pass), said);
        }
        if case.both && case.differs.is_none() && !case.silent && sides != [true; 2] {
            self.faults.push(format!("{}: all objects on one side", case.name));
        }
    }

    fn compare(
        &mut self,
        case: &Case,
        verdict: &Verdict,
        (message, passes, wanted): (Option<String>, bool, bool),
        said: Option<&Vec<String>>,
    ) {
        let name = &verdict.name;
        if verdict.verdict == "refused" && (case.warns || message.is_none()) {
            self.faults.push(format!("{name} is no object the server takes: {}", verdict.message));
        }
        // What only goes to the audit log cannot be seen in the server's answer.
        let agrees = if case.silent { wanted } else { passes } == said.is_none();
        if case.differs.is_some() {
            self.explained += usize::from(!agrees);
            if agrees {
                self.faults.push(format!("{name}: no difference any more"));
            }
            return;
        }
        if !agrees || !case.mixed && !case.silent && passes != wanted {
            let words = format!("server {} ({})", verdict.verdict, verdict.message);
            self.faults.push(format!("{name}: {words}, hardtack {said:?}"));
        }
        let failed = |said: &String| said.starts_with("no verdict on") || said.starts_with("no ConfigMap");
        if let (Some(said), Some(message)) = (said, message)
            && !said.iter().any(|it| *it == message || failed(it))
        {
            self.faults.push(format!("{name}: the server says {message:?}, hardtack {said:?}"));
        }
    }
}

impl Case {
    /// The message of a refusal, and whether the object passes.
    fn read(&self, verdict: &Verdict) -> (Option<String>, bool) {
        let found = match self.warns {
            true => {
                verdict.warnings.iter().find_map(|it| it.split_once(&format!("binding '{}': ", self.name)))
            }
            false => verdict.message.split_once(&format!("binding '{}' denied request: ", self.name)),
        };
        let message = found.map(|(_, message)| message.trim().to_owned());
        let passes = message.is_none();
        (message, passes)
    }
}

/// Waits until the policy that was created last is in force.
fn await_policies() -> Result<(), Failed> {
    let canary = Case {
        name: "canary".to_owned(),
        holds: Some("false".to_owned()),
        policy: serde_json::Map::new(),
        binding: serde_json::Map::new(),
        extra: Vec::new(),
        good: Vec::new(),
        bad: vec![json!({"a": "b"})],
        differs: None,
        ours: false,
        both: false,
        mixed: false,
        warns: false,
        silent: false,
    };
    create(&[("canary".to_owned(), stream(&canary.documents()))]);
    let objects: Vec<Value> = canary.objects().into_iter().map(|(.., it)| it).collect();
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        let verdicts = dry_run(&[("canary".to_owned(), stream(&objects))]);
        if verdicts.iter().all(|verdict| verdict.verdict == "refused") {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(500));
    }
    Err("the policies did not come into force".into())
}

fn refused_as_the_server() -> Result<(), Failed> {
    let cases = cases("refused.yaml");
    let mut faults = Vec::new();
    let mut explained = 0;
    for case in &cases {
        let documents = case.documents();
        let verdict = create(&[(case.name.clone(), stream(&documents[..1]))]).remove(0);
        let (_folder, file) = folder(&documents)?;
        let error = load::load_file(&file, None, today()).err();
        let agrees = (verdict.verdict == "refused") == error.is_some();
        explained += usize::from(case.differs.is_some());
        if agrees == case.differs.is_some() || case.differs.is_some() && case.ours != error.is_some() {
            let ours = error.map(|error| error.to_string());
            faults.push(format!(
                "{}: server {} ({}), hardtack {ours:?}",
                case.name, verdict.verdict, verdict.message
            ));
        }
    }
    eprintln!("{} policies that are not taken, {explained} explained differences", cases.len());
    told(faults)
}

fn told(faults: Vec<String>) -> Result<(), Failed> {
    if faults.is_empty() { Ok(()) } else { Err(format!("{}:\n{}", faults.len(), faults.join("\n")).into()) }
}

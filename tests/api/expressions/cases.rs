//! The cases beside this file, and what hardtack says of each.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use hardtack::k8s::{Release, Scope};
use hardtack::load;
use hardtack::plan::Plan;
use hardtack::policy::Date;
use hardtack::yaml::stream::{ParseOptions, parse};
use libtest_mimic::Failed;
use serde::Deserialize;
use serde_json::{Value, json};

/// The namespace that objects without one are judged in.
const NAMESPACE: &str = "dry-run";
/// Cases whose objects are judged.
pub const JUDGED: [&str; 4] = ["language.yaml", "libraries.yaml", "community.yaml", "features.yaml"];

/// One policy and the objects it is tried on.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub name: String,
    /// The only validation.
    pub holds: Option<String>,
    /// Else the whole spec, beside what is added to each.
    #[serde(default)]
    pub policy: serde_json::Map<String, Value>,
    #[serde(default)]
    pub binding: serde_json::Map<String, Value>,
    /// Other documents.
    #[serde(default)]
    pub extra: Vec<Value>,
    #[serde(default)]
    pub good: Vec<Value>,
    #[serde(default)]
    pub bad: Vec<Value>,
    /// Why hardtack and the server differ, where they do.
    pub differs: Option<String>,
    /// Whether hardtack refuses what the server takes.
    #[serde(default)]
    pub ours: bool,
    /// Whether objects on both sides are wanted.
    #[serde(default = "yes")]
    pub both: bool,
    /// Whether which side an object is on is left to the server.
    #[serde(default)]
    pub mixed: bool,
    /// The binding only warns.
    #[serde(default)]
    pub warns: bool,
    /// The binding only writes to the audit log.
    #[serde(default)]
    pub silent: bool,
}

fn yes() -> bool {
    true
}

pub fn cases(file: &str) -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/expressions").join(file);
    let text = fs::read_to_string(path).expect("the file is there");
    serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

impl Case {
    /// The policy and its binding, for objects that carry the case's label.
    pub fn documents(&self) -> Vec<Value> {
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
    pub fn objects(&self) -> Vec<(String, bool, Value)> {
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

pub fn stream(documents: &[Value]) -> Vec<u8> {
    let texts: Vec<String> = documents.iter().map(Value::to_string).collect();
    texts.join("\n---\n").into_bytes()
}

/// A folder with a policy file that reads these documents.
pub fn folder(documents: &[u8]) -> Result<(tempfile::TempDir, PathBuf), Failed> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("all.yaml"), documents)?;
    let file = folder.path().join("hardtack.yaml");
    let text = "apiVersion: hardtack.dev/v1\nkind: Policy\nspec: {admissionPolicies: [all.yaml]}\n";
    fs::write(&file, text)?;
    Ok((folder, file))
}

pub fn today() -> Date {
    Date::from_epoch_seconds(0)
}

/// By policy and object, what hardtack says.
pub type Said = BTreeMap<(String, String), Vec<String>>;

/// What hardtack says of each object, by the policy that says it.
pub fn ours(documents: &[u8], objects: &[Value]) -> Result<Said, Failed> {
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

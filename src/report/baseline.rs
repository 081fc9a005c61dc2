//! Findings of an earlier run: what is known stays a finding, but only what is new stops anyone.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::fingerprint::fingerprint;
use super::json::VERSION;
use crate::error::Error;
use crate::finding::Status;
use crate::harden::Hardened;
use crate::k8s::Identity;
use crate::policy::Policy;

/// The findings of an earlier run that no finding of this one has been matched with yet.
#[derive(Debug, Default)]
pub struct Baseline {
    /// Where it was read from.
    pub name: String,
    left: BTreeMap<String, Vec<Known>>,
}

/// A finding of the earlier run.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Known {
    /// Id of the rule.
    pub rule: String,
    /// The same in every run.
    pub fingerprint: String,
    /// The object it was about.
    pub object: KnownObject,
    status: KnownStatus,
}

/// An object of the earlier run.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct KnownObject {
    api_version: String,
    /// Its kind.
    pub kind: String,
    namespace: Option<String>,
    /// Its name.
    pub name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
enum KnownStatus {
    Fixed,
    Open,
    Exempt,
}

#[derive(Deserialize)]
struct File {
    version: u32,
    findings: Vec<Known>,
}

impl Baseline {
    /// Reads a JSON report.
    ///
    /// # Errors
    /// [`Error::Usage`] when it is none: then nothing is judged at all.
    pub fn read(text: &str, name: &str) -> Result<Self, Error> {
        let help = "a baseline is a JSON report: hardtack check --report json=FILE writes one";
        let file: File = serde_json::from_str(text)
            .map_err(|error| Error::usage(format!("the baseline {name} is no report: {error}"), help))?;
        if file.version != VERSION {
            let version = file.version;
            let what = format!("the baseline {name} is a report of version {version}, not {VERSION}");
            return Err(Error::usage(what, help));
        }
        let mut baseline = Self::named(name);
        // What was allowed then is no excuse once the permission is gone.
        for known in file.findings.into_iter().filter(|known| known.status != KnownStatus::Exempt) {
            baseline.left.entry(known.fingerprint.clone()).or_default().push(known);
        }
        Ok(baseline)
    }

    /// One of that name that knows nothing yet.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), left: BTreeMap::new() }
    }

    /// Takes the findings of another render in.
    pub fn take(&mut self, hardened: &Hardened<'_>) {
        for finding in &hardened.plan.findings {
            let object = &hardened.release.objects[finding.object];
            let status = match finding.status {
                Status::Fixed => KnownStatus::Fixed,
                Status::Open => KnownStatus::Open,
                Status::Exempt => continue,
            };
            let Identity { api_version, kind, namespace, name } = object.id.clone();
            let fingerprint = fingerprint(finding, object);
            let known = Known {
                rule: finding.rule.to_string(),
                fingerprint: fingerprint.clone(),
                object: KnownObject { api_version, kind, namespace, name },
                status,
            };
            self.left.entry(fingerprint).or_default().push(known);
        }
    }

    /// Marks the findings that are known, and lifts their refusals. Of equal fingerprints as many are known as the
    /// earlier run had; what was fixed then and stays open now is new. What `policy` does not look for is forgotten.
    pub fn apply(&mut self, hardened: &mut Hardened<'_>, policy: &Policy) {
        for known in self.left.values_mut() {
            known.retain(|known| known.is_looked_for(policy));
        }
        for (number, finding) in hardened.plan.findings.iter().enumerate() {
            let object = &hardened.release.objects[finding.object];
            let Some(left) = self.left.get_mut(&fingerprint(finding, object)) else { continue };
            let with = |status: KnownStatus| left.iter().position(|known| known.status == status);
            let place = match finding.status {
                Status::Open => with(KnownStatus::Open),
                Status::Fixed | Status::Exempt => {
                    with(KnownStatus::Fixed).or_else(|| with(KnownStatus::Open))
                }
            };
            if let Some(place) = place {
                left.remove(place);
                if finding.status != Status::Exempt {
                    hardened.verdict.known.insert(number);
                }
            }
        }
        let known = &hardened.verdict.known;
        hardened.verdict.refusals.retain(|refusal| !known.contains(&refusal.finding));
    }

    /// What was not found any more, among what this run looked for, by object and rule.
    #[must_use]
    pub fn gone(&self) -> Vec<&Known> {
        let mut gone: Vec<&Known> = self.left.values().flatten().collect();
        gone.sort_by_key(|known| (&known.object.kind, &known.object.name, &known.rule));
        gone
    }

    /// The same on one line, if anything is gone.
    #[must_use]
    pub fn gone_note(&self) -> Option<String> {
        let gone = self.gone();
        let Known { rule, object: KnownObject { kind, name: object, .. }, .. } = *gone.first()?;
        let (count, name) = (gone.len(), &self.name);
        Some(format!(
            "note: {count} of the baseline {name} not found any more, first {rule} of {kind}/{object}: --report \
             json={name} writes it anew\n"
        ))
    }
}

impl Known {
    fn is_looked_for(&self, policy: &Policy) -> bool {
        let KnownObject { api_version, kind, namespace, name } = self.object.clone();
        let object = || Identity { api_version, kind, namespace, name };
        policy.runs(&self.rule) && (policy.select.is_empty() || policy.selects(&object()))
    }
}

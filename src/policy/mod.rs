//! What an environment demands, resolved to plain data: which rules apply where, what fixes may write, what is
//! refused and what is allowed. Reading policy files is `load`'s work.

pub mod allowed;
pub mod condition;
pub mod environment;
pub mod exemption;
pub mod expressed;
mod expressed_match;
pub mod gate;
pub mod mappings;
pub mod matcher;
pub mod own;
mod picks;
pub mod resolve;
pub mod secrets;
pub mod terms;

pub use crate::date::Date;
pub use allowed::exemption_for;
pub use condition::Condition;
pub use environment::Environment;
pub use exemption::Exemption;
pub use expressed::Expressed;
pub use gate::Gate;
pub use mappings::{Identity as RunAs, Probes, Resources};
pub use matcher::Match;
pub use own::{OwnCheck, OwnRule};
pub use resolve::Resolve;
pub use secrets::Secrets;
pub use terms::{Column, FixMode, RuleTerms};

use std::collections::BTreeMap;

use crate::finding::Severity;
use crate::pss;

/// A policy in force.
#[derive(Debug, Clone)]
pub struct Policy {
    /// `metadata.name` of the file, or the environment's name; `none` when nothing was configured.
    pub name: String,
    /// The environment, when one was named or the file extends one.
    pub environment: Option<Environment>,
    /// What it comes from, for the report: a file's path, `functionConfig`. Empty when it is an environment alone, or
    /// nothing was configured.
    pub file: String,
    /// What is worth saying about the files it was read from.
    pub notes: Vec<String>,
    /// Whose severities the rules start from.
    pub severities: Column,
    /// Which fixes are made.
    pub fix: FixMode,
    /// What is refused; `None` when nothing is.
    pub gate: Gate,
    /// What the file says about single rules.
    pub rules: BTreeMap<String, RuleTerms>,
    /// The team's own rules, in the order the files state them.
    pub own: Vec<OwnRule>,
    /// uid, gid and fsGroup for workloads, first match wins.
    pub run_as: Vec<RunAs>,
    /// Probes for containers, first match wins.
    pub probes: Vec<Probes>,
    /// Requests and limits for containers, first match wins.
    pub resources: Vec<Resources>,
    /// What is allowed.
    pub exemptions: Vec<Exemption>,
    /// Rule ids (or `*`) that annotations in the stream may allow; empty forbids annotation exemptions.
    pub annotations: Vec<String>,
    /// Fix templates of non-hook Jobs and naked Pods too.
    pub edit_immutable: bool,
    /// The stream holds all there is, bindings included.
    pub complete: bool,
    /// The Kubernetes minor version that the cluster runs, when it is known.
    pub target: Option<pss::Version>,
    /// The versions of the Pod Security Standards that verdicts are given for: all of them must agree.
    pub pss_versions: pss::Versions,
    /// The rule-set version the fixes are pinned to.
    pub rules_version: u32,
    /// Rule ids to run; empty runs all.
    pub only: Vec<String>,
    /// Rule ids not to run.
    pub skip: Vec<String>,
    /// `KIND/NAME` globs of objects to look at; empty looks at all.
    pub select: Vec<String>,
    /// Definitions of custom resources beside those in the stream.
    pub definitions: crate::schema::custom::Given,
    /// What becomes of Secrets.
    pub secrets: Secrets,
    /// Whether and how references to secrets are resolved.
    pub resolve: Resolve,
    /// The day exemptions are judged on.
    pub today: Date,
}

/// The rule-set version of this build: fixes that came later than a pinned version only report.
pub const RULES_VERSION: u32 = 1;

impl Policy {
    /// What applies with nothing configured: safe fixes, production's severities, nothing refused.
    #[must_use]
    pub fn unconfigured(today: Date) -> Self {
        Self {
            name: "none".to_owned(),
            environment: None,
            file: String::new(),
            notes: Vec::new(),
            severities: Column::Production,
            fix: FixMode::Safe,
            gate: Gate::NEVER,
            rules: BTreeMap::new(),
            own: Vec::new(),
            run_as: Vec::new(),
            probes: Vec::new(),
            resources: Vec::new(),
            exemptions: Vec::new(),
            annotations: Vec::new(),
            edit_immutable: false,
            complete: false,
            target: None,
            pss_versions: pss::Versions::UNNAMED,
            rules_version: RULES_VERSION,
            only: Vec::new(),
            skip: Vec::new(),
            select: Vec::new(),
            definitions: crate::schema::custom::Given::default(),
            secrets: Secrets::default(),
            resolve: Resolve::default(),
            today,
        }
    }

    /// Whether anything was configured.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        self.environment.is_some() || !self.file.is_empty()
    }

    /// What decided, for reports: `hardtack.yaml, environment staging from -e`, or `-e` alone; empty when nothing was
    /// configured.
    #[must_use]
    pub fn decided_by(&self) -> String {
        let Some(Environment { name, chosen_by, .. }) = &self.environment else { return self.file.clone() };
        match self.file.as_str() {
            "" => chosen_by.clone(),
            file => format!("{file}, environment {name} from {chosen_by}"),
        }
    }

    /// The same where it stands alone: `environment staging from -e`.
    #[must_use]
    pub fn whole_name(&self) -> String {
        match &self.environment {
            Some(Environment { name, chosen_by, .. }) if self.file.is_empty() => {
                format!("environment {name} from {chosen_by}")
            }
            _ => self.decided_by(),
        }
    }

    /// How bad a rule's findings are here: the policy's word, else the rule's own for this kind of environment;
    /// `None` is off.
    #[must_use]
    pub fn severity(&self, rule: &str, own: [Option<Severity>; 3]) -> Option<Severity> {
        let word = self.rules.get(rule).and_then(|terms| terms.severity);
        word.unwrap_or(own[self.severities as usize])
    }

    /// Whether the policy consents to the fix of a rule.
    #[must_use]
    pub fn consents(&self, rule: &str) -> bool {
        self.fix == FixMode::Consented && self.rules.get(rule).and_then(|terms| terms.fix) == Some(true)
    }

    /// Whether safe fixes of a rule are made.
    #[must_use]
    pub fn fixes_safely(&self, rule: &str) -> bool {
        self.fix != FixMode::None && self.rules.get(rule).and_then(|terms| terms.fix) != Some(false)
    }

    /// A setting of a rule, as the file says it.
    #[must_use]
    pub fn setting(&self, rule: &str, name: &str) -> Option<&serde_json::Value> {
        self.rules.get(rule)?.settings.get(name)
    }

    /// Whether a rule is to run at all.
    #[must_use]
    pub fn runs(&self, rule: &str) -> bool {
        let named = |list: &[String]| list.iter().any(|id| id == rule);
        (self.only.is_empty() || named(&self.only)) && !named(&self.skip)
    }

    /// Whether an object is to be looked at.
    #[must_use]
    pub fn selects(&self, object: &crate::k8s::Identity) -> bool {
        self.select.is_empty() || {
            let name = object.to_string();
            self.select.iter().any(|pattern| matcher::glob(pattern, &name))
        }
    }
}

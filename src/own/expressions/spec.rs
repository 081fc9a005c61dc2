//! Rules of a policy file that are written in CEL.

use std::sync::Arc;

use serde::Deserialize;

use super::facts::Facts;
use super::judge::{Demand, FailurePolicy, Judge, Named, Terms};
use crate::cel::Val;
use crate::error::Error;
use crate::finding::Draft;
use crate::k8s::{Object, Release, Workload};
use crate::own::{SeverityTerms, Wrong};
use crate::policy::{Expressed, Match, OwnCheck, OwnRule, Policy};
use crate::yaml::{Data, Step};

/// One rule, as written.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ExpressionSpec {
    /// Names the defect.
    pub id: String,
    /// Which objects it is about.
    #[serde(default, rename = "match")]
    pub matches: Match,
    /// Expressions that must hold for the rule to count.
    #[serde(default)]
    pub match_conditions: Vec<Named>,
    /// Parts of expressions, by name.
    #[serde(default)]
    pub variables: Vec<Named>,
    /// What must hold.
    pub expression: String,
    /// What to say when it does not.
    pub message: Option<String>,
    /// An expression for what to say.
    pub message_expression: Option<String>,
    /// How bad it is.
    pub severity: Option<SeverityTerms>,
    /// What to do about it.
    #[serde(default)]
    pub help: String,
    /// A word for machines.
    pub reason: Option<String>,
    /// What becomes of objects that an expression fails on.
    #[serde(default)]
    pub failure_policy: FailurePolicy,
    /// What `params` is.
    pub params: Option<Data>,
}

#[derive(Debug)]
struct Check {
    matches: Match,
    judge: Judge,
    params: Option<Data>,
}

impl ExpressionSpec {
    /// The rule that runs. `origin` says where it is written.
    ///
    /// # Errors
    /// What is wrong with an expression, and under which key of the entry.
    pub fn rule(self, origin: String) -> Result<OwnRule, Wrong> {
        let severity = SeverityTerms::columns(self.severity.as_ref());
        let severity = severity.map_err(|message| Wrong::at("severity", message, "severity: high"))?;
        let summary = self.message.clone().unwrap_or_else(|| self.expression.trim().to_owned());
        let demand = Demand {
            expression: self.expression,
            message: self.message,
            message_expression: self.message_expression,
            reason: self.reason,
        };
        let terms = Terms {
            conditions: self.match_conditions,
            variables: self.variables,
            demands: vec![demand],
            failure_policy: self.failure_policy,
            has_params: self.params.is_some(),
        };
        let judge = Judge::new(terms, self.help.clone()).map_err(in_entry)?;
        let check = Arc::new(Check { matches: self.matches, judge, params: self.params });
        Ok(OwnRule { id: self.id, severity, summary, help: self.help, origin, check })
    }
}

/// An entry has one demand, whose keys are the entry's own.
fn in_entry(wrong: Wrong) -> Wrong {
    let steps = wrong.route.steps();
    let is_demand = matches!(steps.first(), Some(Step::Key(key)) if key == "validations");
    Wrong { route: steps.iter().skip(if is_demand { 2 } else { 0 }).cloned().collect(), ..wrong }
}

impl OwnCheck for Check {
    fn check<'a>(
        &self,
        _: &Policy,
        release: &'a Release<'a>,
        say: &mut dyn FnMut(Draft<'a>),
    ) -> Result<(), Error> {
        for object in release.objects.iter().filter(|object| is_meant(&self.matches, release, object)) {
            let params = self.params.as_ref().map_or(Val::Null, Val::data);
            self.judge.judge(object, Facts::of(release, object), vec![params], say);
        }
        Ok(())
    }

    fn expressed(&self) -> Result<Expressed, String> {
        if self.params.is_some() {
            return Err("it has params, which a cluster keeps in objects of their own".to_owned());
        }
        Ok(self.judge.expressed(self.matches.expressed()?))
    }
}

/// Whether a match means the object, by itself or by one of its containers.
fn is_meant(matches: &Match, release: &Release<'_>, object: &Object<'_>) -> bool {
    let workloads = release.workloads_of(object);
    let whole = matches.object(object, None) || workloads.iter().any(|it| matches.object(object, Some(it)));
    let contained = |workload: &Workload<'_>| workload.containers().any(|it| matches.container(object, &it));
    whole && (!matches.is_about_containers() || workloads.iter().any(contained))
}

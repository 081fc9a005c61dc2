//! Takes what rules say, lets the policy have its word, and remembers what the accepted fixes will write.

use std::cell::OnceCell;
use std::rc::Rc;

use foldhash::HashMap;

use super::{FixKind, Rule};
use crate::embedded::{self, Entry};
use crate::finding::{Draft, Finding, Place, RuleId, Safety, Severity, Status};
use crate::k8s::{Access, Release, Workload};
use crate::policy::{OwnRule, Policy, exemption_for};
use crate::secrets::find::{Finder, Suspect};
use crate::yaml::{Data, Edit, Op, Route};

/// The collector that every check writes to.
#[derive(Debug)]
pub struct Findings<'p> {
    policy: &'p Policy,
    release: &'p Release<'p>,
    rule: Speaker<'p>,
    workload: Option<&'p Workload<'p>>,
    list: Vec<Finding>,
    notes: Vec<(usize, String)>,
    planned: HashMap<(usize, Route), (Op, RuleId)>,
    finder: OnceCell<Finder<'p>>,
    /// What the finder says of the object of that number.
    suspects: Option<(usize, Rc<[Suspect<'p>]>)>,
    /// The keys of the ConfigMap or Secret of that number.
    entries: Option<(usize, Rc<[Entry<'p>]>)>,
}

/// Which rule speaks.
#[derive(Debug, Clone, Copy)]
enum Speaker<'p> {
    Table(&'static Rule),
    Own(&'p OwnRule),
}

impl Speaker<'_> {
    fn id(&self) -> &str {
        match self {
            Self::Table(rule) => rule.id,
            Self::Own(rule) => &rule.id,
        }
    }

    /// The id to keep.
    fn name(self) -> RuleId {
        match self {
            Self::Table(rule) => rule.id.into(),
            Self::Own(rule) => rule.id.clone().into(),
        }
    }

    fn severity(&self) -> [Option<Severity>; 3] {
        match self {
            Self::Table(rule) => rule.severity,
            Self::Own(rule) => rule.severity,
        }
    }

    fn fix(&self) -> FixKind {
        match self {
            Self::Table(rule) => rule.fix,
            Self::Own(_) => FixKind::No,
        }
    }

    /// The rule-set version its fix came with.
    fn since(&self) -> u32 {
        match self {
            Self::Table(rule) => rule.since,
            Self::Own(_) => 0,
        }
    }
}

impl<'p> Findings<'p> {
    /// An empty collector that starts with `rule`.
    #[must_use]
    pub fn new(policy: &'p Policy, release: &'p Release<'p>, rule: &'static Rule) -> Self {
        Self {
            policy,
            release,
            rule: Speaker::Table(rule),
            workload: None,
            list: Vec::new(),
            notes: Vec::new(),
            planned: HashMap::default(),
            finder: OnceCell::new(),
            suspects: None,
            entries: None,
        }
    }

    /// Says which rule speaks from now on, and about which pod template, if any.
    pub fn turn_to(&mut self, rule: &'static Rule, workload: Option<&'p Workload<'p>>) {
        self.rule = Speaker::Table(rule);
        self.workload = workload;
    }

    /// Says that a rule of the team's own speaks from now on.
    pub fn turn_to_own(&mut self, rule: &'p OwnRule) {
        self.rule = Speaker::Own(rule);
        self.workload = None;
    }

    /// Remarks what is no finding, about an object.
    pub fn note(&mut self, object: usize, words: String) {
        self.notes.push((object, words));
    }

    /// What was found, and the remarks with the numbers of their objects, in the order they were said.
    #[must_use]
    pub fn finish(self) -> (Vec<Finding>, Vec<(usize, String)>) {
        (self.list, self.notes)
    }

    /// What was found so far, in the order it was said.
    #[must_use]
    pub fn so_far(&self) -> &[Finding] {
        &self.list
    }

    /// The policy in force.
    #[must_use]
    pub fn policy(&self) -> &'p Policy {
        self.policy
    }

    /// A setting of the rule that speaks, as the policy file says it.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<&'p Data> {
        self.policy.setting(self.rule.id(), name)
    }

    /// Credentials in plain text in an object. Several rules ask for those of one object in turn: it is walked once.
    pub fn suspects(&mut self, object: usize) -> Rc<[Suspect<'p>]> {
        match &self.suspects {
            Some((known, suspects)) if *known == object => Rc::clone(suspects),
            _ => {
                let finder = self.finder.get_or_init(|| Finder::new(self.release));
                let suspects: Rc<[Suspect<'p>]> = finder.in_object(&self.release.objects[object]).into();
                self.suspects = Some((object, Rc::clone(&suspects)));
                suspects
            }
        }
    }

    /// The keys of a ConfigMap or Secret. Several rules ask for those of one object in turn: base64 is undone once.
    pub fn entries(&mut self, object: usize) -> Rc<[Entry<'p>]> {
        match &self.entries {
            Some((known, entries)) if *known == object => Rc::clone(entries),
            _ => {
                let entries: Rc<[Entry<'p>]> = embedded::entries(&self.release.objects[object]).into();
                self.entries = Some((object, Rc::clone(&entries)));
                entries
            }
        }
    }

    /// Whether the rule that speaks is off, so that nothing it says is heard.
    #[must_use]
    pub fn is_off(&self) -> bool {
        let id = self.rule.id();
        self.policy.severity(id, self.rule.severity()).is_none() && !self.policy.consents(id)
    }

    /// What an accepted fix writes at a route of the document of object number `object`.
    #[must_use]
    pub fn planned(&self, object: usize, route: &Route) -> Option<&Op> {
        let document = self.release.objects[object].document;
        self.planned.get(&(document, route.clone())).map(|(op, _)| op)
    }

    /// The text an accepted fix sets at a place, or else the value that stands there.
    #[must_use]
    pub fn will_be(&self, place: &Place<'_>) -> Option<Data> {
        match self.planned(place.object, &place.route) {
            Some(Op::Set(data)) => Some(data.clone()),
            Some(Op::Remove) => None,
            Some(Op::Append(_)) | None => {
                let object = &self.release.objects[place.object];
                let relative = place.route.steps()[object.route.steps().len()..].iter().cloned().collect();
                object.value.at(&relative).filter(|value| !value.is_null()).map(crate::yaml::Value::to_data)
            }
        }
    }

    /// Check and fix in one sentence: unless the value at `place` is (or will be) `data`, says `message` and offers the
    /// safe fix of writing it.
    pub fn want(&mut self, place: Place<'_>, data: impl Into<Data>, message: &str) {
        let data = data.into();
        if self.will_be(&place).as_ref() != Some(&data) {
            let edit = super::set(place.route.clone(), data);
            self.add(place.wrong(message).safe([edit]));
        }
    }

    /// Files a draft.
    pub fn add(&mut self, draft: Draft<'_>) {
        let object = &self.release.objects[draft.place.object];
        let Some(severity) = self.severity_of(&draft) else { return };
        if !self.policy.selects(&object.id) {
            return;
        }
        let place = draft.place;
        let mut finding = Finding {
            rule: self.rule.name(),
            severity,
            status: Status::Open,
            object: place.object,
            line: draft.line.unwrap_or_else(|| object.line_of(place.near)),
            container: place.container,
            route: place.route,
            message: draft.message,
            help: draft.help,
            edits: Vec::new(),
            additions: Vec::new(),
            done: None,
            reason: None,
        };
        let exemption = exemption_for(self.policy, object, self.workload, &finding);
        let allowed = exemption.as_ref().is_some_and(|exemption| !exemption.expired);
        let mut fix = draft.fix.filter(|_| exemption.is_none());
        if allowed {
            finding.status = Status::Exempt;
            finding.reason = exemption.map(|exemption| exemption.reason);
        } else if let Some(exemption) = exemption {
            finding.help = exemption.reason;
        }
        if let Some(why) = fix.as_ref().and_then(|(safety, _)| self.withheld(*safety)) {
            if finding.help.is_empty() || self.is_immutable() {
                finding.help = why;
            }
            fix = None;
        }
        if let Some((_, edits)) = fix {
            self.accept(&mut finding, edits, draft.additions, object.document);
        }
        self.list.push(finding);
    }

    fn severity_of(&self, draft: &Draft<'_>) -> Option<Severity> {
        let mut severity = self.policy.severity(self.rule.id(), self.rule.severity());
        let named = self.policy.rules.get(self.rule.id()).is_some_and(|terms| terms.severity.is_some());
        if let (Some(cap), false) = (draft.cap, named) {
            severity = severity.map(|own| own.min(cap));
        }
        let fixes = draft.fix.as_ref().is_some_and(|(safety, _)| self.withheld(*safety).is_none());
        // A rule that is off may still fix when the policy asks for its fix by name.
        severity.or_else(|| (fixes && self.policy.consents(self.rule.id())).then_some(Severity::Low))
    }

    /// Why a fix is not made, if it is not.
    fn withheld(&self, safety: Safety) -> Option<String> {
        let id = self.rule.id();
        if self.rule.fix() == FixKind::No {
            return Some(String::new());
        }
        if let Some(workload) = self.workload {
            if workload.windows {
                return Some("no fixes on Windows pods".to_owned());
            }
            if self.is_immutable() {
                let kind = &self.release.object_of(workload).id.kind;
                let why = "the template of an existing object cannot change";
                return Some(format!(
                    "not fixed: {why} ({kind}); immutable: edit in the policy fixes it all the same"
                ));
            }
            if matches!(workload.access, Access::Foreign | Access::Part) {
                return Some("not fixed: the controller of this kind owns the template".to_owned());
            }
        }
        if self.rule.since() > self.policy.rules_version {
            return Some(format!("newer than rulesVersion {}: only reported", self.policy.rules_version));
        }
        match safety {
            Safety::Safe if self.policy.fixes_safely(id) => None,
            Safety::Safe => Some(String::new()),
            Safety::Consent if self.policy.consents(id) => None,
            Safety::Consent => Some(format!("rules: {{{id}: {{fix: true}}}} in a policy fixes it")),
        }
    }

    fn is_immutable(&self) -> bool {
        let frozen = self.workload.is_some_and(|workload| workload.access == Access::Frozen);
        frozen && !self.policy.edit_immutable
    }

    fn accept(
        &mut self,
        finding: &mut Finding,
        edits: Vec<Edit>,
        additions: Vec<crate::finding::Addition>,
        document: usize,
    ) {
        let clash = edits.iter().find_map(|edit| {
            let (op, rule) = self.planned.get(&(document, edit.route.clone()))?;
            let agrees = *op == edit.op || matches!((op, &edit.op), (Op::Append(_), Op::Append(_)));
            (!agrees).then(|| format!("conflict: {rule} wants something else at {}", edit.route))
        });
        if let Some(clash) = clash {
            finding.help = clash;
            return;
        }
        for edit in &edits {
            self.planned.insert((document, edit.route.clone()), (edit.op.clone(), self.rule.name()));
        }
        finding.status = Status::Fixed;
        finding.edits = edits;
        finding.additions = additions;
    }
}

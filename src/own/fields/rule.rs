//! A rule on fields, ready to run.

use std::sync::Arc;

use serde_json::Map;

use super::demand::{Demand, Required};
use super::look::{Seen, Spot, Unit};
use super::shown::{is_secret_name, shown};
use super::spec::FieldSpec;
use super::target::Target;
use crate::error::Error;
use crate::finding::Draft;
use crate::k8s::{Part, Release};
use crate::own::{SeverityTerms, Texts, Wrong};
use crate::policy::{Expressed, Match, OwnCheck, OwnRule, Policy};
use crate::template::{Facts, HIDDEN};
use crate::yaml::Data;

/// Variables of the templates beside those of every object.
const VARIABLES: [&str; 14] = [
    "rule",
    "field",
    "value",
    "problem",
    "file",
    "line",
    "min",
    "max",
    "minLength",
    "maxLength",
    "pattern",
    "equals",
    "oneOf",
    "forbidden",
];

/// The check.
#[derive(Debug)]
pub(super) struct FieldRule {
    id: String,
    pub(super) matches: Match,
    pub(super) target: Target,
    pub(super) demand: Demand,
    message: Texts,
    help: Texts,
}

impl FieldSpec {
    /// The rule that runs. `origin` says where it is written.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn compile(mut self, origin: String) -> Result<OwnRule, Wrong> {
        let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.id.is_empty() || !self.id.chars().all(word) {
            let what = format!("the id {:?} is no word of small letters, digits and dashes", self.id);
            return Err(Wrong::at("id", what, "name the defect: jwt-secret-too-short"));
        }
        let target = Target::take(&mut self)?;
        let demand = Demand::take(&mut self)?;
        let severity = SeverityTerms::columns(self.severity.as_ref()).map_err(|what| {
            Wrong::at("severity", what, "or {development: low, staging: high, production: critical}")
        })?;
        let message = Texts::new(self.message, "message", &VARIABLES)?;
        let help = Texts::new(self.help, "help", &VARIABLES)?;
        let summary = format!("{}: {}", target.words(), demand.summary());
        let help_written = help.written().to_owned();
        let rule = FieldRule { id: self.id.clone(), matches: self.matches, target, demand, message, help };
        Ok(OwnRule { id: self.id, severity, summary, help: help_written, origin, check: Arc::new(rule) })
    }
}

impl OwnCheck for FieldRule {
    fn check<'a>(
        &self,
        policy: &Policy,
        release: &'a Release<'a>,
        say: &mut dyn FnMut(Draft<'a>),
    ) -> Result<(), Error> {
        let each = self.demand.required == Required::Each;
        for unit in self.target.units(release, &self.matches, each) {
            let mut speaker = Speaker { rule: self, policy, release, part: unit.part, say: &mut *say };
            match self.demand.required {
                Required::Any => self.any(unit, &mut speaker),
                _ => self.all(unit, &mut speaker),
            }
        }
        Ok(())
    }

    fn expressed(&self) -> Result<Expressed, String> {
        self.to_expressions(&format!("{}: {}", self.target.words(), self.demand.summary()))
    }
}

impl FieldRule {
    fn any<'a>(&self, unit: Unit<'a>, speaker: &mut Speaker<'_, 'a, '_>) {
        let is_set = |spot: &Spot<'_>| match &spot.seen {
            Seen::Missing => false,
            Seen::Value(value) => !value.is_null() && value.as_str() != Some(""),
            Seen::Untold | Seen::Unreadable(_) | Seen::Bytes(_) => true,
        };
        let names: Vec<String> = unit.named.iter().map(|(name, _)| name.clone()).collect();
        let set: Vec<Spot<'a>> =
            unit.named.into_iter().flat_map(|(_, spots)| spots).filter(|spot| is_set(spot)).collect();
        if set.is_empty() && !unit.open {
            let list = names.join(", ");
            let problem = match names.len() {
                1 => format!("is set in none of {}", unit.looked_at.join(", ")),
                _ => "are all missing".to_owned(),
            };
            let spot = Spot { place: unit.home, name: list, seen: Seen::Missing, secret: true, file: None };
            return speaker.say(spot, &problem);
        }
        set.into_iter().for_each(|spot| self.judge(spot, speaker));
    }

    fn all<'a>(&self, unit: Unit<'a>, speaker: &mut Speaker<'_, 'a, '_>) {
        let required = self.demand.refuses_empty();
        for (name, spots) in unit.named {
            if spots.is_empty() && required && !unit.open {
                let place = unit.home.clone();
                let bare = name.strip_prefix("env ").unwrap_or(&name);
                let is_key =
                    matches!(self.target, Target::Keys(_) | Target::Files(..)) && !bare.contains('*');
                let place = if is_key { place.key(bare.to_owned()) } else { place };
                let problem = match &unit.looked_at[..] {
                    [_] => "is missing".to_owned(),
                    objects => format!("is in none of {}", objects.join(", ")),
                };
                speaker.say(Spot { place, name, seen: Seen::Missing, secret: true, file: None }, &problem);
                continue;
            }
            spots.into_iter().for_each(|spot| self.judge(spot, speaker));
        }
    }

    fn judge<'a>(&self, spot: Spot<'a>, speaker: &mut Speaker<'_, 'a, '_>) {
        let problems = match &spot.seen {
            Seen::Untold => Vec::new(),
            Seen::Missing | Seen::Value(Data::Null) if !self.demand.refuses_empty() => Vec::new(),
            Seen::Missing | Seen::Value(Data::Null) => vec!["is missing".to_owned()],
            Seen::Unreadable(why) => vec![why.clone()],
            Seen::Bytes(_) | Seen::Value(_) if self.demand.required == Required::Never => {
                vec!["must not be there".to_owned()]
            }
            Seen::Bytes(length) => self.demand.problems_of_bytes(*length),
            Seen::Value(value) => self.demand.problems(value, &|value| spot.shown(value)),
        };
        if !problems.is_empty() {
            speaker.say(spot, &problems.join(" and "));
        }
    }
}

impl Spot<'_> {
    fn shown(&self, value: &Data) -> Option<String> {
        if self.secret || is_secret_name(&self.name) {
            return None;
        }
        // The list `env` is free text, but here the variable's own name is known.
        let own = self.name.strip_prefix("env ");
        let route = if own.is_some() { Default::default() } else { self.place.route.clone() };
        shown(value, &self.name, &route)
    }
}

/// Turns what is wrong into findings with the rule's texts.
struct Speaker<'s, 'a, 'f> {
    rule: &'s FieldRule,
    policy: &'s Policy,
    release: &'a Release<'a>,
    part: Option<&'a Part<'a>>,
    say: &'f mut dyn FnMut(Draft<'a>),
}

impl<'a> Speaker<'_, 'a, '_> {
    fn say(&mut self, spot: Spot<'a>, problem: &str) {
        let problem = format!("{} {problem}", spot.name);
        let column = self.policy.severities;
        let facts = || self.facts(&spot, &problem);
        let (message, mut help) = match self.rule.message.of(column).map(|text| text.render(&facts)) {
            None => (problem.clone(), String::new()),
            Some(Ok(message)) => (message.into_owned(), String::new()),
            Some(Err(why)) => (problem.clone(), format!("the rule's message could not be filled: {why}")),
        };
        match self.rule.help.of(column).map(|text| text.render(&facts)) {
            Some(Ok(words)) => help = words.into_owned(),
            Some(Err(why)) => help = format!("the rule's help could not be filled: {why}"),
            None => {}
        }
        let message = match &spot.file {
            Some((file, line, _)) => format!("{file} line {line}: {message}"),
            None => message,
        };
        let line = spot.file.as_ref().and_then(|(_, _, line)| *line);
        let draft = spot.place.wrong(message).help(help);
        (self.say)(match line {
            Some(line) => draft.on_line(line),
            None => draft,
        });
    }

    fn facts(&self, spot: &Spot<'a>, problem: &str) -> Data {
        let value = match &spot.seen {
            Seen::Value(value) => spot.shown(value),
            _ => None,
        };
        let mut own: Map<String, Data> = self.rule.demand.facts();
        let (file, line) =
            spot.file.as_ref().map_or(("", Data::from("")), |(file, line, _)| (file, (*line).into()));
        for (name, fact) in [
            ("rule", Data::from(self.rule.id.as_str())),
            ("field", Data::from(spot.name.as_str())),
            ("value", Data::from(value.as_deref().unwrap_or(HIDDEN).trim_matches('"'))),
            ("problem", Data::from(problem)),
            ("file", Data::from(file)),
            ("line", line),
        ] {
            own.insert(name.to_owned(), fact);
        }
        let object = &self.release.objects[spot.place.object];
        let workloads = self.release.workloads_of(object).iter();
        let named = || {
            let mut parts = workloads.flat_map(|workload| &workload.parts);
            parts.find(|part| spot.place.route.starts_with(&part.route))
        };
        let part = self.part.or_else(named);
        let environment =
            self.policy.environment.as_ref().map_or("", |environment| environment.name.as_str());
        Facts { release: self.release, object, part, environment }.data(own)
    }
}

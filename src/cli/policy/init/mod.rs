//! `policy init`: looks at a release and writes a policy file that it passes today.

mod suggestions;
mod text;

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::Path;

use super::args::Init;
use crate::cli::args::Inputs;
use crate::cli::config::Config;
use crate::cli::exit::Exit;
use crate::cli::files;
use crate::cli::output::{to_stderr, to_stdout};
use crate::error::Error;
use crate::finding::Finding;
use crate::harden::{Hardened, harden};
use crate::load::{self, Source};
use crate::policy::exemption::UNASSIGNED;
use crate::policy::{Date, Policy};
use crate::wire::{self, input};
use crate::yaml::{Data, Stream};
use suggestions::Suggestions;

/// How long what stands today is allowed.
const DAYS: u32 = 90;
/// An exemption also holds the fix back, which may show what the fix hid: then that is looked at again.
const ROUNDS: usize = 4;

/// What the file will say.
struct Draft {
    name: String,
    environment: String,
    kube_version: Option<String>,
    today: Date,
    until: Date,
    allowed: Vec<Allowed>,
    suggestions: Suggestions,
    objects: usize,
}

/// One exemption: rules of one object, or of one of its containers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Allowed {
    kind: String,
    name: String,
    namespace: Option<String>,
    container: Option<String>,
    rules: Vec<String>,
}

/// Writes the file, or prints it.
///
/// # Errors
/// Everything of [`Error`]; nothing is written then.
pub fn run(config: &Config, wanted: &Init) -> Result<Exit, Error> {
    if let Some(path) = wanted.output.as_deref().filter(|path| path.exists() && !wanted.force) {
        let message = format!("{} is there already", path.display());
        return Err(Error::usage(message, "another name, or --force to overwrite it"));
    }
    let streams = streams(config, wanted)?;
    let environment = config.common.environment.clone().unwrap_or_else(|| "production".to_owned());
    let mut policy = load::load_environment(&environment, config.today)?;
    let mut draft = Draft {
        name: name(config, &streams),
        environment,
        kube_version: config.common.kube_version.clone(),
        today: config.today,
        until: config.today.plus_days(DAYS),
        allowed: Vec::new(),
        suggestions: Suggestions::default(),
        objects: 0,
    };
    look(config, &streams, &policy, &mut draft)?;
    let mut text = text::file(&draft);
    for _ in 0..ROUNDS {
        let source = Source::new("the new policy", "");
        policy = load::load(load::from_text(&text, &source.name)?, &source, None, config.today)?;
        let more = refused(config, &streams, &policy)?;
        if more.is_empty() {
            return write(wanted.output.as_deref(), &draft, &text);
        }
        draft.allowed = gathered(draft.allowed.into_iter().chain(more));
        text = text::file(&draft);
    }
    let help = "please report it with the release; --gate never lets it pass for now";
    Err(Error::usage("this release is refused whatever is allowed", help))
}

/// The release; nothing when standard input is a terminal and no file is named.
fn streams(config: &Config, wanted: &Init) -> Result<Vec<Stream>, Error> {
    if wanted.renders.is_empty() && std::io::stdin().is_terminal() {
        return Ok(Vec::new());
    }
    let inputs = Inputs { paths: wanted.renders.clone(), ..Inputs::default() };
    files::inputs(config, &inputs)?.into_iter().map(input::parse).collect()
}

/// The release's name, or the chart's, or that of the working folder.
fn name(config: &Config, streams: &[Stream]) -> String {
    let template = |stream: &Stream| {
        let mut bodies = stream.documents.iter().map(|document| stream.body(document));
        bodies.find_map(|body| crate::k8s::template::from_comment(body).map(str::to_owned))
    };
    let chart = || streams.iter().find_map(template)?.split_once('/').map(|(chart, _)| chart.to_owned());
    let folder = || Some(std::env::current_dir().ok()?.file_name()?.to_str()?.to_owned());
    config.common.release.clone().or_else(chart).or_else(folder).unwrap_or_else(|| "team".to_owned())
}

fn look(config: &Config, streams: &[Stream], policy: &Policy, draft: &mut Draft) -> Result<(), Error> {
    for stream in streams {
        let hardened = harden(stream, policy, config.scope(policy))?;
        draft.objects += hardened.release.objects.len();
        draft.suggestions.gather(&hardened);
    }
    draft.allowed = gathered(refused(config, streams, policy)?.into_iter());
    Ok(())
}

/// What the gate refuses, by object and container.
fn refused(config: &Config, streams: &[Stream], policy: &Policy) -> Result<Vec<Allowed>, Error> {
    let mut all = Vec::new();
    for stream in streams {
        let hardened = harden(stream, policy, config.scope(policy))?;
        let refusals =
            hardened.verdict.refusals.iter().map(|refusal| &hardened.plan.findings[refusal.finding]);
        all.extend(refusals.map(|finding| allowed(&hardened, finding)));
        if let Some(label) = wire::labels::environments(stream).first() {
            to_stderr(&format!(
                "note: the label of Namespace/{} may raise the environment to {}\n",
                label.namespace, label.environment
            ));
        }
    }
    Ok(all)
}

fn allowed(hardened: &Hardened<'_>, finding: &Finding) -> Allowed {
    let id = &hardened.release.objects[finding.object].id;
    // Where another container of the object is well, or mended, it stays so.
    let same = |other: &&Finding| other.object == finding.object && other.rule == finding.rule;
    let open: Vec<&Finding> = hardened.plan.findings.iter().filter(same).collect();
    let workload = hardened.release.workloads.iter().find(|it| it.object == finding.object);
    let containers = workload.map_or(0, |workload| workload.parts.len());
    let narrow = finding.container.is_some() && open.len() < containers
        || open.iter().any(|other| other.status != finding.status);
    Allowed {
        kind: id.kind.clone(),
        name: id.name.clone(),
        namespace: id.namespace.clone(),
        container: finding.container.clone().filter(|_| narrow),
        rules: vec![finding.rule.to_string()],
    }
}

/// One entry for each object and container, each rule once.
fn gathered(all: impl Iterator<Item = Allowed>) -> Vec<Allowed> {
    let mut by_place: BTreeMap<Allowed, Vec<String>> = BTreeMap::new();
    for mut allowed in all {
        let rules = std::mem::take(&mut allowed.rules);
        let known = by_place.entry(allowed).or_default();
        known.extend(rules);
        known.sort();
        known.dedup();
    }
    by_place.into_iter().map(|(place, rules)| Allowed { rules, ..place }).collect()
}

impl Allowed {
    fn data(&self, draft: &Draft) -> Data {
        let mut matches = serde_json::Map::new();
        let words =
            [("kind", Some(&self.kind)), ("name", Some(&self.name)), ("namespace", self.namespace.as_ref())];
        for (key, word) in words.into_iter().chain([("container", self.container.as_ref())]) {
            if let Some(word) = word.filter(|word| !word.is_empty()) {
                matches.insert(key.to_owned(), Data::String(word.clone()));
            }
        }
        let allow = match &self.rules[..] {
            [one] => Data::String(one.clone()),
            many => Data::from(many.to_vec()),
        };
        serde_json::json!({
            "allow": allow,
            "match": matches,
            "reason": format!("present when hardtack was adopted on {}; review", draft.today),
            "owner": UNASSIGNED,
            "until": draft.until.to_string(),
        })
    }
}

fn write(path: Option<&Path>, draft: &Draft, text: &str) -> Result<Exit, Error> {
    let target = path.map_or_else(|| "standard output".to_owned(), |path| path.display().to_string());
    match path {
        None => to_stdout(text.as_bytes())?,
        Some(path) => std::fs::write(path, text).map_err(|error| Error::Io {
            action: "write the policy",
            path: path.display().to_string(),
            error,
        })?,
    }
    let plural = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let exempt = match draft.allowed.len() {
        0 => "nothing had to be exempted".to_owned(),
        count => {
            format!("{} until {}: give each an owner, or mend it", plural(count, "exemption"), draft.until)
        }
    };
    let looked = match draft.objects {
        0 => "no release was looked at".to_owned(),
        count => format!("{} pass {} with it", plural(count, "object"), draft.environment),
    };
    to_stderr(&format!("{target}: {looked}; {exempt}\nnext: hardtack policy lint; hardtack diff RENDER\n"));
    Ok(Exit::Written)
}

//! Runs one Rego rule over a release.

use regorus::Value as Rego;

use super::conventions::Message;
use super::library::Rule;
use super::{Library, limits};
use crate::embedded::{Content, entries};
use crate::error::Error;
use crate::finding::Draft;
use crate::k8s::{Object, Release};
use crate::policy::{Match, OwnCheck, Policy};
use crate::yaml::Data;

/// A rule of a library, and what it is asked about.
#[derive(Debug)]
pub(super) struct RegoCheck {
    pub(super) library: Library,
    pub(super) rule: Rule,
    pub(super) matches: Match,
    /// All objects are one input, as `conftest --combine` has it.
    pub(super) combine: bool,
    pub(super) help: String,
}

/// Texts shorter than this are no secrets that a message could give away.
const SHORTEST: usize = 4;

impl OwnCheck for RegoCheck {
    fn check<'a>(
        &self,
        _: &Policy,
        release: &'a Release<'a>,
        say: &mut dyn FnMut(Draft<'a>),
    ) -> Result<(), Error> {
        let objects: Vec<&Object<'a>> = release.objects.iter().filter(|it| self.means(release, it)).collect();
        if objects.is_empty() {
            return Ok(());
        }
        let inputs = if self.combine {
            vec![combined(&objects)]
        } else {
            objects.iter().map(|it| it.value.to_data()).collect()
        };
        let answers = self.ask(inputs)?;
        let hidden: Vec<String> = objects.iter().flat_map(|object| secrets(object)).collect();
        for (messages, object) in answers.into_iter().zip(objects) {
            for message in messages {
                let help = message.help.unwrap_or_else(|| self.help.clone());
                say(object.at("").wrong(masked(message.text, &hidden)).help(masked(help, &hidden)));
            }
        }
        Ok(())
    }
}

impl RegoCheck {
    fn means(&self, release: &Release<'_>, object: &Object<'_>) -> bool {
        let workload = || release.workloads.iter().find(|workload| workload.object == object.number);
        let workload = if self.matches.labels.is_empty() { None } else { workload() };
        self.matches.object(object, workload)
    }

    /// The messages for each input, in order.
    fn ask(&self, inputs: Vec<Data>) -> Result<Vec<Vec<Message>>, Error> {
        let (mut library, rule) = (self.library.clone(), self.rule.clone());
        let answers = limits::watched(move || {
            let ask = |input: Data| {
                let input = Rego::from_json_str(&input.to_string()).map_err(|error| error.to_string())?;
                library.ask(&rule, &input)
            };
            inputs.into_iter().map(ask).collect::<Result<Vec<_>, String>>()
        });
        let wrong = |message: String| Error::Policy {
            message,
            help: "a policy that gives no verdict refuses: mend the rule, or --skip it".to_owned(),
        };
        let name = format!("rego {}: {}", self.rule.file, self.rule.name);
        answers
            .map_err(|limit| wrong(format!("{name} {limit}")))?
            .map_err(|error| wrong(format!("rego {error}")))
    }
}

/// `[{path, contents}, …]`.
fn combined(objects: &[&Object<'_>]) -> Data {
    let path = |object: &Object<'_>| object.template.as_deref().unwrap_or("-").to_owned();
    let one =
        |object: &&Object<'_>| serde_json::json!({"path": path(object), "contents": object.value.to_data()});
    Data::Array(objects.iter().map(one).collect())
}

/// The values of a Secret, as written and with base64 undone.
fn secrets(object: &Object<'_>) -> Vec<String> {
    if !object.is("", "Secret") {
        return Vec::new();
    }
    let texts = entries(object).into_iter().flat_map(|entry| {
        let plain = match &entry.content {
            Content::Text(text) => Some(text.clone().into_owned()),
            _ => None,
        };
        [plain, entry.value.scalar().map(|scalar| scalar.into_key().into_owned())]
    });
    let mut texts: Vec<String> = texts.flatten().filter(|text| text.len() >= SHORTEST).collect();
    texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
    texts
}

fn masked(message: String, hidden: &[String]) -> String {
    hidden.iter().fold(message, |message, secret| message.replace(secret, "***"))
}

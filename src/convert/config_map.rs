//! A key of a ConfigMap that is a credential as a whole moves into a Secret, and everything that reads it follows.

use std::collections::BTreeSet;

use super::follow;
use super::fresh::{self, Fresh, Taken};
use super::work::Work;
use crate::error::Error;
use crate::finding::Status;
use crate::k8s::Access;
use crate::secrets::Plain;
use crate::yaml::{Edit, Op, Step, Value};

/// The rule whose findings are moved.
const IN_CONFIG_MAP: &str = "secret-in-config-map";

/// Moves what the policy consents to.
pub(super) fn run(work: &mut Work<'_, '_>, fresh: &mut Fresh) -> Result<(), Error> {
    if !work.policy.consents(IN_CONFIG_MAP) {
        return Ok(());
    }
    let open = work.plan.findings.iter().filter(|it| it.rule == IN_CONFIG_MAP && it.status == Status::Open);
    let found: BTreeSet<(usize, Option<String>)> = open
        .map(|it| (it.object, key_of(it.route.steps(), work.release.objects[it.object].route.steps().len())))
        .collect();
    for (object, key) in found {
        let outcome = match &key {
            Some(key) => one(work, fresh, object, key),
            None => Ok(Err("only keys of data move".to_owned())),
        };
        let outcome = outcome?;
        let depth = work.release.objects[object].route.steps().len();
        let about = work.plan.findings.iter_mut().filter(|it| {
            it.rule == IN_CONFIG_MAP
                && it.object == object
                && it.status == Status::Open
                && key_of(it.route.steps(), depth) == key
        });
        for finding in about {
            match &outcome {
                Ok(words) => {
                    finding.status = Status::Fixed;
                    finding.done = Some(words.clone());
                }
                Err(why) => finding.help = format!("not moved: {why}"),
            }
        }
    }
    Ok(())
}

/// The key of `data` that a route leads into.
fn key_of(steps: &[Step], depth: usize) -> Option<String> {
    match steps.get(depth..)? {
        [Step::Key(map), Step::Key(key), ..] if map == "data" => Some(key.to_string()),
        _ => None,
    }
}

/// What was done, or why it was not.
fn one(
    work: &mut Work<'_, '_>,
    fresh: &mut Fresh,
    number: usize,
    key: &str,
) -> Result<Result<String, String>, Error> {
    let planned = match planned(work, fresh, number, key) {
        Ok(planned) => planned,
        Err(why) => return Ok(Err(why)),
    };
    let object = &work.release.objects[number];
    let route = object.route.key("data").key(key.to_owned());
    let mut words = format!("moves to Secret/{}, key {key}", planned.secret);
    for (user, edits) in &planned.users {
        work.edit(*user, edits)?;
        work.plan.rolled.insert(*user);
        words.push_str(&format!("; {} follows", work.release.objects[*user].id));
    }
    work.edit(number, &[Edit { route, op: Op::Remove }])?;
    work.drop_comments(number)?;
    let space = (fresh::own_namespace(work, number), planned.secret);
    let taken = fresh.entry(space).or_insert_with(|| Taken { beside: number, ..Taken::default() });
    taken.values.insert(key.to_owned(), planned.plain);
    Ok(Ok(words))
}

struct Planned {
    secret: String,
    plain: Plain,
    users: Vec<(usize, Vec<Edit>)>,
}

fn planned(work: &Work<'_, '_>, fresh: &Fresh, number: usize, key: &str) -> Result<Planned, String> {
    let object = &work.release.objects[number];
    let value = work.value(object).ok_or("it cannot be read")?;
    if !object.is("", "ConfigMap") || object.is_hook() {
        return Err("only ConfigMaps that are no hooks are edited".to_owned());
    }
    if value.get("immutable").and_then(Value::as_bool) == Some(true) {
        return Err("the ConfigMap is immutable".to_owned());
    }
    let text = value.get("data").and_then(|it| it.get(key)).and_then(Value::as_str).ok_or("it is no text")?;
    let trimmed = text.trim();
    let is_pem = trimmed.starts_with("-----BEGIN ") && trimmed.matches("-----BEGIN ").count() == 1;
    if trimmed.contains('\n') && !is_pem {
        return Err("it is a file of which the credential is a part: split it, or let the program read the part elsewhere".to_owned());
    }
    let secret = format!("{}-secrets", object.id.name);
    if object.id.name.is_empty() || secret.len() > 253 {
        return Err("its ConfigMap has no name that a Secret could take".to_owned());
    }
    if fresh::existing(work, number, &secret).is_some() {
        return Err(format!("Secret/{secret} is there already"));
    }
    let plain = Plain::from(text.into_owned());
    if fresh::place(work, fresh, (number, &secret), ("", key), &plain)? != key {
        return Err(format!("Secret/{secret} holds another {key} already"));
    }
    let users = users(work, number, key, &secret)?;
    Ok(Planned { secret, plain, users })
}

/// What changes in the workloads that read the key.
fn users(
    work: &Work<'_, '_>,
    number: usize,
    key: &str,
    secret: &str,
) -> Result<Vec<(usize, Vec<Edit>)>, String> {
    let map = &work.release.objects[number].id;
    let mut all = Vec::new();
    for object in work.release.objects.iter().filter(|it| it.id.namespace == map.namespace) {
        let mut edits = Vec::new();
        for workload in work.workloads(object) {
            let moved = follow::Moved { map: &map.name, key, secret };
            let own = follow::edits(&workload, moved);
            if own.is_empty() {
                continue;
            }
            let editable = match workload.access {
                Access::Edit => true,
                Access::Frozen => work.policy.edit_immutable,
                Access::Foreign | Access::Part => false,
            };
            if object.is_hook() || !editable {
                return Err(format!("{} reads it, and its template is not edited", object.id));
            }
            edits.extend(own);
        }
        if !edits.is_empty() {
            all.push((object.number, edits));
        }
    }
    Ok(all)
}

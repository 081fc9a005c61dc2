//! Literal credentials in variables of containers move into a Secret named after the workload.

use serde_json::json;

use super::fresh::{self, Fresh, Taken};
use super::uses::items;
use super::work::Work;
use crate::error::Error;
use crate::finding::Status;
use crate::k8s::{Access, Part, Workload};
use crate::secrets::Plain;
use crate::yaml::{Data, Edit, Op, Route, Step, Value};

/// The rules whose findings in variables are moved, each with the policy's consent to its own fix.
const IN_ENV: [&str; 2] = ["secret-in-env", "credentials-in-url"];

/// Moves what the policy consents to.
pub(super) fn run(work: &mut Work<'_, '_>, fresh: &mut Fresh) -> Result<(), Error> {
    let findings = work.plan.findings.iter().enumerate();
    let moved = |rule: &str| IN_ENV.contains(&rule) && work.policy.consents(rule);
    let open = findings
        .filter(|(_, it)| it.status == Status::Open && moved(&it.rule) && entry_of(&it.route).is_some());
    let open: Vec<usize> = open.map(|(number, _)| number).collect();
    for number in open {
        let object = work.plan.findings[number].object;
        match planned(work, fresh, number) {
            Ok(move_) => {
                let Move { edits, secret, key, plain } = move_;
                work.edit(object, &edits)?;
                work.drop_comments(object)?;
                work.plan.rolled.insert(object);
                let finding = &mut work.plan.findings[number];
                finding.status = Status::Fixed;
                finding.done = Some(format!("moves to Secret/{secret}, key {key}"));
                let space = (fresh::own_namespace(work, object), secret);
                let taken =
                    fresh.entry(space).or_insert_with(|| Taken { beside: object, ..Taken::default() });
                taken.values.insert(key, plain);
            }
            Err(why) => work.plan.findings[number].help = format!("not moved: {why}"),
        }
    }
    Ok(())
}

/// What moving one variable takes.
struct Move {
    edits: Vec<Edit>,
    secret: String,
    key: String,
    plain: Plain,
}

fn planned(work: &Work<'_, '_>, fresh: &Fresh, number: usize) -> Result<Move, String> {
    let finding = &work.plan.findings[number];
    let object = &work.release.objects[finding.object];
    let (container, index) = entry_of(&finding.route).ok_or("it is no variable of a container")?;
    let root =
        work.stream.root(&work.stream.documents[object.document]).ok_or("its document cannot be read")?;
    let was = root.at(&container.key("env").index(index)).ok_or("it is no variable of a container")?;
    let text = |value: Value<'_>, key: &str| {
        value.get(key).and_then(Value::as_str).map(std::borrow::Cow::into_owned)
    };
    let (name, written) =
        text(was, "name").zip(text(was, "value")).ok_or("it is no variable with a literal value")?;
    let workloads = work.workloads(object);
    let holds = |it: &&Workload<'_>| it.parts.iter().any(|part| part.route == container);
    let workload = workloads.iter().find(holds).ok_or("its container cannot be found")?;
    let part =
        workload.parts.iter().find(|part| part.route == container).ok_or("its container cannot be found")?;
    match workload.access {
        _ if object.is_hook() => return Err("hooks run before the Secret is there".to_owned()),
        Access::Edit => {}
        Access::Frozen if work.policy.edit_immutable => {}
        Access::Frozen => return Err("the template of an existing object cannot change".to_owned()),
        Access::Foreign | Access::Part => {
            return Err("the controller of this kind owns the template".to_owned());
        }
    }
    let now = only_entry(part, &name).ok_or_else(|| format!("{name} comes more than once"))?;
    if text(now.1, "value").as_deref() != Some(&written) {
        return Err("another fix changes it".to_owned());
    }
    let value = expanded(&written).ok_or("it is built from other variables by $(…)")?;
    let plain = Plain::from(value);
    let secret = format!("{}-env", object.id.name);
    if object.id.name.is_empty() || secret.len() > 253 {
        return Err("its workload has no name that a Secret could take".to_owned());
    }
    let key = fresh::place(work, fresh, (object.number, &secret), (&part.name, &name), &plain)?;
    let entry = container.key("env").index(now.0);
    let edits = match &work.policy.secrets.moving.as_files {
        None => vec![
            Edit { route: entry.key("value"), op: Op::Remove },
            Edit {
                route: entry.key("valueFrom"),
                op: Op::Set(json!({"secretKeyRef": {"name": secret, "key": key}})),
            },
        ],
        Some(folder) => as_file(workload, part, folder, (&name, &entry), (&secret, &key))?,
    };
    Ok(Move { edits, secret, key, plain })
}

/// The variable becomes `NAME_FILE` with the path of a file that holds the value.
fn as_file(
    workload: &Workload<'_>,
    part: &Part<'_>,
    folder: &str,
    (name, entry): (&str, &Route),
    (secret, key): (&str, &str),
) -> Result<Vec<Edit>, String> {
    let reference = format!("$({name})");
    let texts =
        ["command", "args", "env"].into_iter().filter_map(|list| part.get(list)).flat_map(Value::items);
    let told =
        |text: Option<Value<'_>>| text.and_then(Value::as_str).is_some_and(|it| it.contains(&reference));
    if texts.into_iter().any(|item| told(Some(item)) || told(item.get("value"))) {
        return Err(format!("{reference} is used in the container, and a file cannot stand there"));
    }
    let file = format!("{name}_FILE");
    let named = |item: Value<'_>, wanted: &str| {
        item.get("name").and_then(Value::as_str).is_some_and(|it| it == wanted)
    };
    if items(part.get("env")).any(|item| named(item, &file)) {
        return Err(format!("{file} is there already"));
    }
    let below = |path: &str| path.trim_end_matches('/') == folder;
    let taken = items(part.get("volumeMounts")).any(|it| {
        it.get("mountPath").and_then(Value::as_str).is_some_and(|path| below(&path)) && !named(it, VOLUME)
    });
    if taken {
        return Err(format!("something else is mounted at {folder}"));
    }
    let volume = json!({"name": VOLUME, "secret": {"secretName": secret}});
    let mount = json!({"name": VOLUME, "mountPath": folder, "readOnly": true});
    Ok(vec![
        Edit { route: entry.key("name"), op: Op::Set(Data::String(file)) },
        Edit { route: entry.key("value"), op: Op::Set(Data::String(format!("{folder}/{key}"))) },
        Edit { route: workload.route.key("volumes"), op: Op::Append(volume) },
        Edit { route: part.route.key("volumeMounts"), op: Op::Append(mount) },
    ])
}

/// The volume of moved credentials.
const VOLUME: &str = "hardtack-secrets";

/// The route of the container and the place in its `env`.
fn entry_of(route: &Route) -> Option<(Route, usize)> {
    let steps = route.steps();
    let at = steps.iter().rposition(|step| matches!(step, Step::Key(key) if key == "env"))?;
    match steps.get(at + 1) {
        Some(Step::Index(index)) => Some((steps[..at].iter().cloned().collect(), *index)),
        _ => None,
    }
}

/// The only variable of that name, with its place.
fn only_entry<'v>(part: &Part<'v>, name: &str) -> Option<(usize, Value<'v>)> {
    let items = part.get("env")?.items().enumerate();
    let mut same =
        items.filter(|(_, item)| item.get("name").and_then(Value::as_str).as_deref() == Some(name));
    let first = same.next()?;
    same.next().is_none().then_some(first)
}

/// What the container sees of a literal value: `$$` is `$`. `None` when it names other variables
/// (<https://github.com/kubernetes/kubernetes/blob/v1.34.4/third_party/forked/golang/expansion/expand.go>).
fn expanded(written: &str) -> Option<String> {
    let mut out = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match rest.chars().next() {
            Some('$') => {
                out.push('$');
                rest = &rest[1..];
            }
            Some('(') if rest.contains(')') => return None,
            _ => out.push('$'),
        }
    }
    out.push_str(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::expanded;

    #[test]
    fn a_value_is_what_the_container_sees() {
        for (written, seen) in [
            ("a", Some("a")),
            ("a$$b", Some("a$b")),
            ("$x", Some("$x")),
            ("a$", Some("a$")),
            ("$(x", Some("$(x")),
            ("$$(x)", Some("$(x)")),
            ("a$(x)", None),
            ("$$$(x)", None),
        ] {
            assert_eq!(expanded(written).as_deref(), seen, "{written}");
        }
    }
}

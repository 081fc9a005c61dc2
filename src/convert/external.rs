//! A Secret becomes a reference to a store.

use std::collections::BTreeMap;

use serde_json::json;

use super::forms::keys;
use super::uses;
use super::work::Work;
use crate::error::Error;
use crate::k8s::{Access, Object};
use crate::policy::secrets::External;
use crate::secrets::external::{self, Remote, Shape};
use crate::secrets::{Fault, Secret};
use crate::template::Facts;
use crate::yaml::{Data, Edit, Op};

/// What takes the place of the Secret, and that in words.
pub(super) fn data(
    work: &Work<'_, '_>,
    object: &Object<'_>,
    secret: &Secret,
) -> Result<(Data, String), Fault> {
    let Some(terms) = &work.policy.secrets.external else {
        return Err(Fault::new("nothing says which store", "secrets: {external: {store: {name: NAME}}}"));
    };
    let remotes = remotes(work, object, secret, terms)?;
    let value = object.value;
    match &terms.shape {
        Shape::ExternalSecret { api_version, refresh_interval } => {
            let how = (*api_version, refresh_interval.as_str());
            let data =
                external::external_secret(value, &terms.store, how, &remotes, work.policy.secrets.adopted)?;
            Ok((data, format!("becomes an ExternalSecret of store {}: {}", terms.store.name, keys(secret))))
        }
        Shape::ProviderClass { provider, parameters } => {
            let data = external::provider_class(value, *provider, parameters, &remotes)?;
            Ok((data, format!("becomes a SecretProviderClass: {}", keys(secret))))
        }
    }
}

fn remotes(
    work: &Work<'_, '_>,
    object: &Object<'_>,
    secret: &Secret,
    terms: &External,
) -> Result<BTreeMap<String, Remote>, Fault> {
    let environment = work.policy.environment.as_ref().map_or("", |it| it.name.as_str());
    let facts = Facts { release: work.release, object, part: None, environment };
    let mut all = BTreeMap::new();
    for (key, plain) in &secret.values {
        if let Some(remote) = external::migrate(secret, key, plain)? {
            all.insert(key.clone(), remote);
            continue;
        }
        let data = || facts.data([("key".to_owned(), json!(key))].into_iter().collect());
        let filled = |text: &crate::template::Text| {
            let filled = text.render(&data).map(std::borrow::Cow::into_owned);
            filled.map_err(|why| Fault::new(format!("secrets.external: {why}"), "name what every Secret has"))
        };
        let path = filled(&terms.path)?;
        let names_space = terms.path.written().contains("namespace");
        if names_space && object.id.namespace.is_none() && path.split('/').any(str::is_empty) {
            let help =
                "say --namespace NAME (Helm tells post-renderers none), or a path without {{namespace}}";
            return Err(Fault::new(
                "its name in the store needs a namespace, and the object names none",
                help,
            ));
        }
        let property = Some(filled(&terms.property)?).filter(|property| !property.is_empty());
        let is_base64 = external::needs_base64(plain);
        all.insert(key.clone(), Remote { key: path, property, version: None, is_base64 });
    }
    Ok(all)
}

/// What the store must hold, a line for each name in it: keys, never values.
pub(super) fn needs(work: &Work<'_, '_>, object: &Object<'_>, secret: &Secret) -> Result<Vec<String>, Fault> {
    let Some(terms) = &work.policy.secrets.external else { return Ok(Vec::new()) };
    let remotes = remotes(work, object, secret, terms)?;
    let mut by_name: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (key, remote) in &remotes {
        let as_base64 = if remote.is_base64 { " (as base64)" } else { "" };
        let what = remote.property.clone().unwrap_or_else(|| format!("the value of {key}"));
        by_name.entry(&remote.key).or_default().push(format!("{what}{as_base64}"));
    }
    let lines = by_name.into_iter();
    Ok(lines.map(|(name, what)| format!("the store must hold {name}: {}", what.join(", "))).collect())
}

/// Says what the store must hold, and gives the pods what the driver needs. `said` is the object that the words are
/// filed under.
pub(super) fn finish(
    work: &mut Work<'_, '_>,
    said: usize,
    secret: &Secret,
    needs: Vec<String>,
) -> Result<(), Error> {
    needs.into_iter().for_each(|words| work.note(said, words));
    let shape = work.policy.secrets.external.as_ref().map(|terms| &terms.shape);
    if matches!(shape, Some(Shape::ProviderClass { .. })) { mount(work, said, secret) } else { Ok(()) }
}

/// The driver makes the Secret only while a pod mounts the class.
fn mount(work: &mut Work<'_, '_>, number: usize, secret: &Secret) -> Result<(), Error> {
    let volume: String =
        format!("secrets-store-{}", secret.name.replace('.', "-")).chars().take(63).collect();
    let volume = volume.trim_end_matches('-').to_owned();
    let mut planned: Vec<(usize, Vec<Edit>)> = Vec::new();
    let mut left: Vec<String> = Vec::new();
    for user in uses::users(work, number, &secret.name) {
        let object = &work.release.objects[user];
        for workload in work.workloads(object) {
            let uses = uses::of(&workload, &secret.name);
            if !uses.any() {
                continue;
            }
            if workload.access != Access::Edit {
                left.push(object.id.to_string());
                continue;
            }
            let mounted = workload.get("volumes").into_iter().flat_map(crate::yaml::Value::items);
            if mounted.filter_map(|it| it.get("name")?.as_str()).any(|name| name == volume) {
                continue;
            }
            let class = external::driver_volume(&volume, &secret.name);
            let mut edits = vec![Edit { route: workload.route.key("volumes"), op: Op::Append(class) }];
            let parts = workload.parts.iter().enumerate();
            let asking = parts.filter(|(place, _)| {
                uses.parts.contains(place) || uses.parts.is_empty() && *place + 1 == workload.parts.len()
            });
            edits.extend(asking.map(|(_, part)| Edit {
                route: part.route.key("volumeMounts"),
                op: Op::Append(json!({"name": volume, "mountPath": format!("/mnt/secrets-store/{}", secret.name), "readOnly": true})),
            }));
            planned.push((user, edits));
        }
    }
    for (user, edits) in planned {
        work.edit(user, &edits)?;
        work.plan.rolled.insert(user);
        work.note(
            user,
            format!(
                "mounts SecretProviderClass/{}: the driver makes the Secret only while a pod does",
                secret.name
            ),
        );
    }
    for name in left {
        let words = format!(
            "{name} must mount SecretProviderClass/{} itself: its template is not edited",
            secret.name
        );
        work.note(number, words);
    }
    Ok(())
}

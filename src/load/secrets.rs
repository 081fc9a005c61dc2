//! What a policy file says of Secrets.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::file::Spec;
use super::inside::Folder;
use super::shapes::OneOrMany;
use super::sops::{Stated, choose};
use super::source::Source;
use crate::error::Error;
use crate::policy::resolve::ResolveTerms;
use crate::policy::secrets::{External, Form, Moving, Sealed};
use crate::policy::{Match, Policy, Secrets};
use crate::secrets::external::{ApiVersion, Provider, Shape, Store, StoreKind, refresh_interval};
use crate::secrets::sealed::{Certificate, Scope};
use crate::secrets::sops::{Keys, Recipient, SopsError};
use crate::template::Text;
use crate::yaml::Route;

/// The name that creation rules judge where a policy says none.
const OUTPUT: &str = "rendered.yaml";
/// Certificates are small.
const LARGEST: u64 = 1 << 20;

/// What becomes of Secrets.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SecretsSpec {
    /// What they become.
    pub to: Option<Form>,
    /// Objects that become something else; the first that matches counts.
    pub objects: Option<OneOrMany<ObjectSpec>>,
    /// The live Secrets were adopted (a deploy with --adopt), so that Helm keeps them when they leave the release.
    pub adopted: Option<bool>,
    /// Where literal credentials of pods go: into files below this folder of the container, rather than variables.
    pub as_files: Option<String>,
    /// For `to: sealed`.
    pub sealed: Option<SealedSpec>,
    /// For `to: sops`; .sops.yaml alone without.
    pub sops: Option<SopsSpec>,
    /// For `to: external`.
    pub external: Option<ExternalSpec>,
    /// How references to secrets are resolved.
    pub resolve: Option<ResolveTerms>,
}

/// What some objects become.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ObjectSpec {
    /// Which.
    #[serde(default, rename = "match")]
    pub matches: Match,
    /// What.
    pub to: Form,
}

/// For whom to seal.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SealedSpec {
    /// The controller's certificate, a file in the policy's folder.
    pub certificate: String,
    /// Where sealed values may be opened; strict without.
    #[serde(default)]
    pub scope: ScopeSpec,
}

/// Where sealed values may be opened.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ScopeSpec {
    /// In this namespace, under this name.
    #[default]
    Strict,
    /// In this namespace.
    NamespaceWide,
    /// Anywhere.
    ClusterWide,
}

/// For whom SOPS encrypts.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SopsSpec {
    /// Who can decrypt: age1…, or an ssh-ed25519 or ssh-rsa public key; what .sops.yaml says without.
    pub age: Option<OneOrMany<String>>,
    /// The file of creation rules; .sops.yaml is looked for upwards from the policy's folder without.
    pub config: Option<String>,
    /// The file that the output goes to, below the policy's folder: its name decides which creation rule is in force.
    pub file: Option<String>,
}

/// Where the values are kept instead.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ExternalSpec {
    /// What is written; ExternalSecret without.
    pub kind: Option<KindSpec>,
    /// For ExternalSecret: the store.
    pub store: Option<StoreSpec>,
    /// For ExternalSecret: external-secrets.io/v1 without.
    pub api_version: Option<ApiVersionSpec>,
    /// For ExternalSecret: how often the operator looks; 1h0m0s without.
    pub refresh_interval: Option<String>,
    /// For SecretProviderClass: the provider of the CSI driver.
    pub provider: Option<ProviderSpec>,
    /// For SecretProviderClass: what the provider needs beside the objects.
    #[serde(default)]
    pub parameters: std::collections::BTreeMap<String, String>,
    /// The name in the store, a template: {{namespace}}/{{name}} without.
    pub path: Option<String>,
    /// The property under that name, a template: {{key}} without; empty for stores that hold one value to a name.
    pub property: Option<String>,
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum KindSpec {
    /// Of the External Secrets Operator.
    #[default]
    ExternalSecret,
    /// Of the Secrets Store CSI driver.
    SecretProviderClass,
}

/// A store of the External Secrets Operator.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct StoreSpec {
    /// `metadata.name`.
    pub name: String,
    /// SecretStore without.
    #[serde(default)]
    pub kind: StoreKindSpec,
}

/// The kind of a store.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum StoreKindSpec {
    /// In the namespace.
    #[default]
    SecretStore,
    /// For all namespaces.
    ClusterSecretStore,
}

/// A version of the External Secrets Operator's API.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum ApiVersionSpec {
    /// Served since 0.16.
    #[default]
    #[serde(rename = "external-secrets.io/v1")]
    V1,
    /// Not served since 0.17.
    #[serde(rename = "external-secrets.io/v1beta1")]
    V1Beta1,
}

/// A provider of the Secrets Store CSI driver.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ProviderSpec {
    /// HashiCorp Vault, OpenBao.
    Vault,
    /// AWS Secrets Manager.
    Aws,
    /// Google Secret Manager.
    Gcp,
}

/// Lays what a file says of Secrets over what was said before.
///
/// # Errors
/// [`Error::Policy`].
pub(super) fn apply(spec: &mut Spec, source: &Source, policy: &mut Policy) -> Result<(), Error> {
    let Some(said) = spec.secrets.take() else { return Ok(()) };
    let here = Route::root().key("secrets");
    let secrets = &mut policy.secrets;
    secrets.to = said.to.unwrap_or(secrets.to);
    secrets.adopted = said.adopted.unwrap_or(secrets.adopted);
    if let Some(objects) = said.objects {
        let objects = objects.into_list().into_iter().map(|object| (object.matches, object.to));
        secrets.objects.splice(0..0, objects);
    }
    if let Some(folder) = said.as_files {
        if !folder.starts_with('/') || folder.len() < 2 {
            let what = format!("asFiles {folder:?} is no folder of a container");
            return Err(source.wrong(&here.key("asFiles"), what, "asFiles: /etc/secrets"));
        }
        secrets.moving = Moving { as_files: Some(folder.trim_end_matches('/').to_owned()) };
    }
    if let Some(sealed) = said.sealed {
        secrets.sealed = Some(sealed_of(&sealed, &here.key("sealed"), source)?);
    }
    if let Some(external) = said.external {
        secrets.external = Some(external_of(external, &here.key("external"), source)?);
    }
    if let Some(sops) = said.sops {
        sops_of(sops, &here.key("sops"), source, policy)?;
    }
    if let Some(terms) = said.resolve {
        policy.resolve.lay(terms, &source.folder).map_err(|wrong| {
            let steps = here.key("resolve");
            let route = steps.steps().iter().chain(wrong.route.steps()).cloned().collect();
            source.wrong(&route, wrong.what, wrong.help)
        })?;
    }
    Ok(())
}

/// Finds a form that nothing says the terms of, once all layers are laid.
///
/// # Errors
/// [`Error::Policy`].
pub(super) fn complete(policy: &mut Policy, source: Option<&Source>) -> Result<(), Error> {
    let wants = |secrets: &Secrets, form: Form| {
        secrets.to == form || secrets.objects.iter().any(|(_, to)| *to == form)
    };
    if let (true, None, Some(source)) = (wants(&policy.secrets, Form::Sops), &policy.secrets.sops, source) {
        sops_of(SopsSpec::default(), &Route::root().key("secrets"), source, policy)?;
    }
    let secrets = &policy.secrets;
    let wanted = |form: Form| wants(secrets, form);
    let lacks = |form: Form, help: &str| {
        let what = format!("secrets go to {0}, and secrets.{0} is missing", form.word());
        Err(match source {
            Some(source) => source.wrong(&Route::root().key("secrets"), what, help),
            None => Error::Policy { message: what, help: help.to_owned() },
        })
    };
    if wanted(Form::Sealed) && secrets.sealed.is_none() {
        return lacks(Form::Sealed, "secrets: {to: sealed, sealed: {certificate: pub-cert.pem}}");
    }
    if wanted(Form::External) && secrets.external.is_none() {
        return lacks(
            Form::External,
            "secrets: {to: external, external: {store: {name: vault, kind: ClusterSecretStore}}}",
        );
    }
    Ok(())
}

/// Who is named in the policy, else what `.sops.yaml` says.
fn sops_of(spec: SopsSpec, here: &Route, source: &Source, policy: &mut Policy) -> Result<(), Error> {
    let named = spec.age.map(OneOrMany::into_list).unwrap_or_default();
    let failed = |error: SopsError| source.wrong(&here.key("age"), &error, error.help());
    let named = Recipient::all(named.iter().map(String::as_str)).map_err(failed)?;
    let keys = if named.is_empty() { None } else { Some(Keys::of(named).map_err(failed)?) };
    let stated = Stated { keys, config: spec.config.map(PathBuf::from), ..Stated::default() };
    let chosen = choose(&source.folder, Path::new(spec.file.as_deref().unwrap_or(OUTPUT)), stated)?;
    policy.notes.extend(chosen.warning.clone());
    let terms = chosen.terms().ok_or_else(|| {
        let nobody = SopsError::NobodyToEncryptTo { place: String::new() };
        let help = "secrets: {sops: {age: [age1…]}}, or a .sops.yaml beside the policy or above it";
        source.wrong(here, nobody, help)
    })?;
    policy.secrets.sops = Some(terms);
    Ok(())
}

fn sealed_of(spec: &SealedSpec, here: &Route, source: &Source) -> Result<Sealed, Error> {
    let route = here.key("certificate");
    let pem = Folder::new(&source.folder).read(&spec.certificate, LARGEST).map_err(|why| {
        let help = "kubeseal --fetch-cert > pub-cert.pem, beside the policy";
        source.wrong(&route, format!("certificate {}: {why}", spec.certificate), help)
    })?;
    let certificate = Certificate::from_pem(pem.as_bytes()).map_err(|fault| {
        source.wrong(&route, format!("certificate {}: {fault}", spec.certificate), fault.help)
    })?;
    let scope = match spec.scope {
        ScopeSpec::Strict => Scope::Strict,
        ScopeSpec::NamespaceWide => Scope::NamespaceWide,
        ScopeSpec::ClusterWide => Scope::ClusterWide,
    };
    Ok(Sealed {
        certificate,
        place: format!("{}: certificate {}", source.place(&route), spec.certificate),
        scope: Some(scope),
    })
}

fn external_of(mut spec: ExternalSpec, here: &Route, source: &Source) -> Result<External, Error> {
    let (store, shape) = match spec.kind.unwrap_or_default() {
        KindSpec::ExternalSecret => external_secret(&mut spec, here, source)?,
        KindSpec::SecretProviderClass => (Store::default(), provider_class(&mut spec, here, source)?),
    };
    let text = |key: &'static str, said: Option<String>, otherwise: &str| {
        let written = said.unwrap_or_else(|| otherwise.to_owned());
        Text::new(written, &["key"]).map_err(|wrong| source.wrong(&here.key(key), wrong.what, wrong.help))
    };
    let path = text("path", spec.path, "{{namespace}}/{{name}}")?;
    if path.written().is_empty() {
        let help = "path: \"{{namespace}}/{{name}}\"";
        return Err(source.wrong(&here.key("path"), "path is empty", help));
    }
    Ok(External { store, shape, path, property: text("property", spec.property, "{{key}}")? })
}

/// The error for a key that belongs to the other kind.
fn foreign(key: &'static str, kind: &str, here: &Route, source: &Source) -> Error {
    source.wrong(&here.key(key), format!("{key} belongs to {kind}"), format!("kind: {kind}, or leave it out"))
}

fn external_secret(spec: &mut ExternalSpec, here: &Route, source: &Source) -> Result<(Store, Shape), Error> {
    if spec.provider.is_some() {
        return Err(foreign("provider", "SecretProviderClass", here, source));
    }
    if !spec.parameters.is_empty() {
        return Err(foreign("parameters", "SecretProviderClass", here, source));
    }
    let Some(store) = spec.store.take() else {
        let help = "store: {name: vault, kind: ClusterSecretStore}";
        return Err(source.wrong(here, "external lacks its store", help));
    };
    let kind = match store.kind {
        StoreKindSpec::SecretStore => StoreKind::SecretStore,
        StoreKindSpec::ClusterSecretStore => StoreKind::ClusterSecretStore,
    };
    let api_version = match spec.api_version.unwrap_or_default() {
        ApiVersionSpec::V1 => ApiVersion::V1,
        ApiVersionSpec::V1Beta1 => ApiVersion::V1Beta1,
    };
    let written = spec.refresh_interval.as_deref().unwrap_or("1h");
    let refresh_interval = refresh_interval(written).map_err(|what| {
        let help = "refreshInterval: 1h, or 15m, or 0s for once";
        source.wrong(&here.key("refreshInterval"), what, help)
    })?;
    Ok((Store { name: store.name, kind }, Shape::ExternalSecret { api_version, refresh_interval }))
}

fn provider_class(spec: &mut ExternalSpec, here: &Route, source: &Source) -> Result<Shape, Error> {
    let of_other = [
        ("store", spec.store.is_some()),
        ("apiVersion", spec.api_version.is_some()),
        ("refreshInterval", spec.refresh_interval.is_some()),
    ];
    if let Some((key, _)) = of_other.into_iter().find(|(_, said)| *said) {
        return Err(foreign(key, "ExternalSecret", here, source));
    }
    let provider = match spec.provider {
        Some(ProviderSpec::Vault) => Provider::Vault,
        Some(ProviderSpec::Aws) => Provider::Aws,
        Some(ProviderSpec::Gcp) => Provider::Gcp,
        None => {
            return Err(source.wrong(here, "external lacks its provider", "provider: vault, aws or gcp"));
        }
    };
    let written = ["objects", "secrets"].into_iter().find(|key| spec.parameters.contains_key(*key));
    if let Some(key) = written {
        let route = here.key("parameters").key(key);
        return Err(source.wrong(&route, format!("{key} is what hardtack writes"), "leave it out"));
    }
    Ok(Shape::ProviderClass { provider, parameters: std::mem::take(&mut spec.parameters) })
}

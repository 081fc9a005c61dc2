//! `secrets.resolve` of a policy file, as written.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

/// `secrets.resolve`, as written. What a later file says of one key takes the place of all that was said of that key.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ResolveTerms {
    /// Resolve without `--resolve` too.
    pub enabled: Option<bool>,
    /// Where `hardtack://NAME/KEY` is looked for; the first that has it answers.
    pub order: Option<Vec<PlaceTerms>>,
    /// Vault and OpenBao servers; the first is the one that references mean that name none.
    pub vault: Option<Vec<VaultTerms>>,
    /// AWS Secrets Manager, one for each region; the first is the one that references mean that name none.
    pub aws: Option<Vec<AwsTerms>>,
    /// Whom `<path:…>` asks: vault or aws; needed only where both are there.
    pub placeholders: Option<PlaceholderStore>,
    /// Folders (relative to this file) below which references may name files.
    pub files: Option<Vec<PathBuf>>,
    /// Variables that references may name; `*` stands for any letters.
    pub environment: Option<Vec<String>>,
    /// Commands that references may run, word for word.
    pub exec: Option<Vec<Vec<String>>>,
    /// Commands that answer for other backends of vals: `{reference}`, `{path}` and `{key}` in their words are filled in.
    pub backends: Option<BTreeMap<String, Vec<String>>>,
    /// Variables that commands may see, beside PATH, HOME and the locale; `*` stands for any letters.
    pub pass: Option<Vec<String>>,
    /// The longest that one request or command may take: `10s`.
    pub timeout: Option<String>,
    /// The longest that all of them may take together: `60s`.
    pub budget: Option<String>,
    /// How long an answer is good for: `5m`.
    pub ttl: Option<String>,
}

/// One place of [`ResolveTerms::order`]: exactly one of its keys.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PlaceTerms {
    /// A folder in which Secrets are mounted: the file NAME/KEY below it.
    pub mount: Option<PathBuf>,
    /// The variable of this prefix and NAME_KEY, in upper case, with `_` for whatever no variable's name may hold.
    pub environment: Option<String>,
    /// A command, with `{name}` and `{key}` in its words.
    pub command: Option<Vec<String>>,
    /// A YAML or JSON file, with `{name}` in its path: the value under KEY.
    pub file: Option<String>,
    /// A path in the first Vault server, with `{name}` in it: the value under KEY.
    pub vault: Option<String>,
    /// A secret in the first AWS Secrets Manager, with `{name}` in its id: the value under KEY.
    pub aws: Option<String>,
}

/// A Vault or OpenBao server, as written.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct VaultTerms {
    /// `https://vault.acme.internal:8200`; else what `VAULT_ADDR` or `BAO_ADDR` says.
    pub address: Option<String>,
    /// The namespace.
    pub namespace: Option<String>,
    /// Certificates of the authorities that may vouch for the server; else the public ones.
    pub ca_file: Option<PathBuf>,
    /// Where the key/value engine is mounted; else the first part of each path.
    pub mount: Option<String>,
    /// Its version, 2 unless this says 1.
    pub kv: Option<u8>,
    /// Allow `http://` to another machine: whoever is in between reads the token.
    #[serde(default)]
    pub plain_http: bool,
    /// How to log in; without it the token is taken from `VAULT_TOKEN` or `BAO_TOKEN`.
    #[serde(default)]
    pub auth: AuthTerms,
}

/// How to log in to Vault: at most one of its keys.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AuthTerms {
    /// The variable that holds the token.
    pub token_variable: Option<String>,
    /// The file that holds the token.
    pub token_file: Option<PathBuf>,
    /// By the service account of the pod.
    pub kubernetes: Option<KubernetesTerms>,
}

/// Vault's Kubernetes auth method.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct KubernetesTerms {
    /// The role.
    pub role: String,
    /// Where the method is mounted; `kubernetes` when absent.
    pub mount: Option<String>,
    /// The service account's token; where Kubernetes mounts it when absent.
    pub token_file: Option<PathBuf>,
}

/// AWS Secrets Manager in one region, as written.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AwsTerms {
    /// The region; else what `AWS_REGION` or `AWS_DEFAULT_REGION` says.
    pub region: Option<String>,
    /// Another address than AWS's own.
    pub endpoint: Option<String>,
    /// Certificates of the authorities that may vouch for that address; else the public ones.
    pub ca_file: Option<PathBuf>,
    /// Allow `http://` to another machine.
    #[serde(default)]
    pub plain_http: bool,
    /// A command that prints credentials as an AWS `credential_process` does; else those in `AWS_ACCESS_KEY_ID`,
    /// `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
    pub credentials: Option<Vec<String>>,
}

/// Whom placeholders of argocd-vault-plugin ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum PlaceholderStore {
    /// The first Vault.
    Vault,
    /// The first AWS Secrets Manager.
    Aws,
}

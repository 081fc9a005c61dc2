//! What becomes of Secrets.

use serde::Deserialize;

use super::Match;
use crate::secrets::external::{Shape, Store};
use crate::secrets::sealed::{Certificate, Scope};
use crate::template::Text;

/// What a Secret is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// It stays a Secret.
    #[default]
    Keep,
    /// A SealedSecret.
    Sealed,
    /// A Secret that SOPS encrypted.
    Sops,
    /// An ExternalSecret, or a SecretProviderClass.
    External,
}

impl Form {
    /// Its word in a policy.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Sealed => "sealed",
            Self::Sops => "sops",
            Self::External => "external",
        }
    }
}

/// Where the output goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Target {
    /// To the API server: Helm, `kubectl apply`.
    #[default]
    Apply,
    /// Into a repository, from which a controller takes it.
    Git,
}

/// What a policy says of Secrets, and what the caller says of this run.
#[derive(Debug, Clone, Default)]
pub struct Secrets {
    /// What they become, unless an object says otherwise.
    pub to: Form,
    /// The objects that become something else; the first that matches counts.
    pub objects: Vec<(Match, Form)>,
    /// The live Secrets were adopted: they survive when their Secret leaves the release.
    pub adopted: bool,
    /// For `sealed`.
    pub sealed: Option<Sealed>,
    /// For `sops`.
    pub sops: Option<crate::secrets::sops::Terms>,
    /// For `external`.
    pub external: Option<External>,
    /// Where literal credentials of pods go.
    pub moving: Moving,
    /// What the caller says.
    pub run: Run,
}

/// What the caller says of this run.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// Where the output goes.
    pub target: Target,
    /// The release is not installed yet: there is no live Secret to lose.
    pub new_release: bool,
    /// Secrets keep their form this once, and are marked so that Helm keeps the live ones when they change it.
    pub adopt: bool,
    /// Write SOPS output although nothing decrypts it on its way.
    pub force_sops: bool,
    /// The operator's key for digests of values.
    pub digest_key: Option<crate::secrets::Plain>,
    /// The output of the run before.
    pub previous: Option<crate::secrets::Earlier>,
    /// The moment that is written where something is encrypted.
    pub now: chrono::DateTime<chrono::Utc>,
}

/// For whom to seal.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// The controller's certificate.
    pub certificate: Certificate,
    /// Where it is named: `hardtack.yaml:12:5`.
    pub place: String,
    /// The scope; else what an object asks for, or strict.
    pub scope: Option<Scope>,
}

/// Where the values are kept instead.
#[derive(Debug, Clone)]
pub struct External {
    /// The store.
    pub store: Store,
    /// What is written.
    pub shape: Shape,
    /// The name in the store, a template.
    pub path: Text,
    /// The property under that name, a template; empty for none.
    pub property: Text,
}

/// Where literal credentials of pods go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Moving {
    /// They become files in this folder of the container rather than variables.
    pub as_files: Option<String>,
}

impl Secrets {
    /// What an object of kind Secret becomes.
    #[must_use]
    pub fn form_of(&self, object: &crate::k8s::Object<'_>) -> Form {
        let own = self.objects.iter().find(|(matches, _)| matches.object(object, None));
        own.map_or(self.to, |(_, form)| *form)
    }

    /// Whether any Secret may change.
    #[must_use]
    pub fn converts(&self) -> bool {
        self.to != Form::Keep || self.objects.iter().any(|(_, form)| *form != Form::Keep)
    }
}

#[cfg(test)]
mod tests {
    /// One policy may judge streams on several threads.
    #[test]
    fn a_policy_can_be_shared() {
        fn shared<T: Send + Sync>() {}
        shared::<crate::policy::Policy>();
    }
}

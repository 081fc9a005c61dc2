//! Where a sealed value may be opened.

use std::fmt;
use std::str::FromStr;

use crate::secrets::Fault;

/// A scope of sealed-secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scope {
    /// In this namespace, under this name.
    #[default]
    Strict,
    /// In this namespace, under any name.
    NamespaceWide,
    /// Anywhere.
    ClusterWide,
}

/// All of them, narrowest first.
pub const SCOPES: [Scope; 3] = [Scope::Strict, Scope::NamespaceWide, Scope::ClusterWide];

impl Scope {
    /// Its word: `strict`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::NamespaceWide => "namespace-wide",
            Self::ClusterWide => "cluster-wide",
        }
    }

    /// The annotation that says so on a SealedSecret; strict needs none.
    #[must_use]
    pub const fn annotation(self) -> Option<&'static str> {
        match self {
            Self::Strict => None,
            Self::NamespaceWide => Some("sealedsecrets.bitnami.com/namespace-wide"),
            Self::ClusterWide => Some("sealedsecrets.bitnami.com/cluster-wide"),
        }
    }

    /// What annotations ask for: only the exact text `true` counts, and the widest wins
    /// (<https://github.com/bitnami-labs/sealed-secrets/blob/v0.36.6/pkg/apis/sealedsecrets/v1alpha1/sealedsecret_expansion.go>).
    pub fn asked<'t>(mut annotation: impl FnMut(&str) -> Option<&'t str>) -> Option<Self> {
        let mut asks =
            |scope: Self| annotation(scope.annotation()?).filter(|it| *it == "true").map(|_| scope);
        asks(Self::ClusterWide).or_else(|| asks(Self::NamespaceWide))
    }

    /// What the session key is bound to.
    ///
    /// # Errors
    /// When the scope needs a namespace or a name and there is none.
    pub fn label(self, namespace: Option<&str>, name: &str) -> Result<String, Fault> {
        let space = || {
            namespace.ok_or_else(|| {
                let what =
                    format!("{} scope seals for one namespace, and the object names none", self.word());
                Fault::new(
                    what,
                    "say --namespace NAME (Helm tells post-renderers none), or scope: cluster-wide",
                )
            })
        };
        match self {
            Self::ClusterWide => Ok(String::new()),
            Self::NamespaceWide => space().map(str::to_owned),
            Self::Strict if name.is_empty() => Err(Fault::new(
                "strict scope seals for one name, and the object has none",
                "give it metadata.name",
            )),
            Self::Strict => Ok(format!("{}/{name}", space()?)),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Scope {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let known = SCOPES.into_iter().find(|scope| scope.word() == word);
        known.ok_or_else(|| format!("{word:?} is no scope"))
    }
}

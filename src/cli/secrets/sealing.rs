//! For whom and where to seal: what was typed, then the policy.

use std::path::Path;

use super::args::ScopeWord;
use crate::cli::config::Config;
use crate::error::Error;
use crate::policy::secrets::Sealed;
use crate::secrets::sealed::{Certificate, Scope};
use crate::wire::Input;
use crate::wire::krm::FunctionConfig;

/// The certificate and scope that were typed, else those of the policy in force.
///
/// # Errors
/// [`Error::Usage`] when there is no certificate, or it cannot be sealed with; those of the policy.
pub(super) fn terms(config: &Config, cert: Option<&Path>, scope: Option<ScopeWord>) -> Result<Sealed, Error> {
    let scope = scope.map(|word| match word {
        ScopeWord::Strict => Scope::Strict,
        ScopeWord::NamespaceWide => Scope::NamespaceWide,
        ScopeWord::ClusterWide => Scope::ClusterWide,
    });
    let Some(path) = cert else {
        let policy = config.policy(&FunctionConfig::default())?;
        let help = "kubeseal --fetch-cert > pub-cert.pem, then --cert pub-cert.pem";
        let of_policy =
            policy.secrets.sealed.ok_or_else(|| Error::usage("no certificate to seal with", help))?;
        return Ok(Sealed { scope: scope.or(of_policy.scope), ..of_policy });
    };
    let name = path.display().to_string();
    if name.starts_with("https://") || name.starts_with("http://") {
        let help = format!("fetch it first: curl -fo pub-cert.pem {name}; then --cert pub-cert.pem");
        return Err(Error::usage("--cert takes a file: sealing asks no network", help));
    }
    let pem = Input::from_file(path, 1 << 20)?;
    let certificate = Certificate::from_pem(pem.text.as_bytes())
        .map_err(|fault| Error::usage(format!("certificate {name}: {fault}"), fault.help))?;
    Ok(Sealed { certificate, place: format!("certificate {name}"), scope })
}

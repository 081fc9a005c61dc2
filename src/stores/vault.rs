//! Vault and OpenBao: the key/value engine, versions 1 and 2, over HTTP(S).

use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::budget::Budget;
use super::http::{Client, Reply, Request};
use super::{files, variables};
use crate::policy::resolve::{KubernetesTerms, VaultTerms, check_address};
use crate::resolve::Failure;
use crate::secrets::Plain;
use crate::secrets::reference::Held;

/// Where Kubernetes mounts the token of a pod's service account.
const SERVICE_ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/// What stands for itself in a part of a path.
const PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A secret that is asked for.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    /// Without empty parts.
    path: Vec<String>,
    version: Option<u64>,
    /// The engine's version, when the object says it.
    kv: Option<u8>,
    /// Whether the path is that of the HTTP API, `data` behind the mount included.
    is_of_api: bool,
}

impl Wanted {
    pub(super) fn new(
        path: &str,
        version: Option<&str>,
        kv: Option<u8>,
        is_of_api: bool,
    ) -> Result<Self, Failure> {
        let parts: Vec<String> = path.trim_matches('/').split('/').map(str::to_owned).collect();
        if parts.iter().any(|part| part.is_empty() || part == "." || part == "..") || parts.len() < 2 {
            let help =
                "a path in Vault is the mount of the engine and the name of the secret: secret/shop/db";
            return Err(Failure::new("this is no path in Vault", help));
        }
        let number =
            |text: &str| text.parse().map_err(|_| Failure::new("the version is no number", "write #3"));
        Ok(Self { path: parts, version: version.map(number).transpose()?, kv, is_of_api })
    }

    /// The path in the HTTP API.
    fn url(&self, server: &VaultTerms) -> String {
        let mount: Vec<&str> =
            server.mount.iter().flat_map(|mount| mount.trim_matches('/').split('/')).collect();
        let is_below = self.path.len() > mount.len() && mount.iter().zip(&self.path).all(|(a, b)| a == b);
        let at = if is_below && !mount.is_empty() { mount.len() } else { 1 };
        let (mount, mut rest) = self.path.split_at(at);
        let mut url: Vec<&str> = mount.iter().map(String::as_str).collect();
        if self.kv.or(server.kv) != Some(1) {
            url.push("data");
            if self.is_of_api && rest.len() > 1 && rest[0] == "data" {
                rest = &rest[1..];
            }
        }
        url.extend(rest.iter().map(String::as_str));
        let encoded: Vec<String> =
            url.iter().map(|part| utf8_percent_encode(part, PART).to_string()).collect();
        let version = self.version.map(|version| format!("?version={version}")).unwrap_or_default();
        format!("{}{version}", encoded.join("/"))
    }
}

/// A server, and the token once there is one.
#[derive(Debug)]
pub(super) struct Session {
    server: VaultTerms,
    address: String,
    client: Client,
    token: Option<Plain>,
}

/// The address of a server.
///
/// # Errors
/// There is none.
pub(super) fn address(server: &VaultTerms) -> Result<String, Failure> {
    let address = match &server.address {
        Some(address) => Some(address.clone()),
        None => variables::value("VAULT_ADDR")?.or(variables::value("BAO_ADDR")?),
    };
    let help = "secrets: {resolve: {vault: [{address: https://vault.acme.internal:8200}]}}";
    let address = address
        .ok_or_else(|| Failure::new("the policy names no address of Vault, nor does VAULT_ADDR", help))?;
    check_address(&address, server.plain_http)
        .map_err(|what| Failure::new(format!("the address of Vault: {what}"), help))?;
    Ok(address.trim_end_matches('/').to_owned())
}

impl Session {
    pub(super) fn new(server: &VaultTerms) -> Result<Self, Failure> {
        let address = address(server)?;
        let client = Client::new(format!("vault {address}"), server.ca_file.as_deref())?;
        Ok(Self { server: server.clone(), address, client, token: None })
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// All keys of a secret.
    pub(super) fn read(&mut self, wanted: &Wanted, budget: &Budget) -> Result<Held, Failure> {
        let url = wanted.url(&self.server);
        let token = self.token(budget)?;
        let reply = self.send(&url, Some(&token), None, budget)?;
        let body = Held::from_json(reply.body.expose());
        let data = body.as_ref().and_then(|body| body.get("data"));
        let is_v1 = wanted.kv.or(self.server.kv) == Some(1);
        let data = if is_v1 { data } else { data.and_then(|data| data.get("data")) };
        match (reply.status, data) {
            (200, Some(data @ Held::Map(_))) => Ok(data.clone()),
            // A deleted version is not found, and still told of.
            (200 | 404, Some(Held::Null)) => {
                Err(Failure::missing(format!("vault {}: {} was deleted", self.address, shown(wanted))))
            }
            (404, _) => {
                Err(Failure::missing(format!("vault {} has no secret {}", self.address, shown(wanted))))
            }
            (200, _) => {
                let help = "check the address, and that a key/value engine of that version is mounted there";
                Err(Failure::new(format!("vault {} answers something that is no secret", self.address), help))
            }
            (status, _) => Err(self.refused(status, &format!("reading {}", shown(wanted)))),
        }
    }

    fn token(&mut self, budget: &Budget) -> Result<Plain, Failure> {
        if let Some(token) = &self.token {
            return Ok(token.clone());
        }
        let auth = &self.server.auth;
        let token = match (&auth.token_variable, &auth.token_file, &auth.kubernetes) {
            (Some(name), ..) => of_variable(name)?.ok_or_else(|| {
                Failure::new(
                    format!("the variable {name}, which should hold the token of Vault, is not set"),
                    "set it",
                )
            })?,
            (None, Some(file), _) => of_file(file)?,
            (None, None, Some(terms)) => self.log_in(terms, budget)?,
            (None, None, None) => {
                of_variable("VAULT_TOKEN")?.or(of_variable("BAO_TOKEN")?).ok_or_else(|| {
                    let help = "set VAULT_TOKEN, or say tokenFile or kubernetes under auth in the policy";
                    Failure::new("there is no token for Vault", help)
                })?
            }
        };
        Ok(self.token.insert(token).clone())
    }

    /// Logs in by the service account of the pod.
    fn log_in(&self, terms: &KubernetesTerms, budget: &Budget) -> Result<Plain, Failure> {
        let file = terms.token_file.as_deref().unwrap_or(Path::new(SERVICE_ACCOUNT));
        let jwt = of_file(file)?;
        let mount = terms.mount.as_deref().unwrap_or("kubernetes").trim_matches('/');
        let jwt = jwt.expose_text().unwrap_or_default();
        let body = Plain::from(serde_json::json!({"role": terms.role, "jwt": jwt}).to_string());
        let reply = self.send(&format!("auth/{mount}/login"), None, Some(&body), budget)?;
        if reply.status != 200 {
            return Err(self.refused(reply.status, &format!("logging in with the role {}", terms.role)));
        }
        let token = Held::from_json(reply.body.expose());
        let keys = ["auth".to_owned(), "client_token".to_owned()];
        match token.as_ref().and_then(|held| held.at(&keys)) {
            Some(Held::Text(token)) => Ok(token.clone()),
            _ => {
                let help = "check auth.kubernetes.mount in the policy";
                Err(Failure::new(format!("vault {} answers a login without a token", self.address), help))
            }
        }
    }

    fn send(
        &self,
        path: &str,
        token: Option<&Plain>,
        body: Option<&Plain>,
        budget: &Budget,
    ) -> Result<Reply, Failure> {
        let make = || {
            let mut headers = vec![("X-Vault-Request".to_owned(), Plain::from("true".to_owned()))];
            headers.extend(token.map(|token| ("X-Vault-Token".to_owned(), token.clone())));
            let namespace = self.server.namespace.clone();
            headers.extend(namespace.map(|name| ("X-Vault-Namespace".to_owned(), Plain::from(name))));
            Ok(Request { url: format!("{}/v1/{path}", self.address), headers, body: body.cloned() })
        };
        self.client.send(budget, &make, |_| false)
    }

    fn refused(&self, status: u16, doing: &str) -> Failure {
        let why = match status {
            400 => "the request is wrong for what is mounted there",
            401 | 403 => "the token or role may not",
            _ => "this is no answer of a key/value engine",
        };
        let what = format!("vault {} answers {status} on {doing}: {why}", self.address);
        Failure::new(what, "check the policy of the token, the namespace and the path")
    }
}

fn shown(wanted: &Wanted) -> String {
    let version = wanted.version.map(|version| format!(" in version {version}")).unwrap_or_default();
    format!("{}{version}", wanted.path.join("/"))
}

fn of_variable(name: &str) -> Result<Option<Plain>, Failure> {
    let value = variables::value(name)?.filter(|value| !value.is_empty());
    value.map(|value| one_line(Plain::from(value), name)).transpose()
}

fn of_file(file: &Path) -> Result<Plain, Failure> {
    let name = file.display().to_string();
    let absent =
        || Failure::new(format!("{name}, which should hold the token for Vault, is not there"), "mount it");
    one_line(files::named(file)?.ok_or_else(absent)?, &name)
}

/// A token without the line end that editors leave, fit for a header.
fn one_line(token: Plain, place: &str) -> Result<Plain, Failure> {
    let text = token.expose_text().map(str::trim).unwrap_or_default();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Failure::new(
            format!("what {place} holds is no token"),
            "it is one word of letters, digits and dots",
        ));
    }
    Ok(Plain::from(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_in_the_http_api() {
        let url = |path: &str, mount: Option<&str>, kv, is_of_api| {
            let server = VaultTerms { mount: mount.map(str::to_owned), ..VaultTerms::default() };
            Wanted::new(path, None, kv, is_of_api).unwrap().url(&server)
        };
        assert_eq!(url("secret/shop/db", None, None, false), "secret/data/shop/db");
        assert_eq!(url("/secret/data/shop/db", None, None, true), "secret/data/shop/db");
        assert_eq!(url("secret/data/db", None, None, false), "secret/data/data/db");
        assert_eq!(url("secret/data", None, None, true), "secret/data/data");
        assert_eq!(url("kv/team/db", Some("kv/team/"), None, false), "kv/team/data/db");
        assert_eq!(url("other/team/db", Some("kv/team"), None, false), "other/data/team/db");
        assert_eq!(url("kv/db", None, Some(1), true), "kv/db");
        assert_eq!(url("kv/a b?c#d%", None, Some(1), true), "kv/a%20b%3Fc%23d%25");
        for odd in ["", "secret", "secret//db", "secret/../sys", "./db", "secret/.."] {
            assert!(Wanted::new(odd, None, None, false).is_err(), "{odd}");
        }
        assert!(Wanted::new("a/b", Some("x"), None, false).is_err());
    }

    #[test]
    fn tokens_fit_for_a_header() {
        assert_eq!(one_line(Plain::from("hvs.x\n".to_owned()), "f").unwrap().expose(), b"hvs.x");
        for bad in ["", " \n", "a b", "a\nb", "ä"] {
            let failure = one_line(Plain::from(bad.to_owned()), "f").unwrap_err();
            assert!(failure.what.contains("no token"), "{failure:?}");
        }
    }
}

//! The backends of vals that are answered here, and their parameters.

use std::sync::Arc;

use super::{Read, Stores, aws, below, files, parsed, variables, vault};
use crate::nearest::hint;
use crate::resolve::{Answer, Failure};
use crate::secrets::Plain;
use crate::secrets::reference::{BACKENDS, Held};

type Params = [(String, String)];

impl Stores<'_> {
    pub(super) fn vals(
        &mut self,
        backend: &str,
        path: &str,
        params: &Params,
        keys: &[String],
    ) -> Result<Answer, Failure> {
        let text = |plain: Plain, source: &str| (Arc::new(Held::Text(plain)), source.to_owned());
        let read = match backend {
            "vault" | "openbao" => return self.vals_vault(path, params, keys),
            "awssecrets" => self.vals_aws(path, params)?,
            "envsubst" => {
                known(params, &[])?;
                text(variables::filled(path, &self.policy.environment)?, "environment")
            }
            "echo" => {
                known(params, &[])?;
                return echo(path, keys);
            }
            "file" => {
                known(params, &[])?;
                text(files::below(&self.policy.files, &self.policy.folder, path)?, "file")
            }
            "exec" => self.exec(path, params)?,
            other => self.backend(other, path, keys)?,
        };
        if keys.is_empty() { below(read, keys) } else { below(parsed(read)?, keys) }
    }

    /// As vals does it: the last part of the path is the key when there is no fragment.
    fn vals_vault(&mut self, path: &str, params: &Params, keys: &[String]) -> Result<Answer, Failure> {
        known(params, &["address", "namespace", "version"])?;
        let number = match param(params, "address") {
            None => 0,
            Some(address) => self.vault_at(address)?,
        };
        let namespace = self.policy.vault.get(number).and_then(|server| server.namespace.as_deref());
        if param(params, "namespace").is_some_and(|wanted| Some(wanted) != namespace) {
            let help = "name that namespace in the policy, or leave it out of the reference";
            return Err(Failure::new("it asks in another namespace than the policy does", help));
        }
        let (path, keys) = match (keys, path.rsplit_once('/')) {
            ([], Some((path, key))) => (path, vec![key.to_owned()]),
            ([], None) => {
                return Err(Failure::new("it names no key", "write ref+vault://secret/db#/password"));
            }
            (keys, _) => (path, keys.to_vec()),
        };
        let wanted = vault::Wanted::new(path, param(params, "version"), None, false)?;
        below(self.of_vault(number, &wanted)?, &keys)
    }

    /// The server of that address, when the policy names it.
    fn vault_at(&self, address: &str) -> Result<usize, Failure> {
        let plain = |address: &str| address.trim_end_matches('/').to_owned();
        let servers = self.policy.vault.iter().map(|server| vault::address(server).unwrap_or_default());
        servers.into_iter().position(|known| plain(&known) == plain(address)).ok_or_else(|| {
            let help = "the policy's secrets.resolve.vault says who may be asked; leave the address out of the reference";
            Failure::new("it asks a Vault server that the policy does not name", help)
        })
    }

    fn vals_aws(&mut self, path: &str, params: &Params) -> Result<Read, Failure> {
        known(params, &["region", "version_id", "version_stage"])?;
        let in_arn = path.strip_prefix("arn:").and_then(|rest| rest.split(':').nth(2));
        let number = match param(params, "region").or(in_arn) {
            None => 0,
            Some(region) => {
                let regions = self.policy.aws.iter().map(|manager| aws::region(manager).unwrap_or_default());
                regions.into_iter().position(|known| known == region).ok_or_else(|| {
                    let help = "secrets.resolve.aws of the policy says which regions may be asked";
                    Failure::new(
                        format!("it asks in the region {region}, which the policy does not name"),
                        help,
                    )
                })?
            }
        };
        let wanted = aws::Wanted::new(path, param(params, "version_id"), param(params, "version_stage"));
        self.of_aws(number, &wanted)
    }

    /// `exec://CMD/ARG?args=a,b`, as vals makes its words of it.
    fn exec(&mut self, path: &str, params: &Params) -> Result<Read, Failure> {
        known(params, &["args", "timeout", "trim"])?;
        let path = path.trim_end_matches('/');
        let mut words: Vec<String> = if path.starts_with('/') {
            vec![path.to_owned()]
        } else {
            path.split('/').map(str::to_owned).collect()
        };
        words.extend(param(params, "args").into_iter().flat_map(|args| args.split(',')).map(str::to_owned));
        if !self.policy.exec.contains(&words) {
            let help = "secrets.resolve.exec of the policy lists the commands that references may run, word for word";
            return Err(Failure::new("it runs a command that the policy does not allow", help));
        }
        self.printed(&words)
    }

    /// A backend that a command of the policy answers for.
    fn backend(&mut self, backend: &str, path: &str, keys: &[String]) -> Result<Read, Failure> {
        let Some(words) = self.policy.backends.get(backend) else {
            let served = "vault, openbao, awssecrets, file, envsubst, echo, exec";
            if BACKENDS.contains(&backend) {
                let what =
                    format!("the backend {backend} is not served by hardtack itself (it serves {served})");
                let help = format!(
                    "a command can: secrets: {{resolve: {{backends: {{{backend}: [vals, get, \"{{reference}}\"]}}}}}} in the policy"
                );
                return Err(Failure::new(what, help));
            }
            let help = hint(backend, BACKENDS.iter().copied(), &format!("hardtack serves {served}"));
            return Err(Failure::new(format!("there is no backend {backend}"), help));
        };
        let key = keys.join("/");
        let fragment = if keys.is_empty() { String::new() } else { format!("#/{key}") };
        let reference = format!("ref+{backend}://{path}{fragment}");
        let mut filled = Vec::new();
        for word in words {
            let new = word.replace("{reference}", &reference).replace("{path}", path).replace("{key}", &key);
            if new.starts_with('-') && !word.starts_with('-') {
                return Err(Failure::new(
                    "it would be taken for an option of the command",
                    "begin it with something else",
                ));
            }
            filled.push(new);
        }
        // Where the command got the key, what it prints is the value.
        let takes_key = words.iter().any(|word| word.contains("{reference}") || word.contains("{key}"));
        let read = self.printed(&filled)?;
        if takes_key && !keys.is_empty() { Ok(nested(read, keys)) } else { Ok(read) }
    }

    fn printed(&mut self, words: &[String]) -> Result<Read, Failure> {
        let program = words.first().map_or("", String::as_str);
        self.of_command(words)?.ok_or_else(|| Failure::missing(format!("{program} prints nothing")))
    }
}

/// A value as what stands below some keys.
fn nested((held, source): Read, keys: &[String]) -> Read {
    let held = Held::clone(&held);
    let tree = keys.iter().rev().fold(held, |held, key| Held::Map(vec![(key.clone(), held)]));
    (Arc::new(tree), source)
}

fn param<'p>(params: &'p Params, name: &str) -> Option<&'p str> {
    params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// Refuses parameters that are not known: what they ask for would be passed over in silence.
fn known(params: &Params, names: &[&str]) -> Result<(), Failure> {
    let Some((unknown, _)) = params.iter().find(|(key, _)| !names.contains(&key.as_str())) else {
        return Ok(());
    };
    let taken =
        if names.is_empty() { "none is".to_owned() } else { format!("only {} are", names.join(", ")) };
    Err(Failure::new(
        format!("the parameter {unknown:?} is not taken from a reference; {taken}"),
        "who is asked, and as whom, is the policy's word: secrets.resolve",
    ))
}

/// `a/b/c` is `c` below the keys `a` and `b`.
fn echo(path: &str, keys: &[String]) -> Result<Answer, Failure> {
    let path = path.trim_end_matches('/');
    let rest = keys.iter().try_fold(path, |rest, key| rest.strip_prefix(key.as_str())?.strip_prefix('/'));
    match rest.filter(|rest| keys.is_empty() || !rest.contains('/')) {
        Some(rest) => {
            Ok(Answer { held: Held::Text(Plain::from(rest.to_owned())), source: "echo".to_owned() })
        }
        None => Err(Failure::missing("the path has no such keys")),
    }
}

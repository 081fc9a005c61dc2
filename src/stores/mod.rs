//! The stores that secrets come from: files, variables, commands, Vault, AWS Secrets Manager.
//!
//! What may be asked is the policy's word alone (`policy::resolve`): a reference that names an address, a folder, a variable or
//! a command that the policy does not allow is refused before anything is opened. Nothing is set up before it is needed.

mod aws;
mod budget;
pub mod cache;
pub mod command;
mod files;
mod http;
mod own;
mod vals;
mod variables;
mod vault;

use std::sync::Arc;

pub use cache::Cache;

use crate::policy::Resolve;
use crate::policy::resolve::PlaceholderStore;
use crate::resolve::{Answer, Failure, Question};
use crate::secrets::reference::Held;

use budget::Budget;

/// The largest thing that a store may hand over: what a Secret may hold.
pub const LARGEST: u64 = 1 << 20;

/// The stores that a policy allows, for one run.
#[derive(Debug)]
pub struct Stores<'p> {
    policy: &'p Resolve,
    cache: &'p mut Cache,
    budget: Budget,
    vault: Vec<Option<vault::Session>>,
    aws: Vec<Option<aws::Session>>,
}

/// How values begin that SOPS encrypted: as a password they are nothing.
const ENCRYPTED: &[u8] = b"ENC[AES256_GCM,";

/// What was read, and where.
type Read = (Arc<Held>, String);

impl<'p> Stores<'p> {
    /// The stores of a policy. What `cache` holds from earlier runs counts as long as it is fresh.
    #[must_use]
    pub fn new(policy: &'p Resolve, cache: &'p mut Cache) -> Self {
        let vault = policy.vault.iter().map(|_| None).collect();
        let aws = policy.aws.iter().map(|_| None).collect();
        Self { policy, cache, budget: Budget::new(policy.timeout, policy.budget), vault, aws }
    }

    /// A secret of a Vault server, all its keys.
    fn of_vault(&mut self, number: usize, wanted: &vault::Wanted) -> Result<Read, Failure> {
        let server = self.policy.vault.get(number).ok_or_else(|| {
            Failure::new(
                "the policy names no Vault server",
                "secrets: {resolve: {vault: [{address: https://vault.acme.internal:8200}]}}",
            )
        })?;
        let session = match &mut self.vault[number] {
            Some(session) => session,
            none => none.insert(vault::Session::new(server)?),
        };
        let source = format!("vault {}", session.address());
        let key = format!("{source} {wanted:?}");
        let budget = &self.budget;
        let held = self.cache.get_or(&key, self.policy.ttl, || session.read(wanted, budget))?;
        Ok((held, source))
    }

    /// A secret of AWS Secrets Manager.
    fn of_aws(&mut self, number: usize, wanted: &aws::Wanted) -> Result<Read, Failure> {
        let manager = self.policy.aws.get(number).ok_or_else(|| {
            let help = "secrets: {resolve: {aws: [{region: eu-central-1}]}}";
            Failure::new("the policy names no AWS Secrets Manager", help)
        })?;
        let session = match &mut self.aws[number] {
            Some(session) => session,
            none => none.insert(aws::Session::new(manager)?),
        };
        let source = format!("AWS Secrets Manager {}", session.region());
        let key = format!("{source} {wanted:?}");
        let (budget, pass) = (&self.budget, &self.policy.pass);
        let held = self.cache.get_or(&key, self.policy.ttl, || session.read(wanted, budget, pass))?;
        Ok((held, source))
    }

    /// What a command prints; `None` when that is nothing.
    fn of_command(&mut self, words: &[String]) -> Result<Option<Read>, Failure> {
        let source = format!("command {}", words.first().map_or("", String::as_str));
        let key = format!("{words:?}");
        let (budget, pass) = (&self.budget, &self.policy.pass);
        let run = || command::run(words, pass, budget.next()?).map(Held::Text);
        let held = self.cache.get_or(&key, self.policy.ttl, run)?;
        let nothing = matches!(&*held, Held::Text(plain) if plain.expose().is_empty());
        Ok((!nothing).then_some((held, source)))
    }

    fn placeholder(
        &mut self,
        path: &str,
        key: &str,
        version: Option<&str>,
        kv: Option<u8>,
    ) -> Result<Answer, Failure> {
        let store = match (self.policy.placeholders, self.policy.vault.is_empty(), self.policy.aws.is_empty())
        {
            (Some(store), ..) => store,
            (None, _, true) => PlaceholderStore::Vault,
            (None, true, false) => PlaceholderStore::Aws,
            (None, false, false) => {
                let help = "secrets: {resolve: {placeholders: vault}}, or aws";
                return Err(Failure::new(
                    "the policy names both Vault and AWS and not whom placeholders ask",
                    help,
                ));
            }
        };
        let read = match store {
            PlaceholderStore::Vault => {
                let wanted = vault::Wanted::new(path, version, kv, true)?;
                self.of_vault(0, &wanted)?
            }
            PlaceholderStore::Aws => {
                let wanted = aws::Wanted::new(path, version, None);
                parsed(self.of_aws(0, &wanted)?)?
            }
        };
        below(read, &[key.to_owned()])
    }
}

impl crate::resolve::Stores for Stores<'_> {
    fn answer(&mut self, question: &Question) -> Result<Answer, Failure> {
        match question {
            Question::Own { name, key } => self.own(name, key),
            Question::Vals { backend, path, params, keys } => self.vals(backend, path, params, keys),
            Question::Placeholder { path, key, version, kv } => {
                self.placeholder(path, key, version.as_deref(), *kv)
            }
        }
    }
}

/// What stands under some keys of what was read; all of it without keys.
fn below((held, source): Read, keys: &[String]) -> Result<Answer, Failure> {
    match held.at(keys) {
        Some(Held::Text(plain)) if plain.expose().starts_with(ENCRYPTED) => {
            let help = "decrypt it on the way: a command in secrets.resolve can, such as [sops, decrypt, --extract, …]";
            Err(Failure::new(format!("{source} holds a value that SOPS encrypted"), help))
        }
        Some(held) => Ok(Answer { held: held.clone(), source }),
        None => Err(Failure::missing(format!("{source} has no key {}", keys.join("/")))),
    }
}

/// A text of JSON or YAML, read.
fn parsed((held, source): Read) -> Result<Read, Failure> {
    let Held::Text(plain) = &*held else { return Ok((held, source)) };
    match Held::from_text(plain) {
        Some(tree) => Ok((Arc::new(tree), source)),
        None => {
            let help = "leave the key out of the reference to take all of it";
            Err(Failure::new(
                format!("{source}: the value is neither JSON nor YAML, so it has no keys"),
                help,
            ))
        }
    }
}

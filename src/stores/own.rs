//! `hardtack://NAME/KEY`: place by place in the policy's order, and the first that has it answers. A place that fails ends the
//! search: a value must not come from the second place because the first one is down.

use std::path::Path;
use std::sync::Arc;

use super::{Read, Stores, aws, below, files, parsed, variables, vault};
use crate::policy::resolve::Place;
use crate::resolve::{Answer, Failure};
use crate::secrets::Plain;
use crate::secrets::reference::Held;

impl Stores<'_> {
    pub(super) fn own(&mut self, name: &str, key: &str) -> Result<Answer, Failure> {
        let policy = self.policy;
        if policy.order.is_empty() {
            let help = "secrets: {resolve: {order: [{mount: /run/secrets/shop}, {environment: SHOP_}]}} in the policy";
            return Err(Failure::new("the policy names no place to look for it", help));
        }
        let mut looked = Vec::new();
        for place in &policy.order {
            match self.look(place, name, key) {
                Ok(Some((held, source))) => return Ok(Answer { held: Held::clone(&held), source }),
                Err(failure) if !failure.missing => return Err(failure),
                Ok(None) | Err(_) => looked.push(words(place, name, key)),
            }
        }
        Err(Failure::missing(format!("no place has it: not {}", looked.join(", not "))))
    }

    fn look(&mut self, place: &Place, name: &str, key: &str) -> Result<Option<Read>, Failure> {
        let keys = [key.to_owned()];
        let found = |plain: Plain, source: String| Some((Arc::new(Held::Text(plain)), source));
        match place {
            Place::Mount(folder) => {
                let plain = files::mounted(folder, name, key)?;
                Ok(plain.and_then(|plain| found(plain, format!("folder {}", folder.display()))))
            }
            Place::Environment(prefix) => {
                let value = variables::value(&variable(prefix, name, key))?;
                Ok(value.and_then(|value| found(Plain::from(value), "environment".to_owned())))
            }
            Place::Command(words) => {
                let words: Vec<String> =
                    words.iter().map(|word| word.replace("{name}", name).replace("{key}", key)).collect();
                self.of_command(&words)
            }
            Place::File(path) => {
                let path = path.display().to_string().replace("{name}", name);
                let source = format!("file {path}");
                let Some(plain) = files::named(Path::new(&path))? else { return Ok(None) };
                let answer = below(parsed((Arc::new(Held::Text(plain)), source))?, &keys)?;
                Ok(Some((Arc::new(answer.held), answer.source)))
            }
            Place::Vault(path) => {
                let wanted = vault::Wanted::new(&path.replace("{name}", name), None, None, false)?;
                let answer = below(self.of_vault(0, &wanted)?, &keys)?;
                Ok(Some((Arc::new(answer.held), answer.source)))
            }
            Place::Aws(id) => {
                let wanted = aws::Wanted::new(&id.replace("{name}", name), None, None);
                let answer = below(parsed(self.of_aws(0, &wanted)?)?, &keys)?;
                Ok(Some((Arc::new(answer.held), answer.source)))
            }
        }
    }
}

/// `SHOP_DB_PASSWORD` for `db/password` below `SHOP_`.
fn variable(prefix: &str, name: &str, key: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    let rest: String = format!("{name}_{key}").chars().map(plain).collect();
    format!("{prefix}{rest}")
}

/// A place, for messages.
fn words(place: &Place, name: &str, key: &str) -> String {
    match place {
        Place::Mount(folder) => format!("the folder {}", folder.display()),
        Place::Environment(prefix) => format!("the variable {}", variable(prefix, name, key)),
        Place::Command(words) => format!("the command {}", words.first().map_or("", String::as_str)),
        Place::File(path) => format!("the file {}", path.display().to_string().replace("{name}", name)),
        Place::Vault(path) => format!("Vault's {}", path.replace("{name}", name)),
        Place::Aws(id) => format!("AWS's {}", id.replace("{name}", name)),
    }
}

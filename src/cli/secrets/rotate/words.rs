//! What is said about a rotation: which keys and days, never a value.

use super::Order;
use crate::cli::config::Config;
use crate::cli::output::to_stderr;
use crate::secrets::replace::Replacement;

/// What was done, taken down before it is.
pub(super) struct Words(String);

impl Words {
    pub(super) fn of(order: &Order<'_>, change: &Replacement) -> Self {
        let Order { name, key, file, .. } = order;
        let mut lines = Vec::new();
        let new: Vec<String> = change.set.iter().map(|(key, _)| format!("{name}/{key}")).collect();
        match &new[..] {
            [] if change.dropped.is_empty() => {
                lines.push(format!("{name} in {file} keeps nothing whose time is over"))
            }
            [] => {}
            [one] => lines.push(format!("{one} is new in {file}")),
            all => lines.push(format!("{} are new in {file}", all.join(" and "))),
        }
        let until = order.today.plus_days(order.overlap);
        for (key, kept) in &change.kept {
            lines.push(format!("the value of {key} before is kept as {kept} until {until}"));
        }
        if !change.dropped.is_empty() {
            lines.push(format!("taken out of {name} in {file}: {}", change.dropped.join(", ")));
        }
        let next = match (new.is_empty(), change.kept.is_empty()) {
            (true, _) if change.dropped.is_empty() => None,
            (true, _) => Some("next: deploy it".to_owned()),
            (false, true) => Some(
                "next: deploy it; whatever still uses the value before fails then (--overlap 7d would have kept it)"
                    .to_owned(),
            ),
            (false, false) => Some(format!(
                "next: deploy it, and let whatever uses it take the new value; once {until} is over the next rotation \
                 drops the old one, and so does: hardtack secrets rotate {name}/{key} {}--drop",
                order.file_words()
            )),
        };
        lines.extend(next);
        Self(lines.join("\n") + "\n")
    }

    pub(super) fn say(&self, config: &Config) {
        if !config.common.quiet {
            to_stderr(&self.0);
        }
    }
}

impl Order<'_> {
    /// How the file is named again.
    fn file_words(&self) -> String {
        if self.wanted.manifest.is_none() && self.file == "secrets.sops.yaml" {
            return String::new();
        }
        shlex::try_quote(&self.file).map_or_else(|_| String::new(), |file| format!("{file} "))
    }
}

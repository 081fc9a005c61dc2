//! `cargo xtask new-rule ID`: the file, the folder of fixtures and the word in the table.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::run::say;

/// Writes a rule that compiles and finds nothing yet; its tests fail until it does.
pub fn write(root: &Path, args: &[String]) -> Result<()> {
    let [id] = args else { bail!("name the rule: cargo xtask new-rule host-clock") };
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !id.chars().all(legal) || id.starts_with('-') || id.ends_with('-') {
        bail!("{id:?} is no rule id: lower-case words with hyphens that read well after \"allow\"");
    }
    let name = id.replace('-', "_");
    let rules = root.join("src/rules");
    let file = rules.join(format!("{name}.rs"));
    if file.exists() {
        bail!("{} exists", file.display());
    }
    let table = rules.join("mod.rs");
    let text = fs::read_to_string(&table).context("src/rules/mod.rs")?;
    let start = text.find("\nrules! {").context("the table in src/rules/mod.rs")?;
    let end = start + text[start..].find("\n}").context("the end of the table")?;
    fs::write(&table, format!("{}\n    {name}{}", &text[..end], &text[end..]))?;
    fs::write(&file, rule_text(id))?;
    fs::create_dir_all(rules.join(id))?;
    fs::write(rules.join(id).join("example.before.yaml"), EXAMPLE)?;
    fs::write(rules.join(id).join("fine.same.yaml"), EXAMPLE)?;
    say(format_args!(
        "written: src/rules/{name}.rs, src/rules/{id}/, a word in src/rules/mod.rs\n\
         next: the doc and the check, the two fixtures, then HARDTACK_BLESS=1 cargo test --test rules {id}"
    ))
}

const EXAMPLE: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: web
          image: ghcr.io/acme/web:1.0.0
";

fn rule_text(id: &str) -> String {
    format!(
        "//! `{id}`.

use crate::k8s::{{Container, Release}};
use crate::rule::Findings;

crate::rule! {{
    /// What is wrong, in one line with a full stop.
    ///
    /// # Why
    /// What it costs.
    ///
    /// # Fix
    /// What is written, on which evidence, and what it may break; or why nothing is.
    \"{id}\", No, [low, medium, high],
    standards: [],
    peers: [],
    Container => check
}}

fn check(_: &Release<'_>, container: &Container<'_>, findings: &mut Findings<'_>) {{
    if container.get(\"theFieldThatIsWrong\").is_some() {{
        findings.add(container.at(\"theFieldThatIsWrong\").wrong(\"says what is wrong\").help(\"what to do\"));
    }}
}}
"
    )
}

//! The team's own rules of a policy file: named, read and added to the policy.

use super::inside;
use super::source::Source;
use crate::error::Error;
use crate::own::schemas::{Reader, SchemaTerms, rule::DEFAULT_ID};
use crate::policy::{OwnRule, Policy};
use crate::rules;
use crate::yaml::Route;

/// Adds the `schemas:` of a file.
///
/// # Errors
/// [`Error::Policy`] for an entry or a schema that is wrong.
pub(super) fn schemas(entries: Vec<SchemaTerms>, source: &Source, policy: &mut Policy) -> Result<(), Error> {
    if entries.is_empty() {
        return Ok(());
    }
    let folder = inside::Folder::new(&source.folder);
    let reader = Reader::new(move |path| folder.read(path, crate::own::schemas::document::LARGEST));
    let mut names = Names::default();
    for (number, terms) in entries.into_iter().enumerate() {
        let route = Route::root().key("schemas").index(number);
        let origin = source.line(&route);
        let rule = terms.into_rule(origin, &reader);
        let rule = rule.map_err(|fault| source.wrong(&route, fault.message, fault.help))?;
        names.add(rule, &route, source, policy)?;
    }
    Ok(())
}

/// The ids of one list of a file.
#[derive(Default)]
struct Names(Vec<String>);

impl Names {
    /// Adds one rule; those of the same id that a layer below states give way.
    ///
    /// # Errors
    /// [`Error::Policy`] for an id that is none, that a rule of the table has, or that the list has already.
    fn add(
        &mut self,
        rule: OwnRule,
        route: &Route,
        source: &Source,
        policy: &mut Policy,
    ) -> Result<(), Error> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let id = &rule.id;
        let route = route.key("id");
        if id.is_empty() || !id.bytes().all(plain) || id.starts_with('-') || id.ends_with('-') {
            let what = format!("{id:?} is no id: an id is made of a-z, 0-9 and - between them");
            return Err(source.wrong(&route, what, "name the defect, such as database-url-malformed"));
        }
        if rules::find(id).is_some() {
            let what = format!("{id} is a rule of hardtack itself");
            let help = "take another name; rules: sets what hardtack's own rules do";
            return Err(source.wrong(&route, what, help));
        }
        let again = self.0.contains(id);
        if again && id != DEFAULT_ID {
            let what = format!("the id {id} comes twice");
            return Err(source.wrong(&route, what, "each rule has a name of its own"));
        }
        if !again {
            policy.own.retain(|other| other.id != *id);
            self.0.push(id.clone());
        }
        policy.own.push(rule);
        Ok(())
    }
}

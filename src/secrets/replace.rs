//! What replacing a value changes in a secret, whatever form that has: the new value, the old one for a while, the notes.

use std::borrow::Cow;

use super::Plain;
use super::rotation::Note;
use crate::date::Date;

/// Under which key the value before is kept.
#[must_use]
pub fn previous(key: &str) -> String {
    format!("{key}-previous")
}

/// How to replace a value.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'t> {
    /// The day.
    pub today: Date,
    /// For how many days the old value is kept; 0 for not at all.
    pub overlap: u32,
    /// How long the new one is good for, as its note says it: `90d`, or a day.
    pub rotate_after: Option<&'t str>,
    /// Drop an old value that is to be kept still.
    pub force: bool,
}

/// What changes. Applied in the order of its fields.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Replacement {
    /// Keys that go, because nobody is to use them any more.
    pub dropped: Vec<String>,
    /// The key whose value is kept, and the one under which.
    pub kept: Option<(String, String)>,
    /// New values by key.
    pub set: Vec<(String, Plain)>,
    /// Annotations that are set, or taken out.
    pub notes: Vec<(String, Option<String>)>,
}

/// A secret as it stands: its keys and annotations.
pub struct Standing<'s> {
    /// The keys.
    pub keys: Vec<String>,
    /// An annotation by its name.
    pub annotation: &'s dyn Fn(&str) -> Option<Cow<'s, str>>,
}

impl Standing<'_> {
    fn has(&self, key: &str) -> bool {
        self.keys.iter().any(|known| known == key)
    }

    /// The last day on which the value before that of a key is kept.
    fn kept_until(&self, key: &str) -> Result<Option<Date>, String> {
        let Some(name) = Note::PreviousUntil.of_key(key) else { return Ok(None) };
        let text = (self.annotation)(&name);
        text.map(|text| text.parse().map_err(|why| format!("{name}: {why}"))).transpose()
    }
}

impl Replacement {
    /// Replaces the value of a key by the first of `fresh`; what else is in it (a public key) is set beside.
    ///
    /// # Errors
    /// The key is not there, cannot be annotated, or its old value is still to be kept.
    pub fn of(
        standing: &Standing<'_>,
        fresh: Vec<(String, Plain)>,
        terms: Terms<'_>,
    ) -> Result<Self, String> {
        let Some(key) = fresh.first().map(|(key, _)| key.clone()) else { return Ok(Self::default()) };
        if !standing.has(&key) {
            return Err(format!("it has no key {key}"));
        }
        let mut change = Self { set: fresh, ..Self::default() };
        for base in standing.keys.iter().filter(|base| standing.has(&previous(base))) {
            let until = standing.kept_until(base)?;
            if until.is_none_or(|until| until < terms.today) {
                // Without a day it is none of ours, unless it stands in the way.
                if until.is_some() {
                    change.dropped.push(previous(base));
                    change.notes.extend(Note::PreviousUntil.of_key(base).map(|name| (name, None)));
                }
            } else if *base == key && !terms.force {
                let day = until.map(|day| day.to_string()).unwrap_or_default();
                return Err(format!("{} is to be kept until {day}", previous(&key)));
            }
        }
        change.note(&key, terms)?;
        Ok(change)
    }

    fn note(&mut self, key: &str, terms: Terms<'_>) -> Result<(), String> {
        let name = |note: Note| {
            note.of_key(key).ok_or_else(|| format!("{key} cannot be the name of an annotation: it begins or ends with a sign, or is longer than 63 characters"))
        };
        self.notes.push((name(Note::Issued)?, Some(terms.today.to_string())));
        self.notes.push((name(Note::Source)?, Some("hardtack secrets rotate".to_owned())));
        if let Some(good_for) = terms.rotate_after {
            self.notes.push((name(Note::RotateAfter)?, Some(good_for.to_owned())));
        }
        let kept = previous(key);
        self.notes.retain(|(known, _)| Some(known) != Note::PreviousUntil.of_key(key).as_ref());
        if terms.overlap > 0 {
            let until = terms.today.plus_days(terms.overlap);
            self.dropped.retain(|dropped| *dropped != kept);
            self.kept = Some((key.to_owned(), kept));
            self.notes.push((name(Note::PreviousUntil)?, Some(until.to_string())));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: &str = "2026-11-26";

    fn change(
        keys: &[&str],
        notes: &[(&str, &str)],
        overlap: u32,
        force: bool,
    ) -> Result<Replacement, String> {
        let annotation =
            |name: &str| notes.iter().find(|(known, _)| *known == name).map(|(_, text)| Cow::Borrowed(*text));
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        let fresh = vec![("jwt".to_owned(), Plain::from("new".to_owned()))];
        let terms = Terms { today: TODAY.parse().unwrap(), overlap, rotate_after: Some("90d"), force };
        Replacement::of(&Standing { keys, annotation: &annotation }, fresh, terms)
    }

    #[test]
    fn the_old_value_is_kept_for_the_overlap() {
        let change = change(&["jwt"], &[], 7, false).unwrap();
        assert_eq!(change.kept, Some(("jwt".to_owned(), "jwt-previous".to_owned())));
        let note = |name: &str| {
            change.notes.iter().find(|(known, _)| known == name).and_then(|(_, text)| text.clone())
        };
        assert_eq!(note("issued.hardtack.dev/jwt").as_deref(), Some(TODAY));
        assert_eq!(note("rotate-after.hardtack.dev/jwt").as_deref(), Some("90d"));
        assert_eq!(note("previous-until.hardtack.dev/jwt").as_deref(), Some("2026-12-03"));
    }

    #[test]
    fn an_old_value_goes_when_its_time_is_over() {
        let over = [("previous-until.hardtack.dev/api", "2026-11-25")];
        let change = change(&["jwt", "api", "api-previous", "own-previous", "own"], &over, 0, false).unwrap();
        assert_eq!(change.dropped, ["api-previous"]);
        assert_eq!(change.kept, None);
        assert!(change.notes.contains(&("previous-until.hardtack.dev/api".to_owned(), None)));
    }

    #[test]
    fn an_old_value_still_in_use_is_not_dropped_unasked() {
        let kept = [("previous-until.hardtack.dev/jwt", TODAY)];
        let keys = ["jwt", "jwt-previous"];
        assert_eq!(
            change(&keys, &kept, 7, false).unwrap_err(),
            "jwt-previous is to be kept until 2026-11-26"
        );
        assert!(change(&keys, &kept, 7, true).is_ok());
        assert_eq!(change(&["other"], &[], 7, false).unwrap_err(), "it has no key jwt");
    }
}

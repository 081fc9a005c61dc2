//! What replacing a value changes in a secret, whatever form that has: the new value, the old one for a while, the notes.

use std::borrow::Cow;

use super::rotation::{self, Note, Rotation, State, previous};
use super::{Fault, Plain};
use crate::date::Date;

/// Under which key the public half of a pair of keys stands.
#[must_use]
pub fn public(key: &str) -> String {
    format!("{key}.pub")
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
    /// Drop an old value that is to be kept still, and pass over what else speaks against it.
    pub force: bool,
}

/// What changes. Applied in the order of its fields.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Replacement {
    /// Keys that go, because nobody is to use them any more.
    pub dropped: Vec<String>,
    /// The keys whose value is kept, and those under which.
    pub kept: Vec<(String, String)>,
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
    fn kept_until(&self, key: &str) -> Result<Option<Date>, Fault> {
        let Some(name) = Note::PreviousUntil.of_key(key) else { return Ok(None) };
        let text = (self.annotation)(&name);
        text.map(|text| text.parse().map_err(|why: String| unread(format!("{name}: {why}")))).transpose()
    }
}

fn unread(why: String) -> Fault {
    Fault::new(why, "mend the annotation")
}

impl Replacement {
    /// Takes out the values that were kept and whose time is over.
    ///
    /// # Errors
    /// An annotation cannot be read.
    pub fn drop_over(standing: &Standing<'_>, today: Date) -> Result<Self, Fault> {
        let mut change = Self::default();
        for base in standing.keys.iter().filter(|base| standing.has(&previous(base))) {
            // Without a day it is none of ours.
            if standing.kept_until(base)?.is_some_and(|until| until < today) {
                change.dropped.push(previous(base));
                change.notes.extend(Note::PreviousUntil.of_key(base).map(|name| (name, None)));
            }
        }
        Ok(change)
    }

    /// Replaces the value of a key by the first of `fresh`; what else is in it (a public key) is set beside.
    ///
    /// # Errors
    /// The key is not there, cannot be annotated, its old value is still to be kept, or the new one would be due at once.
    pub fn of(standing: &Standing<'_>, fresh: Vec<(String, Plain)>, terms: Terms<'_>) -> Result<Self, Fault> {
        let mut change = Self::drop_over(standing, terms.today)?;
        let Some((key, _)) = fresh.first() else { return Ok(change) };
        if !standing.has(key) {
            return Err(Fault::new(format!("there is no key {key}"), "it is made where the secret is made"));
        }
        let half = public(key);
        if standing.has(&half) && fresh.len() == 1 && !terms.force {
            let what = format!("{half} is the public half of {key}, and would belong to it no more");
            return Err(Fault::new(
                what,
                "--key-pair makes both anew; --force leaves the public one as it is",
            ));
        }
        for (key, _) in &fresh {
            change.replace(standing, key, terms)?;
        }
        for (key, _) in &fresh {
            change.is_good_for_a_while(standing, key, terms.today)?;
        }
        change.set = fresh;
        Ok(change)
    }

    fn replace(&mut self, standing: &Standing<'_>, key: &str, terms: Terms<'_>) -> Result<(), Fault> {
        let kept = previous(key);
        let until = standing.kept_until(key)?;
        if standing.has(&kept) && !self.dropped.contains(&kept) {
            match until {
                _ if terms.force => self.dropped.extend(until.map(|_| kept.clone())),
                Some(day) => {
                    let help =
                        "rotate again after that day; --force drops it now, and who still uses it fails";
                    return Err(Fault::new(format!("{kept} is to be kept until {day}"), help));
                }
                None if terms.overlap > 0 => {
                    let what =
                        format!("{kept} stands in the way, and no annotation says what it is kept for");
                    return Err(Fault::new(
                        what,
                        "rename it; --force writes over it; --overlap 0d keeps nothing",
                    ));
                }
                None => {}
            }
        }
        self.note(key, Note::Issued, Some(terms.today.to_string()))?;
        self.note(key, Note::Source, Some("hardtack secrets rotate".to_owned()))?;
        if let Some(good_for) = terms.rotate_after {
            self.note(key, Note::RotateAfter, Some(good_for.to_owned()))?;
        }
        let own = |note: Note| note.of_key(key).and_then(|name| (standing.annotation)(&name));
        if own(Note::Expires).is_some() {
            // The day was that of the value before.
            self.note(key, Note::Expires, None)?;
        }
        if terms.overlap > 0 && standing.has(key) {
            self.dropped.retain(|dropped| *dropped != kept);
            self.kept.push((key.to_owned(), kept));
            let until = terms.today.plus_days(terms.overlap);
            self.note(key, Note::PreviousUntil, Some(until.to_string()))?;
        } else if self.dropped.contains(&kept) {
            self.note(key, Note::PreviousUntil, None)?;
        }
        Ok(())
    }

    fn note(&mut self, key: &str, note: Note, text: Option<String>) -> Result<(), Fault> {
        let name = note.of_key(key).ok_or_else(|| {
            let what = format!("{key} cannot be the name of an annotation");
            let help = "that begins and ends with a letter or digit and has 63 characters at most: give it another name";
            Fault::new(what, help)
        })?;
        self.notes.retain(|(known, _)| *known != name);
        self.notes.push((name, text));
        Ok(())
    }

    /// A day that an annotation names outright holds for the new value too.
    fn is_good_for_a_while(&self, standing: &Standing<'_>, key: &str, today: Date) -> Result<(), Fault> {
        let annotation = |name: &str| match self.notes.iter().find(|(known, _)| known == name) {
            Some((_, text)) => text.clone().map(Cow::Owned),
            None => (standing.annotation)(name),
        };
        let new = Rotation::read(&annotation, key).map_err(unread)?;
        let over = |note: Note, day: Date| {
            let name = note.of_key(key).filter(|name| annotation(name).is_some());
            let name = name.unwrap_or_else(|| note.of_object());
            Fault::new(
                format!("{name} says {day}, and the new value of {key} would be past that day at once"),
                "--rotate-after 90d says how long it is good for; a day it expires on is to be mended in the file",
            )
        };
        match new.state(today, rotation::Terms { max_age: None, warn: 0 }) {
            State::Due(day) => Err(over(Note::RotateAfter, day)),
            State::Expired(day) => Err(over(Note::Expires, day)),
            State::Unknown | State::Fresh | State::Soon(_) => Ok(()),
        }
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
        with(&["jwt"], keys, notes, Terms { today: today(), overlap, rotate_after: Some("90d"), force })
    }

    fn today() -> Date {
        TODAY.parse().unwrap()
    }

    fn with(
        fresh: &[&str],
        keys: &[&str],
        notes: &[(&str, &str)],
        terms: Terms<'_>,
    ) -> Result<Replacement, String> {
        let annotation =
            |name: &str| notes.iter().find(|(known, _)| *known == name).map(|(_, text)| Cow::Borrowed(*text));
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        let fresh = fresh.iter().map(|key| ((*key).to_owned(), Plain::from("new".to_owned()))).collect();
        Replacement::of(&Standing { keys, annotation: &annotation }, fresh, terms).map_err(|fault| fault.what)
    }

    fn note<'c>(change: &'c Replacement, name: &str) -> Option<Option<&'c str>> {
        let found = change.notes.iter().find(|(known, _)| known == name);
        found.map(|(_, text)| text.as_deref())
    }

    #[test]
    fn the_old_value_is_kept_for_the_overlap() {
        let change = change(&["jwt"], &[], 7, false).unwrap();
        assert_eq!(change.kept, [("jwt".to_owned(), "jwt-previous".to_owned())]);
        assert_eq!(note(&change, "issued.hardtack.dev/jwt"), Some(Some(TODAY)));
        assert_eq!(note(&change, "rotate-after.hardtack.dev/jwt"), Some(Some("90d")));
        assert_eq!(note(&change, "previous-until.hardtack.dev/jwt"), Some(Some("2026-12-03")));
    }

    #[test]
    fn an_old_value_goes_when_its_time_is_over() {
        let over = [("previous-until.hardtack.dev/api", "2026-11-25")];
        let change = change(&["jwt", "api", "api-previous", "own-previous", "own"], &over, 0, false).unwrap();
        assert_eq!(change.dropped, ["api-previous"]);
        assert_eq!(change.kept, []);
        assert_eq!(note(&change, "previous-until.hardtack.dev/api"), Some(None));
    }

    #[test]
    fn an_old_value_still_in_use_is_not_dropped_unasked() {
        let kept = [("previous-until.hardtack.dev/jwt", TODAY)];
        let keys = ["jwt", "jwt-previous"];
        assert_eq!(
            change(&keys, &kept, 7, false).unwrap_err(),
            "jwt-previous is to be kept until 2026-11-26"
        );
        let forced = change(&keys, &kept, 7, true).unwrap();
        assert_eq!((forced.kept.len(), &forced.dropped[..]), (1, &[][..]));
        let forced = change(&keys, &kept, 0, true).unwrap();
        assert_eq!(forced.dropped, ["jwt-previous"]);
        assert_eq!(note(&forced, "previous-until.hardtack.dev/jwt"), Some(None));
        assert_eq!(change(&["other"], &[], 7, false).unwrap_err(), "there is no key jwt");
    }

    #[test]
    fn a_key_of_somebody_elses_is_not_written_over() {
        let keys = ["jwt", "jwt-previous"];
        assert!(change(&keys, &[], 7, false).unwrap_err().contains("stands in the way"));
        assert_eq!(change(&keys, &[], 0, false).unwrap().dropped, Vec::<String>::new());
        assert_eq!(change(&keys, &[], 7, true).unwrap().kept.len(), 1);
    }

    #[test]
    fn both_halves_of_a_pair_go_together() {
        let terms = Terms { today: today(), overlap: 7, rotate_after: None, force: false };
        let pair = with(&["jwt", "jwt.pub"], &["jwt", "jwt.pub"], &[], terms).unwrap();
        assert_eq!(pair.kept[1], ("jwt.pub".to_owned(), "jwt.pub-previous".to_owned()));
        let first = with(&["jwt", "jwt.pub"], &["jwt"], &[], terms).unwrap();
        assert_eq!((first.kept.len(), first.set.len()), (1, 2));
        assert!(with(&["jwt"], &["jwt", "jwt.pub"], &[], terms).unwrap_err().contains("public half"));
    }

    #[test]
    fn a_new_value_is_not_due_at_once() {
        let past = [("hardtack.dev/rotate-after", "2026-01-01")];
        let terms = Terms { today: today(), overlap: 0, rotate_after: None, force: false };
        let error = with(&["jwt"], &["jwt"], &past, terms).unwrap_err();
        assert!(error.starts_with("hardtack.dev/rotate-after says 2026-01-01"), "{error}");
        assert!(change(&["jwt"], &past, 0, false).is_ok());
        let own = [("expires.hardtack.dev/jwt", "2026-01-01")];
        assert_eq!(note(&change(&["jwt"], &own, 0, false).unwrap(), own[0].0), Some(None));
        let all = [("hardtack.dev/expires", "2026-01-01")];
        assert!(change(&["jwt"], &all, 0, false).unwrap_err().starts_with("hardtack.dev/expires says"));
    }
}

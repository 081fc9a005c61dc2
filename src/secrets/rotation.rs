//! When a secret was made and when it must be made anew, by annotations beside it: never inside what is encrypted, so that
//! they survive every format.

use std::borrow::Cow;

use crate::date::Date;
use crate::k8s::Object;

/// The domain of the annotations. `hardtack.dev/issued` is about the whole object, `issued.hardtack.dev/KEY` about one
/// key and wins for it.
const DOMAIN: &str = "hardtack.dev";

/// What the key ends in under which the value before is kept.
const PREVIOUS: &str = "-previous";

/// Under which key the value before is kept.
#[must_use]
pub fn previous(key: &str) -> String {
    format!("{key}{PREVIOUS}")
}

/// What an annotation says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// The day the value was made: `2026-11-26`.
    Issued,
    /// The last day before it is to be replaced, or how long after its making: `2027-02-24`, `90d`.
    RotateAfter,
    /// The last day it is of use: `2027-03-01`.
    Expires,
    /// Where the value comes from, in words.
    Source,
    /// The last day the value it replaced is kept under `KEY-previous`.
    PreviousUntil,
}

impl Note {
    const fn word(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::RotateAfter => "rotate-after",
            Self::Expires => "expires",
            Self::Source => "source",
            Self::PreviousUntil => "previous-until",
        }
    }

    /// The annotation about a whole object.
    #[must_use]
    pub fn of_object(self) -> String {
        format!("{DOMAIN}/{}", self.word())
    }

    /// The annotation about one key; `None` where the key cannot be the name of an annotation, which holds at most 63
    /// characters and begins and ends with a letter or digit (Kubernetes' qualified names).
    #[must_use]
    pub fn of_key(self, key: &str) -> Option<String> {
        let ends = |end: Option<char>| end.is_some_and(|it| it.is_ascii_alphanumeric());
        let fits = key.len() <= 63 && ends(key.chars().next()) && ends(key.chars().next_back());
        fits.then(|| format!("{}.{DOMAIN}/{key}", self.word()))
    }
}

/// What is known of one key's age.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rotation {
    /// The day it was made.
    pub issued: Option<Date>,
    /// The last day before it is to be replaced.
    pub rotate_after: Option<Date>,
    /// The last day it is of use.
    pub expires: Option<Date>,
    /// Where it comes from.
    pub source: Option<String>,
    /// It is the value that another replaced, kept until it expires: nothing is to be made anew.
    pub kept: bool,
}

/// What a policy demands of every secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Days after which a value whose annotations say nothing else is due.
    pub max_age: Option<u32>,
    /// Days before the day it is due in which it is worth saying.
    pub warn: u32,
}

impl Default for Terms {
    fn default() -> Self {
        Self { max_age: None, warn: 14 }
    }
}

/// How a secret stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nothing says how old it is.
    Unknown,
    /// Nothing to do yet.
    Fresh,
    /// Due on that day, which is near.
    Soon(Date),
    /// To be replaced since that day.
    Due(Date),
    /// Of no use since that day.
    Expired(Date),
}

impl State {
    /// One word for it, for programs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Fresh => "fresh",
            Self::Soon(_) => "soon",
            Self::Due(_) => "due",
            Self::Expired(_) => "expired",
        }
    }
}

impl Rotation {
    /// What an object's annotations say of one of its keys.
    ///
    /// # Errors
    /// The annotation that cannot be read, and why.
    pub fn of(object: &Object<'_>, key: &str) -> Result<Self, String> {
        Self::read(&|name| object.annotation(name), key)
    }

    /// The same, of annotations wherever they stand.
    ///
    /// # Errors
    /// The annotation that cannot be read, and why.
    pub fn read<'t>(annotation: &dyn Fn(&str) -> Option<Cow<'t, str>>, key: &str) -> Result<Self, String> {
        if let Some(until) = kept_until(annotation, key)? {
            return Ok(Self { expires: Some(until), kept: true, ..Self::default() });
        }
        let text = |note: Note| {
            let own = note.of_key(key).and_then(|name| Some((annotation(&name)?, name)));
            own.or_else(|| Some((annotation(&note.of_object())?, note.of_object())))
        };
        let issued = text(Note::Issued).map(|it| date(&it)).transpose()?;
        let rotate_after = match text(Note::RotateAfter) {
            Some(said) => Some(last_day(&said, issued)?),
            None => None,
        };
        let expires = text(Note::Expires).map(|it| date(&it)).transpose()?;
        let source = text(Note::Source).map(|(words, _)| words.into_owned());
        Ok(Self { issued, rotate_after, expires, source, kept: false })
    }

    /// The last day before it is to be replaced: its own, else that of the policy's greatest age.
    #[must_use]
    pub fn due(&self, terms: Terms) -> Option<Date> {
        self.rotate_after.or_else(|| Some(self.issued?.plus_days(terms.max_age?)))
    }

    /// How it stands on a day.
    #[must_use]
    pub fn state(&self, today: Date, terms: Terms) -> State {
        let due = self.due(terms);
        let past = |day: Option<Date>| day.filter(|day| *day < today);
        if let Some(day) = past(self.expires) {
            return State::Expired(day);
        }
        if self.kept {
            return State::Fresh;
        }
        if let Some(day) = past(due) {
            return State::Due(day);
        }
        let next = due.into_iter().chain(self.expires).min();
        match next {
            Some(day) if day <= today.plus_days(terms.warn) => State::Soon(day),
            None if self.issued.is_none() => State::Unknown,
            _ => State::Fresh,
        }
    }
}

/// The last day of a value that is kept for another; `None` for every other key.
fn kept_until<'t>(
    annotation: &dyn Fn(&str) -> Option<Cow<'t, str>>,
    key: &str,
) -> Result<Option<Date>, String> {
    let name = key.strip_suffix(PREVIOUS).and_then(|base| Note::PreviousUntil.of_key(base));
    let said = name.and_then(|name| Some((annotation(&name)?, name)));
    said.map(|it| date(&it)).transpose()
}

fn date((text, name): &(Cow<'_, str>, String)) -> Result<Date, String> {
    text.parse().map_err(|why| format!("{name}: {why}"))
}

fn last_day(said: &(Cow<'_, str>, String), issued: Option<Date>) -> Result<Date, String> {
    let (text, name) = said;
    match (Date::days(text), issued) {
        (Ok(days), Some(issued)) => Ok(issued.plus_days(days)),
        (Ok(_), None) => {
            Err(format!("{name}: {text} counts from the day it was made: add {}", Note::Issued.of_object()))
        }
        (Err(_), _) => date(said).map_err(|why| format!("{why}, or a number of days such as 90d")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::k8s::{Release, Scope};

    const TODAY: &str = "2026-11-26";

    fn read(annotations: &str) -> Result<Rotation, String> {
        of_key(annotations, "jwt")
    }

    fn of_key(annotations: &str, key: &str) -> Result<Rotation, String> {
        let text = format!(
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  annotations: {{{annotations}}}\ndata: {{jwt: YQ==}}\n"
        );
        let stream = crate::yaml::stream::parse(text, crate::yaml::stream::ParseOptions::default()).unwrap();
        let release = Release::gather(&stream, Scope::default());
        Rotation::of(&release.objects[0], key)
    }

    fn state(annotations: &str) -> State {
        let terms = Terms { max_age: Some(90), warn: 14 };
        read(annotations).unwrap().state(TODAY.parse().unwrap(), terms)
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn states() {
        for (annotations, wanted) in [
            ("", State::Unknown),
            ("hardtack.dev/issued: '2026-11-01'", State::Fresh),
            ("hardtack.dev/issued: '2026-09-01'", State::Soon(day("2026-11-30"))),
            ("hardtack.dev/issued: '2026-08-01'", State::Due(day("2026-10-30"))),
            ("hardtack.dev/issued: '2026-08-01', hardtack.dev/rotate-after: 365d", State::Fresh),
            ("hardtack.dev/issued: '2026-08-01', issued.hardtack.dev/jwt: '2026-11-20'", State::Fresh),
            ("hardtack.dev/rotate-after: '2026-11-26'", State::Soon(day(TODAY))),
            ("hardtack.dev/rotate-after: '2026-11-25'", State::Due(day("2026-11-25"))),
            ("hardtack.dev/expires: '2026-11-01'", State::Expired(day("2026-11-01"))),
        ] {
            assert_eq!(state(annotations), wanted, "{annotations}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let error = read("hardtack.dev/rotate-after: 90d").unwrap_err();
        assert!(error.contains("add hardtack.dev/issued"), "{error}");
        let error = read("issued.hardtack.dev/jwt: soon").unwrap_err();
        assert!(error.starts_with("issued.hardtack.dev/jwt: "), "{error}");
    }

    /// What is written of the object is not about a value that is kept.
    #[test]
    fn a_value_that_is_kept_only_ends() {
        let terms = Terms { max_age: Some(1), warn: 14 };
        let state = |annotations: &str, key: &str| of_key(annotations, key).unwrap().state(day(TODAY), terms);
        let old = "hardtack.dev/issued: '2025-01-01'";
        for (until, wanted) in [(TODAY, State::Fresh), ("2026-11-25", State::Expired(day("2026-11-25")))] {
            let annotations = format!("{old}, previous-until.hardtack.dev/jwt: '{until}'");
            assert_eq!(state(&annotations, "jwt-previous"), wanted, "{until}");
        }
        assert_eq!(
            state(old, "jwt-previous"),
            State::Due(day("2025-01-02")),
            "a key that only has such a name"
        );
    }

    #[test]
    fn a_key_that_is_no_name_of_an_annotation_has_none() {
        assert_eq!(Note::Issued.of_key("tls.key").as_deref(), Some("issued.hardtack.dev/tls.key"));
        assert_eq!(Note::Issued.of_key(".env"), None);
        assert_eq!(Note::Issued.of_key(&"k".repeat(64)), None);
    }
}

//! How one key stands, and whether the gate lets it pass.

use crate::date::Date;
use crate::finding::Severity;
use crate::policy::Policy;
use crate::report::health::{Named, Row};
use crate::rule::Rule;
use crate::rules::{certificate_expiring, secret_overdue};
use crate::secrets::holding::Form;
use crate::secrets::rotation::{Rotation, State};
use crate::secrets::strength::Strength;
use crate::secrets::{Plain, certificate, kept};

/// Where a key stands.
#[derive(Clone)]
pub(super) struct Place<'p> {
    pub(super) object: Named,
    pub(super) key: &'p str,
    pub(super) form: Form,
    pub(super) file: &'p str,
    pub(super) line: usize,
}

/// A row, and what the policy makes of it.
pub(super) struct Judged {
    pub(super) row: Row,
    /// The rule that speaks of it.
    pub(super) rule: &'static Rule,
    /// How bad it is that its day is over; `None` while it is not, or where the rule is off.
    severity: Option<Severity>,
}

impl Place<'_> {
    /// The row of the key, and one more when there are certificates under it.
    pub(super) fn rows(self, rotation: Rotation, value: Option<&Plain>, policy: &Policy) -> Vec<Judged> {
        let kept = rotation.kept;
        let terms = secret_overdue::terms(policy);
        let readable = value.filter(|value| !value.expose_text().is_some_and(kept::is_reference));
        let plain = |value: &&Plain| !value.expose_text().is_some_and(kept::is_structured);
        let row = Row {
            object: self.object.clone(),
            key: self.key.to_owned(),
            form: self.form,
            state: rotation.state(policy.today, terms).word(),
            issued: rotation.issued,
            age_days: rotation.issued.map(|day| day.days_until(policy.today)),
            due: rotation.due(terms),
            expires: rotation.expires,
            certificate: false,
            source: rotation.source,
            length: readable.map(Plain::length_class),
            strength: readable.filter(plain).map(Strength::of),
            file: self.file.to_owned(),
            line: self.line,
        };
        let ends = readable.and_then(Plain::expose_text).and_then(ends);
        let certificate = ends.map(|ends| self.certificate(ends, policy));
        let judged = |row: Row, kept| Judged::of(row, kept, policy);
        std::iter::once(judged(row, kept)).chain(certificate.map(|row| judged(row, false))).collect()
    }

    /// The row of the certificates under the key.
    fn certificate(self, ends: Date, policy: &Policy) -> Row {
        let state = match () {
            () if ends < policy.today => State::Expired(ends),
            () if ends < certificate_expiring::soon(policy) => State::Soon(ends),
            () => State::Fresh,
        };
        Row {
            object: self.object,
            key: self.key.to_owned(),
            form: self.form,
            state: state.word(),
            issued: None,
            age_days: None,
            due: None,
            expires: Some(ends),
            certificate: true,
            source: None,
            length: None,
            strength: None,
            file: self.file.to_owned(),
            line: self.line,
        }
    }
}

/// The day on which the first of the certificates in a text ends.
fn ends(text: &str) -> Option<Date> {
    certificate::periods(text).iter().map(|it| Date::from_epoch_seconds(it.until)).min()
}

impl Judged {
    fn of(row: Row, kept: bool, policy: &Policy) -> Self {
        let rule = if row.certificate { &certificate_expiring::RULE } else { &secret_overdue::RULE };
        let over = matches!(row.state, "due" | "expired") && policy.runs(rule.id);
        let severity = policy.severity(rule.id, rule.severity).filter(|_| over);
        // A value that is kept too long is none that went unreplaced.
        let severity = severity.map(|it| if kept { it.min(Severity::Medium) } else { it });
        Self { row, rule, severity }
    }

    /// Whether the gate refuses it, if nobody allowed it.
    pub(super) fn is_refused(&self, policy: &Policy) -> bool {
        policy.gate.severity.zip(self.severity).is_some_and(|(least, it)| it >= least)
    }
}

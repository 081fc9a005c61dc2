//! `certificate-expiring`.

use crate::embedded;
use crate::finding::Severity;
use crate::k8s::{Object, Release};
use crate::policy::{Date, Policy};
use crate::rule::Findings;
use crate::secrets::certificate::{self, Period};
use crate::yaml::Data;

crate::rule! {
    /// A certificate has expired, is not valid yet, or soon will not be.
    ///
    /// # Why
    /// From that day on every client refuses the connection, and no rollout is in the way to notice.
    ///
    /// # Fix
    /// None: a new certificate is its issuer's to give.
    ///
    /// # Settings
    /// Judged on the day of `--date`, as exemptions are. `days` is how long before its end a certificate is reported, 30 when
    /// nothing is said; then it is medium. Looked at is every certificate in a Secret or ConfigMap.
    "certificate-expiring", No, [medium, high, critical],
    standards: ["OWASP K03", "REQ"],
    peers: [],
    settings: ["days"],
    Object => check
}

/// Days before the end on which a certificate is reported, when the policy names no other number.
const DAYS: u32 = 30;

/// The day before which a certificate that ends is reported.
#[must_use]
pub fn soon(policy: &Policy) -> Date {
    let days = policy.setting(RULE.id, "days").and_then(Data::as_u64).and_then(|it| u32::try_from(it).ok());
    policy.today.plus_days(days.unwrap_or(DAYS).min(36_500))
}

fn check(_: &Release<'_>, object: &Object<'_>, findings: &mut Findings<'_>) {
    if !embedded::holder::is_holder(object) {
        return;
    }
    let (today, soon) = (findings.policy().today, soon(findings.policy()));
    for entry in findings.entries(object.number).iter() {
        let Some(text) = entry.text() else { continue };
        for (number, Period { from, until }) in certificate::periods(text).into_iter().enumerate() {
            let (from, until) = (Date::from_epoch_seconds(from), Date::from_epoch_seconds(until));
            let which =
                if number == 0 { "a certificate".to_owned() } else { format!("certificate {}", number + 1) };
            let (words, cap) = match () {
                () if until < today => (format!("expired on {until}"), Severity::Critical),
                () if from > today => (format!("is not valid before {from}"), Severity::High),
                () if until < soon => (format!("expires on {until}"), Severity::Medium),
                () => continue,
            };
            let place = object.at("").at_route(entry.route.clone(), entry.value);
            let found = place.wrong(format!("{which} in {} {words}", entry.key));
            findings.add(found.help("have it renewed, or let cert-manager do that").at_most(cap));
        }
    }
}

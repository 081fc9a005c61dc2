//! `pdb-blocks-eviction`.

use crate::k8s::{Object, Release};
use crate::rule::{Findings, remove, set};
use crate::yaml::{Edit, Value};

crate::rule! {
    /// The disruption budget never lets a pod go.
    ///
    /// # Why
    /// No node with such a pod can be drained: upgrades stop, and somebody deletes the pod by hand.
    ///
    /// # Fix
    /// With consent: `maxUnavailable: 1` instead. The pods, or their autoscaler, must be in the release for
    /// `minAvailable` to be compared with how many there are at least; 100 % and `maxUnavailable: 0` block
    /// whatever the number.
    "pdb-blocks-eviction", Consent, [medium, high, high],
    standards: [],
    peers: ["Kyverno pdb-maxunavailable", "Kyverno pdb-maxunavailable-with-deployments",
        "Kyverno pdb-minavailable-check",
        "Kyverno deployment-replicas-higher-than-pdb", "Kyverno require-reasonable-pdbs",
        "Kyverno require-replicas-allow-disruption", "Polaris pdbDisruptionsIsZero",
        "Polaris pdbMinAvailableGreaterThanHPAMinReplicas", "KubeLinter pdb-max-unavailable",
        "KubeLinter pdb-min-available"],
    Object => check
}

fn check(release: &Release<'_>, object: &Object<'_>, findings: &mut Findings<'_>) {
    if !object.is("policy", "PodDisruptionBudget") {
        return;
    }
    let fewest = release.fewest_under(object).filter(|fewest| *fewest > 0);
    let unavailable = object.value.path("spec.maxUnavailable").and_then(Amount::read);
    let available = object.value.path("spec.minAvailable").and_then(Amount::read);
    if unavailable.is_some_and(|amount| matches!(amount, Amount::Pods(0) | Amount::Percent(0))) {
        let found = object.at("spec.maxUnavailable").wrong("lets no pod go: maxUnavailable is 0");
        findings.add(found.consent([one(object)]));
    } else if let Some(why) = available.and_then(|amount| amount.blocks(fewest)) {
        let found = object.at("spec.minAvailable").wrong(format!("lets no pod go: {why}"));
        findings.add(found.consent([remove(object.route.path("spec.minAvailable")), one(object)]));
    }
}

fn one(object: &Object<'_>) -> Edit {
    set(object.route.path("spec.maxUnavailable"), 1)
}

/// A number of pods or a share of them.
#[derive(Clone, Copy)]
enum Amount {
    Pods(i64),
    Percent(i64),
}

impl Amount {
    fn read(value: Value<'_>) -> Option<Self> {
        if let Some(pods) = value.as_i64() {
            return Some(Self::Pods(pods));
        }
        let text = value.as_str()?;
        text.strip_suffix('%')?.parse().ok().map(Self::Percent)
    }

    /// Why so many available pods let none go, given how many there are at least. A share is rounded up, as
    /// the disruption controller does.
    fn blocks(self, fewest: Option<i64>) -> Option<String> {
        match (self, fewest) {
            (Self::Percent(share), _) if share >= 100 => Some(format!("minAvailable is {share}%")),
            (Self::Percent(share), Some(pods)) if (share * pods + 99) / 100 >= pods => {
                Some(format!("minAvailable is {share}% of {pods}"))
            }
            (Self::Pods(least), Some(pods)) if least >= pods => {
                Some(format!("minAvailable is {least}, and there are {pods}"))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Amount::{Percent, Pods};

    #[test]
    fn shares_round_up() {
        assert!(Percent(100).blocks(None).is_some() && Percent(50).blocks(None).is_none());
        assert!(Percent(50).blocks(Some(1)).is_some() && Percent(50).blocks(Some(2)).is_none());
        assert!(Percent(67).blocks(Some(2)).is_some() && Percent(66).blocks(Some(3)).is_none());
        assert!(
            Pods(2).blocks(Some(2)).is_some()
                && Pods(2).blocks(Some(3)).is_none()
                && Pods(9).blocks(None).is_none()
        );
    }
}

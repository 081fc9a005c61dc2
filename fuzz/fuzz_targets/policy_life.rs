//! What holds for every text taken for a policy file: it is read or refused with a place; what is printed of it means the
//! same; migrating it loses nothing.

use hardtack::Policy;
use hardtack::load::file::PolicyFile;
use hardtack::load::layers::{Layers, gather};
use hardtack::load::resolve::mean;
use hardtack::load::{Source, from_text, lint, merge, migrate};
use hardtack::policy::Date;

fn layers(file: PolicyFile) -> Option<Layers> {
    // A folder that is not there: `extends` never leads out of the text.
    gather(file, &Source::new("hardtack.yaml", "/nowhere"), None).ok()
}

fn meant(layers: Layers) -> Option<Policy> {
    mean(layers, Date::from_epoch_seconds(0)).ok()
}

/// What a policy demands, without the places it was read from.
fn demands(policy: &Policy) -> String {
    let exemptions: Vec<_> = policy.exemptions.iter().map(|it| (&it.allow, &it.matches, &it.until)).collect();
    let lists = (&policy.run_as, &policy.probes, &policy.resources, exemptions, &policy.annotations);
    let words = (policy.severities, policy.fix, policy.gate, policy.pss_versions, policy.complete);
    format!("{words:?} {:?} {lists:?}", policy.rules)
}

/// Panics where one of it does not hold.
pub fn check(text: &str) {
    if let Ok(Some(new)) = migrate::text(text, "hardtack.yaml") {
        assert!(matches!(migrate::text(&new, "hardtack.yaml"), Ok(None)));
        let read = |text: &str| from_text(text, "hardtack.yaml").ok().and_then(layers).and_then(meant);
        assert_eq!(read(text).as_ref().map(demands), read(&new).as_ref().map(demands), "{new}");
    }
    let file = match from_text(text, "hardtack.yaml") {
        Ok(file) => file,
        Err(error) => return assert!(error.to_string().contains("hardtack.yaml"), "{error}"),
    };
    let _ = lint::lint(&file, &Source::new("hardtack.yaml", "/nowhere"), Date::from_epoch_seconds(0));
    let Some(layers) = layers(file) else { return };
    let printed = merge::file("printed", &merge::merged(&layers));
    let Some(policy) = meant(layers) else { return };
    let again = from_text(&printed, "printed").unwrap_or_else(|error| panic!("{error}\n{printed}"));
    let again = gather(again, &Source::new("printed", "/nowhere"), None).ok().and_then(meant);
    assert_eq!(Some(demands(&policy)), again.as_ref().map(demands), "{printed}");
}

//! SOPS files: read or refused. Nobody who lacks the data key makes a value: whatever is decrypted stood, encrypted under the
//! same key, in one of the seeds. What opens reads as YAML, and no `sops` block is left in it.
#![no_main]

use std::sync::LazyLock;

use hardtack::secrets::sops::{Identity, SopsError, decrypt, recipients, terms_of};
use hardtack::yaml::stream::{ParseOptions, parse};
use libfuzzer_sys::fuzz_target;

const SEEDS: [&str; 6] = [
    include_str!("../../testdata/sops/secret.full.enc.yaml"),
    include_str!("../../testdata/sops/secret.maconly.enc.yaml"),
    include_str!("../../testdata/sops/secret.shamir.enc.yaml"),
    include_str!("../../testdata/sops/multi.enc.yaml"),
    include_str!("../../testdata/sops/types.enc.yaml"),
    include_str!("../../testdata/sops/commented.enc.yaml"),
];

static IDENTITIES: LazyLock<Vec<Identity>> = LazyLock::new(|| {
    let lines = include_str!("../../testdata/sops/identities.txt").lines();
    let keys = lines.filter(|line| line.starts_with("AGE-SECRET-KEY-"));
    keys.map(|line| Identity::from_age(line).expect("an identity")).collect()
});

/// All values of the seeds.
static KNOWN: LazyLock<Vec<Vec<u8>>> =
    LazyLock::new(|| SEEDS.iter().flat_map(|seed| values(seed).expect("it opens")).collect());

fn values(text: &str) -> Result<Vec<Vec<u8>>, SopsError> {
    let opened = decrypt(text, &*IDENTITIES)?;
    let places: Vec<_> = opened.routes().map(|(number, route)| (number, route.clone())).collect();
    let values = places.iter().filter_map(|(number, route)| opened.value(*number, route));
    Ok(values.map(|value| value.expose().to_vec()).collect())
}

fuzz_target!(|text: &str| {
    let _ = recipients(text);
    let Ok(stream) = parse(text.to_owned(), ParseOptions::default()) else {
        assert!(decrypt(text, &*IDENTITIES).is_err());
        return;
    };
    let roots: Vec<_> = stream.documents.iter().filter_map(|it| Some(stream.root(it)?.to_data())).collect();
    roots.iter().for_each(|root| drop(terms_of(root)));
    let Ok(opened) = decrypt(text, &*IDENTITIES) else { return };
    let again = match parse(opened.text.to_string(), ParseOptions::default()) {
        Ok(again) => again,
        // sops has numbers that Kubernetes has not.
        Err(error) => return assert!(error.message.contains("infinity"), "{error:?} in {text:?}"),
    };
    for (document, sealed) in again.documents.iter().filter_map(|it| again.root(it)).zip(&roots) {
        assert!(sealed.get("sops").is_none() || document.get("sops").is_none(), "{text:?}");
    }
    // In the clear anybody writes anything; of what is encrypted nothing new can be.
    for place in opened.routes().map(|(number, route)| (number, route.clone())) {
        let sealed = roots.get(place.0).and_then(|root| root.pointer(&pointer(&place.1)));
        let was_sealed =
            sealed.and_then(|it| it.as_str()).is_some_and(|it| it.starts_with("ENC[AES256_GCM,"));
        let value = opened.value(place.0, &place.1).expect("it is listed").expose();
        assert!(!was_sealed || KNOWN.iter().any(|known| known == value), "{place:?} in {text:?}");
    }
});

fn pointer(route: &hardtack::yaml::Route) -> String {
    let steps = route.steps().iter().map(|step| match step {
        hardtack::yaml::Step::Key(key) => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
        hardtack::yaml::Step::Index(index) => format!("/{index}"),
    });
    steps.collect()
}

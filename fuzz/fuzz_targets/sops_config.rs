//! `.sops.yaml`: a rule with somebody to encrypt for, or an error with a place.
#![no_main]

use std::path::Path;

use hardtack::error::Error;
use hardtack::load::sops::creation_rule;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for file in ["/repo/env/prod/secret.yaml", "/elsewhere/secret.yaml"] {
        match creation_rule(text, Path::new("/repo/.sops.yaml"), Path::new(file)) {
            Ok(creation) => {
                assert!(creation.place.starts_with("/repo/.sops.yaml:"), "{}", creation.place);
                let Some(keys) = &creation.keys else { continue };
                assert!(!keys.groups().is_empty() && keys.groups().iter().all(|group| !group.is_empty()));
                assert!((1..=keys.groups().len()).contains(&keys.threshold()));
            }
            Err(Error::Policy { message, help }) => {
                let place = message.strip_prefix("/repo/.sops.yaml:").expect("a place");
                // A file without content has no line.
                assert!(place.starts_with(|it: char| it.is_ascii_digit() || it == ' '), "{message}");
                assert!(!help.is_empty(), "{message}");
            }
            Err(error) => panic!("{error}"),
        }
    }
});

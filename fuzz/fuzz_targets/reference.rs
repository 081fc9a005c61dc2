//! References in any text: what is found lies where it says, in order and apart, and reads the same on its own; nothing in a message comes
//! from behind `echo` or from parameters.
#![no_main]

use hardtack::secrets::reference::{Ask, Found, find, may_hold};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for annotated in [false, true] {
        let found = find(text, annotated);
        assert!(found.is_empty() || may_hold(text, annotated), "{text:?}");
        let mut from = 0;
        for Found { range, reference } in &found {
            assert!(range.start >= from && range.start < range.end && range.end <= text.len(), "{range:?}");
            from = range.end;
            let own = &text[range.clone()];
            let again = find(own, annotated);
            assert_eq!(again.len(), 1, "{own:?}");
            assert_eq!((&again[0].range, &again[0].reference), (&(0..own.len()), reference), "{own:?}");
            match reference {
                Ok(reference) => {
                    assert!(!reference.shown.contains(char::is_control) && reference.shown.chars().count() <= 121);
                    if let Ask::Vals(vals) = &reference.ask {
                        assert!(!vals.path.is_empty() || !vals.fragment.is_empty() || !vals.params.is_empty() || own.contains(['?', '#']));
                        if vals.backend == "echo" {
                            assert!(reference.shown.ends_with("://…"));
                        }
                    }
                }
                Err(wrong) => assert!(!wrong.what.is_empty()),
            }
        }
    }
});

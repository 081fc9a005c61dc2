//! What is parsed and not changed comes out byte for byte, and both parsers read the same data.

#![no_main]

use hardtack::yaml::stream::{ParseOptions, parse, parse_with_fallback_only};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(stream) = parse(text.to_owned(), ParseOptions::default()) else { return };
    let mut out = String::new();
    for document in &stream.documents {
        out.push_str(&stream.text[document.separator.clone()]);
        out.push_str(stream.body(document));
    }
    assert_eq!(out, text);
    let Ok(second) = parse_with_fallback_only(text.to_owned(), ParseOptions::default()) else { return };
    assert_eq!(stream.documents.len(), second.documents.len());
    for (one, other) in stream.documents.iter().zip(&second.documents) {
        let (one, other) = (stream.root(one), second.root(other));
        assert_eq!(one.map(|root| root.to_data()), other.map(|root| root.to_data()));
    }
});

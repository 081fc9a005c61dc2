//! Just enough protobuf to read a Secret: Helm sends its release records in that form, and everything else as JSON.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// The Secret in a request body of Kubernetes' protobuf form, as JSON.
pub fn secret(body: &[u8]) -> Option<Value> {
    let envelope = body.strip_prefix(b"k8s\0")?;
    let secret = fields(field(envelope, 2)?);
    let metadata = fields(one(&secret, 1)?);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let pairs = |all: &[Field<'_>], number| {
        let entries = all.iter().filter(|field| field.0 == number);
        entries
            .map(|entry| (text(field(entry.1, 1).unwrap()), field(entry.1, 2).unwrap_or_default().to_vec()))
            .collect()
    };
    let labels: BTreeMap<String, Vec<u8>> = pairs(&metadata, 11);
    let data: BTreeMap<String, Vec<u8>> = pairs(&secret, 2);
    Some(json!({
        "apiVersion": "v1", "kind": "Secret", "type": text(one(&secret, 3)?),
        "metadata": {
            "name": text(one(&metadata, 1)?),
            "labels": labels.into_iter().map(|(key, value)| (key, text(&value))).collect::<BTreeMap<_, _>>(),
        },
        "data": data.into_iter().map(|(key, value)| (key, base64(&value))).collect::<BTreeMap<_, _>>(),
    }))
}

/// A length-delimited field: its number and its bytes.
type Field<'a> = (u64, &'a [u8]);

fn field(message: &[u8], number: u64) -> Option<&[u8]> {
    one(&fields(message), number)
}

fn one<'a>(fields: &[Field<'a>], number: u64) -> Option<&'a [u8]> {
    fields.iter().find(|field| field.0 == number).map(|field| field.1)
}

/// The length-delimited fields; numbers are passed over, as nothing here is one.
fn fields(mut message: &[u8]) -> Vec<Field<'_>> {
    let mut found = Vec::new();
    while !message.is_empty() {
        let key = varint(&mut message);
        let value = varint(&mut message);
        match key & 7 {
            0 => (),
            2 => {
                let (bytes, rest) = message.split_at(usize::try_from(value).unwrap());
                found.push((key >> 3, bytes));
                message = rest;
            }
            other => panic!("wire type {other}"),
        }
    }
    found
}

fn varint(message: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = message.split_first().unwrap();
        *message = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            break;
        }
    }
    value
}

fn base64(bytes: &[u8]) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let group =
            chunk.iter().fold(0, |group, byte| group << 8 | usize::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let letter = char::from(alphabet[group >> (18 - 6 * place) & 63]);
            text.push(if place <= chunk.len() { letter } else { '=' });
        }
    }
    text
}

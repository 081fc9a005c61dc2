//! What is sealed opens with the controller's key, and only where it should. Opening is for tests alone.

use aes_gcm::aead::Aead as _;
use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::sha2::Sha256;
use rsa::{Oaep, RsaPrivateKey};
use serde_json::Value as Json;

use super::*;
use crate::yaml::stream::parse_document;

const CERTIFICATE: &[u8] = include_bytes!("../../../testdata/sealed/test-only.cert.pem");
const KEY: &str = include_str!("../../../testdata/sealed/test-only.key.pem");
const DAY: i64 = 86400;

fn certificate() -> Certificate {
    Certificate::from_pem(CERTIFICATE).unwrap()
}

fn open(key: &RsaPrivateKey, label: &str, sealed: &str) -> Option<Vec<u8>> {
    let bytes = STANDARD.decode(sealed).unwrap();
    let length = usize::from(u16::from_be_bytes([bytes[0], bytes[1]]));
    let (locked, value) = bytes[2..].split_at(length);
    let session = key.decrypt(Oaep::new_with_label::<Sha256, _>(label), locked).ok()?;
    Aes256Gcm::new_from_slice(&session).unwrap().decrypt(&Nonce::default(), value).ok()
}

fn sealed(text: &str, scope: Option<Scope>, namespace: Option<&str>) -> Result<Data, Fault> {
    let tree = parse_document(text).unwrap();
    let certificate = certificate();
    let sealing = Sealing {
        certificate: &certificate,
        scope,
        namespace,
        adopted: false,
        digest_key: None,
        previous: None,
    };
    seal(tree.root(text).unwrap(), sealing)
}

const SECRET: &str = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n  namespace: shop\n  labels: {app: db}\n  \
                      uid: 1\n  creationTimestamp: null\n  ownerReferences: [{name: x}]\n  annotations:\n    keep: me\n    \
                      kubectl.kubernetes.io/last-applied-configuration: '{\"stringData\":{\"password\":\"hunter2\"}}'\n    \
                      internal.config.kubernetes.io/path: a.yaml\n    config.kubernetes.io/index: '0'\n    \
                      postrenderer.helm.sh/postrender-filename: shop/templates/db.yaml\ntype: Opaque\nimmutable: true\n\
                      data: {password: aHVudGVyMg==, bin: //4A, empty: ''}\n";

#[test]
fn every_scope_opens_where_it_should_and_nowhere_else() {
    let key = RsaPrivateKey::from_pkcs8_pem(KEY).unwrap();
    for (scope, label, foreign) in [
        (Scope::Strict, "shop/db", "shop/other"),
        (Scope::NamespaceWide, "shop", "shop/db"),
        (Scope::ClusterWide, "", "shop"),
    ] {
        let object = sealed(SECRET, Some(scope), None).unwrap();
        let item = |key: &str| object["spec"]["encryptedData"][key].as_str().unwrap().to_owned();
        for (name, plain) in [("password", &b"hunter2"[..]), ("bin", &[255, 254, 0]), ("empty", b"")] {
            assert_eq!(open(&key, label, &item(name)).as_deref(), Some(plain), "{scope} {name}");
            assert_eq!(open(&key, foreign, &item(name)), None, "{scope} {name}");
        }
        let annotations = &object["metadata"]["annotations"];
        for other in scope::SCOPES {
            let mark = other.annotation().map(|mark| &annotations[mark]);
            assert_eq!(
                mark.is_some_and(|it| it == "true"),
                other == scope && mark.is_some(),
                "{scope} {other}"
            );
        }
        assert!(item("empty").starts_with("AQ"), "256 bytes of RSA");
    }
}

#[test]
fn a_value_opens_under_any_key() {
    let key = RsaPrivateKey::from_pkcs8_pem(KEY).unwrap();
    let plain = Plain::from("hunter3".to_owned());
    let value = seal_value(&certificate(), Scope::Strict, (Some("shop"), "db"), &plain).unwrap();
    assert_eq!(open(&key, "shop/db", &value).as_deref(), Some(&b"hunter3"[..]));
    assert_eq!(open(&key, "shop/db/password", &value), None, "no key is part of what it is bound to");
    assert!(seal_value(&certificate(), Scope::Strict, (None, "db"), &plain).is_err());
}

#[test]
fn metadata_is_that_of_the_template_and_of_the_secret_alone() {
    let object = sealed(SECRET, Some(Scope::NamespaceWide), None).unwrap();
    let mut own = object["metadata"].clone();
    let file = own["annotations"].as_object_mut().unwrap().remove("postrenderer.helm.sh/postrender-filename");
    assert_eq!(file.unwrap(), "shop/templates/db.yaml");
    assert_eq!(own, object["spec"]["template"]["metadata"]);
    assert_eq!(
        own,
        json!({"name": "db", "namespace": "shop", "labels": {"app": "db"},
            "annotations": {"keep": "me", "sealedsecrets.bitnami.com/namespace-wide": "true"}})
    );
    assert_eq!(object["spec"]["template"]["type"], "Opaque");
    assert_eq!(object["spec"]["template"]["immutable"], true);
    assert!(!object.to_string().contains("hunter2") && !object.to_string().contains("aHVudGVy"));
}

#[test]
fn a_scope_needs_its_namespace_and_contradictions_are_errors() {
    let bare = "kind: Secret\nmetadata: {name: db}\nstringData: {a: b}\n";
    for scope in [Scope::Strict, Scope::NamespaceWide] {
        let fault = sealed(bare, Some(scope), None).unwrap_err();
        assert!(fault.what.contains("names none") && fault.help.contains("--namespace"), "{fault:?}");
        let object = sealed(bare, Some(scope), Some("shop")).unwrap();
        assert_eq!(object["metadata"]["namespace"], "shop");
        assert_eq!(object["spec"]["template"]["metadata"]["namespace"], "shop");
    }
    let object = sealed(bare, Some(Scope::ClusterWide), Some("shop")).unwrap();
    assert_eq!(object["metadata"].get("namespace"), None, "it opens anywhere");
    let wide = "kind: Secret\nmetadata: {name: a, namespace: b, annotations: {sealedsecrets.bitnami.com/cluster-wide: 'true'}}\nstringData: {a: b}\n";
    assert!(sealed(wide, Some(Scope::Strict), None).unwrap_err().what.contains("asks for cluster-wide"));
    assert!(sealed(wide, None, None).is_ok());
    let not = wide.replace("'true'", "'True'");
    assert!(sealed(&not, Some(Scope::Strict), None).is_ok(), "only the exact text counts");
    let nameless = "kind: Secret\nmetadata: {namespace: b}\nstringData: {a: b}\n";
    assert!(
        sealed(nameless, None, None).unwrap_err().what.contains("needs")
            || sealed(nameless, None, None).unwrap_err().what.contains("one name")
    );
}

#[test]
fn a_certificate_is_judged_by_its_key_and_its_days() {
    let certificate = certificate();
    assert_eq!(certificate.bits(), 2048);
    // Made on 2026-11-26, for ten years.
    let made = 1_795_651_200;
    assert_eq!(certificate.judge(made), Ok(None));
    assert_eq!(certificate.judge(made + 30 * DAY), Ok(None));
    assert!(certificate.judge(made + 31 * DAY).unwrap().unwrap().contains("31 days old"));
    assert!(certificate.judge(made - DAY).unwrap_err().what.contains("not valid before 2026-11-26"));
    assert!(certificate.judge(made + 3649 * DAY).unwrap().is_some());
    assert!(certificate.judge(made + 3652 * DAY).unwrap_err().what.contains("expired on 2036-11"));
    for (pem, what) in [
        (&include_bytes!("../../../testdata/sealed/small.cert.pem")[..], "1024 bits"),
        (include_bytes!("../../../testdata/sealed/ec.cert.pem"), "is not RSA"),
        (include_bytes!("../../../testdata/sealed/public-key.pem"), "bare public key"),
        (KEY.as_bytes(), "private key"),
        (b"", "no certificate"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "cannot be read"),
    ] {
        let fault = Certificate::from_pem(pem).unwrap_err();
        assert!(fault.what.contains(what), "{fault:?}");
    }
}

#[test]
fn ciphertext_is_kept_for_the_same_place_alone() {
    let (certificate, key) = (certificate(), Plain::from("operator".to_owned()));
    let of = |text: &str, scope: Scope, previous: Option<&Data>| {
        let tree = parse_document(text).unwrap();
        let (scope, digest_key) = (Some(scope), Some(&key));
        let sealing = Sealing {
            certificate: &certificate,
            scope,
            namespace: None,
            adopted: false,
            digest_key,
            previous,
        };
        seal(tree.root(text).unwrap(), sealing).unwrap()
    };
    let password = |object: &Data| object["spec"]["encryptedData"]["password"].clone();
    let before = of(SECRET, Scope::Strict, None);
    assert_eq!(of(SECRET, Scope::Strict, Some(&before)), before);
    let moved = SECRET.replace("namespace: shop", "namespace: other");
    assert_ne!(password(&of(&moved, Scope::Strict, Some(&before))), password(&before));
    assert_ne!(password(&of(SECRET, Scope::NamespaceWide, Some(&before))), password(&before));
    let renamed = SECRET.replace("name: db", "name: dc");
    assert_ne!(password(&of(&renamed, Scope::Strict, Some(&before))), password(&before));
    let changed = SECRET.replace("aHVudGVyMg==", "aHVudGVyMw==");
    assert_ne!(password(&of(&changed, Scope::Strict, Some(&before))), password(&before));
}

#[test]
fn a_hundred_values_take_less_than_a_second() {
    let values: String = (0..100).map(|number| format!("  key{number}: value-{number}\n")).collect();
    let text = format!("kind: Secret\nmetadata: {{name: a, namespace: b}}\nstringData:\n{values}");
    let start = std::time::Instant::now();
    let object = sealed(&text, None, None).unwrap();
    assert_eq!(object["spec"]["encryptedData"].as_object().unwrap().len(), 100);
    // Unoptimised and on a busy machine; measured alone it is a tenth of it.
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

#[test]
fn the_published_vectors_open_the_same_way() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/vectors/sealed");
    let Ok(text) = std::fs::read_to_string(format!("{folder}/vectors.json")) else { return };
    let pem = std::fs::read_to_string(format!("{folder}/test-only.key.pem")).unwrap();
    let key = RsaPrivateKey::from_pkcs8_pem(&pem)
        .or_else(|_| rsa::pkcs1::DecodeRsaPrivateKey::from_pkcs1_pem(&pem))
        .unwrap();
    let vectors: Json = serde_json::from_str(&text).unwrap();
    let items = vectors["items"].as_array().unwrap();
    assert_eq!(items.len(), 12);
    for item in items {
        let text = |name: &str| item[name].as_str().unwrap();
        let plain: String = open(&key, text("oaep_label"), text("sealed"))
            .unwrap()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(plain, text("plaintext_hex"));
        let scope: Scope = text("scope").parse().unwrap();
        assert_eq!(
            scope.label(Some("vec"), "demo").unwrap(),
            text("oaep_label"),
            "the label that kubeseal took"
        );
    }
}

use super::*;
use crate::secrets::Plain;

fn one(text: &str) -> Reference {
    let mut found = find(text, false);
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    found.remove(0).reference.unwrap()
}

fn vals(text: &str) -> Vals {
    match one(text).ask {
        Ask::Vals(vals) => vals,
        other => panic!("{other:?}"),
    }
}

fn text(text: &str) -> Template {
    vec![Part::Text(text.to_owned())]
}

fn taken(text: &str) -> Vec<&str> {
    find(text, false).into_iter().map(|found| &text[found.range]).collect()
}

#[test]
fn the_parts_of_a_vals_reference() {
    let read = vals("ref+vault://secret/db%20one?version=2&address=https%3A%2F%2Fv#/a/b");
    assert_eq!(read.backend, "vault");
    assert_eq!(read.path, text("secret/db one"));
    assert_eq!(read.params, [("version".into(), "2".into()), ("address".into(), "https://v".into())]);
    assert_eq!(read.fragment, text("/a/b"));
    assert_eq!(vals("secretref+Vault:///a").path, text("/a"));
    let arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:/team/db-AbCdEf";
    assert_eq!(vals(&format!("ref+awssecrets://{arn}")).path, text(arn));
}

#[test]
fn where_a_reference_ends() {
    assert_eq!(taken("x=ref+vault://a/b#/c+@host"), ["ref+vault://a/b#/c+"]);
    assert_eq!(taken("ref+vault://a/b, and more"), ["ref+vault://a/b"]);
    assert_eq!(taken(r#"{"a":"ref+vault://a/b#/c","d":1}"#), ["ref+vault://a/b#/c"]);
    assert_eq!(taken("a: 'secretref+vault://a/b'\n"), ["secretref+vault://a/b"]);
    assert_eq!(taken("ref+vault://a/b\r\nc"), ["ref+vault://a/b"]);
    assert_eq!(taken(r"ref+vault://a/b\n"), ["ref+vault://a/b"]);
    assert_eq!(taken("ref+vault://a,ref+vault://b"), ["ref+vault://a", "ref+vault://b"]);
    assert_eq!(taken("ref+exec://c?args=a,b"), ["ref+exec://c?args=a,b"]);
    assert_eq!(taken("ref+envsubst://${A}"), ["ref+envsubst://${A}"]);
}

#[test]
fn what_is_none() {
    for text in [
        "ref+",
        "ref+vault:/a",
        "ref+://a",
        "ref+vault://",
        "ref+a b://c",
        "href",
        "<path:a>",
        "<path:a#b",
        "<b>",
        "<path:a#\nb>",
        "hardtack://a",
        "hardtack://-/b",
        "hardtack:///b",
        "xhardtack://a/b",
        "hardtack://A/b",
    ] {
        assert_eq!(find(text, false), [], "{text}");
    }
}

#[test]
fn references_in_references() {
    let read = vals("ref+echo://a/ref+envsubst://$B+/c#/ref+envsubst://D");
    let Part::Reference(inner) = &read.path[1] else { panic!("{:?}", read.path) };
    assert!(matches!(&inner.ask, Ask::Vals(inner) if inner.path == text("$B")));
    assert_eq!(read.path[2], Part::Text("/c".to_owned()));
    assert_eq!(read.fragment.len(), 2);
    let deep = |times: usize| format!("{}x", "ref+file://".repeat(times));
    assert!(find(&deep(DEEPEST), false)[0].reference.is_ok());
    let wrong = find(&deep(DEEPEST + 1), false).remove(0).reference.unwrap_err();
    assert!(wrong.what.contains("more than 10 deep"), "{wrong:?}");
    assert!(find("ref+vault://a?b=ref+vault://c+", false)[0].reference.is_err());
}

#[test]
fn placeholders() {
    let read =
        |text: &str, annotated| find(text, annotated).into_iter().next().unwrap().reference.unwrap().ask;
    let Ask::Placeholder(read_one) =
        read("a <path:kv/data/db#user#3 | base64decode | jsonPath {.a['b'][-1]} | indent 4> b", false)
    else {
        panic!()
    };
    assert_eq!(read_one.path.as_deref(), Some("kv/data/db"));
    assert_eq!((read_one.key.as_str(), read_one.version.as_deref()), ("user", Some("3")));
    assert_eq!(read_one.modifiers.len(), 3);
    let Ask::Placeholder(bare) = read("<user | base64encode>", true) else { panic!() };
    assert_eq!((bare.path, bare.key.as_str()), (None, "user"));
    assert_eq!(find("if a < b then <b c>", true), []);
    for (text, what) in [
        ("<path:a#b | base64encod>", "did you mean \"base64encode\""),
        ("<path:a#b | indent x>", "indent takes one number"),
        ("<path:a#b | jsonPath .a>", "no braces"),
        ("<path:a#b | jsonPath {..a}>", "hardtack reads"),
        ("<path:a#b#c#d>", "more parts"),
        ("<path:#b>", "must not be empty"),
        ("<path:a#b | >", "unknown modifier"),
    ] {
        let wrong = find(text, false).remove(0).reference.unwrap_err();
        assert!(wrong.what.contains(what), "{text}: {wrong:?}");
    }
}

#[test]
fn keys_of_yaml_as_they_are_written() {
    let text = "base: &b {n: 1, y: old}\nall:\n  <<: *b\n  y: new\n  0x1: c\n";
    crate::yaml::stream::parse_document(text).unwrap();
    let held = Held::from_yaml(text).unwrap();
    let text = |keys: &[&str]| {
        let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        held.at(&keys).map(|held| held.to_text().expose_text().unwrap().to_owned())
    };
    assert_eq!(text(&["all", "n"]).as_deref(), Some("1"));
    assert_eq!(text(&["all", "y"]).as_deref(), Some("new"));
    assert_eq!(text(&["all", "0x1"]).as_deref(), Some("c"));
    assert_eq!(text(&["all", "false"]), None);
    assert_eq!(text(&["base"]).as_deref(), Some("{\"n\":1,\"y\":\"old\"}"));
}

#[test]
fn our_own() {
    assert_eq!(
        taken("url=hardtack://shop-db/pass.word, hardtack://a/B_1."),
        ["hardtack://shop-db/pass.word", "hardtack://a/B_1"]
    );
    assert_eq!(taken("hardtack://a/b+c"), ["hardtack://a/b+"]);
    assert_eq!(one("hardtack://a/b").ask, Ask::Own { name: "a".into(), key: "b".into() });
}

#[test]
fn messages_show_no_values_and_no_parameters() {
    assert_eq!(one("ref+vault://a/b?token=t0k3n#/c").shown, "ref+vault://a/b#/c");
    assert_eq!(one("ref+echo://hunter2").shown, "ref+echo://…");
    assert_eq!(one("xref+nosuch://hunter2").shown, "ref+nosuch://…");
    assert_eq!(one("ref+file://a/ref+echo://hunter2+/b").shown, "ref+file://a/ref+echo://…/b");
}

#[test]
fn modifiers_do_what_they_say() {
    let held = |text: &str| Held::Text(Plain::from(text.to_owned()));
    let apply = |stages: &str, value: &str| {
        stages.split('|').try_fold(held(value), |held, stage| Modifier::read(stage).unwrap().apply(held))
    };
    assert_eq!(apply("base64encode", "a"), Ok(held("YQ==")));
    assert_eq!(apply("base64decode", "YQ\n=="), Ok(held("a")));
    assert_eq!(apply("base64decode", "YQ"), Err("the value is no base64"));
    assert_eq!(apply("sha256sum", "a").unwrap().to_text().expose_text().unwrap().len(), 64);
    assert_eq!(apply("indent 2", "a\nb\n\nc\n"), Ok(held("a\n  b\n\n  c\n")));
    let json = r#"{"a":[{"b":"x"},{"b":7}]}"#;
    assert_eq!(apply("jsonPath {.a[0].b}", json), Ok(held("x")));
    assert_eq!(apply("jsonParse|jsonPath {.a[-1]['b']}", json), Ok(held("7")));
    assert_eq!(apply("jsonPath {$.a[0]}", json), Ok(held(r#"{"b":"x"}"#)));
    assert_eq!(apply("yamlParse|jsonPath {.a}", "a: 0755 # x"), Ok(held("0755")));
    assert_eq!(apply("jsonPath {.a[2]}", json), Err("the path leads nowhere in the value"));
    assert_eq!(apply("jsonPath {.a[-3]}", json), Err("the path leads nowhere in the value"));
    assert_eq!(apply("jsonParse|sha256sum", json), Err("works on text only"));
}

//! `secrets encrypt`, `decrypt` and `keygen` from outside: recipients, creation rules, key sources.

use std::fs;

use hardtack::yaml::stream;
use libtest_mimic::Trial;

use crate::people::Someone;
use crate::support::programs::{root, trial};

pub fn trials() -> Vec<Trial> {
    vec![
        trial("stream_with_other_documents", &["sops"], stream_with_other_documents),
        trial("creation_rules_decide", &["sops"], creation_rules_decide),
        trial("every_key_source_opens", &["sops"], every_key_source_opens),
        trial("keygen_makes_what_age_reads", &["age", "age-keygen"], keygen_makes_what_age_reads),
        trial("files_are_replaced_and_printed", &[], files_are_replaced_and_printed),
        trial("previous_keeps_the_bytes", &[], previous_keeps_the_bytes),
        trial("misuse_is_refused", &[], misuse_is_refused),
        trial("rules_are_those_of_sops", &["sops"], rules_are_those_of_sops),
    ]
}

const SECRET: &str = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n# canary-comment\nstringData:\n  password: canary-1\n";

fn stream_with_other_documents() {
    let someone = Someone::new();
    let map = "# Source: shop/templates/map.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: open} # as it is\ndata: {a: b}\n";
    let stream = format!("---\n{map}---\n{SECRET}--- {SECRET_ON_LINE}\n---\n# nothing\n---\n{map}");
    let args = ["secrets", "encrypt", "--age", &someone.recipient];
    let ran = someone.sandbox.hardtack(&args, &stream);
    let out = &ran.succeeded().stdout;
    assert_eq!(out.matches(map).count(), 2, "{out}");
    assert!(!out.contains("canary"), "{out}");
    ran.says("never twice the same");
    // Not by looking for dashes: the armour ends in some.
    let cut = stream::parse(out.clone(), stream::ParseOptions::default()).unwrap();
    let secrets = cut.documents.iter().map(|it| cut.body(it)).filter(|it| it.contains("kind: Secret"));
    assert_eq!(secrets.map(|it| assert!(someone.decrypted(it).contains("canary"), "{it}")).count(), 2);
    // Again: what is encrypted stays, byte for byte.
    assert_eq!(&someone.sandbox.hardtack(&args, out).succeeded().stdout, out);
    let back = someone.sandbox.hardtack(&["secrets", "decrypt"], out);
    assert_eq!(back.succeeded().stdout.matches("canary-").count(), 2);
    assert_eq!(back.stdout.matches(map).count(), 2);
}

const SECRET_ON_LINE: &str = "{apiVersion: v1, kind: Secret, metadata: {name: b}, stringData: {a: canary-2}}";

fn creation_rules_decide() {
    let (someone, another) = (Someone::new(), Someone::new());
    let config = format!(
        "creation_rules:\n  - path_regex: ^prod/\n    age: {}\n  - path_regex: values\n    age: [{}]\n    encrypted_suffix: _secret\n  \
         - path_regex: groups\n    shamir_threshold: 2\n    key_groups: [{{age: [{}]}}, {{merge: [{{age: [{}]}}]}}, {{age: [{}]}}]\n  \
         - path_regex: cloud\n    kms: arn:aws:kms:eu:1:key/2\n",
        another.recipient, someone.recipient, someone.recipient, someone.recipient, another.recipient
    );
    someone.sandbox.write(".sops.yaml", &config);
    let run = |file: &str, text: &str| {
        someone.sandbox.write(file, text);
        someone.sandbox.hardtack(&["secrets", "encrypt", file], "")
    };
    let prod = run("prod/a.yaml", SECRET).succeeded().stdout.clone();
    assert!(prod.contains(&another.recipient) && !prod.contains(&someone.recipient), "{prod}");
    let values =
        run("deep/values.yaml", "db:\n  password_secret: canary\n  host: open\n").succeeded().stdout.clone();
    assert!(values.contains("host: open") && !values.contains("canary"), "{values}");
    assert!(someone.decrypted(&values).contains("password_secret: canary"));
    let groups = run("groups.yaml", SECRET).succeeded().stdout.clone();
    assert!(groups.contains("shamir_threshold: 2"), "{groups}");
    assert!(someone.decrypted(&groups).contains("canary-1"));
    run("cloud.yaml", SECRET).failed_with(2).says("kms is not supported");
    run("other.yaml", SECRET).failed_with(2).says("no creation rule fits other.yaml");
    run("values2.yaml", "a: b\n").failed_with(2).says("encrypted_suffix: _secret matches nothing");
    // From a folder below, and by the variable.
    let call = someone.sandbox.call("hardtack").args(["secrets", "encrypt", "a.yaml"]);
    let below = call.within(someone.sandbox.path("work/prod")).run().succeeded().stdout.clone();
    assert!(below.contains(&another.recipient));
    someone.sandbox.write("else.yaml", &format!("creation_rules: [{{age: {}}}]\n", someone.recipient));
    let call = someone
        .sandbox
        .call("hardtack")
        .args(["secrets", "encrypt", "prod/a.yaml"])
        .env("SOPS_CONFIG", "else.yaml");
    assert!(call.run().succeeded().stdout.contains(&someone.recipient));
    // Standard input has the name that it is given.
    let named = someone.sandbox.hardtack(&["secrets", "encrypt", "--filename", "prod/x.yaml"], SECRET);
    assert!(named.succeeded().stdout.contains(&another.recipient));
    fs::rename(someone.sandbox.path("work/.sops.yaml"), someone.sandbox.path("work/.sops.yml")).unwrap();
    run("prod/a.yaml", SECRET).failed_with(2).says(".sops.yml is not read").says("nobody to encrypt to");
}

/// The same rules and files to the real sops: it encrypts for the same people or fails where hardtack does.
fn rules_are_those_of_sops() {
    let someone = Someone::new();
    let others: Vec<String> = (0..3).map(|_| Someone::new().recipient).collect();
    let [one, two, three] = &others[..] else { panic!("three") };
    let configs = [
        format!("creation_rules:\n  - path_regex: b\\.yaml$\n    age: {one}\n  - age: '{two}, {three}'\n"),
        format!("creation_rules:\n  - path_regex: ^x/\n    age: [{one}, {one}]\n"),
        format!("creation_rules:\n  - path_regex: ''\n    age: {one}\n  - age: {two}\n"),
        format!(
            "creation_rules:\n  - key_groups:\n      - age: [{one}, {two}, {one}]\n      - merge: [{{age: [{three}]}}]\n"
        ),
        format!("creation_rules:\n  - age: {one}\n    encrypted_regex: a\n    encrypted_suffix: b\n"),
        format!(
            "creation_rules:\n  - age: {one}\n    encrypted_regex: ''\n    unencrypted_regex: ^(apiVersion|kind|metadata)$\n"
        ),
    ];
    for config in &configs {
        someone.sandbox.write(".sops.yaml", config);
        for file in ["a.yaml", "x/b.yaml", "y/x/c.yaml"] {
            someone.sandbox.write(file, SECRET);
            let theirs = someone.sops(&["encrypt", file], "");
            let ours = someone.sandbox.hardtack(&["secrets", "encrypt", file], "");
            assert_eq!(theirs.code == 0, ours.code == 0, "{config}{file}: {}{}", theirs.stderr, ours.stderr);
            let people = |text: &str| {
                let names =
                    text.lines().filter_map(|line| Some(line.split_once("recipient: ")?.1.to_owned()));
                // sops itself names people twice where the rule does.
                let mut names = names.collect::<Vec<_>>();
                names.dedup();
                names
            };
            assert_eq!(people(&theirs.stdout), people(&ours.stdout), "{config}{file}");
        }
    }
}

fn every_key_source_opens() {
    let someone = Someone::new();
    someone.sandbox.write("a.yaml", SECRET);
    someone
        .sandbox
        .hardtack(&["secrets", "encrypt", "-i", "--age", &someone.recipient, "a.yaml"], "")
        .succeeded();
    let file = someone.sandbox.path("home/.config/sops/age/keys.txt");
    let text = fs::read_to_string(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let keys = someone.sandbox.write("keys.txt", &text);
    let xdg = someone.sandbox.path("xdg");
    fs::create_dir_all(xdg.join("sops/age")).unwrap();
    fs::write(xdg.join("sops/age/keys.txt"), &text).unwrap();
    let decrypt = |variables: &[(&str, &str)]| {
        let mut calls = ["hardtack", "sops"].map(|program| {
            let words: &[&str] =
                if program == "sops" { &["decrypt", "a.yaml"] } else { &["secrets", "decrypt", "a.yaml"] };
            someone.sandbox.call(program).args(words)
        });
        for (name, value) in variables {
            calls = calls.map(|call| call.env(name, value));
        }
        let [ours, theirs] = calls.map(|call| call.run());
        assert_eq!(ours.code == 0, theirs.code == 0, "{variables:?}: {}{}", ours.stderr, theirs.stderr);
        ours
    };
    let none = decrypt(&[]);
    none.failed_with(2).says("no key here opens this").says(".config/sops/age/keys.txt is not there");
    let (keys, identity) = (keys.display().to_string(), someone.identity.clone());
    decrypt(&[("SOPS_AGE_KEY", &format!("# c\n  {identity}"))]).succeeded();
    decrypt(&[("SOPS_AGE_KEY_FILE", &keys)]).succeeded();
    decrypt(&[("SOPS_AGE_KEY_CMD", &format!("cat '{keys}'"))]).succeeded();
    decrypt(&[("XDG_CONFIG_HOME", &xdg.display().to_string())]).succeeded();
    decrypt(&[("SOPS_AGE_KEY_FILE", "/no/such/file"), ("SOPS_AGE_KEY", &identity)]).succeeded();
    decrypt(&[("SOPS_AGE_KEY_FILE", &keys), ("SOPS_AGE_KEY_CMD", "false")]).succeeded();
    let broken = decrypt(&[("SOPS_AGE_KEY_FILE", "/no/such/file"), ("SOPS_AGE_KEY_CMD", "false")]);
    broken.failed_with(2).says("SOPS_AGE_KEY_FILE cannot be read").says("SOPS_AGE_KEY_CMD failed");
    decrypt(&[("SOPS_AGE_KEY", "AGE-SECRET-KEY-1NONSENSE")])
        .failed_with(2)
        .says("SOPS_AGE_KEY holds something");
    let flag = someone.sandbox.hardtack(&["secrets", "decrypt", "--identity", "keys.txt", "a.yaml"], "");
    assert!(flag.succeeded().stdout.contains("canary-1"));
    let folder = root().join("testdata/sops");
    let ssh = fs::read_to_string(folder.join("id_ed25519.pub")).unwrap();
    someone.sandbox.write("a.yaml", SECRET);
    someone.sandbox.hardtack(&["secrets", "encrypt", "-i", "--age", ssh.trim(), "a.yaml"], "").succeeded();
    let file = folder.join("id_ed25519").display().to_string();
    decrypt(&[("SOPS_AGE_SSH_PRIVATE_KEY_FILE", &file)]).succeeded();
    decrypt(&[("SOPS_AGE_SSH_PRIVATE_KEY_CMD", &format!("cat {file}"))]).succeeded();
    fs::create_dir(someone.sandbox.path("home/.ssh")).unwrap();
    fs::copy(&file, someone.sandbox.path("home/.ssh/id_ed25519")).unwrap();
    decrypt(&[]).succeeded();
}

fn keygen_makes_what_age_reads() {
    use std::os::unix::fs::PermissionsExt as _;
    let someone = Someone::new();
    let ran = someone.sandbox.hardtack(&["secrets", "keygen", "-o", "keys/mine.txt"], "");
    let recipient = ran.succeeded().stdout.trim().to_owned();
    assert!(!ran.stderr.contains("AGE-SECRET"), "{}", ran.stderr);
    let file = someone.sandbox.path("work/keys/mine.txt");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(file.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
    let asked = someone.sandbox.call("age-keygen").args(["-y", "keys/mine.txt"]).run();
    assert_eq!(asked.succeeded().stdout.trim(), recipient);
    let before = fs::read(&file).unwrap();
    someone
        .sandbox
        .hardtack(&["secrets", "keygen", "-o", "keys/mine.txt"], "")
        .failed_with(2)
        .says("never overwritten");
    assert_eq!(fs::read(&file).unwrap(), before);
    // Where sops looks there is one already.
    someone.sandbox.hardtack(&["secrets", "keygen"], "").failed_with(2).says(".config/sops/age/keys.txt");
    fs::remove_dir_all(someone.sandbox.path("home/.config")).unwrap();
    let ran = someone.sandbox.hardtack(&["secrets", "keygen"], "");
    someone.sandbox.write("a.yaml", SECRET);
    let args = ["secrets", "encrypt", "-i", "--age", ran.succeeded().stdout.trim(), "a.yaml"];
    someone.sandbox.hardtack(&args, "").succeeded();
    someone.sandbox.hardtack(&["secrets", "decrypt", "a.yaml"], "").succeeded();
}

fn files_are_replaced_and_printed() {
    use std::os::unix::fs::PermissionsExt as _;
    let someone = Someone::new();
    for file in ["a.yaml", "b.yaml"] {
        someone.sandbox.write(file, SECRET);
    }
    let age = ["--age", &someone.recipient];
    let run = |args: &[&str]| someone.sandbox.hardtack(args, "");
    run(&["secrets", "encrypt", "-i", age[0], age[1], "a.yaml", "b.yaml"]).succeeded();
    let read = |file: &str| fs::read_to_string(someone.sandbox.path("work").join(file)).unwrap();
    assert!(!read("a.yaml").contains("canary") && !read("b.yaml").contains("canary"));
    run(&["secrets", "decrypt", "-o", "plain.yaml", "a.yaml"]).succeeded();
    assert!(read("plain.yaml").contains("password: canary-1"));
    let mode = |file: &str| {
        fs::metadata(someone.sandbox.path("work").join(file)).unwrap().permissions().mode() & 0o777
    };
    assert_eq!(mode("plain.yaml"), 0o600);
    run(&["secrets", "decrypt", "-i", "a.yaml", "b.yaml"]).succeeded();
    assert_eq!((read("a.yaml"), mode("a.yaml")), (read("plain.yaml"), 0o600));
    run(&["secrets", "encrypt", "-o", "sealed.yaml", age[0], age[1], "a.yaml"]).succeeded();
    assert!(read("sealed.yaml").contains("mac_only_encrypted"));
    let full = run(&["secrets", "encrypt", "--sops-full-mac", age[0], age[1], "a.yaml"]);
    assert!(!full.succeeded().stdout.contains("mac_only_encrypted"));
    // All or nothing: the second file is broken, so the first stays.
    someone.sandbox.write("c.yaml", "a: [\n");
    let before = read("a.yaml");
    run(&["secrets", "encrypt", "-i", age[0], age[1], "a.yaml", "c.yaml"]).failed_with(2);
    assert_eq!(read("a.yaml"), before);
}

fn previous_keeps_the_bytes() {
    let someone = Someone::new();
    let age = ["--age", &someone.recipient];
    let two = format!("{SECRET}---\n{}", SECRET.replace("name: db", "name: api"));
    let first =
        someone.sandbox.hardtack(&["secrets", "encrypt", age[0], age[1]], &two).succeeded().stdout.clone();
    someone.sandbox.write("before.yaml", &first);
    let args = ["secrets", "encrypt", "--previous", "before.yaml", age[0], age[1]];
    let again = someone.sandbox.hardtack(&args, &two);
    assert_eq!((again.succeeded().stdout.as_str(), again.stderr.as_str()), (first.as_str(), ""));
    let changed = two.replacen("canary-1", "canary-3", 1);
    let second = someone.sandbox.hardtack(&args, &changed).succeeded().stdout.clone();
    let half = |text: &str| text.split("\n---\n").nth(1).unwrap().to_owned();
    assert_eq!(half(&second), half(&first), "the other object keeps every byte");
    assert_ne!(second, first);
    // Without the key: said, and encrypted anew; with an operator's key for digests, kept.
    fs::remove_dir_all(someone.sandbox.path("home/.config")).unwrap();
    someone.sandbox.hardtack(&args, &two).succeeded().says("is encrypted anew");
    let key = someone.sandbox.write("digest.key", "0123456789abcdef0123456789abcdef\n");
    let with_key = |args: &[&str]| {
        let call = someone.sandbox.call("hardtack").args(args).env("HARDTACK_DIGEST_KEY_FILE", &key);
        call.stdin(two.clone()).run().succeeded().stdout.clone()
    };
    let digested = with_key(&args[..2].iter().chain(&age).copied().collect::<Vec<_>>());
    someone.sandbox.write("before.yaml", &digested);
    assert_eq!(with_key(&args), digested);
}

fn misuse_is_refused() {
    let someone = Someone::new();
    let run = |args: &[&str], stdin: &str| someone.sandbox.hardtack(args, stdin);
    run(&["secrets", "encrypt"], SECRET).failed_with(2).says("nobody to encrypt to").says("keygen");
    run(&["secrets", "encrypt", "--age", "age1nonsense"], SECRET).failed_with(2).says("it is mistyped");
    run(&["secrets", "encrypt", "--age", "age1pq1abc"], SECRET).failed_with(2).says("post-quantum");
    let ran = run(&["secrets", "encrypt", "--age", &someone.identity], SECRET);
    ran.failed_with(2).says("the secret half");
    assert!(!ran.stderr.contains(&someone.identity), "{}", ran.stderr);
    let age = ["secrets", "encrypt", "--age", &someone.recipient];
    run(&age, "apiVersion: v1\nkind: ConfigMap\ndata: {a: b}\n").failed_with(2).says("holds no Secret");
    run(&age, "a: b\n").failed_with(2).says("holds no Secret");
    let list =
        "apiVersion: v1\nkind: List\nitems:\n  - {apiVersion: v1, kind: Secret, stringData: {a: canary}}\n";
    run(&age, list).failed_with(2).says("a List holds a Secret");
    run(&age, &SECRET.replace("canary-1", "ENC[AES256_GCM,data:x")).failed_with(2).says("half encrypted");
    run(&["secrets", "encrypt", "-i"], SECRET).failed_with(2).says("--in-place needs files");
    let both = [&age[..], &["--encrypted-regex", "a", "--encrypted-suffix", "b"]].concat();
    run(&both, SECRET).failed_with(2).says("more than one of the rules");
    run(&["secrets", "decrypt"], SECRET).failed_with(2).says("there is no sops block");
    run(&["secrets", "decrypt"], "a: [\n").failed_with(2);
    run(&["secrets", "decrypt"], "").failed_with(2);
}

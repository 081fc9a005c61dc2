//! AWS Secrets Manager as moto speaks it, with signatures checked as AWS checks them: moto computes each anew with the SDK's own code.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;

use crate::kv::Fault;
use crate::support::{programs, tools};
use crate::world::{World, secret};

pub fn trials() -> Vec<Trial> {
    vec![
        tools::trial("aws::secrets_of_aws", &["moto_server", "moto-python"], || {
            secrets_of_aws();
            Ok(())
        }),
        tools::trial("aws::a_wrong_signature_is_refused", &["moto_server", "moto-python"], || {
            a_wrong_signature_is_refused();
            Ok(())
        }),
        Trial::test("aws::without_credentials", || {
            without_credentials();
            Ok(())
        }),
    ]
}

/// moto's server with a user who may read, and what `seed.py` puts there.
struct Moto {
    server: Child,
    address: String,
    id: String,
    key: String,
    first_version: String,
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

impl Moto {
    fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Command::new(programs::find("moto_server").unwrap())
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            // As many requests as seed.py makes; from then on signatures and permissions count.
            .env("INITIAL_NO_AUTH_ACTION_COUNT", "9")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let begin = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begin.elapsed() < Duration::from_secs(120), "moto_server does not start");
            thread::sleep(Duration::from_millis(100));
        }
        let address = format!("http://127.0.0.1:{port}");
        let mut moto =
            Self { server, address, id: String::new(), key: String::new(), first_version: String::new() };
        let script = programs::root().join("tests/stores/seed.py");
        let mut seed = tools::command("moto-python")
            .arg(script)
            .arg(&moto.address)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(seed.stdout.take().unwrap()).lines().map(Result::unwrap);
        moto.id = lines.next().expect("seed.py says the id of a key");
        moto.key = lines.next().unwrap();
        moto.first_version = lines.next().unwrap();
        assert!(seed.wait().unwrap().success());
        moto
    }

    fn world(&self) -> World {
        let mut world = World::new();
        world.policy = format!(", aws: [{{region: eu-central-1, endpoint: '{}'}}]", self.address);
        world.set("AWS_ACCESS_KEY_ID", &self.id);
        world.set("AWS_SECRET_ACCESS_KEY", &self.key);
        world
    }
}

fn secrets_of_aws() {
    let moto = Moto::start();
    let mut world = moto.world();
    for (text, value) in [
        ("ref+awssecrets://shop/db#/password", "canary-aws"),
        ("ref+awssecrets:///team/token", "canary-token"),
        ("ref+awssecrets://shop/db?region=eu-central-1#/user", "canary-user"),
        ("ref+awssecrets://shop/db?version_stage=AWSPREVIOUS#/password", "canary-previous"),
        ("x=ref+awssecrets://shop/db#/pin+;", "x=7;"),
        ("ref+awssecrets://binary", "canary-binary"),
    ] {
        assert_eq!(world.value(text), value, "{text}");
    }
    world.run(&secret("ref+awssecrets://shop/db#/user")).succeeded().says("AWS Secrets Manager eu-central-1");
    let old = format!("ref+awssecrets://shop/db?version_id={}#/password", moto.first_version);
    assert_eq!(world.value(&old), "canary-previous");
    for (text, why) in [
        ("ref+awssecrets://nowhere", "has no secret nowhere"),
        ("ref+awssecrets://shop/db#/nothing", "has no key nothing"),
        ("ref+awssecrets:///team/token#/a", "neither JSON nor YAML"),
        ("ref+awssecrets://shop/empty#/a", "has an empty value"),
    ] {
        let words = world.refused(text);
        assert!(
            words.contains(why) || text.contains("token#") && words.contains("has no key a"),
            "{text}: {words}"
        );
    }
    world.policy.push_str(", placeholders: aws, order: [{aws: 'shop/{name}'}]");
    assert_eq!(world.value("<path:shop/db#password>"), "canary-aws");
    assert_eq!(world.value("hardtack://db/user"), "canary-user");
    // Credentials as `aws configure export-credentials` prints them.
    let json = format!(
        "{{\"Version\": 1, \"AccessKeyId\": \"{}\", \"SecretAccessKey\": \"{}\"}}",
        moto.id, moto.key
    );
    let file = world.sandbox.path("home/credentials");
    fs::write(&file, json).unwrap();
    world.variables.clear();
    world.policy = format!(
        ", aws: [{{region: eu-central-1, endpoint: '{}', credentials: [cat, {}]}}]",
        moto.address,
        file.display()
    );
    assert_eq!(world.value("ref+awssecrets://shop/db#/password"), "canary-aws");
}

fn a_wrong_signature_is_refused() {
    let moto = Moto::start();
    let mut world = moto.world();
    let text = "ref+awssecrets://shop/db#/password";
    assert_eq!(world.value(text), "canary-aws");
    world.set("AWS_SECRET_ACCESS_KEY", &format!("{}x", moto.key));
    let words = world.refused(text);
    assert!(words.contains("answers 403 on shop/db"), "{words}");
    world.set("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
    let words = world.refused(text);
    assert!(words.contains("answers 403 on shop/db"), "{words}");
    world.set("AWS_ACCESS_KEY_ID", &moto.id);
    world.set("AWS_SECRET_ACCESS_KEY", &moto.key);
    // A session token is part of what is signed; this user has none.
    world.set("AWS_SESSION_TOKEN", "canary-session");
    world.refused(text);
}

fn without_credentials() {
    let mut world = World::new();
    world.policy = format!(", aws: [{{region: eu-central-1, endpoint: '{}'}}]", world.kv.address);
    assert!(world.refused("ref+awssecrets://shop/db").contains("no credentials for AWS"));
    world.set("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
    world.set("AWS_SECRET_ACCESS_KEY", "canary-key");
    assert_eq!(world.kv.seen(), Vec::<String>::new());
    // A server that is not AWS.
    assert!(
        world
            .refused("ref+awssecrets://shop/db")
            .contains("answers 403 on shop/db: the credentials are refused")
    );
    world.kv.always(Fault::Status(418, None));
    assert!(world.refused("ref+awssecrets://shop/db").contains("nothing that AWS would say"));
    for fault in [Fault::Garbage, Fault::OtherJson] {
        world.kv.always(fault);
        assert!(world.refused("ref+awssecrets://shop/db").contains("something that is no secret"));
    }
    world.kv.always(Fault::HalfBody);
    assert!(world.refused("ref+awssecrets://shop/db").contains("breaks off in the middle"));
    world.policy = String::from(", aws: [{}]");
    world.run(&secret("ref+awssecrets://x")).failed_with(2).says("names no region of AWS");
}

//! Stores that are slow, dead, not who they say they are, or that answer anything but what was asked for.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;

use crate::kv::{Fault, Kv, tls};
use crate::world::World;

const TEXT: &str = "ref+vault://secret/shop/db#/user";

pub fn trials() -> Vec<Trial> {
    crate::plain(
        "faults",
        &[
            ("refused_by_the_store", refused_by_the_store),
            ("busy_stores_are_asked_again", busy_stores_are_asked_again),
            ("a_store_that_stays_busy", a_store_that_stays_busy),
            ("a_slow_store", a_slow_store),
            ("a_dead_store", a_dead_store),
            ("answers_that_are_none", answers_that_are_none),
            ("a_redirect_is_not_followed", a_redirect_is_not_followed),
            ("certificates", certificates),
            ("plain_http_is_for_this_machine", plain_http_is_for_this_machine),
        ],
    )
}

fn refused_by_the_store() {
    let mut world = World::new();
    assert!(
        world.refused("ref+vault://secret/forbidden#/a").contains("answers 403 on reading secret/forbidden")
    );
    world.set("VAULT_TOKEN", "hvs.wrong");
    assert!(world.refused(TEXT).contains("the token or role may not"));
    assert_eq!(world.kv.seen().len(), 2, "what is refused is not asked for again");
}

fn busy_stores_are_asked_again() {
    let world = World::new();
    world.kv.then([Fault::Status(429, Some(1)), Fault::Status(500, None), Fault::Close]);
    let begin = Instant::now();
    assert_eq!(world.value(TEXT), "canary-user");
    assert_eq!(world.kv.seen().len(), 4);
    assert!(begin.elapsed() >= Duration::from_secs(1), "Retry-After is heeded");
}

fn a_store_that_stays_busy() {
    let mut world = World::new();
    for (status, words) in [(429, "asked too often"), (503, "sealed, starting"), (500, "answers 500")] {
        world.kv.always(Fault::Status(status, None));
        let before = world.kv.seen().len();
        assert!(world.refused(TEXT).contains(words), "{status}");
        assert_eq!(world.kv.seen().len(), before + 4, "{status}");
    }
    // A pause that is longer than what is left ends it at once.
    world.kv.always(Fault::Status(429, Some(3600)));
    world.policy = ", budget: 2s".to_owned();
    let begin = Instant::now();
    assert!(world.refused(TEXT).contains("2 s that resolving may take"), "budget");
    assert!(begin.elapsed() < Duration::from_secs(10));
}

fn a_slow_store() {
    let mut world = World::new();
    world.kv.always(Fault::Silence(Duration::from_secs(20)));
    world.policy = ", timeout: 300ms".to_owned();
    let begin = Instant::now();
    let words = world.refused(&format!("{TEXT}+ {TEXT}"));
    assert!(words.contains("does not answer in time"), "{words}");
    assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
    assert_eq!(world.kv.seen().len(), 1, "a slow store is not waited for twice");
}

fn a_dead_store() {
    let mut world = World::new();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    world.kv.address = format!("http://{free}");
    assert!(world.refused(TEXT).contains("takes no connection"));
    world.kv.address = "https://no-such-host.invalid".to_owned();
    let words = world.refused(TEXT);
    assert!(words.contains("cannot be found by its name") || words.contains("cannot be reached"), "{words}");
}

fn answers_that_are_none() {
    for (fault, words) in [
        (Fault::Garbage, "something that is no secret"),
        (Fault::OtherJson, "something that is no secret"),
        (Fault::HalfBody, "breaks off in the middle"),
        (Fault::Close, "breaks off in the middle"),
        (Fault::NoHttp, "does not answer in HTTP"),
        (Fault::Huge, "more than 1048576 bytes"),
        (Fault::Status(204, None), "answers 204"),
        (Fault::Status(400, None), "answers 400"),
        (Fault::Status(418, None), "answers 418"),
    ] {
        let world = World::new();
        world.kv.always(fault.clone());
        let said = world.refused(TEXT);
        assert!(said.contains(words), "{fault:?}: {said}");
    }
}

fn a_redirect_is_not_followed() {
    let world = World::new();
    let other = Kv::http();
    world.kv.always(Fault::Redirect(format!("{}/v1/secret/data/shop/db", other.address)));
    assert!(world.refused(TEXT).contains("sends to another address"));
    assert_eq!(other.seen(), Vec::<String>::new(), "the token goes nowhere else");
}

fn certificates() {
    let with_ca = |name: &str, ca: Option<&str>| {
        let mut world = World::with(Kv::https(name));
        world.server = ca.map(|ca| format!(", caFile: {}", tls(ca).display())).unwrap_or_default();
        world
    };
    assert_eq!(with_ca("localhost", Some("ca.pem")).value(TEXT), "canary-user");
    for (name, ca, words) in [
        ("localhost", None, "no authority that is trusted here made it"),
        ("localhost", Some("other-ca.pem"), "no authority that is trusted here made it"),
        ("elsewhere", Some("ca.pem"), "it is for another name"),
        ("expired", Some("ca.pem"), "it has expired"),
        ("localhost", Some("localhost.key.pem"), "holds no certificate"),
        ("localhost", Some("nowhere.pem"), "there is no such file"),
    ] {
        let world = with_ca(name, ca);
        let said = world.refused(TEXT);
        assert!(said.contains(words), "{name} {ca:?}: {said}");
        assert_eq!(world.kv.seen(), Vec::<String>::new(), "no token before the certificate is trusted");
    }
}

fn plain_http_is_for_this_machine() {
    let mut world = World::new();
    world.kv.address = "http://vault.acme.internal:8200".to_owned();
    let ran = world.run(&crate::world::secret(TEXT));
    ran.failed_with(2).says("plainHttp: true").says("hardtack.yaml:5");
}

//! What another fixer broke when all its checks were on, line by line: none of it may happen here, neither in
//! production nor with consent to every fix there is.

#![allow(clippy::expect_used, reason = "a test that cannot go on fails")]

use hardtack::finding::Status;
use hardtack::k8s::{Container, Release, Scope, Workload};
use hardtack::load::resolve::load_environment;
use hardtack::policy::{Date, FixMode};
use hardtack::rules::RULES;
use hardtack::yaml::stream::{ParseOptions, parse};
use hardtack::yaml::{Stream, Value};
use hardtack::{Policy, harden};

const DEPLOYMENT: &str = include_str!("deployment.yaml");
const WINDOWS: &str = include_str!("windows.yaml");

fn today() -> Date {
    "2026-11-20".parse().expect("a date")
}

fn production() -> Policy {
    load_environment("production", today()).expect("a built-in environment")
}

fn everything() -> Policy {
    let mut policy = production();
    policy.fix = FixMode::Consented;
    for rule in RULES {
        policy.rules.entry(rule.id.to_owned()).or_default().fix = Some(true);
    }
    policy
}

/// Rule ids with what became of them, and the output.
struct Outcome {
    found: Vec<(String, Option<String>, Status)>,
    text: String,
}

impl Outcome {
    fn of(input: &str, policy: &Policy) -> Self {
        let stream = read(input);
        let hardened = harden(&stream, policy, Scope::default()).expect("a stream that can be hardened");
        let findings = hardened.plan.findings.iter();
        let found = findings.map(|it| (it.rule.to_string(), it.container.clone(), it.status)).collect();
        Self { found, text: hardened.to_text() }
    }

    fn found(&self, rule: &str, container: &str) -> Option<Status> {
        let about = |name: &Option<String>| name.as_deref() == Some(container);
        self.found.iter().find(|(id, name, _)| id == rule && about(name)).map(|(_, _, status)| *status)
    }
}

fn read(text: &str) -> Stream {
    parse(text.to_owned(), ParseOptions::default()).expect("a stream that can be read")
}

/// Looks at the deployment as it comes out of both policies.
fn each(look: impl Fn(&Outcome, &Workload<'_>)) {
    for policy in [production(), everything()] {
        let outcome = Outcome::of(DEPLOYMENT, &policy);
        let stream = read(&outcome.text);
        let release = Release::gather(&stream, Scope::default());
        look(&outcome, release.workloads.first().expect("the deployment"));
    }
}

fn container<'r>(workload: &'r Workload<'r>, name: &str) -> Container<'r> {
    workload.containers().find(|it| it.name == name).expect("a container of that name")
}

fn flag(value: Option<Value<'_>>) -> bool {
    value.and_then(Value::as_bool) == Some(true)
}

fn texts(value: Option<Value<'_>>) -> Vec<String> {
    value.into_iter().flat_map(Value::items).map(|it| it.raw().trim_matches('"').to_owned()).collect()
}

#[test]
fn no_container_is_told_to_be_root_and_not_root() {
    each(|_, pod| {
        for it in pod.containers() {
            let refused = flag(pod.effective(&it, "runAsNonRoot")) && pod.effective_user(&it) == Some(0);
            assert!(!refused, "{} cannot start", it.name);
        }
    });
}

#[test]
fn a_root_image_without_a_uid_is_not_told_to_be_not_root() {
    each(|outcome, pod| {
        let web = container(pod, "web");
        assert!(!flag(pod.effective(&web, "runAsNonRoot")), "nginx cannot start");
        assert_eq!(pod.effective_user(&web), None, "a uid was invented");
        assert_eq!(outcome.found("run-as-root", "web"), Some(Status::Open), "and nobody is told");
    });
}

#[test]
fn a_read_only_root_comes_with_the_directories_it_needs() {
    each(|outcome, pod| {
        let web = container(pod, "web");
        assert!(flag(web.get("securityContext.readOnlyRootFilesystem")));
        assert_eq!(outcome.found("writable-root-filesystem", "web"), Some(Status::Fixed));
        let mounts: Vec<(String, String)> = web
            .get("volumeMounts")
            .into_iter()
            .flat_map(Value::items)
            .filter_map(|it| Some((it.get("mountPath")?.as_str()?.into(), it.get("name")?.as_str()?.into())))
            .collect();
        for path in ["/var/cache/nginx", "/var/run", "/tmp"] {
            let name = mounts.iter().find(|(mount, _)| mount == path).map(|(_, name)| name).expect(path);
            let mut volumes = pod.get("volumes").into_iter().flat_map(Value::items);
            let volume = volumes.find(|it| it.get("name").and_then(Value::as_str).as_deref() == Some(name));
            assert!(volume.expect("the volume").entry("emptyDir").is_some());
        }
        let envoy = container(pod, "envoy");
        assert!(!flag(envoy.get("securityContext.readOnlyRootFilesystem")), "nothing is known of envoy");
    });
}

#[test]
fn an_added_capability_stays() {
    each(|_, pod| {
        let web = container(pod, "web");
        assert_eq!(texts(web.get("securityContext.capabilities.add")), ["NET_BIND_SERVICE"]);
        assert_eq!(texts(web.get("securityContext.capabilities.drop")), ["ALL"]);
    });
}

#[test]
fn a_root_script_that_changes_owners_keeps_its_capabilities() {
    each(|outcome, pod| {
        let permissions = container(pod, "permissions");
        let dropped = texts(permissions.get("securityContext.capabilities.drop"));
        assert!(!dropped.contains(&"ALL".to_owned()), "chown fails without them");
        assert_eq!(outcome.found("capabilities-not-dropped", "permissions"), Some(Status::Open));
    });
}

#[test]
fn no_probe_is_invented() {
    each(|outcome, _| assert!(!outcome.text.contains("Probe:"), "{}", outcome.text));
}

#[test]
fn replicas_belong_to_the_autoscaler() {
    each(|outcome, _| {
        let stream = read(&outcome.text);
        let release = Release::gather(&stream, Scope::default());
        let deployment =
            release.objects.iter().find(|it| it.id.kind == "Deployment").expect("the deployment");
        assert!(deployment.value.path("spec.replicas").is_none());
    });
}

#[test]
fn nothing_refers_to_what_does_not_exist() {
    each(|outcome, _| {
        assert!(!outcome.text.contains("priorityClassName"));
        assert!(!outcome.text.contains("imagePullPolicy"));
    });
}

#[test]
fn no_figure_is_invented() {
    let requests: Vec<_> = production().resources.into_iter().map(|entry| entry.requests).collect();
    each(|_, pod| {
        for it in pod.containers() {
            assert!(it.get("resources.limits").is_none(), "{} is limited", it.name);
            let Some(written) = it.get("resources.requests") else { continue };
            for (name, figure) in written.entries() {
                let named = requests.iter().any(|entry| entry.get(name.as_ref()) == Some(&figure.to_data()));
                assert!(named, "{name} is not what the environment's file says");
            }
        }
    });
    let unconfigured = Outcome::of(DEPLOYMENT, &Policy::unconfigured(today()));
    assert!(!unconfigured.text.contains("resources"));
}

#[test]
fn a_host_port_that_no_service_covers_stays_and_is_reported() {
    each(|outcome, pod| {
        let ports = container(pod, "web").get("ports").expect("ports");
        let port = ports.items().next().expect("a port").get("hostPort").and_then(Value::as_i64);
        assert_eq!(port, Some(8080));
        assert_eq!(outcome.found("host-port", "web"), Some(Status::Open));
    });
}

#[test]
fn a_seccomp_profile_is_written() {
    each(|_, pod| {
        let profile = pod.get("securityContext.seccompProfile.type").and_then(Value::as_str);
        assert_eq!(profile.as_deref(), Some("RuntimeDefault"));
    });
}

#[test]
fn windows_pods_are_left_alone() {
    for policy in [Policy::unconfigured(today()), production()] {
        assert_eq!(Outcome::of(WINDOWS, &policy).text, WINDOWS);
    }
    // A budget may be added beside it, the template stays.
    let outcome = Outcome::of(WINDOWS, &everything());
    assert!(outcome.text.ends_with(WINDOWS), "{}", outcome.text);
}

#[test]
fn comments_survive() {
    each(|outcome, _| {
        let comments = DEPLOYMENT.lines().filter_map(|line| Some(line.split_once("# ")?.1));
        for comment in comments {
            assert!(outcome.text.contains(&format!("# {comment}")), "{comment}");
        }
    });
}

#[test]
fn a_registry_port_is_no_tag() {
    each(|outcome, _| {
        assert_eq!(outcome.found("image-tag-mutable", "mirror"), Some(Status::Open));
        assert_eq!(outcome.found("image-tag-mutable", "web"), None);
        assert!(outcome.text.contains("image: localhost:5000/nginx\n"));
    });
}

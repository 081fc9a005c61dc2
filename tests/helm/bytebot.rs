//! The plain chart and its team's policy: what comes out is what the team's requirements ask for.

use libtest_mimic::Trial;
use yaml_rust2::Yaml;

use crate::support::objects::{at, names, object};
use crate::support::programs::{root, trial};
use crate::support::sandbox::Sandbox;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("bytebot_helm3_post_renderer", &["helm3"], bytebot_helm3_post_renderer),
        trial("bytebot_helm3_pipe_with_hooks", &["helm3"], bytebot_helm3_pipe_with_hooks),
        trial("bytebot_helm4_post_renderer", &["helm4"], bytebot_helm4_post_renderer),
        trial(
            "policy_is_found_from_the_working_folder",
            &["helm3", "helm4"],
            policy_is_found_from_the_working_folder,
        ),
        trial("bytebot_lint", &["helm3", "helm4"], bytebot_lint),
        trial("bytebot_as_rendered_is_plain", &["helm3"], bytebot_as_rendered_is_plain),
    ]
}

fn policy() -> String {
    root().join("charts/bytebot-agent/hardtack.yaml").to_string_lossy().into_owned()
}

fn production() -> String {
    root().join("charts/bytebot-agent/values-production.yaml").to_string_lossy().into_owned()
}

fn through(helm: &str, values: &[&str]) -> String {
    let sandbox = Sandbox::new();
    if helm == "helm4" {
        sandbox.link_helm4_plugin();
    }
    let argument = format!("--policy={}", policy());
    let arguments = ["--post-renderer", "hardtack", "--post-renderer-args", &argument];
    sandbox.render(helm, "bytebot-agent", &[&arguments[..], values].concat())
}

fn bytebot_helm3_post_renderer() {
    for values in [vec![], vec!["-f", &*production()]] {
        let hardened = through("helm3", &values);
        assert_agent(&object(&hardened, "Deployment", "shop-agent"));
    }
}

fn bytebot_helm4_post_renderer() {
    for values in [vec![], vec!["-f", &*production()]] {
        let hardened = through("helm4", &values);
        assert_agent(&object(&hardened, "Deployment", "shop-agent"));
        assert_job(&object(&hardened, "Job", "shop-agent-migrate"));
    }
}

fn bytebot_helm3_pipe_with_hooks() {
    let sandbox = Sandbox::new();
    let plain = sandbox.render("helm3", "bytebot-agent", &["-f", &production()]);
    let ran = sandbox.hardtack(&["-p", &policy()], &plain);
    assert_agent(&object(&ran.succeeded().stdout, "Deployment", "shop-agent"));
    assert_job(&object(&ran.stdout, "Job", "shop-agent-migrate"));
    assert_eq!(names(&plain), names(&ran.stdout), "nothing added, nothing lost");
    let untouched =
        |kind| assert_eq!(object(&plain, kind, "shop-agent"), object(&ran.stdout, kind, "shop-agent"));
    for kind in ["ConfigMap", "Service", "ServiceAccount", "HorizontalPodAutoscaler"] {
        untouched(kind);
    }
}

fn policy_is_found_from_the_working_folder() {
    let sandbox = Sandbox::new();
    sandbox.link_helm4_plugin();
    sandbox.write("hardtack.yaml", &std::fs::read_to_string(policy()).unwrap());
    sandbox.write("deep/er/empty", "");
    for helm in ["helm3", "helm4"] {
        let call = sandbox.call(helm).within(sandbox.path("work/deep/er")).env("HARDTACK_NO_DISCOVERY", "0");
        let call = call.args(["template", "shop", "--post-renderer", "hardtack"]);
        let ran = call.arg(root().join("charts/bytebot-agent")).run();
        assert_agent(&object(&ran.succeeded().stdout, "Deployment", "shop-agent"));
    }
}

fn bytebot_lint() {
    let sandbox = Sandbox::new();
    for helm in ["helm3", "helm4"] {
        let call = sandbox.call(helm).args(["lint", "--strict"]).arg(root().join("charts/bytebot-agent"));
        call.arg("-f").arg(production()).run().succeeded();
        sandbox.call(helm).args(["lint", "--strict"]).arg(root().join("charts/demo")).run().succeeded();
    }
}

/// The chart must stay plain, else the tests above show nothing.
fn bytebot_as_rendered_is_plain() {
    let plain = Sandbox::new().render("helm3", "bytebot-agent", &[]);
    for word in ["securityContext", "Probe", "resources:", "emptyDir"] {
        assert!(!plain.contains(word), "{word}");
    }
}

#[track_caller]
fn assert_restricted(pod: &Yaml) {
    let is = |route: &str, expected: Yaml| assert_eq!(at(pod, route), &expected, "{route}");
    is("securityContext.runAsNonRoot", Yaml::Boolean(true));
    for route in ["runAsUser", "runAsGroup", "fsGroup"] {
        is(&format!("securityContext.{route}"), Yaml::Integer(1000));
    }
    is("securityContext.seccompProfile.type", Yaml::String("RuntimeDefault".into()));
    let container = "containers.0.securityContext";
    is(&format!("{container}.allowPrivilegeEscalation"), Yaml::Boolean(false));
    is(&format!("{container}.readOnlyRootFilesystem"), Yaml::Boolean(true));
    is(&format!("{container}.capabilities.drop"), Yaml::Array(vec![Yaml::String("ALL".into())]));
    is("containers.0.resources.requests.cpu", Yaml::String("100m".into()));
    is("containers.0.resources.requests.memory", Yaml::String("128Mi".into()));
    is("containers.0.resources.limits.memory", Yaml::String("512Mi".into()));
    let mounts = at(pod, "containers.0.volumeMounts").as_vec().expect("writable paths are mounted");
    let paths: Vec<&str> = mounts.iter().filter_map(|mount| mount["mountPath"].as_str()).collect();
    assert_eq!(paths, ["/tmp", "/home/node/.npm"]);
    for mount in mounts {
        let volumes = at(pod, "volumes").as_vec().expect("volumes");
        let volume = volumes.iter().find(|volume| volume["name"] == mount["name"]).expect("its volume");
        assert!(volume["emptyDir"].as_hash().is_some(), "{volume:?}");
    }
}

#[track_caller]
fn assert_agent(deployment: &Yaml) {
    let pod = at(deployment, "spec.template.spec");
    assert_restricted(pod);
    for (probe, path) in [
        ("livenessProbe", "/health/live"),
        ("readinessProbe", "/health/ready"),
        ("startupProbe", "/health/startup"),
    ] {
        let probe = at(pod, &format!("containers.0.{probe}"));
        assert_eq!(at(probe, "httpGet.path").as_str(), Some(path));
        assert_eq!(at(probe, "httpGet.port").as_str(), Some("http"));
        assert!(probe["periodSeconds"].as_i64().is_some(), "{probe:?}");
    }
    assert_eq!(at(pod, "containers.0.ports.0.containerPort").as_i64(), Some(9991));
}

#[track_caller]
fn assert_job(job: &Yaml) {
    let pod = at(job, "spec.template.spec");
    assert_restricted(pod);
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        assert!(at(pod, &format!("containers.0.{probe}")).is_badvalue(), "a Job is never probed");
    }
    assert_eq!(job["metadata"]["annotations"]["helm.sh/hook"].as_str(), Some("pre-upgrade"));
}

//! The command of the Argo CD plugin, run as Argo CD runs it: in the application's folder, with its environment.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use libtest_mimic::Trial;

use crate::support::objects::{at, names, object, read};
use crate::support::programs::{find, root, trial};
use crate::support::sandbox::{Ran, Sandbox};

pub fn trials() -> Vec<Trial> {
    vec![
        trial("argocd_generate", &["helm3"], argocd_generate),
        trial("argocd_generate_refuses", &["helm3"], argocd_generate_refuses),
        trial("argocd_failed_render_is_no_application", &["helm3"], argocd_failed_render_is_no_application),
    ]
}

fn generate(sandbox: &Sandbox, folder: &Path, environment: &[(&str, &str)]) -> Ran {
    let plugin = read(&fs::read_to_string(root().join("packaging/argocd/plugin.yaml")).unwrap()).remove(0);
    let generate = at(&plugin, "spec.generate");
    let words = ["command", "args"].map(|part| generate[part].as_vec().unwrap().clone()).concat();
    let words: Vec<&str> = words.iter().map(|word| word.as_str().unwrap()).collect();
    symlink(find("helm3").unwrap(), sandbox.path("bin/helm")).unwrap();
    let mut call = sandbox.call(words[0]).args(&words[1..]).within(folder);
    let given = [("ARGOCD_APP_NAME", "shop"), ("ARGOCD_APP_NAMESPACE", "shop"), ("KUBE_VERSION", "1.33")];
    for (name, value) in given.iter().chain(environment) {
        call = call.env(name, value);
    }
    call.run()
}

fn argocd_generate() {
    let sandbox = Sandbox::new();
    let chart = root().join("charts/bytebot-agent");
    let policy = chart.join("hardtack.yaml");
    let ran = generate(&sandbox, &chart, &[("ARGOCD_ENV_HARDTACK_POLICY", &policy.to_string_lossy())]);
    let job = object(&ran.succeeded().stdout, "Job", "shop-agent-migrate");
    let context = at(&job, "spec.template.spec.securityContext");
    assert_eq!(at(context, "runAsUser").as_i64(), Some(1000), "the policy counts, for hooks too");
    assert_eq!(names(&ran.stdout).len(), 6);
}

fn argocd_generate_refuses() {
    let environment = [("ARGOCD_ENV_HARDTACK_ENVIRONMENT", "production")];
    let ran = generate(&Sandbox::new(), &root().join("charts/demo"), &environment);
    ran.failed_with(1).says("privileged-container");
}

fn argocd_failed_render_is_no_application() {
    let sandbox = Sandbox::new();
    let chart = sandbox
        .chart("broken", &[("a.yaml", "kind: ConfigMap\n"), ("b.yaml", "{{ fail \"no such value\" }}\n")]);
    let ran = generate(&sandbox, &chart, &[]);
    assert_ne!(ran.code, 0);
    assert_eq!(ran.stdout, "");
    ran.says("no such value");
}

//! Real charts through both Helms: each is refused or accepted as it is without hardtack, and no object is lost.

use std::fs;

use libtest_mimic::Trial;

use crate::support::corpus;
use crate::support::sandbox::Sandbox;

pub fn trials() -> Vec<Trial> {
    let through = |helm: &'static str| {
        move || {
            every_chart_passes(helm);
            Ok(())
        }
    };
    vec![
        corpus::trial("corpus_through_helm3", &["helm3"], through("helm3")),
        corpus::trial("corpus_through_helm4", &["helm4"], through("helm4")),
    ]
}

/// The rendered text as the only file of a chart, where nothing in it is taken for a template.
fn every_chart_passes(helm: &str) {
    let sandbox = Sandbox::new();
    sandbox.link_helm4_plugin();
    let chart = sandbox.chart("real", &[("all.yaml", "{{ .Files.Get \"all.yaml\" }}")]);
    let render = |more: &[&str]| sandbox.call(helm).args(["template", "shop"]).arg(&chart).args(more).run();
    let mut changed = 0;
    for (name, text) in corpus::charts() {
        fs::write(chart.join("all.yaml"), &text).unwrap();
        let plain = render(&[]);
        let hardened = render(&["--post-renderer", "hardtack"]);
        assert_eq!(hardened.code, plain.code, "{name}: {}", hardened.stderr);
        assert_eq!(kinds(&hardened.stdout), kinds(&plain.stdout), "{name}");
        changed += usize::from(
            hardened.stdout.contains("allowPrivilegeEscalation") && hardened.stdout != plain.stdout,
        );
    }
    assert!(changed > 0, "something was hardened");
}

fn kinds(stream: &str) -> Vec<&str> {
    let mut kinds: Vec<&str> = stream.lines().filter(|line| line.starts_with("kind: ")).collect();
    kinds.sort_unstable();
    kinds
}

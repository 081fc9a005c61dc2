//! Where the time goes: each arrow of `harden.rs` alone, and the whole.
//!
//! `cargo bench` runs it on manifests written here; with `HARDTACK_CORPUS=FOLDER` also on the largest file of that folder.
#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark that cannot go on fails")]

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hardtack::edit::edit;
use hardtack::harden;
use hardtack::k8s::{Release, Scope};
use hardtack::load::load_environment;
use hardtack::plan::Plan;
use hardtack::policy::{Date, Policy};
use hardtack::validate::validate;
use hardtack::wire::{Input, parse};
use hardtack::yaml::Stream;

/// A release as a chart renders it: a third of each document is labels, comments and configuration text.
fn release(workloads: usize) -> String {
    let mut text = String::new();
    for number in 0..workloads {
        let _ = write!(
            text,
            "---\n# Source: shop/templates/web-{number}.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web-{number}\n  \
             labels:\n    app.kubernetes.io/name: web-{number}\n    app.kubernetes.io/managed-by: Helm\ndata:\n  \
             application.properties: |\n    # what the shop needs\n    spring.main.banner-mode=off\n    \
             server.port=9991\n    shop.items=\"a, b, c\"\n  LOG_LEVEL: info\n---\n# Source: \
             shop/templates/web-{number}.yaml\napiVersion: v1\nkind: Service\nmetadata:\n  name: web-{number}\nspec:\n  \
             selector: {{app.kubernetes.io/name: web-{number}}}\n  ports:\n  - name: http\n    port: 80\n    targetPort: http\n\
             ---\n# Source: shop/templates/web-{number}.yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: \
             web-{number}\n  labels:\n    app.kubernetes.io/name: web-{number}\nspec:\n  replicas: 2\n  selector:\n    \
             matchLabels:\n      app.kubernetes.io/name: web-{number}\n  template:\n    metadata:\n      labels:\n        \
             app.kubernetes.io/name: web-{number}\n    spec:\n      serviceAccountName: \"web-{number}\"\n      \
             initContainers:\n      - name: migrate\n        image: ghcr.io/acme/migrate:1.0.0\n        args: [\"--all\", \
             '--wait']\n      containers:\n      - name: web\n        # pinned by the team\n        image: \
             ghcr.io/acme/web:1.0.0\n        ports:\n        - name: http\n          containerPort: 9991\n        env:\n        \
             - name: LOG_LEVEL\n          valueFrom:\n            configMapKeyRef:\n              name: web-{number}\n              \
             key: LOG_LEVEL\n        volumeMounts:\n        - name: configuration\n          mountPath: /etc/shop\n      \
             volumes:\n      - name: configuration\n        configMap:\n          name: web-{number}\n"
        );
    }
    text
}

fn stream(text: &str) -> Stream {
    parse(Input { name: "bench".to_owned(), text: text.to_owned() }).unwrap()
}

fn stages(criterion: &mut Criterion, name: &str, text: &str, policy: &Policy) {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Bytes(text.len() as u64)).sample_size(20);
    group.bench_function("parse", |bencher| bencher.iter(|| black_box(stream(text))));
    let parsed = stream(text);
    let gathered = Release::gather(&parsed, Scope::default());
    group.bench_function("plan", |bencher| {
        bencher.iter(|| Plan::new(&Release::gather(&parsed, Scope::default()), policy));
    });
    group.bench_function("edit", |bencher| {
        bencher.iter_batched(
            || Plan::new(&gathered, policy).unwrap(),
            |mut plan| edit(&parsed, &gathered, &mut plan).unwrap(),
            criterion::BatchSize::LargeInput,
        );
    });
    let mut planned = Plan::new(&gathered, policy).unwrap();
    let changes = edit(&parsed, &gathered, &mut planned).unwrap();
    group.bench_function("validate", |bencher| {
        bencher.iter_batched(
            || Plan {
                findings: planned.findings.clone(),
                violating: planned.violating.clone(),
                ..Plan::default()
            },
            |mut plan| validate(&parsed, &gathered, &mut plan, &changes, policy),
            criterion::BatchSize::LargeInput,
        );
    });
    let hardened = harden(&parsed, policy, Scope::default()).unwrap();
    group.bench_function("emit", |bencher| bencher.iter(|| black_box(hardened.to_text())));
    group.bench_function("whole", |bencher| {
        bencher.iter(|| harden(&stream(text), policy, Scope::default()).unwrap().to_text());
    });
    group.finish();
}

fn pipeline(criterion: &mut Criterion) {
    let policy = load_environment("production", Date::from_epoch_seconds(0)).unwrap();
    criterion.bench_function("policy", |bencher| {
        bencher.iter(|| load_environment("production", Date::from_epoch_seconds(0)).unwrap());
    });
    stages(criterion, "one workload", &release(1), &policy);
    stages(criterion, "100 workloads", &release(100), &policy);
    let folder = std::env::var_os("HARDTACK_CORPUS").map(fs::read_dir).and_then(Result::ok);
    let files = folder.into_iter().flatten().filter_map(|entry| fs::read_to_string(entry.ok()?.path()).ok());
    if let Some(largest) = files.max_by_key(String::len) {
        stages(criterion, "largest of the corpus", &largest, &policy);
    }
}

criterion_group!(benches, pipeline);
criterion_main!(benches);

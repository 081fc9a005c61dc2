//! Helm 3 and Helm 4, the real ones, with hardtack between chart and cluster; c08_NN is the NNth thing they demand of it.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "../support/mod.rs"]
mod support;

mod archive;
mod argocd;
mod bytebot;
mod caller;
mod cluster;
mod corpus;
mod order;
mod plugins;
mod secrets;
mod stream;
mod yaml;

fn main() {
    let args = libtest_mimic::Arguments::from_args();
    let all = [
        stream::trials(),
        yaml::trials(),
        caller::trials(),
        cluster::trials(),
        corpus::trials(),
        order::trials(),
        plugins::trials(),
        secrets::trials(),
        archive::trials(),
        argocd::trials(),
        bytebot::trials(),
    ];
    libtest_mimic::run(&args, all.into_iter().flatten().collect()).exit();
}

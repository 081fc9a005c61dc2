//! `cargo xtask`: sets up and runs what plain cargo cannot.

fn main() -> anyhow::Result<()> {
    anyhow::bail!("cargo xtask: no command yet")
}

//! `cargo xtask package`: the Helm plugin archive, signed on request, the archives for kubectl and their krew manifest.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

/// What `cargo xtask package --help` prints.
const USAGE: &str = "cargo xtask package [--out DIR] [--binary OS-ARCH=FILE]... [--key NAME --keyring FILE]

Builds the host's static binary (or takes the ones given) and writes to DIR (target/package):
  hardtack/                        the plugin's folder, which the Dockerfile copies from
  hardtack-VERSION.tgz             Helm 4's plugin; with --key also hardtack-VERSION.tgz.prov
  hardtack-vVERSION-OS-ARCH.tar.gz one for each binary, for kubectl
  krew/hardtack.yaml               the krew manifest of those
The keyring is GnuPG's export: gpg --export-secret-keys > FILE";

/// One built binary and the platform it runs on.
struct Binary {
    os: String,
    arch: String,
    file: PathBuf,
}

#[derive(Default)]
struct Request {
    out: Option<PathBuf>,
    binaries: Vec<Binary>,
    key: Option<(String, PathBuf)>,
}

/// Builds and packs what the arguments ask for.
///
/// # Errors
/// Any argument not understood, and any program that fails.
pub fn run(root: &Path, args: &[String]) -> Result<()> {
    let Some(mut request) = parse(args)? else {
        return say(USAGE);
    };
    if request.binaries.is_empty() {
        request.binaries.push(build_for_host(root)?);
    }
    let out = request.out.clone().unwrap_or_else(|| root.join("target/package"));
    let plugin = out.join("hardtack");
    if plugin.exists() {
        fs::remove_dir_all(&plugin)?;
    }
    fs::create_dir_all(&plugin)?;
    let version = version(root)?;
    stage(root, &plugin, &version, &request.binaries)?;
    // that of another archive would vouch for nothing
    let signature = out.join(format!("hardtack-{version}.tgz.prov"));
    if signature.exists() {
        fs::remove_file(signature)?;
    }
    pack(root, &out, request.key.as_ref())?;
    krew(root, &out, &version, &request.binaries)?;
    say(&format!("packaged hardtack {version} in {}", out.display()))
}

fn parse(args: &[String]) -> Result<Option<Request>> {
    let mut request = Request::default();
    let mut key = None;
    let mut keyring = None;
    let mut words = args.iter();
    while let Some(word) = words.next() {
        if word == "--help" || word == "-h" {
            return Ok(None);
        }
        let value = words.next().with_context(|| format!("{word} needs a value\n\n{USAGE}"))?;
        match word.as_str() {
            "--out" => request.out = Some(value.into()),
            "--binary" => request.binaries.push(binary(value)?),
            "--key" => key = Some(value.clone()),
            "--keyring" => keyring = Some(PathBuf::from(value)),
            _ => bail!("unknown option {word}\n\n{USAGE}"),
        }
    }
    request.key = match (key, keyring) {
        (Some(key), Some(keyring)) => Some((key, keyring)),
        (None, None) => None,
        _ => bail!("--key and --keyring belong together"),
    };
    Ok(Some(request))
}

fn binary(text: &str) -> Result<Binary> {
    let (platform, file) = text.split_once('=').context("--binary takes OS-ARCH=FILE")?;
    let (os, arch) =
        platform.split_once('-').context("--binary takes OS-ARCH=FILE, for example linux-amd64=…")?;
    Ok(Binary { os: os.into(), arch: arch.into(), file: file.into() })
}

/// Static, and at a fixed address as Go's programs are: one that can be moved sets its own tables right at every start.
pub const STATIC: &str = "-C target-feature=+crt-static -C relocation-model=static";

/// Naming the target keeps these flags away from proc macros, which cannot be static.
fn build_for_host(root: &Path) -> Result<Binary> {
    let (target, arch) = match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => ("x86_64-unknown-linux-gnu", "amd64"),
        ("linux", "aarch64") => ("aarch64-unknown-linux-gnu", "arm64"),
        (os, arch) => bail!("no static build known for {os} {arch}: give the files with --binary"),
    };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    execute(Command::new(cargo).current_dir(root).env("RUSTFLAGS", STATIC).args([
        "build",
        "--release",
        "--locked",
        "--package",
        "hardtack",
        "--target",
        target,
    ]))?;
    let target_dir = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let file = target_dir.join(target).join("release/hardtack");
    Ok(Binary { os: "linux".into(), arch: arch.into(), file })
}

/// The crate's version; the plugin files carry the same one, which a test holds.
fn version(root: &Path) -> Result<String> {
    let manifest = fs::read_to_string(root.join("Cargo.toml"))?;
    let package = manifest.split("[package]").nth(1).context("no [package] in Cargo.toml")?;
    let line = package.lines().find_map(|line| line.strip_prefix("version = "));
    Ok(line.context("no version in Cargo.toml")?.trim_matches('"').to_owned())
}

fn stage(root: &Path, plugin: &Path, version: &str, binaries: &[Binary]) -> Result<()> {
    let mut manifest = format!(
        "apiVersion: v1\nname: hardtack\ntype: postrenderer/v1\nversion: {version}\n\
         sourceURL: https://github.com/hardtack-dev/hardtack\nruntime: subprocess\nruntimeConfig:\n  platformCommand:\n"
    );
    for Binary { os, arch, file } in binaries {
        let name = executable(os);
        let folder = plugin.join("bin").join(format!("{os}-{arch}"));
        fs::create_dir_all(&folder)?;
        fs::copy(file, folder.join(name)).with_context(|| format!("cannot copy {}", file.display()))?;
        writeln!(manifest, "  - os: {os}\n    arch: {arch}")?;
        writeln!(manifest, "    command: ${{HELM_PLUGIN_DIR}}/bin/{os}-{arch}/{name}")?;
        writeln!(manifest, "    args: [post-render, --caller=helm4]")?;
    }
    fs::write(plugin.join("plugin.yaml"), manifest)?;
    fs::copy(root.join("LICENSE"), plugin.join("LICENSE"))?;
    Ok(())
}

/// Helm itself packs and signs: it alone knows what its `plugin verify` wants to see.
fn pack(root: &Path, out: &Path, key: Option<&(String, PathBuf)>) -> Result<()> {
    let own = root.join("target/tools/bin/helm4");
    let mut helm = Command::new(if own.exists() { own.as_os_str() } else { "helm".as_ref() });
    helm.args(["plugin", "package"]).arg(out.join("hardtack")).arg("--destination").arg(out);
    match key {
        Some((key, keyring)) => helm.args(["--key", key, "--keyring"]).arg(keyring),
        None => helm.arg("--sign=false"),
    };
    execute(&mut helm).context("packing needs Helm 4, as `helm` or as target/tools/bin/helm4")
}

fn krew(root: &Path, out: &Path, version: &str, binaries: &[Binary]) -> Result<()> {
    let head = fs::read_to_string(root.join("packaging/krew/hardtack.yaml"))?;
    let comment_ends = head.find("apiVersion:").context("no apiVersion in packaging/krew/hardtack.yaml")?;
    let mut manifest = head[comment_ends..].replace("@VERSION@", version);
    for Binary { os, arch, .. } in binaries {
        let archive = format!("hardtack-v{version}-{os}-{arch}.tar.gz");
        let folder = out.join("hardtack/bin").join(format!("{os}-{arch}"));
        let name = executable(os);
        fs::copy(root.join("LICENSE"), folder.join("LICENSE"))?;
        let tar = ["--owner=0", "--group=0", "--numeric-owner", "-czf"];
        let packed = execute(
            Command::new("tar")
                .args(tar)
                .arg(out.join(&archive))
                .arg("-C")
                .arg(&folder)
                .args([name, "LICENSE"]),
        );
        fs::remove_file(folder.join("LICENSE"))?;
        packed?;
        let sum = sha256(&out.join(&archive))?;
        let place = "https://github.com/hardtack-dev/hardtack/releases/download";
        writeln!(manifest, "  - selector: {{matchLabels: {{os: {os}, arch: {arch}}}}}")?;
        writeln!(manifest, "    uri: {place}/v{version}/{archive}\n    sha256: {sum}\n    bin: {name}")?;
    }
    fs::create_dir_all(out.join("krew"))?;
    Ok(fs::write(out.join("krew/hardtack.yaml"), manifest)?)
}

fn executable(os: &str) -> &'static str {
    if os == "windows" { "hardtack.exe" } else { "hardtack" }
}

fn sha256(file: &Path) -> Result<String> {
    let output = Command::new("sha256sum").arg(file).output().context("cannot run sha256sum")?;
    let text = String::from_utf8(output.stdout)?;
    Ok(text.split(' ').next().context("sha256sum printed nothing")?.to_owned())
}

fn execute(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("cannot run {program}"))?;
    ensure!(status.success(), "{program} failed: {status}");
    Ok(())
}

fn say(text: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{text}")?)
}

//! From what was typed to what it means: policy, scope, limits.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use chrono::{DateTime, Utc};

use super::args::{Caller, Color, Common, TargetWord};
use super::definitions;
use super::output::to_stderr;
use crate::error::Error;
use crate::k8s::Scope;
use crate::load::sops::Identities;
use crate::load::{self, Source};
use crate::nearest::hint;
use crate::policy::environment::LABEL;
use crate::policy::secrets::{Run, Target};
use crate::policy::{Column, Date, Environment, Policy};
use crate::pss::{Version, Versions};
use crate::secrets::digest::SHORTEST_KEY;
use crate::secrets::{Earlier, Plain};
use crate::wire::krm::FunctionConfig;
use crate::wire::labels::{self, Labelled};
use crate::wire::{Input, input};
use crate::yaml::Stream;

/// What a run needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// The options, variables of every kind taken in.
    pub common: Common,
    /// The day.
    pub today: Date,
    /// The most bytes to read of one input.
    pub limit: u64,
}

impl Config {
    /// Takes in the variables that clap does not know (Argo CD prefixes those of its plugins).
    ///
    /// # Errors
    /// [`Error::Usage`].
    pub fn new(mut common: Common) -> Result<Self, Error> {
        let take = |field: &mut Option<String>, name: &str| {
            if field.is_none() {
                *field = argo_cd(name);
            }
        };
        if common.environment.is_none() {
            common.environment = argo_cd("ENVIRONMENT");
            common.environment_by = Some("ARGOCD_ENV_HARDTACK_ENVIRONMENT");
        }
        take(&mut common.namespace, "NAMESPACE");
        take(&mut common.release, "RELEASE");
        take(&mut common.kube_version, "KUBE_VERSION");
        take(&mut common.pss_version, "PSS_VERSION");
        take(&mut common.fix, "FIX");
        take(&mut common.gate, "GATE");
        take(&mut common.date, "DATE");
        if common.crds.is_empty() {
            common.crds =
                argo_cd("CRDS").map(|it| it.split(',').map(PathBuf::from).collect()).unwrap_or_default();
        }
        common.policy = common.policy.or_else(|| argo_cd("POLICY").map(PathBuf::from));
        common.resolve |= argo_cd("RESOLVE").is_some_and(|word| matches!(word.as_str(), "1" | "true"));
        let today = today(common.date.as_deref())?;
        let limit = common.max_input.as_deref().map_or(Ok(1 << 30), size)?;
        Ok(Self { common, today, limit })
    }

    /// This moment: that of `SOURCE_DATE_EPOCH`, else the clock's.
    ///
    /// # Errors
    /// [`Error::Usage`].
    pub fn now(&self) -> Result<DateTime<Utc>, Error> {
        let Some(seconds) = variable("SOURCE_DATE_EPOCH") else { return Ok(SystemTime::now().into()) };
        let moment = seconds.parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        moment.ok_or_else(|| Error::usage("SOURCE_DATE_EPOCH is no number of seconds", "unset it"))
    }

    /// The policy in force: the option or variable, the function's configuration, the file found upwards from the
    /// working folder, else none.
    ///
    /// # Errors
    /// [`Error::Policy`], [`Error::Usage`], [`Error::Io`].
    pub fn policy(&self, function: &FunctionConfig) -> Result<Policy, Error> {
        let chosen = match (&self.common.environment, &function.environment) {
            (Some(name), _) => Some((name.as_str(), self.common.environment_by.unwrap_or("-e"))),
            (None, Some(name)) => Some((name.as_str(), "functionConfig")),
            (None, None) => None,
        };
        self.policy_under(chosen, function)
    }

    /// The same for one stream, in which the label of a Namespace may raise the environment: from none to any, or to
    /// one that goes back to a stricter built-in one.
    ///
    /// # Errors
    /// As [`Config::policy`]; also for a label that names no environment.
    pub fn for_stream<'p>(
        &self,
        policy: &'p Policy,
        function: &FunctionConfig,
        stream: &Stream,
    ) -> Result<Cow<'p, Policy>, Error> {
        let mut strictest = Cow::Borrowed(policy);
        for Labelled { namespace, environment } in labels::environments(stream) {
            let by = format!("label {LABEL} of Namespace/{namespace}");
            let raised =
                self.policy_under(Some((&environment, &by)), function).map_err(|error| match error {
                    Error::Policy { message, help } => {
                        Error::Policy { message: format!("{by}: {message}"), help }
                    }
                    other => other,
                })?;
            let ignored = |kept: &Environment| {
                let Environment { name, chosen_by, .. } = kept;
                format!("note: {by} asks for {environment}; {name} from {chosen_by} is no milder and stays\n")
            };
            match &strictest.environment {
                Some(kept) if root(&raised) <= Some(kept.root) => {
                    if kept.name != environment && !self.common.quiet {
                        to_stderr(&ignored(kept));
                    }
                }
                _ => strictest = Cow::Owned(raised),
            }
        }
        Ok(strictest)
    }

    /// The policy under an environment and what chose that.
    fn policy_under(
        &self,
        environment: Option<(&str, &str)>,
        function: &FunctionConfig,
    ) -> Result<Policy, Error> {
        let common = &self.common;
        let mut policy = self.base(environment.map(|(name, _)| name), function.policy.as_ref())?;
        if let (Some(environment), Some((_, by))) = (&mut policy.environment, environment) {
            by.clone_into(&mut environment.chosen_by);
        }
        if let Some(gate) = common.gate.as_deref().or(function.gate.as_deref()) {
            policy.gate =
                gate.parse().map_err(|error: String| Error::usage(error, "--gate critical,restricted"))?;
        }
        if let Some(fix) = common.fix.as_deref().or(function.fix.as_deref()) {
            policy.fix = fix.parse().map_err(|error: String| Error::usage(error, "--fix safe"))?;
        }
        let kube_version = common.kube_version.clone().or_else(|| variable("KUBE_VERSION"));
        if let Some(version) = kube_version {
            let version = Version::from_kubernetes(&version);
            let version = version.map_err(|error| Error::usage(format!("--kube-version: {error}"), ""))?;
            policy.target = Some(version);
            policy.pss_versions = Versions::from(version);
        }
        if let Some(version) = &common.pss_version {
            let version = version.parse::<Version>().or_else(|_| Version::from_kubernetes(version));
            let version = version.map_err(|error| Error::usage(format!("--pss-version: {error}"), ""))?;
            policy.pss_versions = Versions::from(version);
        }
        for id in common.only.iter().chain(&common.skip) {
            if !load::resolve::known_ids(&policy).any(|known| known == id) {
                let help = hint(id, load::resolve::known_ids(&policy), "hardtack rules lists all");
                return Err(Error::usage(format!("unknown rule {id:?}"), help));
            }
        }
        policy.secrets.run = self.of_secrets()?;
        policy.resolve.enabled |= common.resolve;
        policy.only.clone_from(&common.only);
        policy.skip.clone_from(&common.skip);
        policy.select.clone_from(&common.select);
        policy.definitions = definitions::read(&common.crds, self.limit)?;
        Ok(policy)
    }

    /// The operator's key for digests of values, when there is one.
    ///
    /// # Errors
    /// [`Error::Usage`], [`Error::Io`].
    pub fn digest_key(&self) -> Result<Option<Plain>, Error> {
        variable("HARDTACK_DIGEST_KEY_FILE")
            .filter(|path| !path.is_empty())
            .map(|path| digest_key(Path::new(&path)))
            .transpose()
    }

    /// What this run says of secrets.
    ///
    /// # Errors
    /// Those of what it reads: the digest key, the output of the run before.
    pub fn of_secrets(&self) -> Result<Run, Error> {
        let target = match self.common.target {
            Some(TargetWord::Git) => Target::Git,
            Some(TargetWord::Apply) | None => Target::Apply,
        };
        let digest_key = self.digest_key()?;
        let Common { new_release, adopt, force_sops, .. } = self.common;
        let previous = self.earlier(&[])?;
        Ok(Run { target, new_release, adopt, force_sops, digest_key, previous, now: self.now()? })
    }

    /// The output of the run before, when it is named, with what opens it: files of identities, and all places where
    /// sops looks.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::Yaml`].
    pub fn earlier(&self, identities: &[PathBuf]) -> Result<Option<Earlier>, Error> {
        let Some(path) = &self.common.previous else { return Ok(None) };
        let stream = input::parse_all(Input::from_file(path, self.limit)?)?;
        let variable = |name: &str| std::env::var_os(name);
        let named = std::env::var("HARDTACK_IDENTITY").ok().filter(|_| identities.is_empty());
        let named = named.iter().flat_map(|files| files.split(',')).map(PathBuf::from);
        let files: Vec<PathBuf> = identities.iter().cloned().chain(named).collect();
        Ok(Some(Earlier::of(&stream, Arc::new(Identities::gather(&files, &variable)))))
    }

    fn base(
        &self,
        environment: Option<&str>,
        function: Option<&load::file::PolicyFile>,
    ) -> Result<Policy, Error> {
        let folder = std::env::current_dir().unwrap_or_default();
        let named = self.common.policy.is_some();
        let how = if named || function.is_some() { "" } else { " (found upwards from the working folder)" };
        let chosen = match function.filter(|_| !named) {
            Some(file) => Some((file.clone(), Source::new("functionConfig", folder))),
            None => self.file_in_force()?,
        };
        let Some((file, source)) = chosen else {
            let built_in = environment.map(|name| load::load_environment(name, self.today));
            return built_in.unwrap_or_else(|| Ok(Policy::unconfigured(self.today)));
        };
        let mut policy = load::load(file, &source, environment, self.today)?;
        policy.file = format!("{}{how}", source.name);
        Ok(policy)
    }

    /// The policy file that is named, or found upwards from the working folder.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::Policy`].
    pub fn file_in_force(&self) -> Result<Option<(load::file::PolicyFile, Source)>, Error> {
        let folder = std::env::current_dir().unwrap_or_default();
        let found = || self.discovered(&folder);
        let Some(path) = self.common.policy.clone().or_else(found) else { return Ok(None) };
        let path = path.strip_prefix(&folder).map(Path::to_owned).unwrap_or(path);
        Ok(Some((load::layers::read_file(&path)?, Source::of_file(&path))))
    }

    fn discovered(&self, folder: &Path) -> Option<PathBuf> {
        let off = variable("HARDTACK_NO_DISCOVERY").is_some_and(|value| !value.is_empty() && value != "0");
        if off { None } else { load::discover(folder) }
    }

    /// What the caller knows of the release.
    #[must_use]
    pub fn scope(&self, policy: &Policy) -> Scope {
        Scope {
            namespace: self.common.namespace.clone(),
            name: self.common.release.clone(),
            complete: policy.complete,
            values: None,
        }
    }

    /// Whether Helm 4 runs the binary, which throws away what it says on stderr.
    #[must_use]
    pub fn is_under_helm4(&self) -> bool {
        self.common.caller == Some(Caller::Helm4) && variable("HELM_PLUGIN_NAME").is_some()
    }

    /// Whether text for this stream is coloured.
    #[must_use]
    pub fn colours(&self, is_terminal: bool) -> bool {
        match self.common.color {
            Some(Color::Always) => true,
            Some(Color::Never) => false,
            Some(Color::Auto) | None => is_terminal && variable("NO_COLOR").is_none_or(|it| it.is_empty()),
        }
    }
}

/// How strict the environment in force is; none is the least.
fn root(policy: &Policy) -> Option<Column> {
    policy.environment.as_ref().map(|environment| environment.root)
}

/// The operator's key for digests: 16 bytes or more.
fn digest_key(path: &Path) -> Result<Plain, Error> {
    let bytes = std::fs::read(path).map_err(|error| Error::Io {
        action: "read the digest key",
        path: path.display().to_string(),
        error,
    })?;
    let bytes = bytes.trim_ascii().to_vec();
    if bytes.len() < SHORTEST_KEY {
        let message = format!("the digest key in {} has fewer than {SHORTEST_KEY} bytes", path.display());
        return Err(Error::usage(message, "openssl rand -hex 32 > FILE; HARDTACK_DIGEST_KEY_FILE names it"));
    }
    Ok(Plain::new(bytes))
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn argo_cd(name: &str) -> Option<String> {
    variable(&format!("ARGOCD_ENV_HARDTACK_{name}")).filter(|value| !value.is_empty())
}

fn today(date: Option<&str>) -> Result<Date, Error> {
    if let Some(day) = date {
        return day
            .parse()
            .map_err(|error: String| Error::usage(format!("--date: {error}"), "--date 2027-01-31"));
    }
    match variable("SOURCE_DATE_EPOCH").map(|seconds| seconds.parse::<i64>()) {
        Some(Ok(seconds)) => Ok(Date::from_epoch_seconds(seconds)),
        Some(Err(_)) => {
            Err(Error::usage("SOURCE_DATE_EPOCH is no number of seconds", "unset it, or give --date"))
        }
        None => Ok(Date::today()),
    }
}

fn size(text: &str) -> Result<u64, Error> {
    let (digits, factor) = match text.trim_end_matches(['i', 'B', 'b']).to_ascii_uppercase() {
        text if text.ends_with('K') => (text[..text.len() - 1].to_owned(), 1 << 10),
        text if text.ends_with('M') => (text[..text.len() - 1].to_owned(), 1 << 20),
        text if text.ends_with('G') => (text[..text.len() - 1].to_owned(), 1 << 30),
        text => (text, 1_u64),
    };
    let bytes = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(factor));
    bytes.ok_or_else(|| Error::usage(format!("--max-input: {text:?} is no size"), "--max-input 100M"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_bytes_or_have_a_unit() {
        for (text, bytes) in [
            ("300", 300),
            ("2K", 2 << 10),
            ("3m", 3 << 20),
            ("3MiB", 3 << 20),
            ("4G", 4 << 30),
            ("5GB", 5 << 30),
        ] {
            assert_eq!(size(text).ok(), Some(bytes), "{text}");
        }
        for text in ["", "M", "-1", "1T", "99999999999G"] {
            assert!(size(text).is_err(), "{text}");
        }
    }
}

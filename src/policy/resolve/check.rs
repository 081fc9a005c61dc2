//! What the terms of stores must not say.

use std::path::{Path, PathBuf};

use super::address::check_address;
use super::terms::{AuthTerms, AwsTerms, PlaceTerms, VaultTerms};
use super::{Place, WrongTerms, wrong};
use crate::yaml::Route;

impl PlaceTerms {
    pub(super) fn place(self, folder: &Path, route: Route) -> Result<Place, WrongTerms> {
        let Self { mount, environment, command: words, file, vault, aws } = self;
        let words = words.map(|words| command(words, folder, route.key("command"))).transpose()?;
        let mut places = [
            mount.map(|path| Place::Mount(folder.join(path))),
            environment.map(Place::Environment),
            words.map(Place::Command),
            file.map(|path| Place::File(folder.join(path))),
            vault.map(Place::Vault),
            aws.map(Place::Aws),
        ]
        .into_iter()
        .flatten();
        match (places.next(), places.next()) {
            (Some(place), None) => Ok(place),
            _ => Err(wrong(
                route,
                "a place is exactly one of mount, environment, command, file, vault and aws",
                "one place to a line: - {mount: /run/secrets/shop}",
            )),
        }
    }
}

impl VaultTerms {
    pub(super) fn checked(mut self, folder: &Path, route: Route) -> Result<Self, WrongTerms> {
        let AuthTerms { token_variable, token_file, kubernetes } = &self.auth;
        let ways = usize::from(token_variable.is_some())
            + usize::from(token_file.is_some())
            + usize::from(kubernetes.is_some());
        if ways > 1 {
            let help = "one of tokenVariable, tokenFile and kubernetes";
            return Err(wrong(route.key("auth"), "auth says more than one way to log in", help));
        }
        if self.kv.is_some_and(|version| !matches!(version, 1 | 2)) {
            return Err(wrong(
                route.key("kv"),
                "there is no such version of the key/value engine",
                "kv: 2, or 1",
            ));
        }
        if let Some(address) = &self.address {
            check_address(address, self.plain_http).map_err(|what| {
                wrong(route.key("address"), what, "write it as https://vault.acme.internal:8200")
            })?;
        }
        absolute(&mut self.ca_file, folder);
        absolute(&mut self.auth.token_file, folder);
        if let Some(kubernetes) = &mut self.auth.kubernetes {
            absolute(&mut kubernetes.token_file, folder);
        }
        Ok(self)
    }
}

impl AwsTerms {
    pub(super) fn checked(mut self, folder: &Path, route: Route) -> Result<Self, WrongTerms> {
        if let Some(endpoint) = &self.endpoint {
            check_address(endpoint, self.plain_http).map_err(|what| {
                wrong(route.key("endpoint"), what, "write it as https://secretsmanager.acme.internal")
            })?;
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if self.region.as_ref().is_some_and(|region| region.is_empty() || !region.chars().all(plain)) {
            return Err(wrong(route.key("region"), "this is no region", "region: eu-central-1"));
        }
        absolute(&mut self.ca_file, folder);
        if let Some(words) = self.credentials.take() {
            self.credentials = Some(command(words, folder, route.key("credentials"))?);
        }
        Ok(self)
    }
}

fn absolute(path: &mut Option<PathBuf>, folder: &Path) {
    if let Some(path) = path {
        *path = folder.join(&*path);
    }
}

/// A program that is named by a path is looked for from the policy's folder, never from where the run happens to be.
pub(super) fn command(
    mut words: Vec<String>,
    folder: &Path,
    route: Route,
) -> Result<Vec<String>, WrongTerms> {
    match words.first_mut() {
        Some(program) if !program.is_empty() => {
            if program.contains('/') {
                let path =
                    std::path::absolute(folder.join(&*program)).unwrap_or_else(|_| folder.join(&*program));
                *program = path.display().to_string();
            }
            Ok(words)
        }
        _ => Err(wrong(route, "a command needs a program", "a list of words: [pass, show, shop/db]")),
    }
}

//! AWS Secrets Manager: `GetSecretValue`, signed.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::budget::Budget;
use super::http::{Client, Reply, Request};
use super::{command, variables};
use crate::policy::resolve::{AwsTerms, check_address};
use crate::resolve::Failure;
use crate::secrets::Plain;
use crate::secrets::reference::Held;

/// A secret that is asked for.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    id: String,
    version: Option<String>,
    stage: Option<String>,
}

impl Wanted {
    pub(super) fn new(id: &str, version: Option<&str>, stage: Option<&str>) -> Self {
        Self { id: id.to_owned(), version: version.map(str::to_owned), stage: stage.map(str::to_owned) }
    }
}

/// A region's Secrets Manager, and credentials once they are known.
pub(super) struct Session {
    terms: AwsTerms,
    region: String,
    endpoint: String,
    client: Client,
    credentials: Option<Credentials>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Session({})", self.endpoint)
    }
}

/// The region of a Secrets Manager.
///
/// # Errors
/// There is none.
pub(super) fn region(terms: &AwsTerms) -> Result<String, Failure> {
    let region = match &terms.region {
        Some(region) => Some(region.clone()),
        None => variables::value("AWS_REGION")?.or(variables::value("AWS_DEFAULT_REGION")?),
    };
    let plain = |region: &String| region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    region.filter(plain).filter(|region| !region.is_empty()).ok_or_else(|| {
        let help = "secrets: {resolve: {aws: [{region: eu-central-1}]}}";
        Failure::new("the policy names no region of AWS, nor does AWS_REGION", help)
    })
}

impl Session {
    pub(super) fn new(terms: &AwsTerms) -> Result<Self, Failure> {
        let region = region(terms)?;
        let endpoint = match &terms.endpoint {
            Some(endpoint) => endpoint.trim_end_matches('/').to_owned(),
            None => format!(
                "https://secretsmanager.{region}.{}",
                if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" }
            ),
        };
        let checked = check_address(&endpoint, terms.plain_http);
        checked.map_err(|what| {
            Failure::new(format!("the endpoint of AWS: {what}"), "correct it in the policy")
        })?;
        let client = Client::new(format!("AWS Secrets Manager {region}"), terms.ca_file.as_deref())?;
        Ok(Self { terms: terms.clone(), region, endpoint, client, credentials: None })
    }

    pub(super) fn region(&self) -> &str {
        &self.region
    }

    /// The value of a secret.
    pub(super) fn read(
        &mut self,
        wanted: &Wanted,
        budget: &Budget,
        pass: &[String],
    ) -> Result<Held, Failure> {
        let credentials = self.credentials(budget, pass)?;
        let mut body = serde_json::json!({"SecretId": wanted.id});
        if let Some(version) = &wanted.version {
            body["VersionId"] = version.as_str().into();
        }
        if let Some(stage) = &wanted.stage {
            body["VersionStage"] = stage.as_str().into();
        }
        let body = Plain::from(body.to_string());
        let reply = self.client.send(budget, &|| self.signed(&credentials, &body), is_busy)?;
        if reply.status != 200 {
            return Err(self.refused(&reply, wanted));
        }
        let garbage = || {
            Failure::new(
                format!("{} answers something that is no secret", self.who()),
                "check its endpoint in the policy",
            )
        };
        let held = Held::from_json(reply.body.expose()).ok_or_else(garbage)?;
        match (held.get("SecretString"), held.get("SecretBinary")) {
            (Some(Held::Text(text)), _) => Ok(Held::Text(text.clone())),
            (_, Some(Held::Text(text))) => STANDARD
                .decode(text.expose())
                .map(|bytes| Held::Text(Plain::new(bytes)))
                .map_err(|_| garbage()),
            _ => Err(garbage()),
        }
    }

    fn who(&self) -> String {
        format!("AWS Secrets Manager {}", self.region)
    }

    fn signed(&self, credentials: &Credentials, body: &Plain) -> Result<Request, Failure> {
        let url = format!("{}/", self.endpoint);
        let headers = [
            ("content-type", "application/x-amz-json-1.1"),
            ("x-amz-target", "secretsmanager.GetSecretValue"),
        ];
        let unsigned =
            || Failure::new("the request to AWS cannot be signed", "check the credentials and the endpoint");
        let identity = credentials.clone().into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name("secretsmanager")
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .map_err(|_| unsigned())?;
        let signable = SignableRequest::new(
            "POST",
            url.as_str(),
            headers.into_iter(),
            SignableBody::Bytes(body.expose()),
        );
        let signed = sign(signable.map_err(|_| unsigned())?, &params.into()).map_err(|_| unsigned())?;
        let (instructions, _) = signed.into_parts();
        let own = headers.iter().copied().chain(instructions.headers());
        let headers = own.map(|(name, value)| (name.to_owned(), Plain::from(value.to_owned()))).collect();
        Ok(Request { url, headers, body: Some(body.clone()) })
    }

    fn credentials(&mut self, budget: &Budget, pass: &[String]) -> Result<Credentials, Failure> {
        if let Some(known) = &self.credentials {
            return Ok(known.clone());
        }
        let new = match &self.terms.credentials {
            Some(words) => of_process(&command::run(words, pass, budget.next()?)?)?,
            None => of_variables()?,
        };
        Ok(self.credentials.insert(new).clone())
    }

    fn refused(&self, reply: &Reply, wanted: &Wanted) -> Failure {
        let kind = kind(reply);
        let who = self.who();
        match kind.as_str() {
            "ResourceNotFoundException" => Failure::missing(format!("{who} has no secret {}", wanted.id)),
            "" if matches!(reply.status, 401 | 403) => Failure::new(
                format!("{who} answers {} on {}: the credentials are refused", reply.status, wanted.id),
                CHECK,
            ),
            "" => Failure::new(
                format!("{who} answers {} and nothing that AWS would say", reply.status),
                "check its endpoint in the policy",
            ),
            kind => {
                let what = format!("{who} answers {} on {}: {kind}", reply.status, wanted.id);
                Failure::new(what, CHECK)
            }
        }
    }
}

const CHECK: &str = "check the credentials, their policy, the region and the clock";

/// What AWS calls the error: a word of letters, whatever stands around it.
fn kind(reply: &Reply) -> String {
    let held = Held::from_json(reply.body.expose());
    let Some(Held::Text(plain)) = held.as_ref().and_then(|held| held.get("__type")) else {
        return String::new();
    };
    let text = plain.expose_text().unwrap_or_default();
    let word = text.rsplit('#').next().unwrap_or_default();
    let is_word = word.len() <= 64 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    if is_word { word.to_owned() } else { String::new() }
}

fn is_busy(reply: &Reply) -> bool {
    reply.status == 400 && kind(reply).starts_with("Throttling")
}

fn of_variables() -> Result<Credentials, Failure> {
    let value = |name: &str| Ok(variables::value(name)?.filter(|value| !value.is_empty()));
    let (Some(id), Some(secret)) = (value("AWS_ACCESS_KEY_ID")?, value("AWS_SECRET_ACCESS_KEY")?) else {
        let help = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a command that prints credentials: \
                    aws: [{credentials: [aws, configure, export-credentials]}]";
        return Err(Failure::new("there are no credentials for AWS", help));
    };
    Ok(Credentials::new(id, secret, value("AWS_SESSION_TOKEN")?, None, "environment"))
}

/// What an AWS `credential_process` prints.
fn of_process(printed: &Plain) -> Result<Credentials, Failure> {
    let held = Held::from_json(printed.expose());
    let text = |key: &str| match held.as_ref().and_then(|held| held.get(key)) {
        Some(Held::Text(plain)) => plain.expose_text().map(str::to_owned),
        _ => None,
    };
    let (Some(id), Some(secret)) = (text("AccessKeyId"), text("SecretAccessKey")) else {
        let help = "it prints JSON with AccessKeyId, SecretAccessKey and perhaps SessionToken";
        return Err(Failure::new("the command for AWS credentials prints none", help));
    };
    Ok(Credentials::new(id, secret, text("SessionToken"), None, "process"))
}

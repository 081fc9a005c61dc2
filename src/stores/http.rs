//! Requests over HTTP(S): within the budget, again after a pause where that may help, following no redirect.

use std::cell::RefCell;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body, http::Response};

use super::budget::Budget;
use super::{LARGEST, files};
use crate::resolve::Failure;
use crate::secrets::Plain;

/// How often one request is made at most.
const ATTEMPTS: u32 = 4;
/// The pause after the first one; it doubles.
const PAUSE: Duration = Duration::from_millis(200);

/// A client that trusts what the policy says.
#[derive(Debug)]
pub(super) struct Client {
    agent: Agent,
    /// `vault https://vault:8200`, for messages.
    who: String,
    /// Why it is not asked again.
    down: RefCell<Option<Failure>>,
}

/// What is sent.
pub(super) struct Request {
    pub(super) url: String,
    pub(super) headers: Vec<(String, Plain)>,
    /// With a body it is a POST, else a GET.
    pub(super) body: Option<Plain>,
}

/// What comes back.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: Plain,
}

/// Why an attempt failed.
enum Fault {
    /// Another attempt may do better, after this pause if the server said one.
    Passing(Failure, Option<Duration>),
    /// None will.
    Lasting(Failure),
}

impl Client {
    /// A client that trusts the authorities of `ca_file`, else of `SSL_CERT_FILE`, else the public ones.
    pub(super) fn new(who: String, ca_file: Option<&Path>) -> Result<Self, Failure> {
        let of_system = std::env::var_os("SSL_CERT_FILE").map(std::path::PathBuf::from);
        let file = ca_file.or(of_system.as_deref());
        let roots = file.map_or(Ok(RootCerts::WebPki), authorities)?;
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("hardtack/", env!("CARGO_PKG_VERSION")))
            .tls_config(TlsConfig::builder().root_certs(roots).build());
        Ok(Self { agent: config.build().new_agent(), who, down: RefCell::default() })
    }

    /// Sends what `make` makes, anew for each attempt. `is_busy` says which replies another attempt may change, beside 429 and 5xx.
    pub(super) fn send(
        &self,
        budget: &Budget,
        make: &dyn Fn() -> Result<Request, Failure>,
        is_busy: fn(&Reply) -> bool,
    ) -> Result<Reply, Failure> {
        if let Some(failure) = &*self.down.borrow() {
            return Err(failure.clone());
        }
        let mut pause = PAUSE;
        for attempt in 1.. {
            let fault = match self.attempt(make()?, budget.next()?, is_busy) {
                Ok(reply) => return Ok(reply),
                Err(fault) => fault,
            };
            match fault {
                Fault::Passing(_, asked) if attempt < ATTEMPTS => {
                    budget.wait(asked.unwrap_or(pause).max(pause))?
                }
                Fault::Passing(failure, _) | Fault::Lasting(failure) => {
                    *self.down.borrow_mut() = Some(failure.clone());
                    return Err(failure);
                }
            }
            pause *= 2;
        }
        Err(self.failed("does not answer"))
    }

    fn attempt(&self, request: Request, time: Duration, is_busy: fn(&Reply) -> bool) -> Result<Reply, Fault> {
        let answer = self.call(&request, time).map_err(|error| self.fault(error))?;
        let status = answer.status().as_u16();
        let asked = answer.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
        let body = answer.into_body().into_with_config().limit(LARGEST).read_to_vec();
        let reply = Reply { status, body: Plain::new(body.map_err(|error| self.fault(error))?) };
        if reply.status == 429 || reply.status >= 500 || is_busy(&reply) {
            let what = match reply.status {
                503 => "answers 503: it is sealed, starting or under maintenance".to_owned(),
                429 => "answers 429: it is asked too often".to_owned(),
                status => format!("answers {status}"),
            };
            return Err(Fault::Passing(self.failed(&what), asked.map(Duration::from_secs)));
        }
        if (300..400).contains(&reply.status) {
            let help = "hardtack follows no redirect: name the address that answers in the policy";
            let what = format!("{} answers {} and sends to another address", self.who, reply.status);
            return Err(Fault::Lasting(Failure::new(what, help)));
        }
        Ok(reply)
    }

    fn call(&self, request: &Request, time: Duration) -> Result<Response<Body>, ureq::Error> {
        let text = |plain: &Plain| plain.expose_text().unwrap_or_default().to_owned();
        match &request.body {
            Some(body) => {
                let post = self.agent.post(&request.url);
                let post =
                    request.headers.iter().fold(post, |post, (name, value)| post.header(name, text(value)));
                post.config().timeout_global(Some(time)).build().send(body.expose())
            }
            None => {
                let get = self.agent.get(&request.url);
                let get =
                    request.headers.iter().fold(get, |get, (name, value)| get.header(name, text(value)));
                get.config().timeout_global(Some(time)).build().call()
            }
        }
    }

    /// What an error means. Its own words are not shown where a server had a say in them.
    fn fault(&self, error: ureq::Error) -> Fault {
        match error {
            ureq::Error::Timeout(_) => Fault::Lasting(Failure::new(
                format!("{} does not answer in time", self.who),
                "look at why it is slow, or raise secrets.resolve.timeout",
            )),
            ureq::Error::HostNotFound => Fault::Passing(self.failed("cannot be found by its name"), None),
            ureq::Error::ConnectionFailed => Fault::Passing(self.failed("takes no connection"), None),
            ureq::Error::BodyExceedsLimit(_) => {
                Fault::Lasting(self.failed(&format!("answers with more than {LARGEST} bytes")))
            }
            ureq::Error::Io(error) => self.io(&error),
            ureq::Error::Rustls(error) => self.tls(&error),
            ureq::Error::Tls(_) => Fault::Lasting(self.failed("cannot be spoken to by TLS")),
            ureq::Error::ConnectProxyFailed(_) | ureq::Error::InvalidProxyUrl => Fault::Lasting(
                self.failed("cannot be reached through the proxy of HTTPS_PROXY or HTTP_PROXY"),
            ),
            _ => Fault::Lasting(self.failed("does not answer in HTTP")),
        }
    }

    fn io(&self, error: &std::io::Error) -> Fault {
        if let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            return self.tls(tls);
        }
        match error.kind() {
            ErrorKind::ConnectionRefused => Fault::Passing(self.failed("takes no connection"), None),
            ErrorKind::UnexpectedEof
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe => Fault::Passing(self.failed("breaks off in the middle"), None),
            _ => Fault::Passing(self.failed("cannot be reached"), None),
        }
    }

    fn tls(&self, error: &rustls::Error) -> Fault {
        let what = match error {
            rustls::Error::InvalidCertificate(why) => {
                format!("shows a certificate that is not to be trusted: {}", reason(why))
            }
            rustls::Error::NoCertificatesPresented => "shows no certificate".to_owned(),
            _ => "cannot be spoken to by TLS".to_owned(),
        };
        let help = "caFile in the policy names the authority of a private certificate; nothing switches the check off";
        Fault::Lasting(Failure::new(format!("{} {what}", self.who), help))
    }

    fn failed(&self, what: &str) -> Failure {
        Failure::new(
            format!("{} {what}", self.who),
            "look at the store, its address in the policy and the network",
        )
    }
}

fn reason(error: &rustls::CertificateError) -> &'static str {
    use rustls::CertificateError as E;
    match error {
        E::Expired | E::ExpiredContext { .. } => "it has expired",
        E::NotValidYet | E::NotValidYetContext { .. } => "it is not valid yet",
        E::NotValidForName | E::NotValidForNameContext { .. } => "it is for another name",
        E::UnknownIssuer => "no authority that is trusted here made it",
        E::Revoked => "it was revoked",
        _ => "it is broken or not made for servers",
    }
}

fn authorities(file: &Path) -> Result<RootCerts, Failure> {
    let help = "caFile names a file of PEM certificates";
    let failed = |what: &str| Failure::new(format!("{}: {what}", file.display()), help);
    let pem = files::named(file)?.ok_or_else(|| failed("there is no such file"))?;
    let mut certificates: Vec<Certificate<'static>> = Vec::new();
    for item in parse_pem(pem.expose()) {
        if let PemItem::Certificate(certificate) = item.map_err(|_| failed("this is no PEM"))? {
            certificates.push(certificate);
        }
    }
    if certificates.is_empty() {
        Err(failed("it holds no certificate"))
    } else {
        Ok(RootCerts::new_with_certs(&certificates))
    }
}

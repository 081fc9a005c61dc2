//! Made-up credentials of the right form. Prefixes are written in two parts, so that nothing in this repository looks real
//! to a scanner of pushes.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

const DIGITS: &str = "0123456789";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Draws letters, the same ones in every run.
pub struct Fakes(u64);

impl Fakes {
    pub fn new() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }

    fn next(&mut self) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 40).expect("24 bits")
    }

    fn draw(&mut self, letters: &str, length: usize) -> String {
        let letters = letters.as_bytes();
        (0..length).map(|_| char::from(letters[self.next() % letters.len()])).collect()
    }

    fn alnum(&mut self, length: usize) -> String {
        let rest = self.draw(&format!("{UPPER}{LOWER}{DIGITS}"), length - 4);
        format!("a7{rest}Q2")
    }

    fn hex(&mut self, length: usize) -> String {
        format!("7c3{}", self.draw("0123456789abcdef", length - 3))
    }

    /// What a mark stands for: its text, and whether it takes several lines.
    pub fn of(&mut self, mark: &str) -> String {
        if let Some(word) = mark.strip_prefix("word:") {
            return word.to_owned();
        }
        if let Some(indent) = mark.strip_prefix("pem ") {
            let indent = " ".repeat(indent.parse().expect("a number"));
            return self.pem().replace('\n', &format!("\n{indent}"));
        }
        self.plain(mark)
            .or_else(|| self.first_vendors(mark))
            .or_else(|| self.other_vendors(mark))
            .unwrap_or_else(|| panic!("no fake is called {mark}"))
    }

    fn pem(&mut self) -> String {
        let lines: Vec<String> = (0..6).map(|_| self.alnum(64)).collect();
        format!(
            "-----BEGIN RSA {0}-----\n{1}\n-----END RSA {0}-----",
            concat!("PRIVATE", " KEY"),
            lines.join("\n")
        )
    }

    fn plain(&mut self, mark: &str) -> Option<String> {
        let password = format!("Tr0ub4-{}", self.draw(&format!("{LOWER}{DIGITS}"), 7));
        Some(match mark {
            "password" | "made-up" => password,
            "opaque" => self.alnum(40),
            "hex32" => self.hex(32),
            "basic" | "docker-auth" => STANDARD.encode(format!("bot:{password}")),
            "base64:word" => STANDARD.encode(password),
            "base64:json" => STANDARD.encode(format!("{{\"user\": \"shop\", \"password\": \"{password}\"}}")),
            "base64:env" => STANDARD.encode(format!("LOG_LEVEL=info\nDB_PASSWORD={password}\n")),
            "base64:pem" => STANDARD.encode(self.pem()),
            "pem-escaped" => self.pem().replace('\n', "\\n"),
            "apr1" => format!("$apr1${}${}", self.alnum(8), self.alnum(22)),
            "bcrypt" => format!("$2y$10${}", self.alnum(53)),
            "jwt" => {
                let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
                let claims = part("{\"sub\":\"shop\",\"exp\":1900000000}");
                format!("{}.{claims}.{}", part("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"), self.alnum(43))
            }
            "last-applied" => {
                let data = STANDARD.encode(password);
                format!(
                    "{{\"apiVersion\":\"v1\",\"data\":{{\"password\":\"{data}\"}},\"kind\":\"Secret\",\"metadata\":{{\"name\":\"config\"}}}}"
                )
            }
            _ => return None,
        })
    }

    fn first_vendors(&mut self, mark: &str) -> Option<String> {
        Some(match mark {
            "aws-id" => format!("AK{}{}", "IA", self.draw("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 15) + "7")
                .replace("EXAMPLE", "AAAAAAA"),
            "aws-secret" => self.alnum(40),
            "azure-storage" => self.alnum(86) + "==",
            "sas" => self.alnum(43) + "%3D",
            "entra" => format!("{}8{}~{}", self.draw(LOWER, 3), "Q", self.alnum(32)),
            "github" => format!("gh{}_{}", "p", self.alnum(36)),
            "github-fine" => format!("github_{}_{}", "pat", self.alnum(82)),
            "gitlab" => format!("gl{}-{}", "pat", self.alnum(20)),
            "slack" => {
                format!("xo{}-{}-{}-{}", "xb", self.draw(DIGITS, 12), self.draw(DIGITS, 12), self.alnum(24))
            }
            "slack-app" => format!("xa{}-1-A{}-{}", "pp", self.draw(DIGITS, 10), self.hex(32)),
            "slack-hook" => format!(
                "hooks.{}.com/services/T{}/B{}/{}",
                "slack",
                self.draw(UPPER, 10),
                self.draw(UPPER, 10),
                self.alnum(24)
            ),
            "discord" => {
                format!("{}.com/api/webhooks/{}/{}", "discord", self.draw(DIGITS, 18), self.alnum(68))
            }
            "google" => format!("AI{}{}", "za", self.alnum(35)),
            "google-oauth" => format!("ya{}.{}", "29", self.alnum(60)),
            "google-client" => format!("GO{}-{}", "CSPX", self.alnum(28)),
            "stripe" => format!("sk_{}_{}", "live", self.alnum(24)),
            "stripe-hook" => format!("wh{}_{}", "sec", self.alnum(32)),
            "openai" => format!("sk-proj-{}T3Bl{}{}", self.alnum(20), "bkFJ", self.alnum(20)),
            "anthropic" => format!("sk-{}-api03-{}AA", "ant", self.alnum(93)),
            "npm" => format!("np{}_{}", "m", self.alnum(36)),
            "pypi" => format!("pypi-{}{}", "AgEIcHlwaS5vcmc", self.alnum(70)),
            "rubygems" => format!("ruby{}_{}", "gems", self.hex(48)),
            _ => return None,
        })
    }

    fn other_vendors(&mut self, mark: &str) -> Option<String> {
        Some(match mark {
            "vault" => format!("hv{}.{}", "s", self.alnum(95)),
            "doppler" => format!("dp.{}.{}", "pt", self.alnum(43)),
            "onepassword" => format!("ops_{}{}", "eyJ", self.alnum(300)),
            "huggingface" => format!("h{}_{}", "f", self.alnum(34)),
            "databricks" => format!("da{}{}", "pi", self.hex(32)),
            "digitalocean" => format!("do{}_v1_{}", "p", self.hex(64)),
            "grafana" => format!("gl{}_{}_{}", "sa", self.alnum(32), self.hex(8)),
            "grafana-cloud" => format!("gl{}_{}", "c", self.alnum(100)),
            "sendgrid" => format!("S{}.{}.{}", "G", self.alnum(22), self.alnum(43)),
            "twilio" => format!("S{}{}", "K", self.hex(32)),
            "telegram" => format!("{}:A{}{}", self.draw("123456789", 10), "A", self.alnum(33)),
            "shopify" => format!("sh{}_{}", "pat", self.hex(32)),
            "heroku" => format!("HR{}-AA{}", "KU", self.alnum(58)),
            "pulumi" => format!("pu{}-{}", "l", self.hex(40)),
            "age" => {
                format!("AGE-{}-KEY-1{}", "SECRET", self.draw("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 56) + "9X")
            }
            "mailgun" => format!("ke{}-{}", "y", self.hex(32)),
            "linear" => format!("lin_{}_{}", "api", self.alnum(40)),
            "notion" => format!("nt{}_{}", "n", self.alnum(46)),
            "newrelic" => format!("NR{}-{}", "AK", self.draw(&format!("{UPPER}{DIGITS}"), 25) + "Z9"),
            "dockerhub" => format!("dckr_{}_{}", "pat", self.alnum(27)),
            "postman" => format!("PM{}-{}-{}", "AK", self.hex(24), self.hex(34)),
            "tailscale" => format!("ts{}-auth-{}", "key", self.alnum(30)),
            "supabase" => format!("sb{}_{}", "p", self.hex(40)),
            "groq" => format!("gs{}_{}", "k", self.alnum(52)),
            "sonar" => format!("sq{}_{}", "u", self.hex(40)),
            _ => return None,
        })
    }
}

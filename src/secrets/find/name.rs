//! What the name of a field says about its value.

use super::list::List;
use super::marks::Marks;

/// How much a name gives away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    /// Names that also carry harmless values: `key`, `auth`. Only a value that looks random counts.
    Hardly,
    /// Names that also carry words and names of objects: `token`, `secret`.
    Token,
    /// A token or key of a stated use: `client-secret`, `api-key`. Words count too.
    Key,
    /// A password: whatever stands there is it.
    Password,
    /// `Authorization`: a scheme, then the credential.
    Authorization,
}

/// What every name of interest holds, in lower case.
const STEMS: [&str; 12] =
    ["pass", "pwd", "secret", "token", "key", "cred", "auth", "psk", "salt", "pw", "bearer", "cookie"];

/// Names of that ending are about a secret, or lead to one.
static ABOUT: List = List::new(
    " file files filename path paths dir directory cmd command name names ref refs reference type types mode \
    method methods url urls uri uris id ids user username header headers length len ttl count expiry expiration expires \
    expire lifetime duration timeout enabled enable disabled required policy algorithm alg algo issuer audience seconds \
    minutes hours days size limit max min format version prefix suffix pattern regex namespace provider store backend \
    class engine driver interval rotation period endpoint host port scope scopes claim claims field env var variable \
    label annotation template cost rounds strength hint attempts retries reset manager service server cache review \
    request requests quota bucket selector rate budget index mount volume source location encoding fingerprint checksum \
    sha256 digest kind encryption hashing total certificate cert crt pub status state age bits usage usages handler \
    validation validator generator renew renewal refresh exchange owner group role roles profile login plugin plugins \
    module order sort keyspace bytes data_source spec schema complexity history change changed signature sum ",
);

/// Endings that say more of the same value.
static MORE: List = List::new(
    " value raw plain text plaintext string default prod production dev staging test base64 b64 encoded \
    primary secondary current previous old new base data literal main ",
);

/// Passwords by their last word, or by the end of it.
const PASSWORDS: [&str; 19] = [
    "bindpw",
    "rootpw",
    "userkey",
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "requirepass",
    "dbpass",
    "userpass",
    "rootpass",
    "adminpass",
    "masterpass",
    "ldappass",
    "smtppass",
    "masterauth",
    "passwort",
    "kennwort",
];

/// What nginx forwards to.
const FORWARDED: [&str; 6] =
    ["proxy_pass", "fastcgi_pass", "uwsgi_pass", "grpc_pass", "scgi_pass", "memcached_pass"];

/// Keys and secrets of a stated use.
const KEYS: [&str; 58] = [
    "api_key",
    "apikey",
    "access_key",
    "accesskey",
    "secret_key",
    "secretkey",
    "private_key",
    "privatekey",
    "encryption_key",
    "encrypt_key",
    "signing_key",
    "sign_key",
    "account_key",
    "accountkey",
    "master_key",
    "shared_key",
    "preshared_key",
    "presharedkey",
    "pre_shared_key",
    "auth_key",
    "admin_key",
    "service_key",
    "integration_key",
    "storage_key",
    "session_key",
    "cookie_key",
    "hmac_key",
    "aes_key",
    "fernet_key",
    "jwt_key",
    "app_key",
    "application_key",
    "deploy_key",
    "ssh_key",
    "rsa_key",
    "consumer_key",
    "write_key",
    "server_key",
    "key_data",
    "secret_access",
    "auth_token",
    "authtoken",
    "access_token",
    "refresh_token",
    "bearer_token",
    "api_token",
    "bot_token",
    "bearer",
    "psk",
    "secret_key_base",
    "secret_base",
    "auth_salt",
    "auth_secret",
    "machine_key",
    "license_key",
    "cluster_secret",
    "erlang_cookie",
    "shared_access_key",
];

/// What a `secret` is of when it is the value itself.
static USES: List = List::new(
    " jwt client session app application cookie shared api webhook auth oauth oauth2 hmac signing consumer bot \
    access refresh django flask nextauth rails hash encryption master super internal github gitlab slack stripe google \
    azure aws oidc sso saml token s3 admin user my db database gossip csrf encrypt app_key ",
);

/// What a `secret` or `key` is of when it only names an object.
static OBJECTS: List = List::new(
    " tls ca cert certs certificate certificates serving pull image existing ssl dockerconfig registry \
    public pub csrf sort partition primary foreign routing label row column object cache group idempotency dedup \
    map config configmap translation i18n lang hot shard topology node resource custom annotation storage_class ",
);

static HAS_STEM: Marks<{ STEMS.len() }> = Marks::new(STEMS, true);

/// Whether a name could be of interest at all; quick.
#[must_use]
pub fn has_stem(name: &str) -> bool {
    HAS_STEM.are_in(name)
}

/// A name in lower case, its words joined by `_`: `clientSecret`, `client.secret` and `CLIENT-SECRET` are all
/// `client_secret`.
#[must_use]
pub fn words(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + name.len() / 2);
    // Whether a word begins here anyway, and whether a capital would begin one.
    let (mut apart, mut lower) = (true, false);
    for byte in name.bytes() {
        if !byte.is_ascii_alphanumeric() {
            if !apart {
                out.push('_');
            }
            apart = true;
            continue;
        }
        if byte.is_ascii_uppercase() && lower && !apart {
            out.push('_');
        }
        lower = !byte.is_ascii_uppercase();
        apart = false;
        out.push(char::from(byte.to_ascii_lowercase()));
    }
    out
}

fn last(name: &str) -> &str {
    name.rsplit('_').next().unwrap_or(name)
}

/// Drops what follows the word that counts: numbers, `value`, `base64`.
fn stem_of(words: &str) -> &str {
    let mut name = words.trim_end_matches('_');
    loop {
        let shorter = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('_');
        let end = last(shorter);
        let next =
            match end.len() < shorter.len() && MORE.has(end) && !KEYS.iter().any(|key| ends(shorter, key)) {
                true => &shorter[..shorter.len() - end.len() - 1],
                false => shorter,
            };
        if next.len() == name.len() {
            return name;
        }
        name = next;
    }
}

/// Whether a name ends in these whole words.
fn ends(name: &str, words: &str) -> bool {
    name.strip_suffix(words).is_some_and(|rest| rest.is_empty() || rest.ends_with('_'))
}

/// What a name says; `None` when it speaks of no secret, or only about one.
#[must_use]
pub fn judge(name: &str) -> Option<Named> {
    if !has_stem(name) || matches!(name, "PWD" | "OLDPWD") {
        return None;
    }
    let words = words(name);
    let name = stem_of(&words);
    let word = last(name);
    if ABOUT.has(word) {
        return None;
    }
    if name.split('_').any(|word| matches!(word, "public" | "num" | "csrftoken")) {
        return None;
    }
    let forwarded = FORWARDED.iter().any(|known| ends(name, known));
    if PASSWORDS.iter().any(|known| word.ends_with(known)) || (matches!(word, "pass" | "pw") && !forwarded) {
        return Some(Named::Password);
    }
    if word == "authorization" {
        return Some(Named::Authorization);
    }
    if KEYS.iter().any(|known| ends(name, known)) {
        return Some(Named::Key);
    }
    let before = name[..name.len() - word.len()].trim_end_matches('_');
    let of = last(before);
    match word {
        // Names a cluster that members may join; not meant to be kept.
        "token" if of == "cluster" => Some(Named::Hardly),
        "secret" | "token" | "secrets" if of_object(before) => None,
        "secret" if USES.has(of) => Some(Named::Key),
        "secret" | "token" => Some(Named::Token),
        _ if word.ends_with("token") || word.ends_with("secret") => Some(Named::Token),
        "key" | "auth" | "credential" | "credentials" | "salt" | "cookie" if !of_object(before) => {
            Some(Named::Hardly)
        }
        _ => None,
    }
}

/// Whether a name speaks of a secret by itself.
#[must_use]
pub fn is_secret(name: &str) -> bool {
    judge(name).is_some_and(|named| named > Named::Hardly)
}

fn of_object(before: &str) -> bool {
    before.split('_').any(|word| OBJECTS.has(word))
}

/// Whether a value under this name signs or encrypts, so that its length is its strength (`*jwt*`, `*signing*`,
/// `*encryption*key*`).
#[must_use]
pub fn signs(name: &str) -> bool {
    let words = words(name);
    let word = last(stem_of(&words));
    if ABOUT.has(word) || words.contains("public") {
        return false;
    }
    let encryption = words.find("encryption").is_some_and(|at| words[at..].contains("key"));
    words.contains("jwt") || words.contains("signing") || encryption
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_values() {
        for (name, wanted) in [
            ("DB_PASSWORD", Named::Password),
            ("dbPassword2", Named::Password),
            ("requirepass", Named::Password),
            ("SMTP_PASS", Named::Password),
            ("spring.datasource.password", Named::Password),
            ("client-secret", Named::Key),
            ("clientSecretValue", Named::Key),
            ("AWS_SECRET_ACCESS_KEY", Named::Key),
            ("SECRET_KEY_BASE", Named::Key),
            ("GITHUB_TOKEN", Named::Token),
            ("_authToken", Named::Key),
            ("Authorization", Named::Authorization),
            ("key", Named::Hardly),
        ] {
            assert_eq!(judge(name), Some(wanted), "{name}");
        }
    }

    #[test]
    fn names_about_values() {
        for name in [
            "DB_PASSWORD_FILE",
            "PASSWORD_MIN_LENGTH",
            "tokenTTL",
            "SECRET_NAME",
            "tlsSecret",
            "PUBLIC_KEY",
            "PWD",
            "automountServiceAccountToken",
            "ETCD_INITIAL_CLUSTER_TOKEN",
            "NUM_TOKENS",
            "proxy_pass",
            "topologyKey",
            "AWS_ACCESS_KEY_ID",
            "LOG_LEVEL",
            "bypass",
            "imagePullSecret",
            "servingCertificateSecret",
            "author",
        ] {
            assert!(!matches!(judge(name), Some(it) if it > Named::Token), "{name}");
        }
        assert_eq!(judge("tlsSecret"), None);
        assert_eq!(judge("AWS_ACCESS_KEY_ID"), None);
    }

    #[test]
    fn lists_have_their_words() {
        for list in [&ABOUT, &MORE, &USES, &OBJECTS] {
            assert!(list.iter().count() > 20 && list.iter().all(|word| list.has(word)));
            assert!(list.iter().all(|word| !word.contains(['\n', '\t'])));
        }
    }

    #[test]
    fn names_of_what_signs() {
        assert!(signs("jwt-secret") && signs("TOKEN_SIGNING_KEY") && signs("encryptionMasterKey"));
        assert!(!signs("password") && !signs("jwt-public-key") && !signs("JWT_ALGORITHM"));
    }
}

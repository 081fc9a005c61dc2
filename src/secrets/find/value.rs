//! What a value is when it stands under a name that speaks of a secret.

use super::list::List;
use super::name::Named;
use super::stand_in;

/// What a value looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looks {
    /// A switch, a number, a path, a reference: no secret.
    Harmless,
    /// A word that stands in for a value: `changeme`, `INSERT_TOKEN`.
    StandIn,
    /// Perhaps a secret: a word, or the name of something.
    Word,
    /// A secret: what no one would write for another reason.
    Opaque,
}

/// Words of settings that not even a password is, in lower case.
static SWITCHES: List = List::new(
    " true false yes no on off y n none null nil undefined enabled disabled enable disable default auto automatic \
    required optional always never prompt random generated string object array integer boolean unset empty n/a \
    nullable missing invalid incorrect wrong mismatch changed expired unknown encrypted md5 sha256 sha512 scram-sha-256 scram-sha-512 bcrypt argon2 pbkdf2 inherit ",
);

/// Words of settings that tokens and keys are chosen from, in lower case.
static METHODS: List = List::new(
    " simple jwt compact opaque reference bearer basic digest plain trust text any all local memory vault kubernetes \
    file env environment inline external internal static dynamic ldap oidc saml oauth oauth2 header query cookie body raw base64 \
    hex strict lax preferred secret secretref rs256 es256 hs256 client_secret_basic client_secret_post unknown sha1 int float \
    bool token key cluster server client node ",
);

/// What begins a reference to a value that stands elsewhere.
const REFERENCES: [&str; 27] = [
    "ref+",
    "secretref+",
    "vault:",
    "vault://",
    "ENC[",
    "hardtack://",
    "env:",
    "file:",
    "sm://",
    "arn:",
    "op://",
    "$__",
    "!vault",
    "@Microsoft.KeyVault",
    "projects/",
    "secret:",
    "secrets:",
    "k8s://",
    "kubernetes:",
    "azurekeyvault:",
    "awssm://",
    "gcpsm://",
    "%(",
    "%{",
    "#{",
    "<%",
    "{cipher}",
];

/// Judges a value under a name of that kind.
#[must_use]
pub fn judge(value: &str, named: Named) -> Looks {
    let value = unquoted(value.trim());
    if named == Named::Password && is_pin(value) {
        return Looks::Opaque;
    }
    if is_harmless(value) {
        return Looks::Harmless;
    }
    if stand_in::is(value) {
        let of_secret = named != Named::Hardly || super::name::has_stem(value);
        return if of_secret { Looks::StandIn } else { Looks::Harmless };
    }
    let blank = value.contains(char::is_whitespace);
    match named {
        Named::Password if blank && is_sentence(value) => Looks::Harmless,
        Named::Password => Looks::Opaque,
        _ if blank || is_among(&METHODS, value) => Looks::Harmless,
        Named::Hardly => {
            if looks_random(value) {
                Looks::Opaque
            } else {
                Looks::Harmless
            }
        }
        Named::Key | Named::Token | Named::Authorization => of_token(value),
    }
}

fn of_token(value: &str) -> Looks {
    let lower = |byte: u8| byte.is_ascii_lowercase();
    if is_object_name(value) || is_list(value) || is_dotted(value) || value.contains(".io/") {
        return Looks::Harmless;
    }
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let words = value.bytes().all(|byte| lower(byte) || matches!(byte, b'-' | b'_' | b'.' | b'/' | b':'));
    let shouted = value.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    if words || shouted || (value.len() < 8 && (letters == 0 || digits == 0)) {
        return Looks::Word;
    }
    if letters + digits == 0 { Looks::Harmless } else { Looks::Opaque }
}

/// `web-tls`, `my-app-credentials`: what people call Secrets.
fn is_object_name(value: &str) -> bool {
    let endings = [
        "secret",
        "secrets",
        "credentials",
        "creds",
        "tls",
        "cert",
        "certs",
        "token",
        "tokens",
        "auth",
        "config",
    ];
    let plain = value
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
    plain && value.rsplit_once('-').is_some_and(|(_, end)| endings.contains(&end))
}

/// `a,b,c` of words.
fn is_list(value: &str) -> bool {
    let word = |part: &str| {
        part.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'_' | b' ' | b'.'))
    };
    value.contains(',') && value.split(',').all(word)
}

/// `io.acme.TokenFilter`, `data.secret.value`.
fn is_dotted(value: &str) -> bool {
    let word = |part: &str| {
        !part.is_empty()
            && part.len() < 24
            && part.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-'))
    };
    value.contains('.') && value.split('.').all(word)
}

/// Words about a password rather than one of several words.
fn is_sentence(value: &str) -> bool {
    let count = value.split_whitespace().count();
    let lower = value.to_ascii_lowercase();
    count > 6
        || value.ends_with(['.', ':', '!', '?'])
        || ["password", "secret", " the ", " is ", " of ", " for "].iter().any(|word| lower.contains(word))
}

/// The text between quotes of one kind.
#[must_use]
pub fn unquoted(value: &str) -> &str {
    let within = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    within('"').or_else(|| within('\'')).unwrap_or(value)
}

/// Whether it surely is no secret, whatever the name.
#[must_use]
pub fn is_harmless(value: &str) -> bool {
    !value.bytes().any(|byte| byte.is_ascii_alphanumeric() || byte >= 128) && !stand_in::is(value)
        || is_among(&SWITCHES, value)
        || is_number(value)
        || is_reference(value)
        || is_path(value)
        || is_public(value)
        || is_variable_name(value)
}

fn is_among(list: &List, value: &str) -> bool {
    value.len() <= 20 && list.has(&value.to_ascii_lowercase())
}

/// Digits that a password is made of.
fn is_pin(value: &str) -> bool {
    (4..=12).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit())
}

/// Numbers, durations, quantities, versions.
fn is_number(value: &str) -> bool {
    let bytes = value.as_bytes();
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    let rest = value.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'));
    digits > 0
        && bytes.len() <= 16
        && (bytes[0].is_ascii_digit() || matches!(bytes[0], b'-' | b'+' | b'.'))
        && (rest.is_empty()
            || matches!(
                rest,
                "ms" | "s"
                    | "m"
                    | "h"
                    | "d"
                    | "w"
                    | "k"
                    | "K"
                    | "M"
                    | "G"
                    | "T"
                    | "Ki"
                    | "Mi"
                    | "Gi"
                    | "kB"
                    | "MB"
                    | "GB"
                    | "%"
                    | "min"
            )
            || (rest.len() <= 8
                && rest
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || matches!(byte, b'h' | b'm' | b's' | b'd'))
                && bytes.iter().any(|byte| matches!(byte, b'h' | b'm' | b's' | b'd'))))
}

/// Expansions, templates, and pointers to other stores.
fn is_reference(value: &str) -> bool {
    let bytes = value.as_bytes();
    let variable = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    value.contains("$(")
        || value.contains("${")
        || value.contains("{{")
        || value.strip_prefix('$').is_some_and(variable)
        || (bytes.len() > 2 && bytes[0] == b'%' && bytes[bytes.len() - 1] == b'%')
        || (bytes[0] == b'<' && bytes[bytes.len() - 1] == b'>')
        || (bytes[0] == b'[' && bytes[bytes.len() - 1] == b']')
        || (bytes[0] == b'{' && bytes[bytes.len() - 1] == b'}')
        || matches!(bytes[0], b'*' | b'&' | b'|' | b'>') && value.len() < 4
        || REFERENCES.iter().any(|start| value.starts_with(start))
        || value.contains("://")
}

/// A file or folder.
fn is_path(value: &str) -> bool {
    let endings =
        [".pem", ".key", ".crt", ".json", ".txt", ".yaml", ".yml", ".jks", ".p12", ".pub", ".conf", ".cert"];
    let rooted = value.starts_with('/')
        || value.starts_with("./")
        || value.starts_with("../")
        || value.starts_with("~/");
    let drive = value.as_bytes().get(1..3) == Some(b":\\");
    let lower = value.to_ascii_lowercase();
    drive
        || value.contains("=/")
        || endings.iter().any(|ending| lower.ends_with(ending))
        || (rooted && value.split('/').all(|part| part.len() < 20 || !looks_random(part)))
}

/// What is meant to be seen.
fn is_public(value: &str) -> bool {
    value.starts_with("-----BEGIN CERT")
        || value.starts_with("-----BEGIN PUBLIC")
        || value.starts_with("-----BEGIN RSA PUBLIC")
        || value.starts_with("ssh-rsa ")
        || value.starts_with("ssh-ed25519 ")
        || value.starts_with("ecdsa-sha2-")
        || value.starts_with("sha256:")
}

/// `DB_PASSWORD`: the name of a variable that holds it.
fn is_variable_name(value: &str) -> bool {
    let shape = value.len() >= 5
        && value.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    shape && value.contains('_') && super::name::has_stem(value) && !stand_in::is(value)
}

/// Whether a text without a telling name looks drawn at random: long, of several kinds of letters, and no two of its
/// parts are words.
#[must_use]
pub fn looks_random(value: &str) -> bool {
    let plain = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'+' | b'/' | b'=' | b'_' | b'-' | b'!' | b'@' | b'#' | b'%' | b'^' | b'*')
    };
    if value.len() < 16 || value.len() > 512 || !value.bytes().all(plain) {
        return false;
    }
    let has = |kind: fn(&u8) -> bool| value.bytes().any(|byte| kind(&byte));
    let hex = value.bytes().all(|byte| byte.is_ascii_hexdigit());
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    if hex {
        return value.len() >= 32 && digits >= 4 && digits < value.len() && entropy(value) > 3.0;
    }
    let mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && digits >= 2;
    mixed && longest_word(value) < 8 && entropy(value) > 3.5
}

/// The longest run of letters of one case.
fn longest_word(value: &str) -> usize {
    value.split(|c: char| !c.is_ascii_lowercase()).map(str::len).max().unwrap_or(0)
}

/// Shannon's entropy, in bits for each character.
#[must_use]
pub fn entropy(value: &str) -> f64 {
    let mut counts = [0_u32; 256];
    value.bytes().for_each(|byte| counts[usize::from(byte)] += 1);
    let total = f64::from(u32::try_from(value.len()).unwrap_or(u32::MAX));
    let of = |count: &u32| {
        let share = f64::from(*count) / total;
        -share * share.log2()
    };
    counts.iter().filter(|count| **count > 0).map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn harmless_whatever_the_name() {
        for value in [
            "",
            "yes",
            "False",
            "none",
            "256",
            "10m",
            "1h30m",
            "5Gi",
            "$(DB_PASSWORD)",
            "${TOKEN:-x}",
            "$TOKEN",
            "{{ .Values.x }}",
            "<your-token>",
            "%TOKEN%",
            "ref+vault://x#/y",
            "vault:secret/data/x#y",
            "ENC[AES256_GCM,data:x]",
            "/run/secrets/x",
            "./db/Pass9",
            "../db/Pass9",
            "~/db/Pass9",
            "jwt,priv-key=/etc/x",
            "https://idp/token",
            "DB_PASSWORD",
            "-----BEGIN CERTIFICATE-----",
        ] {
            assert_eq!(judge(value, Named::Password), Looks::Harmless, "{value}");
        }
    }

    #[test]
    fn what_counts_depends_on_the_name() {
        assert_eq!(judge("minio123", Named::Password), Looks::Opaque);
        assert_eq!(judge("supersecret", Named::Password), Looks::Opaque);
        assert_eq!(judge("correct horse battery staple", Named::Password), Looks::Opaque);
        assert_eq!(judge("The password of the user", Named::Password), Looks::Harmless);
        assert_eq!(judge("supersecret", Named::Token), Looks::Word);
        assert_eq!(judge("aBcDeFg", Named::Token), Looks::Word);
        assert_eq!(judge("ABCDEFGHIJ", Named::Token), Looks::Word);
        assert_eq!(judge("aBcDeF7", Named::Token), Looks::Opaque);
        assert_eq!(judge("web-tls", Named::Key), Looks::Harmless);
        assert_eq!(judge("a1b2c3d4e5", Named::Token), Looks::Opaque);
        assert_eq!(judge("changeme", Named::Password), Looks::StandIn);
        assert_eq!(judge("app.kubernetes.io/name", Named::Hardly), Looks::Harmless);
        assert_eq!(judge("kubernetes.io/dockerconfigjson", Named::Token), Looks::Harmless);
    }
    #[test]
    fn entropy_is_counted_in_bits() {
        for (text, bits) in [("", 0.0), ("aaaa", 0.0), ("abab", 1.0), ("abcd", 2.0), ("abcdefgh", 3.0)] {
            assert!((entropy(text) - bits).abs() < 1e-9, "{text}");
        }
    }
}

//! Who can decrypt: age recipients and identities, and the groups that must come together.

use std::fmt;
use std::io::Read;
use std::str::FromStr;
use std::sync::Arc;

use age::Decryptor;
use age::armor::ArmoredReader;
use age::secrecy::ExposeSecret;
use zeroize::Zeroizing;

use super::failure::SopsError;

/// Who a file is encrypted for: `age1…`, `ssh-ed25519 …` or `ssh-rsa …`.
#[derive(Clone)]
pub struct Recipient {
    written: String,
    key: Key,
}

#[derive(Clone)]
enum Key {
    X25519(age::x25519::Recipient),
    Ssh(age::ssh::Recipient),
}

impl Recipient {
    /// Those of some texts, several in one with commas between them.
    ///
    /// # Errors
    /// [`SopsError::Recipient`] for the first that is none.
    pub fn all<'t>(texts: impl IntoIterator<Item = &'t str>) -> Result<Vec<Self>, SopsError> {
        let words = texts.into_iter().flat_map(|text| text.split(',')).map(str::trim);
        words.filter(|word| !word.is_empty()).map(str::parse).collect()
    }

    /// As it was given.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    /// An ASCII-armoured age file for this recipient alone.
    pub(super) fn wrap(&self, secret: &[u8]) -> Result<String, SopsError> {
        let wrapped = match &self.key {
            Key::X25519(key) => age::encrypt_and_armor(key, secret),
            Key::Ssh(key) => age::encrypt_and_armor(key, secret),
        };
        wrapped.map_err(|_| SopsError::NoRandomness)
    }
}

impl FromStr for Recipient {
    type Err = SopsError;

    fn from_str(text: &str) -> Result<Self, SopsError> {
        let written = text.trim().to_owned();
        let wrong = |why| SopsError::Recipient { recipient: shown(&written), why };
        let is_plugin = || written.starts_with("age1") && written.matches('1').count() > 1;
        let key = if written.starts_with("age1pq1") {
            return Err(wrong("age1pq1… needs post-quantum age, which hardtack does not have yet"));
        } else if written.to_ascii_uppercase().starts_with("AGE-SECRET-KEY-") {
            return Err(wrong("this is the secret half; give the age1… that belongs to it"));
        } else if let Ok(key) = written.parse() {
            Key::X25519(key)
        } else if is_plugin() {
            return Err(wrong("it needs an age plugin, and hardtack runs none"));
        } else if written.starts_with("age1") {
            return Err(wrong("it is mistyped"));
        } else {
            Key::Ssh(written.parse().map_err(|_| wrong("it is none of age1…, ssh-ed25519 … and ssh-rsa …"))?)
        };
        Ok(Self { written, key })
    }
}

/// Whether text could be a recipient: by its checksum where hardtack knows the kind, else by its looks.
pub(super) fn is_well_formed(written: &str) -> bool {
    let known = written.starts_with("age1") && written.matches('1').count() == 1;
    if known {
        return written.parse::<age::x25519::Recipient>().is_ok();
    }
    written.starts_with("age1") || written.starts_with("ssh-")
}

/// A recipient as messages show it. What looks like a secret key is not shown.
fn shown(written: &str) -> String {
    if written.to_ascii_uppercase().starts_with("AGE-") {
        return "AGE-…".to_owned();
    }
    let public = written.starts_with("age1") || written.starts_with("ssh-");
    if public { written.chars().take(80).collect() } else { "what was given".to_owned() }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl PartialEq for Recipient {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

/// All who can decrypt: one group of whom anyone can, or several of which `threshold` must come together.
#[derive(Debug, Clone, PartialEq)]
pub struct Keys {
    groups: Vec<Vec<Recipient>>,
    threshold: Option<usize>,
}

impl Keys {
    /// One group.
    ///
    /// # Errors
    /// When there is nobody in it.
    pub fn of(recipients: Vec<Recipient>) -> Result<Self, SopsError> {
        Self::of_groups(vec![recipients], None)
    }

    /// Several groups; without a threshold all are needed. The same recipient twice in a group counts once.
    ///
    /// # Errors
    /// [`SopsError::NobodyToEncryptTo`], [`SopsError::Threshold`].
    pub fn of_groups(mut groups: Vec<Vec<Recipient>>, threshold: Option<usize>) -> Result<Self, SopsError> {
        for (at, group) in groups.iter_mut().enumerate() {
            let mut seen: Vec<Recipient> = Vec::new();
            group.retain(|it| {
                let new = !seen.contains(it);
                seen.extend(new.then(|| it.clone()));
                new
            });
            if group.is_empty() {
                let place = if at > 0 { format!(" in key group {}", at + 1) } else { String::new() };
                return Err(SopsError::NobodyToEncryptTo { place });
            }
        }
        let count = groups.len();
        if count == 0 {
            return Err(SopsError::NobodyToEncryptTo { place: String::new() });
        }
        // As in sops, 0 is no threshold, and one group needs none.
        let threshold = threshold.filter(|it| *it > 0 && count > 1);
        match threshold {
            Some(threshold) if threshold < 2 || threshold > count || count > 255 => {
                Err(SopsError::Threshold { threshold, groups: count })
            }
            None if count > 255 => Err(SopsError::Threshold { threshold: count, groups: count }),
            _ => Ok(Self { groups, threshold }),
        }
    }

    /// The groups, in order.
    #[must_use]
    pub fn groups(&self) -> &[Vec<Recipient>] {
        &self.groups
    }

    /// How many groups must come together; 1 when there is one.
    #[must_use]
    pub fn threshold(&self) -> usize {
        self.threshold.unwrap_or(self.groups.len())
    }
}

/// A secret key that opens what a recipient's public one closed.
pub struct Identity(Box<dyn age::Identity + Send + Sync>);

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity")
    }
}

impl Identity {
    /// A new age identity: its text for a file of keys, and the recipient that belongs to it.
    #[must_use]
    pub fn generate() -> (Zeroizing<String>, String) {
        let identity = age::x25519::Identity::generate();
        let recipient = identity.to_public().to_string();
        (Zeroizing::new(identity.to_string().expose_secret().to_owned()), recipient)
    }

    /// `AGE-SECRET-KEY-1…`.
    ///
    /// # Errors
    /// What it is instead, in words that do not show it.
    pub fn from_age(text: &str) -> Result<Self, &'static str> {
        if text.starts_with("AGE-SECRET-KEY-PQ-1") {
            return Err("holds a post-quantum identity, which hardtack cannot use yet");
        }
        if text.starts_with("AGE-PLUGIN-") {
            return Err("holds an identity of an age plugin, and hardtack runs none");
        }
        let identity: age::x25519::Identity =
            text.parse().map_err(|_| "holds something that is no age identity")?;
        Ok(Self(Box::new(identity)))
    }

    /// An SSH private key in PEM.
    ///
    /// # Errors
    /// Why it cannot be used, in words that do not show it.
    pub fn from_ssh(text: &str) -> Result<Self, &'static str> {
        match age::ssh::Identity::from_buffer(text.as_bytes(), None) {
            Ok(age::ssh::Identity::Encrypted(_)) => {
                Err("is protected by a passphrase, which hardtack does not ask for")
            }
            Ok(age::ssh::Identity::Unsupported(_)) => Err("is an SSH key of a kind that age does not use"),
            Ok(identity) => Ok(Self(Box::new(identity))),
            Err(_) => Err("is no SSH private key"),
        }
    }

    /// What an armoured age file holds, when this identity opens it.
    fn unwrap(&self, armoured: &str) -> Option<Zeroizing<Vec<u8>>> {
        let decryptor = Decryptor::new_buffered(ArmoredReader::new(armoured.as_bytes())).ok()?;
        let mut reader = decryptor.decrypt(std::iter::once(&*self.0 as &dyn age::Identity)).ok()?;
        let mut secret = Zeroizing::new(Vec::with_capacity(64));
        reader.by_ref().take(64).read_to_end(&mut secret).ok()?;
        Some(secret)
    }
}

/// Where identities come from.
pub trait Keyring: Send + Sync {
    /// Those that are at hand.
    fn at_hand(&self) -> &[Identity];

    /// Those that can be had for a recipient by asking, such as by a command.
    fn asked_for(&self, recipient: &str) -> Arc<Vec<Identity>> {
        let _ = recipient;
        Arc::default()
    }

    /// What was looked at without finding a key that can be used, for the message that none opens the file.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }
}

impl Keyring for [Identity] {
    fn at_hand(&self) -> &[Identity] {
        self
    }
}

impl Keyring for Vec<Identity> {
    fn at_hand(&self) -> &[Identity] {
        self
    }
}

/// Opens what was wrapped for a recipient.
pub(super) fn unwrap(armoured: &str, recipient: &str, keyring: &dyn Keyring) -> Option<Zeroizing<Vec<u8>>> {
    let try_all = |identities: &[Identity]| identities.iter().find_map(|identity| identity.unwrap(armoured));
    try_all(keyring.at_hand()).or_else(|| try_all(&keyring.asked_for(recipient)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_are_a_ring_of_keys() {
        let (identity, _) = Identity::generate();
        let all = vec![Identity::from_age(&identity).unwrap()];
        assert_eq!((all.at_hand().len(), all[..].at_hand().len()), (1, 1));
    }
}

//! The `sops` block: who can open the file, under which rule it was encrypted, and the hash over it.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Map;

use super::failure::SopsError;
use super::leaf::BLOCK;
use super::recipient::{Keyring, Keys, unwrap};
use super::rule::{Rule, RuleKind};
use super::sealed::DataKey;
use super::shamir::{self, Share};
use crate::yaml::Data;

/// The version of sops that first knew all that hardtack writes.
const VERSION: &str = "3.9.0";

/// Keys of services that hardtack does not speak to.
const OTHER: [&str; 6] = ["kms", "gcp_kms", "hckms", "azure_kv", "hc_vault", "pgp"];

/// What a block says.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Block {
    pub(super) groups: Vec<Group>,
    /// How many groups must come together.
    pub(super) threshold: usize,
    pub(super) rule: Rule,
    pub(super) mac_only_encrypted: bool,
    pub(super) lastmodified: String,
    pub(super) mac: String,
    /// Fields that this sops does not have.
    pub(super) unknown: Vec<String>,
}

/// Keys of whom any one opens the same part.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Group {
    pub(super) age: Vec<Wrapped>,
    /// The kinds of other keys that could open it too.
    pub(super) other: Vec<&'static str>,
}

/// A part of the data key, for one recipient.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Wrapped {
    pub(super) recipient: String,
    pub(super) enc: String,
}

/// A moment as sops prints it: `2026-11-26T18:17:10Z`.
pub(super) fn printed(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn wrong(field: &str, why: &'static str) -> SopsError {
    SopsError::Block { field: field.to_owned(), why }
}

fn text(entries: &Map<String, Data>, field: &str) -> Result<String, SopsError> {
    let found = entries.get(field).ok_or_else(|| wrong(field, "is missing"))?;
    found.as_str().map(str::to_owned).ok_or_else(|| wrong(field, "is no text"))
}

impl Block {
    /// The block of an object or of the first document of a file.
    pub(super) fn read(document: &Data) -> Result<Self, SopsError> {
        let entries = document.get(BLOCK).ok_or(SopsError::NotEncrypted)?;
        let entries = entries.as_object().ok_or(SopsError::NotEncrypted)?;
        let lastmodified = text(entries, "lastmodified")?;
        let exact =
            DateTime::parse_from_rfc3339(&lastmodified).is_ok_and(|it| printed(it.to_utc()) == lastmodified);
        if !exact {
            return Err(wrong("lastmodified", "is not of the form 2026-11-26T18:17:10Z"));
        }
        let version = text(entries, "version")?;
        if version.split('.').count() != 3 || semver::Version::parse(&version).is_err() {
            return Err(wrong("version", "is no version of sops"));
        }
        let written: Vec<(RuleKind, String)> = RuleKind::ALL
            .into_iter()
            .filter(|kind| entries.contains_key(kind.key()))
            .map(|kind| text(entries, kind.key()).map(|text| (kind, text)))
            .collect::<Result<_, _>>()?;
        let groups = groups(entries)?;
        Ok(Self {
            threshold: threshold(entries, groups.len())?,
            groups,
            rule: Rule::one_of(&written)?.unwrap_or_else(Rule::unstated),
            mac_only_encrypted: match entries.get("mac_only_encrypted") {
                None => false,
                Some(said) => {
                    said.as_bool().ok_or_else(|| wrong("mac_only_encrypted", "is neither true nor false"))?
                }
            },
            lastmodified,
            mac: text(entries, "mac")?,
            unknown: entries.keys().filter(|key| !is_known(key)).cloned().collect(),
        })
    }

    /// The data key, by whichever identities open enough of it.
    pub(super) fn unlock(&self, keyring: &dyn Keyring) -> Result<DataKey, SopsError> {
        let mut parts: Vec<Share> = Vec::new();
        for group in &self.groups {
            parts.extend(group.age.iter().find_map(|it| unwrap(&it.enc, &it.recipient, keyring)));
            if parts.len() == self.threshold {
                break;
            }
        }
        let enough = parts.len() == self.threshold;
        let key = match &parts[..] {
            [key] if enough && self.groups.len() == 1 => Some(key.clone()),
            shares if enough => shamir::combine(shares),
            _ => None,
        };
        key.and_then(|key| DataKey::from_bytes(&key)).ok_or_else(|| self.nobody(keyring, parts.len()))
    }

    fn nobody(&self, keyring: &dyn Keyring, opened: usize) -> SopsError {
        let mut notes = keyring.notes();
        if self.groups.len() > 1 {
            let (count, needed) = (self.groups.len(), self.threshold);
            notes.push(format!("{opened} of its {count} key groups could be opened, and it takes {needed}"));
        }
        let names = self.groups.iter().flat_map(|group| {
            let age = group.age.iter().map(|it| it.recipient.clone());
            age.chain(group.other.iter().map(|kind| format!("a {kind} key, which hardtack cannot use")))
        });
        SopsError::NoKey { recipients: names.collect::<Vec<_>>().join(", "), notes }
    }

    /// A data key wrapped for everybody.
    pub(super) fn wrap(keys: &Keys, key: &DataKey) -> Result<(Vec<Group>, usize), SopsError> {
        let wrap = |group: &[super::Recipient], part: &[u8]| -> Result<Group, SopsError> {
            let wrapped = group.iter().map(|recipient| {
                Ok(Wrapped { recipient: recipient.to_string(), enc: recipient.wrap(part)? })
            });
            Ok(Group { age: wrapped.collect::<Result<_, SopsError>>()?, other: Vec::new() })
        };
        if let [only] = keys.groups() {
            return Ok((vec![wrap(only, key.expose())?], 1));
        }
        let too_many = || SopsError::Threshold { threshold: keys.threshold(), groups: keys.groups().len() };
        let narrow = |number: usize| u8::try_from(number).map_err(|_| too_many());
        let shares = shamir::split(key.expose(), narrow(keys.groups().len())?, narrow(keys.threshold())?)?;
        let groups = keys.groups().iter().zip(&shares).map(|(group, share)| wrap(group, share));
        Ok((groups.collect::<Result<_, _>>()?, keys.threshold()))
    }

    /// Whether it is for exactly these people.
    pub(super) fn is_for(&self, keys: &Keys) -> bool {
        let wanted = keys.groups();
        self.threshold == keys.threshold()
            && self.groups.len() == wanted.len()
            && self.groups.iter().zip(wanted).all(|(group, wanted)| {
                let names = group.age.iter().map(|it| it.recipient.as_str());
                group.other.is_empty() && names.eq(wanted.iter().map(super::Recipient::written))
            })
    }

    /// The block as sops writes it, fields in the order of their names.
    pub(super) fn to_data(&self) -> Data {
        let age = |group: &Group| {
            let entry = |it: &Wrapped| serde_json::json!({"enc": it.enc, "recipient": it.recipient});
            Data::Array(group.age.iter().map(entry).collect())
        };
        let mut entries = Map::new();
        match &self.groups[..] {
            [only] => entries.insert("age".to_owned(), age(only)),
            groups => {
                let group = |it: &Group| serde_json::json!({"age": age(it), "hc_vault": []});
                entries.insert("key_groups".to_owned(), Data::Array(groups.iter().map(group).collect()))
            }
        };
        entries.insert(self.rule.kind().key().to_owned(), self.rule.written().into());
        entries.insert("lastmodified".to_owned(), self.lastmodified.clone().into());
        entries.insert("mac".to_owned(), self.mac.clone().into());
        if self.mac_only_encrypted {
            entries.insert("mac_only_encrypted".to_owned(), true.into());
        }
        if self.groups.len() > 1 {
            entries.insert("shamir_threshold".to_owned(), self.threshold.into());
        }
        entries.insert("version".to_owned(), VERSION.into());
        entries.sort_keys();
        Data::Object(entries)
    }
}

fn is_known(field: &str) -> bool {
    const FIELDS: [&str; 8] = [
        "age",
        "key_groups",
        "shamir_threshold",
        "lastmodified",
        "mac",
        "mac_only_encrypted",
        "version",
        super::DIGEST,
    ];
    FIELDS.contains(&field) || OTHER.contains(&field) || RuleKind::ALL.iter().any(|kind| kind.key() == field)
}

/// The flat lists are one group, and win over `key_groups` as they do in sops.
fn groups(entries: &Map<String, Data>) -> Result<Vec<Group>, SopsError> {
    let flat = group(entries, "")?;
    if flat != Group::default() {
        return Ok(vec![flat]);
    }
    let Some(list) = entries.get("key_groups") else {
        return Err(wrong("age", "is missing: there are no keys"));
    };
    let list = list.as_array().filter(|list| !list.is_empty());
    let list = list.ok_or_else(|| wrong("key_groups", "is no list of groups"))?;
    let read = |(at, it): (usize, &Data)| {
        let entries =
            it.as_object().ok_or_else(|| wrong("key_groups", "holds something that is no group"))?;
        group(entries, &format!("key_groups[{at}]."))
    };
    list.iter().enumerate().map(read).collect()
}

fn group(entries: &Map<String, Data>, place: &str) -> Result<Group, SopsError> {
    let mut group = Group::default();
    let list = |field: &str| match entries.get(field) {
        None | Some(Data::Null) => Ok(&[][..]),
        Some(Data::Array(items)) => Ok(&items[..]),
        Some(_) => Err(wrong(&format!("{place}{field}"), "is no list")),
    };
    for item in list("age")? {
        let at = |field: &str| item.get(field).and_then(Data::as_str).map(str::to_owned);
        let (Some(recipient), Some(enc)) = (at("recipient"), at("enc")) else {
            return Err(wrong(&format!("{place}age"), "holds something without recipient and enc"));
        };
        // Its checksum is all that vouches for it.
        if !super::recipient::is_well_formed(&recipient) {
            return Err(wrong(&format!("{place}age"), "holds a recipient that is mistyped"));
        }
        group.age.push(Wrapped { recipient, enc });
    }
    for kind in OTHER {
        group.other.extend((!list(kind)?.is_empty()).then_some(kind));
    }
    Ok(group)
}

fn threshold(entries: &Map<String, Data>, groups: usize) -> Result<usize, SopsError> {
    let said = match entries.get("shamir_threshold") {
        None => 0,
        Some(said) => said.as_u64().ok_or_else(|| wrong("shamir_threshold", "is no number"))?,
    };
    match usize::try_from(said).unwrap_or(usize::MAX) {
        _ if groups == 1 => Ok(1),
        0 => Ok(groups),
        threshold if (2..=groups).contains(&threshold) => Ok(threshold),
        _ => Err(wrong("shamir_threshold", "does not fit the number of key groups")),
    }
}

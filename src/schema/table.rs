//! The types of every version, read in place from the table that `cargo xtask schemas` makes. How it is laid out stands
//! in `xtask/src/schemas/table.rs`.

mod strings;

use std::cmp::Ordering;

use super::format::Format;
use strings::{compare, head, numbered, text};

const BYTES: &[u8] = include_bytes!("tables/kubernetes.bin");
const REQUIRED: u16 = 0x8000;
const FILLED: u8 = 0x80;
const REPEATS: u8 = 0x80;

const STRINGS: usize = long(4) as usize;
const TYPES: usize = long(8) as usize;
const FIELDS: usize = long(12) as usize;
const WORDS: usize = long(16) as usize;
const VERSIONS: usize = long(20) as usize;

const ENDS_AT: usize = 24;
const TEXT_AT: usize = ENDS_AT + 4 * STRINGS;
const TYPES_AT: usize = (TEXT_AT + long(TEXT_AT - 4) as usize).next_multiple_of(4);
const FIELDS_AT: usize = TYPES_AT + 8 * TYPES;
const WORDS_AT: usize = FIELDS_AT + 4 * FIELDS;
const VERSIONS_AT: usize = WORDS_AT + 2 * WORDS;
const KINDS_AT: usize = VERSIONS_AT + 6 * VERSIONS;

const fn short(at: usize) -> u16 {
    match BYTES.split_at(at).1.first_chunk() {
        Some(bytes) => u16::from_le_bytes(*bytes),
        None => 0,
    }
}

const fn long(at: usize) -> u32 {
    match BYTES.split_at(at).1.first_chunk() {
        Some(bytes) => u32::from_le_bytes(*bytes),
        None => 0,
    }
}

/// A 64-bit number among the words.
fn number(word: usize) -> i64 {
    let parts = (0..4).rev().map(|place| u64::from(short(WORDS_AT + 2 * (word + place))));
    parts.fold(0, |all, part| all << 16 | part).cast_signed()
}

/// The place of the entry, among `count`, that `order` calls equal.
fn search(count: usize, mut order: impl FnMut(usize) -> Ordering) -> Option<usize> {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = usize::midpoint(low, high);
        match order(middle) {
            Ordering::Less => low = middle + 1,
            Ordering::Greater => high = middle,
            Ordering::Equal => return Some(middle),
        }
    }
    None
}

/// The name of a kind, in the numbers of its strings: they are sorted as the strings are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    api_version: u16,
    kind: u16,
}

impl Name {
    /// `None` when no version has a kind of that name.
    #[must_use]
    pub fn of(api_version: &str, kind: &str) -> Option<Self> {
        Some(Self { api_version: numbered(api_version)?, kind: numbered(kind)? })
    }
}

/// One version of Kubernetes, with the kinds it serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Served {
    minor: u16,
    patch: u16,
    first: usize,
    count: usize,
}

/// The versions in the table, oldest first.
pub fn versions() -> impl Iterator<Item = Served> {
    (0..VERSIONS).scan(0, |first, number| {
        let at = VERSIONS_AT + 6 * number;
        let count = usize::from(short(at + 4));
        let served = Served { minor: short(at), patch: short(at + 2), first: *first, count };
        *first += count;
        Some(served)
    })
}

impl Served {
    /// The minor number.
    #[must_use]
    pub fn minor(self) -> u8 {
        u8::try_from(self.minor).unwrap_or(u8::MAX)
    }

    /// `1.34.4`.
    #[must_use]
    pub fn name(self) -> String {
        format!("1.{}.{}", self.minor, self.patch)
    }

    /// The type of a kind, if it can be created in this version.
    #[must_use]
    pub fn kind(self, api_version: &str, kind: &str) -> Option<Type> {
        self.named(Name::of(api_version, kind)?)
    }

    /// The same by the kind's name.
    #[must_use]
    pub fn named(self, name: Name) -> Option<Type> {
        let at = |place: usize| KINDS_AT + 8 * (self.first + place);
        let own = |place: usize| Name { api_version: short(at(place)), kind: short(at(place) + 2) };
        let place = search(self.count, |place| own(place).cmp(&name))?;
        Some(Type(short(at(place) + 4)))
    }

    /// Every kind: `apiVersion`, kind, type, whether it lives in a namespace.
    pub fn kinds(self) -> impl Iterator<Item = (&'static str, &'static str, Type, bool)> {
        (self.first..self.first + self.count).map(|place| {
            let at = KINDS_AT + 8 * place;
            (text(short(at)), text(short(at + 2)), Type(short(at + 4)), short(at + 6) == 1)
        })
    }
}

/// A type by its number in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Type(u16);

/// What a value has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Anything.
    Any,
    /// Text.
    String,
    /// `true` or `false`.
    Bool,
    /// An integer of 32 bits.
    Int32,
    /// An integer of 64 bits.
    Int64,
    /// Any number.
    Number,
    /// Text in base64.
    Bytes,
    /// A time by RFC 3339.
    Time,
    /// A quantity such as `100m`, as text or as a number.
    Quantity,
    /// An integer of 32 bits, or text.
    IntOrString,
    /// One of a few words; whether the empty text is refused too.
    Enum(Words, bool),
    /// Text of a format; whether the empty text is refused too.
    Text(Format, bool),
    /// An integer between two, both included.
    Range(i64, i64),
    /// The number of a port, or its name; whether 0 will do.
    PortOrName(bool),
    /// An integer from 0 on, or a percentage.
    CountOrPercent,
    /// A quantity from 0 on, or more than 0.
    Amount(bool),
    /// A list: what its items are, by which of their keys (if any) no two may be alike, and whether it is only
    /// server-side apply that minds.
    List(Type, Words, bool),
    /// A map: what its values are, and the format of its keys.
    Map(Type, Option<Format>),
    /// A map with these keys.
    Object(Fields),
}

impl Type {
    /// What a value of this type has to be.
    #[must_use]
    pub fn shape(self) -> Shape {
        let at = TYPES_AT + 8 * usize::from(self.0);
        let (small, middle, large) = (BYTES[at + 1], short(at + 2), long(at + 4) as usize);
        match BYTES[at] {
            1 => Shape::String,
            2 => Shape::Bool,
            3 => Shape::Int32,
            4 => Shape::Int64,
            5 => Shape::Number,
            6 => Shape::Bytes,
            7 | 8 => Shape::Time,
            9 => Shape::Quantity,
            10 => Shape::IntOrString,
            11 => Shape::Enum(Words { first: large, count: usize::from(small) }, middle == 1),
            12 => {
                let keys = Words { first: large, count: usize::from(small & !REPEATS) };
                Shape::List(Type(middle), keys, small & REPEATS != 0)
            }
            13 => Shape::Map(Type(middle), small.checked_sub(1).map(Format::numbered)),
            14 => Shape::Object(Fields { first: large, count: usize::from(middle) }),
            15 => Shape::Text(Format::numbered(small & !FILLED), small & FILLED != 0),
            16 => Shape::Range(number(large), number(large + 4)),
            17 => Shape::PortOrName(small == 1),
            18 => Shape::CountOrPercent,
            19 => Shape::Amount(small == 1),
            _ => Shape::Any,
        }
    }
}

/// A few strings of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    first: usize,
    count: usize,
}

impl Words {
    /// Each.
    pub fn iter(self) -> impl Iterator<Item = &'static str> {
        (self.first..self.first + self.count).map(|place| text(short(WORDS_AT + 2 * place)))
    }
}

/// The fields of an object, sorted by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fields {
    first: usize,
    count: usize,
}

/// One field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its place among the fields of its object.
    pub place: usize,
    /// What its value has to be.
    pub of: Type,
    /// Whether the published documents call it required.
    pub required: bool,
    name: u16,
}

impl Field {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        text(self.name)
    }
}

impl Fields {
    fn at(self, place: usize) -> Field {
        let at = FIELDS_AT + 4 * (self.first + place);
        let of = short(at + 2);
        Field { place, name: short(at), of: Type(of & !REQUIRED), required: of & REQUIRED != 0 }
    }

    /// The field of that name.
    #[must_use]
    pub fn find(self, name: &str) -> Option<Field> {
        let at = FIELDS_AT + 4 * self.first;
        let wanted = head(name.as_bytes());
        let place = search(self.count, |place| compare(short(at + 4 * place), name, wanted))?;
        Some(self.at(place))
    }

    /// Each field, by name.
    pub fn iter(self) -> impl Iterator<Item = Field> {
        (0..self.count).map(move |place| self.at(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn newest() -> Served {
        versions().last().unwrap()
    }

    fn fields(of: Type) -> Fields {
        match of.shape() {
            Shape::Object(fields) => fields,
            other => panic!("{other:?} has no fields"),
        }
    }

    #[test]
    fn versions_are_in_order_and_without_gaps() {
        let minors: Vec<u8> = versions().map(Served::minor).collect();
        assert_eq!(minors, (29..=37).collect::<Vec<u8>>());
        assert_eq!(newest().minor(), crate::pss::Version::LATEST.minor());
    }

    #[test]
    fn kinds_and_fields_are_found_by_name() {
        for served in versions() {
            for (api_version, kind, of, _) in served.kinds() {
                assert_eq!(served.kind(api_version, kind), Some(of), "{api_version} {kind}");
                for field in fields(of).iter() {
                    assert_eq!(fields(of).find(field.name()), Some(field), "{kind}.{}", field.name());
                }
                assert!(fields(of).find("metadata").is_some(), "{kind}");
            }
            assert_eq!(served.kind("apps/v1", "Deploymen"), None);
        }
        assert!(newest().kinds().any(|(version, kind, _, namespaced)| {
            (version, kind, namespaced) == ("apps/v1", "Deployment", true)
        }));
    }

    #[test]
    fn a_known_field_has_its_shape() {
        let pod = fields(newest().kind("v1", "Pod").unwrap());
        let spec = fields(pod.find("spec").unwrap().of);
        let containers = spec.find("containers").unwrap();
        assert!(containers.required);
        let Shape::List(container, keys, false) = containers.of.shape() else { panic!("no list") };
        assert_eq!(keys.iter().collect::<Vec<_>>(), ["name"]);
        let Shape::Enum(words, false) = fields(container).find("imagePullPolicy").unwrap().of.shape() else {
            panic!("no enum");
        };
        assert_eq!(words.iter().collect::<Vec<_>>(), ["Always", "IfNotPresent", "Never"]);
        assert_eq!(spec.find("containrs"), None);
        let shape = |name: &str| spec.find(name).unwrap().of.shape();
        assert_eq!(shape("subdomain"), Shape::Text(Format::Label, false));
        assert_eq!(shape("runtimeClassName"), Shape::Text(Format::Subdomain, true));
        assert_eq!(shape("activeDeadlineSeconds"), Shape::Range(1, i64::MAX));
        assert!(matches!(shape("nodeSelector"), Shape::Map(_, Some(Format::Qualified))));
        assert!(matches!(shape("hostAliases"), Shape::List(_, _, true)));
        let metadata = fields(pod.find("metadata").unwrap().of);
        assert_eq!(metadata.find("creationTimestamp").unwrap().of.shape(), Shape::Time);
        let lease = fields(newest().kind("coordination.k8s.io/v1", "Lease").unwrap());
        let lease = fields(lease.find("spec").unwrap().of);
        assert_eq!(lease.find("renewTime").unwrap().of.shape(), Shape::Time);
    }

    #[test]
    fn the_table_ends_where_its_counts_say() {
        let kinds: usize = versions().map(|served| served.count).sum();
        assert_eq!(KINDS_AT + 8 * kinds, BYTES.len());
        assert!(BYTES.len() <= 1_500_000);
    }

    #[test]
    fn the_page_beside_the_table_tells_what_it_was_made_of() {
        use std::fmt::Write as _;

        use sha2::{Digest, Sha256};

        let page = include_str!("tables/sources.txt");
        let digest = Sha256::digest(BYTES).iter().fold(String::new(), |mut all, byte| {
            let _ = write!(all, "{byte:02x}");
            all
        });
        assert!(page.contains(&format!("{} bytes, sha256 {digest}", BYTES.len())));
        for served in versions() {
            assert!(page.contains(&format!("\nv{} ", served.name())), "{}", served.name());
        }
    }
}

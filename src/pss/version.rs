//! Versions of the Pod Security Standards: Kubernetes minor versions from 1.0 to the newest one known here.

use std::fmt;
use std::str::FromStr;

/// A version of the standards. Versions above [`Version::LATEST`] do not exist: they are clamped to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(u8);

/// A text that names no version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a version of the Pod Security Standards; write {wanted}")]
pub struct VersionError {
    text: String,
    wanted: &'static str,
}

impl Version {
    /// 1.0.
    pub const FIRST: Self = Self(0);
    /// The newest version whose checks are known.
    pub const LATEST: Self = Self(37);

    /// 1.`minor`, clamped to the newest known.
    #[must_use]
    pub const fn new(minor: u8) -> Self {
        if minor > Self::LATEST.0 { Self::LATEST } else { Self(minor) }
    }

    /// The minor number.
    #[must_use]
    pub const fn minor(self) -> u8 {
        self.0
    }

    /// Reads the version of a cluster as tools print it: `1.33`, `v1.33.4`, `1.33+`, `v1.33.4+k3s1`,
    /// `1.33.1-gke.100`.
    ///
    /// # Errors
    /// Anything but major version 1 with a minor version.
    pub fn from_kubernetes(text: &str) -> Result<Self, VersionError> {
        let error = || VersionError { text: text.to_owned(), wanted: "1.33 or v1.33.4" };
        let rest = text.strip_prefix('v').unwrap_or(text).strip_prefix("1.").ok_or_else(error)?;
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (minor, suffix) = rest.split_at(end);
        if !suffix.is_empty() && !suffix.starts_with(['.', '+', '-']) {
            return Err(error());
        }
        parse_minor(minor).ok_or_else(error)
    }
}

impl FromStr for Version {
    type Err = VersionError;

    /// Reads the form of the namespace labels: `latest` or `v1.N`, nothing else.
    fn from_str(text: &str) -> Result<Self, VersionError> {
        if text == "latest" {
            return Ok(Self::LATEST);
        }
        let minor = text.strip_prefix("v1.").and_then(parse_minor);
        minor.ok_or_else(|| VersionError { text: text.to_owned(), wanted: "latest or v1.N" })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v1.{}", self.0)
    }
}

/// Kubernetes reads the number as a Go `int`: what does not fit 64 bits is an error, not the newest version.
fn parse_minor(digits: &str) -> Option<Version> {
    let plain =
        digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits.len() == 1 || !digits.starts_with('0'));
    let number: i64 = if plain { digits.parse().ok()? } else { return None };
    Some(Version::new(u8::try_from(number).unwrap_or(u8::MAX)))
}

/// All versions from one to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Versions {
    oldest: Version,
    newest: Version,
}

impl Versions {
    /// What is judged when nobody names a version: the oldest version that Kubernetes still supported when the
    /// newest known came out, and all after it.
    pub const UNNAMED: Self = Self { oldest: Version::new(33), newest: Version::LATEST };

    /// The versions between two, in either order.
    #[must_use]
    pub fn between(one: Version, other: Version) -> Self {
        Self { oldest: one.min(other), newest: one.max(other) }
    }

    /// The oldest.
    #[must_use]
    pub const fn oldest(self) -> Version {
        self.oldest
    }

    /// The newest.
    #[must_use]
    pub const fn newest(self) -> Version {
        self.newest
    }

    /// Each version, oldest first.
    pub fn iter(self) -> impl Iterator<Item = Version> {
        (self.oldest.0..=self.newest.0).map(Version)
    }
}

impl From<Version> for Versions {
    fn from(version: Version) -> Self {
        Self { oldest: version, newest: version }
    }
}

impl fmt::Display for Versions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.oldest == self.newest {
            self.oldest.fmt(f)
        } else {
            write!(f, "{} to {}", self.oldest, self.newest)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_namespace_labels_may_say() {
        let read = |text: &str| text.parse::<Version>().ok().map(Version::minor);
        assert_eq!(read("latest"), Some(37));
        assert_eq!(read("v1.0"), Some(0));
        assert_eq!(read("v1.10"), Some(10));
        assert_eq!(read("v1.37"), Some(37));
        assert_eq!(read("v1.38"), Some(37));
        assert_eq!(read("v1.9223372036854775807"), Some(37));
        for wrong in [
            "",
            "v1",
            "v1.",
            "1.33",
            "v2.0",
            "V1.3",
            "v1.03",
            "v1.00",
            "v1.+3",
            "v1.-1",
            "v1.3 ",
            " v1.3",
            "v1.3.1",
            "Latest",
            "v1.9223372036854775808",
            "v1.x",
            "v01.3",
        ] {
            assert_eq!(read(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn reads_what_clusters_call_themselves() {
        let read = |text: &str| Version::from_kubernetes(text).ok().map(Version::minor);
        for right in ["1.33", "v1.33", "1.33.4", "v1.33.4+k3s1", "1.33+", "1.33.1-gke.100", "1.33-rc.0"] {
            assert_eq!(read(right), Some(33), "{right}");
        }
        assert_eq!(read("1.99"), Some(37));
        assert_eq!(read("1.300"), Some(37));
        for wrong in ["", "1", "1.", "v", "2.0", "1.3x", "1.x", "latest", "vv1.3", "01.3", "1.033"] {
            assert_eq!(read(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn errors_say_what_to_write() {
        let error = "1.33".parse::<Version>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "\"1.33\" is not a version of the Pod Security Standards; write latest or v1.N"
        );
    }

    #[test]
    fn ranges_run_from_old_to_new() {
        let minors = |versions: Versions| versions.iter().map(Version::minor).collect::<Vec<_>>();
        assert_eq!(minors(Versions::UNNAMED), [33, 34, 35, 36, 37]);
        assert_eq!(minors(Versions::between(Version::new(9), Version::new(7))), [7, 8, 9]);
        assert_eq!(minors(Version::new(4).into()), [4]);
        assert_eq!(Versions::UNNAMED.to_string(), "v1.33 to v1.37");
        assert_eq!(Versions::from(Version::new(4)).to_string(), "v1.4");
    }
}

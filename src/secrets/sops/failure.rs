//! Why nothing was encrypted or decrypted. No variant holds a value or a key.

/// What went wrong with a SOPS file or object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SopsError {
    /// Text that is no recipient hardtack can encrypt to.
    #[error("{recipient} is no recipient that hardtack can encrypt to: {why}")]
    Recipient {
        /// As written.
        recipient: String,
        /// Why not.
        why: &'static str,
    },
    /// No recipient, or a group without one.
    #[error("there is nobody to encrypt to{place}")]
    NobodyToEncryptTo {
        /// ` in key group 2`, or nothing.
        place: String,
    },
    /// A threshold that the groups cannot meet.
    #[error(
        "shamir_threshold {threshold} does not fit {groups} key groups: it is between 2 and their number"
    )]
    Threshold {
        /// As asked for.
        threshold: usize,
        /// How many there are.
        groups: usize,
    },
    /// More than one of the six rules.
    #[error("more than one of the rules {0}: sops takes one")]
    Rules(String),
    /// A pattern that is no regular expression.
    #[error("{rule} is no regular expression that hardtack can read")]
    Pattern {
        /// `encrypted_regex`.
        rule: &'static str,
    },
    /// A rule that judges by comments, which encrypting drops.
    #[error("{0} goes by comments, and hardtack drops comments when it encrypts")]
    CommentRule(&'static str),
    /// Nothing to encrypt.
    #[error("{rule} matches nothing: everything would stay in the clear")]
    MatchesNothing {
        /// `encrypted_regex: ^data$`.
        rule: String,
    },
    /// A value of a Secret that would stay in the clear.
    #[error("{place} would stay in the clear under {rule}")]
    LeftInTheClear {
        /// `data.password`.
        place: String,
        /// `encrypted_regex: ^data$`.
        rule: String,
    },
    /// Some values are encrypted and others are not.
    #[error("half encrypted: {place} is {state}")]
    Half {
        /// `data.password`.
        place: String,
        /// `in the clear`, or `encrypted without a sops block`.
        state: &'static str,
    },
    /// Something sops does not take.
    #[error("{place} {why}")]
    Unfit {
        /// `data.password`, or nothing.
        place: String,
        /// What it is.
        why: &'static str,
    },
    /// No `sops` block.
    #[error("there is no sops block: this was not encrypted by sops")]
    NotEncrypted,
    /// A `sops` block that cannot be read.
    #[error("sops.{field} {why}")]
    Block {
        /// `lastmodified`.
        field: String,
        /// What is wrong.
        why: &'static str,
    },
    /// No identity opens the data key.
    #[error("no key here opens this: it was encrypted for {recipients}{}", .notes.iter().map(|note| format!("\n  {note}")).collect::<String>())]
    NoKey {
        /// Who could open it.
        recipients: String,
        /// What was looked at.
        notes: Vec<String>,
    },
    /// A value that does not authenticate.
    #[error("{place} does not decrypt: it was changed, moved, or encrypted under another key")]
    Value {
        /// `data.password`.
        place: String,
    },
    /// The hash over the values does not agree.
    #[error("the MAC does not agree: values were added, taken out or changed since it was encrypted")]
    Mac,
    /// The file is no YAML, in the words of the parser.
    #[error("line {line}: {message}")]
    Yaml {
        /// From 1.
        line: usize,
        /// What the parser said.
        message: String,
        /// What to do.
        help: String,
    },
    /// The system gave no random bytes.
    #[error("the system has no random bytes to give")]
    NoRandomness,
    /// More than AES-GCM takes.
    #[error("a value is too long to encrypt")]
    TooLong,
    /// A defect: what was written does not read back.
    #[error("what was encrypted does not read back; this is a defect of hardtack")]
    NotAsPlanned,
}

impl SopsError {
    /// What to do next.
    #[must_use]
    pub fn help(&self) -> &str {
        match self {
            Self::Recipient { .. } => "give an age1… recipient, or an ssh-ed25519 or ssh-rsa public key",
            Self::NobodyToEncryptTo { .. } => {
                "name a recipient: --age age1…, or a creation rule in .sops.yaml; hardtack secrets keygen makes a key"
            }
            Self::Threshold { .. } => "change shamir_threshold, or the number of key groups",
            Self::Rules(_) => "keep one",
            Self::Pattern { .. } => "sops reads patterns as Go does: no look-around, no back-references",
            Self::CommentRule(_) => {
                "use a rule that goes by keys, such as encrypted_regex: ^(data|stringData)$"
            }
            Self::MatchesNothing { .. } => {
                "name the keys whose values are secret, such as ^(data|stringData)$"
            }
            Self::LeftInTheClear { .. } => "widen the rule to ^(data|stringData)$",
            Self::Half { .. } => "decrypt it with sops, or encrypt what is left by hand, and try again",
            Self::Unfit { .. } => "write it another way; as a quoted string sops takes everything",
            Self::NotEncrypted => "give the file that sops or hardtack secrets encrypt wrote",
            Self::Block { .. } => "take the file as sops wrote it; nothing was decrypted",
            Self::NoKey { .. } => {
                "put the identity in SOPS_AGE_KEY_FILE, SOPS_AGE_KEY or ~/.config/sops/age/keys.txt"
            }
            Self::Value { .. } | Self::Mac => "restore the file from version control; nothing was decrypted",
            Self::Yaml { help, .. } => help,
            Self::NoRandomness | Self::TooLong => "nothing was encrypted",
            Self::NotAsPlanned => "please report it, without the values; nothing was written",
        }
    }
}

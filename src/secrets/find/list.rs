//! Long lists of words, in which most words do not stand.

/// Words between blanks, one also before the first and after the last.
#[derive(Debug)]
pub struct List {
    words: &'static str,
    /// A bit for the hash of each word.
    hashes: [u64; HASHES / 64],
}

const HASHES: usize = 2048;

impl List {
    /// Takes in the words.
    #[must_use]
    pub const fn new(words: &'static str) -> Self {
        let (bytes, mut hashes) = (words.as_bytes(), [0; HASHES / 64]);
        let (mut at, mut hash) = (1, 0);
        while at < bytes.len() {
            if bytes[at] == b' ' {
                hashes[hash % HASHES / 64] |= 1 << (hash % 64);
                hash = 0;
            } else {
                hash = mix(hash, bytes[at]);
            }
            at += 1;
        }
        Self { words, hashes }
    }

    /// Whether a word is one of them.
    #[must_use]
    pub fn has(&self, word: &str) -> bool {
        let hash = word.bytes().fold(0, mix);
        if self.hashes[hash % HASHES / 64] >> (hash % 64) & 1 == 0 {
            return false;
        }
        let bytes = self.words.as_bytes();
        let alone = |at: usize| bytes[at - 1] == b' ' && bytes[at + word.len()] == b' ';
        let mut places = memchr::memmem::find_iter(bytes, word);
        !word.is_empty() && !word.contains(' ') && places.any(alone)
    }

    /// Each.
    #[cfg(test)]
    pub fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.words.split(' ').filter(|word| !word.is_empty())
    }
}

const fn mix(hash: usize, byte: u8) -> usize {
    (hash ^ byte as usize).wrapping_mul(0x0100_0193) & 0xffff_ffff
}

#[cfg(test)]
mod tests {
    use super::*;

    static FEW: List = List::new(" file files ttl data_source n/a ");

    #[test]
    fn words_stand_alone_between_blanks() {
        assert_eq!(FEW.iter().collect::<Vec<_>>(), ["file", "files", "ttl", "data_source", "n/a"]);
        assert!(FEW.iter().all(|word| FEW.has(word)));
        for word in ["", " ", "fil", "ile", "file files", "ttl\n", "data", "nothing"] {
            assert!(!FEW.has(word), "{word:?}");
        }
    }
}

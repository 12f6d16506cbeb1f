//! Good answers with something wrong in them, the same ones in each run.

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

/// Makes them.
pub(crate) struct Mutation(StdRng);

/// What parsers stumble over.
const WORDS: [&[u8]; 14] = [
    b"<",
    b">",
    b"</",
    b"&",
    b"&#x0;",
    b"&lol;",
    b"<!DOCTYPE a [<!ENTITY b \"c\">]>",
    b"<![CDATA[",
    b"]]>",
    b"-INF",
    b"NaN",
    b"999999999999999999999",
    b"\xff\xfe",
    b" xmlns=\"\"",
];

impl Mutation {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    /// One to four changes: a byte, a stumbling block, a part left out, a part said again.
    pub(crate) fn of(&mut self, good: &[u8]) -> Vec<u8> {
        let mut bytes = good.to_vec();
        for _ in 0..self.0.random_range(1..=4) {
            if bytes.is_empty() {
                break;
            }
            let at = self.0.random_range(0..bytes.len());
            let to = (at + self.0.random_range(0..64)).min(bytes.len());
            match self.0.random_range(0..5) {
                0 => bytes[at] = self.0.random(),
                1 => {
                    let word = WORDS[self.0.random_range(0..WORDS.len())];
                    bytes.splice(at..at, word.iter().copied());
                }
                2 => drop(bytes.drain(at..to)),
                3 => {
                    let part = bytes[at..to].to_vec();
                    bytes.splice(to..to, part);
                }
                _ => bytes.truncate(at),
            }
        }
        bytes
    }
}

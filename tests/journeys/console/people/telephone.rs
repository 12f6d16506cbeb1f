//! A telephone's app that makes codes (RFC 6238: SHA-1, 30 s, six digits), made without any of the program's own parts.

use std::time::SystemTime;

use data_encoding::BASE32_NOPAD;
use sha1::{Digest as _, Sha1};

const BLOCK: usize = 64;

/// The code that it shows now, for the seed as a person types it.
pub(super) fn code(typed: &str) -> String {
    let seed: String = typed.split_whitespace().collect();
    let seed = BASE32_NOPAD.decode(seed.as_bytes()).expect("a seed in base32");
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("a time after 1970").as_secs();
    let sum = hmac(&seed, &(now / 30).to_be_bytes());
    let at = usize::from(sum[19] & 15);
    let number = u32::from_be_bytes([sum[at], sum[at + 1], sum[at + 2], sum[at + 3]]) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

/// RFC 2104.
fn hmac(key: &[u8], text: &[u8]) -> [u8; 20] {
    let mut padded = [0; BLOCK];
    padded[..key.len()].copy_from_slice(key);
    let inner = Sha1::new().chain_update(padded.map(|byte| byte ^ 0x36)).chain_update(text).finalize();
    Sha1::new().chain_update(padded.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().into()
}

#[test]
fn the_codes_are_those_of_the_standard() {
    // RFC 4226, appendix D, count 1.
    let sum = hmac(b"12345678901234567890", &1_u64.to_be_bytes());
    assert_eq!(sum[..4], [0x75, 0xa4, 0x8a, 0x19]);
}

//! WS-UsernameToken with a password digest (OASIS UsernameToken Profile 1.0), as devices check it: by their own clock.

use std::collections::VecDeque;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use roxmltree::Document;
use sha1::{Digest as _, Sha1};

use super::envelope::{below, text};

/// How far `Created` may be from the device's clock.
pub(crate) const SKEW: Duration = Duration::from_secs(5);
/// Nonces that are remembered.
const REMEMBERED: usize = 512;

/// What a request's token is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    Right,
    /// There is none.
    Missing,
    /// Wrong user or password.
    Wrong,
    /// Too old, too new, used before, or not understood: no try at a password.
    Refused,
}

/// Tokens that were taken, so that none is taken again.
#[derive(Default)]
pub(crate) struct Replays(VecDeque<(String, SystemTime)>);

impl Replays {
    /// Judges the token in an envelope by a clock that shows `now`.
    pub(crate) fn check(
        &mut self,
        document: &Document<'_>,
        (user, password): (&str, &str),
        now: SystemTime,
    ) -> Token {
        let Some(token) = below(document.root_element(), "UsernameToken") else { return Token::Missing };
        let part = |name: &str| text(token, name).unwrap_or_default();
        let kind = below(token, "Password").and_then(|node| node.attribute("Type")).unwrap_or_default();
        let (nonce, created) = (part("Nonce"), part("Created"));
        let Ok(nonce_bytes) = STANDARD.decode(nonce) else { return Token::Refused };
        let Ok(at) = created.parse::<Timestamp>() else { return Token::Refused };
        if !kind.ends_with("#PasswordDigest") || nonce_bytes.is_empty() {
            return Token::Refused;
        }
        let at = SystemTime::from(at);
        let off = now.duration_since(at).unwrap_or_else(|error| error.duration());
        if off > SKEW {
            return Token::Refused;
        }
        let mut hash = Sha1::new();
        hash.update(&nonce_bytes);
        hash.update(created);
        hash.update(password);
        if part("Username") != user || part("Password") != STANDARD.encode(hash.finalize()) {
            return Token::Wrong;
        }
        // Older ones are refused by their age.
        self.0.retain(|(_, at)| now.duration_since(*at).is_ok_and(|age| age <= SKEW * 3) || *at > now);
        if self.0.iter().any(|(known, _)| known == nonce) {
            return Token::Refused;
        }
        if self.0.len() == REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back((nonce.to_owned(), at));
        Token::Right
    }
}

/// The security header that a client sends, for tests that are one.
#[cfg(test)]
pub(crate) fn header((user, password): (&str, &str), nonce: &[u8], at: SystemTime) -> String {
    let created = Timestamp::try_from(at).unwrap().strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string();
    let mut hash = Sha1::new();
    hash.update(nonce);
    hash.update(&created);
    hash.update(password);
    let (digest, nonce) = (STANDARD.encode(hash.finalize()), STANDARD.encode(nonce));
    let wss = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss";
    format!(
        r#"<wsse:Security xmlns:wsse="{wss}-wssecurity-secext-1.0.xsd" xmlns:wsu="{wss}-wssecurity-utility-1.0.xsd"><wsse:UsernameToken><wsse:Username>{user}</wsse:Username><wsse:Password Type="{wss}-username-token-profile-1.0#PasswordDigest">{digest}</wsse:Password><wsse:Nonce>{nonce}</wsse:Nonce><wsu:Created>{created}</wsu:Created></wsse:UsernameToken></wsse:Security>"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOGIN: (&str, &str) = ("viewer", "secret");

    fn check(replays: &mut Replays, header: &str, now: SystemTime) -> Token {
        let xml = format!("<Envelope><Header>{header}</Header><Body/></Envelope>");
        replays.check(&Document::parse(&xml).unwrap(), LOGIN, now)
    }

    #[test]
    fn five_seconds_off_is_taken_and_more_is_not() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_638_000_000);
        for (nonce, (off, wanted)) in (0_u8..).zip([
            (0, Token::Right),
            (5, Token::Right),
            (-5, Token::Right),
            (6, Token::Refused),
            (-6, Token::Refused),
            (90, Token::Refused),
        ]) {
            let by = Duration::from_secs(i64::unsigned_abs(off));
            let at = if off < 0 { now - by } else { now + by };
            let header = header(LOGIN, &[nonce; 16], at);
            assert_eq!(check(&mut Replays::default(), &header, now), wanted, "{off} s");
        }
    }

    #[test]
    fn a_token_is_taken_once() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_638_000_000);
        let mut replays = Replays::default();
        let used = header(LOGIN, &[7; 16], now);
        assert_eq!(check(&mut replays, &used, now), Token::Right);
        assert_eq!(check(&mut replays, &used, now), Token::Refused);
        assert_eq!(check(&mut replays, &used, now + SKEW), Token::Refused);
        assert_eq!(check(&mut replays, &header(LOGIN, &[8; 16], now), now), Token::Right);
    }

    #[test]
    fn a_wrong_password_is_told_from_a_wrong_clock() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_638_000_000);
        let mut replays = Replays::default();
        assert_eq!(check(&mut replays, &header(("viewer", "guess"), &[1; 16], now), now), Token::Wrong);
        assert_eq!(check(&mut replays, "", now), Token::Missing);
        let late = header(("viewer", "guess"), &[2; 16], now - SKEW * 2);
        assert_eq!(check(&mut replays, &late, now), Token::Refused);
    }
}

//! Who asks over HTTP: Digest with MD5 and SHA-256 (RFC 7616), and the lock after wrong passwords.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::time::{Duration, Instant};

use md5::{Digest as _, Md5};
use sha2::Sha256;

use super::message::Request;
use crate::equipment::Hashes;
use crate::rtsp::digest::split;

/// Name of the protected space.
pub(crate) const REALM: &str = "province-device";
/// A nonce is good for this long; then the challenge says `stale`.
const NONCE_LIFE: Duration = Duration::from_secs(120);
/// Nonces that are remembered.
const NONCES: usize = 256;
/// Wrong passwords after which an address is locked out.
pub(crate) const TRIES: u32 = 5;
/// For how long.
pub(crate) const LOCKED: Duration = Duration::from_secs(30);

/// What the credentials of a request are worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Right,
    /// None, or the answer to an old challenge. The new ones, one a header.
    Unanswered(Vec<String>),
    /// A wrong user or password.
    Wrong(Vec<String>),
    /// Too many of those came from this address.
    Locked,
}

/// One recorder's doorkeeper.
pub(crate) struct Door {
    hashes: Hashes,
    nonces: VecDeque<(String, Instant)>,
    /// Wrong passwords in a row, and when the last came.
    wrong: HashMap<IpAddr, (u32, Instant)>,
}

impl Door {
    pub(crate) fn new(hashes: Hashes) -> Self {
        Self { hashes, nonces: VecDeque::new(), wrong: HashMap::new() }
    }

    /// Judges a request from `peer`.
    pub(crate) fn check(
        &mut self,
        request: &Request,
        peer: IpAddr,
        (user, password): (&str, &str),
        now: Instant,
    ) -> Verdict {
        if self.is_locked(peer, now) {
            return Verdict::Locked;
        }
        let Some(parameters) = request.header("Authorization").and_then(|text| text.strip_prefix("Digest "))
        else {
            return Verdict::Unanswered(self.challenge(now, false));
        };
        let parameters = split(parameters);
        let value = |name: &str| {
            parameters.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map_or("", |(_, v)| v.as_str())
        };
        let issued = self.nonces.iter().find(|(nonce, _)| nonce == value("nonce"));
        if issued.is_none_or(|(_, at)| now.duration_since(*at) > NONCE_LIFE) {
            return Verdict::Unanswered(self.challenge(now, true));
        }
        let hash = match (value("algorithm"), self.hashes) {
            ("" | "MD5", Hashes::Md5 | Hashes::Both) => md5,
            ("SHA-256", Hashes::Sha256 | Hashes::Both) => sha256,
            _ => return Verdict::Unanswered(self.challenge(now, false)),
        };
        let ha1 = hash(&format!("{user}:{REALM}:{password}"));
        let ha2 = hash(&format!("{}:{}", request.method, value("uri")));
        let middle = [value("nonce"), value("nc"), value("cnonce"), value("qop")].join(":");
        let right = value("username") == user
            && value("uri") == request.target
            && value("qop") == "auth"
            && value("response") == hash(&format!("{ha1}:{middle}:{ha2}"));
        self.note(peer, right, now);
        if right { Verdict::Right } else { Verdict::Wrong(self.challenge(now, false)) }
    }

    /// Counts a try, over HTTP or inside a SOAP header.
    pub(crate) fn note(&mut self, peer: IpAddr, right: bool, now: Instant) {
        if right {
            self.wrong.remove(&peer);
        } else {
            let (tries, at) = self.wrong.entry(peer).or_insert((0, now));
            (*tries, *at) = (*tries + 1, now);
        }
    }

    pub(crate) fn is_locked(&mut self, peer: IpAddr, now: Instant) -> bool {
        self.wrong.retain(|_, (_, at)| now.duration_since(*at) < LOCKED);
        self.wrong.get(&peer).is_some_and(|(tries, _)| *tries >= TRIES)
    }

    pub(crate) fn forgive(&mut self) {
        self.wrong.clear();
    }

    fn challenge(&mut self, now: Instant, stale: bool) -> Vec<String> {
        let nonce = format!("{:032x}", rand::random::<u128>());
        self.nonces.push_back((nonce.clone(), now));
        if self.nonces.len() > NONCES {
            self.nonces.pop_front();
        }
        let algorithms: &[&str] = match self.hashes {
            Hashes::Md5 => &["MD5"],
            Hashes::Both => &["SHA-256", "MD5"],
            Hashes::Sha256 => &["SHA-256"],
        };
        let stale = if stale { ", stale=true" } else { "" };
        let header = |algorithm: &&str| {
            format!(r#"Digest realm="{REALM}", nonce="{nonce}", algorithm={algorithm}, qop="auth"{stale}"#)
        };
        algorithms.iter().map(header).collect()
    }
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn md5(text: &str) -> String {
    hex(Md5::digest(text))
}

fn sha256(text: &str) -> String {
    hex(<Sha256 as sha2::Digest>::digest(text))
}

/// What a client answers to a challenge, for tests that are one.
#[cfg(test)]
pub(crate) fn answer(challenge: &str, method: &str, target: &str, (user, password): (&str, &str)) -> String {
    let parameters = split(challenge.strip_prefix("Digest ").expect("Digest"));
    let value =
        |name: &str| parameters.iter().find(|(n, _)| *n == name).map(|(_, v)| v.clone()).unwrap_or_default();
    let (nonce, algorithm) = (value("nonce"), value("algorithm"));
    let hash = if algorithm == "SHA-256" { sha256 } else { md5 };
    let (ha1, ha2) = (hash(&format!("{user}:{REALM}:{password}")), hash(&format!("{method}:{target}")));
    let response = hash(&format!("{ha1}:{nonce}:00000001:c:auth:{ha2}"));
    format!(
        r#"Digest username="{user}", realm="{REALM}", nonce="{nonce}", uri="{target}", algorithm={algorithm}, qop=auth, nc=00000001, cnonce="c", response="{response}""#
    )
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const LOGIN: (&str, &str) = ("viewer", "secret");
    const PEER: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    fn request(authorization: &str) -> Request {
        let text = format!("GET /a?b=c HTTP/1.1\r\nAuthorization: {authorization}\r\n\r\n");
        Request::parse(text.as_bytes()).unwrap().unwrap().0
    }

    fn challenges(verdict: Verdict) -> Vec<String> {
        match verdict {
            Verdict::Unanswered(challenges) | Verdict::Wrong(challenges) => challenges,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_hashes_that_are_offered_are_taken_and_no_others() {
        let now = Instant::now();
        for (hashes, offered) in [(Hashes::Md5, 1), (Hashes::Both, 2), (Hashes::Sha256, 1)] {
            let mut door = Door::new(hashes);
            let offers = challenges(door.check(&request(""), PEER, LOGIN, now));
            assert_eq!(offers.len(), offered);
            for offer in &offers {
                let right = request(&answer(offer, "GET", "/a?b=c", LOGIN));
                assert_eq!(door.check(&right, PEER, LOGIN, now), Verdict::Right, "{offer}");
                let elsewhere = request(&answer(offer, "GET", "/other", LOGIN));
                assert!(matches!(door.check(&elsewhere, PEER, LOGIN, now), Verdict::Wrong(_)));
            }
        }
        let mut door = Door::new(Hashes::Sha256);
        let offer = challenges(door.check(&request(""), PEER, LOGIN, now)).remove(0);
        let weak = request(&answer(&offer.replace("SHA-256", "MD5"), "GET", "/a?b=c", LOGIN));
        assert!(matches!(door.check(&weak, PEER, LOGIN, now), Verdict::Unanswered(_)));
    }

    #[test]
    fn the_fifth_wrong_password_locks_the_address_for_a_while() {
        let start = Instant::now();
        let mut door = Door::new(Hashes::Md5);
        for _ in 0..TRIES {
            let offer = challenges(door.check(&request(""), PEER, LOGIN, start)).remove(0);
            let wrong = request(&answer(&offer, "GET", "/a?b=c", ("viewer", "guess")));
            assert!(matches!(door.check(&wrong, PEER, LOGIN, start), Verdict::Wrong(_)));
        }
        assert_eq!(door.check(&request(""), PEER, LOGIN, start), Verdict::Locked);
        let another = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));
        assert!(matches!(door.check(&request(""), another, LOGIN, start), Verdict::Unanswered(_)));
        assert!(matches!(door.check(&request(""), PEER, LOGIN, start + LOCKED), Verdict::Unanswered(_)));
    }

    #[test]
    fn an_old_nonce_is_stale_and_no_wrong_password() {
        let start = Instant::now();
        let mut door = Door::new(Hashes::Md5);
        let offer = challenges(door.check(&request(""), PEER, LOGIN, start)).remove(0);
        let right = request(&answer(&offer, "GET", "/a?b=c", LOGIN));
        let later = start + NONCE_LIFE + Duration::from_secs(1);
        match door.check(&right, PEER, LOGIN, later) {
            Verdict::Unanswered(offers) => assert!(offers[0].contains("stale=true")),
            other => panic!("{other:?}"),
        }
    }
}

//! Digest authentication with MD5, as cameras ask for it (RFC 7616; RFC 2069 where the client knows no `qop`).

use md5::{Digest as _, Md5};

use super::message::Request;

/// Name of the protected space.
pub(crate) const REALM: &str = "province";

/// What an `Authorization` header is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// User and password are right.
    Right,
    /// There is none, or it answers another challenge.
    Unanswered,
    /// An answer to our challenge with a wrong user or password.
    Wrong,
}

/// The challenge for a 401.
pub(crate) fn challenge(nonce: &str) -> String {
    format!(r#"Digest realm="{REALM}", nonce="{nonce}", algorithm=MD5, qop="auth""#)
}

/// Checks the answer in `request` to the challenge with `nonce`.
pub(crate) fn check(request: &Request, nonce: &str, user: &str, password: &str) -> Verdict {
    let Some(parameters) = request.header("Authorization").and_then(|text| text.strip_prefix("Digest "))
    else {
        return Verdict::Unanswered;
    };
    let parameters = split(parameters);
    let value =
        |name: &str| parameters.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str());
    if value("nonce") != Some(nonce) {
        return Verdict::Unanswered;
    }
    let uri = value("uri").unwrap_or_default();
    let ha1 = hash(&[user, REALM, password]);
    let ha2 = hash(&[&request.method, uri]);
    let expected = match value("qop") {
        None => hash(&[&ha1, nonce, &ha2]),
        Some(qop) => {
            let (count, client) = (value("nc").unwrap_or_default(), value("cnonce").unwrap_or_default());
            hash(&[&ha1, nonce, count, client, qop, &ha2])
        }
    };
    let right = value("username") == Some(user) && uri == request.uri && value("response") == Some(&expected);
    if right { Verdict::Right } else { Verdict::Wrong }
}

/// What a client answers to a challenge, for tests that are one.
#[cfg(test)]
pub(crate) fn answer(method: &str, uri: &str, nonce: &str, user: &str, password: &str) -> String {
    let (ha1, ha2) = (hash(&[user, REALM, password]), hash(&[method, uri]));
    let response = hash(&[&ha1, nonce, "00000001", "c", "auth", &ha2]);
    format!(
        r#"Digest username="{user}", realm="{REALM}", nonce="{nonce}", uri="{uri}", qop=auth, nc=00000001, cnonce="c", response="{response}""#
    )
}

/// MD5 of the parts joined by colons, hexadecimal.
fn hash(parts: &[&str]) -> String {
    Md5::digest(parts.join(":")).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `name=value, name="value"`; commas may stand inside quotes.
pub(crate) fn split(text: &str) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while let Some((name, after)) = rest.split_once('=') {
        let (value, after) = match after.trim_start().strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => after.split_once(',').map_or((after, ""), |(value, rest)| (value, rest)),
        };
        found.push((name.trim(), value.trim().to_owned()));
        rest = after.trim_start_matches([',', ' ']);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::message::{Incoming, parse};
    use super::*;

    fn request(authorization: &str) -> Request {
        let text = format!("DESCRIBE rtsp://h/ch1/sub RTSP/1.0\r\nAuthorization: {authorization}\r\n\r\n");
        match parse(text.as_bytes()) {
            Ok(Some((Incoming::Request(request), _))) => request,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn hash_of_the_standards_example() {
        // RFC 2617 §3.5.
        let ha1 = hash(&["Mufasa", "testrealm@host.com", "Circle Of Life"]);
        let ha2 = hash(&["GET", "/dir/index.html"]);
        let nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093";
        let response = hash(&[&ha1, nonce, "00000001", "0a4f113b", "auth", &ha2]);
        assert_eq!(response, "6629fae49393a05397450978507c4ef1");
    }

    #[test]
    fn right_wrong_and_stale_are_told_apart() {
        let ha1 = hash(&["viewer", REALM, "secret"]);
        let ha2 = hash(&["DESCRIBE", "rtsp://h/ch1/sub"]);
        let with = |nonce: &str, user: &str, uri: &str, tail: &str, response: &str| {
            let text = format!(
                r#"Digest username="{user}", realm="{REALM}", nonce="{nonce}", uri="{uri}", response="{response}"{tail}"#
            );
            check(&request(&text), "n1", "viewer", "secret")
        };
        let uri = "rtsp://h/ch1/sub";
        let plain = hash(&[&ha1, "n1", &ha2]);
        assert_eq!(with("n1", "viewer", uri, "", &plain), Verdict::Right);
        let tail = r#", qop=auth, nc=00000001, cnonce="a, b""#;
        let modern = hash(&[&ha1, "n1", "00000001", "a, b", "auth", &ha2]);
        assert_eq!(with("n1", "viewer", uri, tail, &modern), Verdict::Right);
        assert_eq!(with("n1", "viewer", uri, tail, &plain), Verdict::Wrong);
        assert_eq!(with("n1", "other", uri, "", &plain), Verdict::Wrong);
        assert_eq!(with("n1", "viewer", "rtsp://h/ch2/sub", "", &plain), Verdict::Wrong);
        assert_eq!(with("n2", "viewer", uri, "", &plain), Verdict::Unanswered);
        for nothing in ["", "Basic dmlld2VyOnNlY3JldA==", "Digest ", "Digest ===,,\"", "Digest nonce=\"n1"] {
            assert_ne!(check(&request(nothing), "n1", "viewer", "secret"), Verdict::Right, "{nothing}");
        }
    }
}

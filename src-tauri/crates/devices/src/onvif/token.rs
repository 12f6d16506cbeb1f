//! Who we are, as WS-Security's UsernameToken with a digest (OASIS UsernameToken Profile 1.0 §3.1): the password itself
//! never crosses the line, and what crosses it is good for one request at one time.

use std::time::SystemTime;

use data_encoding::BASE64;
use model::Credentials;
use sha1::{Digest, Sha1};

use super::clock;
use super::soap::escape;

/// Bytes of a nonce: what the profile asks for at least; some devices take no more.
pub(super) const NONCE: usize = 16;

const WSSE: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
const WSU: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
const DIGEST: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest";
const BASE64_BINARY: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary";

/// The header that says who asks, at this moment of the device's clock.
pub(super) fn header(login: &Credentials, nonce: [u8; NONCE], now: SystemTime) -> String {
    let created = clock::stamp(now);
    let digest = digest(&nonce, &created, login.password.expose());
    format!(
        "<wsse:Security s:mustUnderstand=\"true\" xmlns:wsse=\"{WSSE}\" xmlns:wsu=\"{WSU}\"><wsse:UsernameToken>\
         <wsse:Username>{}</wsse:Username><wsse:Password Type=\"{DIGEST}\">{digest}</wsse:Password>\
         <wsse:Nonce EncodingType=\"{BASE64_BINARY}\">{}</wsse:Nonce><wsu:Created>{created}</wsu:Created>\
         </wsse:UsernameToken></wsse:Security>",
        escape(&login.user),
        BASE64.encode(&nonce),
    )
}

/// Base64 (SHA-1 (nonce + created + password)).
fn digest(nonce: &[u8], created: &str, password: &str) -> String {
    let mut hash = Sha1::new();
    hash.update(nonce);
    hash.update(created.as_bytes());
    hash.update(password.as_bytes());
    BASE64.encode(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_digest_is_the_one_of_the_programmers_guide() {
        // ONVIF Application Programmer's Guide 1.0, §6.1.1.3.
        let nonce = BASE64.decode(b"LKqI6G/AikKCQrN0zqZFlg==").unwrap();
        let digest = digest(&nonce, "2010-09-16T07:50:45Z", "userpassword");
        assert_eq!(digest, "tuOSpGlFlIXsozq4HFNeeGeFLEI=");
    }

    #[test]
    fn a_header_holds_a_short_nonce_a_time_to_the_millisecond_and_no_password() {
        let login = Credentials {
            user: "quản <trị>".to_owned(),
            password: model::Secret::new("mật khẩu".to_owned()),
        };
        let now = SystemTime::UNIX_EPOCH + Duration::new(1_626_397_323, 4_999_999);
        let header = header(&login, [7; NONCE], now);
        assert!(header.contains("<wsu:Created>2021-07-16T01:02:03.004Z</wsu:Created>"), "{header}");
        assert!(header.contains("<wsse:Username>quản &lt;trị&gt;</wsse:Username>"), "{header}");
        assert!(header.contains(">BwcHBwcHBwcHBwcHBwcHBw==</wsse:Nonce>"), "{header}");
        assert!(!header.contains("mật khẩu"));
    }
}

//! Where a stream is found, without the password that opens it.

use std::fmt;

use crate::secret::{Credentials, Secret};
use url::Url;

/// An RTSP address that holds no credentials, so that it may be shown and logged.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Address(Url);

/// Why a text is not an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// It cannot be read as a URL at all.
    #[error("not a URL")]
    NotAUrl,
    /// Another scheme than `rtsp`; of a recording, also than `rtsps`.
    #[error("not an rtsp:// URL")]
    NotRtsp,
    /// No host in it.
    #[error("no host in the URL")]
    NoHost,
}

impl Address {
    /// The port of RTSP where the URL names none (RFC 2326 §3.2).
    pub const DEFAULT_PORT: u16 = 554;
    /// The port of RTSP over TLS where the URL names none (RFC 7826 §19.2; `rtsps` in IANA's register of ports).
    pub const DEFAULT_TLS_PORT: u16 = 322;

    /// Reads a URL and takes user and password out of it. Over TLS (`rtsps`) live streams are not received: such an
    /// address is refused here.
    ///
    /// # Errors
    /// [`BadAddress`] says which part is wrong; it never repeats the text, which may hold a password.
    pub fn parse(text: &str) -> Result<(Self, Option<Credentials>), BadAddress> {
        Self::of_schemes(text, &["rtsp"])
    }

    /// The same of a recording, which may be played over TLS (`rtsps`), too.
    ///
    /// # Errors
    /// As [`Address::parse`].
    pub fn parse_recorded(text: &str) -> Result<(Self, Option<Credentials>), BadAddress> {
        Self::of_schemes(text, &["rtsp", "rtsps"])
    }

    fn of_schemes(text: &str, schemes: &[&str]) -> Result<(Self, Option<Credentials>), BadAddress> {
        let mut url = Url::parse(text.trim()).map_err(|_| BadAddress::NotAUrl)?;
        if !schemes.contains(&url.scheme()) {
            return Err(BadAddress::NotRtsp);
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(BadAddress::NoHost);
        }
        let credentials = (!url.username().is_empty() || url.password().is_some()).then(|| Credentials {
            user: percent_decoded(url.username()),
            password: Secret::new(percent_decoded(url.password().unwrap_or_default())),
        });
        // Both calls fail only for URLs without a host, which were refused above.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        Ok((Self(url), credentials))
    }

    /// Host and port: what counts as one device when failures and connections are counted.
    #[must_use]
    pub fn device(&self) -> (String, u16) {
        let usual = if self.is_secure() { Self::DEFAULT_TLS_PORT } else { Self::DEFAULT_PORT };
        (self.0.host_str().unwrap_or_default().to_owned(), self.0.port().unwrap_or(usual))
    }

    /// Whether it is spoken to over TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.0.scheme() == "rtsps"
    }

    /// The address as a URL, for who connects to it.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.0
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({})", self.0)
    }
}

/// Passwords with `@` or `/` can only be written percent-encoded in a URL.
fn percent_decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_leave_the_address() {
        let (address, credentials) =
            Address::parse("rtsp://quan%20tri:p%40ss%2Fword@10.1.2.3/ch1/main?x=1").unwrap();
        assert_eq!(address.to_string(), "rtsp://10.1.2.3/ch1/main?x=1");
        let credentials = credentials.unwrap();
        assert_eq!(credentials.user, "quan tri");
        assert_eq!(credentials.password.expose(), "p@ss/word");
        assert_eq!(address.device(), ("10.1.2.3".to_owned(), 554));
        assert!(!format!("{address:?}").contains("word"));
    }

    #[test]
    fn what_is_not_an_address_is_refused() {
        for (text, why) in [
            ("", BadAddress::NotAUrl),
            ("camera 1", BadAddress::NotAUrl),
            ("http://10.1.2.3/", BadAddress::NotRtsp),
            ("rtsp:///ch1", BadAddress::NoHost),
        ] {
            assert_eq!(Address::parse(text).map(|_| ()).unwrap_err(), why, "{text}");
            assert_eq!(Address::parse_recorded(text).map(|_| ()).unwrap_err(), why, "{text}");
        }
    }

    #[test]
    fn recordings_may_be_behind_tls_and_live_streams_may_not() {
        for (text, port) in [("rtsps://xem:mat@10.1.2.3/rec/1", 322), ("RTSPS://10.1.2.3:8322/rec/1", 8322)] {
            let (address, _) = Address::parse_recorded(text).unwrap();
            assert_eq!((address.is_secure(), address.device().1), (true, port), "{text}");
            assert!(!address.to_string().contains("mat"), "{address}");
            assert_eq!(Address::parse(text).map(|_| ()), Err(BadAddress::NotRtsp), "{text}");
        }
        let (plain, _) = Address::parse_recorded("rtsp://10.1.2.3/rec/1").unwrap();
        assert_eq!((plain.is_secure(), plain.device().1), (false, 554));
        assert_eq!(Address::parse_recorded("rtsps:///rec").map(|_| ()), Err(BadAddress::NoHost));
    }
}

//! The one place where a device is asked.

use std::fmt;

use model::{Address, BadAddress, Credentials, Fault};
use url::Url;

use crate::text::tamed;

/// Scheme, host and port as they were enrolled. Whatever a device says of itself, nothing is sent anywhere else.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    secure: bool,
    host: String,
    port: u16,
}

/// Why a text is no [`Origin`]. The text is not repeated: it may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadOrigin {
    /// It cannot be read as a URL with a host.
    #[error("not a URL")]
    NotAUrl,
    /// Neither `http` nor `https`.
    #[error("not an http:// or https:// URL")]
    NotHttp,
    /// User and password are given separately.
    #[error("an address must not hold user and password")]
    Login,
}

/// How an address is read.
type Parse = fn(&str) -> Result<(Address, Option<Credentials>), BadAddress>;

impl Origin {
    /// Reads `http://host:port` or `https://host:port`; path and query don't matter.
    ///
    /// # Errors
    /// [`BadOrigin`].
    pub fn parse(text: &str) -> Result<Self, BadOrigin> {
        Self::from_url(&Url::parse(text.trim()).map_err(|_| BadOrigin::NotAUrl)?)
    }

    /// The same from a URL.
    ///
    /// # Errors
    /// [`BadOrigin`].
    pub fn from_url(url: &Url) -> Result<Self, BadOrigin> {
        let secure = match url.scheme() {
            "http" => false,
            "https" => true,
            _ => return Err(BadOrigin::NotHttp),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadOrigin::Login);
        }
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(BadOrigin::NotAUrl)?;
        let port = url.port_or_known_default().ok_or(BadOrigin::NotAUrl)?;
        Ok(Self { secure, host: host.to_owned(), port })
    }

    /// Name or number; IPv6 in brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Whether it is spoken to over TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// The full address of a target (path and query, beginning with `/`) here.
    #[must_use]
    pub fn url(&self, target: &str) -> String {
        format!("{self}{target}")
    }

    /// Path and query of an address that the device gave, for a request here: behind NAT a device names hosts that it alone
    /// can reach, and a hostile one names others. `None` if it is no HTTP address.
    #[must_use]
    pub fn target(&self, given: &str) -> Option<String> {
        let base = Url::parse(&self.to_string()).ok()?;
        let url = base.join(given.trim()).ok()?;
        matches!(url.scheme(), "http" | "https").then(|| path_and_query(&url))
    }

    /// A stream's address that the device gave, with this host instead of its own and, where `port` is given, that port
    /// (the one that NAT forwards). Users, passwords and space around it are dropped.
    ///
    /// # Errors
    /// [`Fault::Protocol`] if it is none.
    pub fn stream(&self, given: &str, port: Option<u16>) -> Result<Address, Fault> {
        self.here(given, port, Address::parse)
    }

    /// The same of a recording, which may be played over TLS (`rtsps`), too. `port` is that of plain RTSP: what is behind TLS
    /// stays at the port that the device names.
    ///
    /// # Errors
    /// As [`Origin::stream`].
    pub fn recording(&self, given: &str, port: Option<u16>) -> Result<Address, Fault> {
        self.here(given, port, Address::parse_recorded)
    }

    fn here(&self, given: &str, port: Option<u16>, parse: Parse) -> Result<Address, Fault> {
        let bad = || Fault::Protocol(format!("not a stream's address: {}", tamed(given)));
        let (address, _) = parse(given).map_err(|_| bad())?;
        let mut url = address.url().clone();
        url.set_host(Some(&self.host)).map_err(|_| bad())?;
        if port.is_some() && !address.is_secure() {
            url.set_port(port).map_err(|()| bad())?;
        }
        parse(url.as_str()).map(|(address, _)| address).map_err(|_| bad())
    }

    /// Where a redirect from `target` leads, if that is here.
    pub(super) fn redirected(&self, target: &str, location: &str) -> Result<String, Fault> {
        let elsewhere = || Fault::Elsewhere(tamed(location));
        let from = Url::parse(&self.url(target)).map_err(|_| elsewhere())?;
        let to = from.join(location).map_err(|_| elsewhere())?;
        match Self::from_url(&to) {
            Ok(origin) if origin == *self => Ok(path_and_query(&to)),
            Ok(origin) => Err(Fault::Elsewhere(tamed(&origin.to_string()))),
            Err(_) => Err(Fault::Elsewhere(tamed(to.host_str().unwrap_or_default()))),
        }
    }
}

fn path_and_query(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.secure { "https" } else { "http" };
        write!(f, "{scheme}://{}:{}", self.host, self.port)
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Origin({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here() -> Origin {
        Origin::parse("http://10.1.2.3:8080/api").unwrap()
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        assert_eq!(here().to_string(), "http://10.1.2.3:8080");
        assert_eq!(Origin::parse("https://nvr.example").unwrap().port(), 443);
        assert_eq!(Origin::parse("http://[fd00::1]/").unwrap().host(), "[fd00::1]");
        assert_eq!(Origin::parse("rtsp://10.1.2.3"), Err(BadOrigin::NotHttp));
        assert_eq!(Origin::parse("http://admin:secret@10.1.2.3"), Err(BadOrigin::Login));
        assert_eq!(Origin::parse("10.1.2.3"), Err(BadOrigin::NotAUrl));
    }

    #[test]
    fn what_a_device_says_of_its_place_is_rewritten_to_the_enrolled_one() {
        for (given, target) in [
            ("http://192.168.1.64/onvif/ptz?x=1", "/onvif/ptz?x=1"),
            ("http://169.254.169.254/latest/meta-data", "/latest/meta-data"),
            ("https://127.0.0.1:9443/snap.jpg", "/snap.jpg"),
            (" /onvif/media \n", "/onvif/media"),
            ("http://user:secret@10.9.9.9/a b", "/a%20b"),
        ] {
            assert_eq!(here().target(given).as_deref(), Some(target), "{given}");
        }
        assert_eq!(here().target("file:///etc/passwd"), None);
    }

    #[test]
    fn streams_are_rewritten_too() {
        let stream = |given, port| here().stream(given, port).map(|address| address.to_string());
        assert_eq!(stream("\n rtsp://192.168.1.64:554/a?b=1 \n", None).unwrap(), "rtsp://10.1.2.3:554/a?b=1");
        assert_eq!(stream("rtsp://admin:x@127.0.0.1/a", Some(10554)).unwrap(), "rtsp://10.1.2.3:10554/a");
        assert!(matches!(stream("http://10.1.2.3/a", None), Err(Fault::Protocol(_))));
        assert!(
            matches!(stream("rtsps://10.1.2.3/a", None), Err(Fault::Protocol(_))),
            "live, TLS is not spoken"
        );
    }

    #[test]
    fn recordings_may_be_behind_tls_at_the_port_that_the_device_names() {
        let recording = |given| here().recording(given, Some(10554)).unwrap().to_string();
        assert_eq!(recording("rtsp://192.168.1.64/rec?a=b"), "rtsp://10.1.2.3:10554/rec?a=b");
        assert_eq!(recording("rtsps://admin:x@192.168.1.64/rec?a=b"), "rtsps://10.1.2.3/rec?a=b");
        assert_eq!(recording("rtsps://192.168.1.64:8322/rec"), "rtsps://10.1.2.3:8322/rec");
        assert!(matches!(here().recording("https://10.1.2.3/rec", None), Err(Fault::Protocol(_))));
    }

    #[test]
    fn a_redirect_is_followed_at_home_only() {
        let to = |location| here().redirected("/a/b?c", location);
        assert_eq!(to("/d?e").unwrap(), "/d?e");
        assert_eq!(to("d").unwrap(), "/a/d");
        assert_eq!(to("http://10.1.2.3:8080/d").unwrap(), "/d");
        for elsewhere in
            ["http://10.1.2.4:8080/d", "https://10.1.2.3:8080/d", "http://10.1.2.3/d", "//evil/d"]
        {
            assert!(matches!(to(elsewhere), Err(Fault::Elsewhere(_))), "{elsewhere}");
        }
        assert_eq!(to("http://a:secret@10.9.9.9/"), Err(Fault::Elsewhere("10.9.9.9".to_owned())));
    }
}

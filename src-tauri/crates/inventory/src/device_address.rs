//! Where a recorder answers besides its streams.

use std::fmt;

use serde::{Serialize, Serializer};
use url::Url;

/// `host`, `host:port`, or an `http://` or `https://` base, without user, password, query and fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceAddress {
    text: String,
    base: Url,
}

/// Why a text is no [`DeviceAddress`]. The text is not repeated: it may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadDeviceAddress {
    /// Neither `host:port` nor a URL.
    #[error("not host:port or an http:// URL")]
    NotAnAddress,
    /// A scheme other than `http` and `https`.
    #[error("not an http:// URL")]
    NotHttp,
    /// User and password belong to a person, not into the inventory.
    #[error("an address must not hold user and password")]
    Login,
    /// A query or a fragment: it is no base for requests.
    #[error("more than a base address")]
    NotABase,
}

impl DeviceAddress {
    /// Reads the address.
    ///
    /// # Errors
    /// See [`BadDeviceAddress`].
    pub fn parse(text: &str) -> Result<Self, BadDeviceAddress> {
        let text = text.trim();
        let full = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        let base = Url::parse(&full).map_err(|_| BadDeviceAddress::NotAnAddress)?;
        if !matches!(base.scheme(), "http" | "https") {
            return Err(BadDeviceAddress::NotHttp);
        }
        if !base.username().is_empty() || base.password().is_some() {
            return Err(BadDeviceAddress::Login);
        }
        if base.query().is_some() || base.fragment().is_some() {
            return Err(BadDeviceAddress::NotABase);
        }
        Ok(Self { text: text.to_owned(), base })
    }

    /// Name or number of the machine.
    #[must_use]
    pub fn host(&self) -> &str {
        self.base.host_str().unwrap_or_default()
    }

    /// The base for requests; `http` where the text names no scheme.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.base
    }
}

impl fmt::Display for DeviceAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for DeviceAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_ports_and_bases_are_understood() {
        for (text, host, base) in [
            ("10.1.2.3", "10.1.2.3", "http://10.1.2.3/"),
            (" nvr-1:8000 ", "nvr-1", "http://nvr-1:8000/"),
            ("https://nvr.example/api", "nvr.example", "https://nvr.example/api"),
            ("[fd00::1]:80", "[fd00::1]", "http://[fd00::1]/"),
        ] {
            let address = DeviceAddress::parse(text).unwrap();
            assert_eq!((address.host(), address.url().as_str()), (host, base));
            assert_eq!(address.to_string(), text.trim());
        }
    }

    #[test]
    fn what_is_no_base_is_refused() {
        use BadDeviceAddress as Bad;
        for (text, why) in [
            ("", Bad::NotAnAddress),
            ("a b", Bad::NotAnAddress),
            ("10.1.2.3:99999", Bad::NotAnAddress),
            ("rtsp://10.1.2.3", Bad::NotHttp),
            ("admin:secret@10.1.2.3", Bad::Login),
            ("http://admin@10.1.2.3", Bad::Login),
            ("http://10.1.2.3/?a=b", Bad::NotABase),
        ] {
            assert_eq!(DeviceAddress::parse(text).unwrap_err(), why, "{text}");
        }
    }
}

//! Where the server is and who this client is there.

use std::path::PathBuf;

use model::{Credentials, Secret};
use url::Url;

/// A NATS server with JetStream.
#[derive(Clone)]
pub struct Server {
    url: Url,
    login: Login,
    roots: Option<PathBuf>,
}

/// What a server asks for.
#[derive(Clone)]
pub enum Login {
    /// Nothing.
    None,
    /// User and password.
    Password(Credentials),
    /// The seed of an Ed25519 key whose public part the server knows ("nkey").
    NKey(Secret),
    /// A file with a user's token and seed, as `nsc` makes it.
    File(PathBuf),
}

/// Why something is no server's URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAServer {
    /// It is no URL, or has no host.
    #[error("not a URL with a host")]
    Url,
    /// It is neither `nats` nor `tls`.
    #[error("its scheme is neither nats nor tls")]
    Scheme,
    /// It holds a user or a password: these would end in logs.
    #[error("it must not hold user and password")]
    Login,
}

impl Server {
    /// The server at `url`: `nats://host:4222`, or `tls://host:4222` for an encrypted connection. `roots` is a PEM file
    /// with the certificates that sign the server's; without it those of the system count.
    ///
    /// # Errors
    /// See [`NotAServer`].
    pub fn new(url: &str, login: Login, roots: Option<PathBuf>) -> Result<Self, NotAServer> {
        let url = Url::parse(url).map_err(|_| NotAServer::Url)?;
        if !matches!(url.scheme(), "nats" | "tls") {
            return Err(NotAServer::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(NotAServer::Login);
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(NotAServer::Url);
        }
        Ok(Self { url, login, roots })
    }

    pub(crate) fn url(&self) -> &str {
        self.url.as_str()
    }

    pub(crate) fn is_encrypted(&self) -> bool {
        self.url.scheme() == "tls"
    }

    pub(crate) fn login(&self) -> &Login {
        &self.login
    }

    pub(crate) fn roots(&self) -> Option<&PathBuf> {
        self.roots.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(url: &str) -> Option<NotAServer> {
        Server::new(url, Login::None, None).err()
    }

    #[test]
    fn urls_are_plain_or_encrypted_and_hold_no_secret() {
        assert_eq!(refused("nats://10.0.0.1:4222"), None);
        assert_eq!(refused("tls://leases.tinh.example"), None);
        assert_eq!(refused("10.0.0.1:4222"), Some(NotAServer::Url));
        assert_eq!(refused("nats:///"), Some(NotAServer::Url));
        assert_eq!(refused("http://10.0.0.1"), Some(NotAServer::Scheme));
        assert_eq!(refused("nats://room@10.0.0.1"), Some(NotAServer::Login));
        assert_eq!(refused("nats://room:secret@10.0.0.1"), Some(NotAServer::Login));
        assert!(Server::new("tls://h", Login::None, None).is_ok_and(|server| server.is_encrypted()));
    }
}

//! Fetching from a server over HTTPS.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use ureq::Agent;
use ureq::http::{Response, StatusCode, header};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use url::Url;

use super::SourceFault;
use crate::limits;

/// For everything together: resolving, connecting, answering, and all of the body.
pub const DEADLINE: Duration = Duration::from_secs(20);
/// Redirections that are followed, on the same server only.
const REDIRECTIONS: usize = 3;
/// Characters of an entity tag that is kept.
const ETAG: usize = 200;

/// A file on a server.
#[derive(Clone, Debug)]
pub struct Https {
    address: Url,
    roots: RootCerts,
}

/// Why an address is none to fetch from. It is not repeated: it may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSource {
    /// No URL.
    #[error("not a URL")]
    NotAUrl,
    /// Not `https`.
    #[error("not an https:// URL")]
    NotHttps,
    /// With user and password.
    #[error("an address must not hold user and password")]
    Login,
}

/// What came of fetching.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// A file.
    File {
        /// Its content.
        bytes: Vec<u8>,
        /// By which the server knows it again (RFC 9110 §8.8.3).
        etag: Option<String>,
    },
    /// The server still has the one with the entity tag that it was asked with.
    Unchanged,
}

impl Https {
    /// The file at this address. The server must prove who it is to the certificates that the system trusts.
    ///
    /// # Errors
    /// [`BadSource`].
    pub fn new(address: &str) -> Result<Self, BadSource> {
        let address = Url::parse(address.trim()).map_err(|_| BadSource::NotAUrl)?;
        if address.scheme() != "https" {
            return Err(BadSource::NotHttps);
        }
        if !address.username().is_empty() || address.password().is_some() {
            return Err(BadSource::Login);
        }
        Ok(Self { address, roots: system_roots() })
    }

    /// The same, trusting one certificate alone.
    #[cfg(test)]
    pub(super) fn trusting(self, der: &[u8]) -> Self {
        Self { roots: RootCerts::new_with_certs(&[Certificate::from_der(der).to_owned()]), ..self }
    }

    /// Fetches the file, unless it is the one with this entity tag. Waits up to [`DEADLINE`].
    ///
    /// # Errors
    /// [`SourceFault`].
    pub fn fetch(&self, etag: Option<&str>) -> Result<Fetched, SourceFault> {
        let agent = self.agent();
        let mut address = self.address.clone();
        for _ in 0..=REDIRECTIONS {
            let mut request = agent.get(address.as_str());
            if let Some(etag) = etag {
                request = request.header(header::IF_NONE_MATCH, etag);
            }
            let response = request.call().map_err(fault)?;
            match response.status() {
                StatusCode::OK => return file(response),
                StatusCode::NOT_MODIFIED if etag.is_some() => return Ok(Fetched::Unchanged),
                status if status.is_redirection() => address = self.redirected(&address, &response)?,
                status => return Err(SourceFault::Refused { status: status.as_u16() }),
            }
        }
        Err(SourceFault::SentElsewhere)
    }

    fn agent(&self) -> Agent {
        let tls = TlsConfig::builder()
            .root_certs(self.roots.clone())
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        Agent::config_builder()
            .https_only(true)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(DEADLINE))
            .tls_config(tls)
            .user_agent("watchwall")
            .build()
            .into()
    }

    /// Where a redirection leads, if that is the same server.
    fn redirected<T>(&self, from: &Url, response: &Response<T>) -> Result<Url, SourceFault> {
        let location = response.headers().get(header::LOCATION).and_then(|location| location.to_str().ok());
        let to = location.and_then(|location| from.join(location).ok()).ok_or(SourceFault::SentElsewhere)?;
        let login = !to.username().is_empty() || to.password().is_some();
        if to.origin() == self.address.origin() && !login { Ok(to) } else { Err(SourceFault::SentElsewhere) }
    }
}

fn file(mut response: Response<ureq::Body>) -> Result<Fetched, SourceFault> {
    let etag = response.headers().get(header::ETAG).and_then(|etag| etag.to_str().ok());
    let etag = etag.filter(|etag| etag.len() <= ETAG).map(str::to_owned);
    let most = limits::FILE_BYTES;
    // One more than may be, so that exactly so many are not too many.
    let body = response.body_mut().with_config().limit(most as u64 + 1).read_to_vec();
    match body {
        Ok(bytes) if bytes.len() <= most => Ok(Fetched::File { bytes, etag }),
        Ok(_) => Err(SourceFault::TooLarge { most }),
        Err(error) => Err(fault(error)),
    }
}

fn fault(error: ureq::Error) -> SourceFault {
    match error {
        ureq::Error::BodyExceedsLimit(_) => SourceFault::TooLarge { most: limits::FILE_BYTES },
        ureq::Error::Rustls(error) => SourceFault::Certificate(error.to_string()),
        // A handshake that fails comes wrapped, as the reading or writing that it happened in.
        ureq::Error::Io(error) => {
            match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                Some(inner) => SourceFault::Certificate(inner.to_string()),
                None => SourceFault::Unreachable(error.to_string()),
            }
        }
        error => SourceFault::Unreachable(error.to_string()),
    }
}

/// The certificates that the system trusts, read once. A province with a certificate authority of its own installs it
/// there.
fn system_roots() -> RootCerts {
    static ROOTS: LazyLock<RootCerts> = LazyLock::new(|| {
        // What cannot be read is not trusted; if that is all, the server's certificate is refused and that is said.
        let found = rustls_native_certs::load_native_certs().certs;
        found.iter().map(|der| Certificate::from_der(der).to_owned()).collect::<Vec<_>>().into()
    });
    ROOTS.clone()
}

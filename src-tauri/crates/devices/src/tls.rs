//! TLS with devices, whatever is spoken inside it. Nearly all have signed their certificates themselves, so that only knowing
//! it tells a device from another.

use std::fmt;
use std::fmt::Write as _;
use std::sync::Arc;

use model::Fault;
use parking_lot::Mutex;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, InvalidMessage, SignatureScheme};
use sha2::{Digest, Sha256};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::rtsp::ANSWER_DEADLINE;
use crate::socket::Wire;

/// The certificate that a device must show, over HTTPS and over RTSPS alike: the enrolled one, or, at the first meeting, the
/// one of its first connection. Names, dates and issuers in it are not looked at: who is enrolled by fingerprint is known by
/// that. Clones are the same pin. The default one is that of a first meeting.
#[derive(Clone)]
pub struct Pin(Arc<Known>);

#[derive(Debug)]
struct Known {
    expected: Mutex<Option<[u8; 32]>>,
    /// It was known before; without that, TLS keeps nobody in the middle away at the first meeting.
    enrolled: bool,
    provider: Arc<CryptoProvider>,
}

impl Pin {
    /// `enrolled`: SHA-256 of the certificate, if the device is known by one.
    #[must_use]
    pub fn new(enrolled: Option<[u8; 32]>) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        Self(Arc::new(Known { expected: Mutex::new(enrolled), enrolled: enrolled.is_some(), provider }))
    }

    /// What it is, once it is known.
    #[must_use]
    pub fn fingerprint(&self) -> Option<[u8; 32]> {
        *self.0.expected.lock()
    }

    /// Whether it was known before the first connection: a password may be sent in clear behind such a one alone.
    pub(crate) fn is_enrolled(&self) -> bool {
        self.0.enrolled
    }

    /// TLS that takes this certificate alone. What is resumed, is so by this connector alone.
    pub(crate) fn connector(&self) -> TlsConnector {
        let config = ClientConfig::builder_with_provider(Arc::clone(&self.0.provider))
            .with_safe_default_protocol_versions()
            .expect("ring speaks TLS 1.2 and 1.3")
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(&self.0) as Arc<dyn ServerCertVerifier>)
            .with_no_client_auth();
        TlsConnector::from(Arc::new(config))
    }

    /// Takes the certificate of a connection that has proved to have its key; the first one is kept.
    fn proved(&self, shown: Option<&CertificateDer<'_>>) -> Result<(), Fault> {
        let shown = shown.ok_or_else(|| Fault::Protocol("TLS without a certificate".to_owned()))?;
        let fingerprint = fingerprint(shown);
        let mut expected = self.0.expected.lock();
        match *expected {
            Some(known) if known != fingerprint => Err(Fault::Certificate(hexadecimal(&fingerprint))),
            Some(_) => Ok(()),
            None => {
                *expected = Some(fingerprint);
                Ok(())
            }
        }
    }
}

impl Default for Pin {
    fn default() -> Self {
        Self::new(None)
    }
}

impl PartialEq for Pin {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = self.fingerprint().map(|known| hexadecimal(&known));
        write!(f, "Pin({})", known.as_deref().unwrap_or("first meeting"))
    }
}

/// TLS on top of a connection to `host`, with the expected certificate alone, within [`ANSWER_DEADLINE`]. Nothing but the
/// handshake has been sent when it fails.
///
/// # Errors
/// [`Fault::Certificate`], [`Fault::NotTls`], [`Fault::NoAnswer`], and those of broken connections.
pub(crate) async fn secured(
    wire: Box<dyn Wire>,
    host: &str,
    connector: &TlsConnector,
    pin: &Pin,
) -> Result<Box<dyn Wire>, Fault> {
    let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let name = ServerName::try_from(bare).map_err(|_| Fault::NameNotFound(host.to_owned()))?;
    let shaking = connector.connect(name, wire);
    let stream = timeout(ANSWER_DEADLINE, shaking)
        .await
        .map_err(|_| Fault::NoAnswer(ANSWER_DEADLINE))?
        .map_err(|error| fault(&error))?;
    pin.proved(stream.get_ref().1.peer_certificates().and_then(<[_]>::first))?;
    Ok(Box::new(stream))
}

/// What a failed handshake means.
fn fault(error: &std::io::Error) -> Fault {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
        Some(Error::InvalidCertificate(CertificateError::Other(other))) => {
            Fault::Certificate(crate::text::tamed(&other.to_string()))
        }
        // The first byte is no record's (RFC 8446 §5.1): most servers that were asked in TLS and speak none answer in words.
        Some(Error::InvalidMessage(InvalidMessage::InvalidContentType)) => Fault::NotTls,
        Some(inner) => Fault::Protocol(format!("TLS: {}", crate::text::tamed(&inner.to_string()))),
        None => Fault::Ended(error.kind().to_string()),
    }
}

fn fingerprint(certificate: &CertificateDer<'_>) -> [u8; 32] {
    Sha256::digest(certificate).into()
}

fn hexadecimal(fingerprint: &[u8]) -> String {
    fingerprint.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Another certificate than the expected one; its fingerprint.
#[derive(Debug)]
struct Changed(String);

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Changed {}

impl ServerCertVerifier for Known {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let shown = fingerprint(end_entity);
        match *self.expected.lock() {
            Some(expected) if expected != shown => {
                let changed = Arc::new(Changed(hexadecimal(&shown)));
                Err(Error::InvalidCertificate(CertificateError::Other(rustls::OtherError(changed))))
            }
            _ => Ok(ServerCertVerified::assertion()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// A device's side of TLS, for tests.
#[cfg(test)]
pub(crate) mod testing {
    use super::*;

    /// Fresh keys with a certificate that they have signed themselves.
    pub(crate) struct Keys {
        pub(crate) fingerprint: [u8; 32],
        pub(crate) acceptor: tokio_rustls::TlsAcceptor,
    }

    impl Keys {
        pub(crate) fn new() -> Self {
            let made = rcgen::generate_simple_self_signed(["camera".to_owned()]).unwrap();
            let certificate = made.cert.der().clone();
            let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            let config = rustls::ServerConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_no_client_auth()
                .with_single_cert(vec![certificate.clone()], key)
                .unwrap();
            Self { fingerprint: fingerprint(&certificate), acceptor: Arc::new(config).into() }
        }
    }
}

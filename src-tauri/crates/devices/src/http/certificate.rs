//! Certificates of devices: nearly all have signed theirs themselves, so that only knowing it tells a device from another.

use std::fmt::Write as _;
use std::sync::Arc;

use model::Fault;
use parking_lot::Mutex;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use sha2::{Digest, Sha256};
use tokio_rustls::TlsConnector;

/// The certificate that a device must show: the enrolled one, or, at the first meeting, the one of its first connection.
/// Names, dates and issuers in it are not looked at: who is enrolled by fingerprint is known by that.
#[derive(Debug)]
pub(super) struct Pin {
    expected: Mutex<Option<[u8; 32]>>,
    provider: Arc<CryptoProvider>,
}

impl Pin {
    pub(super) fn new(enrolled: Option<[u8; 32]>) -> Arc<Self> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        Arc::new(Self { expected: Mutex::new(enrolled), provider })
    }

    /// What it is, once it is known.
    pub(super) fn fingerprint(&self) -> Option<[u8; 32]> {
        *self.expected.lock()
    }

    /// TLS that takes this certificate alone.
    pub(super) fn connector(self: &Arc<Self>) -> TlsConnector {
        let config = ClientConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()
            .expect("ring speaks TLS 1.2 and 1.3")
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(self) as Arc<dyn ServerCertVerifier>)
            .with_no_client_auth();
        TlsConnector::from(Arc::new(config))
    }

    /// Takes the certificate of a connection that has proved to have its key; the first one is kept.
    pub(super) fn proved(&self, shown: Option<&CertificateDer<'_>>) -> Result<(), Fault> {
        let shown = shown.ok_or_else(|| Fault::Protocol("TLS without a certificate".to_owned()))?;
        let fingerprint = fingerprint(shown);
        let mut expected = self.expected.lock();
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

/// What a failed handshake means.
pub(super) fn fault(error: &std::io::Error) -> Fault {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
        Some(Error::InvalidCertificate(CertificateError::Other(other))) => {
            Fault::Certificate(crate::text::tamed(&other.to_string()))
        }
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

impl std::fmt::Display for Changed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Changed {}

impl ServerCertVerifier for Pin {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let shown = fingerprint(end_entity);
        match self.fingerprint() {
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

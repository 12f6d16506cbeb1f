//! How a device wants to be told who asks.

use http_auth::{PasswordClient, PasswordParams};
use model::{Credentials, Fault};

/// Of the challenges in a `WWW-Authenticate` (several of them joined by commas), the one to answer: a digest whatever else is
/// offered.
///
/// # Errors
/// [`Fault::Protocol`] if none can be answered.
fn parse(www_authenticate: &str) -> Result<PasswordClient, Fault> {
    PasswordClient::try_from(www_authenticate)
        .map_err(|why| Fault::Protocol(format!("challenge not understood: {}", crate::text::tamed(&why))))
}

/// The same, where the password must not be sent in clear.
///
/// # Errors
/// [`Fault::ClearTextPassword`] if nothing else is offered.
pub(crate) fn digest(www_authenticate: &str) -> Result<PasswordClient, Fault> {
    match parse(www_authenticate)? {
        client @ PasswordClient::Digest(_) => Ok(client),
        _ => Err(Fault::ClearTextPassword),
    }
}

/// What answers a challenge: by the password in clear only where `clear_is_safe`.
///
/// # Errors
/// As [`digest`].
pub(crate) fn answering(www_authenticate: &str, clear_is_safe: bool) -> Result<PasswordClient, Fault> {
    if clear_is_safe { parse(www_authenticate) } else { digest(www_authenticate) }
}

/// A challenge that is being answered. Its nonce is used again, with its count, for as long as the device takes it.
pub(super) struct Challenge {
    client: PasswordClient,
}

impl Challenge {
    /// Reads the challenge of an answer; the password in clear only where `clear_is_safe`.
    pub(super) fn read(www_authenticate: &str, clear_is_safe: bool) -> Result<Self, Fault> {
        Ok(Self { client: answering(www_authenticate, clear_is_safe)? })
    }

    /// For which of the device's realms.
    pub(super) fn realm(&self) -> &str {
        match &self.client {
            PasswordClient::Digest(digest) => digest.realm(),
            _ => "",
        }
    }

    /// The device says that the login was right, only the nonce too old.
    pub(super) fn is_stale(&self) -> bool {
        matches!(&self.client, PasswordClient::Digest(digest) if digest.stale())
    }

    /// The value of `Authorization` for a request.
    pub(super) fn answer(
        &mut self,
        login: &Credentials,
        method: &str,
        target: &str,
        body: &[u8],
    ) -> Result<String, Fault> {
        let asked = PasswordParams {
            username: &login.user,
            password: login.password.expose(),
            uri: target,
            method,
            body: Some(body),
        };
        self.client
            .respond(&asked)
            .map_err(|why| Fault::Protocol(format!("challenge not understood: {}", crate::text::tamed(&why))))
    }
}

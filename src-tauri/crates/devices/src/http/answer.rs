//! What a device answers.

use bytes::Bytes;
use hyper::HeaderMap;
use model::Fault;

use crate::text::tamed;

/// A whole answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP's status, 200–299 or 400 and above.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
    /// Whether a login went along.
    pub told: bool,
}

impl Answer {
    /// The body, if the status is a success.
    ///
    /// # Errors
    /// What the status means.
    pub fn accepted(self) -> Result<Bytes, Fault> {
        match self.status {
            200..=299 => Ok(self.body),
            _ => Err(self.refusal()),
        }
    }

    /// What a status that is no success means. Capacity is never taken for a wrong password.
    #[must_use]
    pub fn refusal(&self) -> Fault {
        match self.status {
            405 | 501 => Fault::NotOffered,
            status => Fault::from_status(status, self.told),
        }
    }

    /// The body as text; bytes that are no UTF-8 are replaced.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's value, tamed; empty if there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).and_then(|value| value.to_str().ok()).map(tamed).unwrap_or_default()
    }
}

//! What is asked of a device.

use bytes::Bytes;
use hyper::Method;

use super::{MAX_BODY, MAX_PICTURE, PICTURE_DEADLINE, WHOLE_DEADLINE};
use std::time::Duration;

/// One request. Its target (path and query) is at the client's own [`Origin`](super::Origin), whatever happens.
#[derive(Clone, Debug)]
pub struct Request {
    pub(super) method: Method,
    pub(super) target: String,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Bytes,
    pub(super) most: usize,
    pub(super) within: Duration,
    pub(super) fresh: bool,
    pub(super) anonymous: bool,
}

impl Request {
    /// `GET`; the target begins with `/`, and what is no ASCII in it is percent-encoded.
    #[must_use]
    pub fn get(target: impl Into<String>) -> Self {
        Self::new(Method::GET, target.into(), Bytes::new())
    }

    /// `PUT` with a body of this media type.
    #[must_use]
    pub fn put(target: impl Into<String>, media_type: &str, body: impl Into<Bytes>) -> Self {
        Self::new(Method::PUT, target.into(), body.into()).header("Content-Type", media_type)
    }

    /// `POST` with a body of this media type.
    #[must_use]
    pub fn post(target: impl Into<String>, media_type: &str, body: impl Into<Bytes>) -> Self {
        Self::new(Method::POST, target.into(), body.into()).header("Content-Type", media_type)
    }

    /// `DELETE`.
    #[must_use]
    pub fn delete(target: impl Into<String>) -> Self {
        Self::new(Method::DELETE, target.into(), Bytes::new())
    }

    fn new(method: Method, target: String, body: Bytes) -> Self {
        Self {
            method,
            target,
            headers: Vec::new(),
            body,
            most: MAX_BODY,
            within: WHOLE_DEADLINE,
            fresh: false,
            anonymous: false,
        }
    }

    /// With one more header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// The answer is a still picture: up to [`MAX_PICTURE`] bytes, within [`PICTURE_DEADLINE`].
    #[must_use]
    pub fn picture(mut self) -> Self {
        self.most = MAX_PICTURE;
        self.within = PICTURE_DEADLINE;
        self
    }

    /// On a connection of its own, made for it: whatever is stuck on the others doesn't hold it up.
    #[must_use]
    pub fn fresh(mut self) -> Self {
        self.fresh = true;
        self
    }

    /// Without the login, even where the device asks for one: the answer is then its 401.
    #[must_use]
    pub fn anonymous(mut self) -> Self {
        self.anonymous = true;
        self
    }
}

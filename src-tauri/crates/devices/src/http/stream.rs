//! An answer that doesn't end: a device that tells what happens, as it happens.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use hyper::body::Incoming;
use memchr::memmem;
use model::Fault;
use tokio::time::Instant;

use super::link::{self, Link};

/// The longest line or element that is kept; what is longer is passed over.
const MAX_PIECE: usize = 64 * 1024;

/// The body of such an answer. Dropping it closes its connection.
pub struct Stream {
    body: Incoming,
    _link: Link,
    held: BytesMut,
    passing_over: bool,
}

impl Stream {
    pub(super) fn new(body: Incoming, link: Link) -> Self {
        Self { body, _link: link, held: BytesMut::new(), passing_over: false }
    }

    /// The next line, without its end. Devices' own framing (`multipart`) has wrong lengths and missing boundaries often
    /// enough that what they say is read line by line instead; framing is some more lines that mean nothing. Safe to
    /// drop while waiting.
    ///
    /// # Errors
    /// [`Fault::NoAnswer`] if nothing at all comes for `patience` (it can be asked again then), [`Fault::Ended`].
    pub async fn line(&mut self, patience: Duration) -> Result<String, Fault> {
        loop {
            if let Some(end) = memchr::memchr(b'\n', &self.held) {
                let line = self.held.split_to(end + 1);
                if !std::mem::take(&mut self.passing_over) {
                    return Ok(String::from_utf8_lossy(&line).trim_end().to_owned());
                }
                continue;
            }
            if self.held.len() > MAX_PIECE {
                self.held.clear();
                self.passing_over = true;
            }
            self.fill(patience).await?;
        }
    }

    /// The next element of this name, from `<name` to `</name>`, whatever lies between them (boundaries, pictures).
    ///
    /// # Errors
    /// As [`Stream::line`].
    pub async fn element(&mut self, name: &str, patience: Duration) -> Result<Bytes, Fault> {
        let (open, close) = (format!("<{name}"), format!("</{name}>"));
        loop {
            match memmem::find(&self.held, open.as_bytes()) {
                Some(start) => {
                    let _ = self.held.split_to(start);
                    if let Some(end) = memmem::find(&self.held, close.as_bytes()) {
                        return Ok(self.held.split_to(end + close.len()).freeze());
                    }
                    if self.held.len() > MAX_PIECE {
                        let _ = self.held.split_to(open.len());
                        continue;
                    }
                }
                // The name may be cut by the end of what has come.
                None => {
                    let keep = self.held.len().min(open.len());
                    let _ = self.held.split_to(self.held.len() - keep);
                }
            }
            self.fill(patience).await?;
        }
    }

    async fn fill(&mut self, patience: Duration) -> Result<(), Fault> {
        match link::next(&mut self.body, Instant::now() + patience, patience).await? {
            Some(chunk) => {
                self.held.extend_from_slice(&chunk);
                Ok(())
            }
            None => Err(Fault::Ended("closed by the device".to_owned())),
        }
    }
}

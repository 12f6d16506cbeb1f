//! One connection, on which one request after another is answered.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;
use http_body_util::{BodyExt, Full};
use hyper::Response;
use hyper::body::{Body, Incoming};
use hyper::client::conn::http1::{Builder, SendRequest};
use hyper_util::rt::TokioIo;
use model::Fault;
use tokio::time::{Instant, timeout, timeout_at};

use super::{BODY_IDLE, Origin};
use crate::rtsp::{ANSWER_DEADLINE, MAX_HEADER};
use crate::socket::Wire;

/// Header lines of an answer; real ones have a dozen.
const MAX_HEADER_LINES: usize = 128;

/// Makes a connection to the client's origin.
pub(crate) type Dial = Arc<dyn Fn() -> BoxFuture<'static, Result<Box<dyn Wire>, Fault>> + Send + Sync>;

/// Dials over TCP.
pub(super) fn tcp(origin: &Origin) -> Dial {
    let origin = origin.clone();
    Arc::new(move || {
        let origin = origin.clone();
        Box::pin(async move {
            let stream = crate::socket::connect(origin.host(), origin.port()).await?;
            Ok(Box::new(stream) as Box<dyn Wire>)
        })
    })
}

/// A connection, and the task that reads it; that ends with it.
pub(super) struct Link {
    sender: SendRequest<Full<Bytes>>,
    reader: tokio::task::JoinHandle<()>,
    /// When it was last of use.
    since: Instant,
    /// Whether a request has been answered on it.
    used: bool,
}

impl Drop for Link {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

/// Why an exchange failed.
pub(super) struct Failure {
    pub(super) fault: Fault,
    /// It was not sent.
    pub(super) unsent: bool,
    /// It was sent on a connection that had been idle, which the device then closed without a word.
    pub(super) closed: bool,
}

impl Link {
    pub(super) async fn open(wire: Box<dyn Wire>) -> Result<Self, Fault> {
        let (sender, connection) = Builder::new()
            .title_case_headers(true) // old firmwares look for `Authorization` letter by letter
            .max_buf_size(MAX_HEADER)
            .max_headers(MAX_HEADER_LINES)
            .handshake(TokioIo::new(wire))
            .await
            .map_err(|error| fault(&error))?;
        let reader = tokio::spawn(async move {
            // What ends a connection is told to whoever waits for an answer on it.
            let _ = connection.await;
        });
        Ok(Self { sender, reader, since: Instant::now(), used: false })
    }

    /// Whether it can be used once more: devices close idle connections after some seconds, without a word.
    pub(super) fn is_usable(&self, idle: Duration) -> bool {
        !self.sender.is_closed() && self.since.elapsed() < idle
    }

    /// Sends a request and waits for the header of its answer.
    pub(super) async fn ask(
        &mut self,
        request: hyper::Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>, Failure> {
        let asking = async {
            self.sender.ready().await.map_err(|error| Failure {
                fault: fault(&error),
                unsent: true,
                closed: false,
            })?;
            self.sender.try_send_request(request).await.map_err(|mut error| {
                let unsent = error.take_message().is_some();
                let closed = self.used && error.error().is_incomplete_message();
                Failure { fault: fault(error.error()), unsent, closed }
            })
        };
        match timeout(ANSWER_DEADLINE, asking).await {
            Ok(Ok(response)) => {
                self.used = true;
                Ok(response)
            }
            Ok(Err(failure)) => Err(failure),
            Err(_) => Err(Failure { fault: Fault::NoAnswer(ANSWER_DEADLINE), unsent: false, closed: false }),
        }
    }

    /// It has been read to the end of an answer.
    pub(super) fn rest(&mut self) {
        self.since = Instant::now();
    }
}

/// A whole body of at most `most` bytes.
pub(super) async fn read(mut body: Incoming, most: usize) -> Result<Bytes, Fault> {
    if body.size_hint().lower() > most as u64 {
        return Err(Fault::OversizedAnswer(most));
    }
    let mut whole = Vec::new();
    while let Some(chunk) = next(&mut body, Instant::now() + BODY_IDLE, BODY_IDLE).await? {
        if whole.len() + chunk.len() > most {
            return Err(Fault::OversizedAnswer(most));
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(whole.into())
}

/// The next piece of a body; `None` at its end.
pub(super) async fn next(
    body: &mut Incoming,
    until: Instant,
    patience: Duration,
) -> Result<Option<Bytes>, Fault> {
    loop {
        let frame = timeout_at(until, body.frame()).await.map_err(|_| Fault::NoAnswer(patience))?;
        match frame {
            None => return Ok(None),
            Some(Err(error)) => return Err(fault(&error)),
            Some(Ok(frame)) => {
                // What is no data is a trailer, which no device means anything by.
                if let Ok(data) = frame.into_data() {
                    return Ok(Some(data));
                }
            }
        }
    }
}

/// What an error of the HTTP connection means.
fn fault(error: &hyper::Error) -> Fault {
    if error.is_parse_too_large() {
        return Fault::OversizedAnswer(MAX_HEADER);
    }
    if error.is_parse() {
        return Fault::Protocol("not HTTP".to_owned());
    }
    if error.is_incomplete_message() || error.is_canceled() || error.is_closed() {
        return Fault::Ended("closed without a whole answer".to_owned());
    }
    let source = std::error::Error::source(error).and_then(|inner| inner.downcast_ref::<std::io::Error>());
    match source {
        Some(inner) => Fault::Ended(inner.kind().to_string()),
        None => Fault::Protocol(crate::text::tamed(&error.to_string())),
    }
}

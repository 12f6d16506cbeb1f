//! Devices made of a few lines: what they receive is written down, what they answer is given.

use std::sync::Arc;

use model::{Credentials, Secret};
use parking_lot::Mutex;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

use super::link::Dial;
use super::{Client, Origin, Refusals};
use crate::socket::Wire;

/// What has been asked of a device.
#[derive(Clone, Default)]
pub(crate) struct Seen(Arc<Mutex<Vec<String>>>);

impl Seen {
    pub(crate) fn note(&self, request: String) {
        self.0.lock().push(request);
    }

    /// Every request, header and body, in order.
    #[cfg(test)]
    pub(crate) fn requests(&self) -> Vec<String> {
        self.0.lock().clone()
    }

    /// The request lines without the version, in order.
    #[cfg(test)]
    pub(crate) fn asked(&self) -> Vec<String> {
        let first = |request: &String| request.split(" HTTP/1.1").next().unwrap_or_default().to_owned();
        self.0.lock().iter().map(first).collect()
    }

    /// How many of them carried a login.
    #[cfg(test)]
    pub(crate) fn logins(&self) -> usize {
        self.0.lock().iter().filter(|request| request.contains("Authorization: ")).count()
    }
}

/// The login that tests use.
pub(crate) fn login() -> Credentials {
    Credentials { user: "xem".to_owned(), password: Secret::new("mat khau".to_owned()) }
}

/// The place that tests ask.
pub(crate) fn origin() -> Origin {
    Origin::parse("http://192.0.2.7").expect("a URL")
}

/// A client of a device that answers each request by `answer`: the bytes of the whole answer.
pub(crate) fn device<F>(login: Option<Credentials>, answer: F) -> (Client, Seen)
where
    F: Fn(&str) -> String + Send + Sync + 'static,
{
    let seen = Seen::default();
    let dial = recording(seen.clone(), answer);
    (Client::over(dial, origin(), None, login, &Refusals::default()), seen)
}

/// Connections of a device that writes down and answers each request.
pub(crate) fn recording<F>(seen: Seen, answer: F) -> Dial
where
    F: Fn(&str) -> String + Send + Sync + 'static,
{
    let answer = Arc::new(answer);
    dial(move |mut socket| {
        let (answer, seen) = (Arc::clone(&answer), seen.clone());
        async move {
            while let Some(request) = read_request(&mut socket).await {
                let answer = answer(&request);
                seen.note(request);
                if socket.write_all(answer.as_bytes()).await.is_err() || answer.contains("Connection: close")
                {
                    return;
                }
            }
        }
    })
}

/// Connections of which each is served by `serve`.
pub(crate) fn dial<F, S>(serve: F) -> Dial
where
    F: Fn(DuplexStream) -> S + Send + Sync + 'static,
    S: Future<Output = ()> + Send + 'static,
{
    Arc::new(move || {
        let (here, there) = tokio::io::duplex(64 * 1024);
        tokio::spawn(serve(there));
        Box::pin(async move { Ok(Box::new(here) as Box<dyn Wire>) })
    })
}

/// A request, header and body; `None` at the end of the connection.
pub(crate) async fn read_request(socket: &mut (impl tokio::io::AsyncRead + Unpin)) -> Option<String> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        request.push(socket.read_u8().await.ok()?);
    }
    let text = String::from_utf8_lossy(&request).into_owned();
    let length = text.split("\r\n").find_map(|line| line.strip_prefix("Content-Length: "));
    let mut body = vec![0; length.and_then(|length| length.parse().ok()).unwrap_or(0)];
    socket.read_exact(&mut body).await.ok()?;
    Some(text + &String::from_utf8_lossy(&body))
}

/// A whole answer with this status and body.
pub(crate) fn answer(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// A refusal that asks for a digest.
#[cfg(test)]
pub(crate) fn challenge(realm: &str, nonce: &str, more: &str) -> String {
    format!(
        "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"{realm}\", nonce=\"{nonce}\", \
         qop=\"auth\"{more}\r\nContent-Length: 4\r\n\r\nnope"
    )
}

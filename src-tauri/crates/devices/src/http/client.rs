//! Asks one device.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, HOST, HeaderMap, HeaderValue, LOCATION, USER_AGENT, WWW_AUTHENTICATE};
use hyper::http::response::Parts;
use hyper::http::uri::PathAndQuery;
use hyper::{Method, Uri};
use model::{Credentials, Fault};
use parking_lot::Mutex;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;

use super::challenge::Challenge;
use super::link::{self, Dial, Link};
use super::refusals::Memory;
use super::{Answer, Origin, Refusals, Request, Stream};
use crate::tls::{self, Pin};

/// Connections that are kept for the next request.
const MOST_IDLE: usize = 2;
/// For so long; devices close theirs after 5 s and more.
const IDLE: Duration = Duration::from_secs(4);
/// Redirects that are followed, at the same origin only.
const MOST_REDIRECTS: usize = 3;
/// The body of an answer that is only passed over; longer ones cost their connection.
const MAX_PASSED_OVER: usize = 64 * 1024;
/// Who asks; some devices list it among their users.
const AGENT: &str = concat!("Watchwall/", env!("CARGO_PKG_VERSION"));

/// Asks one enrolled device. Clones share connections, the certificate and what is known of the login.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    origin: Origin,
    pin: Pin,
    tls: TlsConnector,
    login: Option<Credentials>,
    accepted: AtomicBool,
    challenge: Mutex<Option<Challenge>>,
    memory: Arc<Memory>,
    idle: Mutex<Vec<Link>>,
    dial: Dial,
}

/// A header that has arrived, its body still to be read.
struct Opened {
    link: Link,
    head: Parts,
    body: Incoming,
    told: bool,
}

impl Client {
    /// For a device at `origin`; `certificate` is the SHA-256 of the one that was enrolled, `None` at the first meeting
    /// ([`Client::certificate`] says then what it was). Nothing is sent yet.
    #[must_use]
    pub fn new(
        origin: Origin,
        certificate: Option<[u8; 32]>,
        login: Option<Credentials>,
        refusals: &Refusals,
    ) -> Self {
        let dial = link::tcp(&origin);
        Self::over(dial, origin, certificate, login, refusals)
    }

    pub(crate) fn over(
        dial: Dial,
        origin: Origin,
        certificate: Option<[u8; 32]>,
        login: Option<Credentials>,
        refusals: &Refusals,
    ) -> Self {
        let pin = Pin::new(certificate);
        Self(Arc::new(Inner {
            memory: refusals.of(&origin),
            tls: pin.connector(),
            pin,
            origin,
            login,
            accepted: AtomicBool::new(false),
            challenge: Mutex::new(None),
            idle: Mutex::new(Vec::new()),
            dial,
        }))
    }

    /// Where it asks.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.0.origin
    }

    /// As whom it asks, for protocols that have a login of their own in the body (WS-Security). Nothing that is made of it may go
    /// anywhere but through this client.
    #[must_use]
    pub fn login(&self) -> Option<&Credentials> {
        self.0.login.as_ref()
    }

    /// SHA-256 of the certificate that the device has shown, once it has been reached over TLS.
    #[must_use]
    pub fn certificate(&self) -> Option<[u8; 32]> {
        self.0.pin.fingerprint().filter(|_| self.0.origin.is_secure())
    }

    /// The certificate that the device must show wherever it is reached over TLS, whether or not this client does.
    #[must_use]
    pub fn pin(&self) -> Pin {
        self.0.pin.clone()
    }

    /// Whether the login was refused by a service of this device that has a login of its own (as
    /// [`Client::login`] says), and is not to be sent to it again.
    #[must_use]
    pub fn is_refused(&self, service: &str) -> bool {
        self.0.login.as_ref().is_some_and(|login| self.0.memory.knows(login, service))
    }

    /// Remembers such a refusal.
    pub fn refused(&self, service: &str) {
        if let Some(login) = &self.0.login {
            self.0.memory.note(login, service);
        }
    }

    /// `GET` of a target, if it is answered with success.
    ///
    /// # Errors
    /// Why not.
    pub async fn get(&self, target: &str) -> Result<Bytes, Fault> {
        self.send(&Request::get(target)).await?.accepted()
    }

    /// Sends a request and reads the whole answer, whatever its status: some devices say the reason in the body.
    /// Safe to drop while waiting.
    ///
    /// # Errors
    /// [`Fault::PasswordRefused`] for a login that the device refuses, now or before (it is not sent again),
    /// [`Fault::ClearTextPassword`], [`Fault::Certificate`], [`Fault::Elsewhere`], [`Fault::OversizedAnswer`], and those of
    /// connections and deadlines.
    pub async fn send(&self, request: &Request) -> Result<Answer, Fault> {
        let until = Instant::now() + request.within;
        let whole = async {
            let opened = self.open(request).await?;
            let (head, told) = (opened.head, opened.told);
            let body = link::read(opened.body, request.most).await?;
            self.keep(opened.link, request);
            Ok(Answer { status: head.status.as_u16(), headers: head.headers, body, told })
        };
        timeout_at(until, Box::pin(whole)).await.map_err(|_| Fault::NoAnswer(request.within))?
    }

    /// Sends a request whose answer doesn't end, on a connection of its own. A refusal comes back as the answer that it is.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub async fn stream(&self, request: &Request) -> Result<Result<Stream, Answer>, Fault> {
        let until = Instant::now() + request.within;
        let request = request.clone().fresh();
        let opening = async {
            let Opened { link, head, body, told } = self.open(&request).await?;
            if head.status.is_success() {
                return Ok(Ok(Stream::new(body, link)));
            }
            let body = link::read(body, request.most).await?;
            Ok(Err(Answer { status: head.status.as_u16(), headers: head.headers, body, told }))
        };
        timeout_at(until, Box::pin(opening)).await.map_err(|_| Fault::NoAnswer(request.within))?
    }

    /// Sends it, answers challenges and follows redirects, up to an answer that stands.
    async fn open(&self, request: &Request) -> Result<Opened, Fault> {
        // While nobody knows whether the login is right, one request at a time finds it out.
        let mut trial = None;
        let mut target = request.target.clone();
        let mut link = None;
        let (mut redirects, mut answers) = (0, 0);
        let mut told = self.known_answer(request, &target)?;
        loop {
            let sent_with = told.take();
            let sent = sent_with.is_some();
            let opened = self.ask(link.take(), request, &target, sent_with).await?;
            let status = opened.head.status;
            if status.is_redirection() && opened.head.headers.contains_key(LOCATION) {
                target = self.0.origin.redirected(&target, &line(&opened.head.headers, &LOCATION))?;
                redirects += 1;
                if redirects > MOST_REDIRECTS {
                    return Err(Fault::Elsewhere("redirected in circles".to_owned()));
                }
                link = passed_over(opened).await;
                told = self.known_answer(request, &target)?;
                continue;
            }
            if status.as_u16() != 401 {
                self.0.accepted.fetch_or(sent, Ordering::AcqRel);
                return Ok(opened);
            }
            answers += 1;
            if trial.is_none() && !self.0.accepted.load(Ordering::Acquire) {
                trial = Some(self.0.memory.trial.lock().await);
            }
            match self.answer(request, &target, &opened.head.headers, sent, answers)? {
                Some(answer) => told = Some(answer),
                None => return Ok(opened),
            }
            link = passed_over(opened).await;
        }
    }

    /// `Authorization` for a request, by the challenge that the device is known to take.
    fn known_answer(&self, request: &Request, target: &str) -> Result<Option<String>, Fault> {
        let (Some(login), false) = (&self.0.login, request.anonymous) else { return Ok(None) };
        if !self.0.accepted.load(Ordering::Acquire) {
            return Ok(None);
        }
        let mut challenge = self.0.challenge.lock();
        let Some(challenge) = challenge.as_mut() else { return Ok(None) };
        challenge.answer(login, request.method.as_str(), target, &request.body).map(Some)
    }

    /// What to answer to a 401, the `answers`th of this request; `None` to leave it at that. `sent`: one went along already.
    fn answer(
        &self,
        request: &Request,
        target: &str,
        headers: &HeaderMap,
        sent: bool,
        answers: u32,
    ) -> Result<Option<String>, Fault> {
        let (Some(login), false) = (&self.0.login, request.anonymous) else { return Ok(None) };
        let asked = line(headers, &WWW_AUTHENTICATE);
        if asked.is_empty() {
            // A service that has a login of its own in the body.
            return Ok(None);
        }
        let mut new = Challenge::read(&asked, self.0.origin.is_secure() && self.0.pin.is_enrolled())?;
        let mut known = self.0.challenge.lock();
        // What was sent with a nonce of an earlier request may only have been too old, with or without a word about it; that
        // is no refusal. To the answer to a fresh one it is, unless the device says so, once.
        let grown_old = answers == 1 || (answers == 2 && new.is_stale());
        if sent && !grown_old {
            self.0.memory.note(login, new.realm());
        }
        if self.0.memory.knows(login, new.realm()) {
            *known = None;
            self.0.accepted.store(false, Ordering::Release);
            return Err(Fault::PasswordRefused);
        }
        let answer = new.answer(login, request.method.as_str(), target, &request.body)?;
        *known = Some(new);
        Ok(Some(answer))
    }

    /// Sends one request, on `link` if there is one, and waits for the header of the answer.
    async fn ask(
        &self,
        link: Option<Link>,
        request: &Request,
        target: &str,
        told: Option<String>,
    ) -> Result<Opened, Fault> {
        let asked = self.composed(request, target, told.as_deref())?;
        let reused = if request.fresh { link } else { link.or_else(|| self.idle()) };
        if let Some(mut link) = reused {
            match link.ask(asked.clone()).await {
                Ok(response) => return Ok(opened(link, response, told)),
                // What may have been heard is only repeated where that does no harm (RFC 9110 §9.2.2).
                Err(failure) if failure.unsent || (failure.closed && request.method != Method::POST) => {}
                Err(failure) => return Err(failure.fault),
            }
        }
        let mut link = self.connect().await?;
        let response = link.ask(asked).await.map_err(|failure| failure.fault)?;
        Ok(opened(link, response, told))
    }

    async fn connect(&self) -> Result<Link, Fault> {
        let wire = (self.0.dial)().await?;
        let wire = if self.0.origin.is_secure() {
            tls::secured(wire, self.0.origin.host(), &self.0.tls, &self.0.pin).await?
        } else {
            wire
        };
        Link::open(wire).await
    }

    fn composed(
        &self,
        request: &Request,
        target: &str,
        told: Option<&str>,
    ) -> Result<hyper::Request<Full<Bytes>>, Fault> {
        let unfit =
            |_: hyper::http::Error| Fault::Protocol(format!("unfit request: {}", crate::text::tamed(target)));
        let path = PathAndQuery::try_from(target).map_err(|error| unfit(error.into()))?;
        let host = format!("{}:{}", self.0.origin.host(), self.0.origin.port());
        let mut composed = hyper::Request::builder()
            .method(request.method.clone())
            .uri(Uri::from(path))
            .header(HOST, host)
            .header(USER_AGENT, AGENT);
        for (name, value) in &request.headers {
            composed = composed.header(*name, value);
        }
        if let Some(told) = told {
            let mut value = HeaderValue::from_str(told).map_err(|error| unfit(error.into()))?;
            value.set_sensitive(true);
            composed = composed.header(AUTHORIZATION, value);
        }
        composed.body(Full::new(request.body.clone())).map_err(unfit)
    }

    fn idle(&self) -> Option<Link> {
        let mut idle = self.0.idle.lock();
        idle.retain(|link| link.is_usable(IDLE));
        idle.pop()
    }

    fn keep(&self, mut link: Link, request: &Request) {
        link.rest();
        let mut idle = self.0.idle.lock();
        if !request.fresh && idle.len() < MOST_IDLE && link.is_usable(IDLE) {
            idle.push(link);
        }
    }
}

fn opened(link: Link, response: hyper::Response<Incoming>, told: Option<String>) -> Opened {
    let (head, body) = response.into_parts();
    Opened { link, head, body, told: told.is_some() }
}

/// Reads an answer away, so that the next request goes on the same connection: a nonce may hold for it only.
async fn passed_over(opened: Opened) -> Option<Link> {
    let Opened { link, body, .. } = opened;
    link::read(body, MAX_PASSED_OVER).await.ok().map(|_| link).filter(|link| link.is_usable(IDLE))
}

/// All lines of a header as one.
fn line(headers: &HeaderMap, name: &hyper::header::HeaderName) -> String {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.collect::<Vec<_>>().join(", ")
}

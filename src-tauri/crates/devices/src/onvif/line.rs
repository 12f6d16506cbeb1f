//! Asks one device, as whoever the enrolled login is, in whichever way each of its services wants to be told.
//!
//! A question goes without a login first. What comes back says how the service wants to know who asks: by HTTP Digest
//! ([`Client`] answers that) or, where no such challenge comes, by a UsernameToken with the time of the device's own
//! clock. That is remembered for each service. A login that nobody has accepted yet is sent in one way only, so that a
//! wrong one is one attempt on the device; once it is known to be right, the other way is tried as well where one
//! fails.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use model::{ClockOffset, Fault};
use parking_lot::Mutex;

use super::element::Element;
use super::soap::{Refusal, Request, Service, answer, random};
use super::{clock, token};
use crate::http::{Answer, Client};

/// What [`Client::refused`] calls a UsernameToken's realm, of which there is none.
const REALM: &str = "UsernameToken";
/// A clock that has moved by less than this is not why a token is refused.
const MOVED_MS: i64 = 1_000;
/// The path of the device service, which is the same on all devices (ONVIF Core §5.2.2).
pub(super) const DEVICE_SERVICE: &str = "/onvif/device_service";

/// How a service wants to know who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Digest,
    Token,
    /// HTTP asks for one, the service behind it for the other.
    Both,
}

/// A device and how it is spoken to.
pub(super) struct Line {
    client: Client,
    /// Where each service is, as a target of the client.
    places: Mutex<HashMap<Service, String>>,
    ways: Mutex<HashMap<Service, Way>>,
    /// Whether some service has accepted the login.
    proven: AtomicBool,
    /// How far the device's clock is ahead of ours.
    ahead_ms: AtomicI64,
}

/// How a request is sent.
#[derive(Clone, Copy, Default)]
pub(super) struct Manner {
    /// On a connection of its own.
    pub(super) fresh: bool,
}

impl Line {
    pub(super) fn new(client: Client, device_service: &str) -> Self {
        let places = HashMap::from([(Service::Device, device_service.to_owned())]);
        Self {
            client,
            places: Mutex::new(places),
            ways: Mutex::new(HashMap::new()),
            proven: AtomicBool::new(false),
            ahead_ms: AtomicI64::new(0),
        }
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Whether the device has this service.
    pub(super) fn has(&self, service: Service) -> bool {
        self.places.lock().contains_key(&service)
    }

    /// Where it is.
    pub(super) fn target(&self, service: Service) -> Option<String> {
        self.places.lock().get(&service).cloned()
    }

    /// Notes where a service is: what the device wrote, at the enrolled host.
    pub(super) fn place(&self, service: Service, told: &str) {
        if let Some(target) = self.client.origin().target(told).filter(|target| target.len() <= LONGEST) {
            self.places.lock().entry(service).or_insert(target);
        }
    }

    /// Asks a service and gives back the inside of its answer.
    pub(super) async fn ask(&self, request: &Request) -> Result<Element, Fault> {
        self.ask_so(request, Manner::default()).await
    }

    /// The same on a connection of its own.
    pub(super) async fn ask_alone(&self, request: &Request) -> Result<Element, Fault> {
        self.ask_so(request, Manner { fresh: true }).await
    }

    async fn ask_so(&self, request: &Request, manner: Manner) -> Result<Element, Fault> {
        let target = self.target(request.service).ok_or(Fault::NotOffered)?;
        self.ask_at(&target, request, manner).await
    }

    /// Asks at a place of the device, in the way that the request's service wants.
    pub(super) async fn ask_at(
        &self,
        target: &str,
        request: &Request,
        manner: Manner,
    ) -> Result<Element, Fault> {
        let way = self.ways.lock().get(&request.service).copied();
        let (answered, got) = self.exchange(target, request, manner, way).await?;
        match (answered, way) {
            (Ok(inside), _) => Ok(inside),
            (Err(Refusal::Other(fault)), _) => Err(fault),
            (Err(Refusal::Login), _) if self.client.login().is_none() => Err(Fault::PasswordRequired),
            (Err(Refusal::Login), None) => self.introduced(target, request, manner, &got).await,
            (Err(Refusal::Login), Some(way)) => self.again(target, request, manner, way, &got).await,
        }
    }

    /// The first time that a service wants to know who asks.
    async fn introduced(
        &self,
        target: &str,
        request: &Request,
        manner: Manner,
        got: &Answer,
    ) -> Result<Element, Fault> {
        let way = if offers_digest(got) { Way::Digest } else { Way::Token };
        match self.in_way(target, request, manner, way).await {
            Err(Fault::PasswordRefused) if way == Way::Token && offers(got) => Err(Fault::ClearTextPassword),
            // HTTP is content, the service behind it is not.
            Err(Fault::Forbidden) if way == Way::Digest => {
                self.in_way(target, request, manner, Way::Both).await
            }
            Err(Fault::PasswordRefused | Fault::Forbidden) if self.proven.load(Ordering::Acquire) => {
                let other = if way == Way::Digest { Way::Token } else { Way::Digest };
                match self.in_way(target, request, manner, other).await {
                    // It is right elsewhere: this account may not do this.
                    Err(Fault::PasswordRefused) => Err(Fault::Forbidden),
                    answered => answered,
                }
            }
            answered => answered,
        }
    }

    /// A service that knew who we are does not any more: its clock may have been set, its login changed, or this account may
    /// not do that.
    async fn again(
        &self,
        target: &str,
        request: &Request,
        manner: Manner,
        way: Way,
        got: &Answer,
    ) -> Result<Element, Fault> {
        if way != Way::Digest && self.look_at_clock(Some(got)).await {
            return self.in_way(target, request, manner, way).await;
        }
        let denied = if got.status == 401 { Fault::PasswordRefused } else { Fault::Forbidden };
        if way == Way::Token && offers_digest(got) {
            return self.in_way(target, request, manner, Way::Digest).await;
        }
        Err(denied)
    }

    /// One attempt in one way, which is remembered if it is accepted.
    async fn in_way(
        &self,
        target: &str,
        request: &Request,
        manner: Manner,
        way: Way,
    ) -> Result<Element, Fault> {
        if way != Way::Digest && self.client.is_refused(REALM) {
            return Err(Fault::PasswordRefused);
        }
        let (answered, got) = self.exchange(target, request, manner, Some(way)).await?;
        match answered {
            Err(Refusal::Login) if way == Way::Digest && got.told && got.status != 401 => {
                // HTTP has accepted it, so that it is right; the service has other wishes.
                self.proven.store(true, Ordering::Release);
                Err(Fault::Forbidden)
            }
            Err(Refusal::Login) if self.proven.load(Ordering::Acquire) => Err(Fault::Forbidden),
            Err(Refusal::Login) => {
                if way != Way::Digest {
                    self.client.refused(REALM);
                }
                Err(Fault::PasswordRefused)
            }
            Err(Refusal::Other(fault)) => {
                self.accepted(request.service, way);
                Err(fault)
            }
            Ok(inside) => {
                self.accepted(request.service, way);
                Ok(inside)
            }
        }
    }

    fn accepted(&self, service: Service, way: Way) {
        self.proven.store(true, Ordering::Release);
        self.ways.lock().insert(service, way);
    }

    /// Sends it once and reads the answer.
    async fn exchange(
        &self,
        target: &str,
        request: &Request,
        manner: Manner,
        way: Option<Way>,
    ) -> Result<(Result<Element, Refusal>, Answer), Fault> {
        let header = match (way, self.client.login()) {
            (Some(Way::Token | Way::Both), Some(login)) => {
                let nonce = random().to_le_bytes();
                let now = clock::theirs(SystemTime::now(), self.ahead_ms.load(Ordering::Acquire));
                token::header(login, nonce, now)
            }
            _ => String::new(),
        };
        let action = request.action();
        let media_type = format!("application/soap+xml; charset=utf-8; action=\"{action}\"");
        let body = request.envelope(&header, random());
        // SOAP 1.2 has the action in the media type; old firmwares look for 1.1's header.
        let mut post = crate::http::Request::post(target, &media_type, body)
            .header("SOAPAction", &format!("\"{action}\""));
        if matches!(way, None | Some(Way::Token)) {
            post = post.anonymous();
        }
        if manner.fresh {
            post = post.fresh();
        }
        let got = match self.client.send(&post).await {
            // A device may close an idle connection just when it is asked on it; to ask twice does no harm.
            Err(Fault::Ended(_)) if request.operation.starts_with("Get") && !manner.fresh => {
                self.client.send(&post.fresh()).await?
            }
            sent => sent?,
        };
        Ok((answer(request.operation, got.status, &got.body), got))
    }

    /// Asks what time it is there, without a login; the header of `refused` tells it too. Whether that differs from what
    /// was known.
    async fn look_at_clock(&self, refused: Option<&Answer>) -> bool {
        let before = self.ahead_ms.load(Ordering::Acquire);
        let after = match self.read_clock().await {
            Ok(Some(offset)) => Some(offset.ahead_ms),
            _ => refused
                .and_then(date_of)
                .map(|told| clock::offset(told, SystemTime::now(), Duration::ZERO).ahead_ms),
        };
        let Some(after) = after else { return false };
        self.ahead_ms.store(after, Ordering::Release);
        (after - before).abs() > MOVED_MS
    }

    /// Reads the device's clock without a login. A device that refuses even this tells its time in the header of the
    /// refusal, which will do for a token, but not to be shown: `Ok(None)`.
    pub(super) async fn read_clock(&self) -> Result<Option<ClockOffset>, Fault> {
        let target = self.target(Service::Device).ok_or(Fault::NotOffered)?;
        let request = Request::new(Service::Device, "GetSystemDateAndTime");
        let (asked, begun) = (SystemTime::now(), Instant::now());
        let (answered, got) = self.exchange(&target, &request, Manner::default(), None).await?;
        let took = begun.elapsed();
        match answered {
            Ok(inside) => Ok(self.noted(&inside, asked, took)),
            Err(Refusal::Login) => {
                if let Some(told) = date_of(&got) {
                    self.ahead_ms.store(clock::offset(told, asked, took).ahead_ms, Ordering::Release);
                }
                Ok(None)
            }
            Err(Refusal::Other(fault)) => Err(fault),
        }
    }

    /// Reads the device's clock with the login.
    pub(super) async fn read_clock_as_known(&self) -> Option<ClockOffset> {
        let request = Request::new(Service::Device, "GetSystemDateAndTime");
        let (asked, begun) = (SystemTime::now(), Instant::now());
        let inside = self.ask(&request).await.ok()?;
        self.noted(&inside, asked, begun.elapsed())
    }

    fn noted(&self, inside: &Element, asked: SystemTime, took: Duration) -> Option<ClockOffset> {
        let offset = clock::offset(clock::told(inside)?, asked, took);
        self.ahead_ms.store(offset.ahead_ms, Ordering::Release);
        Some(offset)
    }
}

/// The longest target of a service.
const LONGEST: usize = 2048;

/// Whether HTTP asks for a login.
fn offers(got: &Answer) -> bool {
    got.headers.contains_key("www-authenticate")
}

/// Whether it would take a digest; several challenges may stand in one line, or in several.
fn offers_digest(got: &Answer) -> bool {
    let mut lines = got.headers.get_all("www-authenticate").iter();
    lines.any(|line| line.as_bytes().to_ascii_lowercase().windows(6).any(|word| word == b"digest"))
}

fn date_of(answer: &Answer) -> Option<SystemTime> {
    clock::http_date(&answer.header("Date"))
}

//! One RTSP connection: requests and their answers, with packets between them (RFC 2326 §10.12).
//!
//! Whatever is read lies in one buffer of bounded size, and whatever is to be written in another, so that every wait may be
//! dropped and taken up again: a player that seeks drops the wait for the next packet.

use std::time::{Duration, Instant};

use bytes::{Buf as _, Bytes, BytesMut};
use model::{Address, Credentials, Fault};
use rtsp_types::{Empty, HeaderName, Message, Method, ParseError, Request, Response, Version};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::{timeout, timeout_at};
use url::Url;

use super::super::{ANSWER_DEADLINE, MAX_HEADER, challenge};
use crate::http;
use crate::socket::{self, Wire};
use crate::tls::{self, Pin};

/// The largest body of an answer, bytes; a session description has a few KiB.
const MAX_BODY: usize = 1 << 20;
/// Packets that come while an answer is awaited are kept up to so many bytes; more is the rest of what was playing before.
const MAX_KEPT: usize = 4 << 20;
/// A recorder that sends as fast as it is read would fill whatever lies in between with what nobody needs once somebody seeks,
/// and all of that goes over the site's line. Enough for 100 Mb/s over 20 ms.
const MOST_UNREAD: u32 = 256 << 10;
const USER_AGENT: &str = concat!("Watchwall/", env!("CARGO_PKG_VERSION"));

/// A packet as it came, by its channel.
pub(in crate::rtsp) struct Packet {
    pub(in crate::rtsp) channel: u8,
    pub(in crate::rtsp) data: Bytes,
    pub(in crate::rtsp) received: Instant,
}

enum Came {
    Answer(Box<Response<Vec<u8>>>),
    Packet(Packet),
}

/// An open connection.
pub(in crate::rtsp) struct Connection {
    wire: Box<dyn Wire>,
    read: BytesMut,
    to_write: BytesMut,
    /// What was written may still lie in the wire: TLS takes bytes that it has not sent yet.
    unflushed: bool,
    login: Option<Credentials>,
    /// The password itself may be sent: TLS with a device whose certificate was known before.
    clear_is_safe: bool,
    challenge: Option<http_auth::PasswordClient>,
    session: Option<String>,
    cseq: u32,
    kept: Vec<Packet>,
    kept_bytes: usize,
}

impl Connection {
    pub(in crate::rtsp) fn new(wire: Box<dyn Wire>, login: Option<Credentials>) -> Self {
        Self {
            wire,
            read: BytesMut::with_capacity(64 * 1024),
            to_write: BytesMut::new(),
            unflushed: false,
            login,
            clear_is_safe: false,
            challenge: None,
            session: None,
            cseq: 0,
            kept: Vec::new(),
            kept_bytes: 0,
        }
    }

    /// The same over TLS, to a device with this certificate.
    pub(in crate::rtsp) fn behind(mut self, pin: &Pin) -> Self {
        self.clear_is_safe = pin.is_enrolled();
        self
    }

    /// The number of the newest request.
    pub(in crate::rtsp) fn cseq(&self) -> u32 {
        self.cseq
    }

    /// From now on all requests are of this session.
    pub(in crate::rtsp) fn set_session(&mut self, session: String) {
        self.session = Some(session);
    }

    /// Packets that came while an answer was awaited.
    pub(in crate::rtsp) fn take_kept(&mut self) -> Vec<Packet> {
        self.kept_bytes = 0;
        std::mem::take(&mut self.kept)
    }

    /// Asks, and answers a challenge: with a digest, with the password itself only behind an enrolled certificate. A nonce that has become stale is
    /// replaced once; a login that is refused is not repeated.
    ///
    /// # Errors
    /// What the server says, or that it says nothing.
    pub(in crate::rtsp) async fn ask(
        &mut self,
        method: &Method,
        url: &Url,
        fields: &[(&'static str, String)],
    ) -> Result<Response<Vec<u8>>, Fault> {
        let mut renewed = false;
        loop {
            let sent = self.send(method, url, fields)?;
            let answer = self.answer().await?;
            let status = u16::from(answer.status());
            if status != 401 {
                return if (200..300).contains(&status) { Ok(answer) } else { Err(refusal(&answer)) };
            }
            let Some(challenge) = header(&answer, "WWW-Authenticate") else { return Err(Fault::NotRtsp) };
            if sent && (renewed || !challenge.to_ascii_lowercase().contains("stale=true")) {
                return Err(Fault::PasswordRefused);
            }
            renewed = sent;
            self.challenge = Some(http::answering(&challenge, self.clear_is_safe)?);
            if self.login.is_none() {
                return Err(Fault::PasswordRequired);
            }
        }
    }

    /// Asks without waiting for the answer, which [`Self::packet`] passes over.
    pub(in crate::rtsp) fn tell(&mut self, method: &Method, url: &Url) -> Result<(), Fault> {
        self.send(method, url, &[]).map(drop)
    }

    /// Puts a request among what is to be written; gives whether it names us.
    fn send(&mut self, method: &Method, url: &Url, fields: &[(&'static str, String)]) -> Result<bool, Fault> {
        self.cseq += 1;
        let mut request = Request::builder(method.clone(), Version::V1_0)
            .request_uri(url.clone())
            .header(rtsp_types::headers::CSEQ, self.cseq.to_string())
            .header(rtsp_types::headers::USER_AGENT, USER_AGENT);
        if let Some(session) = &self.session {
            request = request.header(rtsp_types::headers::SESSION, session.as_str());
        }
        for (name, value) in fields {
            let name = HeaderName::from_static_str(name)
                .map_err(|_| Fault::Protocol("a header's name cannot be written".to_owned()))?;
            request = request.header(name, value.as_str());
        }
        let authorization = self.authorization(method, url)?;
        let names_us = authorization.is_some();
        if let Some(authorization) = authorization {
            request = request.header(rtsp_types::headers::AUTHORIZATION, authorization);
        }
        let request: Request<Empty> = request.empty();
        let mut bytes = Vec::new();
        request.write(&mut bytes).map_err(|error| Fault::Protocol(error.to_string()))?;
        self.to_write.extend_from_slice(&bytes);
        Ok(names_us)
    }

    fn authorization(&mut self, method: &Method, url: &Url) -> Result<Option<String>, Fault> {
        let (Some(challenge), Some(login)) = (&mut self.challenge, &self.login) else { return Ok(None) };
        let method: &str = method.into();
        let answer = challenge.respond(&http_auth::PasswordParams {
            username: &login.user,
            password: login.password.expose(),
            uri: url.as_str(),
            method,
            body: None,
        });
        answer.map(Some).map_err(|why| Fault::Protocol(format!("challenge not understood: {why}")))
    }

    /// Puts a packet among what is to be written; says how many bytes wait.
    pub(in crate::rtsp) fn put_packet(&mut self, channel: u8, packet: &[u8]) -> usize {
        self.to_write.extend_from_slice(&[b'$', channel]);
        self.to_write.extend_from_slice(&(packet.len() as u16).to_be_bytes());
        self.to_write.extend_from_slice(packet);
        self.to_write.len()
    }

    /// Writes what waits, for at most so long; the rest goes on waiting. What has come meanwhile is passed over.
    pub(in crate::rtsp) async fn flush(&mut self, within: Duration) -> Result<(), Fault> {
        let whole = async {
            while self.has_unsent() {
                self.exchange().await?;
            }
            Ok(())
        };
        timeout(within, whole).await.unwrap_or(Ok(()))?;
        // A look at what is there, without waiting for more.
        while let Ok(came) = timeout(Duration::ZERO, self.packet()).await {
            came?;
        }
        Ok(())
    }

    /// Waits for the answer to the newest request; packets before it are kept.
    async fn answer(&mut self) -> Result<Response<Vec<u8>>, Fault> {
        let deadline = Instant::now() + ANSWER_DEADLINE;
        loop {
            let came = timeout_at(deadline.into(), self.come()).await;
            match came.map_err(|_| Fault::NoAnswer(ANSWER_DEADLINE))?? {
                Came::Answer(answer) if self.is_newest(&answer) => return Ok(*answer),
                // To something that was told, not asked.
                Came::Answer(_) => {}
                Came::Packet(packet) => {
                    self.kept_bytes += packet.data.len();
                    if self.kept_bytes > MAX_KEPT {
                        self.take_kept();
                    }
                    self.kept.push(packet);
                }
            }
        }
    }

    /// Some servers forget the number; theirs is then taken for the answer that is awaited.
    fn is_newest(&self, answer: &Response<Vec<u8>>) -> bool {
        let number = header(answer, "CSeq").and_then(|text| text.trim().parse::<u32>().ok());
        number.is_none_or(|number| number == self.cseq)
    }

    /// The next packet. Safe to drop while waiting.
    pub(in crate::rtsp) async fn packet(&mut self) -> Result<Packet, Fault> {
        loop {
            match self.come().await? {
                Came::Packet(packet) => return Ok(packet),
                Came::Answer(answer) if u16::from(answer.status()) == 454 => {
                    return Err(Fault::Ended("the device has forgotten the session".to_owned()));
                }
                Came::Answer(_) => {}
            }
        }
    }

    async fn come(&mut self) -> Result<Came, Fault> {
        loop {
            if let Some(came) = self.parse()? {
                return Ok(came);
            }
            self.exchange().await?;
        }
    }

    /// Writes what is to be written and reads what there is, whichever goes first.
    async fn exchange(&mut self) -> Result<(), Fault> {
        if !self.to_write.is_empty() {
            let written = self.wire.write(&self.to_write).await.map_err(challenge::ended)?;
            self.to_write.advance(written);
            self.unflushed = true;
        }
        if self.has_unsent() {
            if self.to_write.is_empty() {
                // Should this wait be dropped, the next one flushes.
                self.wire.flush().await.map_err(challenge::ended)?;
                self.unflushed = false;
            }
            return Ok(());
        }
        if self.read.capacity() - self.read.len() < 16 * 1024 {
            self.read.reserve(64 * 1024);
        }
        match self.wire.read_buf(&mut self.read).await.map_err(challenge::ended)? {
            0 => Err(Fault::Ended("closed by the device".to_owned())),
            _ => Ok(()),
        }
    }

    fn has_unsent(&self) -> bool {
        self.unflushed || !self.to_write.is_empty()
    }

    fn parse(&mut self) -> Result<Option<Came>, Fault> {
        match self.read.first() {
            None => Ok(None),
            Some(b'$') => Ok(self.parse_packet()),
            Some(_) => self.parse_message(),
        }
    }

    fn parse_packet(&mut self) -> Option<Came> {
        let head: [u8; 4] = self.read.get(..4)?.try_into().ok()?;
        let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
        if self.read.len() < 4 + length {
            return None;
        }
        self.read.advance(4);
        let data = self.read.split_to(length).freeze();
        Some(Came::Packet(Packet { channel: head[1], data, received: Instant::now() }))
    }

    fn parse_message(&mut self) -> Result<Option<Came>, Fault> {
        let most = self.read.len().min(MAX_HEADER);
        let ends = self.read[..most].windows(4).any(|window| window == b"\r\n\r\n");
        if !ends {
            return if self.read.len() >= MAX_HEADER {
                Err(Fault::OversizedAnswer(MAX_HEADER))
            } else if challenge::could_be_rtsp(&self.read) || self.read.len() < 16 {
                Ok(None)
            } else {
                Err(Fault::NotRtsp)
            };
        }
        match Message::<Vec<u8>>::parse(&self.read) {
            Ok((Message::Response(answer), consumed)) => {
                self.read.advance(consumed);
                Ok(Some(Came::Answer(Box::new(answer))))
            }
            // A server may ask, too (is anybody there?); a client need not answer.
            Ok((_, consumed)) => {
                self.read.advance(consumed);
                self.parse()
            }
            Err(ParseError::Incomplete(_)) if self.read.len() > MAX_HEADER + MAX_BODY => {
                Err(Fault::OversizedAnswer(MAX_HEADER + MAX_BODY))
            }
            Err(ParseError::Incomplete(_)) => Ok(None),
            Err(ParseError::Error) => Err(Fault::NotRtsp),
        }
    }

    /// Says goodbye as far as that is possible without waiting for an answer.
    pub(in crate::rtsp) async fn leave(mut self, url: &Url) {
        if self.session.is_some() && self.tell(&Method::Teardown, url).is_ok() {
            while self.has_unsent() && self.exchange().await.is_ok() {}
        }
    }
}

/// A header field of an answer, by its name.
pub(in crate::rtsp) fn header(answer: &Response<Vec<u8>>, name: &'static str) -> Option<String> {
    let name = HeaderName::from_static_str(name).ok()?;
    answer.header(&name).map(|value| value.as_str().to_owned())
}

fn refusal(answer: &Response<Vec<u8>>) -> Fault {
    Fault::from_status(answer.status().into(), true)
}

/// Connects to the device of a recording.
pub(in crate::rtsp) async fn connect(address: &Address) -> Result<Box<dyn Wire>, Fault> {
    let (host, port) = address.device();
    Ok(Box::new(socket::connect_receiving(&host, port, Some(MOST_UNREAD)).await?))
}

/// What RTSP is spoken on, over a connection to the device of a recording: TLS where its address says so, from the first byte
/// on and for requests and packets alike (RFC 7826 §19.2). Whoever shows another certificate is told nothing.
pub(in crate::rtsp) async fn secured(
    wire: Box<dyn Wire>,
    address: &Address,
    login: Option<Credentials>,
    pin: &Pin,
) -> Result<Connection, Fault> {
    if !address.is_secure() {
        return Ok(Connection::new(wire, login));
    }
    let (host, _) = address.device();
    // A connector of its own: what HTTPS could resume is another server's.
    let wire = tls::secured(wire, &host, &pin.connector(), pin).await?;
    Ok(Connection::new(wire, login).behind(pin))
}

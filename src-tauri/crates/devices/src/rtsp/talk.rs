//! Speaking through a camera: sound to the device over its backchannel (ONVIF Streaming Specification §5.3).
//!
//! A connection of its own, inside which the packets go: a session that shows pictures is never disturbed by it. A device
//! has one loudspeaker; whoever comes second is refused by it.

use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant};

use model::{Address, Credentials, Fault};
use rtsp_types::Method;
use tokio::time::timeout;
use url::Url;

use super::challenge;
use super::replay::connection::{Connection, header};
use super::replay::description::{self, Track};
use crate::socket::Wire;

/// Samples of a packet: 20 ms at 8 kHz.
pub const PACKET: usize = 160;
/// What a device must be asked for by name.
const BACKCHANNEL: &str = "www.onvif.org/ver20/backchannel";
/// Our track inside the connection.
const CHANNEL: u8 = 0;
/// A device that takes nothing for so long is not listening: half a second of speech.
const MOST_WAITING: usize = 25 * (PACKET + 16);
/// Often enough for every session's timeout.
const KEEP_ALIVE: Duration = Duration::from_secs(20);
/// Goodbyes wait no longer.
const FAREWELL: Duration = Duration::from_millis(500);

/// A device's loudspeaker, open to be spoken through.
pub struct Talk {
    connection: Connection,
    control: Url,
    is_a_law: bool,
    sequence: u16,
    timestamp: u32,
    source: u32,
    /// The first packet of a stretch of speech says so (RFC 3551 §4.1).
    begins: bool,
    next_keep_alive: Instant,
}

impl Talk {
    /// Opens the backchannel of the camera whose live stream is at `address`.
    ///
    /// # Errors
    /// [`Fault::NotOffered`]: it has no loudspeaker, or none that takes G.711; else every [`Fault`] of a live session.
    pub async fn open(address: &Address, login: Option<&Credentials>) -> Result<Self, Fault> {
        Self::open_on(Box::new(challenge::connect(address).await?), address, login).await
    }

    async fn open_on(
        wire: Box<dyn Wire>,
        address: &Address,
        login: Option<&Credentials>,
    ) -> Result<Self, Fault> {
        let mut connection = Connection::new(wire, login.cloned());
        let (control, track) = describe(&mut connection, address).await?;
        let require = ("Require", BACKCHANNEL.to_owned());
        let transport = ("Transport", format!("RTP/AVP/TCP;unicast;interleaved={CHANNEL}-{}", CHANNEL + 1));
        let answer = connection.ask(&Method::Setup, &track.url, &[transport, require.clone()]).await?;
        let session = header(&answer, "Session").unwrap_or_default();
        connection.set_session(session.split(';').next().unwrap_or_default().trim().to_owned());
        connection.ask(&Method::Play, &control, &[require]).await?;
        // By chance, as RFC 3550 §5.1 wants it.
        let source = RandomState::new().hash_one(()) as u32;
        Ok(Self {
            connection,
            control,
            is_a_law: track.encoding == "pcma",
            sequence: 0,
            timestamp: 0,
            source,
            begins: true,
            next_keep_alive: Instant::now() + KEEP_ALIVE,
        })
    }

    /// Says the next [`PACKET`] samples, 8 kHz, −1 to 1. Returns when they are on their way.
    ///
    /// # Errors
    /// [`Fault::Stalled`]: the device takes nothing any more; [`Fault::Ended`].
    pub async fn say(&mut self, samples: &[f32]) -> Result<(), Fault> {
        let mut packet = Vec::with_capacity(12 + samples.len());
        let kind = if self.is_a_law { 8 } else { 0 };
        packet.extend([0x80, u8::from(std::mem::take(&mut self.begins)) << 7 | kind]);
        packet.extend(self.sequence.to_be_bytes());
        packet.extend(self.timestamp.to_be_bytes());
        packet.extend(self.source.to_be_bytes());
        let code = if self.is_a_law { to_a_law } else { to_mu_law };
        packet.extend(samples.iter().map(|sample| code((sample.clamp(-1.0, 1.0) * 32_767.0) as i16)));
        self.sequence = self.sequence.wrapping_add(1);
        self.timestamp = self.timestamp.wrapping_add(samples.len() as u32);
        if Instant::now() >= self.next_keep_alive {
            self.next_keep_alive = Instant::now() + KEEP_ALIVE;
            self.connection.tell(&Method::GetParameter, &self.control)?;
        }
        if self.connection.put_packet(CHANNEL, &packet) > MOST_WAITING {
            return Err(Fault::Stalled(Duration::from_millis(500)));
        }
        self.connection.flush(Duration::from_millis(10)).await
    }

    /// Says goodbye.
    pub async fn close(self) {
        let _ = timeout(FAREWELL, self.connection.leave(&self.control)).await;
    }
}

/// Whether the camera whose live stream is at `address` can be spoken through. Nothing is set up.
///
/// # Errors
/// Every [`Fault`] of a live session but [`Fault::NotOffered`].
pub async fn is_offered(address: &Address, login: Option<&Credentials>) -> Result<bool, Fault> {
    let wire = Box::new(challenge::connect(address).await?);
    let mut connection = Connection::new(wire, login.cloned());
    match describe(&mut connection, address).await {
        Ok(_) => Ok(true),
        Err(Fault::NotOffered) => Ok(false),
        Err(fault) => Err(fault),
    }
}

async fn describe(connection: &mut Connection, address: &Address) -> Result<(Url, Track), Fault> {
    let fields = [("Accept", "application/sdp".to_owned()), ("Require", BACKCHANNEL.to_owned())];
    let described = match connection.ask(&Method::Describe, address.url(), &fields).await {
        // 551 is the answer to an unknown Require (RFC 2326 §12.32); some say that they do not understand at all.
        Err(Fault::Refused(400 | 456 | 461 | 501 | 551)) => return Err(Fault::NotOffered),
        answer => answer?,
    };
    let base = header(&described, "Content-Base").or_else(|| header(&described, "Content-Location"));
    description::read_talk(described.body(), address.url(), base.as_deref())
}

/// A linear sample as G.711 µ-law.
fn to_mu_law(sample: i16) -> u8 {
    let sign = if sample < 0 { 0x80 } else { 0 };
    let level = (i32::from(sample).abs().min(32_635) + 132) as u32;
    let exponent = (24 - level.leading_zeros()).min(7);
    let mantissa = level >> (exponent + 3) & 0xf;
    !(sign | (exponent as u8) << 4 | mantissa as u8)
}

/// A linear sample as G.711 A-law.
fn to_a_law(sample: i16) -> u8 {
    let (sign, level) = if sample < 0 { (0, !i32::from(sample)) } else { (0x80, i32::from(sample)) };
    let level = (level >> 3) as u32;
    let code = if level < 32 {
        level >> 1
    } else {
        let exponent = 27 - level.leading_zeros();
        exponent << 4 | (level >> exponent & 0xf)
    };
    (sign | code as u8) ^ 0x55
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};

    use super::*;

    async fn asked(wire: &mut DuplexStream) -> String {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            request.push(wire.read_u8().await.unwrap());
        }
        String::from_utf8(request).unwrap()
    }

    async fn answer(wire: &mut DuplexStream, asked: &str, status: &str, fields: &str, body: &str) {
        let number = asked.lines().find(|line| line.starts_with("CSeq")).unwrap();
        let length = body.len();
        let answer =
            format!("RTSP/1.0 {status}\r\n{number}\r\n{fields}Content-Length: {length}\r\n\r\n{body}");
        wire.write_all(answer.as_bytes()).await.unwrap();
    }

    fn address() -> Address {
        Address::parse("rtsp://127.0.0.1/profile1").unwrap().0
    }

    const SDP: &str = "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=live\r\nt=0 0\r\na=control:*\r\n\
        m=video 0 RTP/AVP 26\r\na=control:trackID=1\r\nm=audio 0 RTP/AVP 0\r\na=recvonly\r\na=control:trackID=2\r\n\
        m=audio 0 RTP/AVP 8\r\na=sendonly\r\na=control:trackID=3\r\n";

    #[tokio::test]
    async fn what_is_said_goes_down_the_backchannel_in_packets_of_twenty_milliseconds() {
        let (ours, mut wire) = tokio::io::duplex(1 << 16);
        let server = async {
            let request = asked(&mut wire).await;
            assert!(request.contains("Require: www.onvif.org/ver20/backchannel"), "{request}");
            answer(&mut wire, &request, "200 OK", "Content-Type: application/sdp\r\n", SDP).await;
            let request = asked(&mut wire).await;
            assert!(request.starts_with("SETUP rtsp://127.0.0.1/profile1/trackID=3"), "{request}");
            answer(&mut wire, &request, "200 OK", "Session: 9;timeout=60\r\n", "").await;
            let request = asked(&mut wire).await;
            assert!(request.starts_with("PLAY") && request.contains("Session: 9"), "{request}");
            answer(&mut wire, &request, "200 OK", "", "").await;
            let mut packets = Vec::new();
            for _ in 0..2 {
                let mut packet = [0; 4 + 12 + PACKET];
                wire.read_exact(&mut packet).await.unwrap();
                packets.push(packet);
            }
            let goodbye = asked(&mut wire).await;
            assert!(goodbye.starts_with("TEARDOWN"), "{goodbye}");
            packets
        };
        let client = async {
            let mut talk = Talk::open_on(Box::new(ours), &address(), None).await.unwrap();
            talk.say(&[0.0; PACKET]).await.unwrap();
            talk.say(&[1.0; PACKET]).await.unwrap();
            talk.close().await;
        };
        let (packets, ()) = tokio::join!(server, client);
        let [first, second] = packets.try_into().unwrap();
        assert_eq!(first[..6], [b'$', 0, 0, 172, 0x80, 0x88]);
        assert_eq!(second[..6], [b'$', 0, 0, 172, 0x80, 8]);
        assert_eq!((&first[6..12], &second[6..12]), (&[0, 0, 0, 0, 0, 0][..], &[0, 1, 0, 0, 0, 160][..]));
        // ITU-T G.711, table 1: silence and the loudest.
        assert_eq!((first[20], second[20]), (0xd5, 0xaa));
    }

    #[tokio::test]
    async fn a_device_without_a_loudspeaker_offers_none() {
        for (status, body) in [
            ("551 Option not supported", ""),
            ("200 OK", "v=0\r\no=- 0 0 IN IP4 0\r\ns=a\r\nt=0 0\r\nm=audio 0 RTP/AVP 0\r\n"),
        ] {
            let (ours, mut wire) = tokio::io::duplex(1 << 16);
            let server = async {
                let request = asked(&mut wire).await;
                answer(&mut wire, &request, status, "", body).await;
            };
            let wire: Box<dyn Wire> = Box::new(ours);
            let place = address();
            let (opened, ()) = tokio::join!(Talk::open_on(wire, &place, None), server);
            assert_eq!(opened.err(), Some(Fault::NotOffered), "{status}");
        }
    }

    #[tokio::test]
    async fn a_device_that_takes_nothing_is_not_spoken_to_for_ever() {
        let (ours, mut wire) = tokio::io::duplex(1024);
        let server = async {
            for fields in ["Content-Type: application/sdp\r\n", "Session: 9\r\n", ""] {
                let request = asked(&mut wire).await;
                let body = if request.starts_with("DESCRIBE") { SDP } else { "" };
                answer(&mut wire, &request, "200 OK", fields, body).await;
            }
            wire
        };
        let place = address();
        let (talk, _wire) = tokio::join!(Talk::open_on(Box::new(ours), &place, None), server);
        let mut talk = talk.unwrap();
        let mut said = 0;
        let fault = loop {
            match talk.say(&[0.0; PACKET]).await {
                Ok(()) => said += 1,
                Err(fault) => break fault,
            }
            assert!(said < 100, "it goes on");
        };
        assert!(matches!(fault, Fault::Stalled(_)), "{fault:?}");
    }
}

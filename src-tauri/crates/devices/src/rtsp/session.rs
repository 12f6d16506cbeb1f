//! One live session: a camera's access units, with its sound where that is wanted, until it ends with a fault.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::StreamExt;
use model::{AccessUnit, Codec, Credentials, Fault, SoundCodec, SoundFormat, SoundPacket, Transport, stream};
use retina::client::{self, Demuxed, PlayOptions, SessionGroup, SessionOptions, SetupOptions};
use retina::codec::{AudioFrame, CodecItem, ParametersRef, VideoFrame};
use tokio::time::timeout_at;

use super::capture_clock::{CaptureClock, TICKS_PER_SECOND};
use super::challenge::{self, Challenge};
use super::{ANSWER_DEADLINE, FIRST_PICTURE_DEADLINE, FRAMING, caught, nal};
use crate::text::tamed;
use model::Address;

/// This many broken packets in a row, without one whole access unit between them, end the session. Some are normal:
/// joining in the middle of a fragmented picture is one, a lost UDP packet may be another.
const MAX_CONSECUTIVE_ERRORS: u32 = 64;
/// What the user agent header says; some recorders list it among their viewers.
const USER_AGENT: &str = concat!("Watchwall/", env!("CARGO_PKG_VERSION"));

/// All sessions of the program, so that their TEARDOWNs can be awaited before it ends: a recorder that is not told
/// counts the viewer until its own timeout, and has only six places.
#[derive(Clone, Default)]
pub struct Group(Arc<SessionGroup>);

impl Group {
    /// Waits until every dropped session has said goodbye, at most `patience`.
    pub async fn farewell(&self, patience: Duration) {
        let _ = tokio::time::timeout(patience, self.0.await_teardown()).await;
    }
}

/// What a session is asked for beside the pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sounds {
    /// Nothing.
    #[default]
    Without,
    /// The camera's sound, if it has any that can be decoded.
    With,
}

/// What comes of a session.
#[derive(Clone, Debug)]
pub enum Arrival {
    /// A coded picture.
    Picture(AccessUnit),
    /// A piece of sound.
    Sound(SoundPacket),
}

/// The track of a session's sound.
struct Sound {
    track: usize,
    format: Arc<SoundFormat>,
    clock: CaptureClock,
}

/// A playing session.
pub struct Session {
    demuxed: Demuxed,
    video: usize,
    codec: Codec,
    parameters: Arc<[u8]>,
    clock: CaptureClock,
    sound: Option<Sound>,
    started: Instant,
    last_unit: Option<(Instant, i64)>,
    interval: Option<Duration>,
}

impl Session {
    /// Connects, answers the challenge, sets up the video track, and with it the sound's if that is wanted, and starts it.
    /// A device that refuses the sound still gives its pictures.
    ///
    /// # Errors
    /// Every [`Fault`] but the two that need pictures ([`Fault::NoFirstPicture`], [`Fault::Stalled`]).
    pub async fn open(
        address: &Address,
        credentials: Option<&Credentials>,
        transport: Transport,
        sounds: Sounds,
        group: &Group,
    ) -> Result<Self, Fault> {
        let (challenge, _held) = challenge::look(address).await?;
        let credentials = match (challenge, credentials) {
            (Challenge::Open, _) => None,
            (Challenge::Digest, None) => return Err(Fault::PasswordRequired),
            (Challenge::Digest, Some(known)) => Some(client::Credentials {
                username: known.user.clone(),
                password: known.password.expose().to_owned(),
            }),
        };
        let sends_password = credentials.is_some();
        let options = SessionOptions::default()
            .creds(credentials)
            .user_agent(USER_AGENT.to_owned())
            .session_group(Arc::clone(&group.0));
        let describing = client::Session::describe(address.url().clone(), options);
        let mut session = answered(describing, |status| Fault::from_status(status, sends_password)).await?;
        let (video, codec) = choose_video(session.streams())?;
        answered(session.setup(video, setup_options(transport)), later_refusal).await?;
        let mut sound = choose_sound(session.streams()).filter(|_| sounds == Sounds::With);
        if let Some(found) = &sound
            && let Err(fault) =
                answered(session.setup(found.track, setup_options(transport)), later_refusal).await
        {
            log::info!("{address}: no sound: {fault}");
            sound = None;
        }
        let playing = answered(session.play(PlayOptions::default()), later_refusal).await?;
        let demuxed = playing.demuxed().map_err(|error| protocol_fault(&error))?;
        Ok(Self {
            demuxed,
            video,
            codec,
            parameters: Arc::from([]),
            clock: CaptureClock::new(TICKS_PER_SECOND),
            sound,
            started: Instant::now(),
            last_unit: None,
            interval: None,
        })
    }

    /// What the camera's sound is; `None` if it has none that can be decoded, or none was asked for.
    #[must_use]
    pub fn sound(&self) -> Option<&Arc<SoundFormat>> {
        self.sound.as_ref().map(|sound| &sound.format)
    }

    /// The next access unit or piece of sound. Safe to drop while waiting. Sound alone is no life: pictures have their
    /// deadlines all the same.
    ///
    /// # Errors
    /// [`Fault::NoFirstPicture`] and [`Fault::Stalled`] by our own deadlines (an answered keep-alive is no life),
    /// [`Fault::Ended`] and [`Fault::Protocol`] when the connection or the packets break. The session is over then.
    pub async fn next(&mut self) -> Result<Arrival, Fault> {
        let (deadline, verdict) = self.deadline();
        let mut errors = 0;
        loop {
            let coming = timeout_at(deadline.into(), caught::soon(self.demuxed.next()));
            match coming.await.map_err(|_| verdict.clone())?? {
                Some(Ok(CodecItem::VideoFrame(frame))) => {
                    return self.access_unit(frame).map(Arrival::Picture);
                }
                Some(Ok(CodecItem::AudioFrame(frame))) => {
                    if let Some(packet) = self.sound_packet(&frame) {
                        return Ok(Arrival::Sound(packet));
                    }
                }
                Some(Ok(CodecItem::Rtcp(packet))) => self.note_report(&packet),
                Some(Ok(_)) => {}
                Some(Err(error)) => {
                    errors += 1;
                    if errors > MAX_CONSECUTIVE_ERRORS {
                        return Err(protocol_fault(&error));
                    }
                    log::debug!("passed over: {}", first_line(&error));
                }
                None => return Err(Fault::Ended("closed by the device".to_owned())),
            }
        }
    }

    /// Until when the next unit must be here, and what it means if it is not.
    fn deadline(&self) -> (Instant, Fault) {
        match self.last_unit {
            None => (self.started + FIRST_PICTURE_DEADLINE, Fault::NoFirstPicture(FIRST_PICTURE_DEADLINE)),
            Some((at, _)) => {
                let patience = stream::stall_deadline(self.interval);
                (at + patience, Fault::Stalled(patience))
            }
        }
    }

    fn access_unit(&mut self, frame: VideoFrame) -> Result<AccessUnit, Fault> {
        if frame.data().len() > AccessUnit::MAX_BYTES {
            return Err(Fault::OversizedAnswer(AccessUnit::MAX_BYTES));
        }
        if self.parameters.is_empty() || frame.has_new_parameters() {
            self.take_parameters();
        }
        let received = frame.end_ctx().received();
        let unwrapped = frame.timestamp().timestamp();
        let timestamp = frame.timestamp().elapsed();
        let lost_packets = u32::from(frame.loss());
        self.note_interval(received, timestamp);
        let data = Bytes::from(frame.into_data());
        Ok(AccessUnit {
            codec: self.codec,
            random_access: nal::is_random_access(self.codec, &data),
            data,
            parameters: Arc::clone(&self.parameters),
            timestamp,
            lost_packets,
            received,
            captured: self.clock.time_of(unwrapped),
        })
    }

    fn sound_packet(&self, frame: &AudioFrame) -> Option<SoundPacket> {
        let sound = self.sound.as_ref().filter(|sound| sound.track == frame.stream_id())?;
        Some(SoundPacket {
            format: Arc::clone(&sound.format),
            data: Bytes::copy_from_slice(frame.data()),
            timestamp: frame.timestamp().elapsed(),
            received: frame.ctx().received(),
            captured: sound.clock.time_of(frame.timestamp().timestamp()),
        })
    }

    fn take_parameters(&mut self) {
        if let Some(ParametersRef::Video(video)) = self.demuxed.streams()[self.video].parameters()
            && self.codec != Codec::Mjpeg
        {
            self.parameters = Arc::from(video.extra_data());
        }
    }

    /// The interval between units by the camera's own timestamps, smoothed; B frames make single ones negative.
    fn note_interval(&mut self, received: Instant, timestamp: i64) {
        if let Some((_, before)) = self.last_unit {
            let ticks = timestamp.saturating_sub(before);
            if (1..=60 * TICKS_PER_SECOND).contains(&ticks) {
                let seen = Duration::from_micros(ticks.unsigned_abs() * 1_000_000 / TICKS_PER_SECOND as u64);
                self.interval = Some(self.interval.map_or(seen, |known| (known * 7 + seen) / 8));
            }
        }
        self.last_unit = Some((received, timestamp));
    }

    fn note_report(&mut self, packet: &retina::rtcp::ReceivedCompoundPacket) {
        let clock = match &mut self.sound {
            _ if packet.stream_id() == self.video => &mut self.clock,
            Some(sound) if packet.stream_id() == sound.track => &mut sound.clock,
            _ => return,
        };
        let Some(rtp) = packet.rtp_timestamp() else { return };
        let report = packet.pkts().next().and_then(|first| first.as_sender_report().ok().flatten());
        if let Some(report) = report {
            clock.report(report.ntp_timestamp().0, rtp.timestamp());
        }
    }
}

fn setup_options(transport: Transport) -> SetupOptions {
    let transport = match transport {
        Transport::Tcp => client::Transport::Tcp(client::TcpTransportOptions::default()),
        Transport::Udp => client::Transport::Udp(client::UdpTransportOptions::default()),
    };
    SetupOptions::default().transport(transport).frame_format(FRAMING)
}

/// The first video track that can be decoded, else the reason why there is none.
fn choose_video(streams: &[client::Stream]) -> Result<(usize, Codec), Fault> {
    let mut unknown = None;
    for (index, stream) in streams.iter().enumerate() {
        if !matches!(stream.media(), "video" | "image") {
            continue;
        }
        let codec = match stream.encoding_name() {
            "h265" => Codec::H265,
            "h264" => Codec::H264,
            "jpeg" => Codec::Mjpeg,
            other => {
                unknown = Some(other.to_owned());
                continue;
            }
        };
        return Ok((index, codec));
    }
    Err(unknown.map_or(Fault::NoVideo, |name| Fault::UnsupportedCodec(tamed(&name))))
}

/// The first sound track that can be decoded.
fn choose_sound(streams: &[client::Stream]) -> Option<Sound> {
    streams.iter().enumerate().filter(|(_, stream)| stream.media() == "audio").find_map(|(track, stream)| {
        let Some(ParametersRef::Audio(told)) = stream.parameters() else { return None };
        let codec = match stream.encoding_name() {
            "pcmu" => SoundCodec::Pcmu,
            "pcma" => SoundCodec::Pcma,
            "mpeg4-generic" => SoundCodec::Aac { config: Arc::from(told.extra_data()) },
            name => {
                let kilobits: u8 = name.strip_prefix("g726-")?.parse().ok()?;
                // Eight thousand codes a second, RFC 3551 §4.5.4.
                SoundCodec::G726 { bits: (2..=5).find(|bits| bits * 8 == kilobits)? }
            }
        };
        let (rate, channels) = (told.clock_rate(), told.channels().get());
        if !(8000..=48_000).contains(&rate) || channels > 2 {
            return None;
        }
        let format = Arc::new(SoundFormat { codec, rate, channels });
        Some(Sound { track, format, clock: CaptureClock::new(i64::from(rate)) })
    })
}

/// Waits for an answer within [`ANSWER_DEADLINE`]; `refusal` turns a status into a fault.
async fn answered<T>(
    asking: impl Future<Output = Result<T, retina::Error>>,
    refusal: impl FnOnce(u16) -> Fault,
) -> Result<T, Fault> {
    match timeout_at((Instant::now() + ANSWER_DEADLINE).into(), caught::soon(asking)).await {
        Err(_) => Err(Fault::NoAnswer(ANSWER_DEADLINE)),
        Ok(Err(fault)) => Err(fault),
        Ok(Ok(Ok(answer))) => Ok(answer),
        Ok(Ok(Err(error))) => Err(match error.status_code() {
            // A success status on an error means that the answer's content is broken.
            Some(status) if !(200..300).contains(&status) => refusal(status),
            _ => protocol_fault(&error),
        }),
    }
}

/// Behind a DESCRIBE that was accepted, 401 is a nonce that has become stale, not a wrong password.
fn later_refusal(status: u16) -> Fault {
    match status {
        401 => Fault::Protocol("digest challenge became stale".to_owned()),
        other => Fault::from_status(other, true),
    }
}

fn protocol_fault(error: &retina::Error) -> Fault {
    Fault::Protocol(first_line(error))
}

/// `retina`'s errors describe the packet in further lines; the first says what happened.
fn first_line(error: &retina::Error) -> String {
    tamed(error.to_string().lines().next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    /// Seen by mutation: a description with a line that is none, which `sdp-types` panics over.
    #[tokio::test]
    async fn a_description_that_cannot_be_read_is_a_fault_and_takes_nothing_down() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("rtsp://{}/live", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let mut seen = Vec::new();
                    while socket.read_buf(&mut seen).await.is_ok_and(|count| count > 0) {
                        let Some(end) = seen.windows(4).position(|window| window == b"\r\n\r\n") else {
                            continue;
                        };
                        let asked = String::from_utf8_lossy(&seen[..end]).into_owned();
                        seen.drain(..end + 4);
                        let cseq = asked.lines().find(|line| line.starts_with("CSeq")).unwrap_or("CSeq: 1");
                        let body = "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns\r\nv=0\r\nm=video 0 RTP/AVP 26\r\n";
                        let answer = format!(
                            "RTSP/1.0 200 OK\r\n{cseq}\r\nContent-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{body}",
                            body.len()
                        );
                        let _ = socket.write_all(answer.as_bytes()).await;
                    }
                });
            }
        });
        let (address, _) = Address::parse(&address).unwrap();
        let group = Group::default();
        let opened = Session::open(&address, None, Transport::Tcp, Sounds::Without, &group).await;
        assert!(matches!(opened.map(drop), Err(Fault::Protocol(_))));
    }

    #[test]
    fn a_stale_nonce_is_no_wrong_password() {
        assert!(matches!(later_refusal(401), Fault::Protocol(_)));
        assert_eq!(later_refusal(453), Fault::from_status(453, true));
    }
}

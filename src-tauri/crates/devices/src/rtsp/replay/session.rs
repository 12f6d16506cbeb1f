//! A playback session: opened once, then played, paused and played elsewhere as often as somebody seeks.

use std::collections::VecDeque;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use data_encoding::HEXLOWER_PERMISSIVE;
use model::{AccessUnit, Codec, Credentials, Fault, SoundCodec};
use rtsp_types::{Method, Response};
use tokio::time::timeout_at;
use url::Url;

use super::super::{ANSWER_DEADLINE, FIRST_PICTURE_DEADLINE};
use super::connection::{Connection, Packet, connect, header, secured};
use super::depacketize::{Unpacked, Unpacker};
use super::description::{self, Track};
use super::extension;
use super::range::{self, Pictures, Play, Position};
use crate::recordings::Footage;
use crate::socket::Wire;

/// Without a word of its timeout a server forgets a silent client after this (RFC 2326 §12.37).
const SESSION_TIMEOUT: Duration = Duration::from_secs(60);
/// A recorder that plays sends something within this, or it has come to its end without saying so.
const SILENCE: Duration = Duration::from_secs(5);
/// A goodbye before anything else may be of what was played before; where nothing follows it within this, it was not.
const FAREWELL: Duration = Duration::from_secs(1);
/// What a server with ONVIF replay must be asked for by name (ONVIF Streaming Specification §6.2).
const REPLAY: &str = "onvif-replay";
/// Channels of the tracks inside the connection; each has the next one for RTCP.
const VIDEO: u8 = 0;
const AUDIO: u8 = 2;

/// A playback session.
pub struct Replay {
    connection: Connection,
    control: Url,
    codec: Codec,
    video: Track,
    audio: Option<Track>,
    unpack_video: Unpacker,
    unpack_audio: Option<Unpacker>,
    onvif: bool,
    speed: bool,
    /// What time it is at `npt=0`, where the address says.
    zero: Option<SystemTime>,
    playing: Option<Playing>,
    marks_known: bool,
    ready: VecDeque<Item>,
    keep_alive: Duration,
    next_keep_alive: Instant,
}

/// What is being played.
struct Playing {
    cseq: u8,
    first_video: Option<u16>,
    first_audio: Option<u16>,
    begins: Option<SystemTime>,
    scale: f64,
    last_heard: Instant,
    heard_any: bool,
    /// The goodbye that came before anything else.
    farewell: Option<Instant>,
    /// Of the unit that is being put together.
    mark: Option<extension::Extension>,
    ended: bool,
}

/// What the server has made of a [`Play`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Started {
    /// Where it begins, by the recorder's clock, if it says.
    pub begins: Option<SystemTime>,
    /// How fast it really plays; servers choose the nearest that they can (RFC 2326 §12.34).
    pub scale: f64,
    /// The server has said that it goes to the place. Some begin where their address does, whatever place they are asked for.
    pub placed: bool,
}

/// What comes of a recording.
#[derive(Clone, Debug)]
pub enum Item {
    /// A coded picture. [`AccessUnit::captured`] is when it was taken, by the recorder's clock.
    Picture {
        /// The picture itself.
        unit: AccessUnit,
        /// Something that was recorded is missing before it, or it was not recorded for a while.
        discontinuity: bool,
    },
    /// A piece of sound, as it is coded.
    Sound {
        /// What was sent.
        data: Bytes,
        /// When it was taken, by the recorder's clock.
        captured: Option<SystemTime>,
    },
    /// Nothing more comes of what was asked for.
    End,
}

/// How the sound of a recording is coded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoundFormat {
    /// In small letters, as `rtpmap` names it: `pcma`, `pcmu`, `mpeg4-generic`, `g726-32` …
    pub encoding: String,
    /// Samples a second.
    pub rate: u32,
    /// 1 or 2.
    pub channels: u16,
    /// What `fmtp` says (the `config` of AAC).
    pub parameters: Option<String>,
}

impl SoundFormat {
    /// The same as decoders know it; `None`: they do not. G.726 in the order of AAL2 is none of them.
    #[must_use]
    pub fn coded(&self) -> Option<model::SoundFormat> {
        let codec = match self.encoding.as_str() {
            "pcmu" => SoundCodec::Pcmu,
            "pcma" => SoundCodec::Pcma,
            "g726-16" => SoundCodec::G726 { bits: 2 },
            "g726-24" => SoundCodec::G726 { bits: 3 },
            "g726-32" => SoundCodec::G726 { bits: 4 },
            "g726-40" => SoundCodec::G726 { bits: 5 },
            "mpeg4-generic" => {
                let fields = self.parameters.as_deref()?.split(';');
                let config = fields
                    .filter_map(|field| field.trim().split_once('='))
                    .find_map(|(name, value)| name.eq_ignore_ascii_case("config").then_some(value.trim()))?;
                let config = HEXLOWER_PERMISSIVE.decode(config.as_bytes()).ok()?;
                SoundCodec::Aac { config: config.into() }
            }
            _ => return None,
        };
        Some(model::SoundFormat { codec, rate: self.rate, channels: self.channels })
    }
}

impl Replay {
    /// Connects, has the recording described and sets its tracks up; nothing plays yet.
    ///
    /// # Errors
    /// Every [`Fault`] of a live session; over TLS [`Fault::Certificate`] and [`Fault::NotTls`], before anything is said.
    pub async fn open(footage: &Footage, login: Option<&Credentials>) -> Result<Self, Fault> {
        Self::open_on(connect(&footage.address).await?, footage, login).await
    }

    pub(super) async fn open_on(
        wire: Box<dyn Wire>,
        footage: &Footage,
        login: Option<&Credentials>,
    ) -> Result<Self, Fault> {
        let Footage { address, zero, pin, .. } = footage;
        let mut connection = secured(wire, address, login.cloned(), pin).await?;
        let url = address.url();
        let accept = [("Accept", "application/sdp".to_owned())];
        let described = connection.ask(&Method::Describe, url, &accept).await?;
        let base = header(&described, "Content-Base").or_else(|| header(&described, "Content-Location"));
        let found = description::read(described.body(), url, base.as_deref())?;
        let mut onvif = true;
        let answer = set_up(&mut connection, &found.video.url, VIDEO, &mut onvif).await?;
        let (session, timeout) = session_of(&answer)?;
        connection.set_session(session);
        let mut audio = found.audio;
        let mut unpack_audio = audio.as_ref().and_then(|track| Unpacker::new(track, None).ok());
        if let Some(track) = &audio
            && (unpack_audio.is_none()
                || set_up(&mut connection, &track.url, AUDIO, &mut onvif).await.is_err())
        {
            // A recording without its sound is better than none.
            (audio, unpack_audio) = (None, None);
        }
        let keep_alive = timeout / 2;
        Ok(Self {
            connection,
            control: found.control,
            codec: found.codec,
            unpack_video: Unpacker::new(&found.video, Some(found.codec))?,
            video: found.video,
            audio,
            unpack_audio,
            onvif,
            speed: false,
            zero: *zero,
            playing: None,
            marks_known: false,
            ready: VecDeque::new(),
            keep_alive,
            next_keep_alive: Instant::now() + keep_alive,
        })
    }

    /// How the sound is coded, if there is any.
    #[must_use]
    pub fn sound(&self) -> Option<SoundFormat> {
        self.audio.as_ref().map(|track| SoundFormat {
            encoding: track.encoding.clone(),
            rate: track.clock_rate,
            channels: track.channels.map_or(1, std::num::NonZeroU16::get),
            parameters: track.parameters.clone(),
        })
    }

    /// Whether the recorder speaks ONVIF replay: it then knows each picture's time and can send key frames only.
    #[must_use]
    pub fn is_onvif(&self) -> bool {
        self.onvif
    }

    /// Plays from now on what `play` says, whatever was played before: none of that comes any more.
    ///
    /// # Errors
    /// What the server says.
    pub async fn play(&mut self, play: &Play) -> Result<Started, Fault> {
        self.playing = None;
        self.ready.clear();
        let answer = match self.ask_to_play(play).await {
            // Unknown to some, who call it by the other name (RFC 2326 §12.35 means the rate of sending by it).
            Err(Fault::Refused(400 | 451 | 456 | 457 | 501 | 551)) if play.scale != 1.0 && !self.speed => {
                self.speed = true;
                self.ask_to_play(play).await?
            }
            answer => answer?,
        };
        self.unpack_video = Unpacker::new(&self.video, Some(self.codec))?;
        self.unpack_audio = self.audio.as_ref().and_then(|track| Unpacker::new(track, None).ok());
        let said = |name| header(&answer, name);
        let scale = said("Scale").or_else(|| said("Speed")).and_then(|text| text.trim().parse().ok());
        let told = said("Range").and_then(|text| range::beginning(&text));
        let asked = play.from.and_then(|position| range::moment(position, self.zero));
        let begins = told.and_then(|position| range::moment(position, self.zero));
        // A clock beside an address with times tells the same in its own zone, which the address does not say.
        let begins = match (begins, asked, told) {
            (Some(begins), Some(asked), Some(Position::Clock(_))) if self.zero.is_some() => {
                Some(range::in_zone_of(begins, asked))
            }
            _ => begins,
        };
        let placed = begins.zip(asked).is_some_and(|(begins, asked)| range::is_near(begins, asked));
        let info = said("RTP-Info").unwrap_or_default();
        // By the protocol a server that says nothing plays as it was (RFC 2326 §12.34); with ONVIF all say nothing.
        let usual = if self.onvif { play.scale } else { 1.0 };
        let started = Started { begins: begins.or(asked), scale: scale.unwrap_or(usual), placed };
        self.playing = Some(Playing {
            cseq: self.connection.cseq() as u8,
            first_video: first_sequence(&info, &self.video.url, 0),
            first_audio: self.audio.as_ref().and_then(|track| first_sequence(&info, &track.url, 1)),
            begins: started.begins,
            scale: started.scale,
            last_heard: Instant::now(),
            heard_any: false,
            farewell: None,
            mark: None,
            ended: false,
        });
        // Servers begin to send before they answer.
        for packet in self.connection.take_kept() {
            self.take(&packet)?;
        }
        Ok(started)
    }

    async fn ask_to_play(&mut self, play: &Play) -> Result<Response<Vec<u8>>, Fault> {
        let mut fields = play.fields(self.onvif, self.speed);
        if self.onvif {
            fields.push(("Require", REPLAY.to_owned()));
        }
        self.connection.ask(&Method::Play, &self.control, &fields).await
    }

    /// Nothing comes any more until [`Replay::play`]; without a place there it goes on from here.
    ///
    /// # Errors
    /// What the server says; some cannot pause and end the session.
    pub async fn pause(&mut self) -> Result<(), Fault> {
        self.playing = None;
        self.ready.clear();
        self.connection.ask(&Method::Pause, &self.control, &[]).await?;
        self.connection.take_kept();
        Ok(())
    }

    /// What comes next. While nothing plays it waits, and keeps the session alive. Safe to drop while waiting.
    ///
    /// # Errors
    /// [`Fault::NoFirstPicture`] and [`Fault::Stalled`] by our own deadlines, [`Fault::Ended`] when the connection
    /// breaks: the session is over then.
    pub async fn next(&mut self) -> Result<Item, Fault> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Ok(item);
            }
            let wake =
                self.silence_ends().map_or(self.next_keep_alive, |(at, _)| at.min(self.next_keep_alive));
            if let Ok(packet) = timeout_at(wake.into(), self.connection.packet()).await {
                self.take(&packet?)?;
                continue;
            }
            let now = Instant::now();
            if now >= self.next_keep_alive {
                self.next_keep_alive = now + self.keep_alive;
                self.connection.tell(&Method::GetParameter, &self.control)?;
            }
            match self.silence_ends() {
                Some((at, Some(fault))) if now >= at => return Err(fault),
                Some((at, None)) if now >= at => self.end(),
                _ => {}
            }
        }
    }

    /// Until when something must be heard, and what it means if it is not; `None`: there is nothing more.
    fn silence_ends(&self) -> Option<(Instant, Option<Fault>)> {
        let playing = self.playing.as_ref().filter(|playing| !playing.ended)?;
        Some(match playing.farewell {
            _ if playing.heard_any => (playing.last_heard + SILENCE, Some(Fault::Stalled(SILENCE))),
            Some(farewell) => (farewell + FAREWELL, None),
            None => {
                let fault = Fault::NoFirstPicture(FIRST_PICTURE_DEADLINE);
                (playing.last_heard + FIRST_PICTURE_DEADLINE, Some(fault))
            }
        })
    }

    fn take(&mut self, packet: &Packet) -> Result<(), Fault> {
        let Some(playing) = &mut self.playing else { return Ok(()) };
        match packet.channel {
            VIDEO => {}
            AUDIO => return self.take_sound(packet),
            channel if channel == VIDEO + 1 && is_goodbye(&packet.data) => {
                if playing.heard_any {
                    self.end();
                } else {
                    playing.farewell = Some(packet.received);
                }
                return Ok(());
            }
            _ => return Ok(()),
        }
        let mark = extension::of(&packet.data);
        if !playing.is_current(mark.as_ref(), &mut self.marks_known, &packet.data, playing.first_video) {
            return Ok(());
        }
        (playing.last_heard, playing.heard_any) = (packet.received, true);
        let terminal = mark.is_some_and(|mark| mark.terminal);
        if let Some(mark) = mark {
            // A gap is said by one packet of the picture behind it.
            let before = playing.mark.replace(mark);
            let gap = before.is_some_and(|before| before.discontinuity && before.at == mark.at);
            playing.mark = Some(extension::Extension { discontinuity: mark.discontinuity || gap, ..mark });
        }
        for unpacked in self.unpack_video.take(&packet.data, packet.received)? {
            if let Unpacked::Unit(mut unit) = unpacked {
                let mark = playing.mark.take();
                unit.captured = mark
                    .map(|mark| mark.at)
                    .or_else(|| playing.time_of(unit.timestamp, self.video.clock_rate));
                let discontinuity = mark.is_some_and(|mark| mark.discontinuity);
                self.ready.push_back(Item::Picture { unit, discontinuity });
            }
        }
        if terminal {
            self.end();
        }
        Ok(())
    }

    fn take_sound(&mut self, packet: &Packet) -> Result<(), Fault> {
        let (Some(playing), Some(unpacker), Some(track)) =
            (&mut self.playing, &mut self.unpack_audio, &self.audio)
        else {
            return Ok(());
        };
        let mark = extension::of(&packet.data);
        if !playing.is_current(mark.as_ref(), &mut self.marks_known, &packet.data, playing.first_audio) {
            return Ok(());
        }
        let mut first = None;
        for unpacked in unpacker.take(&packet.data, packet.received)? {
            if let Unpacked::Sound { data, timestamp } = unpacked {
                // The mark is of the packet, which may hold several access units of AAC (RFC 3640 §3.3.6).
                let behind = timestamp.saturating_sub(*first.get_or_insert(timestamp));
                let marked =
                    mark.and_then(|mark| later(mark.at, behind as f64 / f64::from(track.clock_rate)));
                let captured = marked.or_else(|| playing.time_of(timestamp, track.clock_rate));
                self.ready.push_back(Item::Sound { data, captured });
            }
        }
        Ok(())
    }

    fn end(&mut self) {
        if let Some(playing) = &mut self.playing
            && !std::mem::replace(&mut playing.ended, true)
        {
            self.ready.push_back(Item::End);
        }
    }

    /// Says goodbye, so that the recorder has a place free at once.
    pub async fn close(self) {
        let Self { connection, control, .. } = self;
        let leaving = connection.leave(&control);
        // Who doesn't take it in time will notice that the connection is gone.
        let _ = tokio::time::timeout(ANSWER_DEADLINE, leaving).await;
    }
}

impl Playing {
    /// Whether a packet belongs to what is being played, and not to what was played before. `marks_known`: this server
    /// really numbers its answers, which some leave at 0.
    fn is_current(
        &self,
        mark: Option<&extension::Extension>,
        marks_known: &mut bool,
        packet: &[u8],
        first: Option<u16>,
    ) -> bool {
        if let Some(mark) = mark {
            if mark.cseq == self.cseq {
                *marks_known = true;
                return true;
            }
            if *marks_known {
                return false;
            }
        }
        let (Some(first), Some(bytes)) = (first, packet.get(2..4)) else { return true };
        // Only the beginning is compared: numbers wrap.
        self.heard_any || u16::from_be_bytes([bytes[0], bytes[1]]).wrapping_sub(first) < u16::MAX / 2
    }

    /// By the beginning and the ticks since then, which run with the clock of who watches (RFC 2326 Appendix B).
    fn time_of(&self, ticks: i64, rate: u32) -> Option<SystemTime> {
        later(self.begins?, ticks as f64 / f64::from(rate) * self.scale)
    }
}

/// So many seconds later; negative: earlier.
fn later(at: SystemTime, seconds: f64) -> Option<SystemTime> {
    let size = Duration::try_from_secs_f64(seconds.abs()).ok()?;
    if seconds < 0.0 { at.checked_sub(size) } else { at.checked_add(size) }
}

/// Sets a track up inside the connection. `onvif` becomes false where the server does not know ONVIF replay.
async fn set_up(
    connection: &mut Connection,
    url: &Url,
    channel: u8,
    onvif: &mut bool,
) -> Result<Response<Vec<u8>>, Fault> {
    let transport = ("Transport", format!("RTP/AVP/TCP;unicast;interleaved={channel}-{}", channel + 1));
    if *onvif {
        let fields = [transport.clone(), ("Require", REPLAY.to_owned())];
        match connection.ask(&Method::Setup, url, &fields).await {
            // 551 is the answer to an unknown Require (RFC 2326 §12.32); some say that they do not understand at all.
            Err(Fault::Refused(400 | 456 | 461 | 501 | 551)) => *onvif = false,
            answer => return answer,
        }
    }
    connection.ask(&Method::Setup, url, &[transport]).await
}

/// Name and timeout of a session.
fn session_of(answer: &Response<Vec<u8>>) -> Result<(String, Duration), Fault> {
    let text =
        header(answer, "Session").ok_or_else(|| Fault::Protocol("a session without a name".to_owned()))?;
    let mut parts = text.split(';');
    let name = parts.next().unwrap_or_default().trim().to_owned();
    let timeout = parts.find_map(|part| part.trim().strip_prefix("timeout=")?.parse().ok());
    // Neither never nor all the time.
    let timeout = timeout.map_or(SESSION_TIMEOUT, |seconds: u64| Duration::from_secs(seconds.clamp(10, 600)));
    Ok((name, timeout))
}

/// The number of a track's first packet, from `RTP-Info` (RFC 2326 §12.33): by its address, else by its place.
fn first_sequence(info: &str, track: &Url, nth: usize) -> Option<u16> {
    let all: Vec<&str> = info.split(',').filter(|part| part.contains("seq=")).collect();
    let last = track.path().rsplit('/').next().unwrap_or_default();
    let named = |part: &&&str| {
        let url = part.split(';').find_map(|field| field.trim().strip_prefix("url="));
        url.is_some_and(|url| !last.is_empty() && url.trim_end_matches('/').ends_with(last))
    };
    let part = all.iter().find(named).or_else(|| all.get(nth))?;
    part.split(';').find_map(|field| field.trim().strip_prefix("seq=")?.parse().ok())
}

/// RTCP BYE (RFC 3550 §6.6) among the packets of a compound one.
fn is_goodbye(mut compound: &[u8]) -> bool {
    while let [_, kind, high, low, ..] = *compound {
        if kind == 203 {
            return true;
        }
        let length = 4 * (usize::from(u16::from_be_bytes([high, low])) + 1);
        compound = compound.get(length..).unwrap_or_default();
    }
    false
}

/// Key frames are enough from this speed on: more would only fill the line.
#[must_use]
pub fn pictures_at(scale: f64) -> Pictures {
    if scale.abs() > 2.0 { Pictures::Key(None) } else { Pictures::All }
}

//! What microphones hear: a quiet hum of each camera's own pitch over a little noise, computed sample by sample; and what
//! is said to a camera over its backchannel.

mod g711;

use std::cell::Cell;
use std::path::{Path as FilePath, PathBuf};
use std::process::{Command, Stdio};
use std::rc::Rc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::connection::Connection;
use crate::equipment::Sound;
use crate::rtsp::report::{self, SenderReport};
use crate::shared::Talk;
use crate::stream::Epoch;
use crate::viewer::{Path, REPORT_INTERVAL};

/// Bytes of an RTP header.
const HEADER: usize = 12;
/// Samples of talk that are kept: ten seconds.
const TALK: usize = 80_000;

impl Sound {
    /// RTP payload type.
    pub(crate) const fn payload_type(self) -> u8 {
        match self {
            Self::Pcmu => 0,
            Self::Pcma => 8,
            Self::Aac => 97,
        }
    }

    /// Samples a second, and of a piece: 20 ms of G.711, or an access unit of AAC.
    pub(crate) const fn pace(self) -> (u64, u64) {
        match self {
            Self::Pcmu | Self::Pcma => (8000, 160),
            Self::Aac => (16_000, 1024),
        }
    }

    /// Its lines in a session description.
    pub(crate) fn description(self) -> &'static str {
        match self {
            Self::Pcmu => "m=audio 0 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n",
            Self::Pcma => "m=audio 0 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n",
            // AAC-LC, 16 kHz, one channel: ISO/IEC 14496-3 §1.6.2.1.
            Self::Aac => concat!(
                "m=audio 0 RTP/AVP 97\r\na=rtpmap:97 MPEG4-GENERIC/16000/1\r\n",
                "a=fmtp:97 streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;",
                "indexdeltalength=3;config=1408\r\n"
            ),
        }
    }
}

/// The pitch that a camera's microphone hears, Hz.
pub(crate) const fn pitch(camera: usize, sound: Sound) -> u32 {
    match sound {
        Sound::Pcmu | Sound::Pcma => 200 + 20 * (camera % 20) as u32,
        // Each needs a loop encoded beforehand.
        Sound::Aac => 220 + 110 * (camera / 4 % 4) as u32,
    }
}

/// Sample `n` of a hum, 8 kHz.
fn sample(pitch: u32, n: u64) -> i16 {
    let turn = (n * u64::from(pitch) % 8000) as f64 / 8000.0 * std::f64::consts::TAU;
    // A fixed shuffle of the number stands for noise.
    let noise = (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as f64 - 127.5;
    (turn.sin() * 1500.0 + noise) as i16
}

/// What a camera's microphone hears, live and in recordings.
pub(crate) struct Microphone {
    sound: Sound,
    pitch: u32,
    /// Of AAC: access units that go round.
    units: Vec<Vec<u8>>,
}

impl Microphone {
    /// AAC is encoded beforehand, and kept in `folder`; `None`: nobody could.
    pub(crate) async fn open(camera: usize, sound: Sound, folder: PathBuf) -> Option<Self> {
        let pitch = pitch(camera, sound);
        let units = match sound {
            Sound::Pcmu | Sound::Pcma => Vec::new(),
            Sound::Aac => tokio::task::spawn_blocking(move || aac(&folder, pitch)).await.ok()??,
        };
        Some(Self { sound, pitch, units })
    }

    /// The RTP payload of so many pieces from the `first` on.
    pub(crate) fn payload(&self, first: u64, pieces: u64) -> Vec<u8> {
        let samples = (first * 160..(first + pieces) * 160).map(|n| sample(self.pitch, n));
        match self.sound {
            Sound::Pcmu => samples.map(g711::to_mu_law).collect(),
            Sound::Pcma => samples.map(g711::to_a_law).collect(),
            Sound::Aac => {
                let unit = |piece: u64| &self.units[piece as usize % self.units.len()];
                let units: Vec<_> = (first..first + pieces).map(unit).collect();
                // RFC 3640 §3.3.6: a header of 13 + 3 bits an access unit.
                let mut payload = (16 * pieces as u16).to_be_bytes().to_vec();
                payload.extend(units.iter().flat_map(|unit| ((unit.len() as u16) << 3).to_be_bytes()));
                payload.extend(units.into_iter().flatten());
                payload
            }
        }
    }
}

/// The AAC frames of ten seconds, encoded once by `ffmpeg` and kept in `folder`. Blocks.
fn aac(folder: &FilePath, pitch: u32) -> Option<Vec<Vec<u8>>> {
    let path = folder.join(format!("sound-{pitch}.aac"));
    let bytes = std::fs::read(&path).ok().filter(|bytes| !bytes.is_empty()).or_else(|| {
        let output = Command::new("ffmpeg")
            .args(["-nostdin", "-v", "error", "-f", "lavfi", "-i"])
            .arg(format!("sine=frequency={pitch}:sample_rate=16000:duration=10"))
            .args(["-c:a", "aac", "-b:a", "24k", "-ac", "1", "-f", "adts", "-"])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .ok()?;
        let partial = path.with_extension(format!("partial-{}-{pitch}", std::process::id()));
        // Only a cache: without it the loop is encoded again next time.
        drop(std::fs::write(&partial, &output.stdout).and_then(|()| std::fs::rename(&partial, &path)));
        Some(output.stdout)
    })?;
    let mut frames = Vec::new();
    let mut rest = bytes.as_slice();
    // ADTS (ISO/IEC 13818-7 §6.2): 7 bytes of header, the length in bits 30 to 42.
    while let [0xff, _, _, a, b, c, _, ..] = rest {
        let length = usize::from(a & 3) << 11 | usize::from(*b) << 3 | usize::from(c >> 5);
        frames.push(rest.get(7..length)?.to_vec());
        rest = &rest[length..];
    }
    (!frames.is_empty()).then_some(frames)
}

/// How much of a pitch there is in samples, so many a second.
#[must_use]
pub fn strength(samples: &[f32], rate: u32, hertz: f64) -> f64 {
    let turn = hertz / f64::from(rate) * std::f64::consts::TAU;
    let (mut sine, mut cosine) = (0.0, 0.0);
    for (n, sample) in samples.iter().enumerate() {
        let angle = n as f64 * turn;
        sine += f64::from(*sample) * angle.sin();
        cosine += f64::from(*sample) * angle.cos();
    }
    f64::hypot(sine, cosine) / samples.len().max(1) as f64
}

/// The access unit that was heard at a true time (ms), to a millisecond. Blocks.
pub(crate) fn access_unit(folder: &FilePath, pitch: u32, at: i64) -> Option<Vec<u8>> {
    let mut units = aac(folder, pitch)?;
    let (rate, samples) = Sound::Aac.pace();
    let number = (at + 1).unsigned_abs() / (samples * 1000 / rate);
    let place = number as usize % units.len();
    Some(units.swap_remove(place))
}

/// A session's sound.
pub(crate) struct Speaker {
    connection: Rc<Connection>,
    path: Path,
    pub(crate) ssrc: u32,
    base: u32,
    first: Cell<Option<u64>>,
    stopped: Cell<bool>,
    camera: usize,
    sound: Sound,
    epoch: Epoch,
}

impl Speaker {
    pub(crate) fn new(
        connection: Rc<Connection>,
        path: Path,
        camera: usize,
        sound: Sound,
        epoch: Epoch,
    ) -> Self {
        Self {
            connection,
            path,
            ssrc: rand::random(),
            base: rand::random(),
            first: Cell::new(None),
            stopped: Cell::new(false),
            camera,
            sound,
            epoch,
        }
    }

    pub(crate) fn stop(&self) {
        self.stopped.set(true);
    }

    /// Sequence number and RTP timestamp of its first packet, which is due next.
    pub(crate) fn begin(&self) -> (u16, u32) {
        let (rate, samples) = self.sound.pace();
        let since = self.epoch.instant.elapsed().as_nanos() as u64;
        let first = since / (samples * 1_000_000_000 / rate) + 1;
        self.first.set(Some(first));
        (0, self.base.wrapping_add((first * samples) as u32))
    }

    /// Sends until it is stopped or the connection closes.
    pub(crate) async fn run(self: Rc<Self>, folder: PathBuf) {
        let Some(microphone) = Microphone::open(self.camera, self.sound, folder).await else { return };
        let (rate, samples) = self.sound.pace();
        let interval = Duration::from_nanos(samples * 1_000_000_000 / rate);
        let Some(first) = self.first.get() else { return };
        let mut next_report = Duration::ZERO;
        let (mut packets, mut octets) = (0_u32, 0_u32);
        for n in first.. {
            let since = interval * n as u32;
            sleep_until(self.epoch.instant + since).await;
            if self.stopped.get() || self.connection.is_closing() {
                return;
            }
            // Late by more than a packet's worth of many: the machine slept.
            if Instant::now() > self.epoch.instant + since + Duration::from_secs(2) {
                continue;
            }
            let timestamp = self.base.wrapping_add((n * samples) as u32);
            let payload = microphone.payload(n, 1);
            let mut report = None;
            if since >= next_report {
                next_report = since + REPORT_INTERVAL;
                let moment = self.epoch.time_of_day + since;
                report =
                    Some(SenderReport { ssrc: self.ssrc, moment, timestamp, packets, octets }.to_bytes());
            }
            self.send((n - first) as u16, timestamp, &payload, report);
            packets += 1;
            octets = octets.wrapping_add(payload.len() as u32);
        }
    }

    fn send(&self, sequence: u16, timestamp: u32, payload: &[u8], report: Option<[u8; report::LENGTH]>) {
        let mut packet = Vec::with_capacity(HEADER + payload.len());
        packet.extend([0x80, self.sound.payload_type() | 0x80]);
        packet.extend(sequence.to_be_bytes());
        packet.extend(timestamp.to_be_bytes());
        packet.extend(self.ssrc.to_be_bytes());
        packet.extend(payload);
        match &self.path {
            Path::Interleaved { rtp, rtcp } => {
                // A reader that is behind goes without.
                self.connection.offer(|out| {
                    for (channel, bytes) in
                        [(*rtcp, report.as_ref().map(|r| &r[..])), (*rtp, Some(&packet[..]))]
                    {
                        if let Some(bytes) = bytes {
                            let [high, low] = (bytes.len() as u16).to_be_bytes();
                            out.extend([b'$', channel, high, low]);
                            out.extend(bytes);
                        }
                    }
                });
            }
            Path::Udp { sockets, rtp, rtcp } => {
                // Lost like any datagram if there is no room.
                if let Some(report) = report {
                    drop(sockets.rtcp.try_send_to(&report, *rtcp));
                }
                drop(sockets.rtp.try_send_to(&packet, *rtp));
            }
        }
    }
}

/// Takes an RTP packet of talk, PCMU.
pub(crate) fn hear(talk: &mut Talk, last: &Cell<Option<u16>>, packet: &[u8]) {
    let [first, kind, high, low, ..] = packet else { return };
    let head = HEADER + usize::from(first & 0xf) * 4;
    if first >> 6 != 2 || kind & 0x7f != 0 || packet.len() <= head {
        return;
    }
    let sequence = u16::from_be_bytes([*high, *low]);
    talk.gaps += u64::from(last.replace(Some(sequence)).is_some_and(|last| last.wrapping_add(1) != sequence));
    talk.packets += 1;
    talk.samples.extend(packet[head..].iter().map(|byte| g711::from_mu_law(*byte)));
    let surplus = talk.samples.len().saturating_sub(TALK);
    talk.samples.drain(..surplus);
}

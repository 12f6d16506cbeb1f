//! The sound of a recording: G.711 inside the connection, beside pictures that are played as they were.

use std::cell::Cell;

use super::NTP;
use crate::equipment::Sound;
use crate::recordings::Calendar;
use crate::sound;

/// Milliseconds of a packet.
const PACKET: i64 = 20;
/// RTP timestamps of a millisecond.
const TICKS: i64 = 8;

/// A session's sound.
pub(crate) struct Track {
    camera: usize,
    sound: Sound,
    channel: u8,
    pub(crate) ssrc: u32,
    base: u32,
    sequence: Cell<u16>,
}

impl Track {
    /// On this channel; `None` where the camera's sound is not recorded.
    pub(crate) fn new(camera: usize, sound: Option<Sound>, channel: u8) -> Option<Self> {
        let sound = sound.filter(|sound| is_recorded(*sound))?;
        let (ssrc, base, sequence) = (rand::random(), rand::random(), Cell::new(rand::random()));
        Some(Self { camera, sound, channel, ssrc, base, sequence })
    }

    /// Number and timestamp of the next packet.
    pub(super) fn begin(&self) -> (u16, u32) {
        (self.sequence.get(), self.base)
    }

    /// The packets of the time from `from` until `until` (true time, ms), the first of which is `since` ms after the beginning;
    /// framed for the connection. With ONVIF's extension for the PLAY with number `cseq`, where that is wanted.
    pub(super) fn packets(
        &self,
        (from, until): (i64, i64),
        since: i64,
        calendar: Calendar,
        cseq: Option<u8>,
    ) -> Vec<u8> {
        let mut out = Vec::new();
        let first = (from + PACKET - 1).div_euclid(PACKET);
        for packet in first..(until + PACKET - 1).div_euclid(PACKET) {
            let Some(payload) = sound::recorded(self.camera, self.sound, packet) else { return out };
            let moment = packet * PACKET;
            let timestamp = self.base.wrapping_add(((since + moment - from) * TICKS) as u32);
            let sequence = self.sequence.replace(self.sequence.get().wrapping_add(1));
            let extension = cseq.map(|cseq| extension(calendar.shown(moment), cseq));
            let length = 12 + extension.map_or(0, |extension| extension.len()) + payload.len();
            out.extend([b'$', self.channel]);
            out.extend((length as u16).to_be_bytes());
            out.extend([if extension.is_some() { 0x90 } else { 0x80 }, self.sound.payload_type()]);
            out.extend(sequence.to_be_bytes());
            out.extend(timestamp.to_be_bytes());
            out.extend(self.ssrc.to_be_bytes());
            out.extend(extension.into_iter().flatten());
            out.extend(payload);
        }
        out
    }
}

pub(crate) const fn is_recorded(sound: Sound) -> bool {
    !matches!(sound, Sound::Aac)
}

/// ONVIF Streaming §6.2: the time alone.
fn extension(shown: i64, cseq: u8) -> [u8; 16] {
    let shown = shown.max(0).unsigned_abs();
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&[0xab, 0xac, 0, 3]);
    bytes[4..8].copy_from_slice(&((shown / 1000 + NTP) as u32).to_be_bytes());
    bytes[8..12].copy_from_slice(&((((shown % 1000) << 32) / 1000) as u32).to_be_bytes());
    bytes[13] = cseq;
    bytes
}

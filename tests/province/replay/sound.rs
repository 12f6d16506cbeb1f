//! The sound of a recording, inside the connection, beside pictures that are played as they were.

use std::cell::Cell;
use std::path::PathBuf;

use tokio::sync::OnceCell;

use super::NTP;
use crate::equipment::Sound;
use crate::recordings::Calendar;
use crate::sound::Microphone;

/// Pieces of a packet. Live there is one; a recorder may well put together what it wrote.
const PIECES: u64 = 2;

/// A session's sound.
pub(crate) struct Track {
    camera: usize,
    sound: Sound,
    folder: PathBuf,
    microphone: OnceCell<Option<Microphone>>,
    channel: u8,
    pub(crate) ssrc: u32,
    base: u32,
    sequence: Cell<u16>,
}

impl Track {
    /// On this channel. What has to be encoded is kept in `folder`.
    pub(crate) fn new(camera: usize, sound: Sound, channel: u8, folder: PathBuf) -> Self {
        let (ssrc, base, sequence) = (rand::random(), rand::random(), Cell::new(rand::random()));
        Self { camera, sound, folder, microphone: OnceCell::new(), channel, ssrc, base, sequence }
    }

    /// Number and timestamp of the next packet.
    pub(super) fn begin(&self) -> (u16, u32) {
        (self.sequence.get(), self.base)
    }

    /// The packets of the time from `from` until `until` (true time, ms), the first of which is `since` ms after the beginning;
    /// framed for the connection. With ONVIF's extension for the PLAY with number `cseq`, where that is wanted.
    pub(super) async fn packets(
        &self,
        (from, until): (i64, i64),
        since: i64,
        calendar: Calendar,
        cseq: Option<u8>,
    ) -> Vec<u8> {
        let mut out = Vec::new();
        let opening = || Microphone::open(self.camera, self.sound, self.folder.clone());
        let Some(microphone) = self.microphone.get_or_init(opening).await else { return out };
        let (rate, samples) = self.sound.pace();
        let (length, ticks) = ((PIECES * samples * 1000 / rate) as i64, (rate / 1000) as i64);
        let packet_at = |moment: i64| (moment + length - 1).div_euclid(length);
        for packet in packet_at(from)..packet_at(until) {
            let payload = microphone.payload(packet.unsigned_abs() * PIECES, PIECES);
            let moment = packet * length;
            let timestamp = self.base.wrapping_add(((since + moment - from) * ticks) as u32);
            let sequence = self.sequence.replace(self.sequence.get().wrapping_add(1));
            let extension = cseq.map(|cseq| extension(calendar.shown(moment), cseq));
            let length = 12 + extension.map_or(0, |extension| extension.len()) + payload.len();
            out.extend([b'$', self.channel]);
            out.extend((length as u16).to_be_bytes());
            let first = if extension.is_some() { 0x90 } else { 0x80 };
            // The marker: every access unit in it is whole (RFC 3640 §3.1).
            let marker = if self.sound == Sound::Aac { 0x80 } else { 0 };
            out.extend([first, marker | self.sound.payload_type()]);
            out.extend(sequence.to_be_bytes());
            out.extend(timestamp.to_be_bytes());
            out.extend(self.ssrc.to_be_bytes());
            out.extend(extension.into_iter().flatten());
            out.extend(payload);
        }
        out
    }
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

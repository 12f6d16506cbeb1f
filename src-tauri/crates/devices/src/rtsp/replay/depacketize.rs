//! Packets of one track → access units and pieces of sound. The only place that knows `retina`'s depacketizers, which it
//! publishes for its own measurements: whoever changes its version reads this file again.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use model::{AccessUnit, Codec, Fault};
use retina::client::Timeline;
use retina::codec::{CodecItem, Depacketizer, ParametersRef};
use retina::rtp::{PacketHeader, PacketMeta};
use retina::testutil::DepacketizeBuf;

use super::super::{FRAMING, caught, nal};
use super::description::Track;
use crate::text::tamed;

/// Takes one track's packets.
pub(super) struct Unpacker {
    depacketizer: Depacketizer,
    buffer: DepacketizeBuf,
    timeline: Timeline,
    codec: Option<Codec>,
    parameters: Arc<[u8]>,
    next_sequence: Option<u16>,
    lost: u32,
    unfinished: usize,
}

/// What comes out.
pub(super) enum Unpacked {
    Unit(AccessUnit),
    Sound { data: Bytes, timestamp: i64 },
}

impl Unpacker {
    /// For a track; `codec` of a video track.
    ///
    /// # Errors
    /// Its format is not known, or its parameters make no sense.
    pub(super) fn new(track: &Track, codec: Option<Codec>) -> Result<Self, Fault> {
        caught::now(|| Self::of(track, codec))
    }

    fn of(track: &Track, codec: Option<Codec>) -> Result<Self, Fault> {
        let refuse = |why: String| Fault::Protocol(tamed(&why));
        let mut depacketizer = Depacketizer::new(
            &track.media,
            &track.encoding,
            track.clock_rate,
            track.channels,
            track.parameters.as_deref(),
        )
        .map_err(refuse)?;
        depacketizer.set_frame_format(FRAMING);
        Ok(Self {
            depacketizer,
            buffer: DepacketizeBuf::new(64 * 1024),
            timeline: Timeline::new(None, track.clock_rate, None).map_err(refuse)?,
            codec,
            parameters: Arc::from([]),
            next_sequence: None,
            lost: 0,
            unfinished: 0,
        })
    }

    /// Takes a packet; gives all that is complete now. A broken packet is passed over and counted as lost.
    ///
    /// # Errors
    /// The device sends an access unit of more than [`AccessUnit::MAX_BYTES`], or what nobody can read; then this is not to
    /// be used any more.
    pub(super) fn take(&mut self, packet: &[u8], received: Instant) -> Result<Vec<Unpacked>, Fault> {
        caught::now(|| self.unpack(packet, received))
    }

    fn unpack(&mut self, packet: &[u8], received: Instant) -> Result<Vec<Unpacked>, Fault> {
        let Ok((header, payload)) = PacketHeader::validate(packet) else {
            self.lost += 1;
            return Ok(Vec::new());
        };
        let payload = &packet[usize::from(payload.start)..usize::from(payload.end)];
        self.unfinished += payload.len();
        if self.unfinished > AccessUnit::MAX_BYTES {
            return Err(Fault::OversizedAnswer(AccessUnit::MAX_BYTES));
        }
        let sequence = header.sequence_number();
        let missing = self.next_sequence.map_or(0, |next| sequence.wrapping_sub(next));
        if missing > u16::MAX / 2 {
            // An old one, or one again.
            return Ok(Vec::new());
        }
        self.next_sequence = Some(sequence.wrapping_add(1));
        self.lost += u32::from(missing);
        let Ok(timestamp) = self.timeline.advance_to(header.timestamp()) else { return Ok(Vec::new()) };
        let meta = PacketMeta {
            ctx: retina::PacketContext::dummy(),
            stream_id: 0,
            timestamp,
            sequence_number: sequence,
            ssrc: header.ssrc(),
            mark: header.mark(),
            loss: missing,
        };
        if let Err(why) = self.buffer.push(&mut self.depacketizer, meta, payload) {
            log::debug!("passed over: {}", tamed(&why));
            self.lost += 1;
        }
        Ok(self.pull(received))
    }

    fn pull(&mut self, received: Instant) -> Vec<Unpacked> {
        let mut done = Vec::new();
        while let Some(item) = self.depacketizer.pull() {
            match item {
                Ok(CodecItem::VideoFrame(frame)) => {
                    self.unfinished = 0;
                    if self.parameters.is_empty() || frame.has_new_parameters() {
                        self.take_parameters();
                    }
                    let timestamp = frame.timestamp().elapsed();
                    done.extend(self.unit(Bytes::from(frame.into_data()), timestamp, received));
                }
                Ok(CodecItem::AudioFrame(frame)) => {
                    self.unfinished = 0;
                    let timestamp = frame.timestamp().elapsed();
                    done.push(Unpacked::Sound { data: Bytes::copy_from_slice(frame.data()), timestamp });
                }
                Ok(_) => self.unfinished = 0,
                Err(_) => self.lost += 1,
            }
        }
        done
    }

    fn unit(&mut self, data: Bytes, timestamp: i64, received: Instant) -> Option<Unpacked> {
        let codec = self.codec?;
        Some(Unpacked::Unit(AccessUnit {
            codec,
            random_access: nal::is_random_access(codec, &data),
            data,
            parameters: Arc::clone(&self.parameters),
            timestamp,
            lost_packets: std::mem::take(&mut self.lost),
            received,
            captured: None,
        }))
    }

    fn take_parameters(&mut self) {
        if let Some(ParametersRef::Video(video)) = self.depacketizer.parameters()
            && self.codec != Some(Codec::Mjpeg)
        {
            self.parameters = Arc::from(video.extra_data());
        }
    }
}

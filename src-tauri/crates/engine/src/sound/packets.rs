//! Coded sound by the time of its first sample: as much of it as is worth keeping around a place.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use model::{Moment, SoundFormat};

/// The most bytes of coded sound that are kept: eight minutes of G.711.
const MAX_BYTES: usize = 4 << 20;
/// The same packet comes from a file with a time in whole milliseconds, from a recorder perhaps with a finer one.
const SAME_US: i64 = 1000;

/// A packet as it is coded, and how.
pub(super) type Packet = (Bytes, Arc<SoundFormat>);

/// See the module.
#[derive(Default)]
pub(super) struct Packets {
    by_time: BTreeMap<Moment, Packet>,
    bytes: usize,
}

impl Packets {
    /// Keeps a packet, once however often it comes; what lies farthest from `place` goes where there is no room.
    pub(super) fn put(&mut self, at: Moment, packet: Packet, place: Moment) {
        let same: Vec<Moment> =
            self.by_time.range(at.plus_us(-SAME_US)..=at.plus_us(SAME_US)).map(|(at, _)| *at).collect();
        for same in same {
            self.forget(same);
        }
        self.bytes += packet.0.len();
        self.by_time.insert(at, packet);
        while self.bytes > MAX_BYTES {
            let (Some((&first, _)), Some((&last, _))) =
                (self.by_time.first_key_value(), self.by_time.last_key_value())
            else {
                return;
            };
            self.forget(if place.since_us(first) >= last.since_us(place) { first } else { last });
        }
    }

    fn forget(&mut self, at: Moment) {
        self.bytes -= self.by_time.remove(&at).map_or(0, |(data, _)| data.len());
    }

    /// Those that begin from one moment until another, both counted in.
    pub(super) fn between(&self, from: Moment, until: Moment) -> Vec<(Moment, Packet)> {
        self.by_time.range(from..=until).map(|(at, packet)| (*at, packet.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use model::SoundCodec;

    use super::*;

    const START: Moment = Moment(1_638_000_000_000_000);

    #[test]
    fn what_is_kept_is_bounded_and_the_same_packet_is_kept_once_however_fine_its_time() {
        let format = Arc::new(SoundFormat { codec: SoundCodec::Pcmu, rate: 8000, channels: 1 });
        let mut packets = Packets::default();
        let mut put = |at: Moment| packets.put(at, (Bytes::from(vec![0xff; 160]), Arc::clone(&format)), at);
        for n in 0..60_000_i64 {
            put(START.plus_us(n * 20_000));
        }
        let newest = START.plus_us(59_999 * 20_000);
        put(newest.plus_us(730));
        assert!(packets.bytes <= MAX_BYTES);
        assert_eq!(packets.bytes, packets.by_time.values().map(|(data, _)| data.len()).sum::<usize>());
        let last: Vec<Moment> = packets
            .between(newest.plus_us(-20_000), Moment(i64::MAX))
            .into_iter()
            .map(|(at, _)| at)
            .collect();
        assert_eq!(last, [newest.plus_us(-20_000), newest.plus_us(730)]);
        assert!(packets.between(START, START.plus_us(1_000_000)).is_empty(), "the farthest has gone");
    }
}

//! Sound as it came from a device, and as a Matroska file holds it.

use bytes::Bytes;
use jiff::Timestamp;

use crate::description::{G726Packing, SoundFormat};

/// The sound of one packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoundPacket {
    /// The payload: samples, codes, or one AAC access unit. At most [`SoundPacket::MAX_BYTES`].
    pub data: Bytes,
    /// When its first sample was taken, in true time.
    pub taken_at: Timestamp,
}

impl SoundPacket {
    /// The most bytes of a packet.
    pub const MAX_BYTES: usize = 64 << 10;
}

/// The packet's bytes as the file holds them: the same, except where the order of codes is turned round.
pub(crate) fn to_file(format: &SoundFormat, data: &[u8], out: &mut Vec<u8>) {
    match reordered(format) {
        Some(bits) => reorder(data, bits, true, out),
        None => out.extend_from_slice(data),
    }
}

/// Undoes [`to_file`].
pub(crate) fn from_file(format: &SoundFormat, data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    match reordered(format) {
        Some(bits) => reorder(data, bits, false, &mut out),
        None => out.extend_from_slice(data),
    }
    out
}

fn reordered(format: &SoundFormat) -> Option<u32> {
    match format {
        SoundFormat::G726 { bits, packing: G726Packing::Rfc3551, .. } => Some(u32::from(*bits)),
        _ => None,
    }
}

/// Moves codes of `bits` bits from the low end of bytes to the high end, or back. Each run of `bits` bytes holds eight
/// codes; what is left over at the end, which no sound packet has, stays as it is.
fn reorder(data: &[u8], bits: u32, to_high: bool, out: &mut Vec<u8>) {
    let runs = data.chunks_exact(bits as usize);
    let left = runs.remainder();
    let mask = (1_u64 << bits) - 1;
    let width = 8 * bits;
    for run in runs {
        let mut codes = 0_u64;
        // The run as one number: low end first, or high end first.
        for (at, byte) in run.iter().enumerate() {
            let place = if to_high { 8 * at as u32 } else { width - 8 - 8 * at as u32 };
            codes |= u64::from(*byte) << place;
        }
        let mut turned = 0_u64;
        for code in 0..8 {
            let (low, high) = (code * bits, width - bits - code * bits);
            let (from, to) = if to_high { (low, high) } else { (high, low) };
            turned |= (codes >> from & mask) << to;
        }
        for at in 0..bits {
            let place = if to_high { width - 8 - 8 * at } else { 8 * at };
            out.push((turned >> place) as u8);
        }
    }
    out.extend_from_slice(left);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn g726(bits: u8, packing: G726Packing) -> SoundFormat {
        SoundFormat::G726 { rate: 8000, bits, packing }
    }

    #[test]
    fn codes_of_four_bits_change_places_within_a_byte() {
        let mut out = Vec::new();
        to_file(&g726(4, G726Packing::Rfc3551), &[0x21, 0x43, 0x65, 0x87, 0xff], &mut out);
        assert_eq!(out, [0x12, 0x34, 0x56, 0x78, 0xff]);
        out.clear();
        to_file(&g726(4, G726Packing::Aal2), &[0x21], &mut out);
        assert_eq!(out, [0x21]);
    }

    #[test]
    fn codes_of_three_bits_cross_bytes() {
        let mut out = Vec::new();
        // Codes 1, 2, 3, 4, 5, 6, 7, 0, the first in the lowest bits.
        let low = (0..8).fold(0_u32, |all, code| all | ((code + 1) & 7) << (3 * code));
        to_file(&g726(3, G726Packing::Rfc3551), &low.to_le_bytes()[..3], &mut out);
        let high = (0..8).fold(0_u32, |all, code| all << 3 | ((code + 1) & 7));
        assert_eq!(out, high.to_be_bytes()[1..]);
    }

    proptest! {
        #[test]
        fn any_packet_comes_back(data in prop::collection::vec(any::<u8>(), 0..64), bits in 2_u8..=5) {
            let format = g726(bits, G726Packing::Rfc3551);
            let mut out = Vec::new();
            to_file(&format, &data, &mut out);
            prop_assert_eq!(from_file(&format, &out), data);
        }
    }
}

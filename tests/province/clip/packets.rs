//! Pictures cut into RTP packets once, for all viewers.
//!
//! A [`PacketizedPicture`] holds its packets as they go into an RTSP connection, each behind its four bytes of
//! interleaving (RFC 2326 §10.12), with everything written but what belongs to one viewer: channel, sequence
//! number, timestamp, SSRC. [`PacketizedPicture::stamp`] copies and fills those in; that is all the work a viewer
//! costs beside the system call.

use model::Codec;

use super::annex_b;
use super::jpeg::Jpeg;

/// Bytes of RTP payload in a packet: with all headers it stays below an Ethernet frame.
const PAYLOAD: usize = 1400;
/// Interleaving and RTP header in front of each payload.
const HEADER: usize = 4 + 12;

/// The packets of one picture.
pub(crate) struct PacketizedPicture {
    bytes: Vec<u8>,
    /// Where each packet begins in `bytes`.
    starts: Vec<usize>,
    /// A decoder may begin here.
    pub(crate) random_access: bool,
    /// Its place in the clip's order of presentation: the number drawn into the picture.
    pub(crate) presented: u32,
}

/// What of a packet belongs to one viewer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stamp {
    /// Channel of the interleaving.
    pub(crate) channel: u8,
    /// Sequence number of the picture's first packet.
    pub(crate) sequence: u16,
    /// RTP timestamp, 1/90,000 s.
    pub(crate) timestamp: u32,
    /// Synchronization source.
    pub(crate) ssrc: u32,
}

impl PacketizedPicture {
    fn new(random_access: bool, presented: u32) -> Self {
        Self { bytes: Vec::new(), starts: Vec::new(), random_access, presented }
    }

    /// From the NAL units of one access unit: H.265 by RFC 7798, H.264 by RFC 6184 (packetization mode 1). H.264's
    /// parameter sets go together in one STAP-A, H.265's one by one: both are met in the field.
    pub(crate) fn of_units(codec: Codec, units: &[&[u8]], presented: u32) -> Self {
        let random_access = |unit: &&[u8]| {
            matches!(annex_b::kind(codec, unit), annex_b::Kind::Slice { random_access: true, .. })
        };
        let mut picture = Self::new(units.iter().any(random_access), presented);
        let is_set = |unit: &&&[u8]| annex_b::kind(codec, unit) == annex_b::Kind::Parameters;
        let sets: Vec<&[u8]> = units.iter().filter(is_set).copied().collect();
        let together = codec == Codec::H264 && sets.len() > 1;
        if together {
            picture.aggregate(&sets);
        }
        for unit in units.iter().filter(|unit| !(together && is_set(unit))) {
            if unit.len() <= PAYLOAD {
                picture.packet(&[unit]);
            } else if codec == Codec::H265 {
                let first = [unit[0] & 0x81 | 49 << 1, unit[1]];
                picture.fragments(&first, unit[0] >> 1 & 0x3f, &unit[2..]);
            } else {
                picture.fragments(&[unit[0] & 0xe0 | 28], unit[0] & 0x1f, &unit[1..]);
            }
        }
        picture.end(96);
        picture
    }

    /// STAP-A, RFC 6184 §5.7.1.
    fn aggregate(&mut self, units: &[&[u8]]) {
        let mut payload = vec![units.iter().map(|unit| unit[0] & 0x60).max().unwrap_or(0) | 24];
        for unit in units {
            payload.extend((unit.len() as u16).to_be_bytes());
            payload.extend(*unit);
        }
        self.packet(&[&payload]);
    }

    /// FU of RFC 7798 §4.4.3, FU-A of RFC 6184 §5.8: alike but for the length of `head`.
    fn fragments(&mut self, head: &[u8], unit_type: u8, payload: &[u8]) {
        let size = PAYLOAD - head.len() - 1;
        let last = payload.len().div_ceil(size) - 1;
        for (i, part) in payload.chunks(size).enumerate() {
            let flags = u8::from(i == 0) << 7 | u8::from(i == last) << 6;
            self.packet(&[head, &[flags | unit_type], part]);
        }
    }

    /// RFC 2435 with Q = 255: the tables travel in front of each picture's first fragment.
    pub(crate) fn of_jpeg(jpeg: &Jpeg<'_>, presented: u32) -> Self {
        let mut picture = Self::new(true, presented);
        let (columns, rows) = (jpeg.width.div_ceil(8) as u8, jpeg.height.div_ceil(8) as u8);
        let mut offset = 0;
        while offset < jpeg.scan.len() {
            let at = (offset as u32).to_be_bytes();
            let head = [0, at[1], at[2], at[3], jpeg.sampling, 255, columns, rows];
            let tables: &[&[u8]] = if offset == 0 { &[&[0, 0, 0, 128], &jpeg.tables] } else { &[&[], &[]] };
            let room = PAYLOAD - head.len() - tables[0].len() - tables[1].len();
            let part = &jpeg.scan[offset..jpeg.scan.len().min(offset + room)];
            picture.packet(&[&head, tables[0], tables[1], part]);
            offset += part.len();
        }
        picture.end(26);
        picture
    }

    fn packet(&mut self, parts: &[&[u8]]) {
        self.starts.push(self.bytes.len());
        let length = parts.iter().map(|part| part.len()).sum::<usize>() + HEADER - 4;
        self.bytes.push(b'$');
        self.bytes.push(0);
        self.bytes.extend((length as u16).to_be_bytes());
        self.bytes.extend([0; HEADER - 4]);
        for part in parts {
            self.bytes.extend(*part);
        }
    }

    /// Version and payload type everywhere, the marker bit on the last packet (RFC 3550 §5.1).
    fn end(&mut self, payload_type: u8) {
        for &start in &self.starts {
            self.bytes[start + 4] = 2 << 6;
            self.bytes[start + 5] = payload_type;
        }
        if let Some(&last) = self.starts.last() {
            self.bytes[last + 5] |= 0x80;
        }
        self.bytes.shrink_to_fit();
        self.starts.shrink_to_fit();
    }

    /// How many packets.
    pub(crate) fn packets(&self) -> u16 {
        self.starts.len() as u16
    }

    /// Bytes of RTP payload, as sender reports count them.
    pub(crate) fn payload_len(&self) -> usize {
        self.bytes.len() - self.starts.len() * HEADER
    }

    /// Appends all packets, interleaved, to `out`.
    pub(crate) fn stamp(&self, stamp: Stamp, out: &mut Vec<u8>) {
        let base = out.len();
        out.extend_from_slice(&self.bytes);
        for (i, start) in self.starts.iter().enumerate() {
            let packet = &mut out[base + start..base + start + HEADER];
            packet[1] = stamp.channel;
            packet[6..8].copy_from_slice(&stamp.sequence.wrapping_add(i as u16).to_be_bytes());
            packet[8..12].copy_from_slice(&stamp.timestamp.to_be_bytes());
            packet[12..16].copy_from_slice(&stamp.ssrc.to_be_bytes());
        }
    }

    /// The same with a header extension (RFC 3550 §5.3.1) in each packet: its first four bytes say which and how long.
    pub(crate) fn stamp_extended(&self, stamp: Stamp, extension: &[u8; 16], out: &mut Vec<u8>) {
        let mut plain = Vec::with_capacity(self.bytes.len());
        self.stamp(stamp, &mut plain);
        for datagram in self.datagrams(&plain) {
            let length = (datagram.len() + extension.len()) as u16;
            out.extend([b'$', stamp.channel]);
            out.extend(length.to_be_bytes());
            out.push(datagram[0] | 1 << 4);
            out.extend_from_slice(&datagram[1..HEADER - 4]);
            out.extend(extension);
            out.extend_from_slice(&datagram[HEADER - 4..]);
        }
    }

    /// The RTP packets in what [`Self::stamp`] appended to an empty buffer, without interleaving.
    pub(crate) fn datagrams<'a>(&'a self, stamped: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        let ends = self.starts.iter().skip(1).copied().chain([stamped.len()]);
        self.starts.iter().zip(ends).map(|(start, end)| &stamped[start + 4..end])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAMP: Stamp = Stamp { channel: 2, sequence: 0xffff, timestamp: 0x0102_0304, ssrc: 0x0506_0708 };

    fn datagrams(picture: &PacketizedPicture) -> Vec<Vec<u8>> {
        let mut stamped = Vec::new();
        picture.stamp(STAMP, &mut stamped);
        picture.datagrams(&stamped).map(<[u8]>::to_vec).collect()
    }

    #[test]
    fn a_large_h265_unit_comes_back_from_its_fragments() {
        let unit: Vec<u8> = [0x26, 0x01, 0x80].into_iter().chain((0..5000).map(|i| i as u8)).collect();
        let picture = PacketizedPicture::of_units(Codec::H265, &[&unit], 7);
        assert!(picture.random_access && picture.presented == 7);
        let packets = datagrams(&picture);
        assert_eq!(packets.len(), 4);
        let mut whole = vec![0x26, 0x01];
        for (i, packet) in packets.iter().enumerate() {
            assert_eq!(packet[..2], [0x80, if i == 3 { 96 | 0x80 } else { 96 }]);
            assert_eq!(packet[2..4], (0xffff_u16.wrapping_add(i as u16)).to_be_bytes(), "wraps");
            assert_eq!(packet[4..12], [1, 2, 3, 4, 5, 6, 7, 8]);
            assert_eq!(packet[12..14], [49 << 1, 1]);
            assert_eq!(packet[14], u8::from(i == 0) << 7 | u8::from(i == 3) << 6 | 19);
            assert!(packet.len() <= PAYLOAD + 12);
            whole.extend(&packet[15..]);
        }
        assert_eq!(whole, unit);
    }

    #[test]
    fn h264_parameter_sets_travel_together() {
        let (sps, pps, slice) = ([0x67, 1, 2], [0x68, 3], vec![0x65; 1401]);
        let packets = datagrams(&PacketizedPicture::of_units(Codec::H264, &[&sps, &pps, &slice], 0));
        assert_eq!(packets[0][12..], [0x60 | 24, 0, 3, 0x67, 1, 2, 0, 2, 0x68, 3]);
        assert_eq!(packets[1][12..14], [0x60 | 28, 0x80 | 5]);
        assert_eq!(packets[2][12..14], [0x60 | 28, 0x40 | 5]);
    }

    #[test]
    fn jpeg_fragments_say_where_they_belong() {
        let scan: Vec<u8> = (0..3000).map(|i| i as u8).collect();
        let jpeg = Jpeg { width: 640, height: 360, sampling: 1, tables: [9; 128], scan: &scan };
        let packets = datagrams(&PacketizedPicture::of_jpeg(&jpeg, 0));
        let mut whole = Vec::<u8>::new();
        for packet in &packets {
            let offset = u32::from_be_bytes([0, packet[13], packet[14], packet[15]]);
            assert_eq!(offset as usize, whole.len());
            assert_eq!(packet[16..20], [1, 255, 80, 45]);
            whole.extend(&packet[if offset == 0 { 20 + 4 + 128 } else { 20 }..]);
        }
        assert_eq!(whole, scan);
    }

    #[test]
    fn interleaving_carries_channel_and_length() {
        let picture = PacketizedPicture::of_units(Codec::H265, &[&[0x02, 1, 0x80, 9]], 0);
        let mut out = b"before".to_vec();
        picture.stamp(STAMP, &mut out);
        assert_eq!(out[6..10], [b'$', 2, 0, 16]);
        assert_eq!((picture.packets(), picture.payload_len()), (1, 4));
    }
}

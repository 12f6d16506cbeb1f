//! The boxes of a file with one track of video.

use super::CopyCoding;
use crate::{annex_b, mp4};

/// The kind of file: version 1 of the base format, for players of MP4.
const KIND: [&[u8]; 3] = [b"isom", b"iso2", b"mp41"];
/// Bytes of the box in front of everything.
const KIND_BYTES: u64 = 8 + 8 + 4 * KIND.len() as u64;
/// Header of a box with a length of 64 bits.
pub(super) const LONG_HEADER: u64 = 16;
/// Where the length of the pictures stands.
pub(super) const LENGTH_AT: u64 = KIND_BYTES + 8;
/// Where the first picture stands.
const PICTURES_AT: u64 = KIND_BYTES + LONG_HEADER;
/// Ticks a second.
const TICKS: u32 = 1000;
/// Pictures that one entry of the table of places stands for.
const CHUNK: usize = 32;
/// Seconds from 1904, where these files begin to count, to 1970.
const SINCE_1904: i64 = 2_082_844_800;
/// Scale 1 in 16.16, for matrices.
const ONE: u32 = 0x0001_0000;

/// One picture, as the tables know it.
pub(super) struct Sample {
    pub(super) bytes: u32,
    pub(super) at_ms: i64,
    pub(super) key: bool,
}

/// What is written behind the pictures.
pub(super) struct Tables {
    coding: CopyCoding,
    width: u32,
    height: u32,
    title: String,
    begin_s: i64,
    samples: Vec<Sample>,
}

/// Everything in front of the first picture; how long the pictures are is written at the end.
pub(super) fn head() -> Vec<u8> {
    let mut head = boxed(b"ftyp", &[&b"isom"[..], &0x200_u32.to_be_bytes(), &KIND.concat()].concat());
    head.extend_from_slice(&1_u32.to_be_bytes());
    head.extend_from_slice(b"mdat");
    head.extend_from_slice(&LONG_HEADER.to_be_bytes());
    head
}

impl Tables {
    pub(super) fn new(coding: CopyCoding, width: u32, height: u32, title: &str, begin_s: i64) -> Self {
        Self { coding, width, height, title: title.to_owned(), begin_s, samples: Vec::new() }
    }

    pub(super) fn coding(&self) -> &CopyCoding {
        &self.coding
    }

    pub(super) fn add(&mut self, sample: Sample) {
        self.samples.push(sample);
    }

    pub(super) fn len(&self) -> u64 {
        self.samples.len() as u64
    }

    /// `moov`. The last picture is shown for `last_ms`.
    pub(super) fn movie(&self, last_ms: u32) -> Vec<u8> {
        let durations = self.durations(last_ms);
        let length = durations.iter().map(|ms| u64::from(*ms)).sum();
        let track = [self.track_header(length), boxed(b"mdia", &self.media(length, &durations))].concat();
        boxed(b"moov", &[self.movie_header(length), boxed(b"trak", &track), self.about()].concat())
    }

    fn durations(&self, last_ms: u32) -> Vec<u32> {
        let between = self.samples.windows(2).map(|pair| pair[1].at_ms - pair[0].at_ms);
        let mut all: Vec<u32> = between.map(|ms| u32::try_from(ms).unwrap_or(0)).collect();
        if !self.samples.is_empty() {
            all.push(last_ms);
        }
        all
    }

    fn moments(&self) -> [u8; 16] {
        let at = u64::try_from(self.begin_s.saturating_add(SINCE_1904)).unwrap_or(0).to_be_bytes();
        let mut both = [0; 16];
        both[..8].copy_from_slice(&at);
        both[8..].copy_from_slice(&at);
        both
    }

    fn movie_header(&self, length: u64) -> Vec<u8> {
        let next_track = 2_u32;
        let mut bytes = self.moments().to_vec();
        put(&mut bytes, &[TICKS]);
        bytes.extend_from_slice(&length.to_be_bytes());
        put(&mut bytes, &[ONE, 0x0100_0000, 0, 0]);
        put(&mut bytes, &matrix());
        put(&mut bytes, &[0, 0, 0, 0, 0, 0, next_track]);
        full(b"mvhd", 1, 0, &bytes)
    }

    fn track_header(&self, length: u64) -> Vec<u8> {
        let (track, in_use) = (1_u32, 7);
        let mut bytes = self.moments().to_vec();
        put(&mut bytes, &[track, 0]);
        bytes.extend_from_slice(&length.to_be_bytes());
        put(&mut bytes, &[0, 0, 0, 0]);
        put(&mut bytes, &matrix());
        put(&mut bytes, &[self.width << 16, self.height << 16]);
        full(b"tkhd", 1, in_use, &bytes)
    }

    fn media(&self, length: u64, durations: &[u32]) -> Vec<u8> {
        let mut header = self.moments().to_vec();
        put(&mut header, &[TICKS]);
        header.extend_from_slice(&length.to_be_bytes());
        // No language.
        put(&mut header, &[0x55c4_0000]);
        let handler = [&[0; 4][..], b"vide", &[0; 12], b"video\0"].concat();
        let here = full(b"url ", 0, 1, &[]);
        let references = full(b"dref", 0, 0, &[&1_u32.to_be_bytes()[..], &here].concat());
        let information = [
            full(b"vmhd", 0, 1, &[0; 8]),
            boxed(b"dinf", &references),
            boxed(b"stbl", &self.table(durations)),
        ];
        [full(b"mdhd", 1, 0, &header), full(b"hdlr", 0, 0, &handler), boxed(b"minf", &information.concat())]
            .concat()
    }

    fn table(&self, durations: &[u32]) -> Vec<u8> {
        let description = [&1_u32.to_be_bytes()[..], &self.description()].concat();
        let mut runs: Vec<(u32, u32)> = Vec::new();
        for duration in durations {
            match runs.last_mut() {
                Some((count, same)) if same == duration => *count += 1,
                _ => runs.push((1, *duration)),
            }
        }
        let times = entries(runs.iter().flat_map(|(count, duration)| [*count, *duration]), 2);
        let keys = (1..).zip(&self.samples).filter(|(_, sample)| sample.key).map(|(number, _)| number);
        let mut sizes = 0_u32.to_be_bytes().to_vec();
        sizes.extend(entries(self.samples.iter().map(|sample| sample.bytes), 1));
        let mut all = full(b"stsd", 0, 0, &description);
        all.extend(full(b"stts", 0, 0, &times));
        all.extend(full(b"stss", 0, 0, &entries(keys, 1)));
        all.extend(full(b"stsc", 0, 0, &self.chunks()));
        all.extend(full(b"stsz", 0, 0, &sizes));
        all.extend(full(b"co64", 0, 0, &self.places()));
        all
    }

    fn chunks(&self) -> Vec<u8> {
        let (whole, rest) = (self.samples.len() / CHUNK, self.samples.len() % CHUNK);
        let mut runs = Vec::new();
        if whole > 0 {
            runs.extend([1, CHUNK as u32, 1]);
        }
        if rest > 0 {
            runs.extend([whole as u32 + 1, rest as u32, 1]);
        }
        entries(runs.into_iter(), 3)
    }

    fn places(&self) -> Vec<u8> {
        let mut at = PICTURES_AT;
        let mut bytes = (self.samples.len().div_ceil(CHUNK) as u32).to_be_bytes().to_vec();
        for chunk in self.samples.chunks(CHUNK) {
            bytes.extend_from_slice(&at.to_be_bytes());
            at += chunk.iter().map(|sample| u64::from(sample.bytes)).sum::<u64>();
        }
        bytes
    }

    fn description(&self) -> Vec<u8> {
        let mut entry = vec![0; 6];
        entry.extend_from_slice(&1_u16.to_be_bytes());
        entry.extend_from_slice(&[0; 16]);
        for side in [self.width, self.height] {
            entry.extend_from_slice(&u16::try_from(side).unwrap_or(u16::MAX).to_be_bytes());
        }
        // 72 dots an inch both ways, one picture a sample, no name of the encoder, 24 bits of colour.
        put(&mut entry, &[0x0048_0000, 0x0048_0000, 0]);
        entry.extend_from_slice(&1_u16.to_be_bytes());
        entry.extend_from_slice(&[0; 32]);
        entry.extend_from_slice(&[0, 24, 0xff, 0xff]);
        match &self.coding {
            mp4::CopyCoding::H264(sets) => {
                entry.extend(boxed(b"avcC", &avc_configuration(sets)));
                boxed(b"avc1", &entry)
            }
            mp4::CopyCoding::Mpeg4(header) => {
                entry.extend(full(b"esds", 0, 0, &elementary_stream(header)));
                boxed(b"mp4v", &entry)
            }
        }
    }

    /// The title, as players that come from QuickTime show it.
    fn about(&self) -> Vec<u8> {
        let text = [&1_u32.to_be_bytes()[..], &[0; 4], self.title.as_bytes()].concat();
        let name = boxed(b"\xa9nam", &boxed(b"data", &text));
        let handler = [&[0; 4][..], b"mdirappl", &[0; 9]].concat();
        let list = [full(b"hdlr", 0, 0, &handler), boxed(b"ilst", &name)].concat();
        boxed(b"udta", &full(b"meta", 0, 0, &list))
    }
}

/// `AVCDecoderConfigurationRecord` (ISO/IEC 14496-15, 5.3.3.1), with lengths of four bytes.
fn avc_configuration(sets: &[u8]) -> Vec<u8> {
    let mut nals = Vec::new();
    annex_b::split(sets, &mut nals);
    let of_kind = |kind: u8| {
        let all = nals.iter().map(|nal| &sets[nal.body.clone()]);
        all.filter(move |nal| nal.first().is_some_and(|first| first & 0x1f == kind)).collect::<Vec<&[u8]>>()
    };
    let (sequence, picture) = (of_kind(7), of_kind(8));
    let profile: [u8; 3] =
        sequence.first().and_then(|set| set.get(1..4)?.try_into().ok()).unwrap_or_default();
    let mut bytes = vec![1];
    bytes.extend_from_slice(&profile);
    bytes.push(0xff);
    for (marker, sets) in [(0xe0, sequence), (0, picture)] {
        bytes.push(marker | sets.len().min(31) as u8);
        for set in sets.iter().take(31) {
            bytes.extend_from_slice(&u16::try_from(set.len()).unwrap_or(u16::MAX).to_be_bytes());
            bytes.extend_from_slice(set);
        }
    }
    bytes
}

/// `ES_Descriptor` of MPEG-4 Visual (ISO/IEC 14496-1, 7.2.6.5).
fn elementary_stream(header: &[u8]) -> Vec<u8> {
    let specific = described(5, header);
    // Visual, object type 0x20; no rates are promised.
    let configuration = described(4, &[&[0x20, 0x11][..], &[0; 11], &specific].concat());
    described(3, &[&[0, 1, 0][..], &configuration, &described(6, &[2])].concat())
}

fn described(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = body.len() as u32;
    let mut bytes = vec![tag];
    bytes.extend([21, 14, 7].map(|shift| (length >> shift) as u8 & 0x7f | 0x80));
    bytes.push(length as u8 & 0x7f);
    bytes.extend_from_slice(body);
    bytes
}

fn matrix() -> [u32; 9] {
    [ONE, 0, 0, 0, ONE, 0, 0, 0, 0x4000_0000]
}

fn put(bytes: &mut Vec<u8>, numbers: &[u32]) {
    bytes.extend(numbers.iter().flat_map(|number| number.to_be_bytes()));
}

/// A count of entries of `each` numbers, and the numbers.
fn entries(numbers: impl Iterator<Item = u32>, each: usize) -> Vec<u8> {
    let numbers: Vec<u32> = numbers.collect();
    let mut bytes = ((numbers.len() / each) as u32).to_be_bytes().to_vec();
    put(&mut bytes, &numbers);
    bytes
}

fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut bytes = (body.len() as u32 + 8).to_be_bytes().to_vec();
    bytes.extend_from_slice(kind);
    bytes.extend_from_slice(body);
    bytes
}

fn full(kind: &[u8; 4], version: u8, flags: u8, body: &[u8]) -> Vec<u8> {
    boxed(kind, &[&[version, 0, 0, flags][..], body].concat())
}

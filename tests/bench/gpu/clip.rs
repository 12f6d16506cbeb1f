//! An H.265 clip in memory, played around and around.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use model::{AccessUnit, Codec};

/// Ticks of 1/90,000 s from picture to picture: 25 a second.
const INTERVAL: i64 = 3600;

/// The access units of one file.
pub(crate) struct Clip {
    units: Vec<Unit>,
    parameters: Arc<[u8]>,
}

struct Unit {
    data: Bytes,
    random_access: bool,
}

impl Clip {
    /// Reads and cuts a file (Annex B, ITU-T H.265 §7.4.2.4.4).
    pub(crate) fn load(path: &Path) -> Result<Self> {
        let stream = Bytes::from(std::fs::read(path).with_context(|| path.display().to_string())?);
        let starts = start_codes(&stream);
        let mut units: Vec<Unit> = Vec::new();
        let mut parameters = Vec::new();
        let (mut begin, mut slices, mut random_access) = (0, 0, false);
        for (index, &start) in starts.iter().enumerate() {
            let end = starts.get(index + 1).copied().unwrap_or(stream.len());
            let nal = &stream[start + 3..end];
            let [head, _, first, ..] = *nal else { continue };
            let kind = head >> 1 & 0x3f;
            let is_slice = kind < 32;
            // Parameter sets and whatever else precedes a picture, or the first slice of the next one.
            if slices > 0 && (!is_slice && kind != 40 || is_slice && first & 0x80 != 0) {
                units.push(Unit { data: stream.slice(begin..start), random_access });
                (begin, slices, random_access) = (start, 0, false);
            }
            if is_slice {
                slices += 1;
                random_access |= (16..=21).contains(&kind);
            } else if (32..=34).contains(&kind) && units.is_empty() {
                parameters.extend_from_slice(&[0, 0, 0, 1]);
                parameters.extend_from_slice(nal);
            }
        }
        units.push(Unit { data: stream.slice(begin..), random_access });
        ensure!(units.len() > 1 && units[0].random_access, "{} is no H.265 clip", path.display());
        Ok(Self { units, parameters: parameters.into() })
    }

    /// Unit `number` of the endless clip, as it arrives now.
    pub(crate) fn unit(&self, number: usize) -> AccessUnit {
        let unit = &self.units[number % self.units.len()];
        AccessUnit {
            codec: Codec::H265,
            data: unit.data.clone(),
            parameters: Arc::clone(&self.parameters),
            random_access: unit.random_access,
            timestamp: number as i64 * INTERVAL,
            lost_packets: 0,
            received: Instant::now(),
            captured: None,
        }
    }
}

/// Where each start code 00 00 01 begins.
fn start_codes(stream: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = 0;
    while at + 3 <= stream.len() {
        match stream[at..at + 3] {
            [0, 0, 1] => {
                found.push(at);
                at += 3;
            }
            [_, _, last] if last > 1 => at += 3,
            _ => at += 1,
        }
    }
    found
}

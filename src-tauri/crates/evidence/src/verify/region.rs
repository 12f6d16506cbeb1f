//! What stands where something else was expected: clusters are looked for, and compared with every group of the package.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use memchr::memmem;

use super::{CHUNK, Place, VerifyFault, Walk};
use crate::index::Group;
use crate::matroska::{element, id};

/// A group is tried as so many clusters at most: of footage with a key frame in two minutes.
const MOST_CLUSTERS: usize = 32;
/// So many bytes are hashed beyond four times what is looked through; then what stands there stays unknown.
const PATIENCE: u64 = 64 << 20;

/// Groups that stand there, in their order.
#[derive(Default)]
pub(super) struct Found {
    pub(super) groups: Vec<Place>,
}

impl Found {
    pub(super) fn has(&self, (camera, part): (usize, usize), wanted: &Group) -> bool {
        self.groups.iter().any(|(c, p, group)| (*c, *p) == (camera, part) && group == wanted)
    }
}

impl Walk<'_, '_> {
    pub(super) fn region(
        &mut self,
        media: &mut File,
        region: Range<u64>,
    ) -> Result<io::Result<Found>, VerifyFault> {
        let lengths: HashSet<u64> = self.known().values().map(|(.., group)| group.bytes).collect();
        let mut found = Found::default();
        let mut at = region.start;
        // Bytes made to look like clusters all over must not keep anybody busy for hours.
        let mut patience = (region.end - region.start).saturating_mul(4).saturating_add(PATIENCE);
        while at < region.end && patience > 0 {
            let next = match next_cluster(media, at..region.end) {
                Err(error) => return Ok(Err(error)),
                Ok(None) => break,
                Ok(Some(next)) => next,
            };
            match self.group_at(media, next..region.end, &lengths, &mut patience)? {
                Err(error) => return Ok(Err(error)),
                Ok(Some(place)) => {
                    at = next + place.2.bytes;
                    found.groups.push(place);
                }
                // What looks like a cluster may be part of a picture, so it is not skipped as one.
                Ok(None) => at = next + 1,
            }
        }
        Ok(Ok(found))
    }

    /// A group that begins exactly there.
    fn group_at(
        &mut self,
        media: &mut File,
        region: Range<u64>,
        lengths: &HashSet<u64>,
        patience: &mut u64,
    ) -> Result<io::Result<Option<Place>>, VerifyFault> {
        let mut end = region.start;
        for _ in 0..MOST_CLUSTERS {
            match cluster_at(media, end..region.end) {
                Err(error) => return Ok(Err(error)),
                Ok(None) => break,
                Ok(Some(cluster)) => end += cluster,
            }
            let bytes = end - region.start;
            if !lengths.contains(&bytes) {
                continue;
            }
            if let Err(error) = media.seek(SeekFrom::Start(region.start)) {
                return Ok(Err(error));
            }
            *patience = patience.saturating_sub(bytes);
            let hash = match self.hash_next(media, bytes)? {
                Err(error) => return Ok(Err(error)),
                Ok(hash) => hash,
            };
            if let Some(place) = hash.and_then(|hash| self.known().get(&hash).copied()) {
                return Ok(Ok(Some(place)));
            }
        }
        Ok(Ok(None))
    }
}

/// How long the cluster is that begins exactly there.
fn cluster_at(media: &mut File, region: Range<u64>) -> io::Result<Option<u64>> {
    let mut bytes = Vec::with_capacity(element::LONGEST_HEADER);
    media.seek(SeekFrom::Start(region.start))?;
    media.by_ref().take(element::LONGEST_HEADER as u64).read_to_end(&mut bytes)?;
    let header = element::header(&bytes).filter(|header| header.id == id::CLUSTER);
    let length = header.and_then(|header| header.size?.checked_add(header.length as u64));
    Ok(length.filter(|length| *length <= region.end - region.start))
}

/// Where the next cluster may begin.
fn next_cluster(media: &mut File, region: Range<u64>) -> io::Result<Option<u64>> {
    let wanted = id::CLUSTER.to_be_bytes();
    let mut at = region.start;
    let mut buffer = Vec::new();
    while at < region.end {
        buffer.clear();
        media.seek(SeekFrom::Start(at))?;
        media.by_ref().take((region.end - at).min(CHUNK as u64)).read_to_end(&mut buffer)?;
        if let Some(place) = memmem::find(&buffer, &wanted) {
            return Ok(Some(at + place as u64));
        }
        // An id may lie across two chunks.
        match buffer.len() {
            0..=3 => return Ok(None),
            read => at += read as u64 - 3,
        }
    }
    Ok(None)
}

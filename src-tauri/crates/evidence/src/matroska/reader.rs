//! Reads the files that this room writes, without trusting them: every length is bounded before it is believed.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use model::{AccessUnit, Codec};

use super::element::{self, Header};
use super::{FRAMING, PICTURES, SOUND, head, id};
use crate::annex_b;
use crate::description::SoundFormat;
use crate::index::Group;
use crate::parameters;
use crate::sound;

/// The most bytes of an element that is held in memory: a unit of the largest size in the worst framing.
const MOST: u64 = 4 * AccessUnit::MAX_BYTES as u64;
/// The most bytes of the elements in front of the first cluster.
const MOST_HEAD: u64 = 1 << 20;

/// Why a file can't be read on.
#[derive(Debug, thiserror::Error)]
pub enum Faulty {
    /// The system says so.
    #[error(transparent)]
    Unreadable(#[from] io::Error),
    /// Something stands there that this room has not written.
    #[error("not a file of this program, at byte {at}")]
    Malformed {
        /// Where.
        at: u64,
    },
}

/// What a file says of its pictures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introduced {
    /// How they are coded.
    pub codec: Codec,
    /// Parameter sets in front of the first picture (Annex B); empty for MJPEG.
    pub parameters: Arc<[u8]>,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// True time of the first picture.
    pub begin: Timestamp,
    /// Whether there is sound, too.
    pub sound: bool,
}

/// What comes out of a file, in the order in which it came from the recorder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contents {
    /// One access unit.
    Picture {
        /// As it came, byte for byte.
        data: Bytes,
        /// Parameter sets that a decoder needs in front of it (Annex B); the same `Arc` until they change.
        parameters: Arc<[u8]>,
        /// A decoder may begin here.
        random_access: bool,
        /// True time, to the millisecond.
        taken_at: Timestamp,
    },
    /// The sound of one packet.
    Sound {
        /// As it came, byte for byte.
        data: Bytes,
        /// True time, to the millisecond.
        taken_at: Timestamp,
    },
}

/// Goes through a file from its beginning. Holds one block in memory at a time.
pub struct MediaReader {
    file: BufReader<File>,
    /// How many bytes were read.
    at: u64,
    introduced: Introduced,
    in_force: Arc<[u8]>,
    format: Option<SoundFormat>,
    /// Bytes in front of the first cluster.
    head: u64,
    /// Of the cluster being read.
    base: i64,
}

impl MediaReader {
    /// Opens a file and reads its head. `format` is what the manifest says of the sound.
    ///
    /// # Errors
    /// [`Faulty`].
    pub fn open(path: &Path, format: Option<&SoundFormat>) -> Result<Self, Faulty> {
        let mut file = BufReader::with_capacity(256 << 10, File::open(path)?);
        let mut start = Vec::new();
        let mut at = 0;
        // The head is read on until the first cluster's header, whatever stands in between.
        loop {
            let header = next_header(&mut file, &mut at)?.ok_or(Faulty::Malformed { at })?;
            match header.id {
                id::CLUSTER => {
                    let introduced = introduced(&start).ok_or(Faulty::Malformed { at })?;
                    let in_force = Arc::clone(&introduced.parameters);
                    let (format, head) = (format.cloned(), at - header.length as u64);
                    return Ok(Self { file, at, introduced, in_force, format, head, base: 0 });
                }
                id::SEGMENT => {}
                id::CUES => return Err(Faulty::Malformed { at }),
                _ => {
                    let data = body(&mut file, &mut at, header, MOST_HEAD)?;
                    element::put(&mut start, header.id, &data);
                    if start.len() as u64 > MOST_HEAD {
                        return Err(Faulty::Malformed { at });
                    }
                }
            }
        }
    }

    /// Goes on at a group of the file's index. Parameter sets are the first ones again, unless the group has its own.
    ///
    /// # Errors
    /// [`Faulty::Unreadable`].
    pub fn go_to(&mut self, group: &Group) -> Result<(), Faulty> {
        self.at = self.file.seek(SeekFrom::Start(group.offset))?;
        self.in_force = Arc::clone(&self.introduced.parameters);
        Ok(())
    }

    /// What the file says of its pictures.
    #[must_use]
    pub fn introduced(&self) -> &Introduced {
        &self.introduced
    }

    /// How many bytes stand in front of the first cluster.
    pub(crate) fn head_bytes(&self) -> u64 {
        self.head
    }

    /// The next picture or sound; `None` at the end.
    ///
    /// # Errors
    /// [`Faulty`]; then nothing more can be read.
    pub fn next_contents(&mut self) -> Result<Option<Contents>, Faulty> {
        while let Some(header) = next_header(&mut self.file, &mut self.at)? {
            match header.id {
                id::CLUSTER => {}
                id::TIMESTAMP => {
                    let data = self.body(header)?;
                    let base = element::number(&data).and_then(|base| i64::try_from(base).ok());
                    self.base = base.ok_or(Faulty::Malformed { at: self.at })?;
                }
                id::SIMPLE_BLOCK => {
                    let data = self.body(header)?;
                    let key = data.get(3).is_some_and(|flags| flags & 0x80 != 0);
                    return self.block(&data, key, None).map(Some);
                }
                id::BLOCK_GROUP => {
                    let group = self.body(header)?;
                    let block = element::find(&group, id::BLOCK).ok_or(Faulty::Malformed { at: self.at })?;
                    let key = element::find(&group, id::REFERENCE).is_none();
                    return self.block(block, key, framing(&group)).map(Some);
                }
                _ => {
                    self.body(header)?;
                }
            }
        }
        Ok(None)
    }

    fn body(&mut self, header: Header) -> Result<Vec<u8>, Faulty> {
        body(&mut self.file, &mut self.at, header, MOST)
    }

    fn block(&mut self, block: &[u8], key: bool, framing: Option<&[u8]>) -> Result<Contents, Faulty> {
        let malformed = Faulty::Malformed { at: self.at };
        let Some((&[track, high, low, _], data)) = block.split_first_chunk::<4>() else {
            return Err(malformed);
        };
        let at = self.base.saturating_add(i16::from_be_bytes([high, low]).into());
        let begin = self.introduced.begin.as_millisecond();
        let taken_at = begin.checked_add(at).and_then(|at| Timestamp::from_millisecond(at).ok());
        let Some(taken_at) = taken_at else { return Err(malformed) };
        match u64::from(track & 0x7f) {
            SOUND => {
                let data = match &self.format {
                    Some(format) => sound::from_file(format, data),
                    None => data.to_vec(),
                };
                Ok(Contents::Sound { data: data.into(), taken_at })
            }
            PICTURES => {
                let data = self.unit(data, key, framing).ok_or(malformed)?.into();
                let parameters = Arc::clone(&self.in_force);
                Ok(Contents::Picture { data, parameters, random_access: key, taken_at })
            }
            _ => Err(malformed),
        }
    }

    fn unit(&mut self, data: &[u8], key: bool, framing: Option<&[u8]>) -> Option<Vec<u8>> {
        if self.introduced.codec == Codec::Mjpeg {
            return Some(data.to_vec());
        }
        let (unit, inserted) = annex_b::join(data, framing).ok()?;
        if inserted.is_empty() && key {
            self.in_force = Arc::clone(&self.introduced.parameters);
        } else if !inserted.is_empty() && inserted != *self.in_force {
            self.in_force = inserted.into();
        }
        Some(unit)
    }
}

fn framing(group: &[u8]) -> Option<&[u8]> {
    let additions = element::find(group, id::ADDITIONS)?;
    let more = element::elements(additions).find(|(id, _, more)| {
        let number = element::find(more, id::ADD_ID).and_then(element::number);
        *id == id::MORE && number == Some(FRAMING)
    });
    element::find(more?.2, id::ADDITIONAL)
}

/// What stands in the elements before the first cluster.
fn introduced(start: &[u8]) -> Option<Introduced> {
    element::find(start, id::EBML)?;
    let begin = head::begin_of(element::find(element::find(start, id::INFO)?, id::DATE)?)?;
    let tracks = element::find(start, id::TRACKS)?;
    let number = |track| element::find(track, id::TRACK_NUMBER).and_then(element::number);
    let track = |wanted| {
        let mut all = element::elements(tracks).filter(|(id, ..)| *id == id::TRACK);
        all.find(|(_, _, track)| number(track) == Some(wanted)).map(|(_, _, track)| track)
    };
    let pictures = track(PICTURES)?;
    let codec = head::codec_of(element::find(pictures, id::CODEC)?)?;
    let private = element::find(pictures, id::PRIVATE).unwrap_or_default();
    let video = element::find(pictures, id::VIDEO)?;
    let side = |id| u32::try_from(element::find(video, id).and_then(element::number)?).ok();
    let sets = parameters::sets_of(codec, private);
    Some(Introduced {
        codec,
        parameters: sets.iter().flat_map(|set| [&[0, 0, 0, 1], set.as_slice()].concat()).collect(),
        width: side(id::WIDTH)?,
        height: side(id::HEIGHT)?,
        begin,
        sound: track(SOUND).is_some(),
    })
}

/// `None` at the end of the file.
fn next_header(file: &mut impl Read, at: &mut u64) -> Result<Option<Header>, Faulty> {
    let mut bytes = Vec::with_capacity(element::LONGEST_HEADER);
    while bytes.len() < element::LONGEST_HEADER {
        let mut byte = [0];
        if file.read(&mut byte)? == 0 {
            return if bytes.is_empty() { Ok(None) } else { Err(Faulty::Malformed { at: *at }) };
        }
        bytes.push(byte[0]);
        if let Some(header) = element::header(&bytes) {
            *at += header.length as u64;
            return Ok(Some(header));
        }
    }
    Err(Faulty::Malformed { at: *at })
}

fn body(file: &mut impl Read, at: &mut u64, header: Header, most: u64) -> Result<Vec<u8>, Faulty> {
    let size = header.size.filter(|size| *size <= most).ok_or(Faulty::Malformed { at: *at })?;
    let mut data = Vec::new();
    // No room is made for what is only claimed.
    file.by_ref().take(size).read_to_end(&mut data)?;
    *at += data.len() as u64;
    if data.len() as u64 == size { Ok(data) } else { Err(Faulty::Malformed { at: *at }) }
}

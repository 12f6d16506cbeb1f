//! One media file in the making.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use jiff::Timestamp;
use model::{AccessUnit, Codec};
use sha2::{Digest as _, Sha256};

use super::hashing::{hash_file, hash_next, rehash};
use super::sum::Sum;
use super::{At, ExportFault, Progress, create, disk, remove, rename};
use crate::annex_b::{self, Framing, Nal};
use crate::description::{SoundFormat, Source, Tool};
use crate::digest::Digest;
use crate::index::{self, Group, INTERRUPTION_MS, IndexReader};
use crate::manifest::{IndexFile, MediaFile, Piece, codec_name};
use crate::matroska::cluster::{Cluster, Picture};
use crate::matroska::{MediaReader, cues, element, head};
use crate::names::safe_name;
use crate::parameters;
use crate::sound::{self, SoundPacket};

/// JPEG pictures are listed by the second.
const JPEG_GROUP_MS: i64 = 1000;
/// What is read or written at once.
const CHUNK: usize = 1 << 20;

/// Which file of which camera.
pub(super) struct PartName<'a> {
    pub(super) inside: &'a Path,
    pub(super) package: &'a str,
    pub(super) camera: usize,
    /// As people call the camera.
    pub(super) name: &'a str,
    /// Counted from 1.
    pub(super) part: usize,
}

impl PartName<'_> {
    fn stem(&self) -> String {
        let name = safe_name(self.name);
        match self.part {
            1 => format!("{:02}-{name}", self.camera),
            part => format!("{:02}-{name}.{part}", self.camera),
        }
    }

    fn media(&self) -> String {
        format!("{}.mkv", self.stem())
    }

    fn index(&self) -> String {
        format!("{}.index.jsonl", self.stem())
    }

    fn partial(&self) -> PathBuf {
        self.inside.join(format!("{}.mkv{}", self.stem(), super::PARTIAL))
    }

    fn seed(&self) -> Digest {
        index::seed(self.package, &self.media())
    }

    fn uid(&self) -> [u8; 16] {
        let mut uid = [0; 16];
        uid.copy_from_slice(&self.seed().as_bytes()[..16]);
        uid
    }
}

/// A file that takes pictures.
pub(super) struct Part {
    path: PathBuf,
    media: File,
    index: File,
    codec: Codec,
    width: u32,
    height: u32,
    /// Parameter sets in the head, and those of the last unit that came with others.
    sets: Sets,
    /// True time of the first picture.
    begin: Timestamp,
    head: u64,
    /// Where the next bytes go.
    offset: u64,
    chain: Digest,
    groups: u64,
    newest: Timestamp,
    cluster: Cluster,
    group: Option<OpenGroup>,
    nals: Vec<Nal>,
}

struct Sets {
    in_head: Vec<Vec<u8>>,
    last: Arc<[u8]>,
    /// What has to stand in front of a key frame that comes with `last`; empty if the head has it.
    to_insert: Vec<Vec<u8>>,
}

struct OpenGroup {
    offset: u64,
    hash: Sha256,
    from: Timestamp,
    to: Timestamp,
    key: bool,
    pictures: u32,
    sound: u32,
    lost: u32,
}

impl Part {
    /// Begins a file with its first picture.
    pub(super) fn begin(
        name: &PartName<'_>,
        source: &Source,
        tool: &Tool,
        first: &AccessUnit,
        taken_at: Timestamp,
    ) -> Result<Self, ExportFault> {
        let known = match first.codec {
            Codec::Mjpeg => &first.data[..],
            _ if first.parameters.is_empty() => &first.data[..],
            _ => &first.parameters[..],
        };
        let introduction = parameters::introduce(first.codec, known)?;
        // To the millisecond, so that times in the file and true ones are the same.
        let begin = Timestamp::from_millisecond(taken_at.as_millisecond()).unwrap_or(taken_at);
        let head = head::Head {
            codec: first.codec,
            introduction: &introduction,
            sound: source.sound.as_ref(),
            begin,
            title: &source.name,
            tool,
            uid: name.uid(),
        };
        let head = head.bytes();
        let path = name.partial();
        // Left there if the program was killed before the first group was whole.
        remove(&path)?;
        remove(&name.inside.join(name.index()))?;
        let (mut media, index) = (create(&path)?, create(&name.inside.join(name.index()))?);
        media.write_all(&head).at(&path)?;
        Ok(Self {
            path,
            media,
            index,
            codec: first.codec,
            width: introduction.width,
            height: introduction.height,
            sets: Sets::new(parameters::sets_of(first.codec, &introduction.private)),
            begin,
            head: head.len() as u64,
            offset: head.len() as u64,
            chain: name.seed(),
            groups: 0,
            newest: taken_at,
            cluster: Cluster::default(),
            group: None,
            nals: Vec::new(),
        })
    }

    /// Takes up a file that was left: everything up to the last group whose bytes are those of its index. `None`: there is
    /// no such group.
    pub(super) fn resume(name: &PartName<'_>) -> Result<Option<Self>, ExportFault> {
        let (path, whole) = (name.partial(), name.inside.join(name.media()));
        if !path.exists() && whole.exists() {
            // Killed between the file's end and the note that it is done.
            rename(&whole, &path)?;
        }
        let index_path = name.inside.join(name.index());
        let Some((reader, head)) = path.exists().then(|| readable(&path)).flatten() else { return Ok(None) };
        let introduced = reader.introduced();
        let (mut media, index) = (disk::reopen(&path)?, disk::reopen(&index_path)?);
        let mut lines = IndexReader::new(BufReader::new(&index), name.seed(), head);
        let (mut newest, mut groups) = (None, 0);
        let (mut chain, mut offset, mut listed) = (name.seed(), head, 0);
        media.seek(SeekFrom::Start(head)).at(&path)?;
        while let Some(Ok(group)) = lines.next_group().at(&index_path)? {
            if hash_next(&mut media, group.bytes).at(&path)? != Some(group.sha256) {
                break;
            }
            newest = newest.max(Some(group.to));
            groups += 1;
            (chain, offset, listed) = (lines.chain(), lines.offset(), lines.read_bytes());
        }
        let Some(newest) = newest else { return Ok(None) };
        media.set_len(offset).and_then(|()| media.seek(SeekFrom::Start(offset))).at(&path)?;
        index.set_len(listed).and_then(|()| (&index).seek(SeekFrom::Start(listed))).at(&index_path)?;
        let sets = parameters::sets(introduced.codec, &introduced.parameters);
        Ok(Some(Self {
            sets: Sets::new(sets.into_iter().map(<[u8]>::to_vec).collect()),
            codec: introduced.codec,
            width: introduced.width,
            height: introduced.height,
            begin: introduced.begin,
            path,
            media,
            index,
            head,
            offset,
            chain,
            groups,
            newest,
            cluster: Cluster::default(),
            group: None,
            nals: Vec::new(),
        }))
    }

    pub(super) fn codec(&self) -> Codec {
        self.codec
    }

    pub(super) fn newest(&self) -> Timestamp {
        self.newest
    }

    pub(super) fn written(&self) -> u64 {
        self.offset
    }

    pub(super) fn picture(&mut self, unit: &AccessUnit, taken_at: Timestamp) -> Result<(), ExportFault> {
        if self.begins_group(unit, taken_at) {
            self.close_group()?;
        }
        let at = self.at(taken_at);
        self.make_room(at)?;
        let key = unit.random_access;
        if self.codec == Codec::Mjpeg {
            let parts = [&unit.data[..]];
            self.cluster.picture(&Picture { at, key, parts: &parts, lengths: false, framing: None });
        } else {
            let end = annex_b::split(&unit.data, &mut self.nals);
            let complete = !key || parameters::complete(self.codec, &unit.data, &self.nals);
            let inserted: &[Vec<u8>] =
                if complete { &[] } else { self.sets.missing_in_head(self.codec, &unit.parameters) };
            let framing = Framing::of(&unit.data, &self.nals, end, inserted.len());
            let own = self.nals.iter().map(|nal| &unit.data[nal.body.clone()]);
            let parts: Vec<&[u8]> = inserted.iter().map(Vec::as_slice).chain(own).collect();
            let framing = framing.as_deref();
            self.cluster.picture(&Picture { at, key, parts: &parts, lengths: true, framing });
        }
        self.newest = self.newest.max(taken_at);
        let group = self.group.get_or_insert_with(|| OpenGroup::new(self.offset, taken_at, key));
        group.to = group.to.max(taken_at);
        group.pictures = group.pictures.saturating_add(1);
        group.lost = group.lost.saturating_add(unit.lost_packets);
        Ok(())
    }

    pub(super) fn sound(&mut self, format: &SoundFormat, packet: &SoundPacket) -> Result<(), ExportFault> {
        let at = self.at(packet.taken_at);
        self.make_room(at)?;
        let mut data = Vec::with_capacity(packet.data.len());
        sound::to_file(format, &packet.data, &mut data);
        self.cluster.sound(at, &data);
        if let Some(group) = &mut self.group {
            group.sound = group.sound.saturating_add(1);
        }
        Ok(())
    }

    /// Whether sound can be taken: it belongs to a group, and a group begins with a picture.
    pub(super) fn takes_sound(&self) -> bool {
        self.group.is_some()
    }

    fn begins_group(&self, unit: &AccessUnit, taken_at: Timestamp) -> bool {
        let Some(group) = &self.group else { return false };
        let since = |moment: Timestamp| taken_at.as_millisecond() - moment.as_millisecond();
        let due = self.codec != Codec::Mjpeg || since(group.from) >= JPEG_GROUP_MS;
        unit.random_access && due || since(group.to) > INTERRUPTION_MS
    }

    /// Milliseconds since the file's beginning.
    fn at(&self, moment: Timestamp) -> i64 {
        moment.as_millisecond() - self.begin.as_millisecond()
    }

    fn make_room(&mut self, at: i64) -> Result<(), ExportFault> {
        if self.cluster.takes(at) { Ok(()) } else { self.flush() }
    }

    /// Writes the cluster, if anything is in it.
    fn flush(&mut self) -> Result<(), ExportFault> {
        let bytes = self.cluster.close();
        self.media.write_all(bytes).at(&self.path)?;
        if let Some(group) = &mut self.group {
            group.hash.update(bytes);
        }
        self.offset += bytes.len() as u64;
        Ok(())
    }

    fn close_group(&mut self) -> Result<(), ExportFault> {
        self.flush()?;
        let Some(open) = self.group.take() else { return Ok(()) };
        let group = Group {
            group: self.groups,
            offset: open.offset,
            bytes: self.offset - open.offset,
            sha256: Digest::of_all(open.hash),
            from: open.from,
            to: open.to,
            key: open.key,
            pictures: open.pictures,
            sound: open.sound,
            lost: open.lost,
            chain: self.chain,
        }
        .chained(self.chain);
        self.index.write_all(&group.line()).at(&self.path)?;
        self.groups += 1;
        self.chain = group.chain;
        Ok(())
    }

    /// Ends the file: the tail, the three numbers in the head, the disk, the hashes, its name.
    pub(super) fn finish(
        mut self,
        name: &PartName<'_>,
        progress: Progress<'_>,
    ) -> Result<MediaFile, ExportFault> {
        self.close_group()?;
        let index_path = name.inside.join(name.index());
        let sum = Sum::of(&mut self.index, name.seed(), self.head).at(&index_path)?;
        let end = self.offset;
        self.write_tail(name, &sum)?;
        self.patch_head(&sum, end)?;
        let lengths = [self.head, end - self.head, self.offset - end];
        let [whole, head, tail] = self.sync_and_hash(lengths, &index_path, progress)?;
        let index_sha256 = rehash(&mut self.index).at(&index_path)?;
        let file = MediaFile {
            name: name.media(),
            bytes: self.offset,
            sha256: whole,
            codec: codec_name(self.codec),
            width: self.width,
            height: self.height,
            from: sum.from,
            to: sum.to,
            pictures: sum.pictures,
            sound: sum.sound,
            lost: sum.lost,
            interruptions: sum.interruptions,
            head: Piece { bytes: self.head, sha256: head },
            tail: Piece { bytes: self.offset - end, sha256: tail },
            index: IndexFile {
                name: name.index(),
                bytes: sum.index_bytes,
                sha256: index_sha256,
                groups: sum.groups,
                chain: self.chain,
            },
        };
        drop((self.media, self.index));
        rename(&self.path, &name.inside.join(name.media()))?;
        Ok(file)
    }

    /// Hashes the file while the disk takes it: the one waits for the processor, the other for the disk.
    fn sync_and_hash(
        &mut self,
        lengths: [u64; 3],
        index_path: &Path,
        progress: Progress<'_>,
    ) -> Result<[Digest; 3], ExportFault> {
        let (media, index) = (self.media.try_clone().at(&self.path)?, &self.index);
        let sync = || media.sync_all().at(&self.path).and_then(|()| index.sync_all().at(index_path));
        thread::scope(|scope| {
            let syncing = thread::Builder::new().name("evidence-sync".to_owned()).spawn_scoped(scope, sync);
            let hashed = hash_file(&mut self.media, lengths, &self.path, progress);
            // Without a thread for it, one after the other.
            let synced = match syncing {
                Ok(syncing) => syncing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
                Err(_) => sync(),
            };
            synced.and(hashed)
        })
    }

    fn write_tail(&mut self, name: &PartName<'_>, sum: &Sum) -> Result<(), ExportFault> {
        let mut start = vec![0; usize::try_from(self.head).unwrap_or_default()];
        self.media.seek(SeekFrom::Start(0)).and_then(|_| self.media.read_exact(&mut start)).at(&self.path)?;
        let segment = head::places(&start).map_or(0, |places| places.segment as u64);
        self.media.seek(SeekFrom::Start(self.offset)).at(&self.path)?;
        self.index.seek(SeekFrom::Start(0)).at(&self.path)?;
        let mut lines = IndexReader::new(BufReader::new(&self.index), name.seed(), self.head);
        let mut out = BufWriter::with_capacity(CHUNK, &self.media);
        let mut bytes = Vec::with_capacity(64);
        cues::put_cues_header(&mut bytes, sum.keys);
        loop {
            self.offset += bytes.len() as u64;
            out.write_all(&bytes).at(&self.path)?;
            bytes.clear();
            let Some(Ok(group)) = lines.next_group().at(&self.path)? else { break };
            if group.key {
                let at = group.from.as_millisecond() - self.begin.as_millisecond();
                cues::put_cue(&mut bytes, at, group.offset - segment);
            }
        }
        out.flush().at(&self.path)
    }

    fn patch_head(&mut self, sum: &Sum, cues: u64) -> Result<(), ExportFault> {
        let mut start = vec![0; usize::try_from(self.head).unwrap_or_default()];
        self.media.seek(SeekFrom::Start(0)).and_then(|_| self.media.read_exact(&mut start)).at(&self.path)?;
        let Some(places) = head::places(&start) else { return Ok(()) };
        let segment = places.segment;
        let duration = (self.at(sum.to) + sum.interval_ms()) as f64;
        start[segment - 8..segment].copy_from_slice(&element::wide(self.offset - segment as u64));
        start[places.cues..places.cues + 8].copy_from_slice(&(cues - segment as u64).to_be_bytes());
        start[places.duration..places.duration + 8].copy_from_slice(&duration.to_be_bytes());
        self.media.seek(SeekFrom::Start(0)).and_then(|_| self.media.write_all(&start)).at(&self.path)
    }
}

impl Sets {
    fn new(in_head: Vec<Vec<u8>>) -> Self {
        Self { in_head, last: Arc::from([]), to_insert: Vec::new() }
    }

    fn missing_in_head(&mut self, codec: Codec, current: &Arc<[u8]>) -> &[Vec<u8>] {
        if !Arc::ptr_eq(&self.last, current) {
            self.last = Arc::clone(current);
            let sets = parameters::sets(codec, current);
            self.to_insert = if sets == self.in_head {
                Vec::new()
            } else {
                sets.into_iter().map(<[u8]>::to_vec).collect()
            };
        }
        &self.to_insert
    }
}

impl OpenGroup {
    fn new(offset: u64, from: Timestamp, key: bool) -> Self {
        Self { offset, hash: Sha256::new(), from, to: from, key, pictures: 0, sound: 0, lost: 0 }
    }
}

/// The file's reader and the length of its head, if there is a first group.
fn readable(path: &Path) -> Option<(MediaReader, u64)> {
    let reader = MediaReader::open(path, None).ok()?;
    let head = reader.head_bytes();
    Some((reader, head))
}

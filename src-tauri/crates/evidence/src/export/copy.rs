//! Copies for viewing, beside the footage that they were made of.

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

use jiff::Timestamp;

use super::hashing::hash_file;
use super::{At, Export, ExportFault, PARTIAL, Progress, create, disk, remove, rename};
use crate::manifest::{AttachedFile, Attachment, MediaFile, ViewingCopy};
use crate::mp4::{CopyCoding, Mp4};
use crate::names::safe_name;

/// More of them, an hour each, nobody makes.
const MOST: usize = 10_000;
/// What is written at once.
const CHUNK: usize = 256 << 10;

/// What a copy is made of, and what is left out of it.
#[derive(Clone, Debug)]
pub struct CopyOf {
    /// Which of [`Export::sources`], counted from 0.
    pub camera: usize,
    /// The file that it shows.
    pub original: MediaFile,
    /// What is covered.
    pub masks: Vec<model::Mask>,
}

/// A file in the making. If it is dropped, it is no part of the package.
pub struct CopyWriter {
    path: PathBuf,
    name: String,
    of: CopyOf,
    mp4: Mp4<BufWriter<File>>,
    codec: &'static str,
    width: u32,
    height: u32,
    begin: Timestamp,
    /// Of the last picture, in the file.
    at_ms: i64,
    to: Timestamp,
    cards: u64,
    undecoded: u64,
}

impl Export {
    /// Begins a copy of a file of this package; `begin`: true time of its first picture.
    ///
    /// # Errors
    /// [`ExportFault::TooMany`], [`ExportFault::Disk`].
    pub fn copy(
        &self,
        of: CopyOf,
        coding: CopyCoding,
        width: u32,
        height: u32,
        begin: Timestamp,
    ) -> Result<CopyWriter, ExportFault> {
        if self.state.attachments.len() >= MOST {
            return Err(ExportFault::TooMany);
        }
        let source = self.state.cameras.get(of.camera);
        let title = source.map(|source| source.name.clone()).unwrap_or_default();
        let camera = source.map(|source| &source.camera);
        let already = self.copies().filter(|copy| Some(&copy.camera) == camera).count();
        let (number, name) = (of.camera + 1, safe_name(&title));
        let name = match already {
            0 => format!("viewing-{number:02}-{name}.mp4"),
            _ => format!("viewing-{number:02}-{name}.{}.mp4", already + 1),
        };
        let path = self.inside().join(format!("{name}{PARTIAL}"));
        // Left there if the program was killed before the copy was whole.
        remove(&path)?;
        remove(&self.inside().join(&name))?;
        let codec = coding.name();
        let out = BufWriter::with_capacity(CHUNK, create(&path)?);
        // Marks that turn text or hide are for nobody who looks at a title.
        let turns = |letter: char| matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}');
        let title: String = title.chars().filter(|letter| !turns(*letter)).collect();
        let mp4 = Mp4::begin(out, coding, width, height, &title, begin.as_second()).at(&path)?;
        Ok(CopyWriter {
            path,
            name,
            of,
            mp4,
            codec,
            width,
            height,
            begin,
            at_ms: -1,
            to: begin,
            cards: 0,
            undecoded: 0,
        })
    }

    /// Ends a copy: the tables, the disk, the hash; from then on it belongs to the package. One without pictures is
    /// removed.
    ///
    /// # Errors
    /// [`ExportFault::Disk`], [`ExportFault::Cancelled`]: it does not belong to the package.
    pub fn take_copy(&mut self, copy: CopyWriter, progress: Progress<'_>) -> Result<(), ExportFault> {
        let CopyWriter { path, name, of, mp4, codec, width, height, begin, to, cards, undecoded, .. } = copy;
        let pictures = mp4.pictures() - cards;
        if pictures == 0 {
            drop(mp4);
            return remove(&path);
        }
        let camera = self.state.cameras.get(of.camera).map(|source| source.camera.clone());
        let Some(camera) = camera else { return remove(&path) };
        let mut file =
            mp4.finish().at(&path)?.into_inner().map_err(std::io::IntoInnerError::into_error).at(&path)?;
        file.sync_all().at(&path)?;
        let bytes = file.metadata().at(&path)?.len();
        let [sha256, ..] = hash_file(&mut file, [0, bytes, 0], &path, progress)?;
        drop(file);
        let inside = self.inside().join(&name);
        rename(&path, &inside)?;
        disk::sync_folder_of(&inside)?;
        let copy = ViewingCopy {
            camera,
            original: of.original.name,
            original_sha256: of.original.sha256,
            codec: codec.to_owned(),
            width,
            height,
            from: begin,
            to,
            pictures,
            undecoded,
            masks: of.masks.into_iter().map(Into::into).collect(),
        };
        let kind = Attachment::ViewingCopy;
        self.state.attachments.push(AttachedFile { name, bytes, sha256, kind, copy: Some(copy) });
        self.state.save(&self.partial)
    }

    /// The copies that are done.
    pub fn copies(&self) -> impl Iterator<Item = &ViewingCopy> {
        self.state.attachments.iter().filter_map(|attached| attached.copy.as_ref())
    }
}

impl CopyWriter {
    /// A coded picture, shown so many milliseconds after the file's beginning: as [`CopyWriter::place`] gave it.
    ///
    /// # Errors
    /// [`ExportFault::Disk`].
    pub fn picture(&mut self, data: &[u8], at_ms: i64, key: bool) -> Result<(), ExportFault> {
        self.mp4.picture(data, at_ms, key).at(&self.path)
    }

    /// The next picture, taken at this true time, is shown so many milliseconds after the file's beginning: as long after
    /// the one before as it was taken after it, at least one.
    pub fn place(&mut self, taken_at: Timestamp) -> i64 {
        let since = taken_at.as_millisecond() - self.begin.as_millisecond();
        self.at_ms = since.max(self.at_ms + 1);
        self.to = self.to.max(taken_at);
        self.at_ms
    }

    /// A picture that is none of the camera's comes next: words in place of pictures that there are none of. Gives when it
    /// is shown.
    pub fn place_card(&mut self, stands_for: Timestamp) -> i64 {
        self.cards += 1;
        let since = stands_for.as_millisecond() - self.begin.as_millisecond();
        self.at_ms = since.max(self.at_ms + 1);
        self.at_ms
    }

    /// A unit of the original did not become a picture.
    pub fn undecoded(&mut self, pictures: u64) {
        self.undecoded += pictures;
    }

    /// Bytes so far.
    #[must_use]
    pub fn written(&self) -> u64 {
        self.mp4.written()
    }

    /// Pictures so far.
    #[must_use]
    pub fn pictures(&self) -> u64 {
        self.mp4.pictures()
    }
}

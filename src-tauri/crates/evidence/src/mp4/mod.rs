//! MP4 files (ISO/IEC 14496-12 and -14) for copies that people look at: what every player and every office program opens.
//!
//! One track of video without reordering. The coded pictures stand one after the other behind the head; the tables that
//! say where each is come last, so a file is written in one pass. They are held in memory until then, some bytes a
//! picture: so a copy is cut into files of an hour.

mod boxes;

use std::io::{self, Seek, SeekFrom, Write};

use boxes::{Sample, Tables};

use crate::annex_b;

/// Milliseconds that the last picture is shown; there is no next one to tell.
const LAST_MS: u32 = 40;

/// How the pictures of a copy are coded, with what a decoder has to know first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CopyCoding {
    /// ITU-T H.264: parameter sets behind start codes.
    H264(Vec<u8>),
    /// ISO/IEC 14496-2: the headers up to the first VOP.
    Mpeg4(Vec<u8>),
}

impl CopyCoding {
    /// As a manifest names it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::H264(_) => "H.264",
            Self::Mpeg4(_) => "MPEG-4 Visual",
        }
    }
}

/// A file in the making.
pub(crate) struct Mp4<W> {
    out: W,
    tables: Tables,
    /// Bytes of coded pictures.
    written: u64,
    nals: Vec<annex_b::Nal>,
}

impl<W: Write + Seek> Mp4<W> {
    /// Begins a file. `title`: for players that show one; `begin_s`: seconds since 1970 of the first picture.
    pub(crate) fn begin(
        mut out: W,
        coding: CopyCoding,
        width: u32,
        height: u32,
        title: &str,
        begin_s: i64,
    ) -> io::Result<Self> {
        out.write_all(&boxes::head())?;
        let tables = Tables::new(coding, width, height, title, begin_s);
        Ok(Self { out, tables, written: 0, nals: Vec::new() })
    }

    /// A coded picture, shown `at_ms` milliseconds after the first; times grow. H.264: NAL units behind start codes.
    pub(crate) fn picture(&mut self, data: &[u8], at_ms: i64, key: bool) -> io::Result<()> {
        let before = self.written;
        match self.tables.coding() {
            CopyCoding::H264(_) => {
                annex_b::split(data, &mut self.nals);
                for nal in &self.nals {
                    let body = &data[nal.body.clone()];
                    let length = u32::try_from(body.len()).map_err(|_| io::ErrorKind::InvalidData)?;
                    self.out.write_all(&length.to_be_bytes())?;
                    self.out.write_all(body)?;
                    self.written += 4 + body.len() as u64;
                }
            }
            CopyCoding::Mpeg4(_) => {
                self.out.write_all(data)?;
                self.written += data.len() as u64;
            }
        }
        let bytes = u32::try_from(self.written - before).map_err(|_| io::ErrorKind::InvalidData)?;
        self.tables.add(Sample { bytes, at_ms, key });
        Ok(())
    }

    /// How many pictures there are.
    pub(crate) fn pictures(&self) -> u64 {
        self.tables.len()
    }

    /// Bytes of coded pictures so far.
    pub(crate) fn written(&self) -> u64 {
        self.written
    }

    /// Writes the tables, and into the head how long the pictures are.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.out.write_all(&self.tables.movie(LAST_MS))?;
        self.out.seek(SeekFrom::Start(boxes::LENGTH_AT))?;
        self.out.write_all(&(self.written + boxes::LONG_HEADER).to_be_bytes())?;
        self.out.flush()?;
        Ok(self.out)
    }
}

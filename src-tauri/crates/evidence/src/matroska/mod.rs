//! Matroska files (RFC 9559, EBML: RFC 8794), as this room writes and reads them.
//!
//! Own, because the files have to be written in one pass with every byte accounted for, and read without trusting them;
//! crates that write Matroska keep the whole of a file's index or clusters in typed trees. A file is
//!
//! ```text
//! head      EBML, Segment, SeekHead, Info, Tracks          head.rs
//! group     one or more Clusters, the first begins with a key frame   cluster.rs
//! …
//! tail      Cues: where each group begins                   cues.rs
//! ```
//!
//! Everything is appended, except for three numbers of fixed width in the head that are known only at the end (size,
//! duration, place of the cues). Times are milliseconds since the file's first picture, whose true time is DateUTC.
//!
//! H.264 and H.265 stand as Matroska wants them, with lengths of four bytes instead of start codes. What lengths don't
//! tell stands beside the block as a BlockAdditional with the id [`FRAMING`], see [`crate::annex_b`].

pub(crate) mod cluster;
pub(crate) mod cues;
pub(crate) mod element;
pub(crate) mod head;
mod reader;

pub use reader::{Contents, Faulty, Introduced, MediaReader};

/// BlockAddIDValue of what lengths don't tell.
pub(crate) const FRAMING: u64 = 2;
/// The pictures' track.
pub(crate) const PICTURES: u64 = 1;
/// The sound's track.
pub(crate) const SOUND: u64 = 2;

/// Element ids.
pub(crate) mod id {
    pub(crate) const EBML: u32 = 0x1a45_dfa3;
    pub(crate) const SEGMENT: u32 = 0x1853_8067;
    pub(crate) const SEEK_HEAD: u32 = 0x114d_9b74;
    pub(crate) const SEEK: u32 = 0x4dbb;
    pub(crate) const SEEK_ID: u32 = 0x53ab;
    pub(crate) const SEEK_POSITION: u32 = 0x53ac;
    pub(crate) const INFO: u32 = 0x1549_a966;
    pub(crate) const DURATION: u32 = 0x4489;
    pub(crate) const DATE: u32 = 0x4461;
    pub(crate) const TRACKS: u32 = 0x1654_ae6b;
    pub(crate) const TRACK: u32 = 0xae;
    pub(crate) const TRACK_NUMBER: u32 = 0xd7;
    pub(crate) const CODEC: u32 = 0x86;
    pub(crate) const PRIVATE: u32 = 0x63a2;
    pub(crate) const VIDEO: u32 = 0xe0;
    pub(crate) const WIDTH: u32 = 0xb0;
    pub(crate) const HEIGHT: u32 = 0xba;
    pub(crate) const AUDIO: u32 = 0xe1;
    pub(crate) const CLUSTER: u32 = 0x1f43_b675;
    pub(crate) const TIMESTAMP: u32 = 0xe7;
    pub(crate) const SIMPLE_BLOCK: u32 = 0xa3;
    pub(crate) const BLOCK_GROUP: u32 = 0xa0;
    pub(crate) const BLOCK: u32 = 0xa1;
    pub(crate) const REFERENCE: u32 = 0xfb;
    pub(crate) const ADDITIONS: u32 = 0x75a1;
    pub(crate) const MORE: u32 = 0xa6;
    pub(crate) const ADD_ID: u32 = 0xee;
    pub(crate) const ADDITIONAL: u32 = 0xa5;
    pub(crate) const CUES: u32 = 0x1c53_bb6b;
}

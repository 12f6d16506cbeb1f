//! How large an inventory, its names and its figures may be. What is larger is a mistake or an attack.

use std::ops::RangeInclusive;

/// Bytes of a file, of whatever kind.
pub const FILE_BYTES: usize = 16 << 20;
/// Rows of a list that is brought in.
pub const ROWS: usize = 100_000;
/// Characters of a name.
pub const NAME: usize = 200;
/// Characters of an address or of a relay's template.
pub const ADDRESS: usize = 1000;
/// Mb/s of a line or of a recorder.
pub const MBPS: RangeInclusive<u32> = 1..=100_000;
/// Viewers of a camera at once.
pub const VIEWERS: RangeInclusive<u32> = 1..=1000;
/// Channels of a recorder.
pub const CHANNEL: RangeInclusive<u32> = 1..=1024;
/// Columns or rows of a picture.
pub const PIXELS: RangeInclusive<u32> = 1..=16_384;
/// kb/s of a stream.
pub const KBPS: RangeInclusive<u32> = 1..=1_000_000;
/// Most pictures a second.
pub const FRAME_RATE: f32 = 240.0;
/// Mistakes that are collected; who has more fixes these first.
pub const MISTAKES: usize = 1000;

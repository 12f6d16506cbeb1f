//! What needs no recorder; playback of real pictures is tried against the simulated province.

mod archive;
mod astray;
mod cache;
mod feed;

use std::sync::Arc;
use std::time::Instant;

use model::{AccessUnit, Codec, Moment};

/// Of 100 bytes, `at` in seconds.
pub(crate) fn unit(key: bool) -> AccessUnit {
    AccessUnit {
        codec: Codec::H265,
        data: vec![0; 100].into(),
        parameters: Arc::from([]),
        random_access: key,
        timestamp: 0,
        lost_packets: 0,
        received: Instant::now(),
        captured: None,
    }
}

pub(super) const fn seconds(seconds: f64) -> Moment {
    Moment((seconds * 1e6) as i64)
}

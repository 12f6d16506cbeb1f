//! The cameras' streams as the planner knows them: declared, measured, refused, taken.

use std::time::{Duration, Instant};

use inventory::Profile;
use model::{Codec, Size};

use super::costs::{Class, Costs};
use super::sessions::Sessions;
use super::watch::Watch;
use crate::plan::{self, Refusal};

/// Where the inventory is silent.
const USUAL_FRAME_RATE: f64 = 25.0;
/// Where the inventory is silent: what a camera sends for each picture point, in bits.
const USUAL_BITS_PER_POINT: f64 = 0.05;
/// Key frames come every two seconds or less often.
const KEY_FRAMES_PER_SECOND: f64 = 0.5;

/// One profile of a camera.
#[derive(Clone, Debug)]
pub(super) struct Stream {
    declared: Size,
    declared_mbps: f64,
    declared_rate: f64,
    pub(super) watch: Option<Watch>,
    /// The device refuses it until then.
    pub(super) refused: Option<Instant>,
    /// Who else has it.
    pub(super) holder: Option<String>,
    /// The graphics processor had no session for it at the last plan.
    pub(super) without_session: bool,
}

impl Stream {
    pub(super) fn new(profile: &Profile) -> Self {
        let declared = Size::new(profile.width, profile.height);
        let points = f64::from(declared.width) * f64::from(declared.height);
        let declared_rate = profile.frame_rate.map_or(USUAL_FRAME_RATE, f64::from);
        let guess = points * declared_rate * USUAL_BITS_PER_POINT / 1e6;
        let declared_mbps = profile.kbps.map_or(guess, |kbps| f64::from(kbps) / 1e3);
        Self {
            declared,
            declared_mbps,
            declared_rate,
            watch: None,
            refused: None,
            holder: None,
            without_session: false,
        }
    }

    /// What the plan is to know of it.
    pub(super) fn profile(&self, costs: &Costs, sessions: &Sessions, now: Instant) -> plan::Profile {
        let newest = self.watch.as_ref().map(Watch::newest);
        let size = newest.and_then(|sample| sample.size).unwrap_or(self.declared);
        let codec = newest.and_then(|sample| sample.codec);
        let means = self.watch.as_ref().and_then(Watch::means);
        let rate = means.map_or(self.declared_rate, |means| means.pictures_per_second);
        // Every JPEG picture can be decoded by itself.
        let seldom = if codec == Some(Codec::Mjpeg) { rate } else { KEY_FRAMES_PER_SECOND };
        let key_rate = means.map_or(seldom, |means| means.key_frames_per_second).min(rate);
        let on_gpu = self.is_on_gpu(codec, sessions, now);
        let picture =
            |key_frames| costs.picture(codec.map(|codec| Class::new(codec, size, on_gpu, key_frames)), size);
        let key_frame_cores = picture(true) * key_rate;
        plan::Profile {
            size,
            mbps: self.mbps(now),
            cores: picture(false) * (rate - key_rate) + key_frame_cores,
            key_frame_cores,
            on_gpu,
            refused: self.refusal(now),
        }
    }

    /// What it sends, Mb/s: as measured, else as declared.
    pub(super) fn mbps(&self, now: Instant) -> f64 {
        let measured = self.watch.as_ref().and_then(|watch| watch.planned(now));
        measured.unwrap_or(self.declared_mbps)
    }

    /// Open streams are where they are; of others it is expected by what was seen.
    fn is_on_gpu(&self, codec: Option<Codec>, sessions: &Sessions, now: Instant) -> bool {
        let decoder = self.watch.as_ref().filter(|watch| watch.is_open(now));
        match decoder.and_then(|watch| watch.newest().decoder) {
            Some(decoder) => decoder.is_hardware(),
            None => sessions.takes(codec) && !self.without_session,
        }
    }

    fn refusal(&self, now: Instant) -> Option<Refusal> {
        if self.holder.is_some() {
            return Some(Refusal::Taken);
        }
        let left = self.refused?.saturating_duration_since(now);
        (left > Duration::ZERO).then_some(Refusal::For(left))
    }
}

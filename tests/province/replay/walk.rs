//! The order in which recorded pictures are played.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use super::Source;
use super::headers::Order;
use crate::clip::Clip;
use crate::recordings::{last_recorded, moment_of, next_recorded, picture_at, recorded};

/// One picture to be sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Step {
    /// In the clip, in decoding order.
    pub(super) place: usize,
    /// When it was taken, true time in ms.
    pub(super) moment: i64,
    /// Media time since the first picture, ms, gaps left out; the same when played backwards.
    pub(super) elapsed: i64,
    /// It does not follow the picture before.
    pub(super) discontinuity: bool,
    /// Because nothing was recorded in between.
    pub(super) after_gap: bool,
}

/// Walks from group to group. A group is a key frame and all that follows until the next, as far as it was recorded.
pub(super) struct Walk {
    camera: usize,
    clip: Arc<Clip>,
    rate: u32,
    order: Order,
    until: i64,
    now: i64,
    /// The moment at or before (forwards: after) which the next group lies; `None` at the end.
    ahead: Option<i64>,
    /// The rest of the present group.
    group: VecDeque<Step>,
    /// Media time up to the present group's end.
    elapsed: i64,
    /// The last picture's count since 1970, to see whether the next group follows it.
    last: Option<i64>,
    /// When the last key frame was given, for those that want them apart.
    last_key: Option<i64>,
}

impl Walk {
    pub(super) fn new(source: &Source, at: i64, until: i64, order: Order, now: i64) -> Self {
        Self {
            camera: source.camera,
            clip: Arc::clone(&source.clip),
            rate: source.frame_rate,
            order,
            until,
            now,
            ahead: Some(at),
            group: VecDeque::new(),
            elapsed: 0,
            last: None,
            last_key: None,
        }
    }

    fn is_backwards(&self) -> bool {
        self.order.scale < 0.0
    }

    pub(super) fn next(&mut self) -> Option<Step> {
        loop {
            if let Some(step) = self.group.pop_front() {
                return Some(step);
            }
            self.fill()?;
        }
    }

    fn place(&self, picture: i64) -> usize {
        picture.rem_euclid(self.clip.pictures.len() as i64) as usize
    }

    fn is_key(&self, picture: i64) -> bool {
        self.clip.pictures[self.place(picture)].random_access
    }

    /// The key frame at or before a picture.
    fn key_before(&self, picture: i64) -> i64 {
        (0..self.clip.pictures.len() as i64)
            .map(|back| picture - back)
            .find(|&at| self.is_key(at))
            .unwrap_or(picture)
    }

    fn group_end(&self, key: i64) -> i64 {
        let length = self.clip.pictures.len() as i64;
        (1..=length).map(|on| key + on).find(|&at| self.is_key(at)).unwrap_or(key + length)
    }

    /// Finds the next group; `None` at the end.
    fn fill(&mut self) -> Option<()> {
        let ahead = self.ahead?;
        let at = if self.is_backwards() {
            last_recorded(self.camera, ahead + 1, self.now)
        } else {
            next_recorded(self.camera, ahead, self.now)
        };
        let at = at.filter(|&at| if self.is_backwards() { at >= self.until } else { at < self.until });
        let Some(at) = at else {
            self.ahead = None;
            return None;
        };
        let span = self.span(at)?;
        // Where a span begins in the middle of a group, the recorder begins with the next key frame.
        let mut key = self.key_before(picture_at(at + 1, self.rate) - 1);
        if moment_of(key, self.rate) < span.start {
            if self.is_backwards() {
                self.ahead = Some(span.start - 1);
                return Some(());
            }
            key = self.group_end(key);
        }
        let end = self.group_end(key);
        let last_moment =
            if self.is_backwards() { span.end.min(ahead + 1) } else { span.end.min(self.until) };
        let pictures: Vec<i64> = (key..end).take_while(|&n| moment_of(n, self.rate) < last_moment).collect();
        self.ahead =
            Some(if self.is_backwards() { moment_of(key, self.rate) - 1 } else { moment_of(end, self.rate) });
        self.take(&pictures);
        Some(())
    }

    fn span(&self, at: i64) -> Option<Range<i64>> {
        // A group is shorter than ten seconds; so much around it is enough to see where the recording begins and ends.
        let around = at - 20_000..at + 20_000;
        recorded(self.camera, &around, self.now).into_iter().find(|span| span.contains(&at))
    }

    fn take(&mut self, pictures: &[i64]) {
        let Some((&first, &end)) = pictures.first().zip(pictures.last()) else { return };
        let moment = moment_of(first, self.rate);
        if let Some(least) = self.order.intra {
            if self.last_key.is_some_and(|last| (moment - last).abs() < least) {
                return;
            }
            self.last_key = Some(moment);
        }
        let expected = if self.is_backwards() { end + 1 } else { first - 1 };
        let follows = self.last.is_some_and(|last| last == expected);
        let after_gap = self.last.is_some() && !follows && self.order.intra.is_none();
        let discontinuity = self.last.is_some() && (self.is_backwards() || !follows);
        let kept = if self.order.intra.is_some() { &pictures[..1] } else { pictures };
        let interval = |count: i64| count * 1000 / i64::from(self.rate);
        for (nth, &n) in kept.iter().enumerate() {
            let place = self.place(n);
            // Presented later or earlier than it is sent, where pictures are reordered.
            let shift = i64::from(self.clip.pictures[place].presented) - place as i64;
            self.group.push_back(Step {
                place,
                moment: moment_of(n + shift, self.rate),
                elapsed: self.elapsed + interval(nth as i64 + shift),
                discontinuity: nth == 0 && discontinuity,
                after_gap: nth == 0 && after_gap,
            });
        }
        self.elapsed += interval(pictures.len() as i64);
        self.last = Some(if self.is_backwards() { first } else { end });
    }
}

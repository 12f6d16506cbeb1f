//! How many streams the graphics processor decodes at once: found out by the first that it refuses.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use model::Codec;

/// Other programs use it too, so what was found is forgotten after so long.
const KEPT: Duration = Duration::from_secs(600);

/// An open stream, as far as it matters here.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    pub(super) slot: u64,
    pub(super) codec: Codec,
    pub(super) on_gpu: bool,
    /// It was to be decoded there, and is not.
    pub(super) fell_back: bool,
}

/// See the module.
#[derive(Clone, Debug, Default)]
pub(super) struct Sessions {
    limit: Option<(u32, Instant)>,
    /// What it has decoded before.
    codecs: HashSet<Codec>,
    /// Streams whose refusal is known already: each says something once.
    refused: HashSet<u64>,
}

impl Sessions {
    /// All streams that are open now.
    pub(super) fn observe(&mut self, open: &[Open], now: Instant) {
        self.codecs.extend(open.iter().filter(|stream| stream.on_gpu).map(|stream| stream.codec));
        let used = open.iter().filter(|stream| stream.on_gpu).count() as u32;
        // More than the limit are decoded: it was another reason, such as a profile that the processor does not know.
        let is_over = |at: Instant| now.saturating_duration_since(at) >= KEPT;
        self.limit = self.limit.filter(|&(limit, at)| used <= limit && !is_over(at));
        self.refused.retain(|slot| open.iter().any(|stream| stream.slot == *slot));
        for stream in open.iter().filter(|stream| stream.fell_back && self.codecs.contains(&stream.codec)) {
            if self.refused.insert(stream.slot) && used > 0 {
                self.limit = Some((used, now));
            }
        }
    }

    /// Streams that it decodes at once; `None`: not known to be limited.
    pub(super) fn limit(&self) -> Option<u32> {
        self.limit.map(|(limit, _)| limit)
    }

    /// Whether it is known to decode such streams.
    pub(super) fn takes(&self, codec: Option<Codec>) -> bool {
        codec.is_some_and(|codec| self.codecs.contains(&codec))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(slot: u64, on_gpu: bool) -> Open {
        Open { slot, codec: Codec::H265, on_gpu, fell_back: !on_gpu }
    }

    #[test]
    fn the_first_that_falls_back_tells_the_limit() {
        let (mut sessions, now) = (Sessions::default(), Instant::now());
        let mut open = vec![stream(1, true), stream(2, true), stream(3, true)];
        sessions.observe(&open, now);
        assert_eq!((sessions.limit(), sessions.takes(Some(Codec::H265))), (None, true));
        open.push(stream(4, false));
        sessions.observe(&open, now);
        assert_eq!(sessions.limit(), Some(3));
        open.remove(0);
        sessions.observe(&open, now + KEPT / 2);
        assert_eq!(sessions.limit(), Some(3), "the one that fell back says nothing new");
        sessions.observe(&open, now + KEPT);
        assert_eq!(sessions.limit(), None, "others may have gone");
    }

    #[test]
    fn a_limit_that_is_passed_was_none() {
        let (mut sessions, now) = (Sessions::default(), Instant::now());
        sessions.observe(&[stream(1, true), stream(2, false)], now);
        assert_eq!(sessions.limit(), Some(1));
        sessions.observe(&[stream(1, true), stream(2, false), stream(3, true)], now);
        assert_eq!(sessions.limit(), None);
    }

    #[test]
    fn without_any_hardware_nothing_is_learned() {
        let mut sessions = Sessions::default();
        sessions.observe(&[stream(1, false), stream(2, false)], Instant::now());
        assert_eq!((sessions.limit(), sessions.takes(Some(Codec::H265))), (None, false));
    }
}

//! Cameras that are lost and come back while somebody watches them.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use model::Id;

/// A camera that misses a few pictures is not lost: only one that has been dark for so long.
const LOST_AFTER: Duration = Duration::from_secs(8);
/// What is kept of a shift: more than anybody reads.
const MOST: usize = 500;

/// What happened to a camera.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct News {
    /// Which.
    pub(super) camera: Id,
    /// Why it was lost; `None`: it is back.
    pub(super) lost: Option<String>,
    /// How long it was away when it came back.
    pub(super) away: Duration,
    /// Milliseconds since 1970.
    pub(super) at: f64,
}

struct Seen {
    /// When it was live last, by now or before.
    live: Instant,
    lost: bool,
}

/// Watches the cameras on the walls.
#[derive(Default)]
pub(super) struct Newsroom {
    seen: HashMap<Id, Seen>,
    shift: VecDeque<News>,
}

impl Newsroom {
    /// How the cameras on the walls stand at `now`: whether they are live and, if not, why. Gives what is new.
    pub(super) fn hear<'a>(
        &mut self,
        cameras: impl Iterator<Item = (&'a Id, bool, &'a str)>,
        now: Instant,
        today: f64,
    ) -> Vec<News> {
        let mut news = Vec::new();
        let mut there = HashMap::new();
        for (camera, live, why) in cameras {
            // One that was never live here cannot be lost.
            let seen = self.seen.remove(camera).or_else(|| live.then_some(Seen { live: now, lost: false }));
            let Some(mut seen) = seen else { continue };
            let away = now.saturating_duration_since(seen.live);
            if live {
                seen.live = now;
            }
            let lost = if live { false } else { seen.lost || away >= LOST_AFTER };
            if lost != seen.lost {
                let lost = lost.then(|| why.to_owned());
                news.push(News { camera: camera.clone(), lost, away, at: today });
            }
            seen.lost = lost;
            there.insert(camera.clone(), seen);
        }
        // Who is on no wall any more is not watched, and so neither lost nor back.
        self.seen = there;
        self.shift.extend(news.iter().cloned());
        while self.shift.len() > MOST {
            self.shift.pop_front();
        }
        news
    }

    /// The news since the shift began, the oldest first.
    pub(super) fn shift(&self) -> impl Iterator<Item = &News> {
        self.shift.iter()
    }

    /// Another shift begins.
    pub(super) fn begin_shift(&mut self) {
        self.shift.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hear(room: &mut Newsroom, start: Instant, seconds: u64, live: Option<bool>) -> Vec<Option<String>> {
        let id = Id::new("c").unwrap();
        let cameras = live.map(|live| (&id, live, "đứt mạng"));
        let now = start + Duration::from_secs(seconds);
        room.hear(cameras.into_iter(), now, 0.0).into_iter().map(|news| news.lost).collect()
    }

    #[test]
    fn a_camera_is_lost_after_a_while_and_back_at_once() {
        let (mut room, start) = (Newsroom::default(), Instant::now());
        assert!(hear(&mut room, start, 0, Some(false)).is_empty(), "it was never there");
        assert!(hear(&mut room, start, 1, Some(true)).is_empty());
        assert!(hear(&mut room, start, 8, Some(false)).is_empty(), "a few pictures");
        assert_eq!(hear(&mut room, start, 9, Some(false)), [Some("đứt mạng".to_owned())]);
        assert!(hear(&mut room, start, 20, Some(false)).is_empty(), "said once");
        assert_eq!(hear(&mut room, start, 21, Some(true)), [None]);
        assert_eq!(room.shift().map(|news| news.away.as_secs()).collect::<Vec<_>>(), [8, 20]);
        room.begin_shift();
        assert_eq!(room.shift().count(), 0);
    }

    #[test]
    fn who_leaves_the_wall_is_forgotten() {
        let (mut room, start) = (Newsroom::default(), Instant::now());
        hear(&mut room, start, 0, Some(true));
        assert!(hear(&mut room, start, 1, None).is_empty());
        assert!(hear(&mut room, start, 60, Some(false)).is_empty());
    }
}

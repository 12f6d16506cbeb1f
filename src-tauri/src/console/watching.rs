//! Which cameras are really on a screen, for the record: a tile counts while its picture is live.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use audit::{Event, Watch, WatchedProfile};
use inventory::ProfileKind;
use model::Size;

use crate::wall::thread::Standing;

/// After a crash, no more than this is claimed beyond what is written.
const HEARTBEAT: Duration = Duration::from_secs(60);
/// A tile that flickers between two states for a moment fills no log.
const SETTLED: Duration = Duration::from_secs(2);

/// A tile: its wall and its place on it.
type Tile = (u32, u32);

struct Open {
    watch: Watch,
    since: Instant,
    from_ms: i64,
    /// When its beginning was written down.
    told: bool,
}

/// What is on the screens.
pub(super) struct Watching {
    open: HashMap<Tile, Open>,
    started: Instant,
    beat: Instant,
}

impl Default for Watching {
    fn default() -> Self {
        let now = Instant::now();
        Self { open: HashMap::new(), started: now, beat: now }
    }
}

impl Watching {
    /// How the walls stand now; what of it is to be written down.
    pub(super) fn look<'a>(
        &mut self,
        walls: impl Iterator<Item = (u32, &'a Standing)>,
        now: Instant,
        today_ms: i64,
    ) -> Vec<Event> {
        let mut there: HashMap<Tile, Watch> = HashMap::new();
        // What a hidden wall holds ready nobody sees.
        for (wall, standing) in walls.filter(|(_, standing)| standing.size.width > 0) {
            for camera in standing.cameras.iter().filter(|camera| camera.live) {
                let watch = Watch {
                    camera: camera.id.clone(),
                    wall: wall.to_string().as_str().into(),
                    tile: camera.tile,
                    width: camera.size.width,
                    height: camera.size.height,
                    share: share(camera.size, standing.size),
                    profile: match (camera.profile, camera.key_frames) {
                        (_, true) => WatchedProfile::KeyFrames,
                        (Some(ProfileKind::Sub), false) => WatchedProfile::Sub,
                        (_, false) => WatchedProfile::Main,
                    },
                };
                there.insert((wall, camera.tile), watch);
            }
        }
        let mut events = self.close_unless(|tile, open| there.get(tile) == Some(&open.watch), now, today_ms);
        for (tile, watch) in there {
            self.open.entry(tile).or_insert(Open { watch, since: now, from_ms: today_ms, told: false });
        }
        let uptime_ms = now.saturating_duration_since(self.started).as_millis() as u64;
        for open in self.open.values_mut() {
            if !open.told && now.saturating_duration_since(open.since) >= SETTLED {
                open.told = true;
                events.push(Event::WatchBegan { watch: open.watch.clone(), uptime_ms });
            }
        }
        if !self.open.is_empty() && now.saturating_duration_since(self.beat) >= HEARTBEAT {
            self.beat = now;
            let tiles = u32::try_from(self.open.len()).unwrap_or(u32::MAX);
            events.push(Event::WatchHeartbeat { tiles, uptime_ms });
        }
        events
    }

    /// Nobody watches any more, or somebody else does from now on.
    pub(super) fn end(&mut self, now: Instant, today_ms: i64) -> Vec<Event> {
        self.close_unless(|_, _| false, now, today_ms)
    }

    fn close_unless(
        &mut self,
        stays: impl Fn(&Tile, &Open) -> bool,
        now: Instant,
        today_ms: i64,
    ) -> Vec<Event> {
        let gone = self.open.extract_if(|tile, open| !stays(tile, open));
        let ended = |(_, open): (Tile, Open)| {
            let shown = now.saturating_duration_since(open.since);
            // What did not last was not written down when it began either.
            open.told.then_some(Event::WatchEnded {
                watch: open.watch,
                from_ms: open.from_ms,
                until_ms: today_ms,
                shown_ms: shown.as_millis() as u64,
            })
        };
        gone.filter_map(ended).collect()
    }
}

/// How much of the wall a tile takes, thousandths.
fn share(tile: Size, wall: Size) -> u16 {
    let area = |size: Size| u64::from(size.width) * u64::from(size.height);
    u16::try_from(area(tile) * 1000 / area(wall).max(1)).unwrap_or(1000).min(1000)
}

#[cfg(test)]
mod tests {
    use model::Id;

    use super::*;
    use crate::wall::thread::CameraStanding;

    fn wall(cameras: &[(&str, u32, bool)]) -> Standing {
        let camera = |(id, tile, live): &(&str, u32, bool)| CameraStanding {
            id: Id::new(id).unwrap(),
            live: *live,
            profile: Some(ProfileKind::Sub),
            coming: false,
            text: String::new(),
            detail: String::new(),
            key_frames: false,
            tile: *tile,
            size: Size::new(640, 360),
            picture: None,
        };
        Standing {
            cameras: cameras.iter().map(camera).collect(),
            size: Size::new(1280, 720),
            ..Standing::default()
        }
    }

    fn told(events: &[Event]) -> Vec<String> {
        let one = |event: &Event| match event {
            Event::WatchBegan { watch, .. } => format!("+{} {}", watch.camera, watch.share),
            Event::WatchEnded { watch, shown_ms, .. } => format!("-{} {shown_ms}", watch.camera),
            Event::WatchHeartbeat { tiles, .. } => format!("={tiles}"),
            other => format!("{other:?}"),
        };
        let mut told: Vec<String> = events.iter().map(one).collect();
        told.sort();
        told
    }

    #[test]
    fn what_is_live_and_stays_is_written_down_with_its_end() {
        let (mut watching, start) = (Watching::default(), Instant::now());
        let mut look = |seconds: u64, wall: &Standing| {
            let at = start + Duration::from_secs(seconds);
            told(&watching.look(std::iter::once((0, wall)), at, 1000 * seconds as i64))
        };
        assert!(look(0, &wall(&[("a", 0, true), ("b", 1, false)])).is_empty(), "not yet settled");
        assert_eq!(look(2, &wall(&[("a", 0, true), ("b", 1, true)])), ["+a 250"]);
        assert!(look(3, &wall(&[("a", 0, true)])).is_empty(), "b did not last");
        assert_eq!(look(70, &wall(&[("a", 0, true)])), ["=1"]);
        assert_eq!(look(71, &wall(&[("c", 0, true)])), ["-a 71000"], "another camera on the same tile");
        assert_eq!(look(80, &wall(&[("c", 0, true)])), ["+c 250"]);
        assert_eq!(look(90, &wall(&[("c", 0, false)])), ["-c 19000"], "a dark tile is not watched");
    }
}

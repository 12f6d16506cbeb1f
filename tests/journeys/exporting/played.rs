//! What is kept on this machine is played like a recording, without a word to the recorder.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use engine::playback::{Copies, Nowhere, Player, Reel, Standing, Throttle};
use evidence::{Complete, Group};
use jiff::Timestamp;
use model::{Id, Moment, Period};

use crate::numbers::number_in;
use crate::stage::{CAMERA, PROFILE, Stage, stage};

const PATIENCE: Duration = Duration::from_secs(60);

/// A player of what a package has, and of nothing else.
pub(crate) struct Played<'a> {
    stage: &'a Stage,
    // Dropped before what it plays with.
    pub(crate) player: Player,
    pub(crate) reel: Arc<Reel>,
}

impl<'a> Played<'a> {
    pub(crate) fn new(stage: &'a Stage, folder: &Path, at: Moment) -> Self {
        let camera = Id::new("camera").expect("an id");
        let player = stage.live().player(at).expect("a thread");
        let reel = player.add(camera.clone(), Arc::new(Nowhere), Throttle::new(100.0));
        reel.set_copies(Copies::open(&[folder.to_owned()], &camera));
        // The recorder has overwritten all of it.
        reel.set_spans(Vec::new());
        Self { stage, player, reel }
    }

    fn standing(&self) -> Standing {
        self.player.state().cameras[0].2.clone()
    }

    pub(crate) fn wait_for(&self, what: &str, mut there: impl FnMut() -> bool) {
        let until = Instant::now() + PATIENCE;
        while !there() {
            assert!(Instant::now() < until, "{what}: {:?}", self.player.state());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn number(&self, at: Moment) -> u16 {
        self.stage.province.recorded_number(CAMERA, PROFILE, SystemTime::from(at))
    }

    fn shown(&self) -> Option<u16> {
        number_in(&self.reel.picture()?.1)
    }

    fn seek(&self, at: Moment) {
        self.player.seek(at);
        self.wait_for(&format!("the picture of {at}"), || {
            // Clips come round again: another place's picture may have the same number.
            let near = |shown: Moment| shown <= at && at.since_us(shown) < 1_000_000;
            self.standing() == Standing::Shown
                && self.reel.shown_at().is_some_and(near)
                && self.shown() == Some(self.number(at))
        });
    }

    /// The pictures that are shown while it plays, each with its own number.
    fn seen_at(&self, rate: f64, from: Moment, count: usize) -> Vec<Moment> {
        self.seek(from);
        self.player.play(rate);
        let mut seen: Vec<Moment> = Vec::new();
        self.wait_for(&format!("playing at {rate}"), || {
            if let Some((at, _)) = self.reel.picture()
                && seen.last() != Some(&at)
            {
                seen.push(at);
            }
            seen.len() >= count
        });
        self.player.pause();
        seen
    }
}

/// Moments at which it is certain which picture was the last.
fn certain(played: &Played<'_>, period: Period) -> Vec<Moment> {
    let every = (0..).map(|n| period.from.plus(Duration::from_millis(700 + 1_370 * n)));
    let within = every.take_while(|at| *at < period.until.minus(Duration::from_millis(200)));
    within.filter(|at| played.number(at.plus_us(-4000)) == played.number(at.plus_us(4000))).collect()
}

fn kept(stage: &Stage, seconds: u64) -> (Period, Complete) {
    let period = stage.period(seconds);
    let complete = stage.complete(&stage.order("giữ", period));
    (period, complete)
}

#[test]
fn what_is_kept_is_sought_in_stepped_through_and_played_without_its_recorder() {
    let stage = stage();
    let (period, complete) = kept(&stage, 40);
    let played = Played::new(&stage, &complete.folder, period.from);
    let places = certain(&played, period);
    assert!(places.len() > 10, "{places:?}");
    for at in &places {
        played.seek(*at);
    }
    let camera = Id::new("camera").unwrap();
    let first = played.reel.shown_at().unwrap();
    played.player.step(&camera, true);
    played.wait_for("the picture before", || played.reel.shown_at().is_some_and(|shown| shown < first));
    let before = played.reel.shown_at().unwrap();
    assert_eq!(played.shown(), Some(played.number(before.plus_us(4000))));
    played.player.step(&camera, false);
    played.wait_for("the same picture again", || played.reel.shown_at() == Some(first));

    let middle = places[places.len() / 2];
    for (rate, count) in [(1.0, 12), (-1.0, 12), (8.0, 4), (-8.0, 4)] {
        let seen = played.seen_at(rate, middle, count);
        assert!(seen.windows(2).all(|pair| (pair[0] < pair[1]) == (rate > 0.0)), "{rate}: {seen:?}");
    }
    // Behind its end there is nothing.
    played.player.seek(period.until.plus(Duration::from_secs(60)));
    played.wait_for("that nothing is there", || played.standing() == Standing::Hole);
}

#[test]
fn of_what_is_kept_a_group_that_was_changed_is_not_shown_and_all_others_are() {
    let stage = stage();
    let (period, complete) = kept(&stage, 24);
    let file = &complete.manifest.cameras[0].files[0];
    let middle = period.from.plus(Duration::from_secs(12));
    let timestamp = Timestamp::from_microsecond(middle.0).expect("a time");
    let group = Group::at(&complete.folder, file, timestamp).expect("an index").expect("a group");
    let path = complete.folder.join(&file.name);
    let mut bytes = std::fs::read(&path).expect("it is read");
    bytes[(group.offset + group.bytes / 2) as usize] ^= 1;
    std::fs::write(&path, bytes).expect("it is written");

    let damaged = Period {
        from: Moment(group.from.as_microsecond()),
        until: Moment(group.to.as_microsecond()).plus_us(40_000),
    };
    let played = Played::new(&stage, &complete.folder, period.from);
    let mut shown = 0;
    for at in certain(&played, period) {
        let near = Period { from: damaged.from, until: damaged.until.plus(Duration::from_millis(100)) };
        if near.holds(at) {
            continue;
        }
        played.seek(at);
        shown += 1;
    }
    assert!(shown > 4);
    let inside = damaged.from.plus(Duration::from_millis(500));
    played.player.seek(inside);
    played.wait_for("that it is not there", || played.standing() == Standing::Hole);
    assert_eq!(played.reel.picture().map(|(at, _)| at), None);
}

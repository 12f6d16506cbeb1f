//! Relays: servers in between that take a camera's stream once and send it to everybody who watches.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use engine::Planner;
use inventory::{Inventory, ProfileKind};
use model::{Address, Id};

/// A relay that fails is left alone for so long the first time, and twice as long each time after.
const FIRST_PAUSE: Duration = Duration::from_secs(30);
/// At most.
const LONGEST_PAUSE: Duration = Duration::from_secs(600);

/// Which cameras are reached by a relay, and whether theirs works.
pub(super) struct Relays {
    cameras: HashMap<Id, Camera>,
}

struct Camera {
    addresses: HashMap<ProfileKind, Address>,
    /// It failed: not asked before then, and this was the pause.
    down: Option<(Instant, Duration)>,
    /// What the planner was told last: whether it works.
    told: Option<bool>,
}

impl Relays {
    /// As the inventory has them.
    pub(super) fn of(inventory: &Inventory) -> Self {
        let sites = inventory.sites().iter().flat_map(|site| &site.recorders);
        let relayed = sites.flat_map(|recorder| &recorder.cameras).filter_map(|camera| {
            let address = |kind| Some((kind, inventory.relay_address(&camera.id, kind)?));
            let kinds = camera.profiles.iter().map(|profile| profile.kind);
            let addresses: HashMap<_, _> = kinds.filter_map(address).collect();
            (!addresses.is_empty()).then(|| (camera.id.clone(), Camera { addresses, down: None, told: None }))
        });
        Self { cameras: relayed.collect() }
    }

    /// Where the relay has this stream; `None` without one that works.
    pub(super) fn address(&self, id: &Id, kind: ProfileKind, now: Instant) -> Option<&Address> {
        self.cameras.get(id).filter(|camera| camera.works(now))?.addresses.get(&kind)
    }

    /// A stream of this camera cannot be had by its relay, which is then taken for down: the camera itself is asked
    /// instead.
    pub(super) fn failed(&mut self, id: &Id, now: Instant) {
        if let Some(camera) = self.cameras.get_mut(id).filter(|camera| camera.works(now)) {
            let pause = camera.down.map_or(FIRST_PAUSE, |(_, pause)| (pause * 2).min(LONGEST_PAUSE));
            camera.down = Some((now + pause, pause));
        }
    }

    /// Tells the planner whom a relay spares; says whether any camera is to be reached otherwise than before.
    pub(super) fn tell(&mut self, planner: &mut Planner, now: Instant) -> bool {
        let mut changed = false;
        for (id, camera) in &mut self.cameras {
            let works = camera.works(now);
            planner.set_relayed(id, works);
            changed |= camera.told.replace(works).is_some_and(|before| before != works);
        }
        changed
    }
}

impl Camera {
    fn works(&self, now: Instant) -> bool {
        self.down.is_none_or(|(until, _)| until <= now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INVENTORY: &str = r#"{"version":2,"name":"T","sites":[{"id":"s","name":"S","district":"D",
        "relay":"rtsp://relay.invalid:8554/{camera}/{profile}","recorders":[{"id":"r","name":"R","cameras":[
        {"id":"c","name":"C","profiles":[
            {"kind":"main","address":"rtsp://10.0.0.1/main","width":1920,"height":1080},
            {"kind":"sub","address":"rtsp://10.0.0.1/sub","width":640,"height":360}]}]}]}]}"#;

    #[test]
    fn a_relay_that_fails_is_left_alone_longer_and_longer() {
        let inventory = Inventory::parse(INVENTORY.as_bytes()).expect("an inventory");
        let (mut relays, camera) = (Relays::of(&inventory), Id::new("c").expect("an id"));
        let mut planner = Planner::new(&inventory, 1.0);
        let mut now = Instant::now();
        assert!(!relays.tell(&mut planner, now), "nobody is watched yet");
        for pause in [30, 60, 120, 240, 480, 600, 600] {
            assert!(relays.address(&camera, ProfileKind::Sub, now).is_some());
            relays.failed(&camera, now);
            relays.failed(&camera, now);
            let before = now + Duration::from_secs(pause - 1);
            assert_eq!(relays.address(&camera, ProfileKind::Main, before), None);
            assert!(relays.tell(&mut planner, before), "walls go to the camera itself");
            assert!(!relays.tell(&mut planner, before));
            now += Duration::from_secs(pause);
            assert!(relays.tell(&mut planner, now), "and try the relay again");
        }
    }
}

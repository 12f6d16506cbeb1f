//! What devices notice, for the page, and what rules make of it on the walls.

use std::time::{Duration, Instant};

use engine::events::{self as noticing, Book, NotARule, Notice as Line, Reaction, Screen};
use engine::steer::{Errand, Holder};
use layouts::Desk;
use model::{Action, Id};

use super::{Console, notices};
use crate::wire::Notice;
use crate::wire::events::{Alarm, DaySpan, DeviceNotice, EventAct, EventPlace, EventRule, RuleBook};

/// A place on a wall that a rule has lent to a camera.
pub(super) struct Lent {
    wall: u32,
    at: usize,
    /// What stood there before.
    before: Option<Id>,
    camera: Id,
    until: Instant,
}

impl Console {
    /// What devices have noticed, the newest first.
    ///
    /// # Errors
    /// In words: the person sees no pictures; here and below.
    pub fn device_notices(&self) -> Result<Vec<DeviceNotice>, Notice> {
        self.allow(Action::View, None)?;
        Ok(self.equipment.watch.notices().into_iter().map(line).collect())
    }

    /// The person has seen these lines.
    ///
    /// # Errors
    /// As above.
    pub fn acknowledge_notices(&self, lines: &[f64]) -> Result<(), Notice> {
        let lines: Vec<u64> = lines.iter().map(|line| *line as u64).collect();
        self.equipment.watch.acknowledge(&lines).map_err(|denied| self.denied(denied))
    }

    /// The rules and quiet hours.
    ///
    /// # Errors
    /// As above.
    pub fn event_rules(&self) -> Result<RuleBook, Notice> {
        self.allow(Action::View, None)?;
        let book = self.equipment.watch.book();
        Ok(RuleBook {
            rules: book.rules().iter().cloned().map(rule_told).collect(),
            quiet: book.quiet().iter().map(|span| span_told(*span)).collect(),
        })
    }

    /// These hold from now on.
    ///
    /// # Errors
    /// The person may not keep things for everybody, or a rule is none; nothing has changed then.
    pub fn set_event_rules(&self, book: RuleBook) -> Result<(), Notice> {
        self.allow(Action::ShareLayouts, None)?;
        let words = self.words();
        let rules = book.rules.into_iter().map(rule).collect();
        let book = Book::new(rules, book.quiet.into_iter().map(span).collect());
        let book = book.map_err(|not| {
            notices::error_notice("not_a_rule", &[("reason", words.get(reason_key(not)))], &words)
        })?;
        self.equipment.rules.save(&book).map_err(|error| notices::not_saved(&error, &words))?;
        self.equipment.watch.set_book(book).map_err(|denied| self.denied(denied))
    }

    /// Tells the page what devices have noticed, where that has changed.
    pub(super) fn tell_device_notices(&self) {
        if !self.people.may(Action::View) {
            return;
        }
        let told: Vec<DeviceNotice> = self.equipment.watch.notices().into_iter().map(line).collect();
        let before = std::mem::replace(&mut self.state.lock().noticed, told.clone());
        if before != told {
            self.tell("device_notices", told);
        }
    }

    /// Listens to the devices of the sites that have a camera on a wall. May wait for the keychain.
    pub(super) fn listen_to_open_sites(&self) {
        let inventory = self.inventory();
        let mut sites: Vec<Id> = {
            let state = self.state.lock();
            let slots = state.arrangement.desk().walls().iter().flat_map(layouts::Wall::slots);
            let cameras = slots.filter_map(|slot| slot.camera.as_ref());
            cameras.filter_map(|camera| Some(inventory.camera(camera)?.0.id.clone())).collect()
        };
        sites.sort();
        sites.dedup();
        let mut last = self.equipment.open_sites.lock();
        if last.as_ref() != Some(&sites) {
            self.equipment.watch.set_open(&sites);
            *last = Some(sites);
        }
    }

    /// Does what rules ask for.
    pub(super) fn react(&self, reactions: &[Reaction]) {
        for Reaction { name, camera, kind, act, .. } in reactions {
            match act {
                noticing::Act::Show { on, seconds } => self.lend(*on, camera, *seconds),
                noticing::Act::Preset { camera: other, token } => {
                    self.go_to_preset(other.as_ref().unwrap_or(camera), token);
                }
                noticing::Act::Sound => {
                    let alarm = Alarm { rule: name.clone(), camera: camera.clone(), event: *kind };
                    self.tell("alarm", alarm);
                }
                // It is in the log already.
                noticing::Act::Mark => {}
            }
        }
    }

    /// A camera goes to a preset, unless somebody steers it: no rule takes it out of a hand.
    fn go_to_preset(&self, camera: &Id, token: &str) {
        let steering = self.equipment.steering.clone();
        if !self.people.may(Action::Move) || steering.status(camera).holder != Holder::Nobody {
            return;
        }
        let (camera, token) = (camera.clone(), token.to_owned());
        self.equipment.devices.runtime().spawn(async move {
            if let Err(refused) = steering.run(&camera, Errand::Recall(token)).await {
                log::warn!("a rule did not bring {camera} to its preset: {refused}");
            }
        });
    }

    /// Shows a camera for a while where a rule says, and then what stood there before.
    fn lend(&self, on: Screen, camera: &Id, seconds: u16) {
        let until = Instant::now() + Duration::from_secs(seconds.into());
        let desk = self.state.lock().arrangement.desk().clone();
        let places = places(&desk, on);
        let mut lent = std::mem::take(&mut self.state.lock().lent);
        for (wall, at, stands) in places {
            match lent.iter_mut().find(|lent| (lent.wall, lent.at) == (wall, at)) {
                Some(lent) => (lent.camera, lent.until) = (camera.clone(), until),
                None => lent.push(Lent { wall, at, before: stands, camera: camera.clone(), until }),
            }
            self.put(wall, at, Some(camera));
        }
        self.state.lock().lent = lent;
    }

    /// Gives back what was lent for long enough; what a person has put there since stays.
    pub(super) fn give_back_lent(&self) {
        let now = Instant::now();
        let over: Vec<Lent> = {
            let mut state = self.state.lock();
            let (over, lent) =
                std::mem::take(&mut state.lent).into_iter().partition(|lent| lent.until <= now);
            state.lent = lent;
            over
        };
        for Lent { wall, at, before, camera, .. } in over {
            let stands = self
                .state
                .lock()
                .arrangement
                .desk()
                .wall(wall)
                .and_then(|wall| wall.slots().get(at).and_then(|slot| slot.camera.clone()));
            if stands.as_ref() == Some(&camera) {
                self.put(wall, at, before.as_ref());
            }
        }
    }

    fn put(&self, wall: u32, at: usize, camera: Option<&Id>) {
        let put = self.change(|arrangement| {
            let done = arrangement.apply(|desk| {
                let on = desk.wall_mut(wall)?;
                match camera {
                    Some(camera) if on.slots().get(at).is_some_and(|slot| slot.hotspot) => {
                        desk.show_on_hotspots(Some(wall), camera);
                    }
                    Some(camera) => on.place(at, std::slice::from_ref(camera))?,
                    None => on.clear(at),
                }
                Ok(())
            });
            done.map(|()| true)
        });
        if let Err(notice) = put {
            log::warn!("a rule's camera is not shown: {}", notice.title);
        }
    }
}

/// Where a screen is: hotspots; on a wall without one its last tile.
fn places(desk: &Desk, on: Screen) -> Vec<(u32, usize, Option<Id>)> {
    let wanted = match on {
        Screen::Hotspot => None,
        Screen::Wall(number) => Some(number.saturating_sub(1)),
    };
    let mut places = Vec::new();
    for wall in desk.walls().iter().filter(|wall| wanted.is_none_or(|wanted| wall.id() == wanted)) {
        let before = places.len();
        let hotspots = wall.slots().iter().enumerate().filter(|(_, slot)| slot.hotspot);
        places.extend(hotspots.map(|(at, slot)| (wall.id(), at, slot.camera.clone())));
        if wanted.is_some() && places.len() == before {
            let last = wall.visible().last();
            places
                .extend(last.map(|(_, at, slot)| (wall.id(), at, slot.and_then(|slot| slot.camera.clone()))));
        }
    }
    places
}

/// Key of the words for why a rule is none.
fn reason_key(not: NotARule) -> &'static str {
    match not {
        NotARule::Name => "not_a_rule_name",
        NotARule::On => "not_a_rule_on",
        NotARule::Between => "not_a_rule_between",
        NotARule::Then => "not_a_rule_then",
        NotARule::Seconds(_) => "not_a_rule_seconds",
        NotARule::Preset => "not_a_rule_preset",
        NotARule::Wall(_) => "not_a_rule_wall",
        NotARule::Twice => "not_a_rule_twice",
        NotARule::TooMany => "not_a_rule_too_many",
    }
}

fn line(line: Line) -> DeviceNotice {
    DeviceNotice {
        line: line.line as f64,
        site: line.site,
        camera: line.camera,
        device: line.device,
        event: line.kind,
        first: line.first_ms as f64,
        last: line.last_ms as f64,
        count: line.count,
        cameras: line.cameras,
        active: line.active,
        quiet: line.quiet,
        acknowledged: line.acknowledged,
    }
}

fn span(DaySpan { from, until }: DaySpan) -> noticing::DaySpan {
    noticing::DaySpan { from, until }
}

fn span_told(noticing::DaySpan { from, until }: noticing::DaySpan) -> DaySpan {
    DaySpan { from, until }
}

fn rule(rule: EventRule) -> noticing::Rule {
    let act = |act| match act {
        EventAct::Hotspot { seconds } => noticing::Act::Show { on: Screen::Hotspot, seconds },
        EventAct::Wall { wall, seconds } => noticing::Act::Show { on: Screen::Wall(wall), seconds },
        EventAct::Preset { camera, token } => noticing::Act::Preset { camera, token },
        EventAct::Sound => noticing::Act::Sound,
        EventAct::Mark => noticing::Act::Mark,
    };
    noticing::Rule {
        id: rule.id,
        name: rule.name,
        enabled: rule.enabled,
        on: rule.on,
        at: match rule.at {
            EventPlace::Any => noticing::Place::Any,
            EventPlace::District { name } => noticing::Place::District(name),
            EventPlace::Site { id } => noticing::Place::Site(id),
            EventPlace::Camera { id } => noticing::Place::Camera(id),
        },
        between: rule.between.map(span),
        then: rule.then.into_iter().map(act).collect(),
        pause: rule.pause,
    }
}

fn rule_told(rule: noticing::Rule) -> EventRule {
    let act = |act| match act {
        noticing::Act::Show { on: Screen::Hotspot, seconds } => EventAct::Hotspot { seconds },
        noticing::Act::Show { on: Screen::Wall(wall), seconds } => EventAct::Wall { wall, seconds },
        noticing::Act::Preset { camera, token } => EventAct::Preset { camera, token },
        noticing::Act::Sound => EventAct::Sound,
        noticing::Act::Mark => EventAct::Mark,
    };
    EventRule {
        id: rule.id,
        name: rule.name,
        enabled: rule.enabled,
        on: rule.on,
        at: match rule.at {
            noticing::Place::Any => EventPlace::Any,
            noticing::Place::District(name) => EventPlace::District { name },
            noticing::Place::Site(id) => EventPlace::Site { id },
            noticing::Place::Camera(id) => EventPlace::Camera { id },
        },
        between: rule.between.map(span_told),
        then: rule.then.into_iter().map(act).collect(),
        pause: rule.pause,
    }
}

#[cfg(test)]
mod tests {
    use layouts::Desk;

    use super::*;

    fn id(text: &str) -> Id {
        Id::new(text).unwrap()
    }

    #[test]
    fn a_rule_shows_on_hotspots_or_on_the_last_tile_of_its_wall() {
        let mut desk = Desk::default();
        let wall = desk.wall_mut(0).unwrap();
        wall.fill(&["a", "b", "c", "d"].map(id)).unwrap();
        assert_eq!(places(&desk, Screen::Hotspot), []);
        assert_eq!(places(&desk, Screen::Wall(1)), [(0, 3, Some(id("d")))]);
        assert_eq!(places(&desk, Screen::Wall(2)), [], "there is no such wall");
        desk.wall_mut(0).unwrap().set_hotspot(1, true).unwrap();
        let hotspot = [(0, 1, Some(id("b")))];
        assert_eq!(places(&desk, Screen::Hotspot), hotspot);
        assert_eq!(places(&desk, Screen::Wall(1)), hotspot);
    }

    #[test]
    fn rules_cross_unchanged() {
        let rule_there = EventRule {
            id: id("1"),
            name: "Đêm".to_owned(),
            enabled: true,
            on: [model::EventKind::Motion].into(),
            at: EventPlace::Site { id: id("s") },
            between: Some(DaySpan { from: 1320, until: 300 }),
            then: vec![
                EventAct::Wall { wall: 2, seconds: 20 },
                EventAct::Hotspot { seconds: 5 },
                EventAct::Preset { camera: None, token: "3".to_owned() },
                EventAct::Sound,
                EventAct::Mark,
            ],
            pause: 30,
        };
        assert_eq!(rule_told(rule(rule_there.clone())), rule_there);
    }
}

//! What would come of an act, said before it is done, and what could be done instead.

use std::sync::Arc;

use engine::planner::{Foreseen, Full};
use layouts::{Layout, Pictures, Wall, presets};
use model::{Id, Size};

use super::Console;
use super::acts::do_act;
use crate::wall::feeds::wishes;
use crate::wire::{self, Act, Instead};
use crate::words::Words;

/// More than these recorders and sites are not named.
const MOST_NAMED: usize = 2;

impl Console {
    /// What would come if `act` were done on a wall; `None` where it would be refused, or there is no such wall.
    #[must_use]
    pub fn foresee(&self, wall: u32, act: &Act) -> Option<wire::Foreseen> {
        let (mut then, words) = {
            let state = self.state.lock();
            (state.arrangement.desk().wall(wall)?.clone(), Arc::clone(&state.words))
        };
        let size = self.size_of(&then)?;
        let cameras = self.cameras_of(act);
        do_act(&mut then, act, &cameras).ok()?;
        let found = self.of_wall(&then, size);
        let instead = if found.costs_pictures() {
            let case = Case { then, size, act, found: &found, words: &words };
            case.instead(self)
        } else {
            Vec::new()
        };
        Some(wire::Foreseen {
            text: self.in_words(&found, &words),
            decode: found.decode.share(),
            costs: found.costs_pictures(),
            instead,
        })
    }

    /// The cameras that an act brings.
    pub(super) fn cameras_of(&self, act: &Act) -> Vec<Id> {
        match act {
            Act::Place { subject, .. } => self.cameras(subject),
            Act::Overview => self.cameras_where(&|_, _, _| true),
            _ => Vec::new(),
        }
    }

    fn of_wall(&self, wall: &Wall, size: Size) -> Foreseen {
        let wanted: Vec<_> = wishes(wall, size).into_iter().filter_map(|(_, _, wanted)| wanted).collect();
        self.feeds.foresee(wall.id(), &wanted)
    }

    fn in_words(&self, found: &Foreseen, words: &Words) -> String {
        let share = words.number(found.decode.share() * 100.0, 0);
        let mut parts = vec![words.say("foreseen_decode", &[("share", &share)])];
        let mut links: Vec<(String, &Full)> = Vec::new();
        let inventory = self.inventory();
        for site in inventory.sites() {
            let here = found.sites.iter().filter(|full| full.id == site.id);
            links.extend(here.map(|full| (site.name.clone(), full)));
            for recorder in &site.recorders {
                let here = found.recorders.iter().filter(|full| full.id == recorder.id);
                links.extend(here.map(|full| (format!("{}, {}", site.name, recorder.name), full)));
            }
        }
        links.sort_by(|(_, a), (_, b)| b.load.share().total_cmp(&a.load.share()));
        parts.extend(links.iter().take(MOST_NAMED).map(|(name, full)| {
            let (used, limit) = (full.load.used, full.load.limit.unwrap_or_default());
            let (used, limit) = (words.number(used, 0), words.number(limit, 0));
            words.say("foreseen_link", &[("name", name), ("used", &used), ("limit", &limit)])
        }));
        let counted = [
            ("foreseen_no_slot", &found.without_slot),
            ("foreseen_dark", &found.dark),
            ("foreseen_worse", &found.worse),
            ("foreseen_key_frames", &found.key_frames),
        ];
        for (key, cameras) in counted {
            match cameras.as_slice() {
                [] => {}
                [one] => parts.push(words.say(&format!("{key}_one"), &[("camera", &self.name_of(one))])),
                many => {
                    let count = many.len().to_string();
                    parts.push(words.say(&format!("{key}_other"), &[("count", &count)]));
                }
            }
        }
        parts.join(" · ")
    }

    fn name_of(&self, id: &Id) -> String {
        self.inventory().camera(id).map_or_else(|| id.to_string(), |(_, _, camera)| camera.name.clone())
    }
}

/// An act that would cost pictures.
struct Case<'a> {
    /// The wall after it.
    then: Wall,
    size: Size,
    act: &'a Act,
    found: &'a Foreseen,
    words: &'a Words,
}

impl Case<'_> {
    /// What could be done so that nothing stays dark or gets worse. First what changes least of what the person wanted: all
    /// cameras in this layout with lesser pictures, then fewer of them a page, then fewer of them.
    fn instead(&self, console: &Console) -> Vec<Instead> {
        let ways = [self.lesser_pictures(console), self.fewer_tiles(console), self.without(console)];
        ways.into_iter().flatten().collect()
    }

    fn fits(&self, console: &Console, wall: &Wall) -> bool {
        !console.of_wall(wall, self.size).costs_pictures()
    }

    fn lesser_pictures(&self, console: &Console) -> Option<Instead> {
        let lesser = [(Pictures::Small, "foreseen_small"), (Pictures::KeyFrames, "foreseen_only_key_frames")];
        let (pictures, key) = lesser.into_iter().find(|(pictures, _)| {
            let mut wall = self.then.clone();
            wall.set_pictures(*pictures);
            *pictures > self.then.pictures() && self.fits(console, &wall)
        })?;
        let acts = vec![self.act.clone(), Act::Pictures { pictures }];
        Some(Instead { text: self.words.get(key).to_owned(), acts })
    }

    /// As few fewer as it takes.
    fn fewer_tiles(&self, console: &Console) -> Option<Instead> {
        if !matches!(self.act, Act::Layout { .. } | Act::Place { at: None, .. } | Act::Overview) {
            return None;
        }
        let fewer = presets().into_iter().filter(|preset| is_square(&preset.layout)).rev();
        let mut fewer = fewer.filter(|preset| preset.layout.count() < self.then.layout().count());
        let (name, layout, pages) = fewer.find_map(|preset| {
            let mut wall = self.then.clone();
            wall.set_layout(preset.layout.clone());
            let pages = wall.pages();
            self.fits(console, &wall).then_some((preset.name, preset.layout, pages))
        })?;
        let text = self.words.say("foreseen_instead", &[("layout", &name), ("pages", &pages.to_string())]);
        let smaller = Act::Layout { layout };
        let acts = match self.act {
            Act::Layout { .. } => vec![smaller],
            _ => vec![self.act.clone(), smaller],
        };
        Some(Instead { text, acts })
    }

    /// Without those that would stay dark.
    fn without(&self, console: &Console) -> Option<Instead> {
        let cameras: Vec<Id> = self.found.without_slot.iter().chain(&self.found.dark).cloned().collect();
        let mut wall = self.then.clone();
        wall.leave_out(&cameras);
        // A wall without any camera is no way to show them.
        let any = wall.visible().any(|(_, _, slot)| slot.is_some());
        if cameras.is_empty() || !any || wall == self.then || !self.fits(console, &wall) {
            return None;
        }
        let text = match cameras.as_slice() {
            [one] => self.words.say("foreseen_without_one", &[("camera", &console.name_of(one))]),
            many => self.words.say("foreseen_without_other", &[("count", &many.len().to_string())]),
        };
        Some(Instead { text, acts: vec![self.act.clone(), Act::LeaveOut { cameras }] })
    }
}

fn is_square(layout: &Layout) -> bool {
    layout.columns().len() == layout.rows().len() && layout.count() == layout.columns().len().pow(2)
}

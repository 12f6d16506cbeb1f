//! How everything stands, also what no wall shows, and what is written down of it.

use std::collections::{BTreeMap, HashMap};
use std::time::{Instant, SystemTime};

use inventory::{Camera, Recorder, Site};
use jiff::Timestamp;
use model::{Action, ClockOffset, Id};

use super::Console;
use super::news::News;
use crate::wall::thread::{CameraStanding, Standing};
use crate::wire::Notice;
use crate::wire::health::{Board, CameraNews, Condition, Health};
use crate::words::Words;

/// Seconds by which a device's clock may be wrong before people are told.
const CLOCK_WRONG: f64 = 2.0;

impl Console {
    /// Writes down which cameras are on a screen, and tells who is lost and who is back.
    pub(super) fn keep_records(&self, standings: &BTreeMap<u32, Standing>) {
        let (now, today) = (Instant::now(), Timestamp::now().as_millisecond());
        let inventory = self.inventory();
        // What goes dark because of who sits here now is no news, least of all for them.
        let is_seen = |camera: &&CameraStanding| {
            inventory.camera(&camera.id).is_some_and(|(site, _, camera)| self.people.sees(site, camera))
        };
        let cameras: Vec<_> =
            standings.values().flat_map(|standing| &standing.cameras).filter(is_seen).collect();
        let (events, news) = {
            let mut state = self.state.lock();
            let walls = standings.iter().map(|(wall, standing)| (*wall, standing));
            let events = state.watching.look(walls, now, today);
            let seen = cameras.iter().map(|camera| (&camera.id, camera.live, camera.text.as_str()));
            (events, state.newsroom.hear(seen, now, today as f64))
        };
        if !events.is_empty() {
            self.people.note_all(events);
        }
        let words = self.words();
        for one in &news {
            self.tell("news", self.news(one, &words));
        }
        if let Some(error) = self.people.unwritten() {
            self.complain("not_recorded", &[("reason", &error.to_string())]);
        }
    }

    pub(super) fn news(&self, news: &News, words: &Words) -> CameraNews {
        let name = match self.inventory().camera(&news.camera) {
            Some((site, _, camera)) => format!("{} · {}", camera.name, site.name),
            None => news.camera.to_string(),
        };
        let text = match &news.lost {
            Some(why) => why.clone(),
            None => words.say("news_back_after", &[("age", &words.age(news.away))]),
        };
        CameraNews { id: news.camera.clone(), name, lost: news.lost.is_some(), text, at: news.at }
    }

    /// How everything stands that the person may see.
    ///
    /// # Errors
    /// They may see no cameras and manage none.
    pub fn board(&self) -> Result<Board, Notice> {
        let manages = self.people.may(Action::ManageInventory);
        if !manages {
            self.allow(Action::View, None)?;
        }
        let standings: Vec<Standing> =
            self.walls.lock().values().map(|open| open.controls.standing()).collect();
        let mut shown: HashMap<&Id, &CameraStanding> = HashMap::new();
        for camera in standings.iter().flat_map(|standing| &standing.cameras) {
            let known = shown.entry(&camera.id).or_insert(camera);
            if camera.live && !known.live {
                *known = camera;
            }
        }
        let measures = self.feeds.measures();
        let (inventory, words) = (self.inventory(), self.words());
        let loads = self.feeds.loads();
        let clocks: HashMap<Id, ClockOffset> = self.equipment.devices.clocks().into_iter().collect();
        let wrong = |device: &Id| clocks.get(device).copied().and_then(wrong_by);
        let (mut cameras, mut recorders) = (Vec::new(), Vec::new());
        for site in inventory.sites() {
            for recorder in &site.recorders {
                let seen = |camera: &&Camera| manages || self.people.sees(site, camera);
                let seen: Vec<&Camera> = recorder.cameras.iter().filter(seen).collect();
                if seen.is_empty() {
                    continue;
                }
                let mut stand = Vec::new();
                for camera in seen {
                    let mut health = self.asked(&camera.id, camera, &words);
                    if let Some(standing) = shown.get(&camera.id) {
                        watched(&mut health, standing);
                    }
                    if let Some(measure) = measures.get(&camera.id) {
                        health.mbps = measure.mbps;
                        health.rate = measure.rate;
                        health.age = measure.age.map(|age| age.as_secs_f64());
                        health.decoder.clone_from(&measure.decoder);
                    }
                    health.clock = wrong(&camera.id);
                    health.since = self.since(&camera.id, health.condition, health.since);
                    stand.push(health);
                }
                let load = loads.recorders.iter().find(|load| load.id == recorder.id);
                let (mbps, limit) = load.map_or((0.0, None), |load| (load.received, load.limit));
                let health = self.recorder(site, recorder, &stand, mbps, limit, &words);
                recorders.push(Health { clock: wrong(&recorder.id), ..health });
                cameras.append(&mut stand);
            }
        }
        Ok(Board { cameras, recorders, complete: self.feeds.all_asked().map(milliseconds) })
    }

    /// What a camera's device said when it was asked how it is.
    fn asked(&self, id: &Id, camera: &Camera, words: &Words) -> Health {
        let answer = camera.profiles.first().and_then(|profile| self.feeds.answer(&profile.address));
        let (condition, text, detail) = match answer.as_ref().map(|answer| &answer.fault) {
            None => (Condition::Unknown, String::new(), String::new()),
            Some(None) => (Condition::Well, String::new(), String::new()),
            Some(Some(fault)) => {
                let (text, detail) = words.fault(fault);
                (Condition::Unwell, text, detail)
            }
        };
        Health {
            id: id.clone(),
            condition,
            text,
            detail,
            since: answer.as_ref().map(|answer| milliseconds(answer.since)),
            seen: answer.and_then(|answer| answer.well).map(milliseconds),
            mbps: 0.0,
            limit: None,
            rate: 0.0,
            age: None,
            decoder: String::new(),
            clock: None,
        }
    }

    /// A recorder is as well as the best of its cameras that are watched, else as it answers.
    fn recorder(
        &self,
        site: &Site,
        recorder: &Recorder,
        cameras: &[Health],
        mbps: f64,
        limit: Option<f64>,
        words: &Words,
    ) -> Health {
        let any = recorder.cameras.first().map(|camera| self.asked(&recorder.id, camera, words));
        let live = cameras.iter().any(|camera| camera.condition == Condition::Live);
        let mut health = any.unwrap_or_else(|| unknown(&site.id));
        if live {
            (health.condition, health.text, health.detail) = (Condition::Live, String::new(), String::new());
            health.seen = Some(Timestamp::now().as_millisecond() as f64);
        }
        health.mbps = mbps;
        health.limit = limit.or(recorder.sends_mbps.map(f64::from));
        health.since = self.since(&recorder.id, health.condition, health.since);
        health
    }

    /// Since when something stands as it does, as far as this program knows.
    fn since(&self, id: &Id, condition: Condition, known: Option<f64>) -> Option<f64> {
        let now = Timestamp::now().as_millisecond() as f64;
        let mut state = self.state.lock();
        let entry = state.conditions.entry(id.clone()).or_insert((condition, known.unwrap_or(now)));
        if entry.0 != condition {
            *entry = (condition, now);
        }
        (condition != Condition::Unknown).then_some(entry.1)
    }
}

/// What a wall shows of a camera says more than an answer of its device.
fn watched(health: &mut Health, standing: &CameraStanding) {
    health.condition = match (standing.live, standing.coming) {
        (true, _) => Condition::Live,
        (false, true) => Condition::Waiting,
        (false, false) => Condition::Dark,
    };
    health.text.clone_from(&standing.text);
    health.detail.clone_from(&standing.detail);
    health.since = None;
    if standing.live {
        health.seen = Some(Timestamp::now().as_millisecond() as f64);
    }
}

fn unknown(id: &Id) -> Health {
    Health {
        id: id.clone(),
        condition: Condition::Unknown,
        text: String::new(),
        detail: String::new(),
        since: None,
        seen: None,
        mbps: 0.0,
        limit: None,
        rate: 0.0,
        age: None,
        decoder: String::new(),
        clock: None,
    }
}

/// Seconds by which a clock is wrong for certain, if these are enough to mislead who compares two recordings.
fn wrong_by(clock: ClockOffset) -> Option<f64> {
    let ahead = clock.ahead_ms as f64 / 1000.0;
    (ahead.abs() - clock.within.as_secs_f64() > CLOCK_WRONG).then_some(ahead)
}

fn milliseconds(at: SystemTime) -> f64 {
    Timestamp::try_from(at).map_or(0.0, |at| at.as_millisecond() as f64)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_clock_is_wrong_only_beyond_what_the_asking_leaves_open() {
        let clock = |ahead_ms, within_ms| ClockOffset { ahead_ms, within: Duration::from_millis(within_ms) };
        assert_eq!(wrong_by(clock(2100, 50)), Some(2.1));
        assert_eq!(wrong_by(clock(-83_000, 900)), Some(-83.0));
        assert_eq!(wrong_by(clock(2100, 150)), None);
        assert_eq!(wrong_by(clock(-1900, 0)), None);
    }
}

//! Layouts and tours that people keep, and tours that run.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use audit::Event;
use engine::rights::Person;
use layouts::{Kept, KeptLayout, KeptTour, Refusal, Stop};
use model::{Action, Id};

use super::{Console, State, notices};
use crate::wire::Notice;
use crate::wire::saved::{RunningTour, Saved, SavedLayout, Tour, TourFields, TourStop};

/// A tour on a wall.
pub(super) struct Running {
    tour: Id,
    stop: usize,
    /// How long the stop has stood, without pauses.
    stood: Duration,
    counted: Instant,
    paused: bool,
}

/// What is kept, and what of it runs.
#[derive(Default)]
pub(super) struct Shelf {
    pub(super) kept: Kept,
    running: BTreeMap<u32, Running>,
}

impl Shelf {
    /// With what was kept, and nothing that runs.
    pub(super) fn of(kept: Kept) -> Self {
        Self { kept, running: BTreeMap::new() }
    }

    /// The tours that run, for the page.
    pub(super) fn running(&self) -> Vec<RunningTour> {
        let told = |(wall, running): (&u32, &Running)| {
            let tour = self.kept.tour(&running.tour).ok()?;
            Some(RunningTour {
                wall: *wall,
                tour: tour.id.clone(),
                name: tour.name.clone(),
                stop: running.stop,
                stops: tour.stops.len(),
                paused: running.paused,
            })
        };
        self.running.iter().filter_map(told).collect()
    }

    /// No tour runs on this wall any more; says whether one did.
    pub(super) fn stop(&mut self, wall: u32) -> bool {
        self.running.remove(&wall).is_some()
    }

    /// The walls whose next stop is due at `now`, with the layout to open.
    fn due(&mut self, now: Instant) -> Vec<(u32, KeptLayout)> {
        let mut due = Vec::new();
        let kept = &self.kept;
        self.running.retain(|wall, running| {
            let passed = now.saturating_duration_since(running.counted);
            running.counted = now;
            // The tour may have been removed or shortened while it ran.
            let Ok(tour) = kept.tour(&running.tour) else { return false };
            if running.paused {
                return true;
            }
            running.stood += passed;
            let stop = tour.stops.get(running.stop);
            if stop.is_some_and(|stop| running.stood < Duration::from_secs(u64::from(stop.seconds))) {
                return true;
            }
            running.stop = (running.stop + 1) % tour.stops.len();
            running.stood = Duration::ZERO;
            if let Ok(layout) = kept.layout(&tour.stops[running.stop].layout) {
                due.push((*wall, layout.clone()));
            }
            true
        });
        due
    }

    fn start(&mut self, wall: u32, id: &Id, now: Instant) -> Result<KeptLayout, Refusal> {
        let first = self.kept.tour(id)?.stops.first().ok_or(Refusal::NotATour)?;
        let layout = self.kept.layout(&first.layout)?.clone();
        let running =
            Running { tour: id.clone(), stop: 0, stood: Duration::ZERO, counted: now, paused: false };
        self.running.insert(wall, running);
        Ok(layout)
    }
}

impl Console {
    /// What the person may open.
    ///
    /// # Errors
    /// They may not arrange walls.
    pub fn saved(&self) -> Result<Saved, Notice> {
        let person = self.allow(Action::ArrangeWalls, None)?;
        Ok(self.saved_for(&person.account))
    }

    fn saved_for(&self, account: &str) -> Saved {
        let shares = self.people.may(Action::ShareLayouts);
        let own = |owner: &str, shared: bool| owner == account || (shared && shares);
        let state = self.state.lock();
        let layout = |layout: &KeptLayout| SavedLayout {
            id: layout.id.clone(),
            name: layout.name.clone(),
            shared: layout.shared,
            own: own(&layout.owner, layout.shared),
            cameras: layout.slots.iter().filter(|slot| slot.camera.is_some()).count(),
            layout: layout.layout.clone(),
        };
        let tour = |tour: &KeptTour| Tour {
            id: tour.id.clone(),
            name: tour.name.clone(),
            shared: tour.shared,
            own: own(&tour.owner, tour.shared),
            stops: tour
                .stops
                .iter()
                .map(|stop| TourStop { layout: stop.layout.clone(), seconds: stop.seconds })
                .collect(),
        };
        let kept = &state.shelf.kept;
        Saved {
            layouts: kept.layouts_for(account).map(layout).collect(),
            tours: kept.tours_for(account).map(tour).collect(),
        }
    }

    /// Keeps what a wall shows.
    ///
    /// # Errors
    /// In words; nothing has been changed then, here and below.
    pub fn save_layout(&self, wall: u32, name: &str, shared: bool) -> Result<(), Notice> {
        let person = self.allow_keeping(shared)?;
        self.keep(|state| {
            let wall = state.arrangement.desk().wall(wall).ok_or(Refusal::NoSuchWall(wall))?;
            state.shelf.kept.keep(&person.account, name, shared, wall).map(drop)
        })?;
        self.people.note(Event::LayoutSaved { name: name.into(), shared });
        Ok(())
    }

    /// Gives a kept layout another name, and everybody or nobody else a right to it.
    ///
    /// # Errors
    /// As above.
    pub fn rename_layout(&self, id: &Id, name: &str, shared: bool) -> Result<(), Notice> {
        self.allow_change_of_layout(id)?;
        self.allow_keeping(shared)?;
        self.keep(|state| state.shelf.kept.rename(id, name, shared))?;
        self.people.note(Event::LayoutSaved { name: name.into(), shared });
        Ok(())
    }

    /// Forgets a kept layout.
    ///
    /// # Errors
    /// As above.
    pub fn remove_layout(&self, id: &Id) -> Result<(), Notice> {
        let layout = self.allow_change_of_layout(id)?;
        self.keep(|state| state.shelf.kept.remove_layout(id))?;
        self.people.note(Event::LayoutRemoved { name: layout.name.as_str().into(), shared: layout.shared });
        Ok(())
    }

    /// Shows a kept layout on a wall.
    ///
    /// # Errors
    /// As above.
    pub fn open_layout(&self, wall: u32, id: &Id) -> Result<(), Notice> {
        let person = self.allow(Action::ArrangeWalls, None)?;
        let found = self
            .state
            .lock()
            .shelf
            .kept
            .layouts_for(&person.account)
            .find(|layout| layout.id == *id)
            .cloned();
        let layout = found.ok_or_else(|| self.refused(&Refusal::NothingKept))?;
        self.stop_running(wall);
        self.change(|arrangement| {
            arrangement.apply(|desk| desk.wall_mut(wall).map(|wall| wall.open(&layout))).map(|()| true)
        })
    }

    /// Keeps a tour.
    ///
    /// # Errors
    /// As above.
    pub fn save_tour(&self, fields: TourFields) -> Result<(), Notice> {
        let person = self.allow_keeping(fields.shared)?;
        if let Some(id) = &fields.id {
            self.allow_change_of_tour(id)?;
        }
        let stops = fields
            .stops
            .into_iter()
            .map(|stop| Stop { layout: stop.layout, seconds: stop.seconds })
            .collect();
        self.keep(|state| {
            state
                .shelf
                .kept
                .keep_tour(&person.account, fields.id.as_ref(), &fields.name, fields.shared, stops)
                .map(drop)
        })
    }

    /// Forgets a tour.
    ///
    /// # Errors
    /// As above.
    pub fn remove_tour(&self, id: &Id) -> Result<(), Notice> {
        self.allow_change_of_tour(id)?;
        self.keep(|state| state.shelf.kept.remove_tour(id))
    }

    /// Shows a tour's first stop on a wall, and from then on one after the other.
    ///
    /// # Errors
    /// As above.
    pub fn start_tour(&self, wall: u32, id: &Id) -> Result<(), Notice> {
        let person = self.allow(Action::ArrangeWalls, None)?;
        let started = {
            let mut state = self.state.lock();
            let tour = state.shelf.kept.tours_for(&person.account).find(|tour| tour.id == *id);
            let tour = tour.map(|tour| tour.name.clone()).ok_or(Refusal::NothingKept);
            tour.and_then(|name| Ok((name, state.shelf.start(wall, id, Instant::now())?)))
        };
        let (name, layout) = started.map_err(|refusal| self.refused(&refusal))?;
        self.open_stop(wall, &layout)?;
        self.people
            .note(Event::TourStarted { wall: wall.to_string().as_str().into(), name: name.as_str().into() });
        Ok(())
    }

    /// A tour stays where it is, or goes on.
    ///
    /// # Errors
    /// As above.
    pub fn pause_tour(&self, wall: u32, paused: bool) -> Result<(), Notice> {
        self.allow(Action::ArrangeWalls, None)?;
        let desk = {
            let mut state = self.state.lock();
            if let Some(running) = state.shelf.running.get_mut(&wall) {
                running.paused = paused;
            }
            state.desk()
        };
        self.tell("desk", desk);
        Ok(())
    }

    /// No tour runs on this wall any more; what it shows stays.
    ///
    /// # Errors
    /// As above.
    pub fn stop_tour(&self, wall: u32) -> Result<(), Notice> {
        self.allow(Action::ArrangeWalls, None)?;
        self.stop_running(wall);
        let desk = self.state.lock().desk();
        self.tell("desk", desk);
        Ok(())
    }

    /// Goes on with the tours whose time has come.
    pub(super) fn go_on_tours(&self) {
        let due = self.state.lock().shelf.due(Instant::now());
        for (wall, layout) in due {
            if self.open_stop(wall, &layout).is_err() {
                // The wall was closed a moment ago.
                self.stop_running(wall);
            }
        }
    }

    /// A stop is no step that could be taken back: nobody did it.
    fn open_stop(&self, wall: u32, layout: &KeptLayout) -> Result<(), Notice> {
        self.change(|arrangement| {
            arrangement.pass(|desk| desk.wall_mut(wall).map(|wall| wall.open(layout))).map(|()| true)
        })
    }

    fn stop_running(&self, wall: u32) {
        if self.state.lock().shelf.stop(wall) {
            self.people.note(Event::TourStopped { wall: wall.to_string().as_str().into() });
        }
    }

    fn allow_keeping(&self, shared: bool) -> Result<Person, Notice> {
        if shared {
            self.allow(Action::ShareLayouts, None)?;
        }
        self.allow(Action::ArrangeWalls, None)
    }

    fn allow_change_of_layout(&self, id: &Id) -> Result<KeptLayout, Notice> {
        let person = self.allow(Action::ArrangeWalls, None)?;
        let found = self.state.lock().shelf.kept.layout(id).cloned();
        let layout = found.map_err(|refusal| self.refused(&refusal))?;
        self.allow_change(&person, &layout.owner, layout.shared)?;
        Ok(layout)
    }

    fn allow_change_of_tour(&self, id: &Id) -> Result<(), Notice> {
        let person = self.allow(Action::ArrangeWalls, None)?;
        let found = self.state.lock().shelf.kept.tour(id).cloned();
        let tour = found.map_err(|refusal| self.refused(&refusal))?;
        self.allow_change(&person, &tour.owner, tour.shared)
    }

    /// One's own may be changed, and what everybody uses by who keeps things for everybody.
    fn allow_change(&self, person: &Person, owner: &str, shared: bool) -> Result<(), Notice> {
        match (owner == person.account, shared) {
            (true, _) => Ok(()),
            (false, true) => self.allow(Action::ShareLayouts, None).map(drop),
            // What belongs to somebody else alone isn't there.
            (false, false) => Err(self.refused(&Refusal::NothingKept)),
        }
    }

    /// Changes what is kept; page and file follow.
    fn keep(&self, change: impl FnOnce(&mut State) -> Result<(), Refusal>) -> Result<(), Notice> {
        let (kept, desk) = {
            let mut state = self.state.lock();
            change(&mut state).map_err(|refusal| notices::refusal(&refusal, &state.words))?;
            (state.shelf.kept.clone(), state.desk())
        };
        self.saver.lock().kept(kept);
        if let Some(person) = self.people.at_work() {
            self.tell("saved", self.saved_for(&person.account));
        }
        self.tell("desk", desk);
        Ok(())
    }

    fn refused(&self, refusal: &Refusal) -> Notice {
        notices::refusal(refusal, &self.state.lock().words)
    }
}

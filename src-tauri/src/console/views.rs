//! How pictures are looked at: the part of them that is seen, views that people keep, and lenses.

use layouts::{Arrangement, Refusal, Wall};
use model::view::Change;
use model::{Action, Id, Lens, Mapping, Sight, Size, View};

use super::{Console, notices};
use crate::wire::Notice;
use crate::wire::view::{CameraViews, KnownLens, ViewPreset, Views};

/// What a picture is taken for while nobody knows its size.
const USUAL_PICTURE: Size = Size::new(1920, 1080);
/// What a tile is taken for that is not on its wall's page.
const USUAL_TILE: Size = Size::new(960, 540);

impl Console {
    /// Changes how the picture in slot `at` is looked at. `goes_on`: more of the same movement follows at once; only the wall
    /// is told then.
    pub(super) fn look(&self, wall: u32, at: usize, change: &Change, goes_on: bool) -> Result<(), Notice> {
        let found = self.state.lock().arrangement.desk().wall(wall).cloned();
        let view = match &found {
            Some(wall) => self.view_after(wall, at, change),
            None => None,
        };
        let act = |arrangement: &mut Arrangement| {
            let set = |desk: &mut layouts::Desk| match view {
                Some(view) => desk.wall_mut(wall)?.set_view(at, view),
                None => Err(Refusal::NoCamera(at)),
            };
            let done = if change.is_movement() {
                arrangement.apply_movement(wall, at, set)
            } else {
                arrangement.apply(set)
            };
            done.map(|()| true)
        };
        // A hand on the picture is followed at once, and so is what it leaves behind.
        let eased = !goes_on && !matches!(change, Change::Pan { .. });
        if goes_on { self.change_on_walls(act) } else { self.change_eased(eased, act) }
    }

    /// The view that a change makes of a slot's; `None` where there is no camera.
    fn view_after(&self, wall: &Wall, at: usize, change: &Change) -> Option<View> {
        let slot = wall.slots().get(at)?;
        let camera = slot.camera.as_ref()?;
        let tiles = self.size_of(wall).map(|size| wall.tiles(size)).unwrap_or_default();
        let tile = tiles.iter().find(|(_, slot)| *slot == at).map_or(USUAL_TILE, |(rect, _)| rect.size());
        let sight = Sight::of(slot.view, self.feeds.lens(camera));
        let picture = self.picture_size(wall.id(), camera);
        let mapping = Mapping::new(tile, picture, slot.fit, slot.turn, sight)
            .or_else(|| Mapping::new(USUAL_TILE, picture, slot.fit, slot.turn, sight))?;
        Some(mapping.after(change))
    }

    /// The size of a camera's picture: of what the wall shows, else of what it is said to send.
    pub(super) fn picture_size(&self, wall: u32, camera: &Id) -> Size {
        let controls = self.walls.lock().get(&wall).map(|open| std::sync::Arc::clone(&open.controls));
        let shown = controls.and_then(|controls| {
            let standing = controls.standing();
            standing.cameras.iter().chain(&standing.recorded).find(|standing| standing.id == *camera)?.picture
        });
        shown.unwrap_or_else(|| {
            let inventory = self.inventory();
            let profile = inventory.camera(camera).and_then(|(.., camera)| camera.profiles.first());
            profile.map_or(USUAL_PICTURE, |profile| Size::new(profile.width, profile.height))
        })
    }

    /// What is known of the pictures of the cameras that the person may see.
    ///
    /// # Errors
    /// They may not arrange walls.
    pub fn views(&self) -> Result<Views, Notice> {
        let person = self.allow(Action::ArrangeWalls, None)?;
        Ok(self.views_for(&person.account))
    }

    fn views_for(&self, account: &str) -> Views {
        let shares = self.people.may(Action::ShareLayouts);
        let kept = self.state.lock().views.clone();
        let inventory = self.inventory();
        let all = inventory.sites().iter().flat_map(|site| {
            let cameras = site.recorders.iter().flat_map(|recorder| &recorder.cameras);
            cameras.map(move |camera| (site, camera))
        });
        let seen = all.filter(|(site, camera)| self.people.sees(site, camera));
        let cameras = seen.filter_map(|(_, camera)| {
            let by_hand = kept.lens(&camera.id);
            let preset = |view: &layouts::KeptView| ViewPreset {
                id: view.id.clone(),
                name: view.name.clone(),
                own: view.owner == account || shares,
                view: view.view,
            };
            let presets: Vec<_> = kept.of(&camera.id).iter().map(preset).collect();
            let lens = by_hand.or(camera.lens);
            let known = lens.is_some() || !presets.is_empty();
            known.then(|| CameraViews {
                camera: camera.id.clone(),
                presets,
                lens,
                by_hand: by_hand.is_some(),
            })
        });
        let lenses = Lens::known().map(|(name, lens)| KnownLens { name: name.to_owned(), lens });
        Views { cameras: cameras.collect(), lenses: lenses.collect() }
    }

    /// Keeps how the picture in slot `at` is looked at.
    ///
    /// # Errors
    /// In words; nothing has been changed then, here and below.
    pub fn keep_view(&self, wall: u32, at: usize, name: &str) -> Result<(), Notice> {
        let person = self.allow(Action::ArrangeWalls, None)?;
        let slot = {
            let state = self.state.lock();
            state.arrangement.desk().wall(wall).and_then(|wall| wall.slots().get(at).cloned())
        };
        let (camera, view) = slot
            .and_then(|slot| Some((slot.camera?, slot.view)))
            .ok_or_else(|| self.refuse(&Refusal::NoCamera(at)))?;
        self.allow(Action::View, Some(&camera))?;
        self.change_views(|views| views.keep(&camera, &person.account, name, view).map(drop))
    }

    /// Forgets a kept view: one's own, or anybody's by who keeps things for everybody.
    ///
    /// # Errors
    /// As above.
    pub fn remove_view(&self, camera: &Id, id: &Id) -> Result<(), Notice> {
        let person = self.allow(Action::ArrangeWalls, None)?;
        let owner = self.state.lock().views.view(camera, id).map(|view| view.owner.clone());
        let owner = owner.map_err(|refusal| self.refuse(&refusal))?;
        if owner != person.account {
            self.allow(Action::ShareLayouts, None)?;
        }
        self.change_views(|views| views.remove(camera, id))
    }

    /// Says which lens a camera has, for everybody on this workstation; `None`: as the inventory has it.
    ///
    /// # Errors
    /// As above.
    pub fn set_lens(&self, camera: &Id, lens: Option<Lens>) -> Result<(), Notice> {
        self.allow(Action::ShareLayouts, None)?;
        self.allow(Action::View, Some(camera))?;
        if self.inventory().camera(camera).is_none() {
            return Err(notices::error_notice("camera_unknown", &[], &self.words()));
        }
        self.change_views(|views| views.set_lens(camera, lens))?;
        let views = self.state.lock().views.clone();
        self.feeds.set_lenses(&views);
        Ok(())
    }

    /// Changes what is kept; page and file follow.
    fn change_views(
        &self,
        change: impl FnOnce(&mut layouts::Views) -> Result<(), Refusal>,
    ) -> Result<(), Notice> {
        let views = {
            let mut state = self.state.lock();
            let mut views = state.views.clone();
            change(&mut views).map_err(|refusal| notices::refusal(&refusal, &state.words))?;
            state.views = views.clone();
            views
        };
        self.saver.lock().views(views);
        if let Some(person) = self.people.at_work() {
            self.tell("views", self.views_for(&person.account));
        }
        Ok(())
    }

    fn refuse(&self, refusal: &Refusal) -> Notice {
        notices::refusal(refusal, &self.words())
    }
}

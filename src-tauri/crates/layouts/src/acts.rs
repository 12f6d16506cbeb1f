//! What people do to a wall. An act that is refused may leave the wall half changed: [`Arrangement::apply`] throws
//! such a wall away.
//!
//! [`Arrangement::apply`]: crate::Arrangement::apply

use std::num::NonZeroU16;

use model::{Fit, Id, Turn, View};

use crate::division::{Axis, Divided};
use crate::layout::Layout;
use crate::refusal::Refusal;
use crate::wall::{Pictures, Slot, Wall};

/// Acts that change what the wall holds.
impl Wall {
    /// Another layout. The cameras keep their order, and the page is the one on which the enlarged, else the selected,
    /// else the first camera that was to be seen is still to be seen.
    pub fn set_layout(&mut self, layout: Layout) {
        let seen = |at: &usize| self.visible().any(|(_, slot, camera)| slot == *at && camera.is_some());
        let first = || self.visible().find(|(_, _, camera)| camera.is_some()).map(|(_, at, _)| at);
        let anchor = self.enlarged.or(self.selected.filter(seen)).or_else(first).unwrap_or(0);
        self.page = anchor / layout.count();
        self.layout = layout;
        self.enlarged = None;
        self.settle();
    }

    /// Puts cameras on the slots from `at` on, whatever stood there; all with the fit and turn of a new slot.
    ///
    /// # Errors
    /// [`Refusal::NothingToPlace`] and [`Refusal::TooManySlots`].
    pub fn place(&mut self, at: usize, cameras: &[Id]) -> Result<(), Refusal> {
        if cameras.is_empty() {
            return Err(Refusal::NothingToPlace);
        }
        let end = at.checked_add(cameras.len()).filter(|end| *end <= Self::MOST_SLOTS);
        let end = end.ok_or(Refusal::TooManySlots)?;
        self.reach(end);
        for (slot, camera) in self.slots[at..end].iter_mut().zip(cameras) {
            *slot = Slot::of(camera.clone());
        }
        self.settle();
        Ok(())
    }

    /// Replaces everything by `cameras`, from the first page on. A layout of people's own stays if it holds them all on
    /// one page; otherwise it is the smallest square that does, and 8×8 with further pages for more.
    ///
    /// # Errors
    /// [`Refusal::NothingToPlace`] and [`Refusal::TooManySlots`].
    pub fn fill(&mut self, cameras: &[Id]) -> Result<(), Refusal> {
        if cameras.is_empty() {
            return Err(Refusal::NothingToPlace);
        }
        if cameras.len() > Self::MOST_SLOTS {
            return Err(Refusal::TooManySlots);
        }
        if self.layout.is_preset() || self.layout.count() < cameras.len() {
            self.layout = Layout::smallest_for(cameras.len());
        }
        self.slots = cameras.iter().cloned().map(Slot::of).collect();
        (self.page, self.selected, self.enlarged) = (0, Some(0), None);
        self.settle();
        Ok(())
    }

    /// Replaces everything by `cameras`, all on one page of small tiles.
    ///
    /// # Errors
    /// [`Refusal::NothingToPlace`] and [`Refusal::TooManySlots`].
    pub fn overview(&mut self, cameras: &[Id]) -> Result<(), Refusal> {
        if cameras.is_empty() {
            return Err(Refusal::NothingToPlace);
        }
        if cameras.len() > Self::MOST_SLOTS {
            return Err(Refusal::TooManySlots);
        }
        self.layout = Layout::overview(cameras.len());
        self.slots = cameras.iter().cloned().map(Slot::of).collect();
        (self.page, self.selected, self.enlarged) = (0, None, None);
        self.settle();
        Ok(())
    }

    /// Takes the camera off slot `at`; an empty one stays empty.
    pub fn clear(&mut self, at: usize) {
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = Slot::default();
            self.settle();
        }
    }

    /// Takes these cameras off, wherever they stand; the others close up.
    pub fn leave_out(&mut self, cameras: &[Id]) {
        let gone = |slot: &Slot| slot.camera.as_ref().is_some_and(|camera| cameras.contains(camera));
        let before = |at: usize| self.slots.iter().take(at).filter(|slot| gone(slot)).count();
        let stays = |at: &usize| !self.slots.get(*at).is_some_and(gone);
        let moved = |at: Option<usize>| at.filter(stays).map(|at| at - before(at));
        (self.selected, self.enlarged) = (moved(self.selected), moved(self.enlarged));
        self.slots.retain(|slot| !gone(slot));
        self.settle();
    }

    /// Takes all cameras off; the layout stays.
    pub fn empty(&mut self) {
        self.slots.clear();
        self.settle();
    }

    /// Exchanges two slots, with selection and enlargement; those beyond the end are empty.
    ///
    /// # Errors
    /// [`Refusal::NoSuchTile`] beyond the most slots of a wall.
    pub fn swap(&mut self, a: usize, b: usize) -> Result<(), Refusal> {
        let last = a.max(b);
        if last >= Self::MOST_SLOTS {
            return Err(Refusal::NoSuchTile(last));
        }
        self.reach(last + 1);
        self.slots.swap(a, b);
        let follow = |at: usize| match at {
            _ if at == a => b,
            _ if at == b => a,
            _ => at,
        };
        self.selected = self.selected.map(follow);
        self.enlarged = self.enlarged.map(follow);
        self.settle();
        Ok(())
    }

    /// How the picture in slot `at` is laid into its tile.
    ///
    /// # Errors
    /// [`Refusal::NoCamera`].
    pub fn set_fit(&mut self, at: usize, fit: Fit) -> Result<(), Refusal> {
        self.taken(at)?.fit = fit;
        Ok(())
    }

    /// How the picture in slot `at` is turned.
    ///
    /// # Errors
    /// [`Refusal::NoCamera`].
    pub fn set_turn(&mut self, at: usize, turn: Turn) -> Result<(), Refusal> {
        self.taken(at)?.turn = turn;
        Ok(())
    }

    /// What of the picture in slot `at` is seen.
    ///
    /// # Errors
    /// [`Refusal::NoCamera`].
    pub fn set_view(&mut self, at: usize, view: View) -> Result<(), Refusal> {
        self.taken(at)?.view = view;
        Ok(())
    }

    /// The tile of slot `at` shows from now on what is selected elsewhere, or keeps the camera that it has.
    ///
    /// # Errors
    /// [`Refusal::NoSuchTile`].
    pub fn set_hotspot(&mut self, at: usize, on: bool) -> Result<(), Refusal> {
        self.check_tile(at)?;
        self.reach(at + 1);
        self.slots[at].hotspot = on;
        self.settle();
        Ok(())
    }

    /// Moves a border; see [`Layout::with_border`].
    ///
    /// # Errors
    /// Those of [`Layout::with_border`].
    pub fn move_border(&mut self, axis: Axis, line: usize, position: f64) -> Result<(), Refusal> {
        self.layout = self.layout.with_border(axis, line, position)?;
        self.enlarged = None;
        Ok(())
    }

    /// One tile from those of slots `a` and `b` and all between; see [`Layout::merged`]. It shows the camera of `a`, or
    /// where that has none, the first one. The others move to the page's free tiles behind its last camera, and what
    /// finds none there to the end of the wall. Every page keeps the rest of its arrangement.
    ///
    /// # Errors
    /// [`Refusal::NoSuchTile`] and [`Refusal::DifferentPages`].
    pub fn merge(&mut self, a: usize, b: usize) -> Result<(), Refusal> {
        let tiles = self.layout.count();
        self.check_tile(a.max(b))?;
        if a / tiles != b / tiles {
            return Err(Refusal::DifferentPages(a, b));
        }
        let divided = self.layout.merged(a % tiles, b % tiles)?;
        self.divide(divided, a % tiles)
    }

    /// The tile of slot `at` in pieces; see [`Layout::split`]. Its camera stands on the first piece, the others are
    /// empty, and so on every page.
    ///
    /// # Errors
    /// [`Refusal::NoSuchTile`], [`Refusal::TooManyLines`] and [`Refusal::TooManySlots`].
    pub fn split(&mut self, at: usize) -> Result<(), Refusal> {
        self.check_tile(at)?;
        let tile = at % self.layout.count();
        let divided = self.layout.split(tile)?;
        self.divide(divided, tile)
    }

    /// Takes over a layout made from the present one, page by page. Where several tiles have become one, the camera of
    /// `preferred` comes first, then the others in reading order.
    fn divide(&mut self, Divided { layout, moved }: Divided, preferred: usize) -> Result<(), Refusal> {
        let (before, after) = (self.layout.count(), layout.count());
        // The last page has a camera, or there is only one: further slots than these cannot be avoided.
        if (self.pages() - 1) * after >= Self::MOST_SLOTS {
            return Err(Refusal::TooManySlots);
        }
        let order: Vec<_> =
            std::iter::once(preferred).chain((0..before).filter(|tile| *tile != preferred)).collect();
        let mut slots = Vec::with_capacity(self.pages() * after);
        let mut overflow = Vec::new();
        for old in self.slots.chunks(before) {
            let mut page = vec![Slot::default(); after];
            let mut displaced = Vec::new();
            for tile in &order {
                let Some(slot) = old.get(*tile).filter(|slot| slot.is_used()) else { continue };
                let place = &mut page[moved[*tile]];
                if place.is_used() { displaced.push(slot.clone()) } else { *place = slot.clone() }
            }
            let free = page.iter().rposition(Slot::is_used).map_or(0, |last| last + 1);
            let fitting = displaced.len().min(after - free);
            overflow.extend(displaced.split_off(fitting));
            page.splice(free..free + fitting, displaced);
            slots.append(&mut page);
        }
        let move_over = |at: usize| at / before * after + moved[at % before];
        self.selected = self.selected.map(move_over);
        self.enlarged = None;
        (self.layout, self.slots) = (layout, slots);
        self.settle();
        self.slots.append(&mut overflow);
        self.settle();
        if self.slots.len() > Self::MOST_SLOTS { Err(Refusal::TooManySlots) } else { Ok(()) }
    }

    fn reach(&mut self, end: usize) {
        if self.slots.len() < end {
            self.slots.resize(end, Slot::default());
        }
    }

    fn taken(&mut self, at: usize) -> Result<&mut Slot, Refusal> {
        self.slots.get_mut(at).filter(|slot| slot.camera.is_some()).ok_or(Refusal::NoCamera(at))
    }

    fn check_tile(&self, at: usize) -> Result<(), Refusal> {
        if at < self.pages() * self.layout.count() { Ok(()) } else { Err(Refusal::NoSuchTile(at)) }
    }
}

/// Acts that change only how the wall is looked at; they are no undo steps.
impl Wall {
    /// Selects the tile of slot `at`, or none.
    ///
    /// # Errors
    /// [`Refusal::NoSuchTile`].
    pub fn select(&mut self, at: Option<usize>) -> Result<(), Refusal> {
        at.map_or(Ok(()), |at| self.check_tile(at))?;
        self.selected = at;
        Ok(())
    }

    /// Has the camera of slot `at` cover the whole wall, and turns to its page; `None` ends it.
    ///
    /// # Errors
    /// [`Refusal::NoCamera`].
    pub fn enlarge(&mut self, at: Option<usize>) -> Result<(), Refusal> {
        if let Some(at) = at {
            self.camera(at).ok_or(Refusal::NoCamera(at))?;
            self.page = at / self.layout.count();
        }
        self.enlarged = at;
        Ok(())
    }

    /// Shows a page; an enlarged camera makes way for it.
    ///
    /// # Errors
    /// [`Refusal::NoSuchPage`].
    pub fn show_page(&mut self, page: usize) -> Result<(), Refusal> {
        if page >= self.pages() {
            return Err(Refusal::NoSuchPage(page));
        }
        (self.page, self.enlarged) = (page, None);
        Ok(())
    }

    /// What the wall asks for from now on.
    pub fn set_pictures(&mut self, pictures: Pictures) {
        self.pictures = pictures;
    }

    /// After how many seconds the page turns by itself; `None`: it stands.
    ///
    /// # Errors
    /// [`Refusal::NotAnInterval`] for 0 and for more than [`Wall::LONGEST_TURN`].
    pub fn set_turning(&mut self, seconds: Option<u16>) -> Result<(), Refusal> {
        let interval = |seconds| {
            let allowed = NonZeroU16::new(seconds).filter(|s| s.get() <= Self::LONGEST_TURN);
            allowed.ok_or(Refusal::NotAnInterval(seconds))
        };
        self.turning = seconds.map(interval).transpose()?;
        Ok(())
    }
}

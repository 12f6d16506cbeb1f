//! Layouts with their cameras that people keep under a name, and tours from one to the next.

use std::num::NonZeroU16;

use model::Id;
use serde::{Deserialize, Serialize};

use crate::layout::Layout;
use crate::refusal::Refusal;
use crate::wall::{NotAWall, Slot, Wall};

/// A wall as somebody has kept it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptLayout {
    /// Unique among all that is kept.
    pub id: Id,
    /// As people call it.
    pub name: String,
    /// The account that keeps it.
    pub owner: String,
    /// Everybody may open it.
    pub shared: bool,
    /// Its division.
    pub layout: Layout,
    /// Its cameras, page after page.
    pub slots: Vec<Slot>,
    /// Seconds after which the page turns by itself.
    pub turning: Option<NonZeroU16>,
}

/// A stop of a tour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stop {
    /// Which kept layout.
    pub layout: Id,
    /// How long it stays, in seconds: [`Kept::SHORTEST_STOP`] to [`Wall::LONGEST_TURN`].
    pub seconds: u16,
}

/// Kept layouts one after the other, for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptTour {
    /// Unique among all that is kept.
    pub id: Id,
    /// As people call it.
    pub name: String,
    /// The account that keeps it.
    pub owner: String,
    /// Everybody may start it.
    pub shared: bool,
    /// In their order; at least one.
    pub stops: Vec<Stop>,
}

/// What is kept on this workstation.
///
/// Always true: ids are unique, names are names, every stop leads to a layout, no tour is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts")]
pub struct Kept {
    layouts: Vec<KeptLayout>,
    tours: Vec<KeptTour>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    layouts: Vec<KeptLayout>,
    tours: Vec<KeptTour>,
}

/// Why a file holds nothing that could be kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum NotKept {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("{0} is kept twice")]
    Twice(Id),
    #[error(transparent)]
    Wall(#[from] NotAWall),
}

impl TryFrom<Parts> for Kept {
    type Error = NotKept;

    fn try_from(Parts { layouts, tours }: Parts) -> Result<Self, NotKept> {
        let kept = Self { layouts, tours };
        let mut ids: Vec<&Id> = kept.ids().collect();
        ids.sort();
        if let Some(twice) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(NotKept::Twice(twice[0].clone()));
        }
        if ids.len() > Self::MOST {
            return Err(Refusal::TooManyKept.into());
        }
        for layout in &kept.layouts {
            sound_name(&layout.name)?;
            if layout.slots.len() > Wall::MOST_SLOTS {
                return Err(NotAWall::Slots(layout.slots.len()).into());
            }
            if let Some(seconds) = layout.turning.filter(|seconds| seconds.get() > Wall::LONGEST_TURN) {
                return Err(NotAWall::Turning(seconds.get()).into());
            }
        }
        for tour in &kept.tours {
            sound_name(&tour.name)?;
            kept.check_stops(&tour.stops)?;
        }
        Ok(kept)
    }
}

impl Kept {
    /// The most layouts and tours together.
    pub const MOST: usize = 1000;
    /// The most stops of a tour.
    pub const MOST_STOPS: usize = 100;
    /// The most characters of a name.
    pub const LONGEST_NAME: usize = 100;
    /// Less, and nobody sees what is on it.
    pub const SHORTEST_STOP: u16 = 3;

    /// The layouts that `account` may open, its own and shared ones.
    pub fn layouts_for(&self, account: &str) -> impl Iterator<Item = &KeptLayout> {
        self.layouts.iter().filter(move |layout| layout.shared || layout.owner == account)
    }

    /// The tours that `account` may start, its own and shared ones.
    pub fn tours_for(&self, account: &str) -> impl Iterator<Item = &KeptTour> {
        self.tours.iter().filter(move |tour| tour.shared || tour.owner == account)
    }

    /// The layout of this id.
    ///
    /// # Errors
    /// [`Refusal::NothingKept`].
    pub fn layout(&self, id: &Id) -> Result<&KeptLayout, Refusal> {
        self.layouts.iter().find(|layout| layout.id == *id).ok_or(Refusal::NothingKept)
    }

    /// The tour of this id.
    ///
    /// # Errors
    /// [`Refusal::NothingKept`].
    pub fn tour(&self, id: &Id) -> Result<&KeptTour, Refusal> {
        self.tours.iter().find(|tour| tour.id == *id).ok_or(Refusal::NothingKept)
    }

    /// Keeps what `wall` holds; the owner's layout of the same name is replaced.
    ///
    /// # Errors
    /// [`Refusal::NotAName`] and [`Refusal::TooManyKept`].
    pub fn keep(&mut self, owner: &str, name: &str, shared: bool, wall: &Wall) -> Result<Id, Refusal> {
        let name = sound_name(name)?;
        let same = |layout: &KeptLayout| layout.owner == owner && layout.name == name;
        let id = match self.layouts.iter().find(|layout| same(layout)) {
            Some(layout) => layout.id.clone(),
            None => self.free_id()?,
        };
        let kept = KeptLayout {
            id: id.clone(),
            name,
            owner: owner.to_owned(),
            shared,
            layout: wall.layout().clone(),
            slots: wall.slots().to_vec(),
            turning: wall.turning(),
        };
        match self.layouts.iter_mut().find(|layout| layout.id == id) {
            Some(layout) => *layout = kept,
            None => self.layouts.push(kept),
        }
        Ok(id)
    }

    /// Gives a layout another name, and everybody or nobody else a right to it.
    ///
    /// # Errors
    /// [`Refusal::NotAName`] and [`Refusal::NothingKept`].
    pub fn rename(&mut self, id: &Id, name: &str, shared: bool) -> Result<(), Refusal> {
        let name = sound_name(name)?;
        let layout = self.layouts.iter_mut().find(|layout| layout.id == *id).ok_or(Refusal::NothingKept)?;
        (layout.name, layout.shared) = (name, shared);
        Ok(())
    }

    /// Forgets a layout, with the stops of tours that lead to it; a tour that has no other stop goes too.
    ///
    /// # Errors
    /// [`Refusal::NothingKept`].
    pub fn remove_layout(&mut self, id: &Id) -> Result<(), Refusal> {
        self.layout(id)?;
        self.layouts.retain(|layout| layout.id != *id);
        for tour in &mut self.tours {
            tour.stops.retain(|stop| stop.layout != *id);
        }
        self.tours.retain(|tour| !tour.stops.is_empty());
        Ok(())
    }

    /// Keeps a tour; with the id of one it replaces that one, whose owner stays.
    ///
    /// # Errors
    /// [`Refusal::NotAName`], [`Refusal::NotATour`], [`Refusal::NothingKept`] and [`Refusal::TooManyKept`].
    pub fn keep_tour(
        &mut self,
        owner: &str,
        id: Option<&Id>,
        name: &str,
        shared: bool,
        stops: Vec<Stop>,
    ) -> Result<Id, Refusal> {
        let name = sound_name(name)?;
        self.check_stops(&stops)?;
        if let Some(id) = id {
            let tour = self.tours.iter_mut().find(|tour| tour.id == *id).ok_or(Refusal::NothingKept)?;
            (tour.name, tour.shared, tour.stops) = (name, shared, stops);
            return Ok(id.clone());
        }
        let id = self.free_id()?;
        self.tours.push(KeptTour { id: id.clone(), name, owner: owner.to_owned(), shared, stops });
        Ok(id)
    }

    /// Forgets a tour.
    ///
    /// # Errors
    /// [`Refusal::NothingKept`].
    pub fn remove_tour(&mut self, id: &Id) -> Result<(), Refusal> {
        self.tour(id)?;
        self.tours.retain(|tour| tour.id != *id);
        Ok(())
    }

    fn ids(&self) -> impl Iterator<Item = &Id> {
        self.layouts.iter().map(|layout| &layout.id).chain(self.tours.iter().map(|tour| &tour.id))
    }

    /// The lowest number that nothing has: ids are used again, because nothing refers to what was removed.
    fn free_id(&self) -> Result<Id, Refusal> {
        if self.ids().count() >= Self::MOST {
            return Err(Refusal::TooManyKept);
        }
        let taken = |id: &Id| self.ids().any(|other| other == id);
        let ids = (1..).filter_map(|number: u32| Id::new(&number.to_string()).ok());
        ids.into_iter().find(|id| !taken(id)).ok_or(Refusal::TooManyKept)
    }

    fn check_stops(&self, stops: &[Stop]) -> Result<(), Refusal> {
        let sound = |stop: &Stop| {
            self.layout(&stop.layout).is_ok()
                && (Self::SHORTEST_STOP..=Wall::LONGEST_TURN).contains(&stop.seconds)
        };
        let some = (1..=Self::MOST_STOPS).contains(&stops.len());
        if some && stops.iter().all(sound) { Ok(()) } else { Err(Refusal::NotATour) }
    }
}

impl Wall {
    /// Shows what was kept, from its first page on.
    pub fn open(&mut self, kept: &KeptLayout) {
        self.layout = kept.layout.clone();
        self.slots.clone_from(&kept.slots);
        (self.page, self.selected, self.enlarged) = (0, None, None);
        self.turning = kept.turning;
        self.settle();
    }
}

/// Trimmed; not empty, not too long, and without characters that cannot be seen or turn the line around.
pub(crate) fn sound_name(name: &str) -> Result<String, Refusal> {
    let name = name.trim();
    let unseen = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let sound = (1..=Kept::LONGEST_NAME).contains(&name.chars().count()) && !name.chars().any(unseen);
    if sound { Ok(name.to_owned()) } else { Err(Refusal::NotAName) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::Desk;

    fn wall(cameras: &[&str]) -> Wall {
        let mut desk = Desk::default();
        let ids: Vec<Id> = cameras.iter().map(|name| Id::new(name).unwrap()).collect();
        desk.wall_mut(0).and_then(|wall| wall.fill(&ids)).unwrap();
        desk.wall(0).unwrap().clone()
    }

    fn stop(layout: &Id, seconds: u16) -> Stop {
        Stop { layout: layout.clone(), seconds }
    }

    #[test]
    fn what_was_kept_comes_back_as_it_was() {
        let mut kept = Kept::default();
        let id = kept.keep("an", " Cổng chính ", false, &wall(&["a", "b", "c", "d", "e"])).unwrap();
        let layout = kept.layout(&id).unwrap();
        assert_eq!(layout.name, "Cổng chính");
        let mut other = wall(&["x"]);
        other.open(layout);
        assert_eq!(other.slots(), wall(&["a", "b", "c", "d", "e"]).slots());
        assert_eq!((other.page(), other.enlarged()), (0, None));
    }

    #[test]
    fn everybody_sees_their_own_and_shared_ones() {
        let mut kept = Kept::default();
        let own = kept.keep("an", "Ca đêm", false, &wall(&["a"])).unwrap();
        let shared = kept.keep("an", "Bệnh viện", true, &wall(&["b"])).unwrap();
        let names = |account| kept.layouts_for(account).map(|layout| &layout.id).collect::<Vec<_>>();
        assert_eq!(names("an"), [&own, &shared]);
        assert_eq!(names("binh"), [&shared]);
        let before = kept.layouts_for("an").count();
        assert_eq!(
            kept.keep("an", "Ca đêm", false, &wall(&["c"])).unwrap(),
            own,
            "the same name is replaced"
        );
        assert_ne!(kept.keep("binh", "Ca đêm", false, &wall(&["c"])).unwrap(), own);
        assert_eq!(kept.layouts_for("an").count(), before);
    }

    #[test]
    fn a_tour_loses_the_stops_whose_layout_goes() {
        let mut kept = Kept::default();
        let (a, b) = (
            kept.keep("an", "a", true, &wall(&["a"])).unwrap(),
            kept.keep("an", "b", true, &wall(&["b"])).unwrap(),
        );
        let tour = kept.keep_tour("an", None, "Vòng", true, vec![stop(&a, 5), stop(&b, 10)]).unwrap();
        let single = kept.keep_tour("an", None, "Một", true, vec![stop(&a, 5)]).unwrap();
        kept.remove_layout(&a).unwrap();
        assert_eq!(kept.tour(&tour).unwrap().stops, [stop(&b, 10)]);
        assert_eq!(kept.tour(&single), Err(Refusal::NothingKept));
    }

    #[test]
    fn nonsense_is_refused() {
        let mut kept = Kept::default();
        for name in ["", "  ", "a\nb", "a\u{202e}b", &"x".repeat(101)] {
            assert_eq!(kept.keep("an", name, false, &wall(&["a"])), Err(Refusal::NotAName), "{name:?}");
        }
        let id = kept.keep("an", "<img onerror=x> ../..", false, &wall(&["a"])).unwrap();
        for stops in
            [vec![], vec![stop(&id, 2)], vec![stop(&id, 3601)], vec![stop(&Id::new("9").unwrap(), 5)]]
        {
            assert_eq!(kept.keep_tour("an", None, "t", false, stops), Err(Refusal::NotATour));
        }
        let text = serde_json::to_string(&kept).unwrap();
        assert_eq!(serde_json::from_str::<Kept>(&text).unwrap(), kept);
        let twice = text.replace("\"tours\":[]", "\"tours\":[{\"id\":\"1\",\"name\":\"t\",\"owner\":\"an\",\"shared\":true,\"stops\":[{\"layout\":\"1\",\"seconds\":5}]}]");
        assert!(serde_json::from_str::<Kept>(&twice).unwrap_err().to_string().contains("twice"));
        let lost = twice
            .replacen("\"id\":\"1\",\"name\":\"t\"", "\"id\":\"2\",\"name\":\"t\"", 1)
            .replace("\"layout\":\"1\"", "\"layout\":\"7\"");
        assert!(serde_json::from_str::<Kept>(&lost).is_err(), "{lost}");
    }
}

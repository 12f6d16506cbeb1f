//! What people keep of single cameras: views of their pictures under a name, and the lens where somebody knows it better
//! than the inventory.

use model::{Id, Lens, View};
use serde::{Deserialize, Serialize};

use crate::kept::sound_name;
use crate::refusal::Refusal;

/// A view of a camera's picture that somebody has kept; everybody on this workstation may go to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptView {
    /// Unique among the camera's.
    pub id: Id,
    /// As people call it; unique among the camera's.
    pub name: String,
    /// The account that keeps it.
    pub owner: String,
    /// What is seen.
    pub view: View,
}

/// What is kept of a camera.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfCamera {
    camera: Id,
    views: Vec<KeptView>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lens: Option<Lens>,
}

/// What is kept of all cameras on this workstation.
///
/// Always true: each camera is there once and has something; ids and names are unique within it, names are names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts")]
pub struct Views {
    cameras: Vec<OfCamera>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    cameras: Vec<OfCamera>,
}

/// Why a file holds no views.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum NotViews {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("{0} is there twice")]
    Twice(String),
    #[error("nothing is kept of {0}")]
    Nothing(Id),
}

impl TryFrom<Parts> for Views {
    type Error = NotViews;

    fn try_from(Parts { cameras }: Parts) -> Result<Self, NotViews> {
        if cameras.len() > Self::MOST_CAMERAS {
            return Err(Refusal::TooManyViews.into());
        }
        let twice = |names: Vec<&str>| {
            let mut names = names;
            names.sort_unstable();
            names.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| NotViews::Twice(pair[0].to_owned()))
        };
        twice(cameras.iter().map(|of| of.camera.as_str()).collect()).map_or(Ok(()), Err)?;
        for OfCamera { camera, views, lens } in &cameras {
            if views.is_empty() && lens.is_none() {
                return Err(NotViews::Nothing(camera.clone()));
            }
            if views.len() > Self::MOST {
                return Err(Refusal::TooManyViews.into());
            }
            for view in views {
                if sound_name(&view.name)? != view.name {
                    return Err(Refusal::NotAName.into());
                }
            }
            twice(views.iter().map(|view| view.id.as_str()).collect()).map_or(Ok(()), Err)?;
            twice(views.iter().map(|view| view.name.as_str()).collect()).map_or(Ok(()), Err)?;
        }
        Ok(Self { cameras })
    }
}

impl Views {
    /// The most views of one camera.
    pub const MOST: usize = 50;
    /// The most cameras of which something is kept.
    pub const MOST_CAMERAS: usize = 10_000;

    /// The views of a camera, in the order in which they were kept.
    #[must_use]
    pub fn of(&self, camera: &Id) -> &[KeptView] {
        self.find(camera).map_or(&[], |of| &of.views)
    }

    /// The view of this id.
    ///
    /// # Errors
    /// [`Refusal::NothingKept`].
    pub fn view(&self, camera: &Id, id: &Id) -> Result<&KeptView, Refusal> {
        self.of(camera).iter().find(|view| view.id == *id).ok_or(Refusal::NothingKept)
    }

    /// The lens as it was said by hand; `None` where the inventory's holds.
    #[must_use]
    pub fn lens(&self, camera: &Id) -> Option<Lens> {
        self.find(camera)?.lens
    }

    /// All lenses that were said by hand.
    pub fn lenses(&self) -> impl Iterator<Item = (&Id, Lens)> {
        self.cameras.iter().filter_map(|of| Some((&of.camera, of.lens?)))
    }

    /// Keeps a view; the camera's view of the same name is replaced, whoever kept it.
    ///
    /// # Errors
    /// [`Refusal::NotAName`] and [`Refusal::TooManyViews`].
    pub fn keep(&mut self, camera: &Id, owner: &str, name: &str, view: View) -> Result<Id, Refusal> {
        let name = sound_name(name)?;
        if self.of(camera).len() >= Self::MOST && !self.of(camera).iter().any(|kept| kept.name == name) {
            return Err(Refusal::TooManyViews);
        }
        let views = &mut self.of_mut(camera)?.views;
        let owner = owner.to_owned();
        if let Some(kept) = views.iter_mut().find(|kept| kept.name == name) {
            (kept.owner, kept.view) = (owner, view);
            return Ok(kept.id.clone());
        }
        let ids = (1..=Self::MOST).filter_map(|number| Id::new(&number.to_string()).ok());
        let free = ids.into_iter().find(|id| views.iter().all(|kept| kept.id != *id));
        let id = free.ok_or(Refusal::TooManyViews)?;
        views.push(KeptView { id: id.clone(), name, owner, view });
        Ok(id)
    }

    /// Forgets a view.
    ///
    /// # Errors
    /// [`Refusal::NothingKept`].
    pub fn remove(&mut self, camera: &Id, id: &Id) -> Result<(), Refusal> {
        self.view(camera, id)?;
        if let Some(of) = self.cameras.iter_mut().find(|of| of.camera == *camera) {
            of.views.retain(|view| view.id != *id);
        }
        self.tidy();
        Ok(())
    }

    /// Says by hand which lens a camera has; `None`: what the inventory says.
    ///
    /// # Errors
    /// [`Refusal::TooManyViews`].
    pub fn set_lens(&mut self, camera: &Id, lens: Option<Lens>) -> Result<(), Refusal> {
        self.of_mut(camera)?.lens = lens;
        self.tidy();
        Ok(())
    }

    fn find(&self, camera: &Id) -> Option<&OfCamera> {
        self.cameras.iter().find(|of| of.camera == *camera)
    }

    fn of_mut(&mut self, camera: &Id) -> Result<&mut OfCamera, Refusal> {
        let at = match self.cameras.iter().position(|of| of.camera == *camera) {
            Some(at) => at,
            None if self.cameras.len() >= Self::MOST_CAMERAS => return Err(Refusal::TooManyViews),
            None => {
                self.cameras.push(OfCamera { camera: camera.clone(), views: Vec::new(), lens: None });
                self.cameras.len() - 1
            }
        };
        Ok(&mut self.cameras[at])
    }

    fn tidy(&mut self) {
        self.cameras.retain(|of| !of.views.is_empty() || of.lens.is_some());
    }
}

#[cfg(test)]
mod tests {
    use model::Point;

    use super::*;

    fn id(text: &str) -> Id {
        Id::new(text).unwrap()
    }

    fn view(zoom: f64) -> View {
        View::new(Point::new(0.25, 0.75), zoom, 15.0, true)
    }

    #[test]
    fn what_was_kept_comes_back_from_a_file() {
        let mut views = Views::default();
        let gate = views.keep(&id("a"), "an", " Cổng ", view(3.0)).unwrap();
        views.keep(&id("a"), "an", "Quầy", view(5.0)).unwrap();
        views.set_lens(&id("b"), Some("wide-outdoor".parse().unwrap())).unwrap();
        let file = serde_json::to_string(&views).unwrap();
        let again: Views = serde_json::from_str(&file).unwrap();
        assert_eq!(again, views);
        assert_eq!(again.view(&id("a"), &gate).unwrap().name, "Cổng");
        assert_eq!(again.lens(&id("b")), Some("wide-outdoor".parse().unwrap()));
        assert!(again.of(&id("c")).is_empty());
    }

    #[test]
    fn the_same_name_is_the_same_view_and_nothing_is_left_of_what_was_removed() {
        let mut views = Views::default();
        let first = views.keep(&id("a"), "an", "Cổng", view(3.0)).unwrap();
        assert_eq!(views.keep(&id("a"), "binh", "Cổng", view(4.0)).unwrap(), first);
        assert_eq!(views.of(&id("a")).len(), 1);
        assert_eq!((views.of(&id("a"))[0].owner.as_str(), views.of(&id("a"))[0].view), ("binh", view(4.0)));
        views.remove(&id("a"), &first).unwrap();
        assert_eq!(views, Views::default());
        assert_eq!(views.remove(&id("a"), &first), Err(Refusal::NothingKept));
    }

    #[test]
    fn names_that_are_none_and_views_without_end_are_refused() {
        let mut views = Views::default();
        for name in ["", " ", "a\u{202e}b", &"x".repeat(101)] {
            assert_eq!(views.keep(&id("a"), "an", name, view(2.0)), Err(Refusal::NotAName), "{name:?}");
        }
        for number in 0..Views::MOST {
            views.keep(&id("a"), "an", &number.to_string(), view(2.0)).unwrap();
        }
        assert_eq!(views.keep(&id("a"), "an", "one more", view(2.0)), Err(Refusal::TooManyViews));
        assert!(
            views.keep(&id("a"), "an", "7", view(3.0)).is_ok(),
            "one in the place of another is none more"
        );
    }

    #[test]
    fn a_damaged_file_is_refused() {
        let mut views = Views::default();
        views.keep(&id("a"), "an", "Cổng", view(3.0)).unwrap();
        views.keep(&id("a"), "an", "Quầy", view(3.0)).unwrap();
        let sound = serde_json::to_string(&views).unwrap();
        assert!(serde_json::from_str::<Views>(&sound).is_ok());
        for (from, to, why) in [
            ("Quầy", "Cổng", "twice"),
            ("\"id\":\"2\"", "\"id\":\"1\"", "twice"),
            ("\"zoom\":3000", "\"zoom\":3", "a zoom"),
            ("Quầy", " Quầy", "not a name"),
            ("\"owner\"", "\"keeper\"", "keeper"),
        ] {
            let error = serde_json::from_str::<Views>(&sound.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(error.contains(why), "{to}: {error}");
        }
        let nothing = r#"{"cameras":[{"camera":"a","views":[]}]}"#;
        assert!(serde_json::from_str::<Views>(nothing).unwrap_err().to_string().contains("nothing is kept"));
    }
}

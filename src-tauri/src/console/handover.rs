//! The sheet for the next shift. It knows of dark cameras and of what happened by itself; rooms that leave something else
//! to the next shift say so through [`Console::on_handover`].

use std::collections::BTreeMap;

use engine::steer::{Away, Steering};
use inventory::{Camera, Inventory, Site};
use jiff::Timestamp;
use model::{Action, Id};
use parking_lot::Mutex;

use super::Console;
use super::news::News;
use crate::wire::Notice;
use crate::wire::health::{Condition, Handover, HandoverCamera, HandoverKind, HandoverSection, Health};
use crate::words::Words;

/// Something that is left to the next shift.
#[derive(Clone, Debug, PartialEq)]
pub struct Left {
    /// Under which heading it stands.
    pub kind: HandoverKind,
    /// With which camera. Whoever may not see it does not read of it.
    pub camera: Id,
    /// What, in words.
    pub text: String,
    /// Since when, in milliseconds since 1970.
    pub since: Option<f64>,
}

/// Says what is left now. It is asked when a sheet is made and answers at once.
pub type Leaves = Box<dyn Fn(&Words) -> Vec<Left> + Send + Sync>;

/// Everybody who leaves something.
#[derive(Default)]
pub(super) struct Leaving(Mutex<Vec<Leaves>>);

impl Leaving {
    /// One section a kind that has something, oldest first.
    fn sections(
        &self,
        inventory: &Inventory,
        words: &Words,
        sees: impl Fn(&Site, &Camera) -> bool,
    ) -> Vec<HandoverSection> {
        let mut kinds: BTreeMap<HandoverKind, Vec<HandoverCamera>> = BTreeMap::new();
        for left in self.0.lock().iter().flat_map(|leaves| leaves(words)) {
            let Some((site, _, camera)) = inventory.camera(&left.camera) else { continue };
            if sees(site, camera) {
                kinds.entry(left.kind).or_default().push(line(site, camera, left.text, left.since));
            }
        }
        let section = |(kind, mut cameras): (HandoverKind, Vec<HandoverCamera>)| {
            let since = |camera: &HandoverCamera| camera.since.unwrap_or_default();
            cameras.sort_by(|a, b| since(a).total_cmp(&since(b)));
            HandoverSection { kind, cameras }
        };
        kinds.into_iter().map(section).collect()
    }
}

/// Leaves the cameras that somebody has turned and not brought back.
pub(super) fn moved(steering: Steering) -> Leaves {
    Box::new(move |words| {
        let left = |(camera, away): (Id, Away)| Left {
            kind: HandoverKind::Moved,
            camera,
            text: words.say("handover_moved_by", &[("person", &away.by)]),
            since: Timestamp::try_from(away.since).ok().map(|since| since.as_millisecond() as f64),
        };
        steering.away().into_iter().map(left).collect()
    })
}

fn line(site: &Site, camera: &Camera, text: String, since: Option<f64>) -> HandoverCamera {
    HandoverCamera {
        camera: camera.name.clone(),
        site: site.name.clone(),
        district: site.district.clone(),
        text,
        since,
    }
}

impl Console {
    /// From now on sheets also have what `leaves` says.
    pub fn on_handover(&self, leaves: Leaves) {
        self.left.0.lock().push(leaves);
    }

    /// What the next shift should know.
    ///
    /// # Errors
    /// The person may see no cameras.
    pub fn handover(&self) -> Result<Handover, Notice> {
        self.allow(Action::View, None)?;
        let words = self.words();
        let (inventory, board) = (self.inventory(), self.board()?);
        let unwell = |health: &&Health| matches!(health.condition, Condition::Dark | Condition::Unwell);
        let dark = board.cameras.iter().filter(unwell).filter_map(|health| {
            let (site, _, camera) = inventory.camera(&health.id)?;
            Some(line(site, camera, health.text.clone(), health.since))
        });
        let dark = dark.collect();
        let (person, began) =
            self.people.with_who(|who| (who.name().to_owned(), who.began)).unwrap_or_default();
        let state = self.state.lock();
        let shift: Vec<News> = state.newsroom.shift().cloned().collect();
        let wall = |wall: &layouts::Wall| {
            let cameras = wall.slots().iter().filter(|slot| slot.camera.is_some()).count();
            let number = (wall.id() + 1).to_string();
            words.say("handover_wall", &[("wall", &number), ("n", &cameras.to_string())])
        };
        let walls = state.arrangement.desk().walls().iter().map(wall).collect();
        drop(state);
        Ok(Handover {
            made: Timestamp::now().as_millisecond() as f64,
            workstation: crate::process::host_name(),
            person,
            began: began.as_millisecond() as f64,
            dark,
            left: self.left.sections(&inventory, &words, |site, camera| self.people.sees(site, camera)),
            news: shift.iter().map(|news| self.news(news, &words)).collect(),
            walls,
            anchor: self.people.anchor().to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    fn inventory() -> Inventory {
        let camera = |id: &str| {
            format!(
                r#"{{"id":"{id}","name":"Cổng {id}","profiles":[{{"kind":"main","address":"rtsp://10.0.0.1/{id}","width":1920,"height":1080}}]}}"#
            )
        };
        let cameras = ["a", "b", "c"].map(camera).join(",");
        let text = format!(
            r#"{{"version":1,"name":"x","sites":[{{"id":"s","name":"Trạm","district":"Huyện","recorders":[{{"id":"r","name":"r","cameras":[{cameras}]}}]}}]}}"#
        );
        Inventory::parse(text.as_bytes()).unwrap()
    }

    fn left(kind: HandoverKind, camera: &str, since: f64) -> Left {
        Left { kind, camera: Id::new(camera).unwrap(), text: camera.to_owned(), since: Some(since) }
    }

    #[test]
    fn what_rooms_leave_stands_under_its_kind_for_those_who_see_the_camera() {
        use HandoverKind::{Incident, Moved};
        let (inventory, words) = (inventory(), Words::new(Language::Vietnamese));
        let leaving = Leaving::default();
        assert!(leaving.sections(&inventory, &words, |_, _| true).is_empty(), "no headings over nothing");
        leaving.0.lock().push(Box::new(|_: &Words| vec![left(Incident, "a", 7.0), left(Incident, "c", 1.0)]));
        leaving.0.lock().push(Box::new(|_: &Words| vec![left(Moved, "b", 5.0), left(Moved, "gone", 5.0)]));
        let read = |sees: fn(&Camera) -> bool| -> Vec<(HandoverKind, Vec<String>)> {
            let sections = leaving.sections(&inventory, &words, |_, camera| sees(camera));
            let texts = |section: HandoverSection| {
                (section.kind, section.cameras.into_iter().map(|camera| camera.text).collect())
            };
            sections.into_iter().map(texts).collect()
        };
        let (a, b, c) = ("a".to_owned(), "b".to_owned(), "c".to_owned());
        assert_eq!(read(|_| true), [(Moved, vec![b]), (Incident, vec![c.clone(), a])]);
        assert_eq!(read(|camera| camera.id.as_str() == "c"), [(Incident, vec![c])]);
    }
}

//! A device that was met joins the inventory.

use model::Id;

use crate::inventory::{Inventory, InventoryError};
use crate::sites::{Recorder, Site};

/// Where a recorder is put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Home {
    /// At a site that there is.
    Site(Id),
    /// At a new one.
    New {
        /// As people call it.
        name: String,
        /// District or city; may be empty.
        district: String,
    },
}

/// Why a device does not join.
#[derive(Debug, thiserror::Error)]
pub enum NotEnrolled {
    /// The site is no longer there.
    #[error("no such site")]
    NoSuchSite,
    /// A name that is none, or an id that is taken.
    #[error(transparent)]
    Mistaken(#[from] InventoryError),
}

impl Inventory {
    /// The inventory with one more recorder. It is checked as a file is.
    ///
    /// # Errors
    /// [`NotEnrolled`]
    pub fn with_recorder(&self, home: Home, recorder: Recorder) -> Result<Self, NotEnrolled> {
        let mut sites = self.sites().to_vec();
        let at = match home {
            Home::Site(id) => sites.iter().position(|site| site.id == id),
            Home::New { name, district } => {
                let id = self.free_id("site");
                let blank = Site {
                    id,
                    name,
                    district,
                    uplink_mbps: None,
                    position: None,
                    zone: None,
                    relay: None,
                    recorders: Vec::new(),
                };
                sites.push(blank);
                Some(sites.len() - 1)
            }
        };
        sites[at.ok_or(NotEnrolled::NoSuchSite)?].recorders.push(recorder);
        // Names come from people and devices: what holds for files holds for them, too.
        Ok(Self::parse(&Self::new(self.name().to_owned(), sites).to_json())?)
    }

    /// An id that nothing here has yet: `wish`, tamed, or that with a number behind.
    #[must_use]
    pub fn free_id(&self, wish: &str) -> Id {
        let tame: String = wish
            .chars()
            .map(
                |character| {
                    if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '-' }
                },
            )
            .take(40)
            .collect();
        let tame = tame.trim_matches('-');
        let stem = if tame.is_empty() { "device" } else { tame };
        let taken = |id: &Id| {
            let recorders =
                |site: &Site| site.id == *id || site.recorders.iter().any(|recorder| recorder.id == *id);
            self.sites().iter().any(recorders) || self.camera(id).is_some()
        };
        let numbered = (2..).map(|number| format!("{stem}-{number}"));
        let mut ids = std::iter::once(stem.to_owned()).chain(numbered).filter_map(|text| Id::new(&text).ok());
        ids.find(|id| !taken(id)).expect("numbers do not end")
    }
}

#[cfg(test)]
mod tests {
    use model::Address;

    use super::*;
    use crate::sites::{Camera, Profile, ProfileKind};

    fn recorder(id: Id, name: &str) -> Recorder {
        let (address, _) = Address::parse("rtsp://192.0.2.7/Streaming/Channels/101").unwrap();
        let profile = Profile {
            kind: ProfileKind::Main,
            address,
            width: 1920,
            height: 1080,
            frame_rate: Some(25.0),
            kbps: None,
        };
        let camera = Camera {
            id: Id::new(&format!("{id}-1")).unwrap(),
            name: "Cổng".to_owned(),
            outdoor: None,
            channel: Some(1),
            ptz: Some(false),
            viewers: Some(6),
            lens: None,
            relay: None,
            profiles: vec![profile],
        };
        Recorder {
            id,
            name: name.to_owned(),
            sends_mbps: Some(30),
            address: None,
            make: None,
            model: None,
            relay: None,
            cameras: vec![camera],
        }
    }

    #[test]
    fn a_recorder_joins_a_site_that_there_is_or_a_new_one() {
        let home = Home::New { name: "Chợ".to_owned(), district: "Rạch Giá".to_owned() };
        let none = Inventory::default();
        let one =
            none.with_recorder(home.clone(), recorder(none.free_id("192.0.2.7:80"), "Đầu ghi")).unwrap();
        let site = &one.sites()[0];
        assert_eq!((site.name.as_str(), site.recorders[0].id.as_str()), ("Chợ", "192-0-2-7-80"));
        let id = one.free_id("192.0.2.7:80");
        assert_eq!(id.as_str(), "192-0-2-7-80-2");
        let two = one.with_recorder(Home::Site(site.id.clone()), recorder(id.clone(), "Đầu ghi 2")).unwrap();
        assert_eq!((two.sites().len(), two.sites()[0].recorders.len()), (1, 2));
        let three = two.with_recorder(home, recorder(two.free_id("???"), "Đầu ghi 3")).unwrap();
        assert_eq!(
            (three.sites()[1].id.as_str(), three.sites()[1].recorders[0].id.as_str()),
            ("site-2", "device")
        );
        // Nothing is half taken over.
        assert!(two.with_recorder(Home::Site(site.id.clone()), recorder(id, "Đầu ghi 2")).is_err());
        let control = recorder(two.free_id("x"), "\u{7}");
        assert!(two.with_recorder(Home::Site(site.id.clone()), control).is_err());
    }

    #[test]
    fn at_a_site_that_is_gone_nothing_is_enrolled() {
        let none = Inventory::default();
        let gone = Home::Site(Id::new("gone").unwrap());
        let refused = none.with_recorder(gone, recorder(none.free_id("r"), "Đầu ghi"));
        assert!(matches!(refused, Err(NotEnrolled::NoSuchSite)));
    }
}

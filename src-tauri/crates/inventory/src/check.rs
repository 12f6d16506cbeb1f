//! The one door from what is written to what is used: every value checked, every mistake collected.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use model::{Address, Id, Lens};

use crate::device_address::{BadDeviceAddress, DeviceAddress};
use crate::draft::{self, Draft};
use crate::field::{Field as F, Level};
use crate::inventory::Inventory;
use crate::limits;
use crate::mistake::{Flaw, Mistake, Place, excerpt};
use crate::relay::{BadRelay, Relay, RelayOf};
use crate::sites::{Camera, Position, Profile, ProfileKind, Recorder, Site};
use crate::text;

/// Makes an inventory of what is written.
///
/// # Errors
/// All mistakes, in the order of the file; of very many the first [`limits::MISTAKES`].
pub(crate) fn check(draft: Draft) -> Result<Inventory, Vec<Mistake>> {
    // Version 1 had no rule that names must not be empty.
    let mut check = Check { unnamed: draft.version == 1, ..Check::default() };
    let top = Place { site: None, recorder: None, camera: None, profile: None, field: F::InventoryName };
    let name = check.text(top, &draft.name);
    let sites =
        (0..).zip(draft.sites).map(|(s, site)| check.site(Place { site: Some(s), ..top }, site)).collect();
    if check.mistakes.is_empty() { Ok(Inventory::new(name, sites)) } else { Err(check.mistakes) }
}

#[derive(Default)]
struct Check {
    unnamed: bool,
    mistakes: Vec<Mistake>,
    /// Of sites and recorders.
    ids: HashSet<Id>,
    cameras: HashSet<Id>,
}

impl Check {
    fn mistake(&mut self, place: Place, flaw: Flaw, value: &str) {
        if self.mistakes.len() < limits::MISTAKES {
            let value = if place.field.may_hold_a_password() { String::new() } else { excerpt(value) };
            self.mistakes.push(Mistake { place, flaw, value });
        }
    }

    fn site(&mut self, place: Place, site: draft::Site) -> Site {
        let id = self.id(place.field(F::SiteId), &site.id);
        let recorder =
            |check: &mut Self, (r, recorder)| check.recorder(Place { recorder: Some(r), ..place }, recorder);
        Site {
            name: self.name(place.field(F::SiteName), &site.name, &id),
            district: self.text(place.field(F::District), &site.district),
            uplink_mbps: self.figure(place.field(F::UplinkMbps), site.uplink_mbps, limits::MBPS),
            position: site.position.map(|position| self.position(place, position)),
            zone: site.zone,
            relay: self.relay(place.field(F::SiteRelay), site.relay),
            recorders: (0..).zip(site.recorders).map(|each| recorder(self, each)).collect(),
            id,
        }
    }

    fn recorder(&mut self, place: Place, recorder: draft::Recorder) -> Recorder {
        let id = self.id(place.field(F::RecorderId), &recorder.id);
        let camera = |check: &mut Self, (c, camera)| check.camera(Place { camera: Some(c), ..place }, camera);
        Recorder {
            name: self.name(place.field(F::RecorderName), &recorder.name, &id),
            sends_mbps: self.figure(place.field(F::SendsMbps), recorder.sends_mbps, limits::MBPS),
            address: self.device_address(place.field(F::RecorderAddress), recorder.address),
            make: self.optional(place.field(F::Make), recorder.make),
            model: self.optional(place.field(F::Model), recorder.model),
            relay: self.relay(place.field(F::RecorderRelay), recorder.relay),
            cameras: (0..).zip(recorder.cameras).map(|each| camera(self, each)).collect(),
            id,
        }
    }

    fn camera(&mut self, place: Place, camera: draft::Camera) -> Camera {
        let id = self.id(place.field(F::CameraId), &camera.id);
        Camera {
            name: self.name(place.field(F::CameraName), &camera.name, &id),
            outdoor: camera.outdoor,
            channel: self.figure(place.field(F::Channel), camera.channel, limits::CHANNEL),
            ptz: camera.ptz,
            viewers: self.figure(place.field(F::Viewers), camera.viewers, limits::VIEWERS),
            lens: self.lens(place.field(F::Lens), camera.lens),
            relay: self.relay(place.field(F::CameraRelay), camera.relay),
            profiles: self.profiles(place.field(F::Profiles), &id, camera.profiles),
            id,
        }
    }

    fn profiles(&mut self, place: Place, camera: &Id, profiles: Vec<draft::Profile>) -> Vec<Profile> {
        if profiles.is_empty() {
            self.mistake(place, Flaw::NoProfile, camera.as_str());
        }
        for kind in ProfileKind::BOTH {
            if profiles.iter().filter(|profile| profile.kind == kind).count() > 1 {
                self.mistake(place, Flaw::ProfileTwice, camera.as_str());
            }
        }
        let mut sound = Vec::with_capacity(profiles.len());
        for (p, profile) in profiles.into_iter().enumerate() {
            let place = Place { profile: Some(p), ..place };
            let kind = profile.kind;
            let mut figure =
                |field, figure, range| self.figure(place.field(field), Some(figure), range).unwrap_or(1);
            let width = figure(F::Width(kind), profile.width, limits::PIXELS);
            let height = figure(F::Height(kind), profile.height, limits::PIXELS);
            let kbps = self.figure(place.field(F::Kbps(kind)), profile.kbps, limits::KBPS);
            let frame_rate = self.frame_rate(place.field(F::FrameRate(kind)), profile.frame_rate);
            if let Some(address) = self.address(place.field(F::Address(kind)), &profile.address) {
                sound.push(Profile { kind, address, width, height, frame_rate, kbps });
            }
        }
        sound
    }

    /// After a mistake any id will do: nothing of this inventory will be used.
    fn id(&mut self, place: Place, written: &str) -> Id {
        let id = text::name(written, Id::LONGEST).and_then(|text| match Id::new(&text) {
            Ok(id) => Ok(id),
            Err(_) if text.is_empty() => Err(Flaw::Missing),
            Err(_) => Err(Flaw::TooLong { most: Id::LONGEST }),
        });
        let seen = if place.level() == Level::Camera { &mut self.cameras } else { &mut self.ids };
        match id {
            Ok(id) => {
                if !seen.insert(id.clone()) {
                    self.mistake(place, Flaw::Twice, id.as_str());
                }
                id
            }
            Err(flaw) => {
                self.mistake(place, flaw, written);
                Id::new("?").expect("it is one")
            }
        }
    }

    /// A name, which must not be empty.
    fn name(&mut self, place: Place, written: &str, id: &Id) -> String {
        let name = self.text(place, written);
        if name.is_empty() && self.unnamed {
            return id.to_string();
        }
        if name.is_empty() && written.trim().is_empty() {
            self.mistake(place, Flaw::Missing, "");
        }
        name
    }

    fn optional(&mut self, place: Place, written: Option<String>) -> Option<String> {
        Some(self.text(place, &written?)).filter(|text| !text.is_empty())
    }

    fn text(&mut self, place: Place, written: &str) -> String {
        text::name(written, limits::NAME).unwrap_or_else(|flaw| {
            self.mistake(place, flaw, written);
            String::new()
        })
    }

    fn figure(&mut self, place: Place, written: Option<i64>, range: RangeInclusive<u32>) -> Option<u32> {
        let written = written?;
        let figure = u32::try_from(written).ok().filter(|figure| range.contains(figure));
        if figure.is_none() {
            let (least, most) = (f64::from(*range.start()), f64::from(*range.end()));
            self.mistake(place, Flaw::OutOfRange { least, most }, &written.to_string());
        }
        figure
    }

    fn frame_rate(&mut self, place: Place, written: Option<f32>) -> Option<f32> {
        let written = written?;
        // Not a number is not in any range.
        let sound = written > 0.0 && written <= limits::FRAME_RATE;
        if !sound {
            let most = f64::from(limits::FRAME_RATE);
            self.mistake(place, Flaw::OutOfRange { least: 0.0, most }, &written.to_string());
        }
        sound.then_some(written)
    }

    fn position(&mut self, place: Place, position: Position) -> Position {
        for (field, degrees, most) in [(F::Lat, position.lat, 90.0), (F::Lon, position.lon, 180.0)] {
            if !(-most..=most).contains(&degrees) {
                self.mistake(
                    place.field(field),
                    Flaw::OutOfRange { least: -most, most },
                    &degrees.to_string(),
                );
            }
        }
        position
    }

    fn lens(&mut self, place: Place, written: Option<String>) -> Option<Lens> {
        let written = self.optional(place, written)?;
        let lens = written.parse();
        if let Err(bad) = lens {
            self.mistake(place, Flaw::Lens(bad), &written);
        }
        lens.ok()
    }

    fn address(&mut self, place: Place, written: &str) -> Option<Address> {
        let flaw = match Address::parse(written) {
            _ if written.chars().count() > limits::ADDRESS => Flaw::TooLong { most: limits::ADDRESS },
            Ok((address, None)) => return Some(address),
            Ok((_, Some(_))) => Flaw::Login,
            Err(bad) => Flaw::Address(bad),
        };
        self.mistake(place, flaw, "");
        None
    }

    fn device_address(&mut self, place: Place, written: Option<String>) -> Option<DeviceAddress> {
        let written = written?;
        let flaw = match DeviceAddress::parse(&written) {
            _ if written.chars().count() > limits::ADDRESS => Flaw::TooLong { most: limits::ADDRESS },
            Ok(address) => return Some(address),
            Err(BadDeviceAddress::Login) => Flaw::Login,
            Err(bad) => Flaw::DeviceAddress(bad),
        };
        self.mistake(place, flaw, "");
        None
    }

    fn relay(&mut self, place: Place, written: Option<String>) -> Option<Relay> {
        let written = written?;
        let of = match place.level() {
            Level::Camera => RelayOf::Camera,
            Level::Recorder => RelayOf::Recorder,
            Level::Site | Level::Inventory => RelayOf::Site,
        };
        let flaw = match Relay::parse(&written, of) {
            _ if written.chars().count() > limits::ADDRESS => Flaw::TooLong { most: limits::ADDRESS },
            Ok(relay) => return Some(relay),
            Err(BadRelay::Login) => Flaw::Login,
            Err(bad) => Flaw::Relay(bad),
        };
        self.mistake(place, flaw, "");
        None
    }
}

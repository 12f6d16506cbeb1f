//! Devices that are found on the network or typed, met once with a login, and put into the inventory.

use std::fmt::Write as _;
use std::future::Future;
use std::sync::mpsc::sync_channel;

use audit::Event;
use devices::device::{Channel, Device, FoundProfile, Protocol};
use devices::discovery::{self, BadRange, Found, WINDOW};
use devices::http::{Origin, Refusals};
use devices::{Enrolled, meet};
use engine::devices::Devices;
use inventory::{
    Camera, DeviceAddress, Home, Inventory, InventoryError, Kept, NotEnrolled, Profile, ProfileKind, Recorder,
};
use model::{Action, Codec, Credentials, Fault, Id, Secret, Size};

use super::stock::{fingerprint, value_flaw};
use super::{Console, notices};
use crate::wire::Notice;
use crate::wire::enrol::{DeviceEnrolment, EnrolledChannel, FoundDevice, MetChannel, MetDevice};
use crate::words::Words;

/// What a stream is taken for whose device does not say: what it is shows as soon as it is watched.
const MAIN_SIZE: Size = Size { width: 1920, height: 1080 };
const SUB_SIZE: Size = Size { width: 640, height: 360 };

/// The device that was met last, to be enrolled.
pub(super) struct Acquaintance {
    token: u32,
    address: String,
    device: Device,
}

impl Console {
    /// Devices that answer at `addresses` (see [`discovery::targets`]), or on this machine's networks where none is given.
    /// Nobody's login is sent. Takes up to 20 s.
    ///
    /// # Errors
    /// The person may not manage the inventory; no addresses; no network.
    pub fn find_devices(&self, addresses: &str) -> Result<Vec<FoundDevice>, Notice> {
        self.allow(Action::ManageInventory, None)?;
        let words = self.words();
        let found = if addresses.trim().is_empty() {
            let found = on_devices_thread(&self.equipment.devices, discovery::on_the_network(WINDOW));
            found.ok_or_else(|| ended(&words))?.map_err(|error| {
                notices::error_notice("no_network", &[("reason", &error.to_string())], &words)
            })?
        } else {
            let targets = discovery::targets(addresses).map_err(|bad| bad_range(&bad, &words))?;
            let asking = async move {
                let mut all = Vec::new();
                discovery::ask(&targets, |found| all.push(found)).await;
                all
            };
            on_devices_thread(&self.equipment.devices, asking).ok_or_else(|| ended(&words))?
        };
        let inventory = self.inventory();
        let mut found: Vec<_> = found.iter().map(|found| told(found, &inventory)).collect();
        found.sort_by(|a, b| (&a.known, &a.address).cmp(&(&b.known, &b.address)));
        Ok(found)
    }

    /// Meets a device with a login, which is tried once, and keeps it to be enrolled. Without `user` it is met without one.
    ///
    /// # Errors
    /// As above; no address; why the device was not met.
    pub fn meet_device(&self, address: &str, user: &str, password: &Secret) -> Result<MetDevice, Notice> {
        self.allow(Action::ManageInventory, None)?;
        let words = self.words();
        let parsed = DeviceAddress::parse(address)
            .ok()
            .and_then(|parsed| Some((Origin::from_url(parsed.url()).ok()?, parsed.to_string())));
        let Some((origin, address)) = parsed else {
            let bad = BadRange::NotAnAddress(address.trim().to_owned());
            return Err(bad_range(&bad, &words));
        };
        let login =
            (!user.is_empty()).then(|| Credentials { user: user.to_owned(), password: password.clone() });
        let meeting = async move {
            let enrolled = Enrolled { origin: Some(origin), ..Enrolled::default() };
            meet(&enrolled, login, None, &Refusals::default()).await
        };
        let met = on_devices_thread(&self.equipment.devices, meeting).ok_or_else(|| ended(&words))?;
        let device = met.map_err(|fault| not_met(&fault, &address, &words))?;
        let mut last = self.equipment.met.lock();
        let token = last.as_ref().map_or(1, |last| last.token.wrapping_add(1));
        let told = described(&device, token, &address);
        *last = Some(Acquaintance { token, address, device });
        Ok(told)
    }

    /// Puts the device that was met last into the inventory, and gives the id of its recorder.
    ///
    /// # Errors
    /// As above; another device was met since; a name that is none; the inventory cannot be saved. Nothing has changed then.
    pub fn enrol_device(&self, fields: &DeviceEnrolment) -> Result<Id, Notice> {
        self.allow(Action::ManageInventory, None)?;
        let words = self.words();
        let (inventory, id, cameras) = {
            let met = self.equipment.met.lock();
            let met = met.as_ref().filter(|met| met.token == fields.token);
            let Some(met) = met else { return Err(notices::error_notice("met_stale", &[], &words)) };
            let current = self.inventory();
            let recorder = recorder(met, fields, &current);
            let (id, cameras) = (recorder.id.clone(), recorder.cameras.len());
            let home = match &fields.site {
                Some(site) => Home::Site(site.clone()),
                None => Home::New { name: fields.site_name.clone(), district: fields.district.clone() },
            };
            let inventory =
                current.with_recorder(home, recorder).map_err(|not| not_enrolled(&not, &words))?;
            (inventory, id, cameras)
        };
        let sha256 = fingerprint(&inventory.to_json());
        self.adopt(Kept { inventory, ..self.kept_stock() })?;
        let added = u32::try_from(cameras).unwrap_or(u32::MAX);
        self.people.note(Event::InventoryImported { added, changed: 0, removed: 0, sha256 });
        *self.equipment.met.lock() = None;
        Ok(id)
    }
}

/// Runs something where devices are spoken to, and waits for it; `None` if the program ends meanwhile.
fn on_devices_thread<T: Send + 'static>(
    devices: &Devices,
    what: impl Future<Output = T> + Send + 'static,
) -> Option<T> {
    let (done, answer) = sync_channel(1);
    devices.runtime().spawn(async move {
        // Nobody waits any more: the program ends.
        let _ = done.send(what.await);
    });
    answer.recv().ok()
}

fn told(found: &Found, inventory: &Inventory) -> FoundDevice {
    let address = found.origin.as_ref().map_or_else(|| found.host.clone(), short);
    let is_there = |recorder: &&Recorder| {
        let at = recorder.address.as_ref().and_then(|address| Origin::from_url(address.url()).ok());
        at.is_some() && at == found.origin
    };
    let mut recorders = inventory.sites().iter().flat_map(|site| &site.recorders);
    FoundDevice {
        address,
        name: found.name.clone(),
        hardware: found.hardware.clone(),
        protocol: named(found.speaks).to_owned(),
        known: recorders.find(is_there).map(|recorder| recorder.name.clone()).unwrap_or_default(),
    }
}

/// As people write it: the scheme only where it is not the usual one.
fn short(origin: &Origin) -> String {
    let text = origin.to_string();
    text.strip_prefix("http://").map_or(text.clone(), str::to_owned)
}

fn named(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Onvif => "ONVIF",
        Protocol::Sunapi => "SUNAPI",
        Protocol::Isapi => "ISAPI",
        Protocol::Dahua => "Dahua HTTP",
        Protocol::Rtsp => "RTSP",
    }
}

fn described(device: &Device, token: u32, address: &str) -> MetDevice {
    let facts = &device.facts;
    MetDevice {
        token,
        address: address.to_owned(),
        protocol: named(facts.protocol).to_owned(),
        make: facts.make.clone(),
        model: facts.model.clone(),
        firmware: facts.firmware.clone(),
        serial: facts.serial.clone(),
        clock: device.clock.map(|clock| clock.ahead_ms as f64 / 1000.0),
        certificate: device.certificate.map(|sha256| {
            sha256.iter().fold(String::new(), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            })
        }),
        events: device.events.is_some(),
        channels: device.channels.iter().map(channel).collect(),
    }
}

fn channel(channel: &Channel) -> MetChannel {
    MetChannel {
        number: channel.number,
        name: channel.name.clone(),
        profiles: channel.profiles.iter().map(in_words).collect(),
        usable: !profiles(channel).is_empty(),
        ptz: channel.steer.is_some(),
        sound: channel.sound,
    }
}

fn in_words(profile: &FoundProfile) -> String {
    let codec = profile.codec.map(|codec| match codec {
        Codec::H265 => "H.265".to_owned(),
        Codec::H264 => "H.264".to_owned(),
        Codec::Mjpeg => "MJPEG".to_owned(),
    });
    let size = profile.size.map(|size| format!("{}×{}", size.width, size.height));
    let rate = profile.rate.map(|rate| format!("{rate}/s"));
    let mbps = profile.mbps.map(|mbps| format!("{mbps} Mb/s"));
    [codec, size, rate, mbps].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The largest stream as main, and the smallest other one of what walls show as sub.
fn profiles(channel: &Channel) -> Vec<Profile> {
    let mut shown = channel.profiles.iter().filter(|profile| profile.codec != Some(Codec::Mjpeg));
    let main = shown.next().map(|found| profile(found, ProfileKind::Main, MAIN_SIZE));
    let sub = shown.next_back().map(|found| profile(found, ProfileKind::Sub, SUB_SIZE));
    main.into_iter().chain(sub).collect()
}

fn profile(found: &FoundProfile, kind: ProfileKind, otherwise: Size) -> Profile {
    let size = found.size.unwrap_or(otherwise);
    Profile {
        kind,
        address: found.address.clone(),
        width: size.width,
        height: size.height,
        frame_rate: found.rate.map(|rate| rate as f32),
        kbps: found.mbps.map(|mbps| (mbps * 1000.0).round() as u32).filter(|kbps| *kbps > 0),
    }
}

fn recorder(met: &Acquaintance, fields: &DeviceEnrolment, inventory: &Inventory) -> Recorder {
    let id = inventory.free_id(&met.address);
    let camera = |wanted: &EnrolledChannel| {
        let channel = met.device.channels.iter().find(|channel| channel.number == wanted.number)?;
        let profiles = profiles(channel);
        (!profiles.is_empty()).then(|| Camera {
            id: inventory.free_id(&format!("{id}-c{}", wanted.number)),
            name: wanted.name.clone(),
            outdoor: None,
            channel: Some(wanted.number),
            ptz: Some(channel.steer.is_some()),
            viewers: fields.viewers,
            lens: None,
            relay: None,
            profiles,
        })
    };
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Recorder {
        name: fields.name.clone(),
        sends_mbps: fields.sends_mbps,
        address: DeviceAddress::parse(&met.address).ok(),
        make: said(&met.device.facts.make),
        model: said(&met.device.facts.model),
        relay: None,
        cameras: fields.channels.iter().filter_map(camera).collect(),
        id,
    }
}

fn ended(words: &Words) -> Notice {
    notices::error_notice("met_stale", &[], words)
}

fn bad_range(bad: &BadRange, words: &Words) -> Notice {
    let most = discovery::MOST.to_string();
    match bad {
        BadRange::NotAnAddress(part) => notices::error_notice("not_an_address", &[("value", part)], words),
        BadRange::Backwards(part) => notices::error_notice("range_backwards", &[("value", part)], words),
        BadRange::TooMany => notices::error_notice("too_many_addresses", &[("most", &most)], words),
    }
}

fn not_met(fault: &Fault, address: &str, words: &Words) -> Notice {
    let (reason, hint) = words.fault(fault);
    let values = [("address", address), ("reason", reason.as_str()), ("hint", hint.as_str())];
    notices::error_notice("not_met", &values, words)
}

fn not_enrolled(not: &NotEnrolled, words: &Words) -> Notice {
    match not {
        NotEnrolled::NoSuchSite => notices::error_notice("no_such_site", &[], words),
        NotEnrolled::Mistaken(InventoryError::Mistaken(mistakes)) if !mistakes.is_empty() => {
            let mistake = &mistakes[0];
            let (key, values) = value_flaw(&mistake.flaw);
            let values: Vec<(&str, &str)> =
                values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let reason = words.say(key, &values);
            notices::error_notice("not_enrolled", &[("value", &mistake.value), ("reason", &reason)], words)
        }
        NotEnrolled::Mistaken(error) => {
            let values = [("value", ""), ("reason", &*error.to_string())];
            notices::error_notice("not_enrolled", &values, words)
        }
    }
}

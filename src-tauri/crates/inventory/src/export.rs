//! Handing the inventory out as a list for spreadsheets.

use std::borrow::Cow;

use crate::field::{Field as F, Level};
use crate::inventory::Inventory;
use crate::sites::{Camera, Profile, ProfileKind, Recorder, Site};

/// What a spreadsheet takes a cell for a formula by; the wide forms too, which some treat alike.
pub(crate) const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

impl Inventory {
    /// A list with a row a camera: CSV in UTF-8 with a byte order mark, without which spreadsheets take it for another
    /// encoding. [`crate::import::preview`] makes the same inventory of it, but for its name.
    ///
    /// A text that a spreadsheet would take for a formula has an apostrophe before it; so has one that looks as if it had
    /// one already. Reading takes one away.
    #[must_use]
    pub fn to_csv(&self) -> Vec<u8> {
        let mut writer =
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(vec![0xef, 0xbb, 0xbf]);
        let mut row = |cells: &mut dyn Iterator<Item = Cow<'_, str>>| {
            writer
                .write_record(cells.map(|cell| cell.into_owned()))
                .expect("memory takes rows of one length");
        };
        row(&mut F::OF_CAMERA_LIST.iter().map(|field| field.column().into()));
        for site in self.sites() {
            let recorders = some_or_none(&site.recorders);
            for recorder in recorders {
                for camera in recorder.map_or_else(|| vec![None], |recorder| some_or_none(&recorder.cameras))
                {
                    row(&mut F::OF_CAMERA_LIST
                        .iter()
                        .map(|field| cell(*field, site, recorder, camera).into()));
                }
            }
        }
        writer.into_inner().expect("memory takes all")
    }
}

/// Each, or nothing once, so that what has none gets a row too.
fn some_or_none<T>(all: &[T]) -> Vec<Option<&T>> {
    if all.is_empty() { vec![None] } else { all.iter().map(Some).collect() }
}

fn cell(field: F, site: &Site, recorder: Option<&Recorder>, camera: Option<&Camera>) -> String {
    let text = match field.level() {
        Level::Camera => camera.and_then(|camera| of_camera(field, camera)),
        Level::Recorder => recorder.and_then(|recorder| of_recorder(field, recorder)),
        Level::Site | Level::Inventory => of_site(field, site),
    };
    let text = text.unwrap_or_default();
    if !field.is_number() && text.trim_start_matches('\'').starts_with(FORMULA) {
        format!("'{text}")
    } else {
        text
    }
}

fn of_site(field: F, site: &Site) -> Option<String> {
    match field {
        F::SiteId => Some(site.id.to_string()),
        F::SiteName => Some(site.name.clone()),
        F::District => Some(site.district.clone()),
        F::UplinkMbps => text(site.uplink_mbps),
        F::Lat => text(site.position.map(|position| position.lat)),
        F::Lon => text(site.position.map(|position| position.lon)),
        F::Zone => site.zone.map(|zone| zone.name().to_owned()),
        F::SiteRelay => text(site.relay.as_ref()),
        _ => None,
    }
}

fn of_recorder(field: F, recorder: &Recorder) -> Option<String> {
    match field {
        F::RecorderId => Some(recorder.id.to_string()),
        F::RecorderName => Some(recorder.name.clone()),
        F::SendsMbps => text(recorder.sends_mbps),
        F::RecorderAddress => text(recorder.address.as_ref()),
        F::Make => recorder.make.clone(),
        F::Model => recorder.model.clone(),
        F::RecorderRelay => text(recorder.relay.as_ref()),
        _ => None,
    }
}

fn of_camera(field: F, camera: &Camera) -> Option<String> {
    let yes = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    let profile =
        |kind: ProfileKind| camera.profiles.iter().find(move |profile: &&Profile| profile.kind == kind);
    match field {
        F::CameraId => Some(camera.id.to_string()),
        F::CameraName => Some(camera.name.clone()),
        F::Channel => text(camera.channel),
        F::Outdoor => camera.outdoor.map(yes),
        F::Ptz => camera.ptz.map(yes),
        F::Viewers => text(camera.viewers),
        F::Lens => camera.lens.map(|lens| lens.to_string()),
        F::CameraRelay => text(camera.relay.as_ref()),
        F::Address(kind) => text(profile(kind).map(|profile| &profile.address)),
        F::Width(kind) => text(profile(kind).map(|profile| profile.width)),
        F::Height(kind) => text(profile(kind).map(|profile| profile.height)),
        F::FrameRate(kind) => text(profile(kind).and_then(|profile| profile.frame_rate)),
        F::Kbps(kind) => text(profile(kind).and_then(|profile| profile.kbps)),
        _ => None,
    }
}

fn text<T: ToString>(value: Option<T>) -> Option<String> {
    value.as_ref().map(ToString::to_string)
}

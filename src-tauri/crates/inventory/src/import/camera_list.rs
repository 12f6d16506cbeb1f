//! A list with a row for each camera.

use super::addresses::Addresses;
use super::cells::{decimal, number, yes_or_no, zone};
use super::rows::{Entry, Index, RecorderEntry, RowFlaw, Rows, SiteEntry};
use super::{ImportOptions, site_list};
use crate::draft::{self, Draft};
use crate::field::{Field as F, Level};
use crate::mistake::Flaw;
use crate::sites::{Position, ProfileKind};

/// What the rows say. A row without a camera stands for a recorder or a site that has none.
pub(crate) fn read(rows: &mut Rows, options: &ImportOptions) -> Draft {
    gather(rows);
    let addresses = Addresses::new(rows, options);
    let entries = std::mem::take(&mut rows.sites);
    let sites = entries.iter().map(|site| read_site(rows, site, addresses.as_ref())).collect();
    rows.sites = entries;
    Draft { version: draft::VERSION, name: String::new(), sites }
}

/// Brings rows of the same site, and of the same recorder, together.
fn gather(rows: &mut Rows) {
    let of = |level| F::OF_CAMERA_LIST.into_iter().filter(move |field| field.level() == level);
    let (mut sites, mut site_at, mut recorder_at) = (Vec::<SiteEntry>::new(), Index::new(), Index::new());
    for row in rows.take() {
        let (site_id, recorder_id) = (rows.text(&row, F::SiteId), rows.text(&row, F::RecorderId));
        let camera_id = rows.text(&row, F::CameraId);
        let s = *site_at.entry(site_id.to_owned()).or_insert_with(|| {
            sites.push(SiteEntry { entry: Entry::new(row.number), ..SiteEntry::default() });
            sites.len() - 1
        });
        let site = &mut sites[s];
        rows.hear(&mut site.entry, &row, of(Level::Site));
        if recorder_id.is_empty() {
            if !camera_id.is_empty() {
                rows.tell(row.number, Some(F::RecorderId), Flaw::Missing.into(), "");
            }
            continue;
        }
        // A recorder's id at two sites makes two recorders, and then a mistake.
        let key = format!("{s}\0{recorder_id}");
        let r = *recorder_at.entry(key).or_insert_with(|| {
            site.recorders.push(RecorderEntry { entry: Entry::new(row.number), ..RecorderEntry::default() });
            site.recorders.len() - 1
        });
        let recorder = &mut site.recorders[r];
        rows.hear(&mut recorder.entry, &row, of(Level::Recorder).chain([F::RecorderChannels]));
        let mut camera = Entry::new(row.number);
        rows.hear(&mut camera, &row, of(Level::Camera));
        if camera_id.is_empty() && !camera.is_empty() {
            rows.tell(row.number, Some(F::CameraId), Flaw::Missing.into(), "");
        } else if !camera_id.is_empty() {
            recorder.cameras.push(camera);
        }
    }
    rows.sites = sites;
}

fn read_site(rows: &mut Rows, site: &SiteEntry, addresses: Option<&Addresses>) -> draft::Site {
    let entry = &site.entry;
    let (lat, lon) = (rows.value(entry, F::Lat, decimal), rows.value(entry, F::Lon, decimal));
    for (one, other, field) in [(lat, lon, F::Lon), (lon, lat, F::Lat)] {
        if one.is_some() && other.is_none() {
            rows.tell(entry.row, Some(field), Flaw::Missing.into(), "");
        }
    }
    let mut draft = draft::Site {
        id: entry.text(F::SiteId).to_owned(),
        name: entry.text(F::SiteName).to_owned(),
        district: entry.text(F::District).to_owned(),
        uplink_mbps: rows.value(entry, F::UplinkMbps, number),
        position: lat.zip(lon).map(|(lat, lon)| Position { lat, lon }),
        zone: rows.value(entry, F::Zone, zone),
        relay: text(entry, F::SiteRelay),
        recorders: Vec::new(),
    };
    for recorder in &site.recorders {
        let mut read = read_recorder(rows, &recorder.entry);
        for camera in &recorder.cameras {
            let mut camera = read_camera(rows, camera);
            if let Some(addresses) = addresses.filter(|_| camera.profiles.is_empty()) {
                let host = read.address.as_deref().and_then(Addresses::host);
                camera.profiles = addresses.of(&draft.id, &read.id, &camera, host);
            }
            read.cameras.push(camera);
        }
        draft.recorders.push(read);
    }
    draft
}

fn read_recorder(rows: &mut Rows, entry: &Entry) -> draft::Recorder {
    let channels = rows.value(entry, F::RecorderChannels, number);
    draft::Recorder {
        id: entry.text(F::RecorderId).to_owned(),
        name: entry.text(F::RecorderName).to_owned(),
        sends_mbps: rows.value(entry, F::SendsMbps, number).or_else(|| site_list::sends_mbps(channels?)),
        address: text(entry, F::RecorderAddress),
        make: text(entry, F::Make),
        model: text(entry, F::Model),
        relay: text(entry, F::RecorderRelay),
        cameras: Vec::new(),
    }
}

fn read_camera(rows: &mut Rows, entry: &Entry) -> draft::Camera {
    draft::Camera {
        id: entry.text(F::CameraId).to_owned(),
        name: entry.text(F::CameraName).to_owned(),
        outdoor: rows.value(entry, F::Outdoor, yes_or_no),
        channel: rows.value(entry, F::Channel, number),
        ptz: rows.value(entry, F::Ptz, yes_or_no),
        viewers: rows.value(entry, F::Viewers, number),
        lens: text(entry, F::Lens),
        relay: text(entry, F::CameraRelay),
        profiles: ProfileKind::BOTH.into_iter().filter_map(|kind| read_profile(rows, entry, kind)).collect(),
    }
}

fn read_profile(rows: &mut Rows, entry: &Entry, kind: ProfileKind) -> Option<draft::Profile> {
    let figures = [F::Width(kind), F::Height(kind), F::FrameRate(kind), F::Kbps(kind)];
    let Some(address) = text(entry, F::Address(kind)) else {
        if figures.iter().any(|field| entry.find(*field).is_some()) {
            rows.tell(entry.row, Some(F::Address(kind)), RowFlaw::Value(Flaw::Missing), "");
        }
        return None;
    };
    let plain = Addresses::declared(kind, address);
    Some(draft::Profile {
        width: rows.value(entry, F::Width(kind), number).unwrap_or(plain.width),
        height: rows.value(entry, F::Height(kind), number).unwrap_or(plain.height),
        frame_rate: rows.value(entry, F::FrameRate(kind), decimal).map(|rate| rate as f32),
        kbps: rows.value(entry, F::Kbps(kind), number),
        ..plain
    })
}

fn text(entry: &Entry, field: F) -> Option<String> {
    entry.find(field).map(|(text, _)| text.to_owned())
}

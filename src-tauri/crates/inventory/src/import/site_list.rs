//! A list with a row for each site, which says how many recorders and cameras there are.

use std::collections::VecDeque;

use super::addresses::Addresses;
use super::cells::number;
use super::rows::{Entry, RowFlaw, Rows, SiteEntry};
use super::{ImportFault, ImportOptions};
use crate::draft::{self, Draft};
use crate::field::Field as F;
use crate::limits;
use crate::mistake::Flaw;

/// The column that counts them, their channels, and what they send at most, Mb/s. Larger ones are filled first.
const RECORDERS: [(F, i64, i64); 3] =
    [(F::Recorders16, 16, 100), (F::Recorders8, 8, 30), (F::Recorders4, 4, 20)];
/// Cameras or recorders of a site.
const MOST: i64 = 1024;

const READ: [F; 11] = [
    F::SiteId,
    F::SiteName,
    F::District,
    F::UplinkMbps,
    F::Cameras,
    F::OutdoorCameras,
    F::IndoorCameras,
    F::Recorders16,
    F::Recorders8,
    F::Recorders4,
    F::RecorderHosts,
];

/// What a recorder of so many channels sends at most, Mb/s.
pub(crate) fn sends_mbps(channels: i64) -> Option<i64> {
    RECORDERS.iter().find(|(_, most, _)| *most == channels).map(|(.., mbps)| *mbps)
}

/// What the rows say.
pub(crate) fn read(rows: &mut Rows, options: &ImportOptions) -> Result<Draft, ImportFault> {
    let addresses = Addresses::new(rows, options);
    let mut sites = Vec::new();
    let mut cameras = 0;
    for row in rows.take() {
        let mut entry = Entry::new(row.number);
        rows.hear(&mut entry, &row, READ);
        let site = read_site(rows, &entry, addresses.as_ref(), options);
        cameras += site.recorders.iter().map(|recorder| recorder.cameras.len()).sum::<usize>();
        if cameras > limits::ROWS {
            return Err(ImportFault::TooManyRows { most: limits::ROWS });
        }
        sites.push(site);
        rows.sites.push(SiteEntry { entry, recorders: Vec::new() });
    }
    Ok(Draft { version: draft::VERSION, name: String::new(), sites })
}

fn read_site(
    rows: &mut Rows,
    entry: &Entry,
    addresses: Option<&Addresses>,
    options: &ImportOptions,
) -> draft::Site {
    let mut site = draft::Site {
        id: entry.text(F::SiteId).to_owned(),
        name: entry.text(F::SiteName).to_owned(),
        district: entry.text(F::District).to_owned(),
        uplink_mbps: rows.value(entry, F::UplinkMbps, number),
        recorders: recorders(rows, entry, options),
        ..draft::Site::default()
    };
    let mut cameras = cameras(rows, entry, options);
    let sum: i64 = site.recorders.iter().map(channels).sum();
    let counted = RECORDERS
        .iter()
        .all(|(field, ..)| entry.find(*field).is_none() || count(rows, entry, *field).is_some());
    if counted && cameras.len() as i64 > sum {
        rows.tell(
            entry.row,
            Some(F::Cameras),
            RowFlaw::TooFewChannels { channels: sum },
            entry.text(F::Cameras),
        );
    }
    let mut hosts = hosts(rows, entry, site.recorders.len(), addresses);
    for recorder in &mut site.recorders {
        let host = hosts.pop_front();
        // A port here is that of the streams.
        recorder.address = host.clone().filter(|host| !host.contains(':'));
        for channel in 1..=channels(recorder) {
            let Some(mut camera) = cameras.pop_front() else { break };
            camera.id = format!("{}/{channel}", recorder.id);
            camera.channel = Some(channel);
            if let Some(addresses) = addresses {
                camera.profiles = addresses.of(&site.id, &recorder.id, &camera, host.clone());
            }
            recorder.cameras.push(camera);
        }
    }
    site
}

fn channels(recorder: &draft::Recorder) -> i64 {
    RECORDERS
        .iter()
        .find(|(.., mbps)| Some(*mbps) == recorder.sends_mbps)
        .map_or(0, |(_, channels, _)| *channels)
}

fn recorders(rows: &mut Rows, entry: &Entry, options: &ImportOptions) -> Vec<draft::Recorder> {
    let mut recorders = Vec::new();
    for (field, _, mbps) in RECORDERS {
        for _ in 0..count(rows, entry, field).unwrap_or(0) {
            let number = (recorders.len() + 1).to_string();
            recorders.push(draft::Recorder {
                id: format!("{}/{number}", entry.text(F::SiteId)),
                name: options.recorder_name.replace("{number}", &number),
                sends_mbps: Some(mbps),
                ..draft::Recorder::default()
            });
        }
    }
    recorders
}

/// The outdoor ones first. Where they stand is not known unless the list says it.
fn cameras(rows: &mut Rows, entry: &Entry, options: &ImportOptions) -> VecDeque<draft::Camera> {
    let (outdoor, indoor) = (count(rows, entry, F::OutdoorCameras), count(rows, entry, F::IndoorCameras));
    let Some(all) = count(rows, entry, F::Cameras) else {
        // Unless it was told already that it is no number.
        rows.tell(entry.row, Some(F::Cameras), Flaw::Missing.into(), "");
        return VecDeque::new();
    };
    let sum = outdoor.zip(indoor).map(|(outdoor, indoor)| outdoor + indoor).or(outdoor.filter(|n| *n > all));
    if let Some(sum) = sum.filter(|sum| *sum != all) {
        rows.tell(entry.row, Some(F::OutdoorCameras), RowFlaw::Sum { expected: all }, &sum.to_string());
    }
    let camera = |number: i64| draft::Camera {
        name: options.camera_name.replace("{number}", &number.to_string()),
        outdoor: outdoor.map(|outdoor| number <= outdoor),
        ..draft::Camera::default()
    };
    (1..=all).map(camera).collect()
}

fn count(rows: &mut Rows, entry: &Entry, field: F) -> Option<i64> {
    rows.value(entry, field, |text| match number(text)? {
        count if (0..=MOST).contains(&count) => Ok(count),
        _ => Err(RowFlaw::Value(Flaw::OutOfRange { least: 0.0, most: MOST as f64 })),
    })
}

/// One for each recorder, separated by blanks, commas, semicolons or bars.
fn hosts(
    rows: &mut Rows,
    entry: &Entry,
    recorders: usize,
    addresses: Option<&Addresses>,
) -> VecDeque<String> {
    let text = entry.text(F::RecorderHosts);
    let hosts = text.split([' ', ',', ';', '|', '\n']).filter(|host| !host.is_empty()).map(str::to_owned);
    let hosts: VecDeque<String> = hosts.collect();
    let needed = addresses.is_some_and(Addresses::needs_host);
    if hosts.len() != recorders && (needed || !hosts.is_empty()) {
        let flaw = if hosts.is_empty() {
            Flaw::Missing.into()
        } else {
            RowFlaw::Hosts { expected: recorders as i64 }
        };
        rows.tell(entry.row, Some(F::RecorderHosts), flaw, "");
    }
    hosts
}

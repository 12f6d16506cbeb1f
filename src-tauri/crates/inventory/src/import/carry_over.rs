//! What a list has no column for stays as it is.

use std::collections::HashMap;

use model::Id;

use crate::draft::{self, Draft};
use crate::field::Field as F;
use crate::inventory::Inventory;
use crate::limits;
use crate::sites::{Camera, Recorder, Site};
use crate::text;

/// Fills from `current` what the list, by what it `says`, is silent about.
pub(crate) fn carry_over(draft: &mut Draft, current: &Inventory, says: impl Fn(F) -> bool) {
    let sites: HashMap<&Id, &Site> = current.sites().iter().map(|site| (&site.id, site)).collect();
    let recorders = current.sites().iter().flat_map(|site| &site.recorders);
    let recorders: HashMap<&Id, &Recorder> = recorders.map(|recorder| (&recorder.id, recorder)).collect();
    for site in &mut draft.sites {
        if let Some(known) = id(&site.id).and_then(|id| sites.get(&id).copied()) {
            fill_site(site, known, &says);
        }
        for recorder in &mut site.recorders {
            let known = id(&recorder.id).and_then(|id| recorders.get(&id).copied());
            fill_recorder(recorder, known, &says);
            for camera in &mut recorder.cameras {
                let known = id(&camera.id).and_then(|id| current.camera(&id));
                if let Some((.., known)) = known {
                    fill_camera(camera, known, &says);
                }
            }
        }
    }
}

fn id(written: &str) -> Option<Id> {
    Id::new(&text::name(written, limits::NAME).ok()?).ok()
}

fn keep<T>(value: &mut Option<T>, said: bool, known: Option<T>) {
    if !said && known.is_some() {
        *value = known;
    }
}

fn fill_site(site: &mut draft::Site, known: &Site, says: &impl Fn(F) -> bool) {
    if !says(F::District) {
        site.district.clone_from(&known.district);
    }
    keep(&mut site.uplink_mbps, says(F::UplinkMbps), known.uplink_mbps.map(i64::from));
    keep(&mut site.position, says(F::Lat) || says(F::Lon), known.position);
    keep(&mut site.zone, says(F::Zone), known.zone);
    keep(&mut site.relay, says(F::SiteRelay), known.relay.as_ref().map(ToString::to_string));
}

fn fill_recorder(recorder: &mut draft::Recorder, known: Option<&Recorder>, says: &impl Fn(F) -> bool) {
    if !says(F::RecorderName) {
        match known {
            Some(known) => recorder.name.clone_from(&known.name),
            None if recorder.name.is_empty() => recorder.name.clone_from(&recorder.id),
            None => {}
        }
    }
    let Some(known) = known else { return };
    keep(&mut recorder.sends_mbps, says(F::SendsMbps), known.sends_mbps.map(i64::from));
    keep(&mut recorder.address, says(F::RecorderAddress), known.address.as_ref().map(ToString::to_string));
    keep(&mut recorder.make, says(F::Make), known.make.clone());
    keep(&mut recorder.model, says(F::Model), known.model.clone());
    keep(&mut recorder.relay, says(F::RecorderRelay), known.relay.as_ref().map(ToString::to_string));
}

fn fill_camera(camera: &mut draft::Camera, known: &Camera, says: &impl Fn(F) -> bool) {
    if !says(F::CameraName) {
        camera.name.clone_from(&known.name);
    }
    keep(&mut camera.outdoor, says(F::Outdoor), known.outdoor);
    keep(&mut camera.channel, says(F::Channel), known.channel.map(i64::from));
    keep(&mut camera.ptz, says(F::Ptz), known.ptz);
    keep(&mut camera.viewers, says(F::Viewers), known.viewers.map(i64::from));
    keep(&mut camera.lens, says(F::Lens), known.lens.map(|lens| lens.to_string()));
    keep(&mut camera.relay, says(F::CameraRelay), known.relay.as_ref().map(ToString::to_string));
    for known in &known.profiles {
        let kind = known.kind;
        let Some(profile) = camera.profiles.iter_mut().find(|profile| profile.kind == kind) else {
            if !says(F::Address(kind)) {
                camera.profiles.push(draft::Profile {
                    frame_rate: known.frame_rate,
                    kbps: known.kbps.map(i64::from),
                    kind,
                    address: known.address.to_string(),
                    width: known.width.into(),
                    height: known.height.into(),
                });
            }
            continue;
        };
        if !says(F::Width(kind)) && !says(F::Height(kind)) {
            (profile.width, profile.height) = (known.width.into(), known.height.into());
        }
        keep(&mut profile.frame_rate, says(F::FrameRate(kind)), known.frame_rate);
        keep(&mut profile.kbps, says(F::Kbps(kind)), known.kbps.map(i64::from));
    }
}

//! The inventory that Watchwall opens: the same list, as its file format has it.

use serde_json::{Value, json};

use crate::list::{Camera, Profile, list};

/// The whole list as an inventory; `port` gives each recorder's port on loopback. Holds no password.
#[must_use]
pub fn inventory(port: impl Fn(usize) -> u16) -> Value {
    let list = list();
    let sites: Vec<Value> = list
        .sites
        .iter()
        .map(|site| {
            let recorders: Vec<Value> = (1..)
                .zip(site.recorders.clone())
                .map(|(nth, index)| {
                    let recorder = &list.recorders[index];
                    let id = format!("{}/{nth}", site.id);
                    let cameras: Vec<Value> = list.cameras[recorder.cameras.clone()]
                        .iter()
                        .map(|camera| camera_of(camera, &id, port(index)))
                        .collect();
                    json!({
                        "id": id,
                        "name": format!("Đầu ghi {nth}"),
                        "sends_mbps": recorder.sends_mbps,
                        "cameras": cameras,
                    })
                })
                .collect();
            json!({
                "id": site.id,
                "name": site.name,
                "district": site.district,
                "uplink_mbps": site.uplink_mbps,
                "recorders": recorders,
            })
        })
        .collect();
    json!({ "version": 1, "name": "Kiên Giang (mô phỏng)", "sites": sites })
}

fn camera_of(camera: &Camera, recorder: &str, port: u16) -> Value {
    let profiles: Vec<Value> = Profile::BOTH
        .iter()
        .map(|&profile| {
            let size = camera.coding.size(profile);
            json!({
                "kind": profile.name(),
                "address": format!("rtsp://127.0.0.1:{port}/ch{}/{}", camera.channel, profile.name()),
                "width": size.width,
                "height": size.height,
                "frame_rate": camera.coding.frame_rate(profile),
                "kbps": camera.nominal_rate(profile) / 1000,
            })
        })
        .collect();
    json!({
        "id": format!("{recorder}/{}", camera.channel),
        "name": camera.name,
        "outdoor": camera.outdoor,
        "viewers": 6,
        "profiles": profiles,
    })
}

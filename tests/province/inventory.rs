//! The inventory that Watchwall opens: the same list, as its file format has it.

use serde_json::{Value, json};

use crate::list::{Camera, Profile, Site, list};

/// Towns, and the islands of Kiên Hải: what a site's id begins with or has in it, latitude, longitude (degrees). An island
/// stands before its district.
const TOWNS: [(&str, f64, f64); 17] = [
    ("lai-son", 9.810, 104.640),
    ("an-son", 9.696, 104.352),
    ("nam-du", 9.680, 104.395),
    ("kien-hai/", 9.970, 104.836),
    ("rach-gia/", 10.012, 105.087),
    ("giong-rieng/", 9.908, 105.312),
    ("vinh-thuan/", 9.512, 105.259),
    ("chau-thanh/", 9.926, 105.157),
    ("tan-hiep/", 10.112, 105.285),
    ("go-quao/", 9.742, 105.276),
    ("an-bien/", 9.816, 105.062),
    ("an-minh/", 9.652, 104.958),
    ("u-minh-thuong/", 9.640, 105.118),
    ("phu-quoc/", 10.217, 103.966),
    ("kien-luong/", 10.285, 104.640),
    ("ha-tien/", 10.385, 104.490),
    ("giang-thanh/", 10.498, 104.665),
];

/// The whole list as an inventory; `port` gives each recorder's port on loopback. Holds no password, and nothing of what
/// recorders answer besides their streams.
#[must_use]
pub fn inventory(port: impl Fn(usize) -> u16) -> Value {
    inventory_with_devices(port, |_| 0)
}

/// The same with what enrolment finds: where each recorder answers over HTTP (`http_port`, 0 for those that don't), who
/// made it, and which cameras can be moved.
#[must_use]
pub fn inventory_with_devices(port: impl Fn(usize) -> u16, http_port: impl Fn(usize) -> u16) -> Value {
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
                        .map(|camera| camera_of(camera, &id, port(index), http_port(index) != 0))
                        .collect();
                    let mut recorder = json!({
                        "id": id,
                        "name": format!("Đầu ghi {nth}"),
                        "sends_mbps": recorder.sends_mbps,
                        "cameras": cameras,
                    });
                    if http_port(index) != 0 {
                        let make = list.recorders[index].equipment.make;
                        recorder["address"] = json!(format!("http://127.0.0.1:{}", http_port(index)));
                        recorder["make"] = json!(make.name());
                        recorder["model"] = json!(make.model());
                    }
                    recorder
                })
                .collect();
            json!({
                "id": site.id,
                "name": site.name,
                "district": site.district,
                "uplink_mbps": site.uplink_mbps,
                "position": position(site),
                "zone": zone(&site.name),
                "recorders": recorders,
            })
        })
        .collect();
    json!({ "version": 2, "name": "Kiên Giang (mô phỏng)", "sites": sites })
}

fn camera_of(camera: &Camera, recorder: &str, port: u16, is_asked: bool) -> Value {
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
        "channel": camera.channel,
        "ptz": is_asked && camera.movement.is_ptz(),
        "viewers": 6,
        "profiles": profiles,
    })
}

/// Within 2 km of its town, and never on top of another site of it: sites stand on a spiral around the town, in the order
/// of the list.
fn position(site: &Site) -> Value {
    let town = |site: &Site| TOWNS.iter().position(|(name, ..)| site.id.contains(name));
    let at = town(site).expect("every district of the list has a town");
    let before = list().sites.iter().take_while(|other| other.id != site.id);
    let nth = before.filter(|other| town(other) == Some(at)).count() as f64;
    // The golden angle, so that neighbours in the list are not neighbours on the map.
    let (angle, radius) = (nth * 2.399_963, 0.004 * (nth + 1.0).sqrt());
    let (_, lat, lon) = TOWNS[at];
    // A tenth of a second of arc is 3 m: more digits say nothing.
    let digits = |degrees: f64| (degrees * 1e5).round() / 1e5;
    json!({ "lat": digits(lat + radius * angle.sin()), "lon": digits(lon + radius * angle.cos()) })
}

/// What a site's name says of it; not every site is marked.
fn zone(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if has(&["cách ly", "dã chiến"]) {
        Some("red")
    } else if has(&["điều trị", "bệnh viện"]) {
        Some("orange")
    } else if has(&["ttyt"]) {
        Some("yellow")
    } else if has(&["trạm y tế", "trường"]) {
        Some("green")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_program_reads_it_and_hands_it_out_again() {
        let province =
            inventory_with_devices(|recorder| 18_554 + recorder as u16, |recorder| 18_654 + recorder as u16);
        let schema = jsonschema::validator_for(&::inventory::schema()).unwrap();
        let errors: Vec<String> = schema.iter_errors(&province).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        let read = ::inventory::Inventory::parse(province.to_string().as_bytes()).unwrap();
        assert_eq!(read.sites().len(), 54);
        assert_eq!(::inventory::Inventory::parse(&read.to_json()).unwrap(), read);
        let options = ::inventory::import::ImportOptions {
            inventory_name: Some(read.name().to_owned()),
            ..Default::default()
        };
        let list = ::inventory::import::preview("x.csv", &read.to_csv(), &read, &options).unwrap();
        assert_eq!(list.errors, []);
        assert_eq!((list.rows, list.result), (373, Some(read)));
    }

    #[test]
    fn every_site_lies_in_the_province_and_none_upon_another() {
        let inventory = inventory(|_| 1);
        let sites = inventory["sites"].as_array().unwrap();
        let mut places = HashSet::new();
        for site in sites {
            let degrees = |key: &str| site["position"][key].as_f64().unwrap();
            let (lat, lon) = (degrees("lat"), degrees("lon"));
            assert!((9.38..10.55).contains(&lat) && (103.8..105.55).contains(&lon), "{site}");
            assert!(places.insert(format!("{lat} {lon}")), "{site}");
        }
        let zones: HashSet<_> = sites.iter().map(|site| site["zone"].as_str()).collect();
        assert_eq!(zones.len(), 5, "each zone, and sites without one: {zones:?}");
    }
}

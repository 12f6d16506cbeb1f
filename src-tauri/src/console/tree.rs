//! What of the inventory a person may see.

use engine::rights::{Person, Subject as Of};
use inventory::{Camera, Inventory, Recorder, Site};
use model::Action;

use super::stock;
use crate::wire;

/// What of the inventory a person may see, by districts, in the order in which they first occur. Who administers it sees
/// all its names, and no pictures.
pub(super) fn tree(inventory: &Inventory, person: &Person, stock: &stock::Stock) -> Vec<wire::District> {
    let administers =
        person.may_somewhere(Action::ManageInventory) || person.may_somewhere(Action::ReadAudit);
    let sees = |site: &Site, camera: &Camera| {
        administers || person.may(Action::View, Of::camera(site, camera)).is_ok()
    };
    let mut districts: Vec<wire::District> = Vec::new();
    for site in inventory.sites() {
        let recorder = |recorder: &Recorder| wire::Recorder {
            id: recorder.id.clone(),
            name: recorder.name.clone(),
            cameras: recorder
                .cameras
                .iter()
                .filter(|camera| sees(site, camera))
                .map(|camera| wire::Camera {
                    id: camera.id.clone(),
                    name: camera.name.clone(),
                    outdoor: camera.outdoor,
                })
                .collect(),
        };
        let recorders: Vec<_> = site
            .recorders
            .iter()
            .map(recorder)
            .filter(|recorder| administers || !recorder.cameras.is_empty())
            .collect();
        if recorders.is_empty() && !administers {
            continue;
        }
        let site_wire = wire::Site {
            id: site.id.clone(),
            name: site.name.clone(),
            recorders,
            position: site.position.map(|at| wire::stock::Position { lat: at.lat, lon: at.lon }),
            zone: stock.zone(site),
        };
        match districts.iter_mut().find(|district| district.name == site.district) {
            Some(district) => district.sites.push(site_wire),
            None => districts.push(wire::District { name: site.district.clone(), sites: vec![site_wire] }),
        }
    }
    districts
}

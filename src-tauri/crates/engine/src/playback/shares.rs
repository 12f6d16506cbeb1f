//! What recorders' lines have left for recordings beside what is watched live.

use std::collections::HashMap;

use model::Id;

use crate::planner::LinkLoad;

/// Where nobody knows how much a line carries: more than any recorder sends.
const UNKNOWN_MBPS: f64 = 1000.0;

/// Mb/s for the recordings of each recorder, given as recorders with their sites: what is left of its own line, and of the
/// site's an equal part for each of them.
#[must_use]
pub fn shares(playing: &[(Id, Id)], recorders: &[LinkLoad], sites: &[LinkLoad]) -> HashMap<Id, f64> {
    let share = |(recorder, site): &(Id, Id)| {
        let neighbours = playing.iter().filter(|(_, other)| other == site).count().max(1);
        let own = left(recorders, recorder);
        let of_site = left(sites, site) / neighbours as f64;
        (recorder.clone(), own.min(of_site))
    };
    playing.iter().map(share).collect()
}

fn left(loads: &[LinkLoad], id: &Id) -> f64 {
    let load = loads.iter().find(|load| load.id == *id);
    load.and_then(|load| Some((load.limit? - load.received - load.others).max(0.0))).unwrap_or(UNKNOWN_MBPS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(id: &str, received: f64, others: f64, limit: Option<f64>) -> LinkLoad {
        let id = Id::new(id).unwrap();
        LinkLoad { id, received, others, limit, learned: false, declared: limit, streams: 1 }
    }

    #[test]
    fn recordings_get_what_live_pictures_and_other_clients_leave() {
        let id = |text: &str| Id::new(text).unwrap();
        let playing = [(id("r1"), id("s")), (id("r2"), id("s")), (id("r3"), id("t"))];
        let recorders = [load("r1", 10.0, 5.0, Some(18.0)), load("r2", 1.0, 0.0, Some(80.0))];
        let sites = [load("s", 12.0, 6.0, Some(30.0))];
        let shares = shares(&playing, &recorders, &sites);
        assert!((shares[&id("r1")] - 3.0).abs() < 1e-9, "its own line is the narrow one");
        assert!((shares[&id("r2")] - 6.0).abs() < 1e-9, "half of what the site has left");
        assert!((shares[&id("r3")] - UNKNOWN_MBPS).abs() < 1e-9);
        let full = super::shares(&playing[..1], &[load("r1", 20.0, 5.0, Some(18.0))], &[]);
        assert!(full[&id("r1")].abs() < 1e-9);
    }
}

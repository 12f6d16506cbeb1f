//! Where it was, on a map of all sites.

use std::fmt::Write as _;

use engine::incidents::Stretch;
use inventory::Inventory;

use super::markup::text;

/// All sites as dots, those of the incident marked and named.
pub(super) fn map(inventory: &Inventory, stretches: &[Stretch]) -> String {
    let sites: Vec<_> = inventory.sites().iter().filter_map(|site| Some((site, site.position?))).collect();
    let bounds = |of: fn(&inventory::Position) -> f64| {
        let all = sites.iter().map(|(_, at)| of(at));
        (all.clone().fold(f64::MAX, f64::min), all.fold(f64::MIN, f64::max))
    };
    let ((south, north), (west, east)) = (bounds(|at| at.lat), bounds(|at| at.lon));
    let marked = |site: &inventory::Site| {
        stretches
            .iter()
            .any(|stretch| inventory.camera(&stretch.camera).is_some_and(|(own, ..)| own.id == site.id))
    };
    if sites.len() < 2 || !sites.iter().any(|(site, _)| marked(site)) {
        return String::new();
    }
    // A degree of longitude is a little shorter here than one of latitude, by less than a dot.
    let scale = 560.0 / (east - west).max(north - south).max(0.01);
    let (width, height) = ((east - west) * scale + 40.0, (north - south) * scale + 40.0);
    let mut dots = String::new();
    let mut sorted = sites;
    sorted.sort_by_key(|(site, _)| marked(site));
    for (site, at) in sorted {
        let (x, y) = ((at.lon - west) * scale + 20.0, (north - at.lat) * scale + 20.0);
        if marked(site) {
            let (anchor, dx) = if x > width / 2.0 { ("end", -10.0) } else { ("start", 10.0) };
            let _ = write!(
                dots,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"6\" class=\"here\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{}</text>",
                x + dx,
                y + 4.0,
                text(&site.name),
            );
        } else {
            let _ = write!(dots, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.5\"/>");
        }
    }
    format!("<svg viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\">{dots}</svg>")
}

#[cfg(test)]
mod tests {
    use model::{Id, Moment, Period};

    use super::*;

    #[test]
    fn a_map_marks_the_places_and_is_left_out_where_there_is_none() {
        let site = |id: &str, lon: f64| {
            format!(
                r#"{{"id":"{id}","name":"Trạm {id}","district":"h","position":{{"lat":9.9,"lon":{lon}}},"recorders":[{{"id":"r{id}","name":"r","cameras":[{{"id":"c{id}","name":"c","profiles":[{{"kind":"main","address":"rtsp://10.0.0.1/{id}","width":1920,"height":1080}}]}}]}}]}}"#
            )
        };
        let sites = [site("a", 105.0), site("b", 105.4)].join(",");
        let inventory = format!(r#"{{"version":1,"name":"x","sites":[{sites}]}}"#);
        let inventory = Inventory::parse(inventory.as_bytes()).unwrap();
        let stretch = |camera: &str| Stretch {
            camera: Id::new(camera).unwrap(),
            period: Period { from: Moment(0), until: Moment(1) },
        };
        let drawn = map(&inventory, &[stretch("ca")]);
        assert!(drawn.contains("Trạm a") && !drawn.contains("Trạm b"), "{drawn}");
        assert_eq!(drawn.matches("<circle").count(), 2);
        assert_eq!(map(&inventory, &[stretch("gone")]), "");
    }
}

//! The monitors of this desktop, told apart by what they are (EDID) and not by the connector they happen to be at.

use tauri::AppHandle;

use crate::wire::Monitor;

#[cfg(any(target_os = "linux", test))]
mod edid;
#[cfg(target_os = "linux")]
mod x11;

/// What the window system tells of one monitor.
struct Found {
    connector: String,
    /// Empty where the system has none.
    edid: Vec<u8>,
    x: i32,
    y: i32,
    width: u32,
    height: u32,
    primary: bool,
}

/// All monitors, from left to right. Empty where the window system does not answer.
#[must_use]
pub fn all(app: &AppHandle) -> Vec<Monitor> {
    named(found(app))
}

#[cfg(target_os = "linux")]
fn found(_: &AppHandle) -> Vec<Found> {
    x11::monitors().unwrap_or_else(|error| {
        log::warn!("monitors cannot be listed: {error}");
        Vec::new()
    })
}

#[cfg(not(target_os = "linux"))]
fn found(app: &AppHandle) -> Vec<Found> {
    let primary = app.primary_monitor().ok().flatten().and_then(|monitor| monitor.name().cloned());
    let monitors = app.available_monitors().unwrap_or_default();
    let found = monitors.into_iter().map(|monitor| Found {
        connector: monitor.name().cloned().unwrap_or_default(),
        edid: Vec::new(),
        x: monitor.position().x,
        y: monitor.position().y,
        width: monitor.size().width,
        height: monitor.size().height,
        primary: monitor.name().is_some() && *monitor.name() == primary,
    });
    found.collect()
}

fn named(mut found: Vec<Found>) -> Vec<Monitor> {
    found.sort_by_key(|monitor| (monitor.x, monitor.y));
    let mut monitors: Vec<Monitor> = Vec::new();
    for monitor in found {
        let (key, name) = names(&monitor);
        // Two of the same model without a serial number are told apart from left to right.
        let same = monitors
            .iter()
            .filter(|other| other.key == key || other.key.starts_with(&format!("{key}#")))
            .count();
        let key = if same == 0 { key } else { format!("{key}#{}", same + 1) };
        let Found { x, y, width, height, primary, .. } = monitor;
        monitors.push(Monitor { key, name, width, height, x, y, primary });
    }
    monitors
}

#[cfg(any(target_os = "linux", test))]
fn names(monitor: &Found) -> (String, String) {
    match edid::Edid::parse(&monitor.edid) {
        Some(edid) => (edid.key(), edid.name()),
        None => by_connector(monitor),
    }
}

#[cfg(not(any(target_os = "linux", test)))]
fn names(monitor: &Found) -> (String, String) {
    by_connector(monitor)
}

fn by_connector(monitor: &Found) -> (String, String) {
    (format!("{}:{}x{}", monitor.connector, monitor.width, monitor.height), monitor.connector.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(connector: &str, edid: &[u8], x: i32) -> Found {
        let (connector, edid) = (connector.to_owned(), edid.to_vec());
        Found { connector, edid, x, y: 0, width: 1920, height: 1080, primary: x == 0 }
    }

    #[test]
    fn a_monitor_keeps_its_key_at_another_connector() {
        let edid = edid::tests::DELL;
        let before = named(vec![found("DP-1", edid, 0), found("HDMI-1", &[], 1920)]);
        let after = named(vec![found("DP-3", edid, 1920), found("HDMI-1", &[], 0)]);
        assert_eq!(before[0].key, after[1].key);
        assert_eq!(before[0].name, "DELL U2412M");
        assert_eq!(before[1].key, "HDMI-1:1920x1080");
    }

    #[test]
    fn twins_are_told_apart_from_left_to_right() {
        let twins = named(vec![found("DP-2", edid::tests::DELL, 1920), found("DP-1", edid::tests::DELL, 0)]);
        assert_eq!(twins[0].x, 0);
        assert_ne!(twins[0].key, twins[1].key);
        assert!(twins[1].key.ends_with("#2"), "{}", twins[1].key);
    }
}

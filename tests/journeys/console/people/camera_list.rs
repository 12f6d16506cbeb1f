//! A list of cameras as an administrator brings it in.

use serde_json::Value;

use crate::desktop::Desktop;

/// The customer's list with the simulated recorders' addresses, one row a camera; `break_rows` spoils three of them.
pub(super) fn camera_list(desktop: &Desktop, break_rows: bool) -> String {
    let mut text = String::from(
        "site_id,site,district,recorder_id,recorder,sends_mbps,camera_id,camera,channel,viewers,main_url,sub_url\n",
    );
    let inventory = desktop.inventory();
    let mut row = 1;
    for site in inventory["sites"].as_array().expect("sites") {
        for recorder in site["recorders"].as_array().expect("recorders") {
            for (channel, camera) in recorder["cameras"].as_array().expect("cameras").iter().enumerate() {
                row += 1;
                let address = |kind: &str| {
                    let profiles = camera["profiles"].as_array().expect("profiles");
                    let found = profiles.iter().find(|profile| profile["kind"] == kind);
                    found.and_then(|profile| profile["address"].as_str()).unwrap_or_default().to_owned()
                };
                let (mut viewers, mut main, mut name) =
                    ("6".to_owned(), address("main"), camera["name"].as_str().unwrap_or_default().to_owned());
                match row {
                    7 if break_rows => viewers = "-3".to_owned(),
                    19 if break_rows => main = "http://10.0.0.1/x".to_owned(),
                    30 if break_rows => name = String::new(),
                    _ => {}
                }
                let cell = |value: &Value| format!("\"{}\"", value.as_str().unwrap_or_default());
                text += &format!(
                    "{},{},{},{},{},100,{},\"{name}\",{},{viewers},{main},{}\n",
                    cell(&site["id"]),
                    cell(&site["name"]),
                    cell(&site["district"]),
                    cell(&recorder["id"]),
                    cell(&recorder["name"]),
                    cell(&camera["id"]),
                    channel + 1,
                    address("sub"),
                );
            }
        }
    }
    text
}

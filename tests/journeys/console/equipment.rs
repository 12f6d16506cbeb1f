//! The devices behind the pictures: one that is new is found, met and put into the inventory.

use province::list;

use crate::desktop::hands::ENTER;
use crate::desktop::{Desktop, until_true};
use crate::support::words;

fn w(key: &str) -> String {
    words("vi", key)
}

#[test]
fn a_new_device_is_found_met_and_enrolled() {
    let desktop = Desktop::new();
    // All but the last recorder are in the inventory.
    let recorder = list().recorders.len() - 1;
    let mut inventory = desktop.inventory_with_devices();
    let sites = inventory["sites"].as_array_mut().expect("sites");
    let missing = sites.last_mut().expect("a site")["recorders"].as_array_mut().and_then(Vec::pop);
    let missing = missing.expect("its recorder");
    desktop.write_inventory(inventory);
    let program = desktop.start();
    program.until_live(16);

    program.run("window.__TAURI_INTERNALS__.invoke('play_role', { role: 'administrator' }); return true");
    program.go(4);
    let address = format!("127.0.0.1:{}", desktop.province.http_port(recorder));
    program.fill(".enrol-ask input", &address);
    desktop.screen.press(ENTER);
    program.until_said(".enrol-found li", &address);
    program.click(&w("page_enrol_meet_one").replace("{address}", &address));
    program.fill("[name=user]", province::USER);
    program.fill("[name=password]", "sai");
    program.send(&w("page_enrol_meet"));
    program.until_said("[role=dialog]", &w("fault_password_refused"));
    program.fill("[name=password]", province::PASSWORD);
    program.send(&w("page_enrol_meet"));
    let cameras = missing["cameras"].as_array().expect("cameras").len() as u64;
    until_true("its channels", || program.count(".enrol-channel", "") == cameras);
    desktop.screen.click(program.find("[role=dialog] [type=submit]:not([disabled])", ""));
    program.until_said(".toast", &w("page_enrol_done"));
    program.until_said(".stock-counts dd", &list().cameras.len().to_string());
}

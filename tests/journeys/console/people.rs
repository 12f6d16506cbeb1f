//! A workstation from its first start to its auditor, with accounts, a keychain and devices that ask for logins.

use std::process::{Child, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use province::list;
use serde_json::{Value, json};

use crate::desktop::program::Program;
use crate::desktop::{Desktop, until, until_true};

const FIRST: &str = "Canary-Mot-Hai-2026!";
const OPERATOR: &str = "Canary-Ba-Bon-2026?";
const CHANGED: &str = "Canary-Doi-Roi-2026#";

/// A session bus with an unlocked keychain on it, both gone when dropped.
struct Keychain {
    bus: Child,
    address: String,
}

impl Keychain {
    /// `None` where the programs for it are missing.
    fn start(desktop: &Desktop) -> Option<Self> {
        let mut bus = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let mut address = String::new();
        let out = bus.stdout.take().expect("its output");
        std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut address).expect("its address");
        let keychain = Self { bus, address: address.trim().to_owned() };
        let mut unlock = Command::new("gnome-keyring-daemon")
            .args(["--unlock", "--components=secrets"])
            .env("DBUS_SESSION_BUS_ADDRESS", &keychain.address)
            .env("XDG_DATA_HOME", desktop.folder.file("keychain"))
            .env("XDG_RUNTIME_DIR", desktop.folder.file("runtime"))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        std::io::Write::write_all(&mut unlock.stdin.take().expect("its input"), b"throw-away").ok()?;
        unlock.wait().ok()?.success().then_some(keychain)
    }
}

impl Drop for Keychain {
    fn drop(&mut self) {
        // The keychain leaves with its bus.
        let _ = self.bus.kill();
        let _ = self.bus.wait();
    }
}

/// Asks the program and gives its answer, or what it refused with.
fn ask(program: &Program<'_>, command: &str, values: &Value) -> Result<Value, Value> {
    const ASK: &str = "const [command, values] = arguments; window.answer = null;
        window.__TAURI_INTERNALS__.invoke(command, values)
            .then(got => { window.answer = [true, got ?? null]; }, no => { window.answer = [false, no]; });
        return true;";
    program.run_with(ASK, &json!([command, values]));
    let answer =
        until(command, || Some(program.run("return window.answer")).filter(|answer| answer.is_array()));
    if answer[0] == true { Ok(answer[1].clone()) } else { Err(answer[1].clone()) }
}

fn sign_in(program: &Program<'_>, account: &str, password: &str) -> Result<Value, Value> {
    ask(program, "sign_in", &json!({ "account": account, "password": password, "code": null }))
}

/// The customer's list with the simulated recorders' addresses, one row a camera; `break_rows` spoils three of them.
fn camera_list(desktop: &Desktop, break_rows: bool) -> String {
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

fn preview(program: &Program<'_>, text: &str) -> Value {
    let options = json!({ "template": null, "name": "Kiên Giang" });
    let values = json!({ "name": "camera.csv", "content": STANDARD.encode(text), "options": options });
    ask(program, "preview_import", &values).expect("a list")
}

/// From the first start to a scoped operator who watches, is locked out and hands over; the auditor finds each step, and
/// no secret is anywhere.
#[test]
fn a_workstation_is_set_up_worked_at_and_audited() {
    let desktop = Desktop::new();
    let Some(keychain) = Keychain::start(&desktop) else {
        return eprintln!("SKIPPED: dbus-daemon or gnome-keyring-daemon is missing");
    };
    // The devices' login is entered by hand here.
    std::fs::remove_file(desktop.folder.file("login")).expect("a file");
    let program = Program::start_real(&desktop, &[("DBUS_SESSION_BUS_ADDRESS", &keychain.address)]);
    let state =
        |program: &Program<'_>| ask(program, "session", &json!({})).expect("a session")["state"].clone();
    assert_eq!(state(&program), "first_start");
    assert!(ask(&program, "load", &json!({})).is_err(), "nobody has signed in");
    let weak = json!({ "account": "quan-tri", "name": "Quản trị", "password": "123456" });
    assert!(ask(&program, "create_first_account", &weak).is_err());
    let first = json!({ "account": "quan-tri", "name": "Quản trị", "password": FIRST });
    ask(&program, "create_first_account", &first).expect("the first administrator");
    assert_eq!(state(&program), "signed_in");

    // Three broken rows: each is said, nothing is taken over.
    let spoilt = preview(&program, &camera_list(&desktop, true));
    let rows: Vec<_> =
        spoilt["errors"].as_array().expect("errors").iter().map(|error| error["row"].clone()).collect();
    assert_eq!(rows, [json!(7), json!(19), json!(30)], "{spoilt}");
    assert!(ask(&program, "apply_import", &json!({ "token": spoilt["token"] })).is_err());
    let sound = preview(&program, &camera_list(&desktop, false));
    assert_eq!(sound["added"]["cameras"], 373, "{sound}");
    ask(&program, "apply_import", &json!({ "token": sound["token"] })).expect("taken over");

    // An operator for one district.
    let list = list();
    let district = &list.sites[0].district;
    let scope = json!({ "everything": false, "districts": [district], "sites": [], "cameras": [] });
    let fields = json!({ "account": "truc-ban", "name": "Trực ban", "role": "operator", "scope": scope });
    ask(&program, "create_account", &json!({ "fields": fields, "password": OPERATOR })).expect("an operator");
    let fields = json!({ "account": "kiem-tra", "name": "Kiểm tra", "role": "auditor",
        "scope": { "everything": true, "districts": [], "sites": [], "cameras": [] } });
    ask(&program, "create_account", &json!({ "fields": fields, "password": OPERATOR })).expect("an auditor");

    // The operator changes the first password, sees one district, and enters a login that the devices accept.
    assert!(sign_in(&program, "truc-ban", "sai").is_err());
    sign_in(&program, "truc-ban", OPERATOR).expect("let in");
    assert_eq!(state(&program), "password_due");
    let change = json!({ "old": OPERATOR, "password": CHANGED });
    ask(&program, "change_password", &change).expect("changed");
    let console = ask(&program, "load", &json!({})).expect("a console");
    let districts: Vec<_> =
        console["districts"].as_array().expect("districts").iter().map(|d| d["name"].clone()).collect();
    assert_eq!(districts, [json!(district)]);
    ask(&program, "keep_logins", &json!({ "keeping": "keychain" })).expect("a keychain");
    let login = |password: &str| json!({ "target": { "kind": "province" }, "user": province::USER, "password": password });
    let refused = ask(&program, "set_login", &login("sai")).expect("kept");
    assert_eq!(refused["accepted"], false, "{refused}");
    let accepted = ask(&program, "set_login", &login(province::PASSWORD)).expect("kept");
    assert_eq!(accepted["accepted"], true, "{accepted}");

    // Cameras of the district move; one of another district is not shown.
    let site = &list.sites[0];
    let place = |at: Value, id: &str| json!({ "wall": 0, "act": { "kind": "place", "at": at, "subject": { "kind": "site", "id": id } } });
    ask(&program, "act", &place(Value::Null, &site.id)).expect("placed");
    let cameras = list.cameras.iter().filter(|camera| camera.site == 0).count();
    program.until_live(cameras);
    let other = list.sites.iter().find(|other| other.district != *district).expect("another district");
    assert!(ask(&program, "act", &place(json!(0), &other.id)).is_err(), "nothing of it may be placed");

    // Locked: the wall goes on, controls don't.
    ask(&program, "lock", &json!({})).expect("locked");
    assert_eq!(state(&program), "locked");
    assert!(ask(&program, "act", &json!({ "wall": 0, "act": { "kind": "empty" } })).is_err());
    program.until_live(cameras);
    assert!(ask(&program, "unlock", &json!({ "password": "sai" })).is_err());
    ask(&program, "unlock", &json!({ "password": CHANGED })).expect("unlocked");

    // The auditor takes over and finds each step; the wall goes dark for somebody who may see nothing.
    let to = json!({ "account": "kiem-tra", "password": OPERATOR, "code": null });
    ask(&program, "hand_over", &to).expect("handed over");
    ask(&program, "change_password", &json!({ "old": OPERATOR, "password": format!("{CHANGED}2") }))
        .expect("changed");
    until_true("nobody watches", || desktop.viewers() == 0);
    let filter =
        json!({ "from": null, "until": null, "account": null, "kinds": [], "subject": null, "text": null });
    let page = ask(&program, "records", &json!({ "filter": filter, "before": null })).expect("records");
    let log: String = std::fs::read_dir(desktop.data("audit"))
        .expect("the log")
        .flatten()
        .filter(|file| file.path().extension().is_some_and(|ending| ending == "jsonl"))
        .map(|file| std::fs::read_to_string(file.path()).expect("a file of it"))
        .collect();
    for kind in [
        "program_started",
        "account_created",
        "inventory_imported",
        "sign_in_failed",
        "signed_in",
        "password_changed",
        "credential_set",
        "watch_began",
        "locked",
        "unlocked",
        "handed_over",
        "watch_ended",
        "audit_read",
    ] {
        assert!(log.contains(&format!("\"kind\":\"{kind}\"")), "{kind} is in the log");
    }
    assert!(page["records"].as_array().is_some_and(|records| records.len() > 10), "{page}");
    let verdict = ask(&program, "verify_records", &json!({})).expect("a verdict");
    assert_eq!(verdict["sound"], true, "{verdict}");

    // No password is in any file, in what the program said, in its arguments or its environment.
    let secrets = [FIRST, OPERATOR, CHANGED, province::PASSWORD];
    let found = desktop.folder.files_holding(&secrets);
    assert!(found.is_empty(), "{found:?}");
    for name in ["cmdline", "environ"] {
        let text = std::fs::read(format!("/proc/{}/{name}", program.id)).expect("the process");
        let text = String::from_utf8_lossy(&text);
        assert!(secrets.iter().all(|secret| !text.contains(secret)), "{name}");
    }
}

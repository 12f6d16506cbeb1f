//! From what somebody sees in a recording to a package that others check: an incident is begun with a bookmark, its
//! footage is taken out in the background, the next shift reads of it, and an administrator checks the package.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use province::recordings::SpanKind;
use province::{Profile, list};
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::desktop::hands::ENTER;
use crate::desktop::process::exists;
use crate::desktop::program::Program;
use crate::desktop::screen::save;
use crate::desktop::{Desktop, until_true};
use crate::support::words;

const TITLE: &str = "Mat trom o cong";
const CASE: &str = "../VA 12";

fn w(key: &str) -> String {
    words("vi", key)
}

pub(super) fn ask(program: &Program<'_>, command: &str, values: &Value) -> Value {
    program.invoke(command, values).unwrap_or_else(|no| panic!("{command}: {no}"))
}

/// Half an hour into the longest stretch of yesterday, in microseconds since 1970.
pub(super) fn place(desktop: &Desktop, camera: usize) -> i64 {
    let now = SystemTime::now();
    let (from, until) = (now - Duration::from_secs(48 * 3600), now - Duration::from_secs(24 * 3600));
    let held = desktop.province.recorded(camera, from, until);
    let always = held.iter().filter(|span| span.kind == SpanKind::Continuous).map(|span| &span.during);
    let longest = always.max_by_key(|during| during.end - during.start).expect("something is recorded");
    (longest.start + 30 * 60 * 1000) * 1000
}

#[test]
fn evidence_is_taken_out_by_an_operator_and_checked_by_an_administrator() {
    let desktop = Desktop::new();
    desktop.write_inventory(desktop.inventory_with_devices());
    let camera = 0;
    desktop.province.prepare_stream(camera, Profile::Main).expect("the recording is made");
    let program = desktop.start();
    desktop.screen.activate(program.window());
    let tiles = program.until_live(16);
    ask(&program, "play_role", &json!({ "role": "operator" }));
    program.until_live(16);

    let tile = tiles.iter().find(|tile| tile.camera == Some(camera)).expect("its tile");
    desktop.screen.click(tile.centre());
    ask(&program, "start_playback", &json!({ "wall": 0, "at": place(&desktop, camera) }));
    program.until_said(".playback-time", "");
    begin_incident(&desktop, &program);
    let package = take_out(&desktop, &program);
    looked_at_by_others(&package);
    let sheet = ask(&program, "handover", &json!({}));
    let left =
        sheet["left"].as_array().expect("sections").iter().find(|section| section["kind"] == "incident");
    assert!(left.expect("open incidents")["cameras"][0]["text"].as_str().expect("words").contains(TITLE));

    ask(&program, "play_role", &json!({ "role": "administrator" }));
    program.until_said("h1", &w("page_work_accounts"));
    program.go(9);
    program.click(&w("page_package_verify"));
    chosen_in_the_systems_dialog(&desktop, &program, &package);
    program.send(&w("page_package_verify"));
    program.until_said(".verdict", &w("page_package_genuine"));
    written_down(&desktop);
}

/// The dialog is GTK's: a path that is typed there is the one that is chosen.
fn chosen_in_the_systems_dialog(desktop: &Desktop, program: &Program<'_>, package: &Path) {
    // A path that a keyboard without Vietnamese has keys for.
    let path = desktop.data("package-to-check");
    std::os::unix::fs::symlink(package, &path).expect("a link");
    program.click(&w("page_choose_folder"));
    let title = w("choose_folder");
    let dialog = || desktop.screen.windows().into_iter().find(|(_, name)| *name == title);
    until_true("the system's dialog", || dialog().is_some());
    desktop.screen.activate(dialog().expect("the dialog").0);
    desktop.screen.type_text(&path.display().to_string());
    save(&desktop.screen.look(), "choosing");
    desktop.screen.press(ENTER);
    let value = "return document.querySelector('input[name=path]').value";
    until_true("the path", || program.run(value) == json!(path.display().to_string()));
}

/// What a killed program leaves is no package; what goes on from it is one, and lacks nothing.
#[test]
fn an_export_that_was_killed_goes_on_after_the_next_start() {
    let desktop = Desktop::new();
    desktop.write_inventory(desktop.inventory_with_devices());
    desktop.province.prepare_stream(0, Profile::Main).expect("the recording is made");
    let from = place(&desktop, 0);
    let until = from + 240_000_000;
    let program = desktop.start();
    let camera = ask(&program, "load", &json!({}))["desk"]["walls"][0]["slots"][0]["camera"].clone();
    let stretch = json!({ "camera": camera, "period": { "from": from, "until": until } });
    let fields = json!({ "incident": null, "stretches": [stretch], "case_number": "", "reason": "x", "folder": "",
        "name": "CON", "viewing": false, "masks": [] });
    let export = ask(&program, "begin_export", &json!({ "fields": fields }));
    until_true("the beginning is kept", || {
        desktop.saved("exports.json")["exports"][0]["partial"].is_string()
    });
    program.signal(Signal::KILL);
    until_true("the end of the program", || !exists(program.id));
    drop(program);
    let folder = desktop.data("documents").join(w("file_evidence"));
    let names = || -> Vec<String> {
        let entries = std::fs::read_dir(&folder).expect("the usual folder").flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    };
    assert_eq!(names(), ["_CON.partial"]);

    let program = desktop.start();
    let state = || ask(&program, "exports", &json!({}))["exports"][0]["state"].clone();
    assert_eq!(state(), "interrupted");
    ask(&program, "resume_export", &json!({ "id": export, "leaveGaps": false }));
    until_true("the whole package", || state() == "complete");
    assert_eq!(names(), ["_CON"]);
    let path = folder.join("_CON").display().to_string();
    let verdict = ask(&program, "verify_package", &json!({ "path": path, "passphrase": null }));
    assert_eq!(verdict["proof"], "genuine", "{verdict}");
    let manifest = std::fs::read_to_string(folder.join("_CON/manifest.json")).expect("a manifest");
    let manifest: Value = serde_json::from_str(&manifest).expect("JSON");
    let (source, file) = (&manifest["cameras"][0], &manifest["cameras"][0]["files"]);
    assert_eq!(source["gaps"], json!([]), "nothing is missing");
    assert_eq!(file.as_array().map(Vec::len), Some(1), "one file went on");
    assert_eq!(file[0]["interruptions"], 0);
}

const FIRST: &str = "Canary-Mot-Hai-2026!";
const OWN: &str = "Canary-Ba-Bon-2026?";
const PASSPHRASE: &str = "ba con cho gia";

/// Somebody signs in for the first time, and keeps a login for the devices.
fn comes(program: &Program<'_>, account: &str) {
    ask(program, "sign_in", &json!({ "account": account, "password": FIRST, "code": null }));
    ask(program, "change_password", &json!({ "old": FIRST, "password": OWN }));
    ask(program, "keep_logins", &json!({ "keeping": "password_file" }));
    let (user, password) = (province::USER, province::PASSWORD);
    let target = json!({ "kind": "province" });
    ask(program, "set_login", &json!({ "target": target, "user": user, "password": password }));
}

#[test]
fn what_is_taken_out_goes_out_when_a_second_person_has_released_it() {
    let desktop = Desktop::new();
    desktop.province.prepare_stream(0, Profile::Main).expect("the recording is made");
    let program = Program::start_real(&desktop, &[]);
    let first = json!({ "account": "quan-tri", "name": "Quản trị", "password": OWN });
    ask(&program, "create_first_account", &first);
    let content = BASE64.encode(desktop.inventory_with_devices().to_string().as_bytes());
    let options = json!({ "template": null, "name": null });
    let list = json!({ "name": "tinh.json", "content": content, "options": options });
    let preview = ask(&program, "preview_import", &list);
    ask(&program, "apply_import", &json!({ "token": preview["token"] }));
    ask(&program, "set_four_eyes", &json!({ "fourEyes": true }));
    for (account, role) in [("an", "operator"), ("binh", "supervisor")] {
        let scope = json!({ "everything": true, "districts": [], "sites": [], "cameras": [] });
        let fields = json!({ "account": account, "name": account, "role": role, "scope": scope,
            "second_factor_required": false });
        ask(&program, "create_account", &json!({ "fields": fields, "password": FIRST }));
    }
    ask(&program, "sign_out", &json!({}));

    comes(&program, "an");
    let from = place(&desktop, 0);
    let district = &ask(&program, "load", &json!({}))["districts"][0];
    let camera = district["sites"][0]["recorders"][0]["cameras"][0]["id"].clone();
    let stretch = json!({ "camera": camera, "period": { "from": from, "until": from + 10_000_000 } });
    let fields = json!({ "incident": null, "stretches": [stretch], "case_number": "VA 1", "reason": "x",
        "folder": desktop.folder.file("").display().to_string(), "name": "hai nguoi", "viewing": true,
        "masks": [{ "camera": camera, "masks": [{ "x": 0, "y": 0, "width": 250, "height": 250, "look": "black" }] }] });
    let still = ask(&program, "footage_still", &json!({ "camera": camera, "at": from }));
    assert!(still["image"].as_str().expect("a picture").starts_with("data:image/jpeg;base64,/9j/"));
    let id = ask(&program, "begin_export", &json!({ "fields": fields }));
    let state = || ask(&program, "exports", &json!({}))["exports"][0].clone();
    until_true("the package", || state()["state"] == "complete");
    let path = state()["path"].as_str().expect("a path").to_owned();
    has_a_copy(&PathBuf::from(&path));
    let verify = |path: &str, passphrase: Value| {
        program.invoke("verify_package", &json!({ "path": path, "passphrase": passphrase }))
    };
    let release = json!({ "id": id, "remark": "Đã xem" });
    let seal = json!({ "id": id, "passphrase": PASSPHRASE });
    assert!(program.invoke("release_package", &release).is_err(), "nobody releases their own");
    assert!(program.invoke("seal_package", &seal).is_err(), "nothing is sealed before it is released");
    ask(&program, "sign_out", &json!({}));

    comes(&program, "binh");
    ask(&program, "release_package", &release);
    assert!(program.invoke("release_package", &release).is_err(), "once is enough");
    assert_eq!(state()["released_by"], "binh");
    assert!(program.invoke("seal_package", &json!({ "id": id, "passphrase": "short" })).is_err());
    let sealed = ask(&program, "seal_package", &seal);
    let sealed = sealed.as_str().expect("a path").to_owned();
    assert!(verify(&sealed, Value::Null).is_err());
    assert!(verify(&sealed, json!("ba con cho tre")).is_err(), "another passphrase");
    assert_eq!(verify(&sealed, json!(PASSPHRASE)).expect("opened")["proof"], "unknown_key");
    ask(&program, "sign_out", &json!({}));

    ask(&program, "sign_in", &json!({ "account": "quan-tri", "password": OWN, "code": null }));
    let keys = ask(&program, "evidence_policy", &json!({}))["keys"].clone();
    let owners: Vec<&Value> = keys.as_array().expect("keys").iter().map(|key| &key["owner"]).collect();
    assert_eq!(owners, ["an", "binh"], "each signs with a key of their own");
    for key in keys.as_array().expect("keys") {
        let enrol = json!({ "key": key["key"], "owner": key["owner"], "enrolled": true });
        ask(&program, "enrol_evidence_key", &enrol);
    }
    assert_eq!(verify(&path, Value::Null).expect("checked")["proof"], "genuine");
    std::fs::write(PathBuf::from(&path).join("them.txt"), "x").expect("a file");
    assert_eq!(verify(&path, Value::Null).expect("checked")["proof"], "damaged");
}

/// A copy to be looked at lies beside the footage, and the tool on the command line says what it is.
fn has_a_copy(package: &PathBuf) {
    let manifest = std::fs::read_to_string(package.join("manifest.json")).expect("a manifest");
    let manifest: Value = serde_json::from_str(&manifest).expect("JSON");
    let attached = manifest["attachments"].as_array().expect("attachments");
    let copy = attached.iter().find(|each| each["kind"] == "viewing-copy").expect("a copy");
    assert_eq!(copy["copy"]["masks"][0]["width"], 250);
    assert_eq!(copy["copy"]["original"], manifest["cameras"][0]["files"][0]["name"]);
    let name = copy["name"].as_str().expect("a name");
    let probe = Command::new("ffprobe")
        .args(["-v", "error", "-show_entries", "stream=codec_name", "-of", "csv=p=0"])
        .arg(package.join(name))
        .output()
        .expect("the ffprobe command runs");
    assert_eq!(String::from_utf8_lossy(&probe.stdout).trim(), "h264");
    let report = attached.iter().find(|each| each["kind"] == "report").expect("a report");
    let report = package.join(report["name"].as_str().expect("a name"));
    let report = std::fs::read_to_string(report).expect("a report");
    let hash = copy["sha256"].as_str().expect("a hash");
    assert!(report.contains(hash) && report.contains(&w("report_copies_note")), "{report}");
    let checked = Command::new(crate::support::program("watchwall")).arg("verify").arg(package).output();
    let said = String::from_utf8_lossy(&checked.expect("the program").stdout).into_owned();
    assert!(said.contains(&format!("{name}: bản xem của")), "{said}");
}

/// By a key on the wall, in words, with an incident that is begun for it.
fn begin_incident(desktop: &Desktop, program: &Program<'_>) {
    const NEW: &str = "const list = document.querySelector('[role=dialog] [name=incident]');
        if (!list) return false;
        Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set.call(list, 'new');
        list.dispatchEvent(new Event('change', { bubbles: true }));
        return true;";
    program.press_on_wall(b'd');
    program.fill("[role=dialog] [name=words]", "Nguoi ao do");
    until_true("the list of incidents", || program.run(NEW) == true);
    program.fill("[role=dialog] [name=title]", TITLE);
    program.fill("[role=dialog] [name=case]", CASE);
    program.send(&w("page_keep"));
    until_true("the bookmark", || program.count("[role=dialog]", "") == 0);
    program.go(9);
    desktop.screen.click(program.find(".incident-row", TITLE));
    program.until_said(".incident-detail td", "");
}

/// Gives the package's folder.
fn take_out(desktop: &Desktop, program: &Program<'_>) -> PathBuf {
    desktop
        .screen
        .click(program.find(".incident-detail .incident-actions button", &w("page_export_footage")));
    program.fill("[role=dialog] [name=reason]", "Theo yeu cau cua cong an");
    program.send(&w("page_export_check"));
    program.until_said(".export-held", &w("page_export_recorded_all"));
    program.send(&w("page_export_begin"));
    program.until_said(".export-state", &w("page_export_complete"));
    let folder = desktop.data("documents").join(w("file_evidence"));
    let packages: Vec<PathBuf> =
        std::fs::read_dir(&folder).expect("the usual folder").flatten().map(|entry| entry.path()).collect();
    let [package] = &packages[..] else { panic!("{packages:?}") };
    package.clone()
}

/// The tool on the command line says the same; `ffprobe` plays it; report and still are part of it.
fn looked_at_by_others(package: &PathBuf) {
    let checked = Command::new(crate::support::program("watchwall")).arg("verify").arg(package).output();
    let checked = checked.expect("the program");
    assert_eq!(checked.status.code(), Some(3), "unchanged, by a key that nobody has named");
    let manifest = std::fs::read_to_string(package.join("manifest.json")).expect("a manifest");
    let manifest: Value = serde_json::from_str(&manifest).expect("JSON");
    let source = &manifest["cameras"][0]["source"];
    assert_eq!(source["name"], json!(list().cameras[0].name));
    let file = manifest["cameras"][0]["files"][0]["name"].as_str().expect("a file");
    let probe = Command::new("ffprobe")
        .args(["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0"])
        .arg(package.join(file))
        .output()
        .expect("the ffprobe command runs");
    let seconds: f64 = String::from_utf8_lossy(&probe.stdout).trim().parse().expect("a duration");
    assert!((60.0..80.0).contains(&seconds), "half a minute on both sides: {seconds}");
    assert_eq!(manifest["stills"].as_array().map(Vec::len), Some(1));
    let report = manifest["attachments"][0]["name"].as_str().expect("a report");
    let report = std::fs::read_to_string(package.join(report)).expect("a report");
    let still = manifest["stills"][0]["name"].as_str().expect("a still");
    for part in [TITLE, CASE, "Nguoi ao do", still, "Theo yeu cau cua cong an", "<svg"] {
        assert!(report.contains(part), "{part}");
    }
}

fn written_down(desktop: &Desktop) {
    let log: String = std::fs::read_dir(desktop.data("audit"))
        .expect("the log")
        .flatten()
        .filter(|file| file.path().extension().is_some_and(|ending| ending == "jsonl"))
        .map(|file| std::fs::read_to_string(file.path()).expect("a file of it"))
        .collect();
    for kind in ["incident_began", "bookmark_set", "export_began", "exported", "package_verified"] {
        assert!(log.contains(&format!("\"kind\":\"{kind}\"")), "{kind} is in the log");
    }
    let kept = desktop.saved("incidents.json").to_string();
    assert!(kept.contains("\"verified\""), "the chain of custody goes on: {kept}");
}

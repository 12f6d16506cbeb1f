//! What a role may not do, the program refuses, whatever the page asks: each command is tried in each role, past the page.

use serde_json::{Value, json};

use crate::desktop::Desktop;
use crate::support::words;

/// Each command that needs a right, with arguments, and who may: administrator, supervisor, operator, viewer, auditor.
/// What is allowed may still fail for another reason, but not for lack of rights.
fn commands() -> Vec<(&'static str, Value, &'static str)> {
    let filter =
        json!({ "from": null, "until": null, "account": null, "kinds": [], "subject": null, "text": null });
    let fields = json!({ "account": "ai", "name": "Ai", "role": "viewer",
        "scope": { "everything": true, "districts": [], "sites": [], "cameras": [] },
        "second_factor_required": false });
    let options = json!({ "template": null, "name": null });
    let tour = json!({ "id": null, "name": "t", "shared": false, "stops": [] });
    let shared = json!({ "id": null, "name": "t", "shared": true, "stops": [] });
    let target = json!({ "kind": "province" });
    let site = "rach-gia/khoa-noi-b-cu";
    let camera = "none";
    let incident = json!({ "id": null, "title": "", "case_number": "", "everyone": false, "accounts": [],
        "stretches": [] });
    let bookmark = json!({ "id": null, "cameras": [], "period": { "from": 0, "until": 0 }, "words": "",
        "incident": null });
    let export = json!({ "incident": null, "stretches": [], "case_number": "", "reason": "", "folder": "",
        "name": "", "viewing": false, "masks": [] });
    let turn = json!({ "kind": "turn", "pan": 0.0, "tilt": 0.0, "zoom": 0.0 });
    vec![
        ("act", json!({ "wall": 0, "act": { "kind": "select", "at": null } }), "-yyy-"),
        ("undo", json!({}), "-yyy-"),
        ("redo", json!({}), "-yyy-"),
        ("open_wall", json!({ "monitor": "none" }), "-yyy-"),
        ("move_wall", json!({ "wall": 9, "monitor": "none" }), "-yyy-"),
        ("close_wall", json!({ "wall": 9 }), "-yyy-"),
        ("saved", json!({}), "-yyy-"),
        ("save_layout", json!({ "wall": 0, "name": "a", "shared": false }), "-yyy-"),
        ("save_layout", json!({ "wall": 0, "name": "b", "shared": true }), "-y---"),
        ("rename_layout", json!({ "id": "999", "name": "a", "shared": false }), "-yyy-"),
        ("open_layout", json!({ "wall": 0, "id": "999" }), "-yyy-"),
        ("remove_layout", json!({ "id": "999" }), "-yyy-"),
        ("save_tour", json!({ "fields": tour }), "-yyy-"),
        ("save_tour", json!({ "fields": shared }), "-y---"),
        ("remove_tour", json!({ "id": "999" }), "-yyy-"),
        ("start_tour", json!({ "wall": 0, "id": "999" }), "-yyy-"),
        ("pause_tour", json!({ "wall": 0, "paused": true }), "-yyy-"),
        ("stop_tour", json!({ "wall": 0 }), "-yyy-"),
        ("views", json!({}), "-yyy-"),
        ("keep_view", json!({ "wall": 0, "at": 9999, "name": "a" }), "-yyy-"),
        ("remove_view", json!({ "camera": "none", "id": "9" }), "-yyy-"),
        ("set_lens", json!({ "camera": "none", "lens": null }), "-y---"),
        ("accounts", json!({}), "y----"),
        ("create_account", json!({ "fields": fields, "password": "x" }), "y----"),
        ("change_account", json!({ "fields": fields }), "y----"),
        ("set_account_disabled", json!({ "account": "ai", "disabled": true }), "y----"),
        ("reset_password", json!({ "account": "ai", "password": "x" }), "y----"),
        ("release_account", json!({ "account": "ai" }), "y----"),
        ("logins", json!({}), "yyyy-"),
        ("keep_logins", json!({ "keeping": "not_chosen" }), "yyyy-"),
        ("remove_login", json!({ "target": target }), "yyyy-"),
        ("stock_state", json!({}), "y----"),
        ("preview_import", json!({ "name": "a.csv", "content": "", "options": options }), "y----"),
        ("apply_import", json!({ "token": 0 }), "y----"),
        ("export_stock", json!({ "format": "csv" }), "y----"),
        ("set_stock_source", json!({ "source": null }), "y----"),
        ("fetch_stock", json!({}), "y----"),
        ("enrol_key", json!({ "key": "none" }), "y----"),
        ("make_signing_key", json!({}), "y----"),
        ("mark_zone", json!({ "mark": { "site": site, "zone": "green" } }), "yy---"),
        ("find_devices", json!({ "addresses": "?" }), "y----"),
        ("meet_device", json!({ "address": "?", "user": "", "password": "" }), "y----"),
        (
            "enrol_device",
            json!({ "enrolment": { "token": 0, "site": null, "site_name": "", "district": "", "name": "", "sends_mbps": null, "viewers": null, "channels": [] } }),
            "y----",
        ),
        ("sharing", json!({}), "y----"),
        ("set_sharing", json!({ "fields": {} }), "y----"),
        ("records", json!({ "filter": filter, "before": null }), "----y"),
        ("watched", json!({ "filter": filter }), "----y"),
        ("verify_records", json!({}), "----y"),
        ("export_records", json!({ "filter": filter, "format": "syslog" }), "----y"),
        ("board", json!({}), "yyyy-"),
        ("handover", json!({}), "-yyy-"),
        ("steer_look_at", json!({ "cameras": [camera] }), "yyy--"),
        ("steer_push", json!({ "camera": camera, "push": turn }), "-yy--"),
        ("steer", json!({ "camera": camera, "errand": { "kind": "end_tour" } }), "-yy--"),
        ("steer_to", json!({ "wall": 9, "at": 0, "from": { "x": 0.5, "y": 0.5 }, "to": null }), "-yy--"),
        ("preset_still", json!({ "camera": camera, "token": "1" }), "-yyy-"),
        ("listen", json!({ "camera": camera }), "-yyy-"),
        ("talk", json!({ "camera": camera }), "-yy--"),
        ("start_playback", json!({ "wall": 9, "at": 0 }), "-yy--"),
        ("play", json!({ "wall": 9, "act": { "kind": "pause" } }), "-yy--"),
        ("end_playback", json!({ "wall": 9 }), "-yy--"),
        ("playback", json!({}), "-yy--"),
        ("recorded", json!({ "camera": camera, "period": { "from": 0, "until": 1 } }), "-yy--"),
        (
            "recorded_days",
            json!({ "camera": camera, "days": [{ "from": 0, "until": 1 }], "thorough": false }),
            "-yy--",
        ),
        ("recorded_picture", json!({ "wall": 9, "camera": camera, "at": 0, "withinMs": 1000 }), "-yy--"),
        (
            "search_motion",
            json!({ "wall": 9, "fields": { "camera": camera, "period": { "from": 0, "until": 1 }, "area": [],
                "sensitivity": "medium" } }),
            "-yy--",
        ),
        ("end_motion_search", json!({ "wall": 9, "forget": true }), "-yy--"),
        ("motion_searches", json!({}), "-yy--"),
        ("motion_still", json!({ "wall": 9, "camera": camera }), "-yy--"),
        ("motion_picture", json!({ "wall": 9, "number": 1, "hit": 0 }), "-yy--"),
        ("incidents", json!({}), "-yy--"),
        ("save_incident", json!({ "fields": incident }), "-yy--"),
        ("close_incident", json!({ "id": "999", "closed": true }), "-yy--"),
        ("note_incident", json!({ "id": "999", "text": "x" }), "-yy--"),
        ("save_bookmark", json!({ "fields": bookmark }), "-yy--"),
        ("remove_bookmark", json!({ "id": "999" }), "-yy--"),
        ("incident_report", json!({ "id": "999" }), "-yy--"),
        ("exports", json!({}), "yyy-y"),
        ("preflight_export", json!({ "fields": export }), "-yy--"),
        ("begin_export", json!({ "fields": export }), "-yy--"),
        ("footage_still", json!({ "camera": camera, "at": 0 }), "-yy--"),
        ("safe", json!({}), "yyy--"),
        ("keep_bookmark", json!({ "id": "999" }), "-yy--"),
        ("keep_bookmark_again", json!({ "id": "999" }), "-yy--"),
        ("drop_bookmark_copy", json!({ "id": "999" }), "-yy--"),
        ("set_safe_limit", json!({ "limit": 1 }), "y----"),
        ("stop_export", json!({ "id": "999", "remove": false }), "-yy--"),
        ("resume_export", json!({ "id": "999", "leaveGaps": false }), "-yy--"),
        ("seal_package", json!({ "id": "999", "passphrase": "x" }), "-yy--"),
        ("release_package", json!({ "id": "999", "remark": "" }), "-yy--"),
        ("verify_package", json!({ "path": "none", "passphrase": null }), "yyy-y"),
        ("choose_path", json!({ "what": "folder", "at": "none" }), "yyy-y"),
        ("evidence_policy", json!({}), "yyy-y"),
        ("set_four_eyes", json!({ "fourEyes": false }), "y----"),
        ("enrol_evidence_key", json!({ "key": "none", "owner": "", "enrolled": true }), "y----"),
        ("device_notices", json!({}), "-yyy-"),
        ("acknowledge_notices", json!({ "lines": [] }), "-yyy-"),
        ("event_rules", json!({}), "-yyy-"),
        ("set_event_rules", json!({ "book": { "rules": [], "quiet": [] } }), "-y---"),
    ]
}

const ROLES: [&str; 5] = ["administrator", "supervisor", "operator", "viewer", "auditor"];

#[test]
fn each_command_is_refused_to_each_role_that_may_not() {
    let desktop = Desktop::new();
    let program = desktop.start();
    program.until_live(16);
    let ask = |command: &str, values: &Value| -> String {
        match program.invoke(command, values) {
            Ok(_) => "done".to_owned(),
            Err(refused) => refused["title"].as_str().map_or_else(|| refused.to_string(), str::to_owned),
        }
    };
    let denied = words("vi", "denied_no_right").replace("{action}", "");
    let denied = denied.trim();
    let mut wrong = Vec::new();
    for (index, role) in ROLES.iter().enumerate() {
        assert_eq!(ask("play_role", &json!({ "role": role })), "done");
        for (command, values, who) in commands() {
            let may = who.as_bytes()[index] == b'y';
            let said = ask(command, &values);
            if said.starts_with(denied) == may {
                wrong.push(format!("{role}, {command}: {said}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");

    // What was refused is in the log, and the log is sound.
    assert_eq!(ask("play_role", &json!({ "role": "auditor" })), "done");
    let verify = std::process::Command::new(crate::support::program("watchwall"))
        .args(["verify-records", &desktop.data("audit").display().to_string()])
        .output()
        .expect("the program");
    assert!(verify.status.success(), "{}", String::from_utf8_lossy(&verify.stdout));
    let log = std::fs::read_dir(desktop.data("audit")).expect("the log").flatten();
    let log: String = log
        .filter(|file| file.path().extension().is_some_and(|ending| ending == "jsonl"))
        .map(|file| std::fs::read_to_string(file.path()).expect("a file of it"))
        .collect();
    let count = log.matches("\"rights_denied\"").count();
    assert!(count > 100, "{count} refusals written down");
}

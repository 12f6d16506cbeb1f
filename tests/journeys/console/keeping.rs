//! Marked footage is kept on this machine: a killed program goes on with it, nothing is called kept before it is whole, and
//! an export has it from here when the recorder is gone.

use std::path::{Path, PathBuf};
use std::process::Command;

use province::{Profile, list};
use rustix::process::Signal;
use serde_json::{Value, json};

use super::evidence::{ask, place};
use crate::desktop::process::exists;
use crate::desktop::program::Program;
use crate::desktop::{Desktop, until_true};

const CAMERA: usize = 0;
const SECONDS: i64 = 60;

/// The bookmark, and what it marks.
fn mark(desktop: &Desktop, program: &Program<'_>) -> (Value, Value) {
    let from = place(desktop, CAMERA);
    let period = json!({ "from": from, "until": from + SECONDS * 1_000_000 });
    let camera = ask(program, "load", &json!({}))["desk"]["walls"][0]["slots"][0]["camera"].clone();
    let fields =
        json!({ "id": null, "cameras": [camera], "period": period, "words": "Áo đỏ", "incident": null });
    let bookmark = ask(program, "save_bookmark", &json!({ "fields": fields }));
    (bookmark, json!({ "camera": camera, "period": period }))
}

fn copy(program: &Program<'_>) -> Value {
    ask(program, "safe", &json!({}))["copies"][0].clone()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn marked_footage_is_kept_through_a_kill_and_is_there_when_the_recorder_is_not() {
    let desktop = Desktop::new();
    desktop.write_inventory(desktop.inventory_with_devices());
    desktop.province.prepare_stream(CAMERA, Profile::Main).expect("the recording is made");
    let program = desktop.start();
    ask(&program, "play_role", &json!({ "role": "operator" }));
    let (bookmark, stretch) = mark(&desktop, &program);
    ask(&program, "keep_bookmark", &json!({ "id": bookmark }));
    let overwritten =
        copy(&program)["overwritten_at"].as_f64().expect("its recorder says how far it reaches");
    let marked = stretch["period"]["from"].as_f64().expect("a time") / 1000.0;
    assert!(overwritten > marked + 10.0 * 86_400_000.0, "it reaches back two weeks");
    assert!(program.invoke("keep_bookmark", &json!({ "id": bookmark })).is_err(), "once is enough");
    assert!(
        program.invoke("remove_bookmark", &json!({ "id": bookmark })).is_err(),
        "what is kept stays marked"
    );
    until_true("the first footage", || copy(&program)["bytes"].as_f64() > Some(200_000.0));
    program.signal(Signal::KILL);
    until_true("the end of the program", || !exists(program.id));
    drop(program);
    let folder = desktop.data("safe");
    let [left] = &names(&folder)[..] else { panic!("{:?}", names(&folder)) };
    assert!(left.ends_with(".partial"), "{left}");
    assert_eq!(desktop.saved("safe.json")["copies"][0]["state"], "waiting", "it is not called kept");

    let program = desktop.start();
    ask(&program, "play_role", &json!({ "role": "operator" }));
    until_true("what is kept", || copy(&program)["state"] == "kept");
    let [name] = &names(&folder)[..] else { panic!("{:?}", names(&folder)) };
    let checked =
        Command::new(crate::support::program("watchwall")).arg("verify").arg(folder.join(name)).output();
    assert_eq!(
        checked.expect("the program").status.code(),
        Some(3),
        "unchanged, by a key that nobody has named"
    );

    let recorder = list().cameras[CAMERA].recorder;
    desktop.province.stop_recorder(recorder);
    let package = taken_out(&program, &stretch);
    let manifest = std::fs::read_to_string(package.join("manifest.json")).expect("a manifest");
    let manifest: Value = serde_json::from_str(&manifest).expect("JSON");
    let camera = &manifest["cameras"][0];
    assert_eq!(camera["gaps"], json!([]), "nothing is missing");
    assert!(camera["kept"][0]["manifest"].is_string(), "{camera}");

    is_played(&program, &stretch);

    ask(&program, "drop_bookmark_copy", &json!({ "id": bookmark }));
    assert!(names(&folder).is_empty(), "{:?}", names(&folder));
    ask(&program, "remove_bookmark", &json!({ "id": bookmark }));
    let log: String = std::fs::read_dir(desktop.data("audit"))
        .expect("the log")
        .flatten()
        .filter_map(|file| std::fs::read_to_string(file.path()).ok())
        .collect();
    for kind in ["footage_keeping_asked", "footage_kept", "kept_footage_removed"] {
        assert!(log.contains(&format!("\"kind\":\"{kind}\"")), "{kind} is in the log");
    }
}

/// On a wall and its time line what is kept stands where the recorder would have it.
fn is_played(program: &Program<'_>, stretch: &Value) {
    let camera = &stretch["camera"];
    let at = stretch["period"]["from"].as_i64().expect("a time") + SECONDS * 500_000;
    ask(program, "start_playback", &json!({ "wall": 0, "at": at }));
    until_true("a picture of the place", || {
        let walls = ask(program, "playback", &json!({}));
        let cameras = walls[0]["cameras"].as_array().expect("cameras");
        let own = cameras.iter().find(|own| own["camera"] == *camera).expect("it is played");
        let shown = own["shown"].as_i64().filter(|_| own["standing"] == "shown");
        shown.is_some_and(|shown| (0..200_000).contains(&(at - shown)))
    });
    let spans = ask(program, "recorded", &json!({ "camera": camera, "period": stretch["period"] }));
    let covers = |span: &Value| {
        let end = |end: &str| span["period"][end].as_i64().expect("a time");
        end("from") <= at && at < end("until")
    };
    assert!(spans.as_array().expect("spans").iter().any(covers), "{spans}");
    ask(program, "end_playback", &json!({ "wall": 0 }));
}

/// Who plays goes first, also before a copy that is on its way.
#[test]
fn a_copy_gives_way_to_who_plays_at_its_site_and_goes_on_afterwards() {
    let desktop = Desktop::new();
    desktop.write_inventory(desktop.inventory_with_devices());
    desktop.province.prepare_stream(CAMERA, Profile::Main).expect("the recording is made");
    let program = desktop.start();
    ask(&program, "play_role", &json!({ "role": "operator" }));
    program.until_live(16);
    let (bookmark, stretch) = mark(&desktop, &program);
    ask(&program, "keep_bookmark", &json!({ "id": bookmark }));
    until_true("the first footage", || copy(&program)["bytes"].as_f64() > Some(200_000.0));
    ask(&program, "start_playback", &json!({ "wall": 0, "at": stretch["period"]["from"] }));
    until_true("the copy waits", || copy(&program)["state"] == "waiting");
    assert_eq!(copy(&program)["text"], json!(crate::support::words("vi", "safe_waits_line")));
    assert!(names(&desktop.data("safe")).iter().all(|name| name.ends_with(".partial")));
    ask(&program, "end_playback", &json!({ "wall": 0 }));
    until_true("what is kept", || copy(&program)["state"] == "kept");
}

fn taken_out(program: &Program<'_>, stretch: &Value) -> PathBuf {
    let fields = json!({ "incident": null, "stretches": [stretch], "case_number": "", "reason": "x", "folder": "",
        "name": "tu ban giu", "viewing": false, "masks": [] });
    ask(program, "begin_export", &json!({ "fields": fields }));
    let export = || ask(program, "exports", &json!({}))["exports"][0].clone();
    until_true("the package", || export()["state"] == "complete");
    PathBuf::from(export()["path"].as_str().expect("a path"))
}

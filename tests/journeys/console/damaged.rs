//! Files that something has damaged: the program starts all the same, says so, and loses nothing.

use serde_json::{Value, json};

use crate::desktop::{Desktop, process, until, until_true};
use crate::support::words;

/// The walls of a desk with one wall of `cells`.
fn desk(cells: &Value, slots: &Value) -> Value {
    let layout = json!({ "columns": [1], "rows": [1], "cells": cells });
    let wall = json!({
        "id": 0, "monitor": null, "layout": layout, "slots": slots,
        "page": 0, "selected": null, "enlarged": null, "turning": null,
    });
    json!({ "version": 1, "kind": "walls", "content": { "walls": [wall] } })
}

/// What may happen to a file; the sound one is given.
fn damages(sound: &str) -> Vec<(&'static str, String)> {
    let cell = json!({ "column": 0, "row": 0, "columns": 1, "rows": 1 });
    let climbing = json!([{ "camera": "../../etc/passwd", "fit": "fit", "turn": 7 }]);
    let wrong = sound.replace("\"page\":0", "\"page\":\"first\"");
    assert_ne!(wrong, sound);
    let million = desk(&Value::Array(vec![cell.clone(); 1_000_000]), &json!([]));
    vec![
        ("truncated", sound[..sound.len() / 2].to_owned()),
        ("of wrong types", wrong),
        ("with a million tiles", million.to_string()),
        ("with paths", desk(&json!([cell]), &climbing).to_string()),
    ]
}

#[test]
fn a_damaged_file_is_named_kept_aside_and_replaced_by_the_last_good_one() {
    let desktop = Desktop::new();
    let program = desktop.start();
    program.until_live(16);
    program.press_on_wall(b'3');
    program.until_live(9);
    let nine = || desktop.saved("walls.json")["walls"][0]["layout"]["cells"][8].is_object();
    until_true("it is saved", nine);
    end(&desktop, program);
    let sound = std::fs::read_to_string(desktop.data("walls.json")).expect("the saved walls");

    for (what, damaged) in damages(&sound) {
        let _ = std::fs::remove_file(desktop.data("walls.damaged"));
        std::fs::write(desktop.data("walls.json"), &damaged).expect("a file");
        std::fs::write(desktop.data("walls.last-good"), &sound).expect("a file");
        let program = desktop.start();
        until_told(&desktop, &program, "file_damaged", &words("vi", "file_last_good"));
        program.until_live(9);
        let aside = std::fs::read_to_string(desktop.data("walls.damaged"));
        assert!(aside.is_ok_and(|aside| aside == damaged), "the file {what} is kept as it was");
        end(&desktop, program);
    }

    let newer = sound.replace("\"version\":1", "\"version\":2");
    assert_ne!(newer, sound);
    std::fs::write(desktop.data("walls.json"), &newer).expect("a file");
    std::fs::remove_file(desktop.data("walls.last-good")).expect("the last good one");
    let program = desktop.start();
    until_told(&desktop, &program, "file_newer", &words("vi", "file_fresh"));
    program.until_live(16);
    assert_eq!(std::fs::read_to_string(desktop.data("walls.json")).expect("the file"), newer);
    program.press_on_wall(b'3');
    let aside =
        until("the newer file's copy", || std::fs::read_to_string(desktop.data("walls.version-2")).ok());
    assert_eq!(aside, newer);
    until_true("what is new is saved", nine);
}

fn until_told(desktop: &Desktop, program: &crate::desktop::program::Program<'_>, title: &str, detail: &str) {
    let path = desktop.data("walls.json").display().to_string();
    let title = words("vi", title).replace("{path}", &path);
    until_true(&title, || program.count(".toast", &title) == 1 && program.count(".toast", detail) == 1);
    // It lies over a corner of the wall until somebody has seen it.
    program.click(&words("vi", "page_dismiss"));
}

fn end(desktop: &Desktop, program: crate::desktop::program::Program<'_>) {
    let family = process::family(program.id);
    desktop.screen.close(program.window());
    program.until_ended(&family);
}

//! A camera is turned by hand, and stands still whatever becomes of the hand.

use std::time::{Duration, Instant};

use image::RgbImage;
use province::{Movement, Pose, list};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::desktop::hands::RIGHT;
use crate::desktop::program::{Program, Tile};
use crate::desktop::screen::save;
use crate::desktop::{Desktop, until_true};

/// A tile whose camera turns.
fn turning(program: &Program<'_>) -> (Tile, usize) {
    let turns = |tile: Tile| {
        let camera = tile.camera?;
        (list().cameras[camera].movement == Movement::PanTiltZoom).then_some((tile, camera))
    };
    program.tiles().into_iter().find_map(turns).expect("a camera that turns on the first wall")
}

/// The camera is steered.
fn steer(desktop: &Desktop, program: &Program<'_>) -> usize {
    let (tile, camera) = turning(program);
    desktop.screen.click(tile.centre());
    program.press_on_wall(b'v');
    program.until_said(".ptz", "");
    camera
}

fn pose(desktop: &Desktop, camera: usize) -> Pose {
    desktop.province.pose(camera).expect("a camera with motors")
}

fn until_moving(desktop: &Desktop, camera: usize) {
    until_true("a movement", || desktop.province.is_moving(camera));
}

fn until_still(desktop: &Desktop, camera: usize) -> Duration {
    let since = Instant::now();
    until_true("the camera stands still", || !desktop.province.is_moving(camera));
    since.elapsed()
}

#[test]
fn a_camera_turns_under_a_held_key_and_stands_still_without_it() {
    let desktop = Desktop::new();
    desktop.write_inventory(desktop.inventory_with_devices());
    let program = desktop.start();
    program.until_live(16);
    let camera = steer(&desktop, &program);
    let before = pose(&desktop, camera);

    desktop.screen.hold(RIGHT);
    until_true("it turns", || pose(&desktop, camera).pan != before.pan);
    desktop.screen.let_go(RIGHT);
    until_still(&desktop, camera);
    let after = pose(&desktop, camera);
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(pose(&desktop, camera).pan, after.pan, "it has stopped for good");

    // Another window takes the keys while one is held: nobody hears it go up.
    desktop.screen.hold(RIGHT);
    until_moving(&desktop, camera);
    desktop.screen.minimise(program.window());
    until_still(&desktop, camera);
    desktop.screen.let_go(RIGHT);
}

#[test]
fn a_camera_stands_still_after_the_program_was_killed() {
    let desktop = Desktop::new();
    desktop.write_inventory(desktop.inventory_with_devices());
    let program = desktop.start();
    program.until_live(16);
    let camera = steer(&desktop, &program);
    desktop.screen.hold(RIGHT);
    until_moving(&desktop, camera);
    kill_process(Pid::from_raw(program.id as i32).expect("an id"), Signal::KILL).expect("its own program");
    until_still(&desktop, camera);
    desktop.screen.let_go(RIGHT);
}

/// The id of a camera in the inventory.
fn id_of(camera: usize) -> String {
    let inventory = province::inventory(|_| 1);
    let sites = inventory["sites"].as_array().expect("sites");
    let recorders = sites.iter().flat_map(|site| site["recorders"].as_array().expect("recorders"));
    let mut cameras = recorders.flat_map(|recorder| recorder["cameras"].as_array().expect("cameras"));
    cameras.nth(camera).expect("a camera")["id"].as_str().expect("an id").to_owned()
}

/// The pictures of presets that the program has kept.
fn pictures(desktop: &Desktop) -> Vec<RgbImage> {
    let folders = std::fs::read_dir(desktop.data("presets")).into_iter().flatten().flatten();
    let files = folders.flat_map(|folder| std::fs::read_dir(folder.path()).into_iter().flatten().flatten());
    let jpegs =
        files.map(|file| file.path()).filter(|path| path.extension().is_some_and(|kind| kind == "jpg"));
    jpegs.filter_map(|path| Some(image::open(path).ok()?.into_rgb8())).collect()
}

/// How far apart two pictures are, per sample.
fn apart(a: &RgbImage, b: &RgbImage) -> f64 {
    let sum: u64 = a.as_raw().iter().zip(b.as_raw()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.as_raw().len() as f64
}

#[test]
fn presets_show_what_the_camera_saw_there() {
    let desktop = Desktop::new();
    desktop.write_inventory(desktop.inventory_with_devices());
    let program = desktop.start();
    program.until_live(16);
    let camera = steer(&desktop, &program);
    let id = id_of(camera);
    let keep = |name: &str| {
        let errand = json!({ "kind": "keep", "token": null, "name": name });
        program.invoke("steer", &json!({ "camera": id, "errand": errand })).expect("a preset");
    };
    keep("Cửa sau");
    until_true("a picture of it", || pictures(&desktop).len() == 1);
    let shown = |name: &str| {
        program.run_with(
            "return [...document.querySelectorAll('.ptz-presets li')].find(one => one.textContent.includes(arguments[0]))?.querySelector('img')?.complete ?? false",
            &json!([name]),
        ) == true
    };
    until_true("it is shown beside its name", || shown("Cửa sau"));
    let before = pose(&desktop, camera);
    desktop.screen.hold(RIGHT);
    until_true("it has turned far", || (pose(&desktop, camera).pan - before.pan).abs() > 40.0);
    desktop.screen.let_go(RIGHT);
    // A page that a busy machine holds up may push once more.
    until_true("it stays where it is", || {
        let before = pose(&desktop, camera).pan;
        std::thread::sleep(Duration::from_secs(1));
        pose(&desktop, camera).pan == before
    });
    keep("Hành lang");
    until_true("a picture of the other", || pictures(&desktop).len() == 2);
    let [one, other] = &pictures(&desktop)[..] else { panic!("two pictures") };
    assert_eq!((one.width(), one.dimensions()), (192, other.dimensions()));
    assert!(apart(one, other) > 8.0, "they look elsewhere: {}", apart(one, other));
    until_true("the other is shown, too", || shown("Hành lang"));
    assert_eq!(program.count("img.ptz-preset-picture", ""), 2, "the device's own have none yet");
    save(&desktop.screen.look(), "presets");
}

//! A camera is turned by hand, and stands still whatever becomes of the hand.

use std::time::{Duration, Instant};

use province::{Movement, Pose, list};
use rustix::process::{Pid, Signal, kill_process};

use crate::desktop::hands::RIGHT;
use crate::desktop::program::{Program, Tile};
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

//! A wall on the second monitor: opened, worked by its own keys, left running without the console, found again.

use std::time::{Duration, Instant};

use model::Rect;
use serde_json::{Value, json};

use crate::desktop::hands::{ALT, ENTER, ESCAPE, F4, PAGE_DOWN, RIGHT, SHIFT, TAB};
use crate::desktop::program::{MAIN, Program, cameras_on, squares};
use crate::desktop::{Desktop, process, until, until_true};
use crate::support::words;

const MONITOR: &str = "RIGHT";
const AREA: Rect = Rect { x: 1920, y: 0, width: 1920, height: 1080 };

#[test]
fn a_wall_on_the_second_monitor_outlives_console_and_restart() {
    let desktop = Desktop::new();
    let program = desktop.start();
    program.until_live(16);
    let before = open_wall(&desktop, &program);
    desktop.screen.activate(before);
    desktop.screen.press_with(&[ALT], F4);
    let mut pressed = Instant::now();
    until_true("the closed wall", || {
        // A window manager that was busy with the focus may have missed it. Much later than any wall takes to close.
        if pressed.elapsed() > Duration::from_secs(10) && wall_window(&desktop) == Some(before) {
            desktop.screen.activate(before);
            desktop.screen.press_with(&[ALT], F4);
            pressed = Instant::now();
        }
        wall_window(&desktop).is_none() && wall(&desktop).is_null()
    });
    program.until_live(16);

    let window = open_wall(&desktop, &program);
    fill(&desktop, &program);
    keys(&desktop, window);
    program.click(&words("vi", "page_language_en"));
    program.click(&words("en", "page_theme"));
    program.click(&words("en", "page_theme_light"));
    until_true("language and theme are saved", || {
        let settings = desktop.saved("settings.json");
        settings["language"] == "en" && settings["theme"] == "light"
    });

    let family = process::family(program.id);
    leave(&desktop, &program, "page_close_all");
    program.until_ended(&family);
    drop(program);
    found_again(&desktop);
}

fn wall_window(desktop: &Desktop) -> Option<u32> {
    let (window, _) =
        desktop.screen.windows().into_iter().find(|(_, title)| title.starts_with("Watchwall "))?;
    Some(window)
}

/// As it was saved.
fn wall(desktop: &Desktop) -> Value {
    desktop.saved("walls.json")["walls"][1].clone()
}

fn open_wall(desktop: &Desktop, program: &Program<'_>) -> u32 {
    program.click(&words("vi", "page_walls"));
    program.click(MONITOR);
    let window = until("the wall's window", || wall_window(desktop));
    until_covering(desktop, window);
    window
}

fn until_covering(desktop: &Desktop, window: u32) {
    let exactly = (AREA.x as i32, AREA.y as i32, AREA.width, AREA.height);
    until_true("a window that covers its monitor exactly", || desktop.screen.inside(window) == Some(exactly));
}

/// Puts a site on the wall by way of the page.
fn fill(desktop: &Desktop, program: &Program<'_>) {
    let tab = words("vi", "page_wall_on").replace("{number}", "1").replace("{monitor}", MONITOR);
    program.click(&tab);
    program.search("benh vien");
    desktop.screen.press(ENTER);
    until_moving(desktop, 6, 0, 35);
    // The page goes back to its own wall.
    program.click(&words("vi", "page_wall_main"));
    program.until_live(16);
}

fn until_moving(desktop: &Desktop, side: u32, page: usize, count: usize) {
    desktop.until_moving(count, || squares(AREA, side, page, &cameras_on(&wall(desktop))));
}

fn keys(desktop: &Desktop, window: u32) {
    let screen = &desktop.screen;
    screen.activate(window);
    screen.press(b'4'.into());
    until_true("the layout", || wall(desktop)["layout"]["cells"].as_array().is_some_and(|c| c.len() == 16));
    until_moving(desktop, 4, 0, 16);
    screen.press(PAGE_DOWN);
    until_true("the second page", || wall(desktop)["page"] == 1);
    until_moving(desktop, 4, 1, 16);
    for at in [16, 17] {
        screen.press(RIGHT);
        until_true("the selection", || wall(desktop)["selected"] == at);
    }
    screen.press(ENTER);
    until_true("the enlarged camera", || wall(desktop)["enlarged"] == 17);
    desktop.until_moving(1, || squares(AREA, 1, 17, &cameras_on(&wall(desktop))));
    screen.press(ENTER);
    until_true("all cameras", || wall(desktop)["enlarged"].is_null());
    screen.press(ESCAPE);
    until_true("no selection", || wall(desktop)["selected"].is_null());
    until_moving(desktop, 4, 1, 16);
}

/// Closes the main window and answers what becomes of the walls.
fn leave(desktop: &Desktop, program: &Program<'_>, answer: &str) {
    desktop.screen.close(program.window());
    let answer = words("en", answer);
    until_true("the question", || program.count("[role=alertdialog]", &answer) == 1);
    program.click(&answer);
}

fn found_again(desktop: &Desktop) {
    let program = desktop.start();
    program.until_live(16);
    let root =
        program.run("const { lang, dataset } = document.documentElement; return [lang, dataset.theme]");
    assert_eq!(root, json!(["en", "light"]));
    let window = until("the wall's window", || wall_window(desktop));
    until_covering(desktop, window);
    until_moving(desktop, 4, 1, 16);

    // The console goes, the wall stays; key M brings the console back.
    leave(desktop, &program, "page_close_keep");
    until_true("the closed console", || desktop.screen.window(MAIN).is_none());
    until_moving(desktop, 4, 1, 16);
    desktop.screen.activate(window);
    desktop.screen.press(b'm'.into());
    program.until_page();
    program.until_live(16);
    let family = process::family(program.id);
    desktop.screen.close(program.window());
    until_true("the question", || program.count("[role=alertdialog]", "") == 1);
    // From the button that is ready to the one before it, by keys this time.
    desktop.screen.press_with(&[SHIFT], TAB);
    desktop.screen.press(ENTER);
    program.until_ended(&family);
}

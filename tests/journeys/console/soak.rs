//! A long day in short: nothing that is opened and closed again leaves anything behind.

use std::time::Duration;

use crate::desktop::program::Program;
use crate::desktop::{Desktop, process, until, until_true};
use crate::support::words;

const SWITCHES: usize = 200;
const WINDOWS: usize = 100;

#[test]
#[ignore = "takes minutes; `make soak` runs it"]
fn layouts_and_windows_leave_nothing_behind() {
    let desktop = Desktop::new();
    let program = desktop.start();
    program.until_live(16);
    // Whatever is made once and kept is made now.
    switch_layouts(&desktop, &program, 10);
    open_and_close(&desktop, &program, 5);
    let before = rest(&desktop, &program);
    switch_layouts(&desktop, &program, SWITCHES);
    let between = rest(&desktop, &program);
    open_and_close(&desktop, &program, WINDOWS);
    let after = rest(&desktop, &program);

    println!("| | RSS MiB | threads | descriptors | streams |\n| --- | ---: | ---: | ---: | ---: |");
    let rows = [("before", &before), ("200 layouts later", &between), ("100 windows later", &after)];
    for (when, (held, streams)) in rows {
        let mib = held.resident_kib as f64 / 1024.0;
        println!("| {when} | {mib:.1} | {} | {} | {streams} |", held.threads, held.descriptors);
    }
    for (held, streams) in [&between, &after] {
        assert_eq!(*streams, before.1, "RTSP sessions");
        assert!(held.threads <= before.0.threads + 2, "threads");
        assert!(held.descriptors <= before.0.descriptors + 4, "descriptors");
        assert!(held.resident_kib <= before.0.resident_kib * 6 / 5, "memory");
    }
}

fn switch_layouts(desktop: &Desktop, program: &Program<'_>, times: usize) {
    for (key, tiles) in [(b'3', 9), (b'4', 16), (b'5', 25), (b'4', 16)].into_iter().cycle().take(times) {
        program.press_on_wall(key);
        until_true("the layout", || {
            let cells = &desktop.saved("walls.json")["walls"][0]["layout"]["cells"];
            cells.as_array().is_some_and(|cells| cells.len() == tiles)
        });
    }
}

fn open_and_close(desktop: &Desktop, program: &Program<'_>, times: usize) {
    let wall = || {
        let windows = desktop.screen.windows().into_iter();
        windows.filter(|(_, title)| title.starts_with("Watchwall ")).map(|(window, _)| window).next()
    };
    for _ in 0..times {
        program.click(&words("vi", "page_walls"));
        program.click("RIGHT");
        let window = until("the wall's window", || wall().filter(|window| desktop.screen.is_seen(*window)));
        desktop.screen.close(window);
        until_true("its end", || wall().is_none());
    }
}

/// What it holds once it has come to rest: streams that nobody shows are let go after some seconds.
fn rest(desktop: &Desktop, program: &Program<'_>) -> (process::Holdings, u32) {
    program.press_on_wall(b'4');
    program.until_live(16);
    std::thread::sleep(Duration::from_secs(8));
    (process::holdings(program.id), desktop.viewers())
}

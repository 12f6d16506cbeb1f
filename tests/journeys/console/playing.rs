//! Recordings on the console's wall, as an operator looks into what has happened: opened, jumped in, stepped through, left.

use std::time::{Duration, SystemTime};

use model::Moment;
use province::recordings::SpanKind;
use province::{Profile, list};
use serde_json::{Value, json};

use crate::desktop::hands::{ENTER, ESCAPE};
use crate::desktop::program::{Program, Tile, camera_of};
use crate::desktop::screen::save;
use crate::desktop::{Desktop, until, until_true};
use crate::support::words;

const DELETE: u32 = 0xffff;

fn w(key: &str) -> String {
    words("vi", key)
}

/// How a wall that plays stands, as the program tells its page: each camera with the moment of the picture that is shown.
fn told(program: &Program<'_>) -> Option<(Value, Vec<(usize, Moment)>)> {
    let all = program.run("return window.__TAURI_INTERNALS__.invoke('playback')");
    let playing = all.get(0)?.clone();
    let cameras = playing["cameras"].as_array()?.iter().map(|camera| {
        let shown = (camera["standing"] == "shown").then(|| camera["shown"].as_i64())??;
        Some((camera_of(camera["camera"].as_str()?)?, Moment(shown)))
    });
    let cameras = cameras.collect::<Option<Vec<_>>>()?;
    Some((playing, cameras))
}

/// Waits until the wall stands still and each tile shows the picture that was recorded at the time that it names.
#[track_caller]
fn until_exact(desktop: &Desktop, program: &Program<'_>, tiles: &[Tile]) -> Vec<(usize, Moment)> {
    // The recorder's clock is known to some hundredths of a second: to a picture.
    let is_near = |camera: usize, at: Moment, read: u16| {
        let interval = 1_000_000 / i64::from(list().cameras[camera].coding.frame_rate(Profile::Main));
        let number =
            |n: i64| desktop.province.recorded_number(camera, Profile::Main, at.plus_us(n * interval).into());
        (-1..=1).any(|n| number(n) == read)
    };
    until("the pictures of the place", || {
        program.let_be();
        let (before, cameras) = told(program)?;
        let places = program.tiles();
        let screen = desktop.screen.look();
        let (after, _) = told(program)?;
        let stands = before["rate"] == 0.0 && before == after && cameras.len() == tiles.len();
        let exact = tiles.iter().all(|tile| {
            let camera = cameras.iter().find(|(camera, _)| Some(*camera) == tile.camera);
            // The recorder's own times are whole milliseconds.
            // The bar of playback has made the wall lower.
            let place = places.iter().find(|place| place.at == tile.at);
            let tile = Tile { rect: place.map_or(tile.rect, |place| place.rect), ..tile.clone() };
            camera.is_some_and(|(camera, at)| {
                tile.number(&screen).is_some_and(|read| is_near(*camera, *at, read))
            })
        });
        (stands && exact).then_some(cameras)
    })
}

/// What moved before a place, found by the program itself: with a picture, and written down.
fn looks_for_motion(desktop: &Desktop, program: &Program<'_>, place: i64) {
    program.click(&w("page_motion"));
    until_true("a picture to draw on", || {
        program.run("return document.querySelector('.mask-stage img')?.naturalWidth > 100") == true
    });
    save(&desktop.screen.look(), "motion-dialog");
    desktop.screen.press(ESCAPE);
    until_true("that it closes", || program.count(".mask-stage", "") == 0);
    let (playing, _) = told(program).expect("it stands");
    let period = json!({ "from": place - 20_000_000, "until": place });
    let fields = json!({ "camera": playing["cameras"][0]["camera"], "period": period, "area": [],
        "sensitivity": "medium" });
    program
        .invoke("search_motion", &json!({ "wall": playing["wall"], "fields": fields }))
        .expect("it begins");
    until_true("what moved, with its picture", || {
        program.run("return document.querySelector('.motion-hit img')?.naturalWidth > 100") == true
    });
    until_true("the end", || program.count(".motion-state[data-state=done]", "") == 1);
    save(&desktop.screen.look(), "motion");
    program.click(&w("page_motion_close"));
    until_true("that it is forgotten", || program.count(".motion", "") == 0);
}

#[test]
fn two_cameras_are_played_jumped_in_stepped_through_and_live_again() {
    let desktop = Desktop::new();
    desktop.write_inventory(desktop.inventory_with_devices());
    let program = desktop.start();
    desktop.screen.place(program.window(), (0, 0), 1500, 900);
    program.until_live(16);
    program.press_on_wall(b'2');
    for tile in program.until_live(4).into_iter().skip(2) {
        program.select(&tile);
        desktop.screen.press(DELETE);
    }
    let tiles = program.until_live(2);
    for tile in &tiles {
        let camera = tile.camera.expect("a camera");
        desktop.province.prepare_stream(camera, Profile::Main).expect("the clip is made");
    }

    // What has just happened.
    program.press_on_wall(b'r');
    let began = until("two recordings", || {
        told(&program).map(|(_, cameras)| cameras).filter(|cameras| cameras.len() == 2)
    });
    until_true("that they go on", || {
        told(&program).is_some_and(|(_, now)| now.iter().zip(&began).all(|(now, began)| now.1 > began.1))
    });
    save(&desktop.screen.look(), "playing");
    let rows = "return [...document.querySelectorAll('.timeline-names li')].map(row => row.textContent)";
    let names = program.run(rows);
    let wanted: Vec<&str> =
        tiles.iter().filter_map(|tile| Some(list().cameras[tile.camera?].name.as_str())).collect();
    assert_eq!(names, Value::from(wanted), "each row of the time line says whose it is");

    // Back, still, and picture by picture.
    program.press_on_wall(b'j');
    program.press_on_wall(b' ');
    let here = until_exact(&desktop, &program, &tiles);
    assert!(here.iter().zip(&began).all(|(here, began)| here.1 < began.1.plus_us(20_000_000)));
    program.press_on_wall(b'.');
    until_true("the next picture", || told(&program).is_some_and(|(_, now)| now != here));
    let next = until_exact(&desktop, &program, &tiles);
    program.press_on_wall(b',');
    until_true("the picture before", || told(&program).is_some_and(|(_, now)| now != next));
    assert_eq!(until_exact(&desktop, &program, &tiles), here, "a step there and back");

    // One stands still beside the other.
    program.select(&tiles[0]);
    program.click(&w("page_playback_hold"));
    program.click(&w("page_playback_play"));
    until_true("that the other goes on alone", || {
        told(&program).is_some_and(|(_, now)| now[0] == here[0] && now[1].1 > here[1].1.plus_us(1_000_000))
    });
    save(&desktop.screen.look(), "held");
    program.click(&w("page_playback_unhold"));
    until_true("that both go on", || told(&program).is_some_and(|(_, now)| now[0].1 > here[0].1));
    program.click(&w("page_playback_pause"));
    until_exact(&desktop, &program, &tiles);

    // Where something moved, hours ago.
    // At some times of the day five hours ago lies in the gap that each night has.
    let all_have = |hours: &u64| {
        let at = SystemTime::now() - Duration::from_secs(hours * 3600);
        let (from, until) = (at - Duration::from_secs(180), at + Duration::from_secs(180));
        tiles.iter().filter_map(|tile| tile.camera).all(|camera| {
            let spans = desktop.province.recorded(camera, from, until);
            let mut always = spans.iter().filter(|span| span.kind == SpanKind::Continuous);
            always.any(|span| span.during.end - span.during.start > 350_000)
        })
    };
    let hours = (5..16).find(all_have).expect("a time that both recorders have");
    let hours_ago = format!(
        "const at = new Date(Date.now() - {hours} * 3600e3); const two = n => String(n).padStart(2, '0');
        return `${{two(at.getDate())}}/${{two(at.getMonth() + 1)}}/${{at.getFullYear()}} ${{two(at.getHours())}}:${{two(at.getMinutes())}}`"
    );
    let text = program.run(&hours_ago).as_str().expect("a time").to_owned();
    desktop.screen.click(program.find("#play-time", ""));
    desktop.screen.type_text(&text);
    desktop.screen.press(ENTER);
    until_true("another time", || {
        told(&program)
            .is_some_and(|(_, now)| now.iter().all(|(_, at)| at.plus_us(4 * 3_600_000_000) < here[0].1))
    });
    let before = until_exact(&desktop, &program, &tiles);
    save(&desktop.screen.look(), "hours-ago");
    program.click(&w("page_playback_next_event"));
    until_true("the next movement", || told(&program).is_some_and(|(_, now)| now != before));
    let moved = until_exact(&desktop, &program, &tiles);
    let place = told(&program).expect("it stands").0["at"].as_i64().expect("a place");
    let near = |camera: usize| {
        let (from, until) = (Moment(place - 2_000_000), Moment(place + 2_000_000));
        let spans = desktop.province.recorded(camera, from.into(), until.into());
        spans
            .iter()
            .any(|span| span.kind == SpanKind::Motion && (span.during.start - place / 1000).abs() < 1500)
    };
    assert!(moved.iter().any(|(camera, _)| near(*camera)), "{place}: {moved:?}");
    save(&desktop.screen.look(), "movement");

    // A small picture of what the pointer on the time line points at, over a hole in the wall.
    let (x, y) = program.find("canvas.timeline", "");
    desktop.screen.point((x + 40, y + 10));
    until_true("a small picture", || {
        program.run("return document.querySelector('.thumbnail img')?.naturalWidth > 100") == true
    });
    save(&desktop.screen.look(), "thumbnail");
    desktop.screen.point(tiles[0].centre());
    until_true("that it goes", || program.count(".thumbnail", "") == 0);

    // Which days have recordings.
    program.run("document.querySelector('button.playback-time').click()");
    until_true("days with movement, and days before the first", || {
        program.count(".calendar td[data-held=motion]", "") > 0
            && program.count(".calendar td[data-held=unknown]", "") == 0
    });
    save(&desktop.screen.look(), "calendar");
    desktop.screen.press(ESCAPE);
    until_true("that it closes", || program.count(".calendar", "") == 0);

    looks_for_motion(&desktop, &program, place);

    program.click(&w("page_playback_live"));
    program.until_live(2);
    assert!(told(&program).is_none());
    save(&desktop.screen.look(), "live-again");

    // What has just been seen live is there at once, goes on being received, and is live again after.
    std::thread::sleep(std::time::Duration::from_secs(11));
    program.press_on_wall(b'j');
    until_true("what was live a moment ago", || {
        let now = Moment::from(std::time::SystemTime::now());
        told(&program).is_some_and(|(playing, cameras)| {
            playing["rate"] == 1.0
                && cameras.len() == 2
                && cameras.iter().all(|(_, at)| (0..15_000_000).contains(&now.since_us(*at)))
        })
    });
    assert!(desktop.viewers() >= 2, "they are received while they are shown again");
    std::thread::sleep(std::time::Duration::from_secs(6));
    assert!(told(&program).is_some_and(|(_, cameras)| cameras.len() == 2), "it goes on");
    assert!(desktop.viewers() >= 2);
    save(&desktop.screen.look(), "a-moment-ago");
    program.click(&w("page_playback_live"));
    program.until_live(2);
}

//! Somebody starts the program for the first time.

use std::process::{Command, Stdio};

use model::Rect;

use crate::desktop::program::MAIN;
use crate::desktop::screen::read_words;
use crate::desktop::{Desktop, until, until_true};
use crate::support::{program, words};

#[test]
fn the_wall_moves_and_changes_language_and_theme_at_once() {
    let desktop = Desktop::new();
    let program = desktop.start();
    let tiles = program.until_live(16);
    let numbered = words("vi", "page_tile_number").replace("{number}", "1");
    assert!(tiles[0].label.starts_with(&numbered), "{:?}", tiles[0].label);
    for language in ["vi", "en"] {
        if language == "en" {
            program.click(&words("vi", "page_language_en"));
        }
        let streams = words(language, "page_figure_streams_other").replace("{count}", "16");
        until_true("the figures", || program.count(".figures li", &streams) == 1);
        let numbered = words(language, "page_tile_number").replace("{number}", "2");
        until_true("the tiles' words", || program.tiles()[1].label.starts_with(&numbered));
    }

    // Nine tiles without a camera say so, on the wall itself.
    program.let_be();
    program.press_on_wall(b'5');
    let empty = until("5×5", || program.tiles().get(24).cloned());
    let Rect { x, y, width, height } = empty.rect;
    let middle = Rect::new(x, y + height / 2, width, height / 4);
    for language in ["en", "vi"] {
        if language == "vi" {
            program.click(&words("en", "page_language_vi"));
        }
        let said = words(language, "no_source");
        until_true(&format!("{said:?} on the wall"), || {
            let read = read_words(&desktop.screen.look(), middle);
            all_but_one(&read, &said)
        });
    }

    let bar = program.find("header", "");
    let bright = || desktop.screen.look().get_pixel(bar.0 as u32, bar.1 as u32 - 16).0[1];
    assert!(bright() < 64, "dark by default");
    program.click(&words("vi", "page_theme"));
    program.click(&words("vi", "page_theme_light"));
    until_true("the light theme", || bright() > 192);
    program.until_live(16);
    assert_eq!(desktop.saved("settings.json")["theme"], "light");
    assert_eq!(desktop.viewers(), 16, "nothing was opened anew beside what there was");
}

/// Whether the words are the same but for one sign: marks on small letters are easily misread.
fn all_but_one(read: &str, said: &str) -> bool {
    let differ = read.chars().zip(said.chars()).filter(|(a, b)| a != b).count();
    read.chars().count() == said.chars().count() && differ <= 1
}

/// What `make run` calls: the province and the console on it, in a folder that was used before.
#[test]
fn the_simulated_province_is_shown_by_the_readmes_command_the_first_time_and_again() {
    let desktop = Desktop::new();
    let bin = program("watchwall").parent().expect("a folder").to_owned();
    let data = desktop.folder.file("simulated");
    for start in ["first", "again"] {
        let mut script = Command::new("./run-on-province")
            .args([&bin, &data])
            .env("DISPLAY", &desktop.screen.display)
            .env_remove("WAYLAND_DISPLAY")
            .stderr(Stdio::piped())
            .spawn()
            .expect("the script");
        let window = until("the console", || {
            assert!(script.try_wait().expect("its state").is_none(), "it has ended, {start}");
            desktop.screen.window(MAIN)
        });
        desktop.screen.close(window);
        let ended = until("its end", || script.try_wait().expect("its state"));
        assert!(ended.success(), "{start}: {ended}");
    }
}

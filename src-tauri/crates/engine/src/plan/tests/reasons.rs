//! Each reason by example, and the order of filling and shedding.

use std::time::Duration;

use super::*;
use crate::plan::{Refusal, Shortage, Viewers, preflight};
use inventory::ProfileKind;

const KEY_FRAMES: Choice = Choice::KeyFrames(ProfileKind::Sub);

fn first(world: &World) -> Verdict {
    world.decide().cameras[0]
}

fn about(shortage: Shortage, used: f64, needs: f64, limit: f64) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() < 1e-4;
    near(shortage.used, used) && near(shortage.needs, needs) && near(shortage.limit, limit)
}

#[test]
fn a_large_tile_gets_the_main_stream_and_a_small_one_has_enough_with_the_sub_stream() {
    let large = Verdict { choice: Choice::Main, wanted: Choice::Main, reason: Reason::Fits };
    assert_eq!(first(&World::of(1, LARGE)), large);
    let small = Verdict { choice: Choice::Sub, wanted: Choice::Sub, reason: Reason::TooSmallForMain };
    assert_eq!(first(&World::of(1, SMALL)), small);
    let mut only_sub = World::of(1, SMALL);
    only_sub.cameras[0].main = None;
    assert_eq!(first(&only_sub), Verdict { reason: Reason::Fits, ..small });
    only_sub.cameras[0].sub = None;
    assert_eq!(first(&only_sub).reason, Reason::NoProfile);
}

#[test]
fn a_camera_on_several_walls_is_opened_once_with_the_best_that_any_tile_asks_for() {
    let mut world = World::of(1, SMALL);
    world.tiles.push(Tile { size: LARGE, key_frames_suffice: true, ..TILE });
    let decision = world.decide();
    assert_eq!(choices(&decision), [Choice::Main]);
    assert_eq!(decision.recorders[0].used, 2.0);
}

#[test]
fn what_cannot_be_seen_costs_nothing() {
    let mut world = World::of(2, LARGE);
    world.tiles[0].visible = false;
    world.tiles[1].size = Size::new(0, 540);
    let decision = world.decide();
    assert!(decision.cameras.iter().all(|v| v.reason == Reason::Hidden && v.choice == Choice::Nothing));
    assert_eq!((decision.decode.used, decision.recorders[0].used), (0.0, 0.0));
}

#[test]
fn a_small_stream_by_choice_saves_the_line_however_large_the_tile() {
    let mut world = World::of(2, LARGE);
    world.tiles[0].small_suffices = true;
    let decision = world.decide();
    assert_eq!(choices(&decision), [Choice::Sub, Choice::Main]);
    assert_eq!(decision.cameras[0].wanted, Choice::Sub, "nothing keeps it from more");
    // Another wall may ask for the best all the same.
    world.tiles.push(Tile { size: LARGE, ..TILE });
    assert_eq!(choices(&world.decide()), [Choice::Main, Choice::Main]);
}

#[test]
fn key_frames_by_choice_save_decoding_and_not_the_line() {
    let mut world = World::of(1, SMALL);
    world.tiles[0].key_frames_suffice = true;
    let decision = world.decide();
    let by_choice = Verdict { choice: KEY_FRAMES, wanted: KEY_FRAMES, reason: Reason::KeyFramesByChoice };
    assert_eq!(decision.cameras[0], by_choice);
    assert_eq!((decision.decode.used, decision.sites[0].used), (0.0004, 0.256));
    world.tiles[0].size = LARGE;
    assert_eq!(first(&world).choice, Choice::KeyFrames(ProfileKind::Main));
}

#[test]
fn a_recorder_and_a_line_carry_no_more_than_they_may_less_the_reserve() {
    let mut world = World::of(4, LARGE);
    world.recorders[0] = Some(6.0);
    let decision = world.decide();
    assert_eq!(choices(&decision), [Choice::Main, Choice::Main, Choice::Sub, Choice::Sub]);
    let Reason::RecorderMbps(shortage) = decision.cameras[2].reason else { panic!("{decision:?}") };
    assert!(about(shortage, 4.256, 2.0, 5.4), "{shortage:?}");

    world.recorders[0] = None;
    world.sites[0] = Some(6.0);
    let decision = world.decide();
    assert!(matches!(decision.cameras[3].reason, Reason::SiteMbps(_)), "{decision:?}");
    assert_eq!(decision.sites[0].limit, Some(6.0));
    assert!((decision.sites[0].used - 4.512).abs() < 1e-6, "{decision:?}");
}

#[test]
fn the_reserve_is_for_what_a_person_looks_at() {
    let mut world = World::of(3, LARGE);
    world.sites[0] = Some(4.6);
    assert_eq!(choices(&world.decide()), [Choice::Main, Choice::Sub, Choice::Sub]);
    world.tiles[2].enlarged = true;
    assert_eq!(choices(&world.decide()), [Choice::Sub, Choice::Sub, Choice::Main]);
    world.tiles[1].selected = true;
    assert_eq!(choices(&world.decide()), [Choice::Sub, Choice::Main, Choice::Main]);
}

#[test]
fn a_camera_without_a_slot_stays_dark_unless_a_relay_shows_it() {
    let mut world = World::of(1, SMALL);
    world.cameras[0].viewers = Some(Viewers { limit: 6, others: 6 });
    assert_eq!((first(&world).choice, first(&world).reason), (Choice::Nothing, Reason::Viewers { limit: 6 }));
    world.cameras[0].relayed = true;
    world.recorders[0] = Some(0.0);
    let decision = world.decide();
    assert_eq!(choices(&decision), [Choice::Sub]);
    assert_eq!((decision.recorders[0].used, decision.sites[0].used), (0.0, 0.256));
}

#[test]
fn too_little_decoding_takes_motion_from_the_end_of_the_line_before_main_streams_from_its_head() {
    let mut world = World::of(6, SMALL);
    world.tiles[4].size = LARGE;
    let mut decide = |cores: f64| {
        world.machine.cores = cores;
        choices(&world.decide())
    };
    use Choice::{Main, Sub};
    assert_eq!(decide(0.175), [Sub, Sub, Sub, Sub, Main, Sub]);
    assert_eq!(decide(0.150), [Sub, Sub, KEY_FRAMES, KEY_FRAMES, Main, KEY_FRAMES]);
    assert_eq!(decide(0.127), [KEY_FRAMES, KEY_FRAMES, KEY_FRAMES, KEY_FRAMES, Main, KEY_FRAMES]);
    assert_eq!(decide(0.126), [Sub, Sub, Sub, Sub, Sub, Sub]);
    assert_eq!(decide(0.0021), [KEY_FRAMES, KEY_FRAMES, KEY_FRAMES, KEY_FRAMES, KEY_FRAMES, Choice::Nothing]);
}

#[test]
fn a_machine_at_its_end_shows_key_frames_and_no_dark_tiles_but_nothing_better() {
    let mut world = World::of(6, SMALL);
    world.machine.cores = 0.0021;
    world.machine.key_frame_cores = Some(0.0025);
    assert_eq!(choices(&world.decide()), [KEY_FRAMES; 6]);
    world.machine.key_frame_cores = Some(0.0023);
    assert_eq!(choices(&world.decide())[5], Choice::Nothing, "this end is one, too");
    // What it may take for key frames is not there for motion.
    world.machine = Machine { cores: 0.0001, key_frame_cores: Some(64.0), gpu_sessions: None };
    assert_eq!(choices(&world.decide()), [KEY_FRAMES; 6]);
}

#[test]
fn among_equals_sharpness_is_given_up_before_motion() {
    let mut world = World::of(16, LARGE);
    world.machine.cores = 1.0;
    let decision = world.decide();
    let count = |choice| decision.cameras.iter().filter(|v| v.choice == choice).count();
    assert_eq!((count(Choice::Main), count(Choice::Sub)), (7, 9));
    let Reason::Decode(shortage) = decision.cameras[15].reason else { panic!("{decision:?}") };
    assert!(about(shortage, 0.955, 0.125, 1.0), "{shortage:?}");
}

#[test]
fn sites_take_turns() {
    let mut world = World::of(8, LARGE);
    world.sites.push(None);
    world.cameras[6].site = 1;
    world.cameras[7].site = 1;
    world.machine.cores = 0.6;
    let main: Vec<_> = (0..8).filter(|&at| world.decide().cameras[at].choice == Choice::Main).collect();
    assert_eq!(main, [0, 1, 6, 7]);
}

#[test]
fn graphics_sessions_are_counted() {
    let mut world = World::of(2, SMALL);
    for camera in &mut world.cameras {
        camera.sub = Some(Profile { on_gpu: true, ..SUB });
    }
    world.machine.gpu_sessions = Some(1);
    let decision = world.decide();
    assert_eq!(choices(&decision), [Choice::Sub, Choice::Nothing]);
    assert_eq!(decision.cameras[1].reason, Reason::GpuSessions { limit: 1 });
    assert_eq!(decision.gpu_sessions.share(), 1.0);
}

#[test]
fn what_a_device_refuses_is_replaced_by_its_other_stream() {
    let mut world = World::of(1, LARGE);
    let until = Refusal::For(Duration::from_secs(30));
    world.cameras[0].main = Some(Profile { refused: Some(until), ..MAIN });
    let refused = Reason::Refused { kind: ProfileKind::Main, until };
    assert_eq!(first(&world), Verdict { choice: Choice::Sub, wanted: Choice::Main, reason: refused });
    world.cameras[0].sub = Some(Profile { refused: Some(Refusal::UntilChange), ..SUB });
    assert_eq!((first(&world).choice, first(&world).reason), (Choice::Nothing, refused));
    world.cameras[0].main = Some(MAIN);
    world.tiles[0].size = SMALL;
    assert_eq!((first(&world).choice, first(&world).wanted), (Choice::Main, Choice::Sub));
}

#[test]
fn a_sub_stream_that_costs_the_line_more_than_the_main_stream_is_no_saving() {
    let mut world = World::of(1, SMALL);
    world.cameras[0].sub = Some(Profile { mbps: 4.0, ..SUB });
    assert_eq!((first(&world).choice, first(&world).reason), (Choice::Main, Reason::Fits));
}

#[test]
fn a_changed_choice_is_held_unless_somebody_acts_or_a_limit_forbids_it() {
    let mut world = World::of(1, LARGE);
    world.go_on();
    let seconds = |world: &mut World, n| world.history.as_mut().unwrap().pass(Duration::from_secs(n));
    seconds(&mut world, 2);
    world.tiles[0].size = SMALL;
    let held = Verdict {
        choice: Choice::Main,
        wanted: Choice::Sub,
        reason: Reason::Held { left: Duration::from_secs(3) },
    };
    assert_eq!(world.go_on().cameras[0], held);

    let mut acted = world.clone();
    acted.history.as_mut().unwrap().touched(0);
    assert_eq!(choices(&acted.decide()), [Choice::Sub]);
    let mut narrow = world.clone();
    narrow.sites[0] = Some(1.0);
    assert_eq!(choices(&narrow.decide()), [Choice::Sub]);

    seconds(&mut world, 3);
    assert_eq!(choices(&world.go_on()), [Choice::Sub]);
    seconds(&mut world, 1);
    world.tiles[0].size = LARGE;
    assert_eq!(choices(&world.go_on()), [Choice::Sub], "also on the way up");
    seconds(&mut world, 4);
    assert_eq!(choices(&world.go_on()), [Choice::Main]);
}

#[test]
fn a_camera_that_comes_into_sight_is_not_held_dark() {
    let mut world = World::of(1, SMALL);
    world.tiles[0].visible = false;
    world.go_on();
    world.tiles[0].visible = true;
    assert_eq!(choices(&world.go_on()), [Choice::Sub]);
}

#[test]
fn an_improvement_leaves_a_margin_unless_somebody_asked_for_it() {
    let mut world = World::of(1, LARGE);
    world.sites[0] = Some(1.0);
    world.go_on();
    world.history.as_mut().unwrap().pass(Duration::from_secs(60));
    world.sites[0] = Some(2.5);
    assert!(matches!(world.decide().cameras[0].reason, Reason::SiteMbps(_)), "2 is more than 4/5 of 2.25");
    let mut acted = world.clone();
    acted.history.as_mut().unwrap().touched(0);
    assert_eq!(choices(&acted.decide()), [Choice::Main]);
    world.sites[0] = Some(2.8);
    assert_eq!(choices(&world.decide()), [Choice::Main]);
}

#[test]
fn the_reserve_is_not_taken_unasked_where_that_costs_others_their_pictures() {
    let mut world = World::of(2, LARGE);
    world.reserve = 0.3;
    world.sites[0] = Some(5.0);
    world.tiles[0].selected = true;
    world.cameras[0].main = Some(Profile { refused: Some(Refusal::UntilChange), ..MAIN });
    assert_eq!(choices(&world.go_on()), [Choice::Sub, Choice::Main]);
    world.history.as_mut().unwrap().pass(Duration::from_secs(60));
    world.cameras[0].main = Some(MAIN);
    assert_eq!(choices(&world.decide()), [Choice::Sub, Choice::Main], "4 of 5, and 3.5 without the reserve");
    let mut acted = world.clone();
    acted.history.as_mut().unwrap().touched(0);
    assert_eq!(choices(&acted.decide()), [Choice::Main, Choice::Sub]);
    world.tiles[1].visible = false;
    assert_eq!(
        choices(&world.decide()),
        [Choice::Main, Choice::Nothing],
        "nobody is there whom it would cost"
    );
}

#[test]
fn a_dark_tile_takes_room_from_better_pictures_once_they_have_settled() {
    let mut world = World::of(2, SMALL);
    world.reserve = 0.0;
    world.sites[0] = Some(2.2);
    world.cameras[1].main = None;
    world.cameras[1].sub = Some(Profile { refused: Some(Refusal::UntilChange), ..SUB });
    let wait = |world: &mut World, n| world.history.as_mut().unwrap().pass(Duration::from_secs(n));
    world.go_on();
    wait(&mut world, 10);
    world.tiles[0].size = LARGE;
    world.history.as_mut().unwrap().touched(0);
    assert_eq!(choices(&world.go_on()), [Choice::Main, Choice::Nothing]);

    world.cameras[1].sub = Some(SUB);
    wait(&mut world, 2);
    assert_eq!(choices(&world.go_on()), [Choice::Main, Choice::Nothing], "the main stream has just come");
    wait(&mut world, 3);
    assert_eq!(choices(&world.go_on()), [Choice::Sub, Choice::Sub]);
}

#[test]
fn numbers_that_are_none_open_nothing_and_break_nothing() {
    let mut world = World::of(2, SMALL);
    world.cameras[0].sub = Some(Profile { mbps: f64::NAN, ..SUB });
    world.sites[0] = Some(f64::NAN);
    world.cameras[1].site = 7;
    world.tiles.push(Tile { camera: 99, ..TILE });
    assert_eq!(choices(&world.decide()), [Choice::Nothing, Choice::Sub]);
}

#[test]
fn a_layout_says_beforehand_what_it_costs() {
    let now = World::of(4, LARGE);
    let mut then = World::of(10, LARGE);
    then.sites[0] = Some(10.0);
    then.machine.cores = 0.3;
    then.cameras[3].viewers = Some(Viewers { limit: 6, others: 6 });
    then.cameras[9].sub = Some(Profile { mbps: 20.0, ..SUB });
    then.cameras[9].main = None;
    then.tiles[8].size = Size::new(480, 270);
    then.machine.cores = 0.087;
    let flight = preflight(&now.scene(), &then.scene());
    assert_eq!((flight.without_slot.as_slice(), flight.dark.as_slice()), ([3].as_slice(), [9].as_slice()));
    assert_eq!(flight.worse, [0, 1, 2, 3]);
    assert!(flight.key_frames.is_empty(), "{flight:?}");
    assert!((flight.decode_now.used - 0.5).abs() < 1e-9 && flight.decode.share() > 0.9, "{flight:?}");
    assert!(flight.sites.is_empty() && flight.recorders.is_empty(), "2.05 of 10 Mb/s is not worth a word");

    then.machine.cores = 0.05;
    then.sites[0] = Some(3.0);
    let flight = preflight(&now.scene(), &then.scene());
    assert_eq!(flight.key_frames, [5, 6, 7, 8]);
    assert_eq!(flight.sites.iter().map(|site| site.index).collect::<Vec<_>>(), [0]);
}

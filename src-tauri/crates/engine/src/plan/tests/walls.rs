//! Random walls of a random province.

use model::{Fit, Size, Turn};
use proptest::prelude::*;
use proptest::sample::select;

use super::{TILE, World};
use crate::plan::{Camera, Machine, Profile, Refusal, Tile, Viewers};

/// Streams as they are sold: the main stream costs more of everything.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Streams {
    /// All alike.
    Alike,
    /// Each camera's are different.
    Usual,
    /// Also missing, refused, and sub streams that cost more than main streams.
    Odd,
}

fn profile(size: Size, mbps: f64, cores: f64, on_gpu: bool) -> Profile {
    Profile { size, mbps, cores, key_frame_cores: cores / 25.0, on_gpu, refused: None }
}

fn profiles(streams: Streams) -> BoxedStrategy<(Option<Profile>, Option<Profile>)> {
    let usual = |main: f64, share: f64, gpu: bool| {
        let main_profile = profile(Size::new(1920, 1080), main, main / 16.0, gpu);
        let sub_profile = profile(Size::new(640, 360), main * share, main * share / 25.0, gpu);
        (Some(main_profile), Some(sub_profile))
    };
    let refused = prop_oneof![4 => Just(None), 1 => Just(Some(Refusal::UntilChange))];
    let odd = (0.05..8.0, 0.001..0.5, any::<bool>(), refused).prop_map(|(mbps, cores, gpu, refused)| {
        Profile { refused, ..profile(Size::new(1280, 720), mbps, cores, gpu) }
    });
    let odd = (prop::option::weighted(0.9, odd.clone()), prop::option::weighted(0.9, odd));
    let different = (0.5..8.0, 0.05..0.4, any::<bool>()).prop_map(move |(a, b, gpu)| usual(a, b, gpu));
    match streams {
        Streams::Alike => any::<bool>().prop_map(move |_| usual(2.0, 0.128, true)).boxed(),
        Streams::Usual => different.boxed(),
        Streams::Odd => prop_oneof![2 => different, 1 => odd].boxed(),
    }
}

pub(super) fn camera(streams: Streams) -> impl Strategy<Value = Camera> {
    let viewers =
        prop::option::of((0..8_u32, 0..8_u32).prop_map(|(limit, others)| Viewers { limit, others }));
    // Recorder r stands at site r / 2.
    (profiles(streams), 0..6_usize, viewers, prop::bool::weighted(0.1)).prop_map(
        |((main, sub), recorder, viewers, relayed)| Camera {
            main,
            sub,
            recorder,
            site: recorder / 2,
            viewers,
            relayed,
        },
    )
}

fn tile(cameras: usize) -> impl Strategy<Value = Tile> {
    let sizes =
        select(vec![Size::new(240, 135), Size::new(480, 270), Size::new(704, 396), Size::new(960, 540)]);
    let fits = select(vec![Fit::Fit, Fit::Fill, Fit::Stretch]);
    let turns = select(vec![Turn::None, Turn::None, Turn::Quarter]);
    let flags = (
        prop::bool::weighted(0.9),
        prop::bool::weighted(0.1),
        prop::bool::weighted(0.05),
        prop::bool::weighted(0.2),
        prop::bool::weighted(0.1),
    );
    (0..cameras, sizes, fits, turns, 1.0..1.5_f32, flags, -1..2_i8).prop_map(
        |(camera, size, fit, turn, zoom, flags, priority)| {
            let (visible, selected, enlarged, key_frames_suffice, small_suffices) = flags;
            Tile {
                camera,
                size,
                fit,
                turn,
                zoom,
                visible,
                selected,
                enlarged,
                priority,
                key_frames_suffice,
                small_suffices,
            }
        },
    )
}

/// A wall with limits around what its cameras need, so that they bite.
pub(super) fn world(streams: Streams) -> impl Strategy<Value = World> {
    let limit = |most: f64| prop::option::weighted(0.8, 0.0..most);
    let limits = (prop::collection::vec(limit(12.0), 6), prop::collection::vec(limit(18.0), 3));
    let last = prop::option::weighted(0.5, 0.0..2.0);
    let machine = (0.0..1.5, last, prop::option::weighted(0.5, 0..24_u32));
    let machine = machine.prop_map(|(cores, key_frame_cores, gpu_sessions)| Machine {
        cores,
        key_frame_cores,
        gpu_sessions,
    });
    let reserve = select(vec![0.0, 0.1, 0.3]);
    prop::collection::vec(camera(streams), 1..24).prop_flat_map(move |cameras| {
        let tiles = prop::collection::vec(tile(cameras.len()), 0..32);
        (tiles, Just(cameras), limits.clone(), machine.clone(), reserve.clone()).prop_map(
            |(tiles, cameras, (recorders, sites), machine, reserve)| World {
                tiles,
                cameras,
                recorders,
                sites,
                machine,
                reserve,
                history: None,
            },
        )
    })
}

/// A wall that has gone through a few changes of its limits and tiles.
pub(super) fn lived_in(streams: Streams) -> impl Strategy<Value = World> {
    (world(streams), prop::collection::vec((0.5..1.5_f64, 0..7_u64, any::<usize>()), 0..4)).prop_map(
        |(mut world, past)| {
            for (factor, seconds, act) in past {
                world.go_on();
                let cameras = world.cameras.len();
                let history = world.history.get_or_insert_default();
                history.pass(std::time::Duration::from_secs(seconds));
                history.touched(act % cameras);
                if !world.tiles.is_empty() {
                    let at = act % world.tiles.len();
                    world.tiles[at] = Tile { camera: act % cameras, ..TILE };
                }
                world.machine.cores *= factor;
                world.recorders.iter_mut().chain(&mut world.sites).flatten().for_each(|mbps| *mbps *= factor);
            }
            world
        },
    )
}

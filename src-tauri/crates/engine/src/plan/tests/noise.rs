//! Rates and costs wander by a tenth; the wall stands still.

use std::time::Duration;

use proptest::prelude::*;

use super::walls::{Streams, world};
use super::*;

const STEPS: usize = 200;
/// A camera may be lowered when the first measured rates come, and find its place again; with holds alone it could turn
/// forty times in these steps.
const MOST_TURNS: usize = 4;
const TICK: Duration = Duration::from_secs(1);

/// SplitMix64 (Steele, Lea, Flood 2014), so that a failing case can be run again.
struct Noise(u64);

impl Noise {
    /// 0.9 to 1.1.
    fn factor(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        0.9 + 0.2 * ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn on(&mut self, profile: &Profile, common: Option<(f64, f64)>) -> Profile {
        let (mbps, cores) = common.unwrap_or_else(|| (self.factor(), self.factor()));
        Profile {
            mbps: profile.mbps * mbps,
            cores: profile.cores * cores,
            key_frame_cores: profile.key_frame_cores * cores,
            ..*profile
        }
    }
}

/// One camera's change of choice.
#[derive(Clone, Copy, Debug)]
struct Turn {
    step: usize,
    from: Choice,
    to: Verdict,
}

/// What changes at each camera after the first decision.
fn turns(mut world: World, seed: u64, together: bool) -> Vec<Vec<Turn>> {
    let true_cameras = world.cameras.clone();
    let mut noise = Noise(seed);
    let mut last = world.go_on();
    let mut turns = vec![Vec::new(); true_cameras.len()];
    for step in 0..STEPS {
        let common = together.then(|| (noise.factor(), noise.factor()));
        for (camera, true_camera) in world.cameras.iter_mut().zip(&true_cameras) {
            camera.main = true_camera.main.map(|profile| noise.on(&profile, common));
            camera.sub = true_camera.sub.map(|profile| noise.on(&profile, common));
        }
        world.history.get_or_insert_default().pass(TICK);
        let decision = world.go_on();
        for (turns, (old, new)) in turns.iter_mut().zip(last.cameras.iter().zip(&decision.cameras)) {
            if old.choice != new.choice {
                turns.push(Turn { step, from: old.choice, to: *new });
            }
        }
        last = decision;
    }
    turns
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn noise_moves_no_camera_to_and_fro(
        world in world(Streams::Usual), seed in any::<u64>(), together in any::<bool>(),
    ) {
        for turns in turns(world, seed, together) {
            prop_assert!(turns.len() <= MOST_TURNS, "{turns:?}");
            for pair in turns.windows(2) {
                let soon = (pair[1].step - pair[0].step) as u32 * TICK < History::HOLD;
                let (lowered, reason) = (pair[1].to.choice.grade() < pair[1].from.grade(), pair[1].to.reason);
                let limit = matches!(reason, Reason::RecorderMbps(_) | Reason::SiteMbps(_) | Reason::Decode(_));
                prop_assert!(!soon || (lowered && limit), "only a limit changes a camera again so soon: {pair:?}");
                let undone = pair[1].to.choice == pair[0].from && pair[0].to.choice.grade() > pair[0].from.grade();
                prop_assert!(!soon || !undone, "to and fro: {pair:?}");
            }
        }
    }
}

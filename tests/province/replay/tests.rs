//! Playback as a client meets it: the pictures that come are those of the moments asked for.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::headers::Order;
use super::walk::{Step, Walk};
use super::*;
use crate::clip::{ClipId, Clips, default_folder};
use crate::list::{Coding, Profile, list};
use crate::recordings::{DAY, moment_of, picture_at, recorded};

const NOW: i64 = 1_638_000_000_000;
const PLAIN: Order = Order { from: None, until: None, scale: 1.0, paced: false, intra: None };

fn source(coding: Coding) -> Source {
    let camera = list().cameras.iter().position(|camera| camera.coding == coding).expect("there is one");
    let id = ClipId::of(&list().cameras[camera], Profile::Sub);
    let clips = Clips::new(default_folder());
    clips.prepare(&[id], &AtomicBool::new(false), &|_| {}).expect("the clip can be made");
    let clip = clips.get(id).expect("it is ready");
    let equipment = list().recorders[list().cameras[camera].recorder].equipment;
    let calendar = Calendar::new(equipment, 0, NOW);
    Source { camera, clip: Arc::clone(&clip), frame_rate: 12, calendar, window: 0..NOW, extended: true }
}

fn steps(source: &Source, during: Range<i64>, order: Order, most: usize) -> Vec<Step> {
    let (at, until) = if order.scale > 0.0 { (during.start, during.end) } else { (during.end, during.start) };
    let mut walk = Walk::new(source, at, until, order, NOW);
    std::iter::from_fn(|| walk.next()).take(most).collect()
}

fn numbers(source: &Source, steps: &[Step]) -> Vec<u32> {
    steps.iter().map(|step| source.clip.pictures[step.place].presented).collect()
}

#[test]
fn a_moment_is_reached_from_the_key_frame_before_it() {
    let source = source(Coding::H264);
    let noon = recorded(source.camera, &(NOW - 3 * DAY..NOW), NOW)[1].start + 3_600_000;
    for at in (0..200).map(|i| noon + i * 7_919_333 % 3_600_000) {
        let steps = steps(&source, at..at + 1, PLAIN, 100);
        assert!(source.clip.pictures[steps[0].place].random_access, "a decoder can begin there");
        let wanted = (picture_at(at + 1, 12) - 1).rem_euclid(120) as u32;
        assert_eq!(*numbers(&source, &steps).last().unwrap(), wanted, "{at}");
        assert!(steps.len() <= 24);
    }
}

#[test]
fn forwards_nothing_is_left_out_and_gaps_are_marked() {
    let source = source(Coding::H264);
    let spans = recorded(source.camera, &(NOW - 3 * DAY..NOW), NOW);
    let steps = steps(&source, spans[0].end - 5000..spans[1].start + 5000, PLAIN, 1000);
    let gap = steps.iter().position(|step| step.after_gap).expect("there is a gap");
    assert!(steps[gap].discontinuity && source.clip.pictures[steps[gap].place].random_access);
    for part in [&steps[..gap], &steps[gap..]] {
        for pair in numbers(&source, part).windows(2) {
            assert_eq!(pair[1], (pair[0] + 1) % 120);
        }
    }
    assert!(steps[gap].moment >= spans[1].start && steps[gap - 1].moment < spans[0].end);
    let across = steps[gap].elapsed - steps[gap - 1].elapsed;
    assert!((0..=200).contains(&across), "the gap takes no time: {across} ms");
}

#[test]
fn backwards_groups_come_from_the_last_and_their_pictures_forwards() {
    let source = source(Coding::H264);
    let at = recorded(source.camera, &(NOW - 3 * DAY..NOW), NOW)[1].start + 3_600_000;
    let order = Order { scale: -1.0, ..PLAIN };
    let steps = steps(&source, at - 10_000..at, order, 1000);
    let mut groups: Vec<Vec<Step>> = Vec::new();
    for step in steps {
        if source.clip.pictures[step.place].random_access {
            groups.push(Vec::new());
        }
        groups.last_mut().expect("begins with a key frame").push(step);
    }
    assert!(groups.len() >= 5);
    for group in &groups {
        assert!(group.windows(2).all(|pair| pair[0].moment < pair[1].moment));
    }
    for pair in groups.windows(2) {
        assert!(pair[1].last().unwrap().moment < pair[0][0].moment && pair[1][0].discontinuity);
    }
}

#[test]
fn key_frames_alone_are_as_far_apart_as_asked() {
    let source = source(Coding::H265OpenGop);
    let at = recorded(source.camera, &(NOW - 3 * DAY..NOW), NOW)[1].start + 3_600_000;
    for (scale, interval) in [(8.0, 0), (1.0, 4000), (-16.0, 4000)] {
        let order = Order { scale, intra: Some(interval), ..PLAIN };
        let steps = steps(&source, at..at + 60_000, order, 1000);
        assert!(steps.iter().all(|step| source.clip.pictures[step.place].random_access));
        let apart = |pair: &[Step]| (pair[1].moment - pair[0].moment).abs();
        assert!(
            steps.len() > 10 && steps.windows(2).all(|pair| apart(pair) >= interval.max(1900)),
            "{scale}"
        );
    }
}

#[test]
fn the_moment_of_a_number_is_known_to_a_millisecond() {
    let source = source(Coding::H264);
    let at = recorded(source.camera, &(NOW - 3 * DAY..NOW), NOW)[1].start + 3_600_000;
    for step in steps(&source, at..at + 5000, PLAIN, 100) {
        let number = picture_at(step.moment, 12);
        assert_eq!(moment_of(number, 12), step.moment);
        assert_eq!(number.rem_euclid(120), i64::from(source.clip.pictures[step.place].presented));
    }
}

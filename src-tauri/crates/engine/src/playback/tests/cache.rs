use std::time::Duration;

use model::Period;

use super::super::cache::{Behind, Cache, Due, Way};
use super::{seconds, unit};

/// One picture a second, a key frame every four.
fn send(cache: &mut Cache, from: i32, until: i32, way: Way) {
    for at in from..until {
        let key = at % 4 == 0;
        if key || way != Way::KeyFrames {
            cache.take(seconds(f64::from(at)), unit(key), false, way);
        }
    }
}

fn picture(group: f64, at: f64) -> Due {
    Due::Picture { group: seconds(group), at: seconds(at) }
}

#[test]
fn the_picture_that_is_due_is_the_last_one_that_is_not_later() {
    let mut cache = Cache::default();
    send(&mut cache, 2, 11, Way::Forward);
    assert_eq!(
        cache.due(seconds(3.5), None),
        Due::Missing,
        "before the first key frame nothing can be decoded"
    );
    assert_eq!(cache.due(seconds(4.0), None), picture(4.0, 4.0));
    assert_eq!(cache.due(seconds(7.9), None), picture(4.0, 7.0), "the group is whole");
    assert_eq!(cache.due(seconds(9.2), None), picture(8.0, 9.0));
    assert_eq!(cache.due(seconds(10.5), None), Due::Missing, "a picture of 10.4 may be on its way");
    assert_eq!(cache.known_until(seconds(5.0), false), seconds(10.0));
    assert!(cache.covers(Period::between(seconds(4.0), seconds(10.0))));
}

#[test]
fn neighbours_go_across_groups() {
    let mut cache = Cache::default();
    send(&mut cache, 0, 10, Way::Forward);
    assert_eq!(cache.neighbour(seconds(3.0), false), Some(seconds(4.0)));
    assert_eq!(cache.neighbour(seconds(4.0), true), Some(seconds(3.0)));
    assert_eq!(cache.neighbour(seconds(0.0), true), None);
    assert_eq!(cache.neighbour(seconds(9.0), false), None);
    for at in 1..8 {
        let there = cache.neighbour(seconds(f64::from(at)), false).unwrap();
        assert_eq!(cache.neighbour(there, true), Some(seconds(f64::from(at))), "there and back");
    }
}

/// Groups of four seconds, a picture a second; those of the last two before a key frame are sent behind it.
fn open_group(cache: &mut Cache, key: f64, way: Way) {
    for (off, random_access) in [(0.0, true), (-2.0, false), (-1.0, false), (1.0, false)] {
        cache.take(seconds(key + off), unit(random_access), false, way);
    }
}

#[test]
fn in_an_open_group_the_last_pictures_before_a_key_frame_are_found_behind_it() {
    let mut cache = Cache::default();
    for key in [0.0, 4.0, 8.0] {
        open_group(&mut cache, key, Way::Forward);
    }
    assert_eq!(cache.due(seconds(1.5), None), picture(0.0, 1.0));
    assert_eq!(cache.due(seconds(2.0), None), picture(4.0, 2.0));
    assert_eq!(cache.due(seconds(3.9), None), picture(4.0, 3.0));
    assert_eq!(cache.due(seconds(4.0), None), picture(4.0, 4.0));
    assert_eq!(cache.before(seconds(4.0)), Some(seconds(0.0)), "they need the group before, too");
    for at in 0..9 {
        let at = f64::from(at);
        assert_eq!(cache.neighbour(seconds(at), false), Some(seconds(at + 1.0)));
        assert_eq!(cache.neighbour(seconds(at + 1.0), true), (at < 8.0).then_some(seconds(at)), "{at}");
    }
    assert_eq!(cache.due(seconds(-1.5), None), Due::Missing, "nothing is there that they need");
}

#[test]
fn what_is_shown_before_a_key_frame_is_waited_for_until_something_behind_it_comes() {
    let mut cache = Cache::default();
    open_group(&mut cache, 0.0, Way::Forward);
    cache.take(seconds(4.0), unit(true), false, Way::Forward);
    assert_eq!(cache.due(seconds(3.5), None), Due::Missing, "the pictures of 2 and 3 are on their way");
    cache.take(seconds(2.0), unit(false), false, Way::Forward);
    assert_eq!(cache.due(seconds(3.5), None), Due::Missing);
    cache.take(seconds(3.0), unit(false), false, Way::Forward);
    cache.take(seconds(5.0), unit(false), false, Way::Forward);
    assert_eq!(cache.due(seconds(3.5), None), picture(4.0, 3.0));
    assert_eq!(cache.due(seconds(2.5), None), picture(4.0, 2.0));
}

#[test]
fn behind_a_hole_the_pictures_shown_before_a_key_frame_are_no_pictures_of_the_group_before() {
    let mut cache = Cache::default();
    open_group(&mut cache, 0.0, Way::Forward);
    for (at, key) in [(4.0, true), (2.0, false), (3.0, false), (5.0, false)] {
        cache.take(seconds(at), unit(key), key, Way::Forward);
    }
    assert_eq!(cache.due(seconds(3.5), None), picture(0.0, 1.0));
    assert_eq!(cache.before(seconds(4.0)), None);
}

#[test]
fn what_is_sent_backwards_is_the_same_in_the_end() {
    let (mut forward, mut backward) = (Cache::default(), Cache::default());
    send(&mut forward, 0, 17, Way::Forward);
    for group in [12, 8, 4, 0] {
        send(&mut backward, group, group + 4, Way::Backward);
    }
    for at in 0..48 {
        let at = seconds(f64::from(at) / 4.0);
        assert_eq!(forward.due(at, None), backward.due(at, None), "{at}");
    }
    assert_eq!(backward.known_until(seconds(14.0), true), seconds(0.0));

    let mut open = Cache::default();
    for key in [8.0, 4.0, 0.0] {
        open_group(&mut open, key, Way::Backward);
    }
    assert_eq!(open.due(seconds(3.5), None), picture(4.0, 3.0));
    assert_eq!(open.due(seconds(6.5), None), picture(8.0, 6.0));
}

#[test]
fn pieces_fetched_apart_join_where_they_meet() {
    let mut cache = Cache::default();
    send(&mut cache, 8, 13, Way::Forward);
    cache.begin();
    send(&mut cache, 0, 9, Way::Forward);
    assert_eq!(cache.known_until(seconds(0.0), false), seconds(12.0));
    assert_eq!(cache.known_until(seconds(11.0), true), seconds(0.0));
}

#[test]
fn holes_are_told_from_what_is_missing() {
    let mut cache = Cache::default();
    send(&mut cache, 0, 6, Way::Forward);
    cache.take(seconds(60.0), unit(true), true, Way::Forward);
    assert_eq!(cache.due(seconds(5.5), None), picture(4.0, 5.0));
    assert_eq!(cache.due(seconds(30.0), None), Due::Hole);
    assert_eq!(cache.due(seconds(60.5), None), Due::Missing);
    assert_eq!(cache.neighbour(seconds(5.0), false), Some(seconds(60.0)), "a step goes across it");
    cache.end();
    assert_eq!(cache.due(seconds(70.0), None), Due::Hole, "nothing comes behind the end");
    cache.forget_end();
    assert_eq!(cache.due(seconds(70.0), None), Due::Missing, "unless it has gone on since");

    let mut asked = Cache::default();
    asked.note_hole(Period::between(seconds(10.0), seconds(20.0)));
    assert_eq!(asked.due(seconds(15.0), None), Due::Hole);
    assert_eq!(asked.due(seconds(20.0), None), Due::Missing);
}

#[test]
fn holes_that_were_met_are_passed_over_in_both_directions() {
    let mut asked = Cache::default();
    asked.note_hole(Period::between(seconds(10.0), seconds(20.0)));
    asked.note_hole(Period::between(seconds(20.0), seconds(30.0)));
    assert_eq!(asked.over_holes(seconds(12.0), false), seconds(30.0));
    assert_eq!(asked.over_holes(seconds(30.0), true), seconds(10.0));
    assert_eq!(asked.over_holes(seconds(40.0), true), seconds(40.0));
    assert_eq!(asked.over_holes(seconds(5.0), false), seconds(5.0));
}

#[test]
fn what_ends_with_its_address_goes_on_with_another_one() {
    let mut cache = Cache::default();
    send(&mut cache, 0, 6, Way::Forward);
    cache.end_before(seconds(6.0));
    assert_eq!(cache.due(seconds(5.9), None), picture(4.0, 5.0));
    assert_eq!(cache.due(seconds(6.0), None), Due::Missing, "it may go on there");
    assert_eq!(cache.known_until(seconds(1.0), false), seconds(6.0));
    // The next address begins with the key frame before, and tells times by ticks.
    cache.begin();
    for at in 4..9 {
        let at = f64::from(at);
        cache.take(seconds(at + 0.001), unit(at == 4.0 || at == 8.0), false, Way::Forward);
    }
    assert_eq!(cache.group(seconds(4.0)).unwrap().units.len(), 4, "no picture is there twice");
    assert_eq!(cache.known_until(seconds(1.0), false), seconds(8.001));
}

#[test]
fn a_hole_inside_a_group_ends_it_and_the_rest_waits_for_a_key_frame() {
    let mut cache = Cache::default();
    send(&mut cache, 0, 2, Way::Forward);
    cache.take(seconds(2.0), unit(false), true, Way::Forward);
    cache.take(seconds(3.0), unit(false), false, Way::Forward);
    send(&mut cache, 4, 6, Way::Forward);
    let group = cache.group(seconds(0.0)).unwrap();
    assert_eq!((group.units.len(), group.behind), (2, Behind::Hole(Some(seconds(2.0)))));
    assert_eq!(cache.due(seconds(4.5), None), picture(4.0, 4.0));
}

#[test]
fn key_frames_are_enough_at_high_speed_and_say_nothing_of_what_lies_between() {
    let mut cache = Cache::default();
    send(&mut cache, 0, 13, Way::KeyFrames);
    let coarse = Some(Duration::from_secs(20));
    assert_eq!(cache.due(seconds(7.0), coarse), picture(4.0, 4.0));
    assert_eq!(cache.due(seconds(7.0), None), Due::Missing);
    assert_eq!(cache.known_until_by(seconds(1.0), false, true), seconds(12.0));
    assert_eq!(cache.known_until_by(seconds(12.0), true, true), seconds(0.0));
    // Later the rest of a group comes.
    cache.begin();
    send(&mut cache, 4, 10, Way::Forward);
    assert_eq!(cache.due(seconds(7.0), None), picture(4.0, 7.0));
}

#[test]
fn the_beginning_of_all_recordings_is_known_once_it_was_met() {
    let mut cache = Cache::default();
    send(&mut cache, 4, 8, Way::Backward);
    send(&mut cache, 0, 4, Way::Backward);
    cache.begins_here();
    assert_eq!(cache.begins_at(), Some(seconds(0.0)));
}

#[test]
fn what_is_kept_is_bounded_and_near() {
    for back in [false, true] {
        let mut cache = Cache::default();
        let large = || {
            let mut unit = unit(true);
            unit.data = vec![0; 1 << 20].into();
            unit
        };
        for at in 0..200 {
            cache.take(seconds(f64::from(at)), large(), false, Way::Forward);
            cache.trim(seconds(100.0), back);
        }
        assert_ne!(cache.due(seconds(100.0), None), Due::Missing, "what is shown is there");
        let kept: Vec<_> = (0..200).filter(|at| cache.group(seconds(f64::from(*at))).is_some()).collect();
        assert!((16..=32).contains(&kept.len()), "{kept:?}");
        assert!(kept.iter().all(|at| (60..=140).contains(at)), "{kept:?}");
    }
}

use model::Moment;

use super::super::cache::{Cache, Way};
use super::super::feed::{Feed, Step, Target};
use super::{seconds, unit};

/// Three open groups of forty pictures a second each; the two before a key frame are sent behind it.
fn fetched() -> Cache {
    let mut cache = Cache::default();
    for key in [0_i32, 40, 80] {
        for n in [0, -2, -1].into_iter().chain(1..38) {
            cache.take(picture(key + n), unit(n == 0), false, Way::Forward);
        }
    }
    cache
}

fn picture(n: i32) -> Moment {
    seconds(f64::from(n))
}

fn target(cache: &Cache, group: i32, n: i32) -> Target {
    let (group, exact) = (picture(group), picture(n));
    let index = cache.group(group).unwrap().units.iter().position(|(at, _)| *at == exact).unwrap();
    let from = if exact < group { cache.before(group).unwrap() } else { group };
    Target { group, index, from }
}

/// Gives the decoder all that brings it to a target; tells which pictures those are.
fn given(cache: &Cache, feed: &mut Feed, target: &Target, behind: usize) -> Vec<Moment> {
    let mut given = Vec::new();
    while let Some((next, (at, _))) = feed.next_towards(target, behind, |key| cache.group(key)) {
        given.push(*at);
        *feed = next;
    }
    given
}

#[test]
fn a_picture_that_is_sent_behind_the_key_frame_after_it_needs_the_group_before() {
    let cache = fetched();
    let last = target(&cache, 40, 39);
    assert_eq!(last.from, picture(0));
    let mut feed = Feed::begin(last.from);
    let units = given(&cache, &mut feed, &last, 0);
    // 40 of the group before, the key frame, and both that are shown before it.
    assert_eq!(units.len(), 43);
    assert_eq!(units[40..], [picture(40), picture(38), picture(39)]);
    // The next picture by time is the key frame: the decoder has it.
    let key = target(&cache, 40, 40);
    assert_eq!(feed.step(&key, true, |key| cache.group(key)), Step::Wait);
    assert_eq!(feed.step(&target(&cache, 40, 41), false, |key| cache.group(key)), Step::GoOn(0));
}

#[test]
fn a_decoder_that_began_with_the_key_frame_has_left_them_out() {
    let cache = fetched();
    let mut feed = Feed::begin(picture(40));
    given(&cache, &mut feed, &target(&cache, 40, 45), 0);
    assert_eq!(feed.step(&target(&cache, 40, 39), false, |key| cache.group(key)), Step::Anew);
    assert_eq!(feed.step(&target(&cache, 40, 44), true, |key| cache.group(key)), Step::Wait);
    assert_eq!(feed.step(&target(&cache, 40, 60), true, |key| cache.group(key)), Step::GoOn(0));
}

#[test]
fn a_picture_that_the_decoder_holds_back_is_brought_out_by_those_behind_it_across_groups() {
    let cache = fetched();
    let last = target(&cache, 0, 37);
    let mut feed = Feed::begin(last.from);
    assert_eq!(given(&cache, &mut feed, &last, 0).last(), Some(&picture(37)));
    assert_eq!(feed.step(&last, true, |key| cache.group(key)), Step::Wait, "it may come yet");
    let Step::GoOn(behind) = feed.step(&last, false, |key| cache.group(key)) else { panic!("{feed:?}") };
    let more = given(&cache, &mut feed, &last, behind);
    assert_eq!((more.len(), more[0]), (17, picture(40)));
    assert_eq!(feed.step(&last, false, |key| cache.group(key)), Step::Anew, "nothing brings it out");

    // At the end of what has been fetched nothing is left to give.
    let end = target(&cache, 80, 117);
    let mut feed = Feed::begin(end.from);
    given(&cache, &mut feed, &end, 0);
    assert_eq!(feed.step(&end, false, |key| cache.group(key)), Step::Anew);
}

#[test]
fn the_next_group_is_gone_on_with_and_another_one_begun_with() {
    let cache = fetched();
    let end = target(&cache, 0, 37);
    let mut feed = Feed::begin(end.from);
    given(&cache, &mut feed, &target(&cache, 0, 20), 0);
    assert_eq!(feed.step(&target(&cache, 40, 50), false, |key| cache.group(key)), Step::Anew, "it is nearer");
    given(&cache, &mut feed, &end, 0);
    assert_eq!(feed.step(&target(&cache, 40, 50), false, |key| cache.group(key)), Step::GoOn(0));
    assert_eq!(feed.step(&target(&cache, 80, 90), false, |key| cache.group(key)), Step::Anew);
}

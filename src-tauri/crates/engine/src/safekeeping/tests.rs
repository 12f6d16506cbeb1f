use model::Moment;

use super::*;

const DAY: i64 = 24 * 3600 * 1000;
const NOW: i64 = 100 * DAY;

fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

fn copy(bookmark: &str, from_ms: i64, overwritten_ms: Option<i64>) -> SafeCopy {
    let period = Period { from: Moment::from_ms(from_ms), until: Moment::from_ms(from_ms + 60_000) };
    SafeCopy {
        bookmark: id(bookmark),
        by: Author { account: "an".to_owned(), name: "An".to_owned() },
        role: Role::Operator,
        at_ms: NOW,
        stretches: vec![Stretch { camera: id("camera"), period }],
        estimate: 10 * GB,
        overwritten_ms,
        state: SafeState::Waiting,
        text: String::new(),
        not_before_ms: 0,
        bytes: 0,
        package: None,
        sha256: None,
    }
}

fn safe() -> Safe {
    let mut safe = Safe::default();
    safe.ask(copy("later", NOW - 2 * DAY, Some(NOW + 20 * DAY))).unwrap();
    safe.ask(copy("unknown", NOW - 14 * DAY, None)).unwrap();
    safe.ask(copy("soon", NOW - 3 * DAY, Some(NOW + DAY / 2))).unwrap();
    safe
}

fn order(safe: &Safe) -> Vec<String> {
    let (mut safe, mut order) = (safe.clone(), Vec::new());
    while let Some(next) = safe.next(NOW, &|_| true).map(|copy| copy.bookmark.clone()) {
        order.push(next.to_string());
        safe.kept(&next, PathBuf::from("/p"), GB, "00".to_owned());
    }
    order
}

#[test]
fn what_is_overwritten_first_comes_first() {
    // The unknown one lies 14 days back: a day is left of the 15 that all recorders reach.
    assert_eq!(order(&safe()), ["soon", "unknown", "later"]);
}

#[test]
fn what_may_not_come_now_holds_up_nobody() {
    let safe = safe();
    let next = safe.next(NOW, &|copy| copy.bookmark != id("soon")).unwrap();
    assert_eq!(next.bookmark, id("unknown"));
    assert!(safe.next(NOW, &|_| false).is_none());
}

#[test]
fn what_did_not_work_is_tried_again_after_a_while_and_told_once() {
    let mut safe = safe();
    assert!(safe.failed(&id("soon"), "the link is lost", NOW));
    assert!(!safe.failed(&id("soon"), "the link is lost", NOW), "no news");
    assert_eq!(order(&safe), ["unknown", "later"]);
    assert_eq!(safe.next(NOW + PAUSE_MS, &|_| true).unwrap().bookmark, id("soon"));
    safe.again(&id("soon")).unwrap();
    assert_eq!(safe.next(NOW, &|_| true).unwrap().bookmark, id("soon"));
    assert_eq!(safe.again(&id("nobody")), Err(NotSafe::Unknown));
}

#[test]
fn copies_take_no_more_than_they_may() {
    let mut safe = safe();
    assert_eq!((safe.used(), safe.left()), (30 * GB, 20 * GB));
    safe.ask(copy("fourth", NOW, None)).unwrap();
    safe.ask(copy("fifth", NOW, None)).unwrap();
    assert_eq!(safe.ask(copy("sixth", NOW, None)), Err(NotSafe::Limit { needed: 10 * GB, left: 0 }));
    assert_eq!(safe.ask(copy("fifth", NOW, None)), Err(NotSafe::Already));
    // What is there counts as it is.
    safe.kept(&id("soon"), PathBuf::from("/p"), 3 * GB, "00".to_owned());
    assert_eq!(safe.left(), 7 * GB);
    safe.set_limit_gb(10);
    assert_eq!((safe.left(), safe.copies().len()), (0, 5), "a smaller limit removes nothing");
    safe.remove(&id("soon")).unwrap();
    assert_eq!(safe.remove(&id("soon")), Err(NotSafe::Unknown));
}

#[test]
fn exports_are_told_of_what_is_kept_and_of_nothing_else() {
    let mut safe = safe();
    let period = Period { from: Moment::from_ms(NOW - 3 * DAY), until: Moment::from_ms(NOW - 2 * DAY + 1) };
    assert!(safe.folders(&id("camera"), period).is_empty(), "nothing is kept yet");
    for bookmark in ["soon", "later", "unknown"] {
        safe.kept(&id(bookmark), PathBuf::from(bookmark), GB, "00".to_owned());
    }
    assert_eq!(safe.folders(&id("camera"), period), [PathBuf::from("later"), PathBuf::from("soon")]);
    assert!(safe.folders(&id("other"), period).is_empty());
}

#[test]
fn it_is_read_as_it_was_written() {
    let mut safe = safe();
    safe.kept(&id("soon"), PathBuf::from("/p"), GB, "00".to_owned());
    let text = serde_json::to_string(&safe).unwrap();
    assert_eq!(serde_json::from_str::<Safe>(&text).unwrap(), safe);
}

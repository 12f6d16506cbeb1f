//! What holds for every ledger, whoever writes it.

use proptest::prelude::*;

use super::judge::settle;
use super::pools::{Amount, Pools};
use super::*;
use crate::view::Short;

fn id(name: &str) -> Id {
    Id::new(name).unwrap()
}

fn me(client: u8, rank: u8) -> Me {
    Me { client: id(&format!("client {client}")), name: format!("person {client}"), rank }
}

/// A stream of a camera of the one recorder, in a site that carries 27 Mb/s.
fn entry(camera: u8, kind: Profile, want: Want) -> Entry {
    Entry {
        camera: id(&format!("camera {camera}")),
        kind,
        recorder: Some(id("recorder")),
        kbps: if kind == Profile::Main { 2000 } else { 256 },
        want,
        selected: false,
        site_kbps: Some(27_000),
        recorder_kbps: Some(18_000),
        viewers: Some(6),
        maybe_open: false,
        ticket: None,
        held_back: false,
    }
}

fn base(camera: u8) -> Entry {
    entry(camera, Profile::Sub, Want::Base)
}

fn upgrade(camera: u8) -> Entry {
    entry(camera, Profile::Main, Want::Upgrade)
}

fn leased(ledger: &Ledger, client: u8, entry: &Entry) -> u32 {
    let Some((p, s)) = ledger.find(&me(client, 0).client, &entry.camera, entry.kind) else { return 0 };
    ledger.parties[p].streams[s].leased
}

fn verdict(ledger: &Ledger, client: u8, entry: &Entry) -> Verdict {
    judge(ledger).verdict(ledger.find(&me(client, 0).client, &entry.camera, entry.kind).unwrap())
}

/// All of them, as their own client says that it has them open.
fn open(entries: &[Entry]) -> Vec<Entry> {
    entries.iter().map(|entry| Entry { maybe_open: true, ..entry.clone() }).collect()
}

fn full_camera() -> Ledger {
    (0..6).fold(Ledger::default(), |ledger, client| enter(&ledger, &me(client, 1), &open(&[base(0)])))
}

#[test]
fn the_seventh_viewer_waits_and_has_the_slot_by_the_write_that_frees_it() {
    let full = enter(&full_camera(), &me(6, 1), &[base(0)]);
    assert_eq!(leased(&full, 6, &base(0)), 0);
    assert_eq!(verdict(&full, 6, &base(0)), Verdict::Out(Short::Viewers));
    let freed = enter(&full, &me(2, 1), &[]);
    assert_eq!(leased(&freed, 6, &base(0)), 256);
    let buried = bury(&full, |client| *client == me(4, 0).client);
    assert_eq!(leased(&enter(&buried, &me(0, 1), &open(&[base(0)])), 6, &base(0)), 256);
}

#[test]
fn a_higher_rank_takes_from_the_last_of_the_lower_but_only_when_that_one_has_closed() {
    let asked = enter(&full_camera(), &me(6, 2), &[base(0)]);
    assert_eq!(verdict(&asked, 6, &base(0)), Verdict::Holds);
    assert_eq!(leased(&asked, 6, &base(0)), 0, "six are open still");
    for client in 0..5 {
        assert_eq!(verdict(&asked, client, &base(0)), Verdict::Holds, "{client} came before 5");
    }
    assert_eq!(verdict(&asked, 5, &base(0)), Verdict::Out(Short::Viewers));
    let unclosed = enter(&asked, &me(5, 1), &open(&[base(0)]));
    assert_eq!(unclosed, asked);
    let closed = enter(&asked, &me(5, 1), &[base(0)]);
    assert_eq!((leased(&closed, 5, &base(0)), leased(&closed, 6, &base(0))), (0, 256));
    // And back again, before anybody who asked later.
    let later = enter(&closed, &me(7, 1), &[base(0)]);
    let gone = enter(&later, &me(6, 2), &[]);
    assert_eq!((leased(&gone, 5, &base(0)), leased(&gone, 7, &base(0))), (256, 0));
}

#[test]
fn first_pictures_go_before_better_ones_among_equals() {
    let mains: Vec<Entry> = (0..9).flat_map(|camera| [base(camera), upgrade(camera)]).collect();
    let first = enter(&Ledger::default(), &me(0, 1), &mains);
    assert_eq!((0..9).filter(|camera| leased(&first, 0, &upgrade(*camera)) > 0).count(), 9, "18 Mb/s");
    assert!((0..9).all(|camera| leased(&first, 0, &base(camera)) == 0), "nobody holds both for nothing");
    let second = enter(&first, &me(1, 1), &[base(0), upgrade(0)]);
    assert_eq!(verdict(&second, 1, &base(0)), Verdict::Holds);
    assert_eq!(verdict(&second, 1, &upgrade(0)), Verdict::Out(Short::Recorder));
    assert_eq!(
        verdict(&second, 0, &upgrade(8)),
        Verdict::Out(Short::Recorder),
        "the last better picture goes"
    );
    assert_eq!(verdict(&second, 0, &base(8)), Verdict::Holds, "and its camera keeps the first");
}

#[test]
fn only_what_somebody_has_selected_darkens_a_lower_rank() {
    let subs: Vec<Entry> = (0..70).map(base).collect();
    let out = |ledger: &Ledger| {
        (0..70).filter(|camera| verdict(ledger, 0, &base(*camera)) != Verdict::Holds).count()
    };
    let district = enter(&Ledger::default(), &me(0, 1), &open(&subs));
    let plain = enter(&district, &me(1, 2), &[base(0), upgrade(0)]);
    assert_eq!(verdict(&plain, 1, &base(0)), Verdict::Holds);
    assert_eq!(verdict(&plain, 1, &upgrade(0)), Verdict::Out(Short::Recorder));
    assert_eq!(out(&plain), 1, "a first picture for a first picture");
    let selected = Entry { selected: true, ..upgrade(0) };
    let enlarged = enter(&plain, &me(1, 2), &[base(0), selected.clone()]);
    assert_eq!(verdict(&enlarged, 1, &selected), Verdict::Holds);
    assert_eq!(out(&enlarged), 8, "62 of them fit beside 2 of the 18 Mb/s");
}

#[test]
fn a_better_picture_has_the_slot_of_the_first_once_that_is_closed() {
    let ledger = enter(&full_camera(), &me(0, 1), &[open(&[base(0)]), vec![upgrade(0)]].concat());
    assert_eq!(verdict(&ledger, 0, &upgrade(0)), Verdict::Holds);
    assert_eq!(verdict(&ledger, 0, &base(0)), Verdict::Out(Short::Viewers), "no seventh session for both");
    assert_eq!(leased(&ledger, 0, &upgrade(0)), 0);
    let exchanged = enter(&ledger, &me(0, 1), &[base(0), upgrade(0)]);
    assert_eq!((leased(&exchanged, 0, &base(0)), leased(&exchanged, 0, &upgrade(0))), (0, 2000));
    // With room for both, the first stays until its client has closed it.
    let roomy = enter(&Ledger::default(), &me(0, 1), &open(&[base(0)]));
    let both = enter(&roomy, &me(0, 1), &[open(&[base(0)]), vec![upgrade(0)]].concat());
    assert_eq!((leased(&both, 0, &base(0)), leased(&both, 0, &upgrade(0))), (256, 2000));
    assert_eq!(verdict(&both, 0, &base(0)), Verdict::Spare);
}

#[test]
fn what_is_not_needed_goes_when_somebody_asks() {
    let lingering = open(&[entry(0, Profile::Sub, Want::Nothing)]);
    let alone = enter(&Ledger::default(), &me(0, 9), &lingering);
    assert_eq!(verdict(&alone, 0, &lingering[0]), Verdict::Spare);
    let asked = (1..7).fold(alone, |ledger, client| enter(&ledger, &me(client, 1), &[base(0)]));
    assert_eq!(verdict(&asked, 0, &lingering[0]), Verdict::Out(Short::Viewers), "whatever its client's rank");
}

#[test]
fn a_relayed_camera_takes_of_the_line_alone() {
    let relayed = |camera| Entry { recorder: None, recorder_kbps: None, viewers: None, ..base(camera) };
    let ledger = enter(&full_camera(), &me(6, 0), &[relayed(0)]);
    assert_eq!(leased(&ledger, 6, &relayed(0)), 256);
    let narrow = Entry { site_kbps: Some(255), ..relayed(1) };
    let ledger = enter(&Ledger::default(), &me(0, 0), std::slice::from_ref(&narrow));
    assert_eq!(verdict(&ledger, 0, &narrow), Verdict::Out(Short::Site));
}

#[test]
fn who_comes_back_is_entered_as_he_is_and_too_much_is_given_back_in_order() {
    // The store was emptied; a newcomer was quicker than two of those who had the slots.
    let newcomer = enter(&Ledger::default(), &me(9, 1), &open(&[base(0)]));
    let back = |ledger: &Ledger, client: u8| {
        let had = Entry { maybe_open: true, ticket: Some(u64::from(client)), ..base(0) };
        enter(ledger, &me(client, 1), &[had])
    };
    let newcomer = Ledger { next: 50, ..newcomer };
    let mut late = newcomer.clone();
    late.parties[0].streams[0].ticket = 40;
    let all = (0..6).fold(late, |ledger, client| back(&ledger, client));
    assert_eq!((0..6).filter(|client| leased(&all, *client, &base(0)) > 0).count(), 6);
    assert_eq!(leased(&all, 9, &base(0)), 256, "seven are open, and that is what it says");
    assert_eq!(verdict(&all, 9, &base(0)), Verdict::Out(Short::Viewers));
}

#[test]
fn a_held_back_wish_is_not_entered_but_an_open_stream_is() {
    let entries =
        [Entry { held_back: true, ..base(0) }, Entry { held_back: true, maybe_open: true, ..base(1) }];
    let ledger = enter(&Ledger::default(), &me(0, 0), &entries);
    assert_eq!(ledger.parties[0].streams.len(), 1);
    assert_eq!(leased(&ledger, 0, &base(1)), 256);
}

#[test]
fn rates_that_wander_write_nothing() {
    let ledger = enter(&Ledger::default(), &me(0, 0), &open(&[base(0)]));
    let with = |kbps| enter(&ledger, &me(0, 0), &open(&[Entry { kbps, ..base(0) }]));
    assert_eq!(with(210), ledger);
    assert_eq!(leased(&with(200), 0, &base(0)), 200);
    assert_eq!(leased(&with(300), 0, &base(0)), 300);
}

#[test]
fn a_strangers_bytes_are_damage_and_a_later_version_is_left_alone() {
    let ledger = enter(&Ledger::default(), &me(0, 1), &open(&[base(0), upgrade(0)]));
    let sound = String::from_utf8(encode(&ledger).unwrap()).unwrap();
    assert_eq!(parse(sound.as_bytes()), Ok(ledger));
    let change = |from: &str, to: &str| {
        assert!(sound.contains(from), "{from} is in {sound}");
        parse(sound.replacen(from, to, 1).as_bytes())
    };
    for (from, to) in [
        ("\"version\":1", "\"version\":0"),
        ("\"version\":1", "\"version\":-1"),
        ("\"next\":2", "\"next\":1"),
        ("\"next\":2", "\"next\":9007199254740992"),
        ("\"next\":2", "\"next\":1e99"),
        ("\"r\":0", "\"r\":7"),
        ("\"n\":256", "\"n\":0"),
        ("\"n\":256", "\"n\":4294967295"),
        ("\"l\":256", "\"l\":257"),
        ("\"k\":\"main\"", "\"k\":\"sub\""),
        ("\"w\":\"upgrade\"", "\"w\":\"base\""),
        ("person 0", "person\\u0000"),
        ("client 0", ""),
        ("\"rank\":1", "\"rank\":256"),
        ("\"rank\":1", "\"rank\":1,\"more\":1"),
    ] {
        assert_eq!(change(from, to), Err(Unreadable::Damaged), "{from} → {to}");
    }
    assert_eq!(change("\"version\":1", "\"version\":2"), Err(Unreadable::Newer));
    for bytes in [&b""[..], b"null", b"[]", b"{}", b"\xff", &sound.as_bytes()[..sound.len() - 1]] {
        assert_eq!(parse(bytes), Err(Unreadable::Damaged));
    }
    let huge = format!("{sound}{}", " ".repeat(600_000));
    assert_eq!(parse(huge.as_bytes()), Err(Unreadable::Damaged));
    let twice = format!("{{\"version\":1,\"next\":9,\"parties\":[{0},{0}]}}", {
        let from = sound.find('[').unwrap() + 1;
        &sound[from..sound.len() - 2]
    });
    assert_eq!(parse(twice.as_bytes()), Err(Unreadable::Damaged));
    let crowd = (0..70).fold(Ledger::default(), |ledger, client| enter(&ledger, &me(client, 0), &[base(0)]));
    assert!(encode(&crowd).is_err(), "what nobody would read is not written");
}

/// A client's wishes: which cameras, which of them larger, selected, open.
fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let one = (0..8_u8, 0..8_u8, any::<bool>(), 0..3000_u32);
    prop::collection::vec(one, 0..8).prop_map(|all| {
        let mut entries: Vec<Entry> = Vec::new();
        for (camera, what, selected, kbps) in all {
            let mut of_one = match what {
                0 => vec![upgrade(camera)],
                1 => vec![entry(camera, Profile::Main, Want::Base)],
                2 => vec![entry(camera, Profile::Sub, Want::Nothing)],
                3..=5 => vec![base(camera), upgrade(camera)],
                _ => vec![base(camera)],
            };
            for entry in &mut of_one {
                entry.selected = selected;
                // Narrow, so that everything is short: 3 viewers, 6 and 9 Mb/s.
                (entry.viewers, entry.recorder_kbps, entry.site_kbps) = (Some(3), Some(6000), Some(9000));
                entry.recorder = Some(id(if camera < 4 { "first" } else { "second" }));
                if entry.kind == Profile::Main {
                    entry.kbps = kbps + 1;
                }
                if camera % 4 == 0 {
                    (entry.recorder, entry.recorder_kbps, entry.viewers) = (None, None, None);
                }
            }
            entries.retain(|entry| entry.camera != of_one[0].camera);
            entries.extend(of_one);
        }
        entries
    })
}

/// Says of what is leased that it is open, as a client does that opens at once.
fn truthful(ledger: &Ledger, client: u8, entries: &[Entry]) -> Vec<Entry> {
    let truth = |entry: &Entry| {
        let open = leased(ledger, client, entry) > 0;
        Entry { maybe_open: open, ..entry.clone() }
    };
    entries.iter().map(truth).collect()
}

fn exceeded(ledger: &Ledger) -> bool {
    let pools = Pools::leased(ledger);
    ledger.streams().any(|(_, party, stream)| pools.is_exceeded(&Amount::session(party, stream, 1)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn no_limit_is_exceeded_and_nobody_is_passed_over(
        schedule in prop::collection::vec((0..5_u8, entries(), 0..10_u8), 1..25)
    ) {
        let mut ledger = Ledger::default();
        for (client, entries, fate) in schedule {
            let mut next = if fate == 0 {
                bury(&ledger, |id| *id == me(client, 0).client)
            } else {
                let entries = truthful(&ledger, client, &entries);
                let next = enter(&ledger, &me(client, client / 2), &entries);
                let told = truthful(&next, client, &entries);
                prop_assert_eq!(&enter(&next, &me(client, client / 2), &told), &next, "entering twice changes nothing");
                next
            };
            prop_assert!(!exceeded(&next));
            prop_assert_eq!(parse(&encode(&next).unwrap()), Ok(next.clone()));

            // What is due does not depend on what is leased.
            let judgement = judge(&next);
            let mut bare = next.clone();
            bare.parties.iter_mut().flat_map(|party| &mut party.streams).for_each(|stream| stream.leased = 0);
            let due = |judgement: &Judgement| -> Vec<_> {
                let holds = |at: &&(usize, usize)| judgement.verdict(**at) == Verdict::Holds;
                judgement.line.iter().filter(holds).copied().collect()
            };
            prop_assert_eq!(due(&judgement), due(&judge(&bare)));
            passed_over(&next, &judgement)?;

            settle(&mut next);
            ledger = next;
        }
    }
}

/// Nobody waits who would fit beside those before him, and all who are due fit together.
fn passed_over(ledger: &Ledger, judgement: &Judgement) -> Result<(), TestCaseError> {
    let mut pools = Pools::empty(ledger);
    for &(p, s) in &judgement.line {
        let (party, stream) = (&ledger.parties[p], &ledger.parties[p].streams[s]);
        let needs = Amount::session(party, stream, stream.kbps);
        let first = party.streams.iter().enumerate().find(|(_, other)| {
            stream.want == Want::Upgrade && other.want == Want::Base && other.camera == stream.camera
        });
        let takes_its_place = match judgement.verdict((p, s)) {
            // The first picture of a camera whose better one is due was due before it.
            Verdict::Spare | Verdict::Out(_)
                if stream.want == Want::Base && has_better(ledger, judgement, (p, s)) =>
            {
                true
            }
            verdict => {
                if let Some((_, base)) = first.filter(|_| verdict == Verdict::Holds) {
                    pools.give_back(&Amount::session(party, base, base.kbps));
                }
                let fits = pools.short(&needs).is_none();
                let blocked = first.is_some_and(|(b, _)| judgement.verdict((p, b)) != Verdict::Holds);
                if verdict == Verdict::Holds {
                    prop_assert!(fits, "it is due and does not fit");
                } else if first.is_none() {
                    prop_assert!(!fits, "it fits and has to wait");
                } else if !blocked {
                    let base = first.map(|(_, base)| Amount::session(party, base, base.kbps)).unwrap();
                    let mut without = pools.clone();
                    without.give_back(&base);
                    prop_assert!(
                        without.short(&needs).is_some(),
                        "it fits in place of the first and has to wait"
                    );
                }
                verdict == Verdict::Holds
            }
        };
        if takes_its_place {
            pools.take(&needs);
        }
    }
    Ok(())
}

fn has_better(ledger: &Ledger, judgement: &Judgement, (p, s): (usize, usize)) -> bool {
    let camera = &ledger.parties[p].streams[s].camera;
    ledger.parties[p].streams.iter().enumerate().any(|(u, other)| {
        other.want == Want::Upgrade && other.camera == *camera && judgement.verdict((p, u)) == Verdict::Holds
    })
}

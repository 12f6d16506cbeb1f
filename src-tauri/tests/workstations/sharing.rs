//! Ten workstations on one site of the simulated province, each with its walls, its sessions and its place among the
//! clients of a NATS server: what they take together, who goes before whom, and what is left of those that are gone.

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{self, CAP, Nats, Room, SITE_MBPS, Stage};
use leases::State;

/// What the killed workstation is told: which server, and where the devices are.
const CHILD: &str = "WATCHWALL_TEST_WORKSTATION";

#[test]
fn ten_workstations_share_one_site() {
    if let Ok(told) = std::env::var(CHILD) {
        return support::workstation(&told);
    }
    let _turn = support::turn();
    let Some(mut nats) = Nats::start() else { return };
    let stage = Stage::new();
    let mut rooms: Vec<Room> = (0..10)
        .map(|nth| Room::open(&stage, &nats.url(), &format!("huyện {nth}"), 5, stage.window(nth)))
        .collect();
    under_the_cap(&stage, &rooms);
    a_higher_rank_goes_before(&stage, &nats, &mut rooms);
    a_killed_one_is_forgotten(&stage, &nats, &mut rooms);
    without_its_server_nothing_goes_dark(&stage, &mut nats, &rooms);
    let began = Instant::now();
    std::thread::scope(|all| {
        for room in rooms {
            let leaving = std::thread::Builder::new().name("leave".to_owned());
            leaving.spawn_scoped(all, move || drop(room)).unwrap();
        }
    });
    println!("all have left after {:?}", began.elapsed());
}

/// Together they want more than the line carries and more than six viewers of most cameras.
fn under_the_cap(stage: &Stage, rooms: &[Room]) {
    let joined = stage.until(rooms, "all share", |_| rooms.iter().all(|room| room.clients() == rooms.len()));
    println!("all share after {joined:?}");
    stage.pass(rooms, Duration::from_secs(3));
    let (streams, before, began) = (open(rooms), received(rooms), Instant::now());
    // Long enough that what a busy machine reads late does not count as sent faster, and that measured rates have replaced
    // what cameras are said to send.
    let seen = stage.pass(rooms, Duration::from_secs(15));
    let mbps = (received(rooms) - before) as f64 * 8e-6 / began.elapsed().as_secs_f64();
    println!(
        "{streams} streams of 160 open; {mbps:.2} Mb/s of {SITE_MBPS} over {:.1?}; at most {} viewers",
        began.elapsed(),
        seen.viewers
    );
    assert!(mbps <= CAP, "{mbps} Mb/s");
    assert!(mbps > CAP * 0.8, "a line that is wanted is used: {mbps} Mb/s");
    assert_eq!(seen.viewers, 6, "of the cameras that most want, all places are taken and none too many");
    assert_eq!(seen.refused, HashSet::new(), "no device had to refuse anybody");
    let standings = rooms.iter().flat_map(|room| room.standing().cameras);
    let named = standings.filter(|camera| camera.detail.contains("huyện")).count();
    assert!(named > 0, "who waits is told for whom");
}

fn a_higher_rank_goes_before(stage: &Stage, nats: &Nats, rooms: &mut Vec<Room>) {
    let began = Instant::now();
    rooms.push(Room::open(stage, &nats.url(), "tỉnh", 9, stage.window(0)));
    let joined = stage.until(rooms, "the province's room has joined", |seen| {
        assert!(seen.viewers <= 6);
        rooms.last().is_some_and(|room| room.clients() > 0)
    });
    stage.until(rooms, "all its streams are open", |seen| {
        assert!(seen.viewers <= 6, "never one too many, not for a moment");
        rooms.last().is_some_and(|room| room.feeds.tally().streams == 16)
    });
    println!(
        "the province's room joined after {joined:?} and had its 16 streams after {:?}",
        began.elapsed()
    );
    let seen = stage.pass(rooms, Duration::from_secs(2));
    assert!(seen.viewers <= 6, "{} viewers", seen.viewers);
    assert_eq!(seen.refused, HashSet::new());
    let live = rooms.last().map_or(0, |room| room.live().len());
    println!("and {live} of them live 2 s later");
}

fn a_killed_one_is_forgotten(stage: &Stage, nats: &Nats, rooms: &mut Vec<Room>) {
    // It goes before everybody and takes sixteen places; killed, it can give none of them back.
    let mut killed = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "sharing::ten_workstations_share_one_site", "--nocapture"])
        .env(CHILD, stage.told(&nats.url()))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(killed.stdout.take().unwrap()).lines();
    let watching = std::thread::Builder::new().name("hear".to_owned());
    let watching = watching.spawn(move || lines.map_while(Result::ok).any(|line| line.contains("watching")));
    let watching = watching.unwrap();
    stage.until(rooms, "it watches", |_| watching.is_finished());
    assert!(watching.join().unwrap());
    stage.until(rooms, "all know it", |_| rooms.iter().all(|room| room.clients() == rooms.len() + 1));
    stage.pass(rooms, Duration::from_secs(1));
    let pushed_out = open(rooms);
    killed.kill().unwrap();
    killed.wait().unwrap();
    let took = stage.until(rooms, "its places are taken again", |seen| {
        assert!(seen.viewers <= 6);
        rooms.iter().all(|room| room.clients() == rooms.len()) && open(rooms) >= pushed_out + 4
    });
    println!("killed: its places were free after {took:?}");
    let gone = rooms.pop();
    drop(gone);
    stage.until(rooms, "a goodbye is heard at once", |_| {
        rooms.iter().all(|room| room.clients() == rooms.len())
    });
}

fn without_its_server_nothing_goes_dark(stage: &Stage, nats: &mut Nats, rooms: &[Room]) {
    stage.pass(rooms, Duration::from_secs(2));
    let live: Vec<_> = rooms.iter().map(Room::live).collect();
    assert!(live.iter().map(HashSet::len).sum::<usize>() > 60);
    nats.kill();
    let lost = stage.until(rooms, "all have noticed", |_| {
        rooms.iter().all(|room| matches!(room.feeds.sharing(), State::Lost { .. }))
    });
    stage.pass(rooms, Duration::from_secs(3));
    for (room, before) in rooms.iter().zip(&live) {
        let dark: Vec<_> = before.difference(&room.live()).cloned().collect();
        assert!(dark.is_empty(), "{dark:?}");
    }
    println!("server killed: noticed after {lost:?}, nothing went dark");
}

fn open(rooms: &[Room]) -> usize {
    rooms.iter().map(|room| room.feeds.tally().streams).sum()
}

fn received(rooms: &[Room]) -> u64 {
    rooms.iter().map(|room| room.feeds.tally().bytes).sum()
}

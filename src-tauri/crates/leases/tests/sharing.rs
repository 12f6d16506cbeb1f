//! Rooms that share through a real server. Times are printed, never judged.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test: what fails ends it, and the times are for people"
)]

mod support;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use leases::Profile::{Main, Sub};
use leases::{Answer, Login, Server, Short, State, Trouble};
use model::{Credentials, Secret};

use support::{Nats, Room, clients, id, until, watch};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_rooms_fight_for_the_sixth_slot_and_a_province_takes_it() {
    let Some(nats) = Nats::start(&[]).await else { return };
    let five: Vec<Room> = (0..5).map(|n| Room::join(&nats, &format!("lan{n}@phong"), 1)).collect();
    let most = watch(&nats).await;
    five.iter().for_each(|room| room.want([0], Sub));
    until("five watch", || five.iter().all(|room| room.open() == 1)).await;

    let pair = [Room::join(&nats, "an@huyen", 1), Room::join(&nats, "binh@huyen", 1)];
    until("all are there", || pair.iter().all(|room| clients(room) == 7)).await;
    pair.iter().for_each(|room| room.want([0], Sub));
    let waits = |room: &Room| matches!(room.view().answer(&id("camera 0"), Sub), Answer::Waiting { short: Short::Viewers, by } if by.len() == 6);
    until("one has it, the other is told by whom", || {
        pair.iter().filter(|room| room.open() == 1).count() == 1
            && pair.iter().filter(|room| waits(room)).count() == 1
    })
    .await;

    let province = Room::join(&nats, "chi@tinh", 2);
    until("it is there", || clients(&province) == 8).await;
    province.want([0], Sub);
    let took = until("the province watches", || province.open() == 1).await;
    println!("takeover by rank: {took:?}");
    let lost = until("the loser waits", || pair.iter().all(|room| room.open() == 0)).await;
    println!("and seen by both: {lost:?}");
    let by = pair.iter().find(|room| room.darkened.load(Ordering::Relaxed)).map(|room| {
        match room.view().answer(&id("camera 0"), Sub) {
            Answer::Waiting { by, .. } => by[0].name.clone(),
            other => format!("{other:?}"),
        }
    });
    assert_eq!(by.as_deref(), Some("chi@tinh"));

    province.leave();
    let back = until("the loser has it again", || pair.iter().any(|room| room.open() == 1)).await;
    println!("regained after {back:?}");
    let winner = pair.iter().find(|room| room.open() == 1).unwrap();
    assert!(winner.darkened.load(Ordering::Relaxed), "the one that had it before");
    let most = most.lock().clone();
    assert_eq!(most.viewers, 6, "{most:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_rooms_with_sixteen_cameras_each_keep_to_the_line() {
    let Some(nats) = Nats::start(&[]).await else { return };
    let rooms: Vec<Room> =
        (0..10).map(|n| Room::join(&nats, &format!("room {n}"), if n < 3 { 2 } else { 1 })).collect();
    let most = watch(&nats).await;
    until("all are there", || rooms.iter().all(|room| clients(room) == 10)).await;
    let began = Instant::now();
    for (n, room) in rooms.iter().enumerate() {
        room.want((0..16).map(|camera| (camera + n) % 20), Sub);
        room.want((0..16).map(|camera| (camera + n) % 20), Main);
    }
    // 20 cameras with 6 viewers each: 120 of the 160 first pictures; 27 Mb/s carry 105 of them.
    let open = || rooms.iter().map(Room::open).sum::<usize>();
    let settled = until("the line is full", || {
        (most.lock().kbps > 26_700) && open() >= 100 && rooms.iter().all(|room| room.open() <= 16)
    })
    .await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let most_now = most.lock().clone();
    println!("{} streams open after {settled:?} ({:?} in all), {most_now:?}", open(), began.elapsed());
    assert!(most_now.kbps <= 27_000, "{most_now:?}");
    assert!(most_now.viewers <= 6, "{most_now:?}");

    let began = Instant::now();
    for room in &rooms {
        room.leave();
        room.leases.close(Duration::from_secs(30)).await;
    }
    println!("all given back after {:?}", began.elapsed());
    let newcomer = Room::join(&nats, "newcomer", 1);
    until("it is there", || clients(&newcomer) > 0).await;
    newcomer.want(0..20, Sub);
    until("everything is free", || newcomer.open() == 20).await;
}

/// The client that is killed: a process of its own, made from this test program.
#[test]
#[ignore = "run by the next test as a process of its own"]
fn a_client_that_is_killed() {
    let Ok(url) = std::env::var("LEASES_TEST_SERVER") else { return };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let room = Room::join_by(Server::new(&url, Login::None, None).unwrap(), "killed@huyen", 1);
        room.want([0], Sub);
        until("it watches", || room.open() == 1 && clients(&room) > 0).await;
        println!("watching");
        std::future::pending::<()>().await;
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_client_is_missed_and_its_slot_is_free() {
    let Some(nats) = Nats::start(&[]).await else { return };
    let mut killed = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", "a_client_that_is_killed"])
        .env("LEASES_TEST_SERVER", nats.url())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(killed.stdout.take().unwrap()).lines();
    let watching =
        tokio::task::spawn_blocking(|| lines.map_while(Result::ok).any(|line| line.contains("watching")));
    assert!(watching.await.unwrap());

    let rooms: Vec<Room> = (0..6).map(|n| Room::join(&nats, &format!("room {n}"), 1)).collect();
    rooms.iter().for_each(|room| room.want([0], Sub));
    until("five of six watch beside it", || rooms.iter().filter(|room| room.open() == 1).count() == 5).await;
    until("all are counted", || clients(&rooms[0]) == 7).await;
    killed.kill().unwrap();
    killed.wait().unwrap();
    let freed = until("the sixth watches", || rooms.iter().all(|room| room.open() == 1)).await;
    println!("freed after kill -9: {freed:?}");

    let mut rooms = rooms;
    let gone = rooms.pop().unwrap();
    rooms.push(Room::join(&nats, "late", 1));
    let last = rooms.last().unwrap();
    last.want([0], Sub);
    until("it waits", || {
        matches!(last.view().answer(&id("camera 0"), Sub), Answer::Waiting { short: Short::Viewers, .. })
    })
    .await;
    drop(gone);
    let freed = until("it watches", || last.open() == 1).await;
    println!("freed after a drop without goodbye: {freed:?}");
}

async fn server_dies(with_empty_store: bool) {
    let Some(mut nats) = Nats::start(&[]).await else { return };
    let rooms: Vec<Room> = (0..4).map(|n| Room::join(&nats, &format!("room {n}"), 1)).collect();
    rooms.iter().for_each(|room| room.want(0..16, Sub));
    until("all watch", || rooms.iter().all(|room| room.open() == 16)).await;
    nats.kill();
    until("all have seen it", || rooms.iter().all(|room| matches!(room.view().state(), State::Lost { .. })))
        .await;
    assert!(rooms.iter().all(|room| room.open() == 16));
    rooms[0].want([17], Sub);
    let granted = until("a new one is granted without it", || rooms[0].open() == 17).await;
    println!("granted without a server after {granted:?}");

    nats.restart(with_empty_store).await;
    let most = watch(&nats).await;
    let back = until("all are back", || rooms.iter().all(|room| clients(room) == 4)).await;
    println!("back after {back:?}");
    until("all is in the store again", || most.lock().kbps == 256 * 65).await;
    until("others' use is known again", || {
        rooms[1].view().site(&id("Trạm y tế Bình An")).is_some_and(|site| site.by.len() == 3)
    })
    .await;
    // New wishes are granted again some seconds later.
    rooms[1].want([18], Sub);
    let anew = until("it goes on", || rooms[1].open() == 17).await;
    println!("and something new after {anew:?}");
    assert!(rooms.iter().all(|room| !room.darkened.load(Ordering::Relaxed)), "nothing went dark");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_comes_back_finds_everything_open() {
    server_dies(false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_comes_back_with_an_empty_store_does_too() {
    server_dies(true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_server_everything_is_granted_and_what_is_wrong_is_said() {
    let nobody = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let server = Server::new(&format!("nats://127.0.0.1:{nobody}"), Login::None, None).unwrap();
    let room = Room::join_by(server, "alone", 1);
    room.want(0..16, Sub);
    until("all is granted", || room.open() == 16).await;
    assert!(matches!(room.view().state(), State::Lost { trouble: Trouble::Unreachable, .. }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_is_asked_for() {
    let Some(nats) = Nats::start(&["--user", "phong", "--pass", "mat-khau"]).await else { return };
    let login = |password: &str| {
        let password = Secret::new(password.to_owned());
        Login::Password(Credentials { user: "phong".to_owned(), password })
    };
    let join = |login| Room::join_by(Server::new(&nats.url(), login, None).unwrap(), "a", 1);
    let (right, wrong, without) = (join(login("mat-khau")), join(login("sai")), join(Login::None));
    let key = join(Login::NKey(Secret::new("not a seed".to_owned())));
    let file = join(Login::File("/nowhere/user.creds".into()));
    let is = |room: &Room, trouble: Trouble| matches!(room.view().state(), State::Lost { trouble: told, .. } if *told == trouble);
    until("the right one is in", || clients(&right) == 1).await;
    until("the others are told why not", || {
        [&wrong, &without, &key].iter().all(|room| is(room, Trouble::Login)) && is(&file, Trouble::LoginFile)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_encrypted_connection_trusts_only_its_roots() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    std::fs::write(path("cert.pem"), made.cert.pem()).unwrap();
    std::fs::write(path("key.pem"), made.signing_key.serialize_pem()).unwrap();
    let (cert, key) = (path("cert.pem"), path("key.pem"));
    let options = ["--tls", "--tlscert", cert.to_str().unwrap(), "--tlskey", key.to_str().unwrap()];
    let Some(nats) = Nats::start(&options).await else { return };
    let url = nats.url().replace("nats://", "tls://");
    let trusting = Room::join_by(Server::new(&url, Login::None, Some(cert.clone())).unwrap(), "a", 1);
    let other = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    std::fs::write(path("other.pem"), other.cert.pem()).unwrap();
    let doubting = Room::join_by(Server::new(&url, Login::None, Some(path("other.pem"))).unwrap(), "b", 1);
    until("one is in", || clients(&trusting) == 1).await;
    until("the other is not", || {
        matches!(doubting.view().state(), State::Lost { trouble: Trouble::Tls, .. })
    })
    .await;
}

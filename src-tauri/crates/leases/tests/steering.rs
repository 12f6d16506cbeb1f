//! Rooms that steer one camera, through a real server. Times are printed, never judged.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test: what fails ends it, and the times are for people"
)]

#[allow(dead_code, reason = "the other tests use the rest of it")]
mod support;

use leases::{AtHelm, Claim};
use model::Id;

use support::{Nats, Room, clients, id, until};

fn claim(person: &str, role: u8, take: bool) -> Claim {
    Claim { person: person.to_owned(), role, take }
}

fn at(room: &Room, camera: &Id) -> AtHelm {
    room.leases.at_helm(camera).unwrap()
}

/// Another one steers, and who may take it from there has at least that role.
fn is_other(room: &Room, camera: &Id, by: &str, least_role: Option<u8>) -> bool {
    at(room, camera) == AtHelm::Other { name: by.to_owned(), least_role }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_operators_and_a_supervisor_fight_for_a_camera() {
    let Some(nats) = Nats::start(&[]).await else { return };
    let rooms: Vec<Room> = ["máy 1", "máy 2", "máy 3"].map(|name| Room::join(&nats, name, 1)).into();
    let [lan, minh, chi] = &rooms[..] else { unreachable!() };
    until("all are there", || rooms.iter().all(|room| clients(room) == 3)).await;
    let camera = id("trạm/cổng chính");

    lan.leases.claim(&camera, claim("Lan", 1, false));
    let took = until("Lan steers", || at(lan, &camera) == AtHelm::Us).await;
    println!("a free camera is taken within {took:?}");
    minh.leases.claim(&camera, claim("Minh", 1, true));
    until("Minh is told who steers", || is_other(minh, &camera, "Lan · máy 1", Some(2))).await;

    chi.leases.claim(&camera, claim("Chi", 2, false));
    until("Chi is told that she may take it", || is_other(chi, &camera, "Lan · máy 1", Some(2))).await;
    chi.leases.claim(&camera, claim("Chi", 2, true));
    until("Lan is asked to let go", || {
        at(lan, &camera) == AtHelm::UsFor { name: "Chi · máy 3".to_owned() }
    })
    .await;
    assert_ne!(at(chi, &camera), AtHelm::Us, "not before Lan has let go");
    lan.leases.let_go(&camera);
    let took = until("Chi steers", || at(chi, &camera) == AtHelm::Us).await;
    println!("handed over within {took:?}");
    until("all see it", || {
        is_other(lan, &camera, "Chi · máy 3", Some(3)) && is_other(minh, &camera, "Chi · máy 3", Some(3))
    })
    .await;

    chi.leases.let_go(&camera);
    let took = until("Minh, who waits, steers", || at(minh, &camera) == AtHelm::Us).await;
    println!("given on within {took:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_answer_or_is_gone_loses_the_camera() {
    let Some(nats) = Nats::start(&[]).await else { return };
    let hangs = Room::join(&nats, "máy 1", 1);
    let province = Room::join(&nats, "tỉnh", 2);
    until("both are there", || clients(&hangs) == 2 && clients(&province) == 2).await;
    let camera = id("c");
    hangs.leases.claim(&camera, claim("", 2, false));
    until("it steers", || at(&hangs, &camera) == AtHelm::Us).await;
    province.leases.claim(&camera, claim("", 1, true));
    let took = until("the province steers", || at(&province, &camera) == AtHelm::Us).await;
    println!("taken from somebody who does not answer within {took:?}");
    until("and the other sees it", || is_other(&hangs, &camera, "tỉnh", None)).await;

    drop(province);
    let freed = until("it is free again", || at(&hangs, &camera) == AtHelm::Us).await;
    println!("free after a drop without goodbye: {freed:?}");
}

//! What is asked of a camera once, and what is told of it.

use std::sync::atomic::Ordering;

use model::{Point, Pose, Role};
use tokio::time::sleep;

use super::*;

#[tokio::test(start_paused = true)]
async fn the_first_push_is_on_the_wire_at_once() {
    let desk = Desk::with(Camera::new(Some(ms(1000)))).await;
    let pressed = tokio::time::Instant::now();
    desk.push();
    sleep(ms(1)).await;
    assert!(desk.camera.asked.lock()[0] - pressed < ms(1));
}

#[tokio::test(start_paused = true)]
async fn a_click_comes_to_the_middle_and_a_stop_is_said() {
    let desk = Desk::with(Camera::new(Some(ms(1000)))).await;
    let at = |x, y| Errand::Turn(Target::Point(Point::new(x, y)));
    let done = desk.steering.run(&id("c"), at(0.75, 0.5)).await.unwrap();
    let Done::Turning(reached) = done else { panic!("{done:?}") };
    assert!(!reached.at_limit && (reached.pose.pan - 113.6).abs() < 0.1, "{reached:?}");
    assert_eq!(*desk.camera.pose.lock(), reached.pose);
    assert_eq!(desk.status().moving, Moving::Ours);

    *desk.camera.pose.lock() = Pose { pan: 340.0, tilt: 0.0, zoom: 1.0 };
    let Done::Turning(reached) = desk.steering.run(&id("c"), at(0.75, 0.5)).await.unwrap() else { panic!() };
    assert_eq!((reached.pose.pan, reached.at_limit), (350.0, true));
    desk.until(|status| status.at_limit && status.pose == Some(reached.pose)).await;
}

#[tokio::test(start_paused = true)]
async fn presets_are_kept_listed_recalled_and_forgotten() {
    let desk = Desk::with(Camera::new(Some(ms(1000)))).await;
    let keep = |token: Option<&str>, name: &str| Errand::Keep {
        token: token.map(str::to_owned),
        name: name.to_owned(),
    };
    desk.steering.run(&id("c"), keep(None, "Cổng")).await.unwrap();
    desk.steering.run(&id("c"), keep(None, "Sân")).await.unwrap();
    let done = desk.steering.run(&id("c"), keep(Some("1"), "Cổng chính")).await.unwrap();
    let Done::Presets(list) = done else { panic!("{done:?}") };
    assert_eq!(list.len(), 2);
    desk.steering.run(&id("c"), Errand::Recall("2".to_owned())).await.unwrap();
    assert_eq!(*desk.camera.recalled.lock(), ["2"]);
    desk.steering.run(&id("c"), Errand::Forget("2".to_owned())).await.unwrap();
    assert_eq!(desk.status().presets.map(|list| list.len()), Some(1));
    assert_eq!(desk.steering.run(&id("c"), Errand::Home).await, Err(Fault::NotOffered.into()));
}

#[tokio::test(start_paused = true)]
async fn a_tour_goes_round_until_a_hand_moves_the_camera() {
    let desk = Desk::with(Camera::new(Some(ms(1000)))).await;
    let stop = |preset: &str, seconds| TourStop { preset: preset.to_owned(), seconds };
    let tour = Tour::try_from(vec![stop("1", 20), stop("2", 30)]).unwrap();
    desk.steering.start_tour(&id("c"), tour).await.unwrap();
    sleep(ms(72_000)).await;
    assert_eq!(*desk.camera.recalled.lock(), ["1", "2", "1", "2"]);
    assert!(desk.status().touring && desk.status().holder == Holder::Us, "stillness on a stop frees nothing");
    desk.push();
    assert!(!desk.status().touring);
    sleep(ms(120_000)).await;
    assert_eq!(desk.camera.recalled.lock().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn where_it_points_is_asked_often_only_while_it_moves() {
    let desk = Desk::with(Camera::new(Some(ms(1000)))).await;
    let asked = || desk.camera.looks.load(Ordering::SeqCst);
    sleep(ms(5000)).await;
    let before = asked();
    sleep(ms(10_000)).await;
    assert_eq!(asked() - before, 5, "its controls are open");
    let before = asked();
    desk.hold(ms(3000)).await;
    assert!((9..=15).contains(&(asked() - before)), "2 to 5 times a second: {}", asked() - before);
    desk.steering.look_at(&[]);
    sleep(ms(10_000)).await;
    let before = asked();
    sleep(ms(60_000)).await;
    assert_eq!(asked(), before, "nobody looks");
}

#[tokio::test(start_paused = true)]
async fn somebody_elses_movement_is_told() {
    let desk = Desk::with(Camera::new(Some(ms(10_000)))).await;
    desk.camera.turn(Some(Velocity { pan: 1.0, ..Velocity::STILL }));
    desk.until(|status| status.moving == Moving::Others).await;
    desk.camera.turn(None);
    desk.until(|status| status.moving == Moving::Still).await;
}

#[tokio::test(start_paused = true)]
async fn stop_is_for_everybodys_movements() {
    let desk = Desk::with(Camera::new(None)).await;
    desk.camera.turn(Some(Velocity { pan: 1.0, ..Velocity::STILL }));
    desk.steering.run(&id("c"), Errand::Stop).await.unwrap();
    desk.until(|status| status.moving == Moving::Still).await;
    assert!(!desk.camera.turns());
}

#[tokio::test(start_paused = true)]
async fn a_viewer_moves_nothing() {
    let desk = Desk::with(Camera::new(None)).await;
    desk.people.play_role(Role::Viewer);
    let denied = Refused::Denied(Denied::NoRight(Action::Move));
    assert_eq!(desk.steering.push(&id("c"), RIGHT), Err(denied.clone()));
    for errand in [Errand::Stop, Errand::Home, Errand::TakeOver, Errand::Recall("1".to_owned())] {
        assert_eq!(desk.steering.run(&id("c"), errand).await, Err(denied.clone()));
    }
    let stop = |preset: &str| TourStop { preset: preset.to_owned(), seconds: 20 };
    let tour = Tour::try_from(vec![stop("1"), stop("2")]).unwrap();
    assert_eq!(desk.steering.start_tour(&id("c"), tour).await, Err(denied));
    assert!(desk.camera.asked.lock().is_empty() && desk.camera.recalled.lock().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_mount_that_is_set_up_once_is_moved_by_administrators_who_have_confirmed_it() {
    let mut camera = Camera::new(Some(ms(1000)));
    camera.set_up_only = true;
    let desk = Desk::with(camera).await;
    let denied = Refused::Denied(Denied::NoRight(Action::ManageInventory));
    assert_eq!(desk.steering.push(&id("c"), RIGHT), Err(denied.clone()), "a supervisor");
    assert_eq!(desk.steering.run(&id("c"), Errand::Unlock(true)).await, Err(denied));
    desk.people.play_role(Role::Administrator);
    assert_eq!(desk.steering.push(&id("c"), RIGHT), Err(Refused::Locked));
    desk.steering.run(&id("c"), Errand::Unlock(true)).await.unwrap();
    desk.hold(ms(500)).await;
    assert!(desk.camera.turns());
    sleep(ms(301_000)).await;
    assert_eq!(desk.steering.push(&id("c"), RIGHT), Err(Refused::Locked), "five minutes untouched");
}

#[tokio::test(start_paused = true)]
async fn who_has_turned_a_camera_and_left_it_so_is_known_until_it_is_back_at_a_preset() {
    let desk = Desk::with(Camera::new(Some(ms(1000)))).await;
    assert!(desk.steering.away().is_empty());
    desk.push();
    sleep(ms(100)).await;
    let away = desk.steering.away();
    assert_eq!(away.keys().collect::<Vec<_>>(), [&id("c")]);
    assert!(!away[&id("c")].by.is_empty());
    sleep(ms(5000)).await;
    desk.push();
    assert_eq!(desk.steering.away(), away, "the first one counts");
    let keep = Errand::Keep { token: None, name: "Cổng".to_owned() };
    desk.steering.run(&id("c"), keep).await.unwrap();
    assert_eq!(desk.steering.away().len(), 1);
    desk.steering.run(&id("c"), Errand::Recall("1".to_owned())).await.unwrap();
    assert!(desk.steering.away().is_empty());
    desk.steering.run(&id("c"), Errand::Turn(Target::Point(Point::new(0.75, 0.5)))).await.unwrap();
    assert_eq!(desk.steering.away().len(), 1);
}

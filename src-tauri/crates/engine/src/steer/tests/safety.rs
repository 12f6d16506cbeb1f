//! Every way in which a hand can vanish, a hundred times each, at random moments, for movements that expire and for those
//! that do not.

use std::sync::atomic::Ordering;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::time::{Instant, sleep};

use super::*;

const PROTOCOLS: [Option<Duration>; 2] = [Some(Duration::from_secs(1)), None];
const TIMES: u64 = 100;
/// A camera that still turns then is a runaway.
const STILL: Duration = Duration::from_millis(1500);

/// Plays a story at `TIMES` random moments with each protocol.
async fn each_time<F: Future<Output = ()>>(story: impl Fn(Desk, StdRng) -> F) {
    for expires in PROTOCOLS {
        for seed in 0..TIMES {
            let mut random = StdRng::seed_from_u64(seed);
            let desk = Desk::with(Camera::new(expires)).await;
            *desk.camera.delay.lock() = ms(random.random_range(0..120));
            story(desk, random).await;
        }
    }
}

/// It stands still `STILL` after `since`, a stop was asked for within `within`, and all of it is known here.
async fn stands_still(desk: &Desk, since: Instant, within: Duration) {
    sleep((since + within).saturating_duration_since(Instant::now()) + ms(1)).await;
    let asked = desk.camera.asked_to_stop.lock().iter().any(|at| *at >= since && *at <= since + within);
    assert!(asked, "no stop within {within:?}: {:?}", desk.status());
    sleep((since + STILL).saturating_duration_since(Instant::now())).await;
    assert!(!desk.camera.turns(), "{:?}", desk.status());
    desk.until(|status| status.moving == Moving::Still).await;
    assert!(!desk.camera.turns());
    assert_eq!(desk.steering.left_behind(), []);
}

#[tokio::test(start_paused = true)]
async fn a_key_up_that_is_lost() {
    each_time(|desk, mut random| async move {
        desk.hold(ms(random.random_range(50..3000))).await;
        assert!(!desk.camera.asked.lock().is_empty());
        desk.push();
        let last = Instant::now();
        stands_still(&desk, last, SILENCE).await;
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_window_that_loses_the_keys() {
    each_time(|desk, mut random| async move {
        desk.hold(ms(random.random_range(50..3000))).await;
        desk.steering.let_go_all();
        stands_still(&desk, Instant::now(), ms(1)).await;
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_killed_while_a_request_hangs() {
    each_time(|desk, mut random| async move {
        desk.push();
        sleep(ms(random.random_range(0..2) * 150)).await;
        // The next request is on its way for almost as long as requests may be.
        *desk.camera.delay.lock() = ms(random.random_range(200..450));
        desk.push();
        let last = Instant::now();
        sleep(SILENCE).await;
        *desk.camera.delay.lock() = ms(5);
        sleep(ms(1000)).await;
        desk.until(|status| status.moving == Moving::Still).await;
        assert!(!desk.camera.turns());
        let asked = desk.camera.asked_to_stop.lock().iter().any(|at| *at > last && *at <= last + SILENCE);
        assert!(asked, "at once, beside the request that hangs");
        assert!(last.elapsed() < ms(3000), "{:?}", last.elapsed());
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn another_person_and_the_end_of_the_program() {
    each_time(|desk, mut random| async move {
        desk.hold(ms(random.random_range(50..1500))).await;
        if random.random() {
            desk.steering.leave_all();
            stands_still(&desk, Instant::now(), ms(1)).await;
        } else {
            let moving = desk.steering.close(STILL).await;
            assert!(moving.is_empty() && !desk.camera.turns());
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_network_that_is_cut_during_the_move() {
    each_time(|desk, mut random| async move {
        let endless = desk.steering.left_behind().is_empty() && {
            desk.hold(ms(random.random_range(300..1500))).await;
            !desk.steering.left_behind().is_empty()
        };
        desk.camera.is_cut.store(true, Ordering::SeqCst);
        let cut = Instant::now();
        let hand = ms(random.random_range(0..2000));
        desk.hold(hand).await;
        let gone = ms(random.random_range(1500..20_000));
        sleep(gone).await;
        if endless {
            assert!(desk.camera.turns(), "nobody can stop it");
            assert_eq!(desk.status().moving, Moving::Unsure, "and that is said");
            assert_eq!(desk.steering.left_behind(), [id("c")], "and written down");
        } else {
            assert!(!desk.camera.turns(), "it has ended by itself");
        }
        desk.camera.is_cut.store(false, Ordering::SeqCst);
        let back = Instant::now();
        while desk.camera.turns() {
            sleep(ms(20)).await;
            assert!(back.elapsed() < ms(6000), "the stop is not repeated, {:?} after the cut", cut.elapsed());
        }
        desk.until(|status| status.moving == Moving::Still).await;
        sleep(ms(7000)).await;
        assert_eq!(desk.steering.left_behind(), []);
        assert_eq!(desk.status().fault, None);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn answers_that_are_lost_make_nobody_believe_that_it_stands() {
    for seed in 0..TIMES {
        let mut random = StdRng::seed_from_u64(seed);
        let desk = Desk::with(Camera::new(None)).await;
        desk.hold(ms(random.random_range(100..800))).await;
        desk.camera.is_mute.store(true, Ordering::SeqCst);
        desk.steering.let_go_all();
        sleep(ms(3000)).await;
        assert_eq!(desk.status().moving, Moving::Unsure);
        let before = desk.camera.asked_to_stop.lock().len();
        sleep(ms(10_000)).await;
        assert!(desk.camera.asked_to_stop.lock().len() > before, "it is repeated until it is acknowledged");
        desk.camera.is_mute.store(false, Ordering::SeqCst);
        desk.until(|status| status.moving == Moving::Still).await;
        let before = desk.camera.asked_to_stop.lock().len();
        sleep(ms(20_000)).await;
        assert_eq!(desk.camera.asked_to_stop.lock().len(), before, "and no longer");
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_killed_program_left_moving_is_stopped_by_the_next() {
    let desk = Desk::with(Camera::new(None)).await;
    desk.hold(ms(400)).await;
    // Killed: nothing of it says anything any more. What it wrote down is all that is left.
    let Desk { steering: killed, camera, people, folder } = desk;
    assert_eq!(Unstopped::open(folder.path()).0.all(), [id("c")]);
    let again = Arc::new(Camera::new(None));
    again.turn(Some(Velocity { pan: 1.0, ..Velocity::STILL }));
    again.is_cut.store(true, Ordering::SeqCst);
    let unstopped = Arc::new(Unstopped::open(folder.path()).0);
    let next = steering(&again, &people, &unstopped, Arc::new(Alone::default()));
    next.stop_left_behind();
    sleep(ms(5000)).await;
    assert_eq!(next.left_behind(), [id("c")], "it does not answer yet");
    again.is_cut.store(false, Ordering::SeqCst);
    for _ in 0..500 {
        sleep(ms(100)).await;
    }
    assert!(!again.turns());
    assert_eq!((next.left_behind(), Unstopped::open(folder.path()).0.all()), (vec![], vec![]));
    drop((killed, camera));
}

#[tokio::test(start_paused = true)]
async fn a_password_that_is_changed_during_the_move_is_not_tried_again_and_again() {
    let desk = Desk::with(Camera::new(Some(ms(1000)))).await;
    desk.hold(ms(500)).await;
    desk.camera.password_changed.store(true, Ordering::SeqCst);
    let before = desk.camera.asked.lock().len() + desk.camera.asked_to_stop.lock().len();
    for _ in 0..100 {
        let _ = desk.steering.push(&id("c"), RIGHT);
        sleep(ms(100)).await;
    }
    let after = desk.camera.asked.lock().len() + desk.camera.asked_to_stop.lock().len();
    assert!(after - before <= 2, "{} requests with a refused password", after - before);
    assert_eq!(desk.status().fault, Some(Fault::PasswordRefused));
}

#[tokio::test(start_paused = true)]
async fn a_camera_that_cannot_be_written_down_is_not_moved() {
    let desk = Desk::with(Camera::new(None)).await;
    // A file where the folder was: nothing can be written there.
    let path = desk.folder.path().join("moving.json");
    std::fs::create_dir_all(&path).unwrap();
    std::fs::write(path.join("in the way"), b"").unwrap();
    let folder = desk.folder.path().to_owned();
    let mut rights = std::fs::metadata(&folder).unwrap().permissions();
    rights.set_readonly(true);
    std::fs::set_permissions(&folder, rights).unwrap();
    if std::fs::write(folder.join("probe"), b"").is_ok() {
        // Whoever runs this may write anywhere; a file in place of the folder stops them, too.
        std::fs::remove_dir_all(&folder).unwrap();
        std::fs::write(&folder, b"").unwrap();
    }
    desk.hold(ms(1000)).await;
    assert!(!desk.camera.turns() && desk.camera.asked.lock().is_empty());
    assert!(desk.status().is_unwritten);
    if folder.is_file() {
        std::fs::remove_file(&folder).unwrap();
    }
}

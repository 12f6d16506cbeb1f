//! Several workstations.

use std::collections::HashMap;

use parking_lot::Mutex;
use tokio::time::sleep;

use super::*;

/// What a workstation is told, as the test says.
#[derive(Default)]
struct Told {
    holders: Mutex<HashMap<Id, Holder>>,
    claims: Mutex<Vec<Claim>>,
    let_go: Mutex<usize>,
}

impl Told {
    fn set(&self, holder: Holder) {
        self.holders.lock().insert(id("c"), holder);
    }
}

impl Agreement for Told {
    fn claim(&self, _: &Id, claim: &Claim) {
        self.claims.lock().push(claim.clone());
    }

    fn let_go(&self, _: &Id) {
        *self.let_go.lock() += 1;
        if !matches!(self.holder(&id("c")), Holder::Other { .. }) {
            self.set(Holder::Nobody);
        }
    }

    fn holder(&self, camera: &Id) -> Holder {
        self.holders.lock().get(camera).cloned().unwrap_or_default()
    }
}

async fn desk() -> (Desk, Arc<Told>) {
    let told = Arc::new(Told::default());
    (Desk::among(Camera::new(Some(ms(1000))), Arc::clone(&told) as Arc<dyn Agreement>).await, told)
}

fn other(ours_to_take: bool) -> Holder {
    Holder::Other { name: "Lan · máy 2".to_owned(), ours_to_take }
}

#[tokio::test(start_paused = true)]
async fn nothing_moves_before_the_camera_is_ours() {
    let (desk, told) = desk().await;
    told.set(Holder::Asked);
    desk.hold(ms(300)).await;
    assert!(desk.camera.asked.lock().is_empty());
    told.set(Holder::Us);
    desk.hold(ms(200)).await;
    assert!(desk.camera.turns());

    let (desk, told) = self::desk().await;
    told.set(Holder::Asked);
    desk.push();
    sleep(ms(700)).await;
    told.set(Holder::Us);
    sleep(ms(500)).await;
    assert!(desk.camera.asked.lock().is_empty(), "the hand is gone");
}

#[tokio::test(start_paused = true)]
async fn a_camera_that_others_hold_is_not_moved_and_who_is_told() {
    let (desk, told) = desk().await;
    told.set(other(true));
    let held = Refused::Held { by: "Lan · máy 2".to_owned(), ours_to_take: true };
    assert_eq!(desk.steering.push(&id("c"), RIGHT), Err(held.clone()));
    assert_eq!(desk.steering.run(&id("c"), Errand::Recall("1".to_owned())).await, Err(held));
    sleep(ms(2000)).await;
    assert!(desk.camera.asked.lock().is_empty() && desk.camera.recalled.lock().is_empty());
    assert_eq!(desk.status().holder, other(true));
    assert!(told.claims.lock().iter().all(|claim| !claim.take));
}

#[tokio::test(start_paused = true)]
async fn taking_over_is_asked_for_and_written_down() {
    let (desk, told) = desk().await;
    told.set(other(true));
    let taking = {
        let steering = desk.steering.clone();
        tokio::spawn(async move { steering.run(&id("c"), Errand::TakeOver).await })
    };
    sleep(ms(100)).await;
    assert!(told.claims.lock().last().is_some_and(|claim| claim.take));
    told.set(Holder::Us);
    assert_eq!(taking.await.unwrap(), Ok(Done::Taken));
    desk.hold(ms(200)).await;
    assert!(desk.camera.turns());
}

#[tokio::test(start_paused = true)]
async fn who_loses_a_camera_stops_it_first_and_is_told_to_whom() {
    let (desk, told) = desk().await;
    told.set(Holder::Us);
    desk.hold(ms(500)).await;
    let before = *told.let_go.lock();
    told.set(Holder::UsFor { name: "Chi · tỉnh".to_owned() });
    let asked = tokio::time::Instant::now();
    while *told.let_go.lock() == before {
        let _ = desk.steering.push(&id("c"), RIGHT);
        sleep(ms(10)).await;
        assert!(asked.elapsed() < ms(700), "the hand that goes on holding holds nobody up");
    }
    assert!(!desk.camera.turns(), "it stands before the other one has it");
    assert_eq!(desk.status().lost_to.as_deref(), Some("Chi · tỉnh"));
}

#[tokio::test(start_paused = true)]
async fn a_camera_that_nobody_touches_is_free_after_some_seconds() {
    let (desk, told) = desk().await;
    told.set(Holder::Us);
    desk.hold(ms(500)).await;
    let before = *told.let_go.lock();
    sleep(ms(7000)).await;
    assert_eq!(*told.let_go.lock(), before);
    sleep(ms(3000)).await;
    assert!(*told.let_go.lock() > before);
}

//! Cameras of make-believe under real hands, on a clock that is wound by the tests.

mod camera;
mod safety;
mod sharing;
mod turning;

use std::sync::Arc;
use std::time::Duration;

use inventory::Inventory;
use model::{Id, Velocity};
use tempfile::TempDir;
use tokio::runtime::Handle;

use super::*;
use camera::{Camera, Street};

const RIGHT: Push = Push::Turn(Velocity { pan: 1.0, tilt: 0.0, zoom: 0.0 });

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

fn inventory() -> Arc<Inventory> {
    let text = r#"{"version":2,"name":"T","sites":[{"id":"s","name":"S","district":"D","recorders":[
        {"id":"r","name":"R","address":"http://10.0.0.1","cameras":[{"id":"c","name":"C","channel":1,"profiles":[
            {"kind":"main","address":"rtsp://10.0.0.1/main","width":1920,"height":1080}]}]}]}]}"#;
    Arc::new(Inventory::parse(text.as_bytes()).unwrap())
}

/// A workstation with one camera.
struct Desk {
    steering: Steering,
    camera: Arc<Camera>,
    people: Arc<People>,
    folder: TempDir,
}

impl Desk {
    async fn with(camera: Camera) -> Self {
        Self::among(camera, Arc::new(Alone::default())).await
    }

    async fn among(camera: Camera, agreement: Arc<dyn Agreement>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let people = Arc::new(People::demo(folder.path(), "may-1", "0", None).unwrap());
        let (camera, unstopped) = (Arc::new(camera), Arc::new(Unstopped::open(folder.path()).0));
        let steering = steering(&camera, &people, &unstopped, agreement);
        let desk = Self { steering, camera, people, folder };
        desk.steering.look_at(&[id("c")]);
        desk.until(|status| status.abilities.is_some()).await;
        desk
    }

    fn push(&self) {
        self.steering.push(&id("c"), RIGHT).unwrap();
    }

    /// A hand holds for so long, as the page says it: every 100 ms.
    async fn hold(&self, time: Duration) {
        let until = tokio::time::Instant::now() + time;
        while tokio::time::Instant::now() < until {
            self.push();
            tokio::time::sleep(ms(100).min(until - tokio::time::Instant::now())).await;
        }
    }

    fn status(&self) -> Status {
        self.steering.status(&id("c"))
    }

    async fn until(&self, is: impl Fn(&Status) -> bool) {
        for _ in 0..20_000 {
            if is(&self.status()) {
                return;
            }
            tokio::time::sleep(ms(5)).await;
        }
        panic!("never so: {:?}", self.status());
    }
}

fn steering(
    camera: &Arc<Camera>,
    people: &Arc<People>,
    unstopped: &Arc<Unstopped>,
    agreement: Arc<dyn Agreement>,
) -> Steering {
    let street = Arc::new(Street(Arc::clone(camera)));
    let devices = Arc::new(Devices::new(Handle::current(), street, Box::new(|_, _| {})));
    Steering::new(Parts {
        devices,
        people: Arc::clone(people),
        inventory: inventory(),
        agreement,
        unstopped: Arc::clone(unstopped),
        lens: Box::new(|_| None),
        bell: Arc::new(|| {}),
    })
}

//! The network is cut while a hand is on a camera: nothing that either side says arrives any more, and no connection ends.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use engine::steer::Push;
use inventory::Inventory;
use model::Velocity;
use province::{Options, Province, list};

use crate::steering::{Desk, PROTOCOLS, turning, until};
use crate::support;

/// A cable between workstations and one recorder.
struct Cable {
    port: u16,
    cut: Arc<AtomicBool>,
}

impl Cable {
    /// Leads to a port of this machine.
    fn to(device: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let cut = Arc::new(AtomicBool::new(false));
        let state = Arc::clone(&cut);
        run(move || {
            for near in listener.incoming().map_while(Result::ok) {
                let Ok(far) = TcpStream::connect((Ipv4Addr::LOCALHOST, device)) else { continue };
                let back = (far.try_clone().unwrap(), near.try_clone().unwrap());
                for (from, to) in [(near, far), back] {
                    let cut = Arc::clone(&state);
                    run(move || carry(from, to, &cut));
                }
            }
        });
        Self { port, cut }
    }
}

fn run(work: impl FnOnce() + Send + 'static) {
    thread::Builder::new().name("cable".to_owned()).spawn(work).unwrap();
}

/// Bytes of one direction, which wait while it is cut as they would to be sent again.
fn carry(mut from: TcpStream, mut to: TcpStream, cut: &AtomicBool) {
    let mut bytes = [0; 4096];
    while let Ok(length @ 1..) = from.read(&mut bytes) {
        while cut.load(Relaxed) {
            thread::sleep(Duration::from_millis(10));
        }
        if to.write_all(&bytes[..length]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}

#[test]
fn a_camera_stands_still_when_the_network_is_cut_or_as_soon_as_it_is_whole_again() {
    let _turn = support::turn();
    let options = Options { cameras: 0, profiles: Vec::new(), ..Options::default() };
    let province = Province::start(options).unwrap();
    let cables: Vec<Cable> =
        (0..list().recorders.len()).map(|recorder| Cable::to(province.http_port(recorder))).collect();
    let told = province::inventory_with_devices(|at| province.port(at), |at| cables[at].port);
    let inventory = Arc::new(Inventory::parse(told.to_string().as_bytes()).unwrap());
    for (protocol, make, expires) in PROTOCOLS {
        let (place, camera) = turning(&inventory, make);
        let cable = &cables[list().cameras[place].recorder];
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::new(&inventory, folder.path(), protocol);
        desk.sit_down(&camera);
        desk.hold(&camera, 0.4, || province.is_moving(place));
        cable.cut.store(true, Relaxed);
        let cut = Instant::now();
        // The hand goes on for a moment, and then lets go.
        while cut.elapsed() < Duration::from_millis(400) {
            let _ = desk.steering.push(&camera, Push::Turn(Velocity { pan: 0.4, tilt: 0.0, zoom: 0.0 }));
            thread::sleep(Duration::from_millis(50));
        }
        desk.steering.let_go(&camera);
        if expires {
            until("it stands still by itself", || !province.is_moving(place));
            println!("{protocol:?}: still {:?} after the cut", cut.elapsed());
        } else {
            thread::sleep(Duration::from_millis(500));
            assert!(province.is_moving(place), "{protocol:?} ends nothing by itself");
            assert_eq!(
                desk.steering.left_behind(),
                std::slice::from_ref(&camera),
                "{protocol:?}: the next start would stop it, too"
            );
        }
        cable.cut.store(false, Relaxed);
        let whole = Instant::now();
        until("it stands still", || !province.is_moving(place));
        if !expires {
            println!("{protocol:?}: still {:?} after the network was whole again", whole.elapsed());
        }
        until("it is known to stand", || desk.steering.left_behind().is_empty());
        // What had waited on the way does not begin it anew for good.
        thread::sleep(Duration::from_secs(2));
        assert!(!province.is_moving(place), "{protocol:?}: it moves again");
        desk.runtime.shutdown_background();
    }
}

//! The program ends: soon, with a goodbye to the recorders, and without losing what was arranged.

use std::io::Read;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rustix::process::Signal;
use serde_json::json;

use crate::desktop::program::Program;
use crate::desktop::{Desktop, process, until_true};
use crate::support::rtsp_device;

/// One second is the aim; a machine with other work on it gets three.
const SOON: Duration = Duration::from_secs(3);

const SDP: &str = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n\
                   m=video 0 RTP/AVP 96\r\na=rtpmap:96 H265/90000\r\na=control:track0\r\n";

/// A camera of a foreign make that counts who begins to watch it, and who says goodbye.
#[derive(Clone, Default)]
struct Visitors {
    began: Arc<AtomicU32>,
    left: Arc<AtomicU32>,
}

impl Visitors {
    fn serve(&self) -> u16 {
        let visitors = self.clone();
        rtsp_device(SDP, move |stream| {
            visitors.began.fetch_add(1, Ordering::SeqCst);
            if until_teardown(stream) {
                visitors.left.fetch_add(1, Ordering::SeqCst);
            }
        })
    }

    fn counts(&self) -> (u32, u32) {
        (self.began.load(Ordering::SeqCst), self.left.load(Ordering::SeqCst))
    }
}

/// Reads requests to the end of the connection; whether one was TEARDOWN.
fn until_teardown(stream: &mut TcpStream) -> bool {
    let mut received = String::new();
    let mut chunk = [0; 1024];
    while let Ok(n @ 1..) = stream.read(&mut chunk) {
        received += &String::from_utf8_lossy(&chunk[..n]);
        if received.contains("TEARDOWN ") {
            return true;
        }
    }
    false
}

/// The province, and before it a site whose camera counts.
fn desktop_with(visitors: &Visitors) -> Desktop {
    let desktop = Desktop::new();
    let profile = json!({
        "kind": "sub", "address": format!("rtsp://127.0.0.1:{}/x", visitors.serve()),
        "width": 640, "height": 360, "frame_rate": 12, "kbps": 500,
    });
    let camera = json!({ "id": "x/1/1", "name": "Cổng", "profiles": [profile] });
    let recorder = json!({ "id": "x/1", "name": "Đầu ghi 1", "cameras": [camera] });
    let site = json!({ "id": "x", "name": "Trạm khác", "district": "Nơi khác", "recorders": [recorder] });
    let mut inventory = desktop.inventory();
    inventory["sites"].as_array_mut().expect("sites").insert(0, site);
    desktop.write_inventory(inventory);
    desktop
}

#[test]
fn closing_and_stopping_end_soon_and_say_goodbye() {
    let visitors = Visitors::default();
    let desktop = desktop_with(&visitors);
    let close = |program: &Program<'_>| desktop.screen.close(program.window());
    let stop = |program: &Program<'_>| program.signal(Signal::TERM);
    for (begun, end) in [(1, &close as &dyn Fn(&Program<'_>)), (2, &stop)] {
        let program = desktop.start();
        program.until_live(15);
        until_true("the visitor", || visitors.counts() == (begun, begun - 1));
        let family = process::family(program.id);
        assert!(family.len() > 1, "WebKit's helpers belong to it");
        end(&program);
        let took = program.until_ended(&family);
        assert!(took <= SOON, "it took {took:?}");
        until_true("goodbye", || visitors.counts() == (begun, begun));
        assert_eq!(desktop.viewers(), 0, "a viewer's place is still taken");
    }
}

#[test]
fn a_killed_program_has_lost_nothing_that_was_saved() {
    let desktop = Desktop::new();
    let program = desktop.start();
    program.until_live(16);
    program.press_on_wall(b'3');
    until_true("it is saved", || desktop.saved("walls.json")["walls"][0]["layout"]["cells"][8].is_object());
    let before = std::fs::read(desktop.data("walls.json")).expect("the saved walls");
    let family = process::family(program.id);
    program.signal(Signal::KILL);
    program.until_ended(&family);
    drop(program);

    let program = desktop.start();
    program.until_live(9);
    assert_eq!(std::fs::read(desktop.data("walls.json")).expect("the saved walls"), before);
    assert_eq!(program.count(".toast", ""), 0, "nobody needs to be told of anything");
}

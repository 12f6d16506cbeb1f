//! Answers that never end: a recorder's events, part by part, to whoever stays connected.

use std::rc::Rc;
use std::time::Duration;

use tokio::sync::mpsc;

use crate::device::Device;
use crate::events::Event;
use crate::http::message::Response;
use crate::http::server::Answer;

/// A part comes at least this often, so that either side notices when the other is gone.
const ALIVE: Duration = Duration::from_secs(5);

/// `head`, then `first`, then `part` of each event of the recorder's cameras, and `alive` when none comes for long.
pub(crate) fn follow(
    device: &Rc<Device>,
    head: Response,
    first: impl FnOnce() -> Vec<u8>,
    alive: Vec<u8>,
    part: impl Fn(&Device, &Event) -> Option<Vec<u8>> + 'static,
) -> Answer {
    let (send, parts) = mpsc::channel(16);
    let device = Rc::clone(device);
    // Whoever has the head of the answer misses nothing that happens from then on.
    let mut next = device.shared().events.next_number();
    let first = first();
    tokio::task::spawn_local(async move {
        let log = &device.shared().events;
        let cameras = &device.recorder().cameras;
        if !first.is_empty() && send.send(first).await.is_err() {
            return;
        }
        loop {
            let events = tokio::select! {
                events = log.wait(next, cameras, 64) => events,
                () = tokio::time::sleep(ALIVE) => Vec::new(),
                () = send.closed() => return,
            };
            let mut bytes: Vec<u8> =
                events.iter().filter_map(|event| part(&device, event)).flatten().collect();
            if let Some(last) = events.last() {
                next = last.number + 1;
            } else {
                bytes.clone_from(&alive);
            }
            if !bytes.is_empty() && send.send(bytes).await.is_err() {
                return;
            }
        }
    });
    Answer::Parts(head, parts)
}

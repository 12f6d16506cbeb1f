//! What has to be done from time to time and nobody waits for: fetching the inventory, removing records past their time, another
//! person's name for the other workstations, the next copy of marked footage.

use std::io;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use super::Console;

/// How often it looks whether something is due.
const LOOK: Duration = Duration::from_secs(5);
/// How often records past their time are looked for.
const TRIM: Duration = Duration::from_secs(24 * 60 * 60);

/// Starts the thread, which ends with the console.
pub(super) fn start(console: &Arc<Console>) -> io::Result<()> {
    let console = Arc::downgrade(console);
    std::thread::Builder::new().name("chores".to_owned()).spawn(move || work(&console)).map(drop)
}

fn work(console: &Weak<Console>) {
    let mut trimmed: Option<Instant> = None;
    loop {
        // Between two looks it holds nothing.
        let Some(console) = console.upgrade() else { return };
        if console.stock.is_due()
            && let Err(reason) = console.fetch()
        {
            log::warn!("the inventory was not fetched: {reason}");
        }
        console.follow_person();
        console.listen_to_open_sites();
        console.go_on_safekeeping();
        if trimmed.is_none_or(|at| at.elapsed() >= TRIM) {
            trimmed = Some(Instant::now());
            if let Err(error) = console.people.trim() {
                log::warn!("records past their time stay: {error}");
            }
        }
        drop(console);
        std::thread::sleep(LOOK);
    }
}

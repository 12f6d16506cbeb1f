//! Recorders that play only so many recordings at once: who wants another one waits for its turn.
//!
//! No recorder says how many; it shows when one more is refused while others of ours are open.

use std::collections::HashMap;
use std::sync::Arc;

use devices::recordings::Footage;
use devices::rtsp::replay::Replay;
use model::{Credentials, Fault};
use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::gate::{Device, Gate, Visit};
use crate::source::LoginMark;

#[derive(Default)]
struct Entry {
    open: usize,
    /// The most that were open when one more was refused.
    limit: Option<usize>,
    waiting: usize,
}

/// All recorders' turns.
#[derive(Clone, Default)]
pub(crate) struct Turns(Arc<Inner>);

#[derive(Default)]
struct Inner {
    devices: Mutex<HashMap<Device, Entry>>,
    changed: Notify,
}

/// The right to one playback session; ends when dropped.
pub(crate) struct Turn {
    turns: Turns,
    device: Device,
}

impl Turns {
    /// Waits for a place. `waits` is told when there is none at first.
    pub(crate) async fn take(&self, device: &Device, waits: impl FnOnce()) -> Turn {
        let mut waits = Some(waits);
        loop {
            let changed = self.0.changed.notified();
            tokio::pin!(changed);
            // From here on no change is missed.
            changed.as_mut().enable();
            if self.enter(device) {
                return Turn { turns: self.clone(), device: device.clone() };
            }
            if let Some(waits) = waits.take() {
                waits();
            }
            let _waiting = Waiting::new(self, device);
            changed.await;
        }
    }

    /// Opens a session as soon as there is a place: one that is refused while others of ours are open waits for its turn, too,
    /// which `in_line` is told.
    ///
    /// # Errors
    /// Why it cannot be opened.
    pub(crate) async fn open(
        &self,
        gate: &Gate,
        footage: &Footage,
        login: Option<&Credentials>,
        in_line: impl Fn(),
    ) -> Result<(Replay, Turn), Fault> {
        let device = footage.address.device();
        loop {
            let turn = self.take(&device, &in_line).await;
            let permit = gate.admit(&device, login.map(LoginMark::of), Visit::First).await?;
            match Replay::open(footage, login).await {
                Ok(replay) => {
                    permit.accepted();
                    return Ok((replay, turn));
                }
                Err(fault) => {
                    permit.failed(&fault);
                    if !(matches!(fault, Fault::Capacity(..)) && turn.refused()) {
                        return Err(fault);
                    }
                    in_line();
                }
            }
        }
    }

    fn enter(&self, device: &Device) -> bool {
        let mut devices = self.0.devices.lock();
        let entry = devices.entry(device.clone()).or_default();
        let free = entry.limit.is_none_or(|limit| entry.open < limit);
        entry.open += usize::from(free);
        free
    }
}

impl Turn {
    /// The recorder refuses this one although others of ours are open: gives whether that explains it, and remembers how
    /// many it takes.
    pub(crate) fn refused(self) -> bool {
        let mut devices = self.turns.0.devices.lock();
        let entry = devices.entry(self.device.clone()).or_default();
        let others = entry.open.saturating_sub(1);
        if others > 0 {
            entry.limit = Some(others);
        }
        others > 0
    }

    /// Whether somebody waits for a place there.
    pub(crate) fn is_wanted(&self) -> bool {
        self.turns.0.devices.lock().get(&self.device).is_some_and(|entry| entry.waiting > 0)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(entry) = self.turns.0.devices.lock().get_mut(&self.device) {
            entry.open = entry.open.saturating_sub(1);
        }
        self.turns.0.changed.notify_waiters();
    }
}

/// Somebody who waits; also one who gives up stops waiting.
struct Waiting<'a> {
    turns: &'a Turns,
    device: &'a Device,
}

impl<'a> Waiting<'a> {
    fn new(turns: &'a Turns, device: &'a Device) -> Self {
        turns.0.devices.lock().entry(device.clone()).or_default().waiting += 1;
        Self { turns, device }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if let Some(entry) = self.turns.0.devices.lock().get_mut(self.device) {
            entry.waiting = entry.waiting.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_recorder_with_one_place_is_taken_in_turns() {
        let (turns, nvr) = (Turns::default(), ("nvr".to_owned(), 554));
        let first = turns.take(&nvr, || panic!("there is room")).await;
        let second = turns.take(&nvr, || panic!("nobody knows of a limit yet")).await;
        assert!(second.refused(), "another one of ours is open");
        assert!(!first.is_wanted());

        let waited = AtomicBool::new(false);
        let third = turns.take(&nvr, || waited.store(true, Ordering::Relaxed));
        tokio::pin!(third);
        assert!(tokio::time::timeout(Duration::from_secs(1), &mut third).await.is_err());
        assert!(waited.load(Ordering::Relaxed) && first.is_wanted());
        drop(first);
        let third = third.await;
        assert!(!third.is_wanted());
        assert!(!third.refused(), "nobody else of ours explains it");
    }
}

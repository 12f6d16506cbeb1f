//! Etiquette towards a device: how many connections at a time, how soon again, and one try for a password.
//!
//! Recorders lock an account after 5 to 7 wrong logins and some block an address that connects too often. A recorder
//! has up to 16 channels here, and all of them come to this gate.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use model::Fault;
use parking_lot::Mutex;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::source::LoginMark;

/// Connections being set up at a time to one device.
const IN_FLIGHT: usize = 2;
/// Between two returns to the same device.
const DEVICE_PACE: Duration = Duration::from_millis(500);
/// Between two returns to any device.
const TOTAL_PACE: Duration = Duration::from_millis(50);

/// Host and port.
pub(crate) type Device = (String, u16);
type Account = (Device, Option<LoginMark>);

/// Whether a stream comes for the first time or returns after a fault. A wall that is opened should stand at once;
/// 54 sites that return after a power cut should not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Visit {
    First,
    Return,
}

/// What is known of a login on a device.
#[derive(Clone)]
enum Login {
    /// Somebody is finding out; the others wait.
    BeingTried(Arc<Notify>),
    Accepted,
    /// Not tried again until it changes.
    Refused(Fault),
    /// The trial said nothing about the login, but this about the device: who waited for it need not ask again.
    Unknown(Fault),
}

#[derive(Default)]
struct Ledger {
    setups: HashMap<Device, Arc<Semaphore>>,
    next_return: HashMap<Device, Instant>,
    next_return_anywhere: Option<Instant>,
    logins: HashMap<Account, Login>,
}

/// The gate in front of all devices.
#[derive(Clone, Default)]
pub(crate) struct Gate(Arc<Mutex<Ledger>>);

/// The right to set up one connection; ends when dropped.
pub(crate) struct Permit {
    _in_flight: OwnedSemaphorePermit,
    gate: Gate,
    account: Account,
    trial: Option<Arc<Notify>>,
}

enum Turn {
    Go,
    Try(Arc<Notify>),
    Wait(Arc<Notify>),
}

impl Gate {
    /// Waits for this stream's turn.
    ///
    /// # Errors
    /// The fault of whoever tried before, where it holds for this stream too: the refused password, or the
    /// unreachable device that it waited for.
    pub(crate) async fn admit(
        &self,
        device: &Device,
        login: Option<LoginMark>,
        visit: Visit,
    ) -> Result<Permit, Fault> {
        let account = (device.clone(), login);
        let mut waited = false;
        let trial = loop {
            match self.turn(&account, waited)? {
                Turn::Go => break None,
                Turn::Try(notify) => break Some(notify),
                Turn::Wait(notify) => {
                    let notified = notify.notified();
                    // Between `turn` and `notified` the trial may have ended; then nobody would wake us.
                    if !self.is_being_tried(&account) {
                        waited = true;
                        continue;
                    }
                    notified.await;
                    waited = true;
                }
            }
        };
        // From here on a dropped permit ends the trial, also when this future is cancelled below.
        let setups = Arc::clone(
            self.0.lock().setups.entry(device.clone()).or_insert_with(|| Arc::new(Semaphore::new(IN_FLIGHT))),
        );
        let guard = Trial { gate: self.clone(), account: account.clone(), notify: trial };
        let in_flight = setups.acquire_owned().await.map_err(|_| Fault::Ended("closing".to_owned()))?;
        if visit == Visit::Return {
            let slot = self.0.lock().book_return(device);
            tokio::time::sleep_until(slot).await;
        }
        Ok(Permit { _in_flight: in_flight, gate: self.clone(), account, trial: guard.hand_over() })
    }

    fn turn(&self, account: &Account, waited: bool) -> Result<Turn, Fault> {
        let mut ledger = self.0.lock();
        match ledger.logins.get(account) {
            Some(Login::Accepted) => Ok(Turn::Go),
            Some(Login::Refused(fault)) => Err(fault.clone()),
            Some(Login::BeingTried(notify)) => Ok(Turn::Wait(Arc::clone(notify))),
            Some(Login::Unknown(fault)) if waited => Err(fault.clone()),
            Some(Login::Unknown(_)) | None => {
                let notify = Arc::new(Notify::new());
                ledger.logins.insert(account.clone(), Login::BeingTried(Arc::clone(&notify)));
                Ok(Turn::Try(notify))
            }
        }
    }

    fn is_being_tried(&self, account: &Account) -> bool {
        matches!(self.0.lock().logins.get(account), Some(Login::BeingTried(_)))
    }

    fn settle(&self, account: &Account, login: Login, trial: Option<Arc<Notify>>) {
        self.0.lock().logins.insert(account.clone(), login);
        if let Some(notify) = trial {
            notify.notify_waiters();
        }
    }
}

impl Ledger {
    fn book_return(&mut self, device: &Device) -> Instant {
        let now = Instant::now();
        let here = self.next_return.get(device).copied().unwrap_or(now);
        let anywhere = self.next_return_anywhere.unwrap_or(now);
        let slot = now.max(here).max(anywhere);
        self.next_return.insert(device.clone(), slot + DEVICE_PACE);
        self.next_return_anywhere = Some(anywhere.max(now) + TOTAL_PACE);
        slot
    }
}

/// Ends the trial of a login if the trier is dropped before it has an outcome.
struct Trial {
    gate: Gate,
    account: Account,
    notify: Option<Arc<Notify>>,
}

impl Trial {
    fn hand_over(mut self) -> Option<Arc<Notify>> {
        self.notify.take()
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        if let Some(notify) = self.notify.take() {
            abandon(&self.gate, &self.account, notify);
        }
    }
}

/// The trier went away: the next in the queue tries.
fn abandon(gate: &Gate, account: &Account, notify: Arc<Notify>) {
    gate.0.lock().logins.remove(account);
    notify.notify_waiters();
}

impl Permit {
    /// The device let us in.
    pub(crate) fn accepted(mut self) {
        let trial = self.trial.take();
        self.gate.settle(&self.account, Login::Accepted, trial);
    }

    /// It did not.
    pub(crate) fn failed(mut self, fault: &Fault) {
        let trial = self.trial.take();
        match fault {
            Fault::PasswordRefused | Fault::PasswordRequired | Fault::ClearTextPassword => {
                self.gate.settle(&self.account, Login::Refused(fault.clone()), trial);
            }
            _ if trial.is_none() => {}
            // Answers about one stream come only from a device that has let us in.
            Fault::NotFound | Fault::Capacity(..) | Fault::UnsupportedCodec(_) | Fault::NoVideo => {
                self.gate.settle(&self.account, Login::Accepted, trial);
            }
            _ => self.gate.settle(&self.account, Login::Unknown(fault.clone()), trial),
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(notify) = self.trial.take() {
            abandon(&self.gate, &self.account, notify);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn recorder() -> Device {
        ("10.0.0.1".to_owned(), 554)
    }

    #[tokio::test(start_paused = true)]
    async fn a_wrong_password_is_tried_once_for_sixteen_channels() {
        let gate = Gate::default();
        let attempts = Arc::new(AtomicUsize::new(0));
        let channels: Vec<_> = (0..16)
            .map(|_| {
                let (gate, attempts) = (gate.clone(), Arc::clone(&attempts));
                tokio::spawn(async move {
                    let permit = gate.admit(&recorder(), Some(login("sai")), Visit::First).await?;
                    attempts.fetch_add(1, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(30)).await;
                    permit.failed(&Fault::PasswordRefused);
                    Err::<(), Fault>(Fault::PasswordRefused)
                })
            })
            .collect();
        for channel in channels {
            assert_eq!(channel.await.unwrap(), Err(Fault::PasswordRefused));
        }
        assert_eq!(attempts.load(Ordering::SeqCst), 1);
    }

    fn login(password: &str) -> LoginMark {
        let password = model::Secret::new(password.to_owned());
        LoginMark::of(&model::Credentials { user: "xem".to_owned(), password })
    }

    #[tokio::test(start_paused = true)]
    async fn a_changed_password_is_tried() {
        let gate = Gate::default();
        let refused = Fault::PasswordRefused;
        gate.admit(&recorder(), Some(login("sai")), Visit::First).await.unwrap().failed(&refused);
        let again = gate.admit(&recorder(), Some(login("sai")), Visit::First).await;
        assert_eq!(again.map(|_| ()), Err(refused));
        assert!(gate.admit(&recorder(), Some(login("dung")), Visit::First).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn who_waited_for_an_unreachable_device_does_not_ask_again() {
        let gate = Gate::default();
        let trier = gate.admit(&recorder(), None, Visit::First).await.unwrap();
        let waiter = {
            let gate = gate.clone();
            tokio::spawn(async move { gate.admit(&recorder(), None, Visit::First).await.map(|_| ()) })
        };
        tokio::task::yield_now().await;
        trier.failed(&Fault::Unreachable("x".to_owned()));
        assert_eq!(waiter.await.unwrap(), Err(Fault::Unreachable("x".to_owned())));
        assert!(gate.admit(&recorder(), None, Visit::First).await.is_ok(), "a new visit tries again");
    }

    #[tokio::test(start_paused = true)]
    async fn a_trier_that_vanishes_does_not_block_the_rest() {
        let gate = Gate::default();
        drop(gate.admit(&recorder(), None, Visit::First).await.unwrap());
        assert!(gate.admit(&recorder(), None, Visit::First).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn at_most_two_setups_at_a_time() {
        let gate = Gate::default();
        gate.admit(&recorder(), None, Visit::First).await.unwrap().accepted();
        let _one = gate.admit(&recorder(), None, Visit::First).await.unwrap();
        let _two = gate.admit(&recorder(), None, Visit::First).await.unwrap();
        let device = recorder();
        let third = tokio::time::timeout(Duration::from_secs(9), gate.admit(&device, None, Visit::First));
        assert!(third.await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn returns_are_paced_and_first_visits_are_not() {
        let gate = Gate::default();
        gate.admit(&recorder(), None, Visit::First).await.unwrap().accepted();
        let start = Instant::now();
        for _ in 0..16 {
            drop(gate.admit(&recorder(), None, Visit::First).await.unwrap());
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        for _ in 0..4 {
            drop(gate.admit(&recorder(), None, Visit::Return).await.unwrap());
        }
        assert!(start.elapsed() >= DEVICE_PACE * 3, "{:?}", start.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn all_sites_returning_at_once_are_spread_over_time() {
        let gate = Gate::default();
        let start = Instant::now();
        for site in 0..54 {
            let device = (format!("10.0.{site}.1"), 554);
            drop(gate.admit(&device, None, Visit::Return).await.unwrap());
        }
        assert!(start.elapsed() >= TOTAL_PACE * 53, "{:?}", start.elapsed());
    }
}

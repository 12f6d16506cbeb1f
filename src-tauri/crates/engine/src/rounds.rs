//! Asks recorders that nobody watches how they are.
//!
//! One short question a device and minute, without a name or a password, spread evenly: a recorder that is watched
//! already says by its pictures how it is, and one that is not must not be bothered to find out.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use devices::rtsp;
use model::{Address, Fault};
use parking_lot::Mutex;
use tokio::sync::Semaphore;
use tokio::task::{AbortHandle, JoinSet};

/// A device is asked once in this time.
const ROUND: Duration = Duration::from_secs(60);
/// In the first round the next one is asked after this: people who have just started want to know.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// So many questions are open at once.
const AT_ONCE: usize = 8;

/// Host and port.
type Device = (String, u16);

/// What a device said last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Why it did not answer; `None` if it did.
    pub fault: Option<Fault>,
    /// Since when it says so, by the time of day.
    pub since: SystemTime,
    /// When it answered last.
    pub well: Option<SystemTime>,
}

#[derive(Default)]
struct Known {
    answers: HashMap<Device, Answer>,
    /// When everybody had been asked once.
    complete: Option<SystemTime>,
}

/// Goes round until it is dropped.
pub struct Rounds {
    known: Arc<Mutex<Known>>,
    task: AbortHandle,
}

impl Rounds {
    /// Begins, on `runtime`. Addresses of the same device count once.
    pub(crate) fn start(runtime: &tokio::runtime::Handle, addresses: impl Iterator<Item = Address>) -> Self {
        let mut devices: Vec<Address> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        devices.extend(addresses.filter(|address| seen.insert(address.device())));
        let known = Arc::new(Mutex::new(Known::default()));
        let task = runtime.spawn(go_round(devices, Arc::clone(&known))).abort_handle();
        Self { known, task }
    }

    /// What the device of `address` said last; `None` before it was asked.
    #[must_use]
    pub fn answer(&self, address: &Address) -> Option<Answer> {
        self.known.lock().answers.get(&address.device()).cloned()
    }

    /// When all devices had been asked once; `None` before.
    #[must_use]
    pub fn complete(&self) -> Option<SystemTime> {
        self.known.lock().complete
    }
}

impl Drop for Rounds {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn go_round(devices: Vec<Address>, known: Arc<Mutex<Known>>) {
    if devices.is_empty() {
        known.lock().complete = Some(SystemTime::now());
        return;
    }
    let questions = Arc::new(Semaphore::new(AT_ONCE));
    let mut pause = FIRST_PAUSE;
    loop {
        let mut asked = JoinSet::new();
        for address in &devices {
            // The semaphore is never closed.
            let Ok(turn) = Arc::clone(&questions).acquire_owned().await else { return };
            let (address, known) = (address.clone(), Arc::clone(&known));
            asked.spawn(async move {
                let answer = rtsp::ask(&address).await;
                known.lock().hear(address.device(), answer.err(), SystemTime::now());
                drop(turn);
            });
            tokio::time::sleep(pause).await;
        }
        while asked.join_next().await.is_some() {}
        known.lock().complete.get_or_insert_with(SystemTime::now);
        pause = ROUND / u32::try_from(devices.len()).unwrap_or(u32::MAX);
        // The first device's turn comes as long after the last one's as any other's.
        tokio::time::sleep(pause).await;
    }
}

impl Known {
    fn hear(&mut self, device: Device, fault: Option<Fault>, now: SystemTime) {
        let before = self.answers.get(&device);
        let well = if fault.is_none() { Some(now) } else { before.and_then(|before| before.well) };
        let same = before.filter(|before| before.fault.is_none() == fault.is_none());
        let since = same.map_or(now, |before| before.since);
        self.answers.insert(device, Answer { fault, since, well });
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    async fn device(answer: &'static str) -> (Address, Arc<Mutex<Vec<String>>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard: Arc<Mutex<Vec<String>>> = Arc::default();
        let hears = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let mut bytes = [0; 1024];
                let n = socket.read(&mut bytes).await.unwrap_or(0);
                hears.lock().push(String::from_utf8_lossy(&bytes[..n]).into_owned());
                let _ = socket.write_all(answer.as_bytes()).await;
            }
        });
        (Address::parse(&format!("rtsp://127.0.0.1:{port}/1")).unwrap().0, heard)
    }

    #[tokio::test]
    async fn each_device_is_asked_once_a_round_without_a_name() {
        let (well, heard) = device("RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\n\r\n").await;
        let (odd, _) = device("HTTP/1.1 400 Bad Request\r\n\r\n").await;
        let second = Address::parse(&format!("{well}/second")).unwrap().0;
        let gone = Address::parse("rtsp://127.0.0.1:9/1").unwrap().0;
        let all = [well.clone(), second.clone(), odd.clone(), gone.clone()];
        let rounds = Rounds::start(&tokio::runtime::Handle::current(), all.into_iter());
        while rounds.complete().is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let answer = |address: &Address| rounds.answer(address).unwrap();
        assert_eq!((answer(&well).fault, answer(&second).fault), (None, None));
        assert!(answer(&well).well.is_some());
        assert_eq!((answer(&odd).fault, answer(&odd).well), (Some(Fault::NotRtsp), None));
        assert!(matches!(answer(&gone).fault, Some(Fault::ConnectionRefused(_))));
        let heard = heard.lock();
        assert_eq!(heard.len(), 1, "{heard:?}");
        assert!(heard[0].starts_with("OPTIONS rtsp://127.0.0.1") && !heard[0].contains("Authorization"));
    }

    #[test]
    fn since_is_when_it_changed_and_well_when_it_last_answered() {
        let mut known = Known::default();
        let device = ("10.0.0.1".to_owned(), 554);
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        known.hear(device.clone(), None, at(1));
        known.hear(device.clone(), None, at(2));
        assert_eq!(known.answers[&device], Answer { fault: None, since: at(1), well: Some(at(2)) });
        known.hear(device.clone(), Some(Fault::NotRtsp), at(3));
        known.hear(device.clone(), Some(Fault::NotFound), at(4));
        assert_eq!(
            known.answers[&device],
            Answer { fault: Some(Fault::NotFound), since: at(3), well: Some(at(2)) }
        );
    }
}

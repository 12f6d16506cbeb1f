//! Keeps one stream open: connect, read, fail, wait, connect again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use devices::rtsp::{Arrival, Group, Session};
use model::{Fault, Retry, StreamState};

use crate::backoff::{self, Backoff};
use crate::board::Board;
use crate::gate::{Gate, Visit};
use crate::ring::Ring;
use crate::source::{LoginMark, Source};

/// A session that lived this long shows that the device is well; the next pause is short again.
const HEALTHY: Duration = Duration::from_secs(30);

pub(crate) struct Supervisor {
    pub(crate) source: Source,
    pub(crate) board: Arc<Board>,
    pub(crate) input: decode::Input,
    pub(crate) gate: Gate,
    pub(crate) group: Group,
    /// What was received last is kept there.
    pub(crate) ring: Ring,
    /// Of what is received, only key frames are decoded.
    pub(crate) key_frames_only: Arc<AtomicBool>,
}

impl Supervisor {
    /// Runs until it is aborted, or until only a person can help.
    pub(crate) async fn run(self) {
        let mut backoff = Backoff::default();
        let mut last = None;
        loop {
            let begun = Instant::now();
            let fault = self.attempt(last).await;
            if begun.elapsed() >= HEALTHY {
                backoff.reset();
            }
            let pause = match fault.retry() {
                Retry::Backoff => Some(backoff.next()),
                Retry::NotBefore(least) => Some(backoff::at_least(least)),
                Retry::AfterChange => None,
            };
            log::info!("{}: {fault}; next attempt in {pause:?}", self.source.address);
            self.board.fail(fault.clone(), pause.map(|pause| Instant::now() + pause));
            last = Some(fault);
            match pause {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return,
            }
        }
    }

    /// One session from its turn at the gate to its end; `last` is what ended the one before.
    async fn attempt(&self, last: Option<Fault>) -> Fault {
        let (visit, waiting, connecting) = match last {
            None => (Visit::First, StreamState::Waiting, StreamState::Connecting),
            Some(fault) => {
                let retrying = StreamState::Retrying { fault };
                (Visit::Return, retrying.clone(), retrying)
            }
        };
        self.board.set_state(waiting);
        let device = self.source.address.device();
        let login = self.source.credentials.as_ref().map(LoginMark::of);
        let permit = match self.gate.admit(&device, login, visit).await {
            Ok(permit) => permit,
            Err(fault) => return fault,
        };
        self.board.set_state(connecting);
        self.board.begin_session();
        let opening = Session::open(
            &self.source.address,
            self.source.credentials.as_ref(),
            self.source.transport,
            self.source.sounds,
            &self.group,
        );
        match opening.await {
            Ok(session) => {
                permit.accepted();
                self.input.reset();
                self.ring.begin();
                if let Some(ear) = self.board.ear() {
                    ear.begin(session.sound().map(|format| &**format));
                }
                self.board.set_state(StreamState::AwaitingKeyFrame);
                self.read(session).await
            }
            Err(fault) => {
                permit.failed(&fault);
                fault
            }
        }
    }

    async fn read(&self, mut session: Session) -> Fault {
        // What was not decoded is missing to all that comes before the next key frame.
        let mut gap = false;
        loop {
            match session.next().await {
                Ok(Arrival::Sound(packet)) => {
                    self.board.heard(&packet);
                    self.ring.hear(&packet);
                }
                Ok(Arrival::Picture(unit)) => {
                    self.board.received(&unit);
                    self.ring.put(&unit);
                    gap = !unit.random_access && (gap || self.key_frames_only.load(Ordering::Relaxed));
                    if !gap {
                        self.input.push(unit);
                    }
                }
                Err(fault) => return fault,
            }
        }
    }
}

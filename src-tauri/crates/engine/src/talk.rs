//! Speaking through a camera.
//!
//! A person holds a button: [`Live::talk`] opens the camera's loudspeaker, [`Talking::say`] takes what the microphone
//! gives, and dropping it ends everything with a goodbye. What is said while it opens is not kept: words that come late
//! would be heard after those that they belong to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use devices::rtsp::talk::{self, PACKET, Talk};
use model::{Address, Credentials, Fault};
use parking_lot::Mutex;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::Live;
use crate::gate::{Gate, Visit};
use crate::source::{Bell, LoginMark};

/// Packets that wait for the line: a fifth of a second. More would be heard too late.
const WAITING: usize = 10;

/// How it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TalkState {
    /// The loudspeaker is being opened.
    Opening,
    /// What is said is heard there.
    Open,
    /// It is not, and nothing is tried any more.
    Failed(Fault),
}

/// A camera that is spoken through; ends when dropped.
pub struct Talking {
    packets: Sender<Vec<f32>>,
    piece: Mutex<Vec<f32>>,
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<TalkState>,
    is_open: AtomicBool,
    bell: Bell,
}

impl Shared {
    fn set(&self, state: TalkState) {
        self.is_open.store(state == TalkState::Open, Ordering::Release);
        *self.state.lock() = state;
        (self.bell)();
    }
}

impl Talking {
    /// Says these samples, 8 kHz, −1 to 1. Never waits; what the line does not take in time is left out.
    pub fn say(&self, samples: &[f32]) {
        if !self.shared.is_open.load(Ordering::Acquire) {
            return;
        }
        let mut piece = self.piece.lock();
        piece.extend_from_slice(samples);
        while piece.len() >= PACKET {
            let rest = piece.split_off(PACKET);
            // A line that does not keep up loses words, not the order of them.
            let _ = self.packets.try_send(std::mem::replace(&mut *piece, rest));
        }
    }

    /// How it stands.
    #[must_use]
    pub fn state(&self) -> TalkState {
        self.shared.state.lock().clone()
    }
}

impl Live {
    /// Opens the loudspeaker of the camera whose live stream is at `address`. `bell` is rung when that has changed how it
    /// stands; it must return at once.
    pub fn talk(&self, address: Address, login: Option<Credentials>, bell: Bell) -> Talking {
        let (packets, said) = channel(WAITING);
        let state = Mutex::new(TalkState::Opening);
        let shared = Arc::new(Shared { state, is_open: AtomicBool::new(false), bell });
        let (gate, own) = (self.gate().clone(), Arc::clone(&shared));
        self.runtime().spawn(async move {
            if let Err(fault) = run(&gate, &address, login.as_ref(), said, &own).await {
                log::info!("{address}: not spoken through any more: {fault}");
                own.set(TalkState::Failed(fault));
            }
        });
        Talking { packets, piece: Mutex::default(), shared }
    }

    /// Asks whether the camera whose live stream is at `address` can be spoken through; `told` is called with the answer, with
    /// `false` if there is none.
    pub fn ask_talk(
        &self,
        address: Address,
        login: Option<Credentials>,
        told: impl FnOnce(bool) + Send + 'static,
    ) {
        let gate = self.gate().clone();
        self.runtime().spawn(async move {
            let mark = login.as_ref().map(LoginMark::of);
            let asked = async {
                let permit = gate.admit(&address.device(), mark, Visit::First).await?;
                let offered = talk::is_offered(&address, login.as_ref()).await;
                match &offered {
                    Ok(_) => permit.accepted(),
                    Err(fault) => permit.failed(fault),
                }
                offered
            };
            told(asked.await.unwrap_or(false));
        });
    }
}

async fn run(
    gate: &Gate,
    address: &Address,
    login: Option<&Credentials>,
    mut said: Receiver<Vec<f32>>,
    shared: &Shared,
) -> Result<(), Fault> {
    let permit = gate.admit(&address.device(), login.map(LoginMark::of), Visit::First).await?;
    let mut talk = match Talk::open(address, login).await {
        Ok(talk) => {
            permit.accepted();
            talk
        }
        Err(fault) => {
            permit.failed(&fault);
            return Err(fault);
        }
    };
    shared.set(TalkState::Open);
    while let Some(packet) = said.recv().await {
        talk.say(&packet).await?;
    }
    talk.close().await;
    Ok(())
}

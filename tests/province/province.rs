//! The province as a whole: started, watched, disturbed and ended from outside.

mod devices;
mod recorders;

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread::{self, JoinHandle};

use tokio::sync::{mpsc, oneshot};

use self::recorders::BasePorts;
use crate::clip::{ClipFault, ClipId, Clips, Progress, default_folder};
use crate::equipment::Movement;
use crate::list::{List, Profile, list};
use crate::panorama::Panoramas;
use crate::scene::Scene;
use crate::shared::{CameraState, RecorderCounts, Shared, StreamCounts};
use crate::world::World;

/// The devices' account that may watch.
pub const USER: &str = "viewer";
/// Its password in this simulation, and in nothing else.
pub const PASSWORD: &str = "xem-2021";

/// How to start.
pub struct Options {
    /// Recorder `i` listens on this port + `i` of loopback; with 0 each takes any free port.
    pub base_port: u16,
    /// Recorder `i` answers over HTTP on this port + `i`, unless it is one that doesn't; with 0 each takes any free port.
    pub http_base_port: u16,
    /// Recorder `i` plays recordings over TLS on this port + `i`, if it is one that does; with 0 each takes any free port.
    pub tls_base_port: u16,
    /// Password of [`USER`].
    pub password: String,
    /// Where clips are kept.
    pub folder: PathBuf,
    /// Only the first so many cameras of the list need their clips; the others may answer 503.
    pub cameras: usize,
    /// Profiles whose clips are made before serving.
    pub profiles: Vec<Profile>,
    /// Make the clips of the other profile while serving; DESCRIBE answers 503 until each is ready.
    pub others_in_background: bool,
    /// Make the panoramas of these cameras' places before serving, for those that can be moved; others are made when first
    /// needed, and until then a camera that has turned away shows what it showed before.
    pub panoramas: bool,
    /// Told whenever a clip that had to be made, and is waited for, has become ready.
    pub progress: Box<dyn Fn(Progress) + Send + Sync>,
}

impl Default for Options {
    /// Any free ports, the fixed password, all cameras' sub streams.
    fn default() -> Self {
        Self {
            base_port: 0,
            http_base_port: 0,
            tls_base_port: 0,
            password: PASSWORD.to_owned(),
            folder: default_folder(),
            cameras: list().cameras.len(),
            profiles: vec![Profile::Sub],
            others_in_background: false,
            panoramas: false,
            progress: Box::new(|_| {}),
        }
    }
}

/// Why the province does not start, or a recorder not again.
#[derive(Debug, thiserror::Error)]
pub enum ProvinceFault {
    /// Clips cannot be made or read.
    #[error(transparent)]
    Clip(#[from] ClipFault),
    /// A recorder's port cannot be opened.
    #[error("cannot open port {port}")]
    Port {
        /// Which; 0 for any.
        port: u16,
        /// Why.
        source: io::Error,
    },
    /// A certificate cannot be made.
    #[error("cannot make a certificate")]
    Certificate(#[source] io::Error),
    /// No thread or runtime.
    #[error("cannot start")]
    Thread(#[source] io::Error),
}

/// What a fault is inflicted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// All cameras of the recorder with this index in [`List::recorders`].
    Recorder(usize),
    /// The camera with this index in [`List::cameras`].
    Camera(usize),
}

/// What can be wrong with cameras; in force until [`Province::heal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Connections stay, requests are answered, but no packets come.
    Freeze,
    /// The connections of all viewers end in the middle of their next picture. Happens once a stream.
    CutMidPicture,
    /// Every so-manieth UDP packet is not sent: regular, so that what a test sees does not hang on luck.
    LoseUdp {
        /// One packet of so many; 0 for none.
        one_in: u32,
    },
    /// DESCRIBE, SETUP and PLAY answer this status (453, 503 …).
    Refuse(u16),
}

enum Command {
    Stop(usize, oneshot::Sender<()>),
    Start(usize, oneshot::Sender<Result<(), ProvinceFault>>),
}

/// All recorders, on a thread of their own; dropping it ends them.
pub struct Province {
    shared: Arc<Shared>,
    clips: Arc<Clips>,
    panoramas: Arc<Panoramas>,
    password: String,
    commands: Option<mpsc::Sender<Command>>,
    thread: Option<JoinHandle<()>>,
    stop_making: Arc<AtomicBool>,
    maker: Option<JoinHandle<()>>,
}

/// The clips that the first `cameras` of the list play, without repetition.
#[must_use]
pub fn clips_of(cameras: usize, profile: Profile) -> Vec<ClipId> {
    let mut ids: Vec<ClipId> = Vec::new();
    for camera in list().cameras.iter().take(cameras) {
        let id = ClipId::of(camera, profile);
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

/// Places of the first `cameras` whose cameras can be moved, without repetition.
fn scenes_of(cameras: usize) -> Vec<Scene> {
    let movable = list().cameras.iter().take(cameras).filter(|camera| camera.movement != Movement::Fixed);
    let scenes: BTreeSet<Scene> = movable.map(|camera| camera.scene).collect();
    scenes.into_iter().collect()
}

impl Province {
    /// Makes the clips needed and serves; returns once every recorder listens.
    ///
    /// # Errors
    /// When clips cannot be made or a port is taken.
    pub fn start(options: Options) -> Result<Self, ProvinceFault> {
        let stop_making = Arc::new(AtomicBool::new(false));
        let panoramas = Arc::new(Panoramas::new(options.folder.clone(), Arc::clone(&stop_making)));
        let clips = Arc::new(Clips::new(options.folder));
        let wanted: Vec<ClipId> =
            options.profiles.iter().flat_map(|&profile| clips_of(options.cameras, profile)).collect();
        clips.prepare(&wanted, &stop_making, &options.progress)?;
        if options.panoramas {
            scenes_of(options.cameras).into_iter().try_for_each(|scene| panoramas.prepare(scene))?;
        }

        let shared = Arc::new(Shared::new(list()));
        let (commands, receiver) = mpsc::channel(4);
        let (ready, opened) = oneshot::channel();
        let thread = {
            let (clips, shared, password) =
                (Arc::clone(&clips), Arc::clone(&shared), options.password.clone());
            let panoramas = Arc::clone(&panoramas);
            let serve = move || {
                let world = || World::new(list(), clips, panoramas, shared, USER.to_owned(), password);
                let ports = BasePorts {
                    rtsp: options.base_port,
                    http: options.http_base_port,
                    tls: options.tls_base_port,
                };
                recorders::run(world, ports, receiver, ready);
            };
            thread::Builder::new().name("province".to_owned()).spawn(serve).map_err(ProvinceFault::Thread)?
        };
        let mut province = Self {
            shared,
            clips,
            panoramas,
            password: options.password,
            commands: Some(commands),
            thread: Some(thread),
            stop_making,
            maker: None,
        };
        opened.blocking_recv().unwrap_or_else(|_| Err(ended()))?;
        if options.others_in_background {
            let others = Profile::BOTH.into_iter().filter(|profile| !options.profiles.contains(profile));
            province.make_in_background(
                others.flat_map(|profile| clips_of(options.cameras, profile)).collect(),
                scenes_of(options.cameras),
            )?;
        }
        Ok(province)
    }

    fn make_in_background(&mut self, ids: Vec<ClipId>, scenes: Vec<Scene>) -> Result<(), ProvinceFault> {
        let (clips, stop) = (Arc::clone(&self.clips), Arc::clone(&self.stop_making));
        let panoramas = Arc::clone(&self.panoramas);
        let make = move || {
            // What is being watched goes first. Threads and encoders started from here inherit it.
            #[cfg(target_os = "linux")]
            rustix::process::nice(15).ok();
            // Nobody waits for these: a stream whose clip failed goes on answering 503, a camera goes on showing its clip.
            scenes.into_iter().for_each(|scene| drop(panoramas.prepare(scene)));
            drop(clips.prepare(&ids, &stop, &|_| {}));
        };
        let maker = thread::Builder::new().name("province-clips".to_owned()).spawn(make);
        self.maker = Some(maker.map_err(ProvinceFault::Thread)?);
        Ok(())
    }

    /// Sites, recorders and cameras.
    #[must_use]
    pub fn list(&self) -> &'static List {
        list()
    }

    /// Whether a camera's clip is there, so that it does not answer 503.
    #[must_use]
    pub fn is_ready(&self, camera: usize, profile: Profile) -> bool {
        list().cameras.get(camera).is_some_and(|camera| self.clips.get(ClipId::of(camera, profile)).is_some())
    }

    /// The port on which a recorder listens, or listened before it was stopped.
    #[must_use]
    pub fn port(&self, recorder: usize) -> u16 {
        self.shared.recorders[recorder].port.load(Relaxed)
    }

    /// URL of a camera's stream, with user and password.
    #[must_use]
    pub fn source(&self, camera: usize, profile: Profile) -> String {
        let recorder = list().cameras[camera].recorder;
        source(self.port(recorder), &self.password, camera, profile)
    }

    /// What a stream has sent so far.
    #[must_use]
    pub fn stream_counts(&self, camera: usize, profile: Profile) -> StreamCounts {
        self.shared.stream_counts(camera, profile)
    }

    /// What a recorder has seen so far.
    #[must_use]
    pub fn recorder_counts(&self, recorder: usize) -> RecorderCounts {
        self.shared.recorder_counts(recorder)
    }

    /// Switches a recorder off: listener and connections are closed when this returns.
    pub fn stop_recorder(&self, recorder: usize) {
        let (reply, stopped) = oneshot::channel();
        if self.command(Command::Stop(recorder, reply)) {
            // An error means that the thread has ended, and the recorder with it.
            stopped.blocking_recv().ok();
        }
    }

    /// Switches a recorder on again, on the port it had.
    ///
    /// # Errors
    /// When somebody else has taken the port.
    pub fn start_recorder(&self, recorder: usize) -> Result<(), ProvinceFault> {
        let (reply, started) = oneshot::channel();
        if !self.command(Command::Start(recorder, reply)) {
            return Err(ended());
        }
        started.blocking_recv().unwrap_or_else(|_| Err(ended()))
    }

    fn command(&self, command: Command) -> bool {
        self.commands.as_ref().is_some_and(|commands| commands.blocking_send(command).is_ok())
    }

    /// Makes something go wrong, from the next picture or request on.
    pub fn inflict(&self, target: Target, fault: Fault) {
        for camera in self.cameras(target) {
            match fault {
                Fault::Freeze => camera.frozen.store(true, Relaxed),
                Fault::CutMidPicture => camera.cut.iter().for_each(|cut| cut.store(true, Relaxed)),
                Fault::LoseUdp { one_in } => camera.udp_loss.store(one_in, Relaxed),
                Fault::Refuse(status) => camera.refuse.store(status, Relaxed),
            }
        }
    }

    /// Ends every fault of the target.
    pub fn heal(&self, target: Target) {
        for camera in self.cameras(target) {
            camera.frozen.store(false, Relaxed);
            camera.cut.iter().for_each(|cut| cut.store(false, Relaxed));
            camera.udp_loss.store(0, Relaxed);
            camera.refuse.store(0, Relaxed);
        }
    }

    fn cameras(&self, target: Target) -> &[CameraState] {
        match target {
            Target::Recorder(recorder) => &self.shared.cameras[list().recorders[recorder].cameras.clone()],
            Target::Camera(camera) => &self.shared.cameras[camera..=camera],
        }
    }

    /// Ends all recorders and the making of clips; dropping does the same.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Province {
    fn drop(&mut self) {
        self.stop_making.store(true, Relaxed);
        self.commands = None;
        for thread in [self.thread.take(), self.maker.take()].into_iter().flatten() {
            // A panic has been told by its own thread.
            drop(thread.join());
        }
    }
}

fn ended() -> ProvinceFault {
    ProvinceFault::Thread(io::Error::other("the recorders' thread has ended"))
}

/// URL of a stream of a recorder on `port` of loopback.
#[must_use]
pub fn source(port: u16, password: &str, camera: usize, profile: Profile) -> String {
    let channel = list().cameras[camera].channel;
    format!("rtsp://{USER}:{password}@127.0.0.1:{port}/ch{channel}/{}", profile.name())
}

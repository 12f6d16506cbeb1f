//! The province as a whole: started, watched, disturbed and ended from outside.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::{Arc, PoisonError};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread::{self, JoinHandle};
use std::time::{Instant, SystemTime};

use tokio::sync::{mpsc, oneshot};
use tokio::task::LocalSet;

use crate::clip::{ClipFault, ClipId, Clips, Progress, default_folder};
use crate::device::Device;
use crate::equipment::{Make, Movement};
use crate::events::EventKind;
use crate::http::server;
use crate::list::{List, Profile, list};
use crate::motor::Pose;
use crate::onvif::discovery;
use crate::panorama::Panoramas;
use crate::recorder::Recorder;
use crate::scene::Scene;
use crate::shared::{CameraState, RecorderCounts, Shared, StreamCounts, Talk, rest_pose};
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
                run(world, (options.base_port, options.http_base_port), receiver, ready);
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

    /// The port on which a recorder answers over HTTP, or answered before it was stopped; 0 for those that don't.
    #[must_use]
    pub fn http_port(&self, recorder: usize) -> u16 {
        self.shared.recorders[recorder].http_port.load(Relaxed)
    }

    /// The UDP port of loopback on which the province answers WS-Discovery's probes.
    #[must_use]
    pub fn discovery_port(&self) -> u16 {
        self.shared.discovery_port.load(Relaxed)
    }

    /// Where a camera looks; `None` for one that can't be moved.
    #[must_use]
    pub fn pose(&self, camera: usize) -> Option<Pose> {
        Some(self.shared.cameras[camera].motor()?.pose(Instant::now()))
    }

    /// Whether a camera turns or zooms.
    #[must_use]
    pub fn is_moving(&self, camera: usize) -> bool {
        let moving = self.shared.cameras[camera].motor().map(|mut motor| motor.moving(Instant::now()));
        moving.is_some_and(|(turns, zooms)| turns || zooms)
    }

    /// Puts a camera there at once, at rest; nothing for one that can't be moved.
    pub fn set_pose(&self, camera: usize, pose: Pose) {
        if let Some(mut motor) = self.shared.cameras[camera].motor() {
            motor.put(Instant::now(), pose);
        }
    }

    /// Where a camera was put up to look: what it shows when it's at home.
    #[must_use]
    pub fn rest_pose(&self, camera: usize) -> Pose {
        rest_pose(&list().cameras[camera])
    }

    /// What a camera was told, the earliest first; only what was carried out, and at most the last 4096.
    #[must_use]
    pub fn commands(&self, camera: usize) -> Vec<crate::Command> {
        let commands = &self.shared.cameras[camera].commands;
        commands.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Makes a camera notice something, or its end.
    pub fn raise(&self, camera: usize, kind: EventKind, active: bool) {
        self.shared.events.raise(camera, kind, active);
    }

    /// What was said to a camera over its backchannel.
    #[must_use]
    pub fn talk(&self, camera: usize) -> Talk {
        self.shared.cameras[camera].talk().clone()
    }

    /// Puts a recorder's clock ahead of the true time by so many milliseconds.
    pub fn set_clock_offset(&self, recorder: usize, milliseconds: i64) {
        self.shared.recorders[recorder].clock_offset.store(milliseconds, Relaxed);
    }

    /// What a recorder's clock shows now.
    #[must_use]
    pub fn device_time(&self, recorder: usize) -> SystemTime {
        self.shared.clock(recorder, SystemTime::now())
    }

    /// Lets a recorder forget wrong passwords, so that nobody is locked out.
    pub fn forgive(&self, recorder: usize) {
        self.shared.recorders[recorder].pardons.fetch_add(1, Relaxed);
    }

    /// Makes the panorama of a camera's place ready, see [`Options::panoramas`]. Takes a while the first time.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn prepare_panorama(&self, camera: usize) -> Result<(), ProvinceFault> {
        Ok(self.panoramas.prepare(list().cameras[camera].scene)?)
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

/// The recorders' thread: one single-threaded runtime for all 59.
fn run(
    world: impl FnOnce() -> World,
    base_ports: (u16, u16),
    commands: mpsc::Receiver<Command>,
    ready: oneshot::Sender<Result<(), ProvinceFault>>,
) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return drop(ready.send(Err(ProvinceFault::Thread(error)))),
    };
    LocalSet::new().block_on(&runtime, async {
        let mut recorders = Recorders { world: Rc::new(world()), running: Vec::new(), devices: Rc::default() };
        let opened = recorders.open_all(base_ports).await;
        let failed = opened.is_err();
        if ready.send(opened).is_ok() && !failed {
            recorders.obey(commands).await;
        }
    });
}

/// A running recorder: its stop signals and tasks, of RTSP and of HTTP if it has that.
type Running = Vec<(oneshot::Sender<()>, tokio::task::JoinHandle<()>)>;

struct Recorders {
    world: Rc<World>,
    running: Vec<Option<Running>>,
    /// Those that are switched on and answer over HTTP.
    devices: Rc<RefCell<Vec<Rc<Device>>>>,
}

impl Recorders {
    async fn open_all(&mut self, (rtsp, http): (u16, u16)) -> Result<(), ProvinceFault> {
        let fault = |source| ProvinceFault::Port { port: 0, source };
        let discovery = discovery::open().await.map_err(fault)?;
        let port = discovery.local_addr().map_err(fault)?.port();
        self.world.shared.discovery_port.store(port, Relaxed);
        let devices = Rc::clone(&self.devices);
        tokio::task::spawn_local(discovery::run(discovery, move || devices.borrow().clone()));
        for index in 0..self.world.list.recorders.len() {
            self.running.push(None);
            let of = |base: u16| if base == 0 { 0 } else { base + index as u16 };
            self.open(index, of(rtsp), of(http)).await?;
        }
        Ok(())
    }

    async fn open(&mut self, index: usize, port: u16, http_port: u16) -> Result<(), ProvinceFault> {
        let mut running = vec![self.open_rtsp(index, port).await?];
        if self.world.list.recorders[index].equipment.make != Make::Plain {
            running.push(self.open_http(index, http_port).await?);
        }
        self.running[index] = Some(running);
        Ok(())
    }

    async fn open_http(
        &self,
        index: usize,
        port: u16,
    ) -> Result<(oneshot::Sender<()>, tokio::task::JoinHandle<()>), ProvinceFault> {
        let fault = |source| ProvinceFault::Port { port, source };
        let listener = server::open(port).await.map_err(fault)?;
        let port = listener.local_addr().map_err(fault)?.port();
        self.world.shared.recorders[index].http_port.store(port, Relaxed);
        let device = Rc::new(Device::new(Rc::clone(&self.world), index));
        self.devices.borrow_mut().push(Rc::clone(&device));
        let (stop, stopped) = oneshot::channel();
        Ok((stop, tokio::task::spawn_local(server::run(device, listener, stopped))))
    }

    async fn open_rtsp(
        &self,
        index: usize,
        port: u16,
    ) -> Result<(oneshot::Sender<()>, tokio::task::JoinHandle<()>), ProvinceFault> {
        let fault = |source| ProvinceFault::Port { port, source };
        let (recorder, listener) =
            Recorder::open(Rc::clone(&self.world), index, port).await.map_err(fault)?;
        let port = listener.local_addr().map_err(fault)?.port();
        self.world.shared.recorders[index].port.store(port, Relaxed);
        let (stop, stopped) = oneshot::channel();
        Ok((stop, tokio::task::spawn_local(recorder.run(listener, stopped))))
    }

    async fn obey(&mut self, mut commands: mpsc::Receiver<Command>) {
        // Whoever asked may have gone: nobody to tell then.
        while let Some(command) = commands.recv().await {
            match command {
                Command::Stop(index, reply) => {
                    self.devices.borrow_mut().retain(|device| device.index != index);
                    for (stop, task) in self.running[index].take().into_iter().flatten() {
                        drop(stop);
                        drop(task.await);
                    }
                    reply.send(()).ok();
                }
                Command::Start(index, reply) => {
                    let state = &self.world.shared.recorders[index];
                    let (port, http_port) = (state.port.load(Relaxed), state.http_port.load(Relaxed));
                    let opened = if self.running[index].is_some() {
                        Ok(())
                    } else {
                        self.open(index, port, http_port).await
                    };
                    reply.send(opened).ok();
                }
            }
        }
    }
}

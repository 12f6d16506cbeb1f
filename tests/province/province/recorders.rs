//! The recorders' thread: each recorder's ports, switched on and off.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU16, Ordering::Relaxed};

use tokio::sync::{mpsc, oneshot};
use tokio::task::LocalSet;

use super::{Command, ProvinceFault};
use crate::device::Device;
use crate::equipment::Make;
use crate::http::server;
use crate::onvif::discovery;
use crate::recorder::Recorder;
use crate::tls;
use crate::world::World;

/// Where recorder 0 would listen; 0 for any free port of each.
#[derive(Clone, Copy)]
pub(super) struct BasePorts {
    pub(super) rtsp: u16,
    pub(super) http: u16,
    pub(super) tls: u16,
}

/// The recorders' thread: one single-threaded runtime for all 59.
pub(super) fn run(
    world: impl FnOnce() -> World,
    base_ports: BasePorts,
    commands: mpsc::Receiver<Command>,
    ready: oneshot::Sender<Result<(), ProvinceFault>>,
) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return drop(ready.send(Err(ProvinceFault::Thread(error)))),
    };
    LocalSet::new().block_on(&runtime, async {
        let mut recorders =
            Recorders { world: Rc::new(world()), running: Vec::new(), devices: Rc::default() };
        let opened = recorders.open_all(base_ports).await;
        let failed = opened.is_err();
        if ready.send(opened).is_ok() && !failed {
            recorders.obey(commands).await;
        }
    });
}

/// What serves a port: its stop signal and task.
type Serving = (oneshot::Sender<()>, tokio::task::JoinHandle<()>);
/// A running recorder: RTSP, and HTTP and TLS if it has that.
type Running = Vec<Serving>;

struct Recorders {
    world: Rc<World>,
    running: Vec<Option<Running>>,
    /// Those that are switched on and answer over HTTP.
    devices: Rc<RefCell<Vec<Rc<Device>>>>,
}

impl Recorders {
    async fn open_all(&mut self, base: BasePorts) -> Result<(), ProvinceFault> {
        let fault = |source| ProvinceFault::Port { port: 0, source };
        let discovery = discovery::open().await.map_err(fault)?;
        let port = discovery.local_addr().map_err(fault)?.port();
        self.world.shared.discovery_port.store(port, Relaxed);
        let devices = Rc::clone(&self.devices);
        tokio::task::spawn_local(discovery::run(discovery, move || devices.borrow().clone()));
        for index in 0..self.world.list.recorders.len() {
            self.running.push(None);
            let of = |base: u16| if base == 0 { 0 } else { base + index as u16 };
            let state = &self.world.shared.recorders[index];
            state.port.store(of(base.rtsp), Relaxed);
            state.http_port.store(of(base.http), Relaxed);
            state.rtsps_port.store(of(base.tls), Relaxed);
            self.open(index).await?;
        }
        Ok(())
    }

    /// On the ports that its state has; where that is 0, on any, which is written there.
    async fn open(&mut self, index: usize) -> Result<(), ProvinceFault> {
        let world = Rc::clone(&self.world);
        let state = &world.shared.recorders[index];
        let equipment = self.world.list.recorders[index].equipment;
        let mut running = vec![self.open_rtsp(index, state.port.load(Relaxed)).await?];
        if equipment.make == Make::Plain {
            state.http_port.store(0, Relaxed);
        } else {
            running.push(self.open_http(index, state.http_port.load(Relaxed)).await?);
        }
        if equipment.replays_over_tls {
            {
                let mut keys = state.keys.lock().unwrap_or_else(PoisonError::into_inner);
                if keys.is_none() {
                    *keys = Some(tls::keys().map_err(ProvinceFault::Certificate)?);
                }
            }
            running.push(self.open_tls(index, &state.rtsps_port, &state.port).await?);
            running.push(self.open_tls(index, &state.https_port, &state.http_port).await?);
        }
        self.running[index] = Some(running);
        Ok(())
    }

    async fn open_tls(
        &self,
        index: usize,
        port: &AtomicU16,
        inside: &AtomicU16,
    ) -> Result<Serving, ProvinceFault> {
        let fault = |source| ProvinceFault::Port { port: port.load(Relaxed), source };
        let listener = server::open(port.load(Relaxed)).await.map_err(fault)?;
        port.store(listener.local_addr().map_err(fault)?.port(), Relaxed);
        let (stop, stopped) = oneshot::channel();
        let recorder = (Rc::clone(&self.world), index);
        let serving = tls::run(recorder, listener, inside.load(Relaxed), stopped);
        Ok((stop, tokio::task::spawn_local(serving)))
    }

    async fn open_http(&self, index: usize, port: u16) -> Result<Serving, ProvinceFault> {
        let fault = |source| ProvinceFault::Port { port, source };
        let listener = server::open(port).await.map_err(fault)?;
        let port = listener.local_addr().map_err(fault)?.port();
        self.world.shared.recorders[index].http_port.store(port, Relaxed);
        let device = Rc::new(Device::new(Rc::clone(&self.world), index));
        self.devices.borrow_mut().push(Rc::clone(&device));
        let (stop, stopped) = oneshot::channel();
        Ok((stop, tokio::task::spawn_local(server::run(device, listener, stopped))))
    }

    async fn open_rtsp(&self, index: usize, port: u16) -> Result<Serving, ProvinceFault> {
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
                    let opened = if self.running[index].is_some() { Ok(()) } else { self.open(index).await };
                    reply.send(opened).ok();
                }
            }
        }
    }
}

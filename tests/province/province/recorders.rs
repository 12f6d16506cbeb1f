//! The recorders' thread: each recorder's two ports, switched on and off.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::atomic::Ordering::Relaxed;

use tokio::sync::{mpsc, oneshot};
use tokio::task::LocalSet;

use super::{Command, ProvinceFault};
use crate::device::Device;
use crate::equipment::Make;
use crate::http::server;
use crate::onvif::discovery;
use crate::recorder::Recorder;
use crate::world::World;

/// The recorders' thread: one single-threaded runtime for all 59.
pub(super) fn run(
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
        let mut recorders =
            Recorders { world: Rc::new(world()), running: Vec::new(), devices: Rc::default() };
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

//! A real server for a test, rooms that share through it, and somebody who only watches the store.

use std::collections::{BTreeMap, HashMap};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use async_nats::jetstream;
use futures::StreamExt;
use leases::{Answer, Holder, Leases, Limits, Login, Profile, RESERVE, Server, State, View, Want, Wish};
use model::Id;
use parking_lot::Mutex;
use tokio::runtime::Handle;

/// Nothing in these tests takes so long; whoever waits longer has found a fault.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// `nats-server` on loopback, ended with the value.
pub(crate) struct Nats {
    child: Child,
    pub(crate) port: u16,
    store: tempfile::TempDir,
    extra: Vec<String>,
}

impl Nats {
    /// `None`, said loudly, where it is not installed.
    pub(crate) async fn start(extra: &[&str]) -> Option<Self> {
        if Command::new("nats-server").arg("--version").stdout(Stdio::null()).status().is_err() {
            eprintln!("\n*** SKIPPED: nats-server is not installed; packaging/setup does it ***\n");
            return None;
        }
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let store = tempfile::tempdir().unwrap();
        let extra: Vec<String> = extra.iter().map(|&text| text.to_owned()).collect();
        let child = launch(port, store.path(), &extra);
        let mut server = Self { child, port, store, extra };
        server.wait().await;
        Some(server)
    }

    pub(crate) fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// As if the plug were pulled.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) async fn restart(&mut self, with_empty_store: bool) {
        if with_empty_store {
            self.store = tempfile::tempdir().unwrap();
        }
        self.child = launch(self.port, self.store.path(), &self.extra);
        self.wait().await;
    }

    async fn wait(&mut self) {
        let until = Instant::now() + PATIENCE;
        while tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
            assert!(self.child.try_wait().unwrap().is_none(), "the server has ended");
            assert!(Instant::now() < until, "the server does not start");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn launch(port: u16, store: &Path, extra: &[String]) -> Child {
    let mut command = Command::new("nats-server");
    command.args(["-a", "127.0.0.1", "-p", &port.to_string(), "-js", "-sd"]).arg(store).args(extra);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// A site of 30 Mb/s with one recorder of 100 Mb/s; 6 viewers a camera.
pub(crate) fn wish(camera: usize, kind: Profile, want: Want, open: bool) -> Wish {
    Wish {
        site: id("Trạm y tế Bình An"),
        recorder: Some(id("recorder")),
        camera: id(&format!("camera {camera}")),
        kind,
        mbps: if kind == Profile::Main { 2.0 } else { 0.256 },
        want,
        selected: false,
        open,
        limits: Limits { site_mbps: Some(30.0), recorder_mbps: Some(100.0), viewers: Some(6) },
    }
}

pub(crate) fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

type Streams = BTreeMap<(usize, Profile), bool>;

/// A client with an engine that opens what is granted and closes what is recalled, at once.
pub(crate) struct Room {
    pub(crate) leases: Arc<Leases>,
    /// What is wanted: camera and kind, and whether it is open.
    streams: Arc<Mutex<Streams>>,
    /// Whether anything was ever closed that is wanted.
    pub(crate) darkened: Arc<AtomicBool>,
    task: tokio::task::JoinHandle<()>,
}

impl Room {
    pub(crate) fn join(nats: &Nats, name: &str, rank: u8) -> Self {
        Self::join_by(Server::new(&nats.url(), Login::None, None).unwrap(), name, rank)
    }

    pub(crate) fn join_by(server: Server, name: &str, rank: u8) -> Self {
        let stirred = Arc::new(tokio::sync::Notify::new());
        let bell = Arc::clone(&stirred);
        let who = Holder { name: name.to_owned(), rank };
        let bell = Arc::new(move || bell.notify_one());
        let leases = Arc::new(Leases::join(server, &who, RESERVE, &Handle::current(), bell));
        let streams: Arc<Mutex<Streams>> = Arc::default();
        let darkened = Arc::new(AtomicBool::new(false));
        let engine = Engine {
            leases: Arc::clone(&leases),
            streams: Arc::clone(&streams),
            darkened: Arc::clone(&darkened),
        };
        let task = tokio::spawn(async move {
            loop {
                engine.act();
                let _ = tokio::time::timeout(Duration::from_millis(20), stirred.notified()).await;
            }
        });
        Self { leases, streams, darkened, task }
    }

    pub(crate) fn want(&self, cameras: impl IntoIterator<Item = usize>, kind: Profile) {
        let mut streams = self.streams.lock();
        for camera in cameras {
            streams.entry((camera, kind)).or_default();
        }
    }

    /// Closes everything.
    pub(crate) fn leave(&self) {
        self.streams.lock().clear();
    }

    pub(crate) fn open(&self) -> usize {
        self.streams.lock().values().filter(|open| **open).count()
    }

    pub(crate) fn view(&self) -> Arc<View> {
        self.leases.view()
    }
}

/// Ends without a word, as a program that is killed.
impl Drop for Room {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Engine {
    leases: Arc<Leases>,
    streams: Arc<Mutex<Streams>>,
    darkened: Arc<AtomicBool>,
}

impl Engine {
    fn act(&self) {
        let mut streams = self.streams.lock();
        let view = self.leases.view();
        for (&(camera, kind), open) in streams.iter_mut() {
            match view.answer(&id(&format!("camera {camera}")), kind) {
                Answer::Granted => *open = true,
                Answer::Recalled { .. } => {
                    *open = false;
                    self.darkened.store(true, Ordering::Relaxed);
                }
                Answer::Waiting { .. } | Answer::Superseded => {}
            }
        }
        let wish = |(&(camera, kind), &open): (&(usize, Profile), &bool)| {
            let want = if kind == Profile::Main { Want::Upgrade } else { Want::Base };
            wish(camera, kind, want, open)
        };
        self.leases.wish(&streams.iter().map(wish).collect::<Vec<_>>());
    }
}

/// Waits for it; gives the time that it took.
pub(crate) async fn until(what: &str, mut is: impl FnMut() -> bool) -> Duration {
    let began = Instant::now();
    while !is() {
        assert!(began.elapsed() < PATIENCE, "still not: {what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    began.elapsed()
}

pub(crate) fn clients(room: &Room) -> usize {
    match room.view().state() {
        State::Connected { clients } => *clients,
        _ => 0,
    }
}

/// The most that the store has ever said was leased.
#[derive(Clone, Debug, Default)]
pub(crate) struct Most {
    pub(crate) kbps: u64,
    pub(crate) viewers: usize,
    pub(crate) values: usize,
    pub(crate) bytes: usize,
}

/// Watches the store by a connection of its own and reads its values in its own way.
pub(crate) async fn watch(nats: &Nats) -> Arc<Mutex<Most>> {
    let client = async_nats::connect(nats.url()).await.unwrap();
    let context = jetstream::new(client);
    let store = loop {
        match context.get_key_value("watchwall-leases").await {
            Ok(store) => break store,
            Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    };
    let mut entries = store.watch_with_history(">").await.unwrap();
    let most = Arc::new(Mutex::new(Most::default()));
    let seen = Arc::clone(&most);
    tokio::spawn(async move {
        while let Some(Ok(entry)) = entries.next().await {
            note(&mut seen.lock(), &entry.value);
        }
    });
    most
}

fn note(most: &mut Most, value: &[u8]) {
    let value: serde_json::Value = serde_json::from_slice(value).unwrap();
    let mut kbps = 0;
    let mut viewers: HashMap<String, usize> = HashMap::new();
    for stream in
        value["parties"].as_array().unwrap().iter().flat_map(|party| party["streams"].as_array().unwrap())
    {
        let leased = stream.get("l").and_then(serde_json::Value::as_u64).unwrap_or(0);
        if leased > 0 {
            kbps += leased;
            *viewers.entry(stream["c"].to_string()).or_default() += 1;
        }
    }
    most.kbps = most.kbps.max(kbps);
    most.viewers = most.viewers.max(viewers.values().copied().max().unwrap_or(0));
    most.values += 1;
    most.bytes = most.bytes.max(value.to_string().len());
}

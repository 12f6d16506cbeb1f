//! The connection to the server: carries ledgers and beats between it and [`Member`], and comes back when it breaks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use async_nats::jetstream::{self, kv};
use async_nats::{Client, ConnectErrorKind, ConnectOptions, Event};
use futures::stream::{FuturesUnordered, StreamExt};
use model::Id;
use parking_lot::Mutex;
use rand::Rng;
use tokio::sync::Notify;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use crate::Bell;
use crate::helms::{self, Helms};
use crate::key;
use crate::member::{Member, Write};
use crate::presence::BEAT;
use crate::server::{Login, Server};
use crate::view::Trouble;

/// The store's name on the server.
const BUCKET: &str = "watchwall-leases";
/// Beats go by messages of their own, not through the store: nothing of them is worth keeping.
const BEATS: &str = "watchwall.beats";
const CONNECT: Duration = Duration::from_secs(3);
const ANSWER: Duration = Duration::from_secs(3);
/// Without its own beats coming back, a client hears nobody; sooner than others take it for dead.
const DEAF: Duration = Duration::from_secs(6);
/// How often time is passed on.
const TICK: Duration = Duration::from_millis(250);
/// The longest pause before the next attempt; all clients are back within it and [`CONNECT`]'s answer.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// Everything together that the server keeps; a site's ledger has some kilobytes.
const STORE_BYTES: i64 = 64 * 1024 * 1024;
const VALUE_BYTES: i32 = 512 * 1024;

/// What callers and connection share.
pub(crate) struct Shared {
    pub(crate) member: Mutex<Member>,
    /// Never locked together with the member.
    pub(crate) helms: Mutex<Helms>,
    /// Something is to be written, perhaps.
    pub(crate) stirred: Notify,
    pub(crate) bell: Bell,
}

impl Shared {
    /// Tells the member something; rings where the view has changed by it.
    fn tell(&self, what: impl FnOnce(&mut Member, Instant) -> bool) {
        let changed = what(&mut self.member.lock(), Instant::now());
        if changed {
            (self.bell)();
        }
    }

    /// The same for the helms.
    fn tell_helms(&self, what: impl FnOnce(&mut Helms, Instant) -> bool) {
        let changed = what(&mut self.helms.lock(), Instant::now());
        if changed {
            (self.bell)();
        }
    }
}

/// Keeps the connection for as long as it is polled.
pub(crate) async fn run(shared: Arc<Shared>, server: Server) {
    let keep = async {
        let mut pause = Duration::from_millis(100);
        loop {
            let began = Instant::now();
            let trouble = session(&shared, &server).await;
            log::warn!("no agreement with other clients: {trouble:?}");
            shared.tell(|member, now| member.lost(trouble, now));
            shared.tell_helms(Helms::lost);
            if began.elapsed() > LONGEST_PAUSE * 2 {
                pause = Duration::from_millis(100);
            }
            sleep(jittered(pause)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    };
    let pass = async {
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            shared.tell(Member::pass);
            shared.tell_helms(Helms::pass);
            shared.stirred.notify_one();
        }
    };
    tokio::join!(keep, pass);
}

/// Half of it or more: those who lost the same server do not return at once.
fn jittered(pause: Duration) -> Duration {
    rand::rng().random_range(pause / 2..=pause)
}

/// One connection, until it is of no use any more.
async fn session(shared: &Shared, server: &Server) -> Trouble {
    let broken = Arc::new(Broken::default());
    match connect(server, shared, &broken).await {
        Ok(client) => {
            let trouble = share(shared, &client, &broken).await;
            // Whoever still holds a handle of it: this connection ends.
            let _ = timeout(TICK, client.drain()).await;
            trouble
        }
        Err(trouble) => trouble,
    }
}

#[derive(Default)]
struct Broken {
    is: AtomicBool,
    bell: Notify,
}

async fn connect(server: &Server, shared: &Shared, broken: &Arc<Broken>) -> Result<Client, Trouble> {
    let on_event = {
        let broken = Arc::clone(broken);
        move |event| {
            let broken = Arc::clone(&broken);
            async move {
                log::debug!("server of leases: {event}");
                if matches!(event, Event::Disconnected | Event::Closed) {
                    broken.is.store(true, Ordering::Release);
                    broken.bell.notify_one();
                }
            }
        }
    };
    let mut options = ConnectOptions::new()
        .name(shared.member.lock().id())
        .require_tls(server.is_encrypted())
        .ping_interval(BEAT)
        .connection_timeout(CONNECT)
        .request_timeout(Some(ANSWER))
        .ignore_discovered_servers()
        // A connection that breaks is not mended but made anew, with everything that was read by it.
        .max_reconnects(1)
        .event_callback(on_event);
    if server.is_encrypted() {
        // If another part of the program has chosen one, that one is used.
        let _ = async_nats::rustls::crypto::ring::default_provider().install_default();
        if let Some(roots) = server.roots() {
            options = options.add_root_certificates(roots.clone());
        }
    }
    options = match server.login() {
        Login::None => options,
        Login::Password(login) => {
            options.user_and_password(login.user.clone(), login.password.expose().to_owned())
        }
        Login::NKey(seed) => options.nkey(seed.expose().to_owned()),
        Login::File(path) => options.credentials_file(path.clone()).await.map_err(|_| Trouble::LoginFile)?,
    };
    match timeout(CONNECT * 2, options.connect(server.url())).await {
        Ok(Ok(client)) => Ok(client),
        Ok(Err(error)) => Err(match error.kind() {
            ConnectErrorKind::Authentication | ConnectErrorKind::AuthorizationViolation => Trouble::Login,
            ConnectErrorKind::Tls => Trouble::Tls,
            _ if is_tls(&error) => Trouble::Tls,
            _ => Trouble::Unreachable,
        }),
        Err(_) => Err(Trouble::Unreachable),
    }
}

/// Whether TLS is behind it: a certificate that is not trusted comes as an error of reading.
fn is_tls(error: &(dyn std::error::Error + 'static)) -> bool {
    type Tls = async_nats::rustls::Error;
    std::iter::successors(Some(error), |error| error.source()).any(|error| {
        let read = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        error.is::<Tls>() || read.is_some_and(|inner| inner.is::<Tls>())
    })
}

async fn store(client: &Client) -> Result<kv::Store, Trouble> {
    let mut context = jetstream::new(client.clone());
    context.set_timeout(ANSWER);
    if let Ok(store) = context.get_key_value(BUCKET).await {
        return Ok(store);
    }
    // A key-value store is a stream of this form (NATS architecture decision record 8). It is made directly, because
    // `create_key_value` first asks for the account and does not understand the answer of servers of 2.9.
    let config = jetstream::stream::Config {
        name: format!("KV_{BUCKET}"),
        description: Some("Watchwall: who watches what".to_owned()),
        subjects: vec![format!("$KV.{BUCKET}.>")],
        max_messages_per_subject: 1,
        max_message_size: VALUE_BYTES,
        max_bytes: STORE_BYTES,
        discard: jetstream::stream::DiscardPolicy::New,
        // Kept on disk: a server that comes back should still know who had what.
        storage: jetstream::stream::StorageType::File,
        num_replicas: 1,
        allow_rollup: true,
        deny_delete: true,
        allow_direct: true,
        ..jetstream::stream::Config::default()
    };
    let no_store = |error: &dyn std::error::Error| {
        log::warn!("the server keeps no ledgers: {error}");
        Trouble::NoStore
    };
    context.create_stream(config).await.map_err(|error| no_store(&error))?;
    context.get_key_value(BUCKET).await.map_err(|error| no_store(&error))
}

/// Carries everything between the member and the server.
async fn share(shared: &Shared, client: &Client, broken: &Broken) -> Trouble {
    let me = shared.member.lock().id().clone();
    let my_beat = format!("{BEATS}.{me}");
    let Ok(mut beats) = client.subscribe(format!("{BEATS}.*")).await else { return Trouble::Unreachable };
    let store = match store(client).await {
        Ok(store) => store,
        Err(trouble) => return trouble,
    };
    let Ok(mut ledgers) = store.watch_with_history(format!("{}>", key::SITES)).await else {
        return Trouble::NoStore;
    };
    let Ok(mut helms) = store.watch_with_history(format!("{}>", key::HELMS)).await else {
        return Trouble::NoStore;
    };
    shared.tell(Member::connected);
    shared.tell_helms(Helms::connected);

    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // An empty store has nothing to say. What is written too early meets a later revision and does no harm.
    let read = sleep(ANSWER / 10);
    tokio::pin!(read);
    let (mut is_read, mut helms_are_read) = (false, false);
    let mut heard_myself = Instant::now();
    let mut writes = FuturesUnordered::new();
    let mut helm_writes = FuturesUnordered::new();
    loop {
        tokio::select! {
            () = broken.bell.notified() => {}
            _ = beat.tick() => {
                if client.publish(my_beat.clone(), bytes::Bytes::new()).await.is_err() {
                    return Trouble::Unreachable;
                }
            }
            message = beats.next() => {
                let Some(message) = message else { return Trouble::Unreachable };
                let name = message.subject.strip_prefix(BEATS).and_then(|name| name.strip_prefix('.'));
                if let Some(id) = name.and_then(|name| Id::new(name).ok()) {
                    if id == me {
                        heard_myself = Instant::now();
                    }
                    shared.tell(|member, now| member.heard(&id, now));
                    shared.tell_helms(|helms, now| helms.heard(&id, now));
                }
            }
            entry = ledgers.next() => {
                let Some(Ok(entry)) = entry else { return Trouble::Silent };
                let value = (entry.operation == kv::Operation::Put).then_some(&entry.value[..]);
                if let Some(site) = key::id(key::SITES, &entry.key) {
                    shared.tell(|member, now| member.ledger(&site, entry.revision, value, now));
                }
                if entry.seen_current && !is_read {
                    is_read = true;
                    shared.tell(Member::all_read);
                }
            }
            entry = helms.next() => {
                let Some(Ok(entry)) = entry else { return Trouble::Silent };
                let value = (entry.operation == kv::Operation::Put).then_some(&entry.value[..]);
                if let Some(camera) = key::id(key::HELMS, &entry.key) {
                    shared.tell_helms(|helms, now| helms.helm(&camera, entry.revision, value, now));
                }
                if entry.seen_current && !helms_are_read {
                    helms_are_read = true;
                    shared.tell_helms(Helms::all_read);
                }
            }
            () = &mut read, if !is_read || !helms_are_read => {
                if !std::mem::replace(&mut is_read, true) {
                    shared.tell(Member::all_read);
                }
                if !std::mem::replace(&mut helms_are_read, true) {
                    shared.tell_helms(Helms::all_read);
                }
            }
            Some(outcome) = writes.next(), if !writes.is_empty() => {
                if let Err(trouble) = written(shared, outcome) {
                    return trouble;
                }
            }
            Some(outcome) = helm_writes.next(), if !helm_writes.is_empty() => {
                if let Err(trouble) = helm_written(shared, outcome) {
                    return trouble;
                }
            }
            () = shared.stirred.notified() => {}
        }
        if broken.is.load(Ordering::Acquire) {
            return Trouble::Unreachable;
        }
        if heard_myself.elapsed() > DEAF {
            return Trouble::Silent;
        }
        let next = shared.member.lock().next_writes(Instant::now());
        writes.extend(next.into_iter().map(|write| write_to(&store, write)));
        let next = shared.helms.lock().next_writes(Instant::now());
        helm_writes.extend(next.into_iter().map(|write| write_helm(&store, write)));
    }
}

async fn write_to(store: &kv::Store, write: Write) -> (Id, Result<u64, kv::UpdateError>) {
    let Write { site, after, value } = write;
    let outcome = store.update(key::of(key::SITES, &site), value.into(), after).await;
    (site, outcome)
}

async fn write_helm(store: &kv::Store, write: helms::Write) -> (Id, Result<u64, kv::UpdateError>) {
    let helms::Write { camera, after, value } = write;
    let outcome = store.update(key::of(key::HELMS, &camera), value.into(), after).await;
    (camera, outcome)
}

fn written(shared: &Shared, (site, outcome): (Id, Result<u64, kv::UpdateError>)) -> Result<(), Trouble> {
    match revision_of(outcome)? {
        Some(revision) => shared.tell(|member, now| member.written(&site, revision, now)),
        None => shared.tell(|member, now| member.outrun(&site, now)),
    }
    Ok(())
}

fn helm_written(
    shared: &Shared,
    (camera, outcome): (Id, Result<u64, kv::UpdateError>),
) -> Result<(), Trouble> {
    match revision_of(outcome)? {
        Some(revision) => shared.tell_helms(|helms, now| helms.written(&camera, revision, now)),
        None => shared.tell_helms(|helms, now| helms.outrun(&camera, now)),
    }
    Ok(())
}

/// `None`: somebody else was faster.
fn revision_of(outcome: Result<u64, kv::UpdateError>) -> Result<Option<u64>, Trouble> {
    match outcome {
        Ok(revision) => Ok(Some(revision)),
        Err(error) => match error.kind() {
            kv::UpdateErrorKind::WrongLastRevision => Ok(None),
            // Nobody knows whether it was written: everything is read anew.
            kv::UpdateErrorKind::TimedOut => Err(Trouble::Silent),
            kv::UpdateErrorKind::InvalidKey | kv::UpdateErrorKind::Other => {
                log::warn!("the server does not take it: {error}");
                Err(Trouble::NoStore)
            }
        },
    }
}

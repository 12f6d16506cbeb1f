//! One recorder: a listener, its connections, and the answers to their requests.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use tokio::io::Interest;
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::clip::{ClipId, Clips};
use crate::connection::Connection;
use crate::list::{Camera, List, Profile};
use crate::rtsp::digest::{self, Verdict};
use crate::rtsp::message::{self, Incoming, Request, Response};
use crate::rtsp::sdp;
use crate::rtsp::transport::{self, Transport};
use crate::shared::Shared;
use crate::stream::{Epoch, Path, Stream, UdpPair, Viewer};

/// Sessions end when nothing was heard for this long.
pub(crate) const SESSION_TIMEOUT: Duration = Duration::from_secs(60);
/// The most viewers of a camera, both profiles together.
pub(crate) const VIEWERS: u32 = 6;

/// What all recorders share; everything on the one thread.
pub(crate) struct World {
    pub(crate) list: &'static List,
    pub(crate) clips: Arc<Clips>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) user: String,
    pub(crate) password: String,
    pub(crate) epoch: Epoch,
    /// Opened when first asked for.
    streams: RefCell<HashMap<(usize, Profile), Rc<Stream>>>,
    /// b/s reserved, by site, and by recorder.
    site_rates: Vec<Cell<u64>>,
    recorder_rates: Vec<Cell<u64>>,
    viewers: Vec<Cell<u32>>,
}

impl World {
    pub(crate) fn new(
        list: &'static List,
        clips: Arc<Clips>,
        shared: Arc<Shared>,
        user: String,
        password: String,
    ) -> Self {
        Self {
            list,
            clips,
            shared,
            user,
            password,
            epoch: Epoch::now(),
            streams: RefCell::default(),
            site_rates: list.sites.iter().map(|_| Cell::new(0)).collect(),
            recorder_rates: list.recorders.iter().map(|_| Cell::new(0)).collect(),
            viewers: list.cameras.iter().map(|_| Cell::new(0)).collect(),
        }
    }

    /// `None` while the clip is not ready.
    fn stream(&self, camera: usize, profile: Profile) -> Option<Rc<Stream>> {
        let mut streams = self.streams.borrow_mut();
        if let Some(stream) = streams.get(&(camera, profile)) {
            return Some(Rc::clone(stream));
        }
        let about = &self.list.cameras[camera];
        let clip = self.clips.get(ClipId::of(about, profile))?;
        let rate = about.coding.frame_rate(profile);
        let stream = Rc::new(Stream::new(camera, profile, rate, clip, Arc::clone(&self.shared), self.epoch));
        streams.insert((camera, profile), Rc::clone(&stream));
        Some(stream)
    }

    /// Room for one more viewer, or the status that says which limit is reached.
    fn reserve(self: &Rc<Self>, camera: usize, profile: Profile) -> Result<Reservation, u16> {
        let about = &self.list.cameras[camera];
        let (site, recorder) = (&self.list.sites[about.site], &self.list.recorders[about.recorder]);
        let rate = u64::from(about.nominal_rate(profile));
        if self.viewers[camera].get() >= VIEWERS {
            return Err(503);
        }
        let fits = |used: &Cell<u64>, mbps: u32| used.get() + rate <= u64::from(mbps) * 1_000_000;
        if !fits(&self.recorder_rates[about.recorder], recorder.sends_mbps)
            || !fits(&self.site_rates[about.site], site.uplink_mbps)
        {
            return Err(453);
        }
        let reservation = Reservation { world: Rc::clone(self), camera, rate };
        reservation.book(|used, rate| used + rate, |viewers| viewers + 1);
        Ok(reservation)
    }
}

/// A viewer's share of the limits, given back when dropped.
struct Reservation {
    world: Rc<World>,
    camera: usize,
    rate: u64,
}

impl Reservation {
    fn book(&self, rate: impl Fn(u64, u64) -> u64, viewers: impl Fn(u32) -> u32) {
        let about = &self.world.list.cameras[self.camera];
        for used in [&self.world.site_rates[about.site], &self.world.recorder_rates[about.recorder]] {
            used.set(rate(used.get(), self.rate));
        }
        let count = &self.world.viewers[self.camera];
        count.set(viewers(count.get()));
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.book(|used, rate| used - rate, |viewers| viewers - 1);
    }
}

/// One recorder while it is switched on.
pub(crate) struct Recorder {
    world: Rc<World>,
    index: usize,
    udp: Rc<UdpPair>,
    /// When each UDP viewer was last heard, by the address its receiver reports come from.
    heard: RefCell<HashMap<SocketAddr, Rc<Cell<Instant>>>>,
}

impl Recorder {
    /// Opens the recorder's port (0 for any) on loopback.
    pub(crate) async fn open(
        world: Rc<World>,
        index: usize,
        port: u16,
    ) -> std::io::Result<(Rc<Self>, TcpListener)> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let udp = Rc::new(udp_pair().await?);
        Ok((Rc::new(Self { world, index, udp, heard: RefCell::default() }), listener))
    }

    /// Serves until `stop` comes or its sender is gone; then listener and connections are closed before it returns.
    pub(crate) async fn run(self: Rc<Self>, listener: TcpListener, mut stop: oneshot::Receiver<()>) {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                _ = &mut stop => break,
                accepted = listener.accept() => match accepted {
                    Ok((socket, peer)) => {
                        // Without it, small pictures wait for the acknowledgement of the last.
                        drop(socket.set_nodelay(true));
                        self.world.shared.recorders[self.index].connections.fetch_add(1, Relaxed);
                        connections.spawn_local(Rc::clone(&self).serve(socket, peer));
                    }
                    // Out of descriptors: the next try must not spin.
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                },
                Some(_) = connections.join_next() => {}
                () = hear(&self.udp.rtcp, &self.heard) => {}
                () = hear(&self.udp.rtp, &self.heard) => {}
            }
        }
        drop(listener);
        connections.shutdown().await;
    }

    async fn serve(self: Rc<Self>, socket: TcpStream, peer: SocketAddr) {
        let connection = Rc::new(Connection::new(socket));
        let nonce = format!("{:032x}", rand::random::<u128>());
        let heard = Rc::new(Cell::new(Instant::now()));
        let mut dialogue = Dialogue {
            recorder: self,
            connection: Rc::clone(&connection),
            peer,
            nonce,
            heard,
            session: None,
        };
        let mut input = Vec::new();
        loop {
            let interest = if connection.has_unsent() {
                Interest::READABLE | Interest::WRITABLE
            } else {
                Interest::READABLE
            };
            tokio::select! {
                ready = connection.socket.ready(interest) => {
                    let Ok(ready) = ready else { return };
                    if ready.is_writable() {
                        connection.flush();
                    }
                    if ready.is_readable() && !dialogue.read(&mut input) {
                        return;
                    }
                }
                () = connection.changed.notified() => {}
                () = sleep_until(dialogue.heard.get() + SESSION_TIMEOUT) => {
                    if dialogue.heard.get().elapsed() >= SESSION_TIMEOUT {
                        return;
                    }
                }
            }
            if connection.is_closing() {
                return;
            }
        }
    }
}

/// Two sockets on neighbouring ports, the even one first (RFC 3550 §11).
async fn udp_pair() -> std::io::Result<UdpPair> {
    let mut last = std::io::Error::from(std::io::ErrorKind::AddrInUse);
    for _ in 0..64 {
        let rtp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = rtp.local_addr()?.port();
        if port % 2 == 0 {
            match UdpSocket::bind((Ipv4Addr::LOCALHOST, port + 1)).await {
                Ok(rtcp) => return Ok(UdpPair { rtp, rtcp }),
                Err(error) => last = error,
            }
        }
    }
    Err(last)
}

/// Notes that a viewer lives, from one of its datagrams.
async fn hear(socket: &UdpSocket, heard: &RefCell<HashMap<SocketAddr, Rc<Cell<Instant>>>>) {
    let mut datagram = [0; 64];
    // An error is a viewer's closed port, reported back; the session's end comes by its connection.
    if let Ok((_, from)) = socket.recv_from(&mut datagram).await
        && let Some(heard) = heard.borrow().get(&from)
    {
        heard.set(Instant::now());
    }
}

/// The requests of one connection.
struct Dialogue {
    recorder: Rc<Recorder>,
    connection: Rc<Connection>,
    peer: SocketAddr,
    nonce: String,
    heard: Rc<Cell<Instant>>,
    session: Option<Session>,
}

/// What SETUP made; dropping it is TEARDOWN.
struct Session {
    id: String,
    camera: usize,
    stream: Rc<Stream>,
    viewer: Rc<Viewer>,
    playing: bool,
    udp: Option<(Rc<Recorder>, SocketAddr)>,
    _reservation: Reservation,
}

impl Drop for Session {
    fn drop(&mut self) {
        self.stream.remove(&self.viewer);
        if let Some((recorder, address)) = &self.udp {
            recorder.heard.borrow_mut().remove(address);
        }
    }
}

impl Dialogue {
    /// Reads what there is and answers it; whether the connection goes on.
    fn read(&mut self, input: &mut Vec<u8>) -> bool {
        let start = input.len();
        input.resize(start + 4096, 0);
        let count = match self.connection.socket.try_read(&mut input[start..]) {
            Ok(0) => return false,
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => 0,
            Err(_) => return false,
        };
        input.truncate(start + count);
        loop {
            match message::parse(input) {
                Ok(Some((incoming, length))) => {
                    input.drain(..length);
                    self.heard.set(Instant::now());
                    if let Incoming::Request(request) = incoming {
                        let response = self.answer(&request);
                        self.connection.respond(&response.to_bytes(&request));
                    }
                }
                Ok(None) => return true,
                Err(_) => return false,
            }
        }
    }

    fn answer(&mut self, request: &Request) -> Response {
        if let Some(feature) = request.header("Require") {
            return Response::new(551).with("Unsupported", feature);
        }
        match request.method.as_str() {
            "OPTIONS" => Response::new(200)
                .with("Public", "OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, SET_PARAMETER, TEARDOWN"),
            "DESCRIBE" => {
                self.allowed(request).map_or_else(|refusal| refusal, |target| self.describe(request, target))
            }
            "SETUP" => {
                self.allowed(request).map_or_else(|refusal| refusal, |target| self.set_up(request, target))
            }
            "PLAY" => self.play(request),
            "TEARDOWN" => match self.session(request) {
                Some(_) => {
                    self.session = None;
                    Response::new(200)
                }
                None => Response::new(454),
            },
            // Keep-alives, with a session or without.
            "GET_PARAMETER" | "SET_PARAMETER" => match self.session(request) {
                Some(session) => Response::new(200).with("Session", session.id.clone()),
                None if request.header("Session").is_none() => Response::new(200),
                None => Response::new(454),
            },
            _ => Response::new(501),
        }
    }

    /// The stream a request is about, if its sender may see it.
    fn allowed(&self, request: &Request) -> Result<(usize, Profile), Response> {
        let world = &self.recorder.world;
        match digest::check(request, &self.nonce, &world.user, &world.password) {
            Verdict::Right => {}
            verdict => {
                if verdict == Verdict::Wrong {
                    world.shared.recorders[self.recorder.index].wrong_passwords.fetch_add(1, Relaxed);
                }
                return Err(Response::new(401).with("WWW-Authenticate", digest::challenge(&self.nonce)));
            }
        }
        let target = self.target(request.path()).ok_or_else(|| Response::new(404))?;
        match world.shared.cameras[target.0].refuse.load(Relaxed) {
            0 => Ok(target),
            status => Err(Response::new(status)),
        }
    }

    /// `ch<N>/main` or `ch<N>/sub`, with or without the track.
    fn target(&self, path: &str) -> Option<(usize, Profile)> {
        let mut parts = path.split('/');
        let channel: usize = parts.next()?.strip_prefix("ch")?.parse().ok()?;
        let name = parts.next()?;
        let profile = Profile::BOTH.into_iter().find(|profile| profile.name() == name)?;
        let rest = parts.next();
        if parts.next().is_some() || rest.is_some_and(|track| track != sdp::TRACK) {
            return None;
        }
        let cameras = &self.recorder.world.list.recorders[self.recorder.index].cameras;
        let camera = cameras.start + channel.checked_sub(1)?;
        cameras.contains(&camera).then_some((camera, profile))
    }

    fn camera(&self, camera: usize) -> &'static Camera {
        &self.recorder.world.list.cameras[camera]
    }

    fn describe(&self, request: &Request, (camera, profile): (usize, Profile)) -> Response {
        let about = self.camera(camera);
        let Some(clip) = self.recorder.world.clips.get(ClipId::of(about, profile)) else {
            return Response::new(503).with("Retry-After", "10");
        };
        let (rate, frames) = (about.nominal_rate(profile), about.coding.frame_rate(profile));
        let description = sdp::describe(&about.name, &clip, rate, frames, about.sprop);
        let base = format!("{}/", request.uri.trim_end_matches('/'));
        Response::new(200).with("Content-Base", base).with_body("application/sdp", description)
    }

    fn set_up(&mut self, request: &Request, (camera, profile): (usize, Profile)) -> Response {
        if self.session.is_some() {
            return Response::new(455);
        }
        let Some(transport) = request.header("Transport").and_then(transport::choose) else {
            return Response::new(461);
        };
        let world = &self.recorder.world;
        let Some(stream) = world.stream(camera, profile) else {
            return Response::new(503).with("Retry-After", "10");
        };
        let reservation = match world.reserve(camera, profile) {
            Ok(reservation) => reservation,
            Err(status) => return Response::new(status),
        };
        let (path, udp) = self.path(transport);
        let viewer = Rc::new(Viewer::new(Rc::clone(&self.connection), path));
        let id = format!("{:016x}", rand::random::<u64>());
        let transport = match transport {
            Transport::Interleaved(rtp, rtcp) => format!("RTP/AVP/TCP;unicast;interleaved={rtp}-{rtcp}"),
            Transport::Udp(rtp, rtcp) => {
                let port = self.recorder.udp.rtp.local_addr().map_or(0, |address| address.port());
                format!("RTP/AVP;unicast;client_port={rtp}-{rtcp};server_port={port}-{}", port + 1)
            }
        };
        let response = Response::new(200)
            .with("Session", format!("{id};timeout={}", SESSION_TIMEOUT.as_secs()))
            .with("Transport", format!("{transport};ssrc={:08X}", viewer.ssrc));
        self.session =
            Some(Session { id, camera, stream, viewer, playing: false, udp, _reservation: reservation });
        response
    }

    /// Datagrams go to the address that the connection comes from, never to one that a request names.
    fn path(&self, transport: Transport) -> (Path, Option<(Rc<Recorder>, SocketAddr)>) {
        match transport {
            Transport::Interleaved(rtp, rtcp) => (Path::Interleaved { rtp, rtcp }, None),
            Transport::Udp(rtp, rtcp) => {
                let (rtp, rtcp) =
                    (SocketAddr::new(self.peer.ip(), rtp), SocketAddr::new(self.peer.ip(), rtcp));
                self.recorder.heard.borrow_mut().insert(rtcp, Rc::clone(&self.heard));
                let sockets = Rc::clone(&self.recorder.udp);
                (Path::Udp { sockets, rtp, rtcp }, Some((Rc::clone(&self.recorder), rtcp)))
            }
        }
    }

    fn session(&self, request: &Request) -> Option<&Session> {
        let id = request.header("Session")?.split(';').next()?.trim();
        self.session.as_ref().filter(|session| session.id == id)
    }

    fn play(&mut self, request: &Request) -> Response {
        if self.session(request).is_none() {
            return Response::new(454);
        }
        let Some(session) = &mut self.session else { return Response::new(454) };
        let status = self.recorder.world.shared.cameras[session.camera].refuse.load(Relaxed);
        if status != 0 {
            return Response::new(status);
        }
        let (sequence, timestamp) = session.stream.begin(&session.viewer);
        if !std::mem::replace(&mut session.playing, true) {
            session.stream.add(Rc::clone(&session.viewer));
        }
        let base = request.uri.trim_end_matches('/');
        let track =
            if base.ends_with(sdp::TRACK) { base.to_owned() } else { format!("{base}/{}", sdp::TRACK) };
        Response::new(200)
            .with("Session", session.id.clone())
            .with("Range", "npt=now-")
            .with("RTP-Info", format!("url={track};seq={sequence};rtptime={timestamp}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::list;

    fn world() -> Rc<World> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let _entered = runtime.enter();
        let clips = Arc::new(Clips::new(std::env::temp_dir()));
        Rc::new(World::new(list(), clips, Arc::new(Shared::new(list())), String::new(), String::new()))
    }

    #[test]
    fn a_recorder_sends_no_more_than_it_can() {
        let world = world();
        // The second site: one recorder of 20 Mb/s with four cameras of 2 Mb/s.
        let cameras: Vec<usize> = world.list.sites[1].cameras.clone().collect();
        assert_eq!(cameras.len(), 4);
        let all: Vec<_> = (0..12).map(|i| world.reserve(cameras[i % 4], Profile::Main)).collect();
        assert!(all[..10].iter().all(Result::is_ok), "ten fit");
        assert!(matches!((&all[10], &all[11]), (Err(453), Err(453))));
        assert!(matches!(world.reserve(cameras[0], Profile::Sub), Err(453)), "not even a small one");
        drop(all);
        assert!(world.reserve(cameras[0], Profile::Main).is_ok(), "all was given back");
    }

    #[test]
    fn a_site_sends_no_more_than_its_line_carries() {
        let world = world();
        let site = world.list.sites.iter().position(|site| site.cameras.len() == 35).unwrap();
        let cameras = world.list.sites[site].cameras.clone();
        let mut held = Vec::new();
        let mut refused = 0;
        for camera in cameras.cycle().take(35 * 2) {
            match world.reserve(camera, Profile::Main) {
                Ok(reservation) => held.push(reservation),
                Err(status) => {
                    assert_eq!(status, 453);
                    refused += 1;
                }
            }
        }
        let rate: u64 = held.iter().map(|reservation| reservation.rate).sum();
        assert!(refused > 0 && rate <= 100_000_000 && rate > 95_000_000, "{rate}");
    }

    #[test]
    fn both_profiles_count_as_viewers() {
        let world = world();
        let held: Vec<_> = (0..6).map(|i| world.reserve(0, Profile::BOTH[i % 2])).collect();
        assert!(held.iter().all(Result::is_ok));
        assert!(matches!(world.reserve(0, Profile::Sub), Err(503)));
        assert!(world.reserve(1, Profile::Sub).is_ok(), "another camera");
    }
}

//! The requests of one connection, and their answers.

mod replaying;

use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::atomic::Ordering::Relaxed;

use tokio::time::Instant;

use crate::clip::ClipId;
use crate::connection::Connection;
use crate::equipment::Protocol;
use crate::list::{Camera, Profile};
use crate::recorder::{Recorder, SESSION_TIMEOUT};
use crate::rtsp::digest::{self, Verdict};
use crate::rtsp::message::{self, Incoming, Request, Response};
use crate::rtsp::sdp;
use crate::rtsp::transport::{self, Transport};
use crate::sound::{self, Speaker};
use crate::stream::Stream;
use crate::target::{self, Target};
use crate::viewer::{Path, Viewer};
use crate::world::Reservation;

/// What a client asks for that wants to talk (ONVIF Streaming §5.3).
const BACKCHANNEL: &str = "www.onvif.org/ver20/backchannel";

/// The requests of one connection.
pub(crate) struct Dialogue {
    recorder: Rc<Recorder>,
    connection: Rc<Connection>,
    peer: SocketAddr,
    nonce: String,
    /// When the client last said something.
    pub(crate) heard: Rc<Cell<Instant>>,
    session: Option<Session>,
    /// Instead of a session, a playback.
    replay: Option<replaying::Replay>,
}

/// What SETUP made; dropping it is TEARDOWN.
struct Session {
    id: String,
    camera: usize,
    profile: Profile,
    tracks: Vec<Track>,
    playing: bool,
    recorder: Rc<Recorder>,
    /// Where its datagrams' reports come from.
    udp: Vec<SocketAddr>,
    _reservation: Reservation,
}

enum Track {
    Pictures(Rc<Stream>, Rc<Viewer>),
    Sound(Rc<Speaker>),
    /// Comes in on this channel; the last packet's sequence number.
    Talk(u8, Cell<Option<u16>>),
}

impl Track {
    const fn name(&self) -> &'static str {
        match self {
            Self::Pictures(..) => sdp::TRACK,
            Self::Sound(_) => sdp::SOUND_TRACK,
            Self::Talk(..) => sdp::TALK_TRACK,
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        for track in &self.tracks {
            match track {
                Track::Pictures(stream, viewer) => stream.remove(viewer),
                Track::Sound(speaker) => speaker.stop(),
                Track::Talk(..) => {}
            }
        }
        for address in &self.udp {
            self.recorder.heard.borrow_mut().remove(address);
        }
    }
}

impl Dialogue {
    pub(crate) fn new(recorder: Rc<Recorder>, connection: Rc<Connection>, peer: SocketAddr) -> Self {
        let nonce = format!("{:032x}", rand::random::<u128>());
        let heard = Rc::new(Cell::new(Instant::now()));
        Self { recorder, connection, peer, nonce, heard, session: None, replay: None }
    }

    /// Reads what there is and answers it; whether the connection goes on.
    pub(crate) fn read(&mut self, input: &mut Vec<u8>) -> bool {
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
                    match incoming {
                        Incoming::Request(request) => {
                            let response = self.answer(&request);
                            self.connection.respond(&response.to_bytes(&request));
                        }
                        Incoming::Interleaved(channel, data) => self.take(channel, &data),
                    }
                }
                Ok(None) => return true,
                Err(_) => return false,
            }
        }
    }

    /// Talk, if it is that.
    fn take(&self, channel: u8, data: &[u8]) {
        let Some(session) = &self.session else { return };
        for track in &session.tracks {
            if let Track::Talk(own, last) = track
                && *own == channel
            {
                let camera = &self.recorder.world.shared.cameras[session.camera];
                sound::hear(&mut camera.talk(), last, data);
            }
        }
    }

    fn answer(&mut self, request: &Request) -> Response {
        let make = self.recorder.world.list.recorders[self.recorder.index].equipment.make;
        if let Some(feature) = request.header("Require")
            && !(feature == BACKCHANNEL || feature == replaying::FEATURE && make.speaks(Protocol::Onvif))
        {
            return Response::new(551).with("Unsupported", feature);
        }
        if let Some(response) = self.replay(request) {
            return response;
        }
        match request.method.as_str() {
            "OPTIONS" => Response::new(200).with(
                "Public",
                "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, GET_PARAMETER, SET_PARAMETER, TEARDOWN",
            ),
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

    /// The stream a request is about, if its sender may see it, and the track if it names one.
    fn allowed(&self, request: &Request) -> Result<Target, Response> {
        self.known(request)?;
        let world = &self.recorder.world;
        let recorder = &world.list.recorders[self.recorder.index];
        let target =
            target::of(recorder, request.path(), request.query()).ok_or_else(|| Response::new(404))?;
        match world.shared.cameras[target.camera].refuse.load(Relaxed) {
            0 => Ok(target),
            status => Err(Response::new(status)),
        }
    }

    /// Whether a request's sender may see anything.
    fn known(&self, request: &Request) -> Result<(), Response> {
        let world = &self.recorder.world;
        match digest::check(request, &self.nonce, &world.user, &world.password) {
            Verdict::Right => Ok(()),
            verdict => {
                if verdict == Verdict::Wrong {
                    world.shared.recorders[self.recorder.index].wrong_passwords.fetch_add(1, Relaxed);
                }
                Err(Response::new(401).with("WWW-Authenticate", digest::challenge(&self.nonce)))
            }
        }
    }

    fn camera(&self, camera: usize) -> &'static Camera {
        &self.recorder.world.list.cameras[camera]
    }

    /// Whether a camera can be talked to.
    fn talks(&self, camera: usize) -> bool {
        let make = self.recorder.world.list.recorders[self.recorder.index].equipment.make;
        make.speaks(Protocol::Onvif) && self.camera(camera).sound.is_some()
    }

    fn describe(&self, request: &Request, Target { camera, profile, .. }: Target) -> Response {
        let about = self.camera(camera);
        let asked = request.header("Require");
        if let Some(feature) = asked
            && !self.talks(camera)
        {
            return Response::new(551).with("Unsupported", feature);
        }
        let Some(clip) = self.recorder.world.clips.get(ClipId::of(about, profile)) else {
            return Response::new(503).with("Retry-After", "10");
        };
        let pace = (about.nominal_rate(profile), about.coding.frame_rate(profile));
        let audio = sdp::Audio { sound: about.sound, talk: asked.is_some() };
        let description = sdp::describe(&about.name, &clip, pace, about.sprop, audio);
        let base = format!("{}/", request.uri.trim_end_matches('/'));
        Response::new(200).with("Content-Base", base).with_body("application/sdp", description)
    }

    fn set_up(&mut self, request: &Request, target: Target) -> Response {
        let name = target.track.unwrap_or(sdp::TRACK);
        if let Some(session) = &self.session {
            let same = self.session(request).is_some()
                && (session.camera, session.profile) == (target.camera, target.profile);
            if !same || session.playing || session.tracks.iter().any(|track| track.name() == name) {
                return Response::new(455);
            }
        }
        let Some(transport) = request.header("Transport").and_then(transport::choose) else {
            return Response::new(461);
        };
        let world = Rc::clone(&self.recorder.world);
        let Target { camera, profile, .. } = target;
        let Some(stream) = world.stream(camera, profile) else {
            return Response::new(503).with("Retry-After", "10");
        };
        if self.session.is_none() {
            let reservation = match world.reserve(camera, profile) {
                Ok(reservation) => reservation,
                Err(status) => return Response::new(status),
            };
            self.session = Some(Session {
                id: format!("{:016x}", rand::random::<u64>()),
                camera,
                profile,
                tracks: Vec::new(),
                playing: false,
                recorder: Rc::clone(&self.recorder),
                udp: Vec::new(),
                _reservation: reservation,
            });
        }
        match self.track(name, transport, camera, stream) {
            Ok(response) => response,
            Err(status) => {
                // A session without tracks is none.
                if self.session.as_ref().is_some_and(|session| session.tracks.is_empty()) {
                    self.session = None;
                }
                Response::new(status)
            }
        }
    }

    /// Adds a track to the session.
    fn track(
        &mut self,
        name: &str,
        transport: Transport,
        camera: usize,
        stream: Rc<Stream>,
    ) -> Result<Response, u16> {
        let (sound, connection) = (self.camera(camera).sound, Rc::clone(&self.connection));
        let (track, ssrc, udp) = match (name, sound) {
            (sdp::TRACK, _) => {
                let (path, udp) = self.path(transport);
                let viewer = Rc::new(Viewer::new(connection, path));
                let ssrc = viewer.ssrc;
                (Track::Pictures(stream, viewer), Some(ssrc), udp)
            }
            (sdp::SOUND_TRACK, Some(sound)) => {
                let (path, udp) = self.path(transport);
                let speaker = Speaker::new(connection, path, camera, sound, self.recorder.world.epoch);
                let ssrc = speaker.ssrc;
                (Track::Sound(Rc::new(speaker)), Some(ssrc), udp)
            }
            (sdp::TALK_TRACK, _) if self.talks(camera) => match transport {
                Transport::Interleaved(rtp, _) => (Track::Talk(rtp, Cell::new(None)), None, None),
                Transport::Udp(..) => return Err(461),
            },
            _ => return Err(404),
        };
        let transport = match transport {
            Transport::Interleaved(rtp, rtcp) => format!("RTP/AVP/TCP;unicast;interleaved={rtp}-{rtcp}"),
            Transport::Udp(rtp, rtcp) => {
                let port = self.recorder.udp.rtp.local_addr().map_or(0, |address| address.port());
                format!("RTP/AVP;unicast;client_port={rtp}-{rtcp};server_port={port}-{}", port + 1)
            }
        };
        let ssrc = ssrc.map_or_else(String::new, |ssrc| format!(";ssrc={ssrc:08X}"));
        let Some(session) = &mut self.session else { return Err(454) };
        session.tracks.push(track);
        session.udp.extend(udp);
        Ok(Response::new(200)
            .with("Session", format!("{};timeout={}", session.id, SESSION_TIMEOUT.as_secs()))
            .with("Transport", transport + &ssrc))
    }

    /// Datagrams go to the address that the connection comes from, never to one that a request names.
    fn path(&self, transport: Transport) -> (Path, Option<SocketAddr>) {
        match transport {
            Transport::Interleaved(rtp, rtcp) => (Path::Interleaved { rtp, rtcp }, None),
            Transport::Udp(rtp, rtcp) => {
                let (rtp, rtcp) =
                    (SocketAddr::new(self.peer.ip(), rtp), SocketAddr::new(self.peer.ip(), rtcp));
                self.recorder.heard.borrow_mut().insert(rtcp, Rc::clone(&self.heard));
                let sockets = Rc::clone(&self.recorder.udp);
                (Path::Udp { sockets, rtp, rtcp }, Some(rtcp))
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
        let begins = !std::mem::replace(&mut session.playing, true);
        let base = request.uri.trim_end_matches('/');
        let base = base.rsplit_once("/trackID=").map_or(base, |(stream, _)| stream);
        let mut info = Vec::new();
        for track in &session.tracks {
            let (sequence, timestamp) = match track {
                Track::Pictures(stream, viewer) => {
                    let start = stream.begin(viewer);
                    if begins {
                        stream.add(Rc::clone(viewer));
                    }
                    start
                }
                Track::Sound(speaker) => {
                    let start = speaker.begin();
                    if begins {
                        let folder = self.recorder.world.clips.folder().to_owned();
                        tokio::task::spawn_local(Rc::clone(speaker).run(folder));
                    }
                    start
                }
                Track::Talk(..) => continue,
            };
            info.push(format!("url={base}/{};seq={sequence};rtptime={timestamp}", track.name()));
        }
        Response::new(200)
            .with("Session", session.id.clone())
            .with("Range", "npt=now-")
            .with("RTP-Info", info.join(","))
    }
}

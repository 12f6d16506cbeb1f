//! The requests of one connection, and their answers.

use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::atomic::Ordering::Relaxed;

use tokio::time::Instant;

use crate::clip::ClipId;
use crate::connection::Connection;
use crate::list::{Camera, Profile};
use crate::recorder::{Recorder, SESSION_TIMEOUT};
use crate::rtsp::digest::{self, Verdict};
use crate::rtsp::message::{self, Incoming, Request, Response};
use crate::rtsp::sdp;
use crate::rtsp::transport::{self, Transport};
use crate::stream::{Path, Stream, Viewer};
use crate::world::Reservation;

/// The requests of one connection.
pub(crate) struct Dialogue {
    recorder: Rc<Recorder>,
    connection: Rc<Connection>,
    peer: SocketAddr,
    nonce: String,
    /// When the client last said something.
    pub(crate) heard: Rc<Cell<Instant>>,
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
    pub(crate) fn new(recorder: Rc<Recorder>, connection: Rc<Connection>, peer: SocketAddr) -> Self {
        let nonce = format!("{:032x}", rand::random::<u128>());
        let heard = Rc::new(Cell::new(Instant::now()));
        Self { recorder, connection, peer, nonce, heard, session: None }
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

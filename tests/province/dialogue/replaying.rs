//! The requests of a connection that plays a recording.

use std::net::SocketAddr;
use std::rc::Rc;

use super::Dialogue;
use crate::clip::ClipId;
use crate::equipment::Make;
use crate::recorder::{Recorder, SESSION_TIMEOUT};
use crate::recordings::next_recorded;
use crate::replay::headers::{CLOCK, order};
use crate::replay::{Player, Seat, Source, sound};
use crate::rtsp::message::{Request, Response};
use crate::rtsp::sdp;
use crate::rtsp::transport::{self, Transport};
use crate::target::{self, Playback};

/// What a client asks for that wants ONVIF's replay.
pub(super) const FEATURE: &str = "onvif-replay";

/// A playback session; dropping it is TEARDOWN.
pub(super) struct Replay {
    id: String,
    player: Rc<Player>,
    /// The session's, not the player's: what still runs of it ends a moment after the answer.
    _seat: Seat,
    recorder: Rc<Recorder>,
    /// Where its datagrams' reports come from.
    udp: Option<SocketAddr>,
}

impl Drop for Replay {
    fn drop(&mut self) {
        self.player.pause();
        if let Some(address) = self.udp {
            self.recorder.heard.borrow_mut().remove(&address);
        }
    }
}

impl Dialogue {
    /// Answers a request that is about a recording; `None` for any other.
    pub(super) fn replay(&mut self, request: &Request) -> Option<Response> {
        match request.method.as_str() {
            "DESCRIBE" | "SETUP" => {
                let recorder = &self.recorder.world.list.recorders[self.recorder.index];
                let (calendar, now) = self.recorder.world.calendar(self.recorder.index);
                let playback = target::playback(recorder, request.path(), request.query(), calendar, now)?;
                if let Err(refusal) = self.known(request) {
                    return Some(refusal);
                }
                Some(match request.method.as_str() {
                    "DESCRIBE" => self.describe_recording(request, &playback),
                    _ => self.set_up_recording(request, playback).unwrap_or_else(Response::new),
                })
            }
            _ => {
                let replay = self.replay.as_ref()?;
                let asked =
                    request.header("Session").map(|id| id.split(';').next().unwrap_or_default().trim());
                match (request.method.as_str(), asked == Some(&replay.id)) {
                    ("OPTIONS", _) => None,
                    (_, false) => Some(Response::new(454)),
                    ("PLAY", _) => Some(self.play_recording(request).unwrap_or_else(Response::new)),
                    ("PAUSE", _) => {
                        replay.player.pause();
                        Some(Response::new(200).with("Session", replay.id.clone()))
                    }
                    ("TEARDOWN", _) => {
                        self.replay = None;
                        Some(Response::new(200))
                    }
                    ("GET_PARAMETER" | "SET_PARAMETER", _) => {
                        Some(Response::new(200).with("Session", replay.id.clone()))
                    }
                    _ => Some(Response::new(501)),
                }
            }
        }
    }

    fn describe_recording(&self, request: &Request, playback: &Playback) -> Response {
        let about = self.camera(playback.target.camera);
        let profile = playback.target.profile;
        let Some(clip) = self.recorder.world.clips.get(ClipId::of(about, profile)) else {
            return Response::new(503).with("Retry-After", "10");
        };
        let pace = (about.nominal_rate(profile), about.coding.frame_rate(profile));
        let sound = about.sound.filter(|_| playback.is_onvif);
        let audio = sdp::Audio { sound, talk: false };
        let description = sdp::describe(&about.name, &clip, pace, about.sprop, audio);
        let (calendar, _) = self.recorder.world.calendar(self.recorder.index);
        let clock = |at: i64| calendar.utc(at, CLOCK);
        let window = &playback.window;
        let range = format!("a=range:clock={}-{}", clock(window.start), clock(window.end));
        let base = format!("{}/", request.uri.trim_end_matches('/'));
        Response::new(200)
            .with("Content-Base", base)
            .with_body("application/sdp", description.replacen("a=range:npt=now-", &range, 1))
    }

    /// An error is the status to refuse with.
    fn set_up_recording(&mut self, request: &Request, playback: Playback) -> Result<Response, u16> {
        if let Some(replay) = self.replay.as_ref().filter(|_| request.uri.ends_with(sdp::SOUND_TRACK)) {
            return self.set_up_sound(request, replay);
        }
        if self.session.is_some() || self.replay.is_some() {
            return Err(455);
        }
        let transport = request.header("Transport").and_then(transport::choose).ok_or(461_u16)?;
        let world = Rc::clone(&self.recorder.world);
        let (index, camera, profile) = (self.recorder.index, playback.target.camera, playback.target.profile);
        let about = self.camera(camera);
        let clip = world.clips.get(ClipId::of(about, profile)).ok_or(503_u16)?;
        let equipment = world.list.recorders[index].equipment;
        let refusal: u16 = if equipment.make == Make::Wisenet { 560 } else { 453 };
        let seat = Seat::take(&world.playbacks[index], equipment.playbacks).ok_or(refusal)?;
        let (path, udp) = self.path(transport);
        let source = Source {
            camera,
            clip,
            frame_rate: about.coding.frame_rate(profile),
            calendar: world.calendar(index).0,
            window: playback.window,
            extended: playback.is_onvif,
        };
        let player =
            Rc::new(Player::new(Rc::clone(&self.recorder), Rc::clone(&self.connection), path, source));
        let transport = match transport {
            Transport::Interleaved(rtp, rtcp) => format!("RTP/AVP/TCP;unicast;interleaved={rtp}-{rtcp}"),
            Transport::Udp(rtp, rtcp) => {
                let port = self.recorder.udp.rtp.local_addr().map_or(0, |address| address.port());
                format!("RTP/AVP;unicast;client_port={rtp}-{rtcp};server_port={port}-{}", port + 1)
            }
        };
        let id = format!("{:016x}", rand::random::<u64>());
        let response = Response::new(200)
            .with("Session", format!("{id};timeout={}", SESSION_TIMEOUT.as_secs()))
            .with("Transport", format!("{transport};ssrc={:08X}", player.ssrc));
        self.replay = Some(Replay { id, player, _seat: seat, recorder: Rc::clone(&self.recorder), udp });
        Ok(response)
    }

    /// An error is the status to refuse with.
    fn set_up_sound(&self, request: &Request, replay: &Replay) -> Result<Response, u16> {
        let transport = request.header("Transport").and_then(transport::choose).ok_or(461_u16)?;
        let Transport::Interleaved(rtp, rtcp) = transport else { return Err(461) };
        let source = &replay.player.source;
        let sound = self.camera(source.camera).sound.filter(|_| source.extended).ok_or(404_u16)?;
        let folder = self.recorder.world.clips.folder().to_owned();
        let track = sound::Track::new(source.camera, sound, rtp, folder);
        let ssrc = track.ssrc;
        replay.player.sound.set(track).map_err(|_| 455_u16)?;
        Ok(Response::new(200)
            .with("Session", format!("{};timeout={}", replay.id, SESSION_TIMEOUT.as_secs()))
            .with("Transport", format!("RTP/AVP/TCP;unicast;interleaved={rtp}-{rtcp};ssrc={ssrc:08X}")))
    }

    /// An error is the status to refuse with.
    fn play_recording(&self, request: &Request) -> Result<Response, u16> {
        let replay = self.replay.as_ref().ok_or(454_u16)?;
        let (calendar, now) = self.recorder.world.calendar(self.recorder.index);
        let source = &replay.player.source;
        let start = next_recorded(source.camera, source.window.start, now).unwrap_or(source.window.start);
        let order = order(request, calendar, start)?;
        let cseq = request.header("CSeq").and_then(|text| text.parse::<u32>().ok()).unwrap_or(0) as u8;
        let begun = replay.player.play(order, cseq).ok_or(457_u16)?;
        let until = order.until.map_or_else(String::new, |at| calendar.utc(at, CLOCK));
        let base = request.uri.trim_end_matches('/');
        let base = base.strip_suffix("/trackID=1").unwrap_or(base);
        let (sequence, timestamp) = (begun.sequence, begun.timestamp);
        let sound = begun.sound.map_or_else(String::new, |(sequence, timestamp)| {
            format!(",url={base}/{};seq={sequence};rtptime={timestamp}", sdp::SOUND_TRACK)
        });
        Ok(Response::new(200)
            .with("Session", replay.id.clone())
            .with("Range", format!("clock={}-{until}", calendar.utc(begun.at, CLOCK)))
            .with("Scale", format!("{}", order.scale))
            .with("RTP-Info", format!("url={base}/{};seq={sequence};rtptime={timestamp}{sound}", sdp::TRACK)))
    }
}

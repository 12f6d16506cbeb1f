//! ONVIF as recorders answer it: SOAP over HTTP, one path a service, one set of profiles for each channel.

mod device;
pub(crate) mod discovery;
mod envelope;
pub(crate) mod events;
mod imaging;
mod media;
mod media2;
mod provisioning;
mod ptz;
mod search;
#[cfg(test)]
mod tests;
pub(crate) mod token;

use std::net::IpAddr;
use std::rc::Rc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

use roxmltree::{Document, Node};

use crate::device::{Device, unauthorized};
use crate::equipment::OnvifLogin;
use crate::http::auth::Verdict;
use crate::http::message::{Request, Response};
use crate::http::server::Answer;
use crate::list::Profile;
use envelope::{Fault, envelope, operation, response};
use token::Token;

/// A service by its path: what its operations' namespace ends with, and its version.
struct Service {
    path: &'static str,
    namespace: &'static str,
    version: (u32, u32),
}

/// All services, the device's own first.
const SERVICES: [Service; 9] = [
    Service {
        path: "device_service",
        namespace: "http://www.onvif.org/ver10/device/wsdl",
        version: (18, 12),
    },
    Service { path: "media_service", namespace: "http://www.onvif.org/ver10/media/wsdl", version: (18, 6) },
    Service { path: "media2_service", namespace: "http://www.onvif.org/ver20/media/wsdl", version: (18, 6) },
    Service { path: "ptz_service", namespace: "http://www.onvif.org/ver20/ptz/wsdl", version: (17, 6) },
    Service {
        path: "imaging_service",
        namespace: "http://www.onvif.org/ver20/imaging/wsdl",
        version: (18, 6),
    },
    Service { path: "event_service", namespace: "http://www.onvif.org/ver10/events/wsdl", version: (18, 12) },
    Service { path: "search_service", namespace: "http://www.onvif.org/ver10/search/wsdl", version: (2, 42) },
    Service { path: "replay_service", namespace: "http://www.onvif.org/ver10/replay/wsdl", version: (18, 6) },
    Service {
        path: "provisioning_service",
        namespace: "http://www.onvif.org/ver10/provisioning/wsdl",
        version: (18, 12),
    },
];

/// One operation with its arguments.
#[derive(Clone, Copy)]
struct Call<'a> {
    device: &'a Device,
    node: Node<'a, 'a>,
    /// Its local name.
    name: &'a str,
}

/// The body of an answer, or why there is none.
type Outcome = Result<String, Fault>;

/// Answers one request.
pub(crate) async fn answer(device: Rc<Device>, request: &Request, peer: IpAddr) -> Answer {
    if let Some(token) = request.path.strip_prefix("/onvif/snapshot/") {
        return snapshot(&device, request, peer, token).await.into();
    }
    if request.method != "POST" {
        return Response::new(405).into();
    }
    let Some(xml) = std::str::from_utf8(&request.body).ok() else { return fault(&device, Fault::MALFORMED) };
    // Documents with a DTD are refused by the parser.
    let Ok(document) = Document::parse(xml) else { return fault(&device, Fault::MALFORMED) };
    let Some(node) = operation(&document) else { return fault(&device, Fault::MALFORMED) };
    let name = node.tag_name().name();
    if !device::is_open(name)
        && let Err(refusal) = allowed(&device, request, peer, &document)
    {
        return refusal.into();
    }
    let namespace = node.tag_name().namespace().unwrap_or_default();
    let call = Call { device: &device, node, name };
    let outcome = match namespace {
        "http://www.onvif.org/ver10/device/wsdl" => device::answer(call),
        "http://www.onvif.org/ver10/media/wsdl" => media::answer(call),
        "http://www.onvif.org/ver20/media/wsdl" => media2::answer(call),
        "http://www.onvif.org/ver20/ptz/wsdl" => ptz::answer(call),
        "http://www.onvif.org/ver20/imaging/wsdl" => imaging::answer(call),
        "http://www.onvif.org/ver10/provisioning/wsdl" => provisioning::answer(call),
        "http://www.onvif.org/ver10/search/wsdl" => search::answer(call),
        "http://www.onvif.org/ver10/replay/wsdl" => search::replay(call),
        "http://www.onvif.org/ver10/events/wsdl" | "http://docs.oasis-open.org/wsn/b-2" => {
            events::answer(call, &request.path).await
        }
        _ => Err(Fault::UNSUPPORTED),
    };
    match outcome {
        Ok(body) => response(200, envelope(&body)).into(),
        Err(refused) => fault(&device, refused),
    }
}

fn fault(device: &Device, fault: Fault) -> Answer {
    let status = match (device.equipment().fault_status, fault) {
        (401, Fault::NOT_AUTHORIZED) => 401,
        (401, _) => 400,
        (other, _) => other,
    };
    response(status, fault.to_xml()).into()
}

/// Whether the request says who asks, in a way that this device listens to.
fn allowed(
    device: &Device,
    request: &Request,
    peer: IpAddr,
    document: &Document<'_>,
) -> Result<(), Response> {
    let login = device.equipment().onvif_login;
    let status = device.equipment().fault_status;
    let refusal = || response(status, Fault::NOT_AUTHORIZED.to_xml());
    if login != OnvifLogin::Token && (request.header("Authorization").is_some() || login == OnvifLogin::Http)
    {
        return match device.verdict(request, peer) {
            Verdict::Right => Ok(()),
            Verdict::Unanswered(challenges) | Verdict::Wrong(challenges) => Err(unauthorized(challenges)),
            Verdict::Locked => Err(refusal()),
        };
    }
    if device.door.borrow_mut().is_locked(peer, Instant::now()) {
        return Err(refusal());
    }
    let token = device.replays.borrow_mut().check(document, device.login(), device.now());
    match token {
        Token::Right => device.door.borrow_mut().note(peer, true, Instant::now()),
        Token::Wrong => {
            device.door.borrow_mut().note(peer, false, Instant::now());
            device.shared().recorders[device.index].wrong_logins.fetch_add(1, Relaxed);
        }
        Token::Missing if login == OnvifLogin::Either => {
            // It listens to both, and so asks for either.
            if let Verdict::Unanswered(challenges) = device.verdict(request, peer) {
                let body = Fault::NOT_AUTHORIZED.to_xml();
                return Err(unauthorized(challenges).with_body("application/soap+xml; charset=utf-8", body));
            }
        }
        Token::Missing | Token::Refused => {}
    }
    if token == Token::Right { Ok(()) } else { Err(refusal()) }
}

async fn snapshot(device: &Device, request: &Request, peer: IpAddr, token: &str) -> Response {
    if let Err(refusal) = device.guard(request, peer) {
        return refusal;
    }
    let Some((camera, profile)) = profile_of(device, token) else { return Response::new(404) };
    match device.snapshot(camera, profile).await {
        Some(jpeg) => Response::of("image/jpeg", jpeg),
        None => Response::new(503),
    }
}

/// Token of a profile: `ch3-main`.
fn profile_token(device: &Device, camera: usize, profile: Profile) -> String {
    format!("ch{}-{}", device.camera(camera).channel, profile.name())
}

/// Camera and profile of such a token.
fn profile_of(device: &Device, token: &str) -> Option<(usize, Profile)> {
    let (channel, name) = token.strip_prefix("ch")?.split_once('-')?;
    let profile = Profile::BOTH.into_iter().find(|profile| profile.name() == name)?;
    Some((device.channel(channel.parse().ok()?)?, profile))
}

/// The camera of a token that begins with this word and ends with a channel.
fn camera_of(device: &Device, token: &str, word: &str) -> Option<usize> {
    device.channel(token.strip_prefix(word)?.parse().ok()?)
}

impl<'a> Call<'a> {
    /// The trimmed text of an argument.
    fn text(&self, name: &str) -> Option<&'a str> {
        envelope::text(self.node, name)
    }

    /// Camera and profile of its `ProfileToken`.
    fn profile(&self) -> Result<(usize, Profile), Fault> {
        self.text("ProfileToken").and_then(|token| profile_of(self.device, token)).ok_or(Fault::NO_PROFILE)
    }

    /// The answer's element around `inner`, with the prefix of the service.
    fn done(&self, prefix: &str, inner: &str) -> String {
        format!("<{prefix}:{name}Response>{inner}</{prefix}:{name}Response>", name = self.name)
    }

    /// The device's channels.
    fn cameras(&self) -> std::ops::Range<usize> {
        self.device.recorder().cameras.clone()
    }

    /// Where a service answers.
    fn service(&self, path: &str) -> String {
        format!("{}/onvif/{path}", self.device.http_base())
    }
}

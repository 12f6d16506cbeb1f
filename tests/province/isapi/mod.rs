//! ISAPI as Hikvision recorders answer it: XML over HTTP Digest, channels from 1, streams `channel × 100 + 1 or 2`.

mod ptz;
mod search;
#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::rc::Rc;
use std::sync::atomic::Ordering::Relaxed;

use crate::device::{Device, local};
use crate::events::{Event, EventKind};
use crate::follow::follow;
use crate::http::message::{Request, Response};
use crate::http::server::Answer;
use crate::list::{Coding, Profile};

const NAMESPACE: &str = "version=\"2.0\" xmlns=\"http://www.hikvision.com/ver20/XMLSchema\"";

/// Why something is not done: HTTP status, `statusCode`, `statusString`, `subStatusCode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Refusal(u16, u32, &'static str, &'static str);

const NOT_SUPPORTED: Refusal = Refusal(403, 4, "Invalid Operation", "methodNotAllowed");
const NOT_FOUND: Refusal = Refusal(404, 4, "Invalid Operation", "notSupport");
const BAD_XML: Refusal = Refusal(400, 6, "Invalid XML Content", "badXmlContent");
const BAD_PARAMETERS: Refusal = Refusal(400, 6, "Invalid XML Content", "badParameters");
const BUSY: Refusal = Refusal(503, 2, "Device Busy", "deviceBusy");

/// Answers one request.
pub(crate) async fn answer(device: Rc<Device>, request: &Request, peer: IpAddr) -> Answer {
    if let Err(refusal) = device.guard(request, peer) {
        return refusal.into();
    }
    let parts: Vec<&str> = request.path.trim_matches('/').split('/').skip(1).collect();
    let outcome = match (request.method.as_str(), parts.as_slice()) {
        ("GET", ["System", "deviceInfo"]) => Ok(xml(information(&device))),
        ("GET", ["System", "time"]) => Ok(xml(time(&device))),
        ("GET", ["Security", "adminAccesses"]) => Ok(xml(accesses(&device))),
        ("GET", ["Streaming", "channels"]) => {
            let all: String = device
                .recorder()
                .cameras
                .clone()
                .flat_map(|c| Profile::BOTH.map(|kind| (c, kind)))
                .map(|(c, kind)| channel(&device, c, kind, ""))
                .collect();
            Ok(xml(format!("<StreamingChannelList {NAMESPACE}>{all}</StreamingChannelList>")))
        }
        ("GET", ["Streaming", "channels", id]) => {
            stream_of(&device, id).map(|(camera, kind)| xml(channel(&device, camera, kind, NAMESPACE)))
        }
        ("GET", ["Streaming", "channels", id, "picture"]) => picture(&device, id).await,
        ("PUT", ["Streaming", "channels", id, "requestKeyFrame"]) => {
            stream_of(&device, id).map(|(camera, kind)| {
                device.shared().cameras[camera].wants_key[kind as usize].store(true, Relaxed);
                done()
            })
        }
        ("GET", ["Event", "notification", "alertStream"]) => return alerts(&device),
        ("POST", ["ContentMgmt", "search"]) => search::answer(&device, request),
        ("POST", ["ContentMgmt", "record", "tracks", track, "dailyDistribution"]) => {
            search::days(&device, track, request)
        }
        (_, ["PTZCtrl", "channels", channel, rest @ ..]) => ptz::answer(&device, request, channel, rest),
        _ => Err(NOT_FOUND),
    };
    outcome.unwrap_or_else(refused).into()
}

fn xml(body: String) -> Response {
    Response::of(
        "application/xml; charset=\"UTF-8\"",
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{body}\n"),
    )
}

fn status(code: u32, text: &str, sub: &str) -> String {
    format!(
        "<ResponseStatus {NAMESPACE}><requestURL></requestURL><statusCode>{code}</statusCode>\
         <statusString>{text}</statusString><subStatusCode>{sub}</subStatusCode></ResponseStatus>"
    )
}

fn done() -> Response {
    xml(status(1, "OK", "ok"))
}

fn refused(Refusal(http, code, text, sub): Refusal) -> Response {
    let mut response = xml(status(code, text, sub));
    response.status = http;
    response
}

/// What an address hears that has tried too often.
pub(crate) fn locked() -> Response {
    let body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<userCheck><statusValue>401</statusValue>\
                <statusString>Unauthorized</statusString><isDefaultPassword>false</isDefaultPassword>\
                <lockStatus>lock</lockStatus><unlockTime>30</unlockTime></userCheck>";
    Response::new(401).with_body("application/xml", body)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn information(device: &Device) -> String {
    format!(
        "<DeviceInfo {NAMESPACE}><deviceName>NVR {}</deviceName><deviceID>{}</deviceID><model>{}</model>\
         <serialNumber>{}</serialNumber><macAddress>{}</macAddress><firmwareVersion>V4.30.00{}</firmwareVersion>\
         <firmwareReleasedDate>build 201224</firmwareReleasedDate><deviceType>NVR</deviceType></DeviceInfo>",
        device.index + 1,
        device.index + 1,
        device.equipment().make.model(),
        device.serial(),
        device.mac(":"),
        device.index % 7
    )
}

/// The ports of its services.
fn accesses(device: &Device) -> String {
    let port = device.rtsp_port();
    format!(
        "<AdminAccessProtocolList {NAMESPACE}><AdminAccessProtocol><id>4</id><enabled>true</enabled>\
         <protocol>RTSP</protocol><portNo>{port}</portNo></AdminAccessProtocol></AdminAccessProtocolList>"
    )
}

fn time(device: &Device) -> String {
    let local = local(device.now()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    format!(
        "<Time {NAMESPACE}><timeMode>manual</timeMode><localTime>{local}</localTime><timeZone>CST-7:00:00</timeZone></Time>"
    )
}

/// Camera and profile of a stream's number.
fn stream_of(device: &Device, id: &str) -> Result<(usize, Profile), Refusal> {
    let number: usize = id.parse().map_err(|_| NOT_FOUND)?;
    let kind = match number % 100 {
        1 => Profile::Main,
        2 => Profile::Sub,
        _ => return Err(NOT_FOUND),
    };
    device.channel(number / 100).map(|camera| (camera, kind)).ok_or(NOT_FOUND)
}

fn channel(device: &Device, camera: usize, kind: Profile, attributes: &str) -> String {
    let about = device.camera(camera);
    let size = about.coding.size(kind);
    let codec = match about.coding {
        Coding::Mjpeg => "MJPEG",
        Coding::H264 => "H.264",
        _ => "H.265",
    };
    let id = about.channel * 100 + kind as usize + 1;
    format!(
        "<StreamingChannel {attributes}><id>{id}</id><channelName>{}</channelName><enabled>true</enabled><Video>\
         <enabled>true</enabled><videoInputChannelID>{}</videoInputChannelID><videoCodecType>{codec}</videoCodecType>\
         <videoResolutionWidth>{}</videoResolutionWidth><videoResolutionHeight>{}</videoResolutionHeight>\
         <videoQualityControlType>CBR</videoQualityControlType><constantBitRate>{}</constantBitRate>\
         <maxFrameRate>{}</maxFrameRate></Video><Audio><enabled>{}</enabled></Audio></StreamingChannel>",
        escape(&about.name),
        about.channel,
        size.width,
        size.height,
        about.nominal_rate(kind) / 1000,
        about.coding.frame_rate(kind) * 100,
        about.sound.is_some(),
    )
}

async fn picture(device: &Device, id: &str) -> Result<Response, Refusal> {
    let (camera, kind) = stream_of(device, id)?;
    let jpeg = device.snapshot(camera, kind).await.ok_or(BUSY)?;
    Ok(Response::of("image/jpeg", jpeg))
}

fn words(kind: EventKind) -> (&'static str, &'static str) {
    match kind {
        EventKind::Motion => ("VMD", "Motion alarm"),
        EventKind::Tampering => ("shelteralarm", "shelteralarm alarm"),
        EventKind::VideoLoss => ("videoloss", "videoloss alarm"),
        EventKind::DigitalInput => ("IO", "IO alarm"),
    }
}

fn alert(device: &Device, event: &Event) -> Vec<u8> {
    let (kind, description) = words(event.kind);
    let channel = device.camera(event.camera).channel;
    let at =
        local(device.shared().clock(device.index, event.at)).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    let number = if event.kind == EventKind::DigitalInput { "inputIOPortID" } else { "channelID" };
    part(&format!(
        "<EventNotificationAlert {NAMESPACE}><ipAddress>{}</ipAddress><{number}>{channel}</{number}>\
         <dateTime>{at}</dateTime><activePostCount>1</activePostCount><eventType>{kind}</eventType>\
         <eventState>{}</eventState><eventDescription>{description}</eventDescription></EventNotificationAlert>",
        device.host(),
        if event.active { "active" } else { "inactive" },
    ))
}

fn part(xml: &str) -> Vec<u8> {
    let length = xml.len();
    format!("--boundary\r\nContent-Type: application/xml; charset=\"UTF-8\"\r\nContent-Length: {length}\r\n\r\n{xml}\r\n").into_bytes()
}

fn alerts(device: &Rc<Device>) -> Answer {
    let head = Response::new(200).with("Content-Type", "multipart/mixed; boundary=boundary");
    // Real ones tell an inactive video loss when nothing happens.
    let alive = part(&format!(
        "<EventNotificationAlert {NAMESPACE}><channelID>0</channelID><dateTime></dateTime><activePostCount>0</activePostCount>\
         <eventType>videoloss</eventType><eventState>inactive</eventState></EventNotificationAlert>"
    ));
    follow(device, head, Vec::new, alive, |device, event| Some(alert(device, event)))
}

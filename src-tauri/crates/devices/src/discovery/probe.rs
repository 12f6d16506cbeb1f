//! The question and the answers of WS-Discovery (2005/04).

use std::net::IpAddr;

use percent_encoding::percent_decode_str;
use url::Url;

use super::Found;
use crate::device::Protocol;
use crate::http::Origin;
use crate::onvif::element::{self, Element};
use crate::text::tamed;

/// The largest answer; real ones have two or three KiB.
pub(super) const MAX_ANSWER: usize = 16 * 1024;
/// Devices in one answer: a proxy may answer for several.
const MOST_MATCHES: usize = 16;
const MOST_SCOPES: usize = 64;
const MOST_ADDRESSES: usize = 8;

/// The kinds of devices that are asked for: cameras and recorders by the older name, and everything by the newer.
pub(super) const KINDS: [&str; 2] = ["dn:NetworkVideoTransmitter", "tds:Device"];

/// A probe for one kind; `message` is its UUID.
pub(super) fn message(kind: &str, message: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" \
         xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" \
         xmlns:d=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\" \
         xmlns:dn=\"http://www.onvif.org/ver10/network/wsdl\" xmlns:tds=\"http://www.onvif.org/ver10/device/wsdl\">\
         <s:Header><a:Action s:mustUnderstand=\"1\">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action>\
         <a:MessageID>urn:uuid:{message}</a:MessageID><a:ReplyTo><a:Address>\
         http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>\
         <a:To s:mustUnderstand=\"1\">urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header>\
         <s:Body><d:Probe><d:Types>{kind}</d:Types></d:Probe></s:Body></s:Envelope>"
    )
}

/// The devices in an answer that came from `source`, if it is one to a question of ours (`ours`: the UUIDs of them).
pub(super) fn read(answer: &[u8], source: IpAddr, ours: &[String]) -> Vec<Found> {
    if answer.len() > MAX_ANSWER {
        return Vec::new();
    }
    let Ok(envelope) = element::read(answer) else { return Vec::new() };
    let relates = envelope.text_at(&["Header", "RelatesTo"]).to_ascii_lowercase();
    if !ours.iter().any(|message| relates.ends_with(message)) {
        return Vec::new();
    }
    let Some(body) = envelope.child("Body") else { return Vec::new() };
    // Some leave out the element around the matches.
    let matches = body.child("ProbeMatches").unwrap_or(body).all("ProbeMatch");
    matches.take(MOST_MATCHES).filter_map(|found| read_match(found, source)).collect()
}

fn read_match(found: &Element, source: IpAddr) -> Option<Found> {
    let (origin, device_service) = place(found.text_at(&["XAddrs"]), source)?;
    let scopes = scopes(found.text_at(&["Scopes"]));
    Some(Found {
        host: origin.host().to_owned(),
        address: Some(source),
        speaks: Protocol::Onvif,
        origin: Some(origin),
        device_service: Some(device_service),
        name: said(&scopes, "name"),
        hardware: said(&scopes, "hardware"),
        scopes,
        identity: tamed(found.text_at(&["EndpointReference", "Address"])),
    })
}

/// The device service at the host that answered: the listed address that has this host, else any with its path and port.
fn place(listed: &str, source: IpAddr) -> Option<(Origin, String)> {
    let listed = listed.split_ascii_whitespace().take(MOST_ADDRESSES);
    let urls: Vec<Url> = listed
        .filter_map(|url| Url::parse(url).ok())
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .collect();
    let bare = |url: &Url| url.host_str().unwrap_or_default().trim_matches(['[', ']']).parse::<IpAddr>().ok();
    let own = urls.iter().find(|url| bare(url) == Some(source));
    let mut url = own.or_else(|| urls.first())?.clone();
    url.set_ip_host(source).ok()?;
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    let origin = Origin::from_url(&url).ok()?;
    let target = origin.target(url.as_str()).filter(|target| target.len() <= 1024)?;
    Some((origin, target))
}

pub(super) fn scopes(listed: &str) -> Vec<String> {
    listed.split_ascii_whitespace().take(MOST_SCOPES).map(tamed).filter(|scope| !scope.is_empty()).collect()
}

/// What the scopes say under one of ONVIF's heads (Core §7.3.2.2).
pub(super) fn said(scopes: &[String], head: &str) -> String {
    let head = format!("onvif://www.onvif.org/{head}/");
    let value = scopes.iter().find_map(|scope| {
        let start = scope.get(..head.len())?;
        start.eq_ignore_ascii_case(&head).then(|| &scope[head.len()..])
    });
    tamed(&percent_decode_str(value.unwrap_or_default()).decode_utf8_lossy())
}

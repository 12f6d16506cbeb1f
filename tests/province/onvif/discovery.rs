//! WS-Discovery: answers to probes, from each recorder that speaks ONVIF. Only on loopback and only to whoever asks: no
//! multicast leaves the machine.

use std::net::Ipv4Addr;
use std::rc::Rc;

use roxmltree::Document;
use tokio::net::UdpSocket;

use super::device::scope_items;
use super::envelope::{below, operation};
use crate::device::Device;
use crate::equipment::Protocol;

/// Opens any port of loopback.
pub(crate) async fn open() -> std::io::Result<UdpSocket> {
    UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await
}

/// Answers probes until it is dropped; `devices` are those that are switched on.
pub(crate) async fn run(socket: UdpSocket, devices: impl Fn() -> Vec<Rc<Device>>) {
    let mut datagram = vec![0; 8192];
    loop {
        // An error is an asker's closed port, reported back.
        let Ok((length, from)) = socket.recv_from(&mut datagram).await else { continue };
        let Some(probe) = std::str::from_utf8(&datagram[..length]).ok().and_then(probe_id) else { continue };
        for device in devices() {
            if device.equipment().make.speaks(Protocol::Onvif) {
                // Lost like any datagram if there is no room.
                drop(socket.send_to(matches(&device, &probe).as_bytes(), from).await);
            }
        }
    }
}

/// The message id of a probe for video transmitters, or for anything.
fn probe_id(xml: &str) -> Option<String> {
    let document = Document::parse(xml).ok()?;
    let probe = operation(&document).filter(|node| node.tag_name().name() == "Probe")?;
    let types = below(probe, "Types").and_then(|node| node.text()).unwrap_or_default();
    let ours = |name: &str| matches!(name.rsplit(':').next(), Some("NetworkVideoTransmitter" | "Device"));
    if !types.split_whitespace().all(ours) {
        return None;
    }
    Some(below(document.root_element(), "MessageID")?.text()?.trim().to_owned())
}

fn matches(device: &Device, probe: &str) -> String {
    let scopes = scope_items(device).join(" ");
    let id = format!("4d6b8e20-0000-4000-8000-{}", device.mac("").to_lowercase());
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://www.w3.org/2003/05/soap-envelope\" \
         xmlns:wsa=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" \
         xmlns:d=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\" xmlns:dn=\"http://www.onvif.org/ver10/network/wsdl\">\
         <SOAP-ENV:Header><wsa:MessageID>urn:uuid:{id}</wsa:MessageID><wsa:RelatesTo>{}</wsa:RelatesTo>\
         <wsa:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</wsa:To>\
         <wsa:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</wsa:Action></SOAP-ENV:Header>\
         <SOAP-ENV:Body><d:ProbeMatches><d:ProbeMatch><wsa:EndpointReference><wsa:Address>urn:uuid:{id}</wsa:Address>\
         </wsa:EndpointReference><d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>{scopes}</d:Scopes>\
         <d:XAddrs>{}/onvif/device_service</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch>\
         </d:ProbeMatches></SOAP-ENV:Body></SOAP-ENV:Envelope>",
        super::envelope::escape(probe),
        device.http_base()
    )
}

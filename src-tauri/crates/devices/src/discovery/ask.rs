//! Asks addresses that somebody typed.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use futures::StreamExt;
use futures::stream;
use model::{Address, Fault};
use tokio::time::Instant;

use super::probe::{said, scopes};
use super::range::{MOST, Target};
use super::{Found, udp};
use crate::device::Protocol;
use crate::http::{Client, Origin, Refusals};
use crate::onvif;

/// Between two addresses: 20 a second are fewer than a guard against scans minds.
const PACE: Duration = Duration::from_millis(50);
/// Addresses that are being asked at the same time; one where nobody is takes 5 s.
const IN_FLIGHT: usize = 64;
/// A device that speaks ONVIF answers a probe of its own within this.
const PROBE: Duration = Duration::from_millis(700);

/// Asks each of the first [`MOST`] addresses whether ONVIF is spoken there, else RTSP, without a login, and hands over what is
/// found as it is found.
pub async fn ask(targets: &[Target], mut found: impl FnMut(Found)) {
    let begun = Instant::now();
    let asked = stream::iter(targets.iter().take(MOST).cloned().zip(0_u32..)).map(|(target, n)| async move {
        tokio::time::sleep_until(begun + PACE * n).await;
        Box::pin(one(&target)).await
    });
    let mut asked = asked.buffer_unordered(IN_FLIGHT);
    while let Some(answer) = asked.next().await {
        if let Some(device) = answer {
            found(device);
        }
    }
}

async fn one(target: &Target) -> Option<Found> {
    let host = &target.host;
    let origins = match target.port {
        Some(port) => vec![format!("http://{host}:{port}"), format!("https://{host}:{port}")],
        None => vec![format!("http://{host}"), format!("https://{host}")],
    };
    for origin in origins.iter().filter_map(|origin| Origin::parse(origin).ok()) {
        let client = Client::new(origin.clone(), None, None, &Refusals::default());
        match onvif::scopes(&client).await {
            Ok(listed) => return Some(by_onvif(target, origin, &listed).await),
            // Nobody is there at all.
            Err(Fault::ConnectTimeout(_) | Fault::Unreachable(_) | Fault::NameNotFound(_)) => return None,
            Err(_) => {}
        }
    }
    let address = match target.port {
        Some(port) => format!("rtsp://{host}:{port}/"),
        None => format!("rtsp://{host}/"),
    };
    crate::rtsp::ask(&Address::parse(&address).ok()?.0).await.ok()?;
    Some(Found {
        host: host.clone(),
        address: number(host),
        speaks: Protocol::Rtsp,
        origin: None,
        device_service: None,
        name: String::new(),
        hardware: String::new(),
        scopes: Vec::new(),
        identity: String::new(),
    })
}

/// A device that speaks ONVIF; what it does not tell by HTTP without a login it tells by WS-Discovery, if that reaches it.
async fn by_onvif(target: &Target, origin: Origin, listed: &str) -> Found {
    let address = number(&target.host);
    let probed = match address {
        Some(address) => udp::at(&[SocketAddr::from((address, udp::PORT))], PROBE).await.unwrap_or_default(),
        None => Vec::new(),
    };
    let probed = probed.into_iter().next();
    let scopes = match scopes(listed) {
        told if told.is_empty() => probed.as_ref().map(|probed| probed.scopes.clone()).unwrap_or_default(),
        told => told,
    };
    Found {
        host: target.host.clone(),
        address,
        speaks: Protocol::Onvif,
        origin: Some(origin),
        device_service: None,
        name: said(&scopes, "name"),
        hardware: said(&scopes, "hardware"),
        scopes,
        identity: probed.map(|probed| probed.identity).unwrap_or_default(),
    }
}

fn number(host: &str) -> Option<IpAddr> {
    host.trim_matches(['[', ']']).parse().ok()
}

//! Everything that reads what devices send, in one call each: for the fuzzers, and for the tests that put good answers
//! slightly wrong. Whoever calls wants to know whether it comes back.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use model::{Moment, Period};
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

use crate::device::{Channel, Device, Protocol};
use crate::fields::Fields;
use crate::http::testing::{answer, device, dial, login, origin, read_request};
use crate::http::{Client, Refusals, Request};
use crate::meet::{Enrolled, by_http};
use crate::xml;

/// Between the answers in an input.
pub const NEXT: char = '\u{1e}';
/// Longer than any deadline, in the time of the call's own runtime.
const LONG: Duration = Duration::from_secs(600);

/// XML from a device.
pub fn xml(bytes: &[u8]) {
    let Ok(text) = xml::vetted(bytes) else { return };
    if let Ok(document) = xml::parse(&text) {
        let root = document.root_element();
        let _ = (xml::text_of(root, "id"), xml::number_of(root, "id"), xml::all(root, "id").count());
    }
}

/// Lines, and JSON.
pub fn fields(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for fields in [Some(Fields::lines(&text)), Fields::json(&text)].into_iter().flatten() {
        let _ = (fields.numbers("Channel.", "."), fields.all().count(), fields.number("a"), fields.is("b"));
    }
}

/// Addresses and redirects.
pub fn addresses(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Some(target) = origin().target(&text) {
        assert!(target.starts_with('/'), "{target:?}");
    }
    if let Ok(address) = origin().stream(&text, None) {
        assert_eq!(address.url().host_str(), Some(origin().host()), "{address}");
        assert!(!address.is_secure(), "{address}");
    }
    if let Ok(address) = origin().recording(&text, Some(10_554)) {
        assert_eq!(address.url().host_str(), Some(origin().host()), "{address}");
        assert!(address.is_secure() || address.device().1 == 10_554, "{address}");
        assert!(address.url().username().is_empty() && address.url().password().is_none(), "{address}");
    }
}

/// Each answer of an ONVIF device, taken for the answer to each question.
pub fn soap(bytes: &[u8]) {
    crate::onvif::parsing::read_everything(bytes);
}

/// An answer to a probe: whatever is written in it, a device is where it came from.
pub fn discovery(bytes: &[u8]) {
    let host = std::net::IpAddr::from([10, 1, 2, 3]);
    for found in crate::discovery::read(bytes, host) {
        let origin = found.origin.expect("it speaks ONVIF");
        assert_eq!(origin.host(), "10.1.2.3", "{origin}");
    }
}

/// A whole answer as it comes over the wire: read as one, as lines and as elements.
pub fn http(bytes: &[u8]) {
    let bytes = bytes.to_vec();
    run(async move {
        let dial = dial(move |mut socket| {
            let bytes = bytes.clone();
            async move {
                if read_request(&mut socket).await.is_some() {
                    let _ = socket.write_all(&bytes).await;
                }
            }
        });
        let client = Client::over(dial, origin(), None, Some(login()), &Refusals::default());
        let _ = client.get("/").await;
        for by_line in [true, false] {
            let Ok(Ok(mut stream)) = client.stream(&Request::get("/")).await else { return };
            for _ in 0..64 {
                let more = match by_line {
                    true => stream.line(LONG).await.is_ok(),
                    false => stream.element("EventNotificationAlert", LONG).await.is_ok(),
                };
                if !more {
                    break;
                }
            }
        }
    });
}

/// What a recorder says while something of it is played: answers, and packets between them.
pub fn replay(bytes: &[u8]) {
    run(crate::rtsp::replay::hostile::played(bytes));
}

/// A device that answers one question after another with the parts of `bytes`, asked for everything in one protocol.
pub fn protocol(protocol: Protocol, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let parts: Vec<String> = text.split(NEXT).map(str::to_owned).collect();
    let asked = AtomicUsize::new(0);
    run(async move {
        let (client, _) = device(None, move |_| {
            let part = asked.fetch_add(1, Ordering::Relaxed);
            answer("200 OK", &parts[part % parts.len()])
        });
        everything(&client, protocol).await;
    });
}

/// Meets a device and asks it for everything that it says it can do.
pub(crate) async fn everything(client: &Client, protocol: Protocol) {
    let met = timeout(LONG, by_http(client, &Enrolled::default(), Some(protocol))).await.expect("it ends");
    let Ok(Device { channels, events, recordings, .. }) = met else { return };
    for channel in channels.iter().take(2) {
        every_ability(channel).await;
    }
    if let Some(recordings) = recordings {
        let day = Period::between(Moment(1_626_307_200_000_000), Moment(1_626_393_600_000_000));
        let _ = timeout(LONG, recordings.spans(1, day)).await.expect("it ends");
        let _ = timeout(LONG, recordings.footage(1, day, 0)).await.expect("it ends");
        let _ = timeout(LONG, recordings.time()).await.expect("it ends");
        if let Some(search) = recordings.motion_search() {
            let begun = timeout(LONG, search.begin(1, day, &[])).await.expect("it ends");
            let token = begun.unwrap_or_else(|_| "1".to_owned());
            let _ = timeout(LONG, search.is_through(&token)).await.expect("it ends");
            let _ = timeout(LONG, search.found(&token)).await.expect("it ends");
            let _ = timeout(LONG, search.end(&token)).await.expect("it ends");
        }
    }
    let Some(events) = events else { return };
    if let Ok(mut listening) = events.listen().await {
        for _ in 0..3 {
            if timeout(LONG, listening.next()).await.expect("it ends").is_err() {
                break;
            }
        }
    }
}

async fn every_ability(channel: &Channel) {
    if let Some(steer) = &channel.steer {
        let reach = steer.reach();
        for span in [reach.pan, reach.tilt, reach.zoom].into_iter().flatten() {
            assert!(span.least <= span.most, "{span:?}");
        }
        let _ = steer.pose().await;
        if let Some(presets) = steer.presets() {
            let _ = (presets.list().await, presets.keep(None, "a").await);
        }
    }
    if let Some(auxiliary) = &channel.auxiliary {
        let _ = auxiliary.list();
    }
    if let Some(snapshot) = &channel.snapshot {
        let _ = snapshot.snapshot().await;
    }
}

/// In a time of its own, in which deadlines pass at once.
fn run(future: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime without sockets").block_on(future);
}

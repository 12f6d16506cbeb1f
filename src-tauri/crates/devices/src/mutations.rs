//! Good answers with something wrong in them: whoever reads them comes back, and soon. The same ones in each run.

use std::sync::Arc;

use model::Fault;
use parking_lot::Mutex;

use crate::device::Protocol;
use crate::fuzzing;
use crate::http::testing::{answer, device};
use crate::onvif::mutation::Mutation;
use crate::{dahua, isapi, sunapi};

/// Of each kind; a run of all takes a few seconds.
const READINGS: u64 = 3_000;
const MEETINGS: u64 = 150;

const HTTP: &str = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"iPolis\", nonce=\"0a4f\", qop=\"auth\", \
    algorithm=MD5\r\nTransfer-Encoding: chunked\r\n\r\n1f\r\n<EventNotificationAlert><a>b</a>\r\n2c\r\n</EventNotificationAlert>\n\
    Code=VideoMotion;index=\r\n0\r\n\r\n";
const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><a xmlns=\"urn:x\" b='c'><!-- d --><id>1</id><e><![CDATA[f]]>&amp;</e></a>";
const JSON: &str = r#"{"VideoProfiles":[{"Channel":0,"Profiles":[{"Profile":2,"Name":"H.264","On":true,"Rate":12.5,"L":[1,"a"]}]}]}"#;
const LINES: &str = "Channel.0.Profile.2.Name=H.264\r\nChannel.10.Name=Cổng chính\r\na=1e400\r\nb=True\r\n";
const ADDRESS: &str = "rtsp://admin:secret@192.168.1.64:554/Streaming/Channels/101?a=b%20c#d";

fn each(good: &str, read: impl Fn(&[u8])) {
    let mut mutation = Mutation::seeded(good.len() as u64);
    read(good.as_bytes());
    for _ in 0..READINGS {
        read(&mutation.of(good.as_bytes()));
    }
}

#[test]
fn xml_lines_json_and_addresses_may_be_anything() {
    each(XML, fuzzing::xml);
    each(JSON, fuzzing::fields);
    each(LINES, fuzzing::fields);
    each(ADDRESS, fuzzing::addresses);
    each(&ADDRESS.replace("rtsp:", "rtsps:"), fuzzing::addresses);
    each("http://10.0.0.1:8080/onvif/device_service?a=b", fuzzing::addresses);
}

#[test]
fn http_may_be_anything() {
    let mut mutation = Mutation::seeded(1);
    fuzzing::http(HTTP.as_bytes());
    for _ in 0..500 {
        fuzzing::http(&mutation.of(HTTP.as_bytes()));
    }
}

#[test]
fn a_playback_may_be_anything() {
    let good = include_bytes!("../../../../fuzz/seeds/replay/onvif");
    let mut mutation = Mutation::seeded(2);
    fuzzing::replay(good);
    for _ in 0..500 {
        fuzzing::replay(&mutation.of(good));
    }
}

/// Meets devices of which each answer may have something wrong in its body.
async fn met(protocol: Protocol, good: impl Fn(&str) -> String + Clone + Send + Sync + 'static) {
    for seed in 0..MEETINGS {
        let mutation = Arc::new(Mutex::new(Mutation::seeded(seed)));
        let good = good.clone();
        let (client, seen) = device(None, move |request| {
            let whole = good(request);
            let (_, body) = whole.split_once("\r\n\r\n").unwrap();
            let mut mutation = mutation.lock();
            // Most answers are good, so that the meeting comes far.
            if request.len() as u64 % 5 != seed % 5 {
                return whole;
            }
            answer("200 OK", &String::from_utf8_lossy(&mutation.of(body.as_bytes())))
        });
        fuzzing::everything(&client, protocol).await;
        assert!(seen.asked().len() < 200, "{} questions", seen.asked().len());
    }
}

#[tokio::test(start_paused = true)]
async fn a_wisenet_may_answer_anything() {
    met(Protocol::Sunapi, sunapi::tests::good).await;
}

#[tokio::test(start_paused = true)]
async fn a_hikvision_may_answer_anything() {
    met(Protocol::Isapi, |request| isapi::tests::good(request, true)).await;
}

#[tokio::test(start_paused = true)]
async fn a_dahua_may_answer_anything() {
    met(Protocol::Dahua, |request| dahua::tests::good(request, 1)).await;
}

#[test]
fn a_device_that_answers_one_thing_to_everything_is_read_to_the_end() {
    for protocol in [Protocol::Onvif, Protocol::Sunapi, Protocol::Isapi, Protocol::Dahua] {
        for text in [
            XML,
            JSON,
            LINES,
            "",
            "NG",
            "Error\r\n",
            "\u{1e}",
            "<a/>\u{1e}Model=x\u{1e}Channel.0.Profile.1.EncodingType=H264",
        ] {
            fuzzing::protocol(protocol, text.as_bytes());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn names_of_140_kb_cost_no_more_than_their_answers() {
    let long = "x".repeat(140_000);
    let (client, _) = device(None, move |request| {
        let whole = sunapi::tests::good(request);
        let named =
            whole.split_once("\r\n\r\n").unwrap().1.replace("Cổng chính", &long).replace("Gate", &long);
        answer("200 OK", &named)
    });
    let met = sunapi::meet(&client, None).await.unwrap();
    assert_eq!(met.channels[0].name.len(), 160);
    let presets = met.channels[0].steer.as_ref().unwrap().presets().unwrap().list().await.unwrap();
    assert_eq!(presets[0].name.len(), 160);
    let (too_long, _) = device(None, |_| answer("200 OK", &"x".repeat(crate::http::MAX_BODY + 1)));
    assert_eq!(
        sunapi::meet(&too_long, None).await.unwrap_err(),
        Fault::OversizedAnswer(crate::http::MAX_BODY)
    );
}

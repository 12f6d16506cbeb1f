use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::net::UdpSocket;

use super::probe::{self, MAX_ANSWER};
use super::*;

const OURS: &str = "0d4c4d5e-0000-4000-8000-00000000000f";

fn source() -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(10, 1, 2, 3))
}

fn matched(addresses: &str, scopes: &str) -> String {
    format!(
        "<d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:77</a:Address></a:EndpointReference>\
         <d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>{scopes}</d:Scopes><d:XAddrs>{addresses}</d:XAddrs>\
         <d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch>"
    )
}

fn envelope(relates: &str, inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Header>\
         <a:RelatesTo>{relates}</a:RelatesTo></s:Header><s:Body>{inside}</s:Body></s:Envelope>"
    )
}

fn read(answer: &str) -> Vec<Found> {
    probe::read(answer.as_bytes(), source(), &[OURS.to_owned()])
}

fn answered(addresses: &str) -> String {
    let matches = format!("<d:ProbeMatches>{}</d:ProbeMatches>", matched(addresses, ""));
    envelope(&format!("urn:uuid:{OURS}"), &matches)
}

#[test]
fn a_device_says_what_it_is_without_a_login() {
    let scopes = "onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/name/C%E1%BB%95ng%201\n\
        onvif://www.onvif.org/hardware/XNP-6400 onvif://www.onvif.org/Profile/Streaming";
    let matches = format!(
        "<d:ProbeMatches>{}</d:ProbeMatches>",
        matched("http://10.1.2.3/onvif/device_service", scopes)
    );
    let found = read(&envelope(&format!("uuid:{}", OURS.to_uppercase()), &matches));
    let [found] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((found.name.as_str(), found.hardware.as_str()), ("Cổng 1", "XNP-6400"));
    assert_eq!(found.scopes.len(), 4);
    assert_eq!(found.origin.as_ref().unwrap().to_string(), "http://10.1.2.3:80");
    assert_eq!(found.device_service.as_deref(), Some("/onvif/device_service"));
    assert_eq!(found.identity, "urn:uuid:77");
}

#[test]
fn a_device_is_where_it_answered_from_whatever_it_writes() {
    for (addresses, origin, service) in [
        ("http://192.168.0.5/a http://10.1.2.3:8080/b", "http://10.1.2.3:8080", "/b"),
        ("http://192.168.0.5:8000/a", "http://10.1.2.3:8000", "/a"),
        ("http://127.0.0.1/a", "http://10.1.2.3:80", "/a"),
        ("http://169.254.169.254/latest http://[fe80::1]/a", "http://10.1.2.3:80", "/latest"),
        ("https://admin:word@evil.example/x", "https://10.1.2.3:443", "/x"),
    ] {
        let found = read(&answered(addresses));
        assert_eq!(found[0].origin.as_ref().unwrap().to_string(), origin, "{addresses}");
        assert_eq!(found[0].device_service.as_deref(), Some(service), "{addresses}");
    }
    for addresses in
        ["", "rtsp://10.1.2.3/", "file:///etc/passwd", &format!("http://a/{}", "x".repeat(9_000))]
    {
        assert_eq!(read(&answered(addresses)), [], "{addresses}");
    }
}

#[test]
fn answers_that_nobody_asked_for_and_hostile_ones_are_none() {
    let sound = answered("http://10.1.2.3/a");
    assert_eq!(read(&sound).len(), 1);
    assert_eq!(read(&sound.replace(OURS, "0d4c4d5e-0000-4000-8000-000000000000")), []);
    assert_eq!(read(""), []);
    assert_eq!(read(&format!("<!DOCTYPE l [<!ENTITY a \"x\">]>{sound}")), []);
    assert_eq!(read(&"<a>".repeat(5_000)), []);
    assert_eq!(probe::read(&vec![b' '; MAX_ANSWER + 1], source(), &[OURS.to_owned()]), []);
    let many = format!(
        "<d:ProbeMatches>{}</d:ProbeMatches>",
        "<d:ProbeMatch><d:XAddrs>http://a/</d:XAddrs></d:ProbeMatch>".repeat(200)
    );
    assert_eq!(read(&envelope(OURS, &many)).len(), 16);
}

#[test]
fn mutated_answers_are_read_or_not_and_never_panic() {
    let matches = matched(
        "http://10.1.2.3/a https://10.1.2.3/b",
        "onvif://www.onvif.org/name/A onvif://www.onvif.org/hardware/B",
    );
    let sound = envelope(OURS, &matches);
    let mut mutation = crate::onvif::mutation::Mutation::seeded(3702);
    for _ in 0..4_000 {
        crate::fuzzing::discovery(&mutation.of(sound.as_bytes()));
    }
}

#[test]
fn addresses_are_read_as_people_type_them() {
    let hosts = |text: &str| -> Result<Vec<String>, BadRange> {
        let shown = |target: Target| match target.port {
            Some(port) => format!("{}:{port}", target.host),
            None => target.host,
        };
        targets(text).map(|all| all.into_iter().map(shown).collect())
    };
    assert_eq!(
        hosts("10.1.2.3, camera-7.example:8080\n[fd00::1]:81 [fd00::2]").unwrap(),
        ["10.1.2.3", "camera-7.example:8080", "[fd00::1]:81", "[fd00::2]"]
    );
    assert_eq!(
        hosts("10.1.2.10-12;10.1.2.11-10.1.2.13").unwrap(),
        ["10.1.2.10", "10.1.2.11", "10.1.2.12", "10.1.2.13"]
    );
    assert_eq!(hosts("10.1.2.9/30:81").unwrap(), ["10.1.2.9:81", "10.1.2.10:81"]);
}

#[test]
fn ranges_end_where_their_network_does_and_at_256() {
    assert_eq!(targets("10.1.2.77/24").unwrap().len(), 254);
    let small: Vec<String> = targets("10.1.2.9/30").unwrap().into_iter().map(|target| target.host).collect();
    assert_eq!(small, ["10.1.2.9", "10.1.2.10"]);
    assert_eq!(targets("10.1.2.9/32").unwrap().len(), 1);
    assert_eq!(targets("10.1.2.8/31").unwrap().len(), 2);
    assert_eq!(targets("10.1.2.0/23"), Err(BadRange::TooMany));
    assert_eq!(targets("0.0.0.0/0"), Err(BadRange::TooMany));
    assert_eq!(targets("10.1.2.0/24 10.1.3.0/24"), Err(BadRange::TooMany));
    assert_eq!(targets("10.1.2.9-3"), Err(BadRange::Backwards("10.1.2.9-3".to_owned())));
    for text in [
        "10.1.2.3/33",
        "10.1.2.3/x",
        "10.1.2.3:0",
        "10.1.2.3:99999",
        "10.1.2.9-x",
        "http://10.1.2.3",
        "a b<c",
    ] {
        assert!(matches!(targets(text), Err(BadRange::NotAnAddress(_))), "{text}");
    }
    assert_eq!(targets(" ,\n"), Ok(Vec::new()));
}

/// Answers every probe as `answer` says, `times` over.
async fn device(times: usize, answer: fn(relates: &str) -> Vec<u8>) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    answering(socket, times, answer);
    address
}

fn answering(socket: UdpSocket, times: usize, answer: fn(relates: &str) -> Vec<u8>) {
    tokio::spawn(async move {
        let mut buffer = [0; 4096];
        while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
            let probe = String::from_utf8_lossy(&buffer[..length]).into_owned();
            let message =
                probe.split("urn:uuid:").nth(1).and_then(|rest| rest.split('<').next()).unwrap_or_default();
            for _ in 0..times {
                let _ = socket.send_to(&answer(message), from).await;
            }
        }
    });
}

#[tokio::test]
async fn a_probe_over_the_wire_finds_a_device_once() {
    let sound = |relates: &str| {
        envelope(relates, &matched("http://192.168.1.9:8000/onvif/device_service", "")).into_bytes()
    };
    let address = device(3, sound).await;
    let found = at(&[address], Duration::from_millis(400)).await.unwrap();
    let [found] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(found.origin.as_ref().unwrap().to_string(), "http://127.0.0.1:8000");
}

/// Listens for multicasts on the loopback network; `None` (and said) where another program has the port, or the system
/// has no multicast there.
fn member() -> Option<UdpSocket> {
    let joined = || -> std::io::Result<UdpSocket> {
        let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::DGRAM, None)?;
        socket.set_nonblocking(true)?;
        socket.bind(&SocketAddr::from((Ipv4Addr::UNSPECIFIED, super::udp::PORT)).into())?;
        socket.join_multicast_v4(&Ipv4Addr::new(239, 255, 255, 250), &Ipv4Addr::LOCALHOST)?;
        UdpSocket::from_std(socket.into())
    };
    joined().map_err(|why| eprintln!("SKIPPED: no multicast on loopback: {why}")).ok()
}

#[tokio::test]
async fn a_multicast_finds_whoever_is_in_the_group_on_that_network() {
    let Some(socket) = member() else { return };
    answering(socket, 1, |relates| envelope(relates, &matched("http://192.168.1.9/a", "")).into_bytes());
    let found = super::udp::on([Ipv4Addr::LOCALHOST], Duration::from_millis(400)).await.unwrap();
    let [found] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(found.origin.as_ref().unwrap().to_string(), "http://127.0.0.1:80");
}

#[tokio::test]
async fn a_host_that_floods_is_heard_256_times() {
    let flood = |relates: &str| {
        let identity = crate::onvif::uuid(crate::onvif::random());
        envelope(relates, &matched("http://127.0.0.1/a", "").replace("urn:uuid:77", &identity)).into_bytes()
    };
    let address = device(200, flood).await;
    let found = at(&[address], Duration::from_millis(400)).await.unwrap();
    assert!((1..=256).contains(&found.len()), "{}", found.len());
}

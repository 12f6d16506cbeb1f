//! Sessions with a server that says what each test wants it to say.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use model::{Address, Credentials, Fault, Secret};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::range::clock_time;
use super::{Item, Pictures, Play, Position, Replay};
use crate::recordings::Footage;
use crate::socket::Wire;
use crate::tls::Pin;

const SDP: &str = "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=replay\r\nt=0 0\r\na=control:*\r\n\
    m=video 0 RTP/AVP 26\r\na=control:video\r\nm=audio 0 RTP/AVP 8\r\na=control:audio\r\n";

/// RTCP: sender report, then goodbye.
const GOODBYE: [u8; 16] = [0x80, 200, 0, 1, 0, 0, 0, 9, 0x81, 203, 0, 1, 0, 0, 0, 9];

/// What a server answers, and what it was asked.
pub(super) struct Server {
    wire: Box<dyn Wire>,
    pub(super) seen: Vec<String>,
}

impl Server {
    pub(super) fn on(wire: Box<dyn Wire>) -> Self {
        Self { wire, seen: Vec::new() }
    }

    pub(super) async fn asked(&mut self) -> String {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            request.push(self.wire.read_u8().await.unwrap());
        }
        let request = String::from_utf8(request).unwrap();
        self.seen.push(request.clone());
        request
    }

    pub(super) async fn answer(&mut self, status: &str, fields: &str, body: &str) {
        let asked = self.seen.last().unwrap();
        let cseq = asked.lines().find(|line| line.starts_with("CSeq")).unwrap();
        let answer =
            format!("RTSP/1.0 {status}\r\n{cseq}\r\n{fields}Content-Length: {}\r\n\r\n{body}", body.len());
        self.wire.write_all(answer.as_bytes()).await.unwrap();
        self.wire.flush().await.unwrap();
    }

    pub(super) async fn opened(&mut self, replay: bool) {
        self.opened_as(SDP, replay).await;
    }

    async fn opened_as(&mut self, description: &str, replay: bool) {
        self.asked().await;
        self.answer("200 OK", "Content-Type: application/sdp\r\n", description).await;
        if !replay {
            assert!(self.asked().await.contains("Require: onvif-replay"));
            self.answer("551 Option not supported", "Unsupported: onvif-replay\r\n", "").await;
        }
        for _ in 0..2 {
            assert!(self.asked().await.starts_with("SETUP"));
            self.answer("200 OK", "Session: 7;timeout=60\r\n", "").await;
        }
    }

    pub(super) async fn packet(&mut self, channel: u8, packet: &[u8]) {
        let mut framed = vec![b'$', channel];
        framed.extend((packet.len() as u16).to_be_bytes());
        framed.extend(packet);
        self.wire.write_all(&framed).await.unwrap();
        self.wire.flush().await.unwrap();
    }
}

/// One whole JPEG picture of 8×8 in one packet (RFC 2435), with ONVIF's extension where `mark` gives time, flags and CSeq.
pub(super) fn picture(sequence: u16, timestamp: u32, mark: Option<(SystemTime, u8, u8)>) -> Vec<u8> {
    let mut packet = vec![0x80 | if mark.is_some() { 0x10 } else { 0 }, 0x80 | 26];
    packet.extend(sequence.to_be_bytes());
    packet.extend(timestamp.to_be_bytes());
    packet.extend(9_u32.to_be_bytes());
    if let Some((at, flags, cseq)) = mark {
        let since = at.duration_since(UNIX_EPOCH).unwrap();
        packet.extend([0xab, 0xac, 0, 3]);
        packet.extend((since.as_secs() as u32).wrapping_add(2_208_988_800).to_be_bytes());
        packet
            .extend((((u64::from(since.subsec_nanos())) << 32) / 1_000_000_000).to_be_bytes()[4..].to_vec());
        packet.extend([flags, cseq, 0, 0]);
    }
    packet.extend([0, 0, 0, 0, 0, 50, 1, 1]);
    packet.extend([0x55; 40]);
    packet
}

fn sound(sequence: u16, timestamp: u32) -> Vec<u8> {
    let mut packet = vec![0x80, 8];
    packet.extend(sequence.to_be_bytes());
    packet.extend(timestamp.to_be_bytes());
    packet.extend(5_u32.to_be_bytes());
    packet.extend([0xd5; 160]);
    packet
}

fn footage() -> Footage {
    Footage::whole(Address::parse("rtsp://127.0.0.1/recording/3").unwrap().0, Pin::default())
}

fn start() -> SystemTime {
    clock_time("20210716T010203Z").unwrap()
}

fn pair() -> (Box<dyn Wire>, Server) {
    let (ours, wire) = tokio::io::duplex(1 << 20);
    (Box::new(ours), Server::on(Box::new(wire)))
}

async fn session(replay: bool) -> (Replay, Server) {
    let (wire, mut server) = pair();
    let footage = footage();
    let (opened, ()) = tokio::join!(Replay::open_on(wire, &footage, None), server.opened(replay));
    (opened.unwrap(), server)
}

async fn play(replay: &mut Replay, server: &mut Server, play: &Play, fields: &str) -> super::Started {
    let (started, ()) = tokio::join!(replay.play(play), async {
        server.asked().await;
        server.answer("200 OK", fields, "").await;
    });
    started.unwrap()
}

async fn captured(replay: &mut Replay) -> Option<SystemTime> {
    match replay.next().await.unwrap() {
        Item::Picture { unit, .. } => unit.captured,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn times_are_the_recorders_and_what_was_played_before_a_seek_does_not_come_any_more() {
    let (mut replay, mut server) = session(true).await;
    assert!(replay.is_onvif());
    play(&mut replay, &mut server, &Play::from(Position::Clock(start())), "").await;
    let asked = server.seen.last().unwrap();
    for field in
        ["Range: clock=20210716T010203.000Z-", "Rate-Control: no", "Immediate: yes", "Require: onvif-replay"]
    {
        assert!(asked.contains(field), "{asked}");
    }
    let cseq = 4;
    let second = Duration::from_secs(1);
    server.packet(0, &picture(1, 0, Some((start(), 0x80, cseq)))).await;
    assert_eq!(captured(&mut replay).await, Some(start()));

    // Sent before the server heard of the seek.
    server.packet(0, &picture(2, 3600, Some((start() + second, 0x80, cseq)))).await;
    let later = start() + 3600 * second;
    play(&mut replay, &mut server, &Play::from(Position::Clock(later)), "").await;
    server.packet(0, &picture(3, 7200, Some((start() + 2 * second, 0x80, cseq)))).await;
    server.packet(0, &picture(4, 9000, Some((later, 0xa0, cseq + 1)))).await;
    match replay.next().await.unwrap() {
        Item::Picture { unit, discontinuity } => {
            assert_eq!((unit.captured, discontinuity), (Some(later), true));
        }
        other => panic!("{other:?}"),
    }
    server.packet(0, &picture(5, 9900, Some((later + second, 0x90, cseq + 1)))).await;
    assert_eq!(captured(&mut replay).await, Some(later + second));
    assert!(matches!(replay.next().await, Ok(Item::End)), "the terminal mark ends it");
}

#[tokio::test]
async fn a_server_without_onvif_replay_is_asked_again_without_it_and_ticks_give_the_time() {
    let (mut replay, mut server) = session(false).await;
    assert!(!replay.is_onvif());
    let info = "Range: clock=20210716T010203Z-\r\nRTP-Info: url=rtsp://x/video;seq=100;rtptime=5000,url=rtsp://x/audio;seq=7\r\n";
    play(&mut replay, &mut server, &Play::from(Position::Clock(start())), info).await;
    assert!(!server.seen.last().unwrap().contains("Rate-Control"));
    // Left over from before: numbered before the first.
    server.packet(0, &picture(99, 1000, None)).await;
    server.packet(0, &picture(100, 5000, None)).await;
    server.packet(2, &sound(7, 0)).await;
    server.packet(0, &picture(101, 95_000, None)).await;
    assert_eq!(captured(&mut replay).await, Some(start()));
    assert!(matches!(replay.next().await, Ok(Item::Sound { captured, .. }) if captured == Some(start())));
    assert_eq!(captured(&mut replay).await, Some(start() + Duration::from_secs(1)));
    server.packet(1, &GOODBYE).await;
    assert!(matches!(replay.next().await, Ok(Item::End)));
}

/// GStreamer, which numbers no answers: the goodbye of a recording's end crosses with the request for another place in it.
#[tokio::test(start_paused = true)]
async fn a_goodbye_of_what_was_played_before_a_seek_does_not_end_what_is_played_after_it() {
    let (mut replay, mut server) = session(true).await;
    play(&mut replay, &mut server, &Play::from(Position::Clock(start())), "").await;
    server.packet(0, &picture(1, 0, Some((start(), 0x80, 0)))).await;
    assert_eq!(captured(&mut replay).await, Some(start()));

    let later = start() + Duration::from_secs(3600);
    let seek = Play::from(Position::Clock(later));
    let (started, ()) = tokio::join!(replay.play(&seek), async {
        server.asked().await;
        server.packet(1, &GOODBYE).await;
        server.answer("200 OK", "RTP-Info: url=rtsp://x/video;seq=2\r\n", "").await;
        server.packet(1, &GOODBYE).await;
    });
    started.unwrap();
    server.packet(0, &picture(2, 7200, Some((later, 0x80, 0)))).await;
    assert_eq!(captured(&mut replay).await, Some(later));

    // Where there is nothing, the goodbye is all that comes, and is believed.
    let started = play(&mut replay, &mut server, &seek, "").await;
    assert_eq!(started.begins, Some(later));
    server.packet(1, &GOODBYE).await;
    assert!(matches!(replay.next().await, Ok(Item::End)));
}

#[tokio::test]
async fn scale_that_is_refused_is_asked_for_as_speed() {
    let (mut replay, mut server) = session(false).await;
    let fast = Play { scale: 4.0, pictures: Pictures::Key(None), ..Play::from(Position::Clock(start())) };
    let (started, ()) = tokio::join!(replay.play(&fast), async {
        assert!(server.asked().await.contains("Scale: 4.000000"));
        server.answer("456 Header Field Not Valid", "", "").await;
        assert!(server.asked().await.contains("Speed: 4.000000"));
        server.answer("200 OK", "Speed: 2.0\r\n", "").await;
    });
    assert_eq!(started.unwrap().scale, 2.0, "what the server really does");
}

#[tokio::test(start_paused = true)]
async fn a_recorder_that_says_no_more_has_stalled_and_a_pause_is_no_stall() {
    let (mut replay, mut server) = session(true).await;
    play(&mut replay, &mut server, &Play::from(Position::Clock(start())), "").await;
    server.packet(0, &picture(1, 0, Some((start(), 0x80, 4)))).await;
    captured(&mut replay).await;
    assert_eq!(replay.next().await.unwrap_err(), Fault::Stalled(Duration::from_secs(5)));

    let (paused, ()) = tokio::join!(replay.pause(), async {
        assert!(server.asked().await.starts_with("PAUSE"));
        server.answer("200 OK", "", "").await;
    });
    paused.unwrap();
    let (waited, asked) =
        tokio::join!(tokio::time::timeout(Duration::from_secs(40), replay.next()), server.asked());
    assert!(waited.is_err(), "it waits");
    assert!(asked.starts_with("GET_PARAMETER"), "and the session is kept alive: {asked}");
}

/// RFC 3640 §3.3.6: the mark is of the packet, the second access unit begins 1,024 samples later.
#[tokio::test]
async fn access_units_of_aac_that_share_a_packet_have_each_its_own_time() {
    let description = SDP.replace(
        "m=audio 0 RTP/AVP 8\r\n",
        "m=audio 0 RTP/AVP 97\r\na=rtpmap:97 MPEG4-GENERIC/16000/1\r\na=fmtp:97 streamtype=5;mode=AAC-hbr;\
         sizelength=13;indexlength=3;indexdeltalength=3;config=1408\r\n",
    );
    let (wire, mut server) = pair();
    let footage = footage();
    let opening = Replay::open_on(wire, &footage, None);
    let (opened, ()) = tokio::join!(opening, server.opened_as(&description, true));
    let mut replay = opened.unwrap();
    play(&mut replay, &mut server, &Play::from(Position::Clock(start())), "").await;
    let mark = &picture(0, 0, Some((start(), 0, 4)))[12..28];
    let head = [0x90, 0x80 | 97, 0, 1, 0, 0, 0, 0, 0, 0, 0, 5];
    let units = [0, 32, 0, 2 << 3, 0, 3 << 3, 1, 2, 3, 4, 5];
    server.packet(2, &[&head[..], mark, &units].concat()).await;
    for (unit, behind) in [(&[1, 2][..], 0), (&[3, 4, 5], 64)] {
        let Item::Sound { data, captured } = replay.next().await.unwrap() else { panic!("sound") };
        assert_eq!(&data[..], unit);
        assert_eq!(captured, Some(start() + Duration::from_millis(behind)));
    }
}

#[tokio::test]
async fn a_wrong_password_is_sent_once_and_a_stale_nonce_is_replaced_once() {
    let login = || Credentials { user: "xem".to_owned(), password: Secret::new("mat khau".to_owned()) };
    let challenge = |stale: &str| format!("WWW-Authenticate: Digest realm=\"r\", nonce=\"0a4f\"{stale}\r\n");
    for (second, wanted) in [("", Fault::PasswordRefused), (", stale=true", Fault::PasswordRefused)] {
        let (wire, mut server) = pair();
        let (footage, login) = (footage(), login());
        let (opened, seen) = tokio::join!(Replay::open_on(wire, &footage, Some(&login)), async {
            server.asked().await;
            server.answer("401 Unauthorized", &challenge(""), "").await;
            server.asked().await;
            server.answer("401 Unauthorized", &challenge(second), "").await;
            if !second.is_empty() {
                server.asked().await;
                server.answer("401 Unauthorized", &challenge(second), "").await;
            }
            server.seen
        });
        assert_eq!(opened.map(|_| ()).unwrap_err(), wanted);
        let sent = seen.iter().filter(|request| request.contains("response=")).count();
        assert_eq!(sent, if second.is_empty() { 1 } else { 2 });
        assert!(seen.iter().all(|request| !request.contains("mat khau")));
    }
    let (wire, mut server) = pair();
    let (footage, login) = (footage(), login());
    let (opened, ()) = tokio::join!(Replay::open_on(wire, &footage, Some(&login)), async {
        server.asked().await;
        server.answer("401 Unauthorized", "WWW-Authenticate: Basic realm=\"r\"\r\n", "").await;
    });
    assert_eq!(opened.map(|_| ()).unwrap_err(), Fault::ClearTextPassword);
}

#[tokio::test]
async fn hostile_servers_are_bounded() {
    let endless_header = "RTSP/1.0 200 OK\r\n".to_owned() + &"X: y\r\n".repeat(20_000);
    let endless_body =
        format!("RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 99999999\r\n\r\n{}", "x".repeat(2 << 20));
    for (answer, wanted) in [
        (endless_header, "oversized_answer"),
        (endless_body, "oversized_answer"),
        ("HTTP/1.1 400 Bad Request\r\n\r\n".to_owned(), "not_rtsp"),
        ("RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 4\r\n\r\nnone".to_owned(), "protocol"),
    ] {
        let (wire, mut server) = pair();
        let footage = footage();
        let serving = tokio::spawn(async move {
            server.asked().await;
            let _ = server.wire.write_all(answer.as_bytes()).await;
            server
        });
        let fault = Replay::open_on(wire, &footage, None).await.map(|_| ()).unwrap_err();
        assert_eq!(fault.code(), wanted, "{fault}");
        drop(serving.await);
    }
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_is_given_up() {
    let (wire, mut server) = pair();
    let footage = footage();
    let (opened, _) = tokio::join!(Replay::open_on(wire, &footage, None), server.asked());
    assert_eq!(opened.map(|_| ()).unwrap_err().code(), "no_answer");
}

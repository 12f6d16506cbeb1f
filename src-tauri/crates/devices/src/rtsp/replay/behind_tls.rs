//! Recordings over TLS: who is there is known before anything is said.

use std::time::{Duration, SystemTime};

use model::{Address, Credentials, Fault, Secret};
use rtsp_types::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio::time::timeout;

use super::connection::{Connection, secured};
use super::tests::{Server, picture};
use super::{Item, Play, Position, Replay};
use crate::recordings::Footage;
use crate::rtsp::ANSWER_DEADLINE;
use crate::socket::Wire;
use crate::tls::Pin;
use crate::tls::testing::Keys;

const DIGEST: &str = "WWW-Authenticate: Digest realm=\"r\", nonce=\"0a4f\"\r\n";
const BASIC: &str = "WWW-Authenticate: Basic realm=\"r\"\r\n";

fn footage(pin: &Pin) -> Footage {
    let (address, _) = Address::parse_recorded("rtsps://127.0.0.1/recording/3").unwrap();
    Footage::whole(address, pin.clone())
}

fn login() -> Credentials {
    Credentials { user: "xem".to_owned(), password: Secret::new("mat khau".to_owned()) }
}

async fn open(wire: DuplexStream, pin: &Pin) -> Result<Replay, Fault> {
    Replay::open_on(Box::new(wire), &footage(pin), Some(&login())).await
}

/// A recorder that lets in whoever asks, once the handshake has gone well.
async fn recorder(keys: &Keys, wire: DuplexStream) -> Server {
    let mut server = Server::on(Box::new(keys.acceptor.accept(wire).await.unwrap()));
    server.opened(true).await;
    server
}

#[tokio::test]
async fn a_recording_behind_tls_is_described_by_a_digest_and_played() {
    let (keys, pin) = (Keys::new(), Pin::default());
    let (ours, theirs) = duplex(1 << 20);
    let (opened, mut server) = tokio::join!(open(ours, &pin), async {
        let mut server = Server::on(Box::new(keys.acceptor.accept(theirs).await.unwrap()));
        let asked = server.asked().await;
        assert!(asked.starts_with("DESCRIBE rtsps://127.0.0.1/recording/3 "), "{asked}");
        assert!(!asked.contains("Authorization"), "{asked}");
        server.answer("401 Unauthorized", DIGEST, "").await;
        server.opened(true).await;
        server
    });
    let mut replay = opened.unwrap();
    assert_eq!(pin.fingerprint(), Some(keys.fingerprint));
    assert!(server.seen[1].contains("username=\"xem\"") && server.seen[1].contains("response="));
    assert!(server.seen.iter().all(|asked| !asked.contains("mat khau")), "{:?}", server.seen);
    let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_626_397_323);
    let play = Play::from(Position::Clock(at));
    let (started, ()) = tokio::join!(replay.play(&play), async {
        server.asked().await;
        server.answer("200 OK", "", "").await;
        server.packet(0, &picture(1, 0, Some((at, 0x80, 5)))).await;
    });
    started.unwrap();
    let Item::Picture { unit, .. } = replay.next().await.unwrap() else { panic!("no picture") };
    assert_eq!(unit.captured, Some(at));
}

#[tokio::test]
async fn another_certificate_is_refused_before_anything_is_said() {
    let (enrolled, other) = (Keys::new(), Keys::new());
    let pin = Pin::new(Some(enrolled.fingerprint));
    let (ours, theirs) = duplex(1 << 20);
    let (opened, heard) = tokio::join!(open(ours, &pin), async {
        let mut heard = Vec::new();
        // By TLS 1.3 a server may only learn of the refusal when it reads.
        if let Ok(mut stream) = other.acceptor.accept(theirs).await {
            let _ = stream.read_to_end(&mut heard).await;
        }
        heard
    });
    let shown: String = other.fingerprint.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(opened.map(drop), Err(Fault::Certificate(shown)), "it is said which one was shown");
    assert_eq!(heard, b"", "neither who we are nor what is wanted");
}

#[tokio::test]
async fn the_certificate_of_the_first_session_is_the_only_one_of_all_later_ones() {
    let (first, other, pin) = (Keys::new(), Keys::new(), Pin::default());
    for _ in 0..2 {
        let (ours, theirs) = duplex(1 << 20);
        let (opened, _server) = tokio::join!(open(ours, &pin), recorder(&first, theirs));
        assert_eq!(opened.map(drop), Ok(()));
    }
    let (ours, theirs) = duplex(1 << 20);
    let (opened, _) = tokio::join!(open(ours, &pin), other.acceptor.accept(theirs));
    assert!(matches!(opened.map(drop), Err(Fault::Certificate(_))));
}

#[tokio::test(start_paused = true)]
async fn a_handshake_that_never_ends_is_given_up() {
    let pin = Pin::default();
    let (ours, mut theirs) = duplex(1 << 20);
    let begun = tokio::time::Instant::now();
    let (opened, _silent) = tokio::join!(open(ours, &pin), async {
        // The head of a record (RFC 8446 §5.1) whose rest never comes.
        theirs.write_all(&[22, 3, 3, 1, 0]).await.unwrap();
        theirs
    });
    assert_eq!(opened.map(drop), Err(Fault::NoAnswer(ANSWER_DEADLINE)));
    assert_eq!(begun.elapsed(), ANSWER_DEADLINE);
}

#[tokio::test]
async fn what_speaks_no_tls_is_told_apart_and_told_nothing() {
    for said in ["RTSP/1.0 400 Bad Request\r\nCSeq: 0\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n"] {
        let pin = Pin::default();
        let (ours, mut theirs) = duplex(1 << 20);
        let (opened, heard) = tokio::join!(open(ours, &pin), async {
            let mut heard = vec![theirs.read_u8().await.unwrap()];
            theirs.write_all(said.as_bytes()).await.unwrap();
            let _ = theirs.read_to_end(&mut heard).await;
            heard
        });
        assert_eq!(opened.map(drop), Err(Fault::NotTls), "{said}");
        let heard = String::from_utf8_lossy(&heard);
        assert!(!heard.contains("RTSP") && !heard.contains("xem"), "{heard}");
    }
}

#[tokio::test]
async fn the_password_itself_is_sent_behind_an_enrolled_certificate_alone() {
    let keys = Keys::new();
    for (pin, wanted) in
        [(Pin::default(), Err(Fault::ClearTextPassword)), (Pin::new(Some(keys.fingerprint)), Ok(()))]
    {
        let (ours, theirs) = duplex(1 << 20);
        let (opened, seen) = tokio::join!(open(ours, &pin), async {
            let mut server = Server::on(Box::new(keys.acceptor.accept(theirs).await.unwrap()));
            server.asked().await;
            server.answer("401 Unauthorized", BASIC, "").await;
            if wanted.is_ok() {
                server.opened(true).await;
            }
            server.seen
        });
        assert_eq!(opened.map(drop), wanted);
        let sent = seen.iter().filter(|asked| asked.contains("Authorization: Basic ")).count();
        assert_eq!(sent > 0, wanted.is_ok(), "{seen:?}");
    }
}

/// TLS takes what is to be written before it has sent it: a wait that ends meanwhile must not leave it there.
#[tokio::test(start_paused = true)]
async fn what_was_asked_goes_out_whole_though_the_wait_for_it_was_dropped() {
    /// Together more than the wire takes while nobody reads.
    const REQUESTS: usize = 100;
    let (keys, pin) = (Keys::new(), Pin::default());
    let (ours, theirs) = duplex(4096);
    let footage = footage(&pin);
    let (connection, wire) =
        tokio::join!(secured(Box::new(ours), &footage.address, None, &pin), keys.acceptor.accept(theirs));
    let (mut connection, mut wire): (Connection, Box<dyn Wire>) =
        (connection.unwrap(), Box::new(wire.unwrap()));
    for _ in 0..REQUESTS {
        connection.tell(&Method::GetParameter, footage.address.url()).unwrap();
    }
    let dropped = timeout(Duration::from_secs(1), connection.packet()).await;
    assert!(dropped.is_err(), "nobody reads at the other end");
    let whole = async {
        let (mut heard, mut ends) = (Vec::new(), 0);
        while ends < REQUESTS {
            heard.push(wire.read_u8().await.unwrap());
            ends += usize::from(heard.ends_with(b"\r\n\r\n"));
        }
        String::from_utf8(heard).unwrap()
    };
    let heard = tokio::select! {
        _ = connection.packet() => panic!("nothing was sent to us"),
        heard = timeout(Duration::from_secs(60), whole) => heard.expect("a part stayed behind"),
    };
    assert_eq!(heard.matches("GET_PARAMETER rtsps://127.0.0.1/recording/3 ").count(), REQUESTS);
    assert!(heard.contains(&format!("CSeq: {REQUESTS}\r\n")), "the last, too");
}

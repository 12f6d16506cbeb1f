//! A recorder that plays something else than it is asked for: nobody waits for it without a word.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use devices::Reply;
use devices::recordings::Footage;
use devices::tls::Pin;
use model::{Address, Credentials, Fault, Id, Moment, Period};

use super::super::{Standing, Tape, Throttle};
use crate::{DecodePreference, Live, Settings};

const SDP: &str = "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=replay\r\nt=0 0\r\na=control:*\r\n\
    m=video 0 RTP/AVP 26\r\na=control:video\r\n";
/// One JPEG picture of 8×8 (RFC 2435) in a packet of its own, as far as it is the same for all.
const JPEG: [u8; 8] = [0, 0, 0, 0, 0, 50, 1, 1];

/// A picture with ONVIF's mark: taken at `at`, for the question `cseq`.
fn picture(sequence: u16, at: Moment, cseq: u8) -> Vec<u8> {
    let mut packet = vec![0x90, 0x80 | 26];
    packet.extend(sequence.to_be_bytes());
    packet.extend((u32::from(sequence) * 3600).to_be_bytes());
    packet.extend(9_u32.to_be_bytes());
    packet.extend([0xab, 0xac, 0, 3]);
    packet.extend(((at.0 / 1_000_000 + 2_208_988_800) as u32).to_be_bytes());
    packet.extend([0, 0, 0, 0, 0x80, cseq, 0, 0]);
    packet.extend(JPEG);
    packet.extend([0x55; 40]);
    let mut framed = vec![b'$', 0];
    framed.extend((packet.len() as u16).to_be_bytes());
    framed.extend(packet);
    framed
}

/// Answers one connection; plays what is `off` microseconds from what was asked for, or nothing of it.
fn serve(socket: TcpStream, asked: Moment, off: i64) {
    let mut reader = BufReader::new(socket.try_clone().unwrap());
    let mut socket = socket;
    let mut request = String::new();
    while reader.read_line(&mut request).is_ok_and(|read| read > 0) {
        if !request.ends_with("\r\n\r\n") {
            continue;
        }
        let cseq =
            request.lines().find_map(|line| line.to_lowercase().strip_prefix("cseq:").map(str::to_owned));
        let cseq: u32 = cseq.unwrap().trim().parse().unwrap();
        let body = if request.starts_with("DESCRIBE") { SDP } else { "" };
        let answer = format!(
            "RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\nSession: 7\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        if socket.write_all(answer.as_bytes()).is_err() {
            return;
        }
        if request.starts_with("PLAY") {
            for n in 0..3_u16 {
                let at = asked.plus_us(off + i64::from(n) * 1_000_000);
                if socket.write_all(&picture(n, at, cseq as u8)).is_err() {
                    return;
                }
            }
        }
        request.clear();
    }
}

struct Recorder(Address);

impl Tape for Recorder {
    fn footage(&self, _period: Period) -> Reply<'_, Footage> {
        let footage = Footage::whole(self.0.clone(), Pin::default());
        Box::pin(async move { Ok(footage) })
    }

    fn login(&self) -> Option<Credentials> {
        None
    }

    fn ahead_us(&self) -> i64 {
        0
    }
}

/// What is told of a recorder that plays so far from what it is asked for.
fn told(off: i64) -> Standing {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs() as i64;
    let at = Moment((now - 86_400) * 1_000_000);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("rtsp://{}/recording", listener.local_addr().unwrap());
    // One connection after the other is enough: the player has one at a time.
    let serving = move || {
        for socket in listener.incoming().map_while(Result::ok) {
            serve(socket, at, off);
        }
    };
    std::thread::Builder::new().name("recorder".to_owned()).spawn(serving).unwrap();
    let settings = Settings { workers: NonZeroUsize::MIN, decode: DecodePreference::Software };
    let live = Live::new(settings, Arc::new(|| {})).unwrap();
    let player = live.player(at).unwrap();
    let tape = Recorder(Address::parse(&address).unwrap().0);
    player.add(Id::new("camera").unwrap(), Arc::new(tape), Throttle::new(100.0));
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let standing = player.state().cameras[0].2.clone();
        if standing != Standing::Loading || Instant::now() > until {
            return standing;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_recorder_that_plays_another_time_is_not_waited_for_without_a_word() {
    let Standing::Failed(Fault::Protocol(words)) = told(-7 * 3_600_000_000) else {
        panic!("nothing was told")
    };
    assert_eq!(words, "another time is played than was asked for, 420 min away");
}

#[test]
fn a_place_that_is_never_reached_is_not_asked_for_for_ever() {
    // Always a minute before, and no more than that.
    let standing = told(-60_000_000);
    assert!(matches!(standing, Standing::Failed(_)), "{standing:?}");
}

//! A playback session with a server that says anything: for the fuzzers, and for dialogues that are slightly wrong.

use std::time::{Duration, SystemTime};

use model::Address;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

use super::{Item, Pictures, Play, Position, Replay};
use crate::recordings::Footage;
use crate::tls::Pin;

/// More than any input.
const ROOM: usize = 1 << 20;
/// More than an input has packets.
const MOST: usize = 4096;

/// Opens a session in which the server says `said` whatever it is asked, plays, and takes all that comes.
pub(crate) async fn played(said: &[u8]) {
    let (ours, mut theirs) = duplex(ROOM);
    let said = said.to_vec();
    tokio::spawn(async move {
        let _ = theirs.write_all(&said).await;
        // The session's deadlines are those of real time: it is not left to wait for more.
        let _ = theirs.shutdown().await;
        let mut asked = vec![0; 4096];
        while theirs.read(&mut asked).await.is_ok_and(|count| count > 0) {}
    });
    let Ok((address, _)) = Address::parse("rtsp://127.0.0.1/recording/3") else { return };
    let footage = Footage::whole(address, Pin::default());
    let Ok(mut replay) = Replay::open_on(Box::new(ours), &footage, None).await else { return };
    let _ = (replay.sound(), replay.is_onvif());
    let from = SystemTime::UNIX_EPOCH + Duration::from_secs(1_626_397_323);
    let keys =
        Play { pictures: Pictures::Key(None), scale: -4.0, ..Play::from(Position::Since(Duration::ZERO)) };
    for play in [Play::from(Position::Clock(from)), keys] {
        if replay.play(&play).await.is_err() {
            return;
        }
        for _ in 0..MOST {
            match replay.next().await {
                Ok(Item::End) | Err(_) => break,
                Ok(_) => {}
            }
        }
    }
}

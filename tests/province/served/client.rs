//! An RTSP client of a few lines that sees every byte.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::USER;
use crate::rtsp::digest;

pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: String,
}

/// An RTSP client over TCP.
pub(super) struct Client {
    pub(super) stream: TcpStream,
    pub(super) buffer: Vec<u8>,
    pub(super) url: String,
    password: String,
    nonce: String,
    session: String,
}

impl Client {
    pub(super) fn connect(source: &str) -> Self {
        let (login, rest) = source.strip_prefix("rtsp://").unwrap().split_once('@').unwrap();
        let stream = TcpStream::connect(rest.split('/').next().unwrap()).expect("the recorder listens");
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let password = login.split_once(':').unwrap().1.to_owned();
        let (nonce, session) = (String::new(), String::new());
        Self { stream, buffer: Vec::new(), url: format!("rtsp://{rest}"), password, nonce, session }
    }

    pub(super) fn describe(&mut self) -> Answer {
        let url = self.url.clone();
        self.request("DESCRIBE", &url, "")
    }

    pub(super) fn set_up(&mut self) -> Answer {
        self.set_up_track(1, 0)
    }

    /// Track `n` on two channels from `channel` on.
    pub(super) fn set_up_track(&mut self, n: u8, channel: u8) -> Answer {
        let url = format!("{}/trackID={n}", self.url);
        let transport = format!("Transport: RTP/AVP/TCP;unicast;interleaved={channel}-{}\r\n", channel + 1);
        let answer = self.request("SETUP", &url, &transport);
        if let Some((_, session)) = answer.head.split_once("Session: ") {
            self.session = session.split([';', '\r']).next().unwrap().to_owned();
        }
        answer
    }

    pub(super) fn play(&mut self) {
        let url = self.url.clone();
        assert_eq!(self.request("PLAY", &url, "").status, 200);
    }

    /// Sends a request, with an answer to the challenge where one comes; skips packets until the response.
    pub(super) fn request(&mut self, method: &str, url: &str, headers: &str) -> Answer {
        let answer = self.send(method, url, headers);
        if answer.status != 401 || !self.nonce.is_empty() {
            return answer;
        }
        let (_, nonce) = answer.head.split_once("nonce=\"").expect("a challenge");
        self.nonce = nonce.split('"').next().unwrap().to_owned();
        self.send(method, url, headers)
    }

    fn send(&mut self, method: &str, url: &str, headers: &str) -> Answer {
        let mut text = format!("{method} {url} RTSP/1.0\r\nCSeq: 1\r\n{headers}");
        if !self.session.is_empty() {
            text += &format!("Session: {}\r\n", self.session);
        }
        if !self.nonce.is_empty() {
            text += &format!(
                "Authorization: {}\r\n",
                digest::answer(method, url, &self.nonce, USER, &self.password)
            );
        }
        self.stream.write_all((text + "\r\n").as_bytes()).unwrap();
        loop {
            if self.buffer.first() == Some(&b'R')
                && let Some(end) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n")
            {
                let head = String::from_utf8(self.buffer.drain(..end + 4).collect()).unwrap();
                let length = head
                    .split_once("Content-Length: ")
                    .map_or(0, |(_, rest)| rest.split('\r').next().unwrap().parse().unwrap());
                while self.buffer.len() < length {
                    assert!(self.fill());
                }
                let body = String::from_utf8(self.buffer.drain(..length).collect()).unwrap();
                return Answer { status: head[9..12].parse().unwrap(), head, body };
            }
            if self.take_packet().is_none() {
                assert!(self.fill(), "the connection ended");
            }
        }
    }

    fn fill(&mut self) -> bool {
        let mut part = [0; 4096];
        let count = self.stream.read(&mut part).unwrap_or(0);
        self.buffer.extend(&part[..count]);
        count > 0
    }

    fn take_packet(&mut self) -> Option<(u8, Vec<u8>)> {
        let [b'$', channel, high, low, rest @ ..] = self.buffer.as_slice() else { return None };
        let (channel, length) = (*channel, usize::from(u16::from_be_bytes([*high, *low])));
        let packet = rest.get(..length)?.to_vec();
        self.buffer.drain(..4 + length);
        Some((channel, packet))
    }

    /// The next packet and its channel, `None` when none comes any more.
    pub(super) fn try_packet(&mut self) -> Option<(u8, Vec<u8>)> {
        loop {
            if let Some(packet) = self.take_packet() {
                return Some(packet);
            }
            if !self.fill() {
                return None;
            }
        }
    }

    pub(super) fn packet(&mut self) -> (u8, Vec<u8>) {
        self.try_packet().expect("packets come")
    }

    /// Watches until `last` says so of a picture's instant: the payload of each picture by its instant in
    /// microseconds of the day's time, reckoned from the sender report that must come first.
    pub(super) fn watch(mut self, mut last: impl FnMut(u64) -> bool) -> HashMap<u64, Vec<u8>> {
        let word = |bytes: &[u8], at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
        let (channel, report) = self.packet();
        assert_eq!((channel, report[1]), (1, 200), "a sender report comes first");
        let micros =
            u64::from(word(&report, 8)) * 1_000_000 + ((u64::from(word(&report, 12)) * 1_000_000) >> 32);
        let base = word(&report, 16);
        let mut seen: HashMap<u64, Vec<u8>> = HashMap::new();
        let mut sequence = None;
        loop {
            let (channel, packet) = self.packet();
            if channel != 0 {
                continue;
            }
            let number = u16::from_be_bytes([packet[2], packet[3]]);
            assert!(sequence.is_none_or(|last: u16| last.wrapping_add(1) == number), "none is missing");
            sequence = Some(number);
            let ticks = u64::from(word(&packet, 4).wrapping_sub(base));
            let instant = micros + ticks * 1_000_000 / 90_000;
            seen.entry(instant).or_default().extend(&packet[12..]);
            if packet[1] & 0x80 != 0 && last(instant) {
                return seen;
            }
        }
    }
}

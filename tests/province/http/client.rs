//! A client of a few lines, for tests.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::auth;

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// One request on a connection of its own, with further header lines.
pub(crate) fn send(port: u16, method: &str, target: &str, headers: &str, body: &str) -> Reply {
    let mut socket = TcpStream::connect(("127.0.0.1", port)).expect("the device listens");
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let length = body.len();
    let text = format!(
        "{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    );
    socket.write_all(text.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    socket.read_to_end(&mut bytes).unwrap();
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    Reply { status: head[9..12].parse().unwrap(), head, body: bytes[end + 4..].to_vec() }
}

/// The same with Digest: asked once without, then with the answer to the first challenge.
pub(crate) fn ask(port: u16, method: &str, target: &str, body: &str, login: (&str, &str)) -> Reply {
    let first = send(port, method, target, "", body);
    if first.status != 401 {
        return first;
    }
    let challenge = first.head.lines().find_map(|line| line.strip_prefix("WWW-Authenticate: "));
    let answer = auth::answer(challenge.expect("a challenge"), method, target, login);
    send(port, method, target, &format!("Authorization: {answer}\r\n"), body)
}

/// A `GET` with Digest.
pub(crate) fn get(port: u16, target: &str, login: (&str, &str)) -> Reply {
    ask(port, "GET", target, "", login)
}

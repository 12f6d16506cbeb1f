//! A look at what a device asks for, before anything secret is sent.
//!
//! One DESCRIBE without credentials on a connection of its own. `retina` answers whatever challenge comes first, also
//! `Basic`, which is the password in clear; and it reads a header of any length. A device that is not a camera, never
//! stops talking or wants the password in clear is found here and never meets `retina`.

use model::{Credentials, Fault};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{ANSWER_DEADLINE, MAX_HEADER};
use crate::socket;
use model::Address;

use crate::http::digest;
pub(super) use crate::socket::ended;

/// What a device wants before it describes a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Challenge {
    /// Nothing: no credentials are sent at all.
    Open,
    /// A digest (RFC 7616): the password stays here.
    Digest,
}

/// Asks. The connection that it was asked on comes back too, to be held until the session itself stands: GStreamer's
/// server, which is in some cameras, begins to take a stream down when who described it leaves, and answers 503 to
/// who comes at that moment.
pub(super) async fn look(address: &Address) -> Result<(Challenge, TcpStream), Fault> {
    let mut socket = connect(address).await?;
    let header =
        exchange(&mut socket, &format!("DESCRIBE {address} RTSP/1.0\r\nAccept: application/sdp")).await?;
    Ok((judge(&header)?, socket))
}

/// Whether the device of `address` answers as an RTSP server does. It learns nobody's name, no stream is set up and
/// none of its viewers' places is taken (OPTIONS, RFC 2326 §10.1).
///
/// # Errors
/// Why it doesn't answer.
pub async fn ask(address: &Address) -> Result<(), Fault> {
    let mut socket = connect(address).await?;
    let header = exchange(&mut socket, &format!("OPTIONS {address} RTSP/1.0")).await?;
    // Whatever it says, it is there; many want to know who asks even for this.
    status(&header).map(drop)
}

/// Tries a login once, where the device asks for one: it is told who we are by a digest, and describes the stream or not
/// (RFC 2326 §10.2). No stream is set up.
///
/// # Errors
/// [`Fault::PasswordRefused`] if that was refused. Whatever else the device says of the stream after it has let us in,
/// that it doesn't exist or that there are too many viewers, means that the login is right.
pub async fn try_login(address: &Address, login: &Credentials) -> Result<(), Fault> {
    let mut socket = connect(address).await?;
    let request = format!("DESCRIBE {address} RTSP/1.0\r\nAccept: application/sdp");
    let header = exchange(&mut socket, &request).await?;
    if status(&header)? != 401 {
        return judge(&header).map(drop);
    }
    skip_body(&mut socket, &header).await?;
    let mut client = digest(&schemes(&header))?;
    let uri = address.to_string();
    let asked = http_auth::PasswordParams {
        username: &login.user,
        password: login.password.expose(),
        uri: &uri,
        method: "DESCRIBE",
        body: None,
    };
    let answer =
        client.respond(&asked).map_err(|why| Fault::Protocol(format!("challenge not understood: {why}")))?;
    let header = exchange(&mut socket, &format!("{request}\r\nAuthorization: {answer}")).await?;
    match status(&header)? {
        401 => Err(Fault::PasswordRefused),
        403 => Err(Fault::Forbidden),
        _ => Ok(()),
    }
}

/// Reads the body behind a header, to ask again on the same connection: a nonce may hold for this one only.
async fn skip_body(socket: &mut TcpStream, header: &[u8]) -> Result<(), Fault> {
    let text = String::from_utf8_lossy(header);
    let mut fields = text.split("\r\n").filter_map(|line| line.split_once(':'));
    let length = fields.find(|(name, _)| name.eq_ignore_ascii_case("Content-Length"));
    let mut left: usize = length.and_then(|(_, value)| value.trim().parse().ok()).unwrap_or(0);
    if left > MAX_HEADER {
        return Err(Fault::OversizedAnswer(MAX_HEADER));
    }
    let mut chunk = [0_u8; 4096];
    while left > 0 {
        let most = left.min(chunk.len());
        let read = timeout(ANSWER_DEADLINE, socket.read(&mut chunk[..most])).await;
        match read.map_err(|_| Fault::NoAnswer(ANSWER_DEADLINE))?.map_err(ended)? {
            0 => return Err(Fault::Ended("closed in the middle of an answer".to_owned())),
            n => left -= n,
        }
    }
    Ok(())
}

/// Sends a request and reads the answer's header.
async fn exchange(socket: &mut TcpStream, request: &str) -> Result<Vec<u8>, Fault> {
    let request = format!("{request}\r\nCSeq: 1\r\nUser-Agent: Watchwall\r\n\r\n");
    timeout(ANSWER_DEADLINE, async {
        socket.write_all(request.as_bytes()).await.map_err(ended)?;
        read_header(socket).await
    })
    .await
    .map_err(|_| Fault::NoAnswer(ANSWER_DEADLINE))?
}

/// Connects to a live stream's device; no live stream's address is one over TLS (see [`Address::parse`]).
pub(super) async fn connect(address: &Address) -> Result<TcpStream, Fault> {
    if address.is_secure() {
        return Err(Fault::Protocol("live streams are not received over TLS".to_owned()));
    }
    let (host, port) = address.device();
    socket::connect(&host, port).await
}

/// Reads up to the empty line, at most [`MAX_HEADER`] bytes, and nothing behind it.
async fn read_header(socket: &mut TcpStream) -> Result<Vec<u8>, Fault> {
    let mut header = Vec::with_capacity(1024);
    let mut chunk = [0_u8; 4096];
    loop {
        // A look first: what lies behind the empty line is left for who wants it.
        let n = socket.peek(&mut chunk).await.map_err(ended)?;
        if n == 0 {
            return Err(if header.is_empty() {
                Fault::Ended("closed without an answer".to_owned())
            } else {
                Fault::NotRtsp
            });
        }
        let searched_from = header.len().saturating_sub(3);
        let before = header.len();
        header.extend_from_slice(&chunk[..n]);
        let end = header[searched_from..].windows(4).position(|w| w == b"\r\n\r\n");
        let end = end.map(|end| searched_from + end + 4);
        header.truncate(end.unwrap_or(header.len()));
        socket.read_exact(&mut chunk[..header.len() - before]).await.map_err(ended)?;
        if !could_be_rtsp(&header) {
            return Err(Fault::NotRtsp);
        }
        if end.is_some() {
            return Ok(header);
        }
        if header.len() > MAX_HEADER {
            return Err(Fault::OversizedAnswer(MAX_HEADER));
        }
    }
}

pub(super) fn could_be_rtsp(start: &[u8]) -> bool {
    let expected = b"RTSP/";
    let n = start.len().min(expected.len());
    start[..n] == expected[..n]
}

/// Decides by the status line and the `WWW-Authenticate` lines.
fn judge(header: &[u8]) -> Result<Challenge, Fault> {
    match status(header)? {
        200..=299 => Ok(Challenge::Open),
        401 => digest(&schemes(header)).map(|_| Challenge::Digest),
        other => Err(Fault::from_status(other, false)),
    }
}

/// The number in the first line.
fn status(header: &[u8]) -> Result<u16, Fault> {
    let text = String::from_utf8_lossy(header);
    let code = text.split("\r\n").next().and_then(|line| line.split(' ').nth(1));
    code.and_then(|code| code.parse().ok()).ok_or(Fault::NotRtsp)
}

/// All `WWW-Authenticate` lines as one.
fn schemes(header: &[u8]) -> String {
    let text = String::from_utf8_lossy(header);
    let lines = text.split("\r\n").filter_map(|line| line.split_once(':'));
    let asked = lines.filter(|(name, _)| name.eq_ignore_ascii_case("WWW-Authenticate"));
    asked.map(|(_, value)| value.trim()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(lines: &str) -> Result<Challenge, Fault> {
        judge(lines.replace('\n', "\r\n").as_bytes())
    }

    #[test]
    fn a_digest_is_answered_and_a_clear_password_is_not_sent() {
        let digest = "WWW-Authenticate: Digest realm=\"r\", nonce=\"0a4f113b\"\n";
        let basic = "WWW-Authenticate: Basic realm=\"r\"\n";
        let head = "RTSP/1.0 401 Unauthorized\nCSeq: 1\n";
        assert_eq!(answer(&format!("{head}{digest}\n")), Ok(Challenge::Digest));
        assert_eq!(answer(&format!("{head}{digest}{basic}\n")), Ok(Challenge::Digest));
        assert_eq!(answer(&format!("{head}{basic}\n")), Err(Fault::ClearTextPassword));
    }

    #[test]
    fn an_open_device_is_told_nothing() {
        assert_eq!(answer("RTSP/1.0 200 OK\nCSeq: 1\n\n"), Ok(Challenge::Open));
    }

    #[test]
    fn refusals_keep_their_meaning() {
        assert_eq!(answer("RTSP/1.0 404 Not Found\n\n"), Err(Fault::NotFound));
        assert_eq!(answer("RTSP/1.0 453 Not Enough Bandwidth\n\n"), Err(Fault::from_status(453, false)));
        assert_eq!(answer("RTSP/1.0 what\n\n"), Err(Fault::NotRtsp));
    }

    /// A device that asks for a digest, with a body behind its refusals, and says `known` to whoever gives the name.
    async fn device(known: &'static str) -> Address {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                while let Ok(request) = read_request(&mut socket).await {
                    let sound = request.contains("username=\"xem\"") && request.contains("response=");
                    let refusal = "RTSP/1.0 401 Unauthorized\r\nContent-Length: 5\r\n\
                        WWW-Authenticate: Digest realm=\"r\", nonce=\"0a4f\"\r\n\r\nhello";
                    let _ = socket.write_all(if sound { known } else { refusal }.as_bytes()).await;
                }
            }
        });
        Address::parse(&format!("rtsp://127.0.0.1:{port}/1")).unwrap().0
    }

    async fn read_request(socket: &mut TcpStream) -> std::io::Result<String> {
        let mut request = String::new();
        while !request.ends_with("\r\n\r\n") {
            request.push(char::from(socket.read_u8().await?));
        }
        Ok(request)
    }

    #[tokio::test]
    async fn a_login_is_tried_once_on_the_connection_that_asked_for_it() {
        let login = |user: &str| Credentials {
            user: user.to_owned(),
            password: model::Secret::new("mat khau".to_owned()),
        };
        for (answer, wanted) in [
            ("RTSP/1.0 200 OK\r\n\r\n", Ok(())),
            ("RTSP/1.0 404 Not Found\r\n\r\n", Ok(())),
            ("RTSP/1.0 453 Not Enough Bandwidth\r\n\r\n", Ok(())),
            ("RTSP/1.0 403 Forbidden\r\n\r\n", Err(Fault::Forbidden)),
            ("RTSP/1.0 401 Unauthorized\r\n\r\n", Err(Fault::PasswordRefused)),
        ] {
            let address = device(answer).await;
            assert_eq!(try_login(&address, &login("xem")).await, wanted, "{answer}");
            assert_eq!(try_login(&address, &login("ai")).await, Err(Fault::PasswordRefused));
            assert_eq!(ask(&address).await, Ok(()));
        }
    }

    #[test]
    fn only_rtsp_begins_like_rtsp() {
        assert!(could_be_rtsp(b""));
        assert!(could_be_rtsp(b"RT"));
        assert!(could_be_rtsp(b"RTSP/1.0 200 OK"));
        assert!(!could_be_rtsp(b"HTTP/1.1 400 Bad Request"));
        assert!(!could_be_rtsp(b"SSH-2.0-OpenSSH_9.2"));
    }
}

//! A look at what a device asks for, before anything secret is sent.
//!
//! One DESCRIBE without credentials on a connection of its own. `retina` answers whatever challenge comes first, also
//! `Basic`, which is the password in clear; and it reads a header of any length. A device that is not a camera, never
//! stops talking or wants the password in clear is found here and never meets `retina`.

use std::io::ErrorKind;

use model::Fault;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{ANSWER_DEADLINE, CONNECT_DEADLINE, MAX_HEADER};
use model::Address;

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
    let request = format!(
        "DESCRIBE {address} RTSP/1.0\r\nCSeq: 1\r\nAccept: application/sdp\r\nUser-Agent: Watchwall\r\n\r\n"
    );
    let header = timeout(ANSWER_DEADLINE, async {
        socket.write_all(request.as_bytes()).await.map_err(ended)?;
        read_header(&mut socket).await
    })
    .await
    .map_err(|_| Fault::NoAnswer(ANSWER_DEADLINE))??;
    Ok((judge(&header)?, socket))
}

async fn connect(address: &Address) -> Result<TcpStream, Fault> {
    let (host, port) = address.device();
    let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let connecting = async {
        let addresses: Vec<_> = tokio::net::lookup_host((bare.as_str(), port))
            .await
            .map_err(|_| Fault::NameNotFound(host.clone()))?
            .collect();
        TcpStream::connect(addresses.as_slice()).await.map_err(|error| match error.kind() {
            ErrorKind::TimedOut => Fault::ConnectTimeout(CONNECT_DEADLINE),
            ErrorKind::ConnectionRefused => Fault::ConnectionRefused(format!("{host}:{port}")),
            _ => Fault::Unreachable(format!("{host}:{port}")),
        })
    };
    timeout(CONNECT_DEADLINE, connecting).await.map_err(|_| Fault::ConnectTimeout(CONNECT_DEADLINE))?
}

/// Reads up to the empty line, at most [`MAX_HEADER`] bytes.
async fn read_header(socket: &mut TcpStream) -> Result<Vec<u8>, Fault> {
    let mut header = Vec::with_capacity(1024);
    let mut chunk = [0_u8; 4096];
    loop {
        let n = socket.read(&mut chunk).await.map_err(ended)?;
        if n == 0 {
            return Err(if header.is_empty() {
                Fault::Ended("closed without an answer".to_owned())
            } else {
                Fault::NotRtsp
            });
        }
        let searched_from = header.len().saturating_sub(3);
        header.extend_from_slice(&chunk[..n]);
        if !could_be_rtsp(&header) {
            return Err(Fault::NotRtsp);
        }
        if let Some(end) = header[searched_from..].windows(4).position(|w| w == b"\r\n\r\n") {
            header.truncate(searched_from + end + 4);
            return Ok(header);
        }
        if header.len() > MAX_HEADER {
            return Err(Fault::OversizedAnswer(MAX_HEADER));
        }
    }
}

fn could_be_rtsp(start: &[u8]) -> bool {
    let expected = b"RTSP/";
    let n = start.len().min(expected.len());
    start[..n] == expected[..n]
}

fn ended(error: std::io::Error) -> Fault {
    Fault::Ended(error.kind().to_string())
}

/// Decides by the status line and the `WWW-Authenticate` lines.
fn judge(header: &[u8]) -> Result<Challenge, Fault> {
    let text = String::from_utf8_lossy(header);
    let mut lines = text.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .and_then(|code| code.parse::<u16>().ok())
        .ok_or(Fault::NotRtsp)?;
    match status {
        200..=299 => Ok(Challenge::Open),
        401 => {
            let schemes = lines
                .filter_map(|line| line.split_once(':'))
                .filter(|(name, _)| name.eq_ignore_ascii_case("WWW-Authenticate"))
                .map(|(_, value)| value.trim())
                .collect::<Vec<_>>()
                .join(", ");
            judge_schemes(&schemes)
        }
        other => Err(Fault::from_status(other, false)),
    }
}

/// `retina` answers the header's preferred scheme; that must be a digest whatever else is offered.
fn judge_schemes(www_authenticate: &str) -> Result<Challenge, Fault> {
    match http_auth::PasswordClient::try_from(www_authenticate) {
        Ok(http_auth::PasswordClient::Digest(_)) => Ok(Challenge::Digest),
        Ok(_) => Err(Fault::ClearTextPassword),
        Err(why) => Err(Fault::Protocol(format!("challenge not understood: {why}"))),
    }
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

    #[test]
    fn only_rtsp_begins_like_rtsp() {
        assert!(could_be_rtsp(b""));
        assert!(could_be_rtsp(b"RT"));
        assert!(could_be_rtsp(b"RTSP/1.0 200 OK"));
        assert!(!could_be_rtsp(b"HTTP/1.1 400 Bad Request"));
        assert!(!could_be_rtsp(b"SSH-2.0-OpenSSH_9.2"));
    }
}

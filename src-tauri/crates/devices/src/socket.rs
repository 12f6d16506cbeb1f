//! Connections to devices, whatever is spoken on them afterwards.

use std::io::{Error, ErrorKind};

use model::Fault;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::rtsp::CONNECT_DEADLINE;

/// Bytes both ways: TCP, TLS on it, or a test's pipe.
pub(crate) trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// Connects to a name or a number (IPv6 with or without brackets), within [`CONNECT_DEADLINE`].
pub(crate) async fn connect(host: &str, port: u16) -> Result<TcpStream, Fault> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let connecting = async {
        let addresses: Vec<_> = tokio::net::lookup_host((bare, port))
            .await
            .map_err(|_| Fault::NameNotFound(host.to_owned()))?
            .collect();
        TcpStream::connect(addresses.as_slice()).await.map_err(|error| match error.kind() {
            ErrorKind::TimedOut => Fault::ConnectTimeout(CONNECT_DEADLINE),
            ErrorKind::ConnectionRefused => Fault::ConnectionRefused(format!("{host}:{port}")),
            _ => Fault::Unreachable(format!("{host}:{port}")),
        })
    };
    let stream = timeout(CONNECT_DEADLINE, connecting)
        .await
        .map_err(|_| Fault::ConnectTimeout(CONNECT_DEADLINE))??;
    // A command of a few bytes is to leave at once; what refuses this sends it somewhat later.
    let _ = stream.set_nodelay(true);
    Ok(stream)
}

/// What an error of a connection that stood means.
pub(crate) fn ended(error: Error) -> Fault {
    Fault::Ended(error.kind().to_string())
}

//! Connections to devices, whatever is spoken on them afterwards.

use std::io::{Error, ErrorKind};
use std::net::SocketAddr;

use model::Fault;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use crate::rtsp::CONNECT_DEADLINE;

/// Bytes both ways: TCP, TLS on it, or a test's pipe.
pub(crate) trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// Connects to a name or a number (IPv6 with or without brackets), within [`CONNECT_DEADLINE`].
pub(crate) async fn connect(host: &str, port: u16) -> Result<TcpStream, Fault> {
    connect_receiving(host, port, None).await
}

/// The same; the other side is let send no more than about `most` bytes that nobody has read yet. Left to itself a system
/// takes up to tens of MB.
pub(crate) async fn connect_receiving(host: &str, port: u16, most: Option<u32>) -> Result<TcpStream, Fault> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let connecting = async {
        let addresses: Vec<_> = tokio::net::lookup_host((bare, port))
            .await
            .map_err(|_| Fault::NameNotFound(host.to_owned()))?
            .collect();
        first_of(&addresses, most).await.map_err(|error| match error.kind() {
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

/// Connects to the first of several addresses that takes it.
async fn first_of(addresses: &[SocketAddr], most: Option<u32>) -> Result<TcpStream, Error> {
    let mut failed = Error::from(ErrorKind::AddrNotAvailable);
    for address in addresses {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        if let Some(most) = most {
            // Before it connects: the window that is offered then can't grow beyond. Whoever refuses it takes more.
            let _ = socket.set_recv_buffer_size(most);
        }
        match socket.connect(*address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

/// What an error of a connection that stood means.
pub(crate) fn ended(error: Error) -> Fault {
    Fault::Ended(error.kind().to_string())
}

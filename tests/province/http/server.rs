//! One recorder's HTTP port: connections, requests one after another, answers whole or in parts.

use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::message::{BadRequest, Request, Response};
use crate::device::Device;

/// Connections at once; the next one is closed.
const CONNECTIONS: usize = 64;
/// A connection on which nothing is asked for this long is closed.
const IDLE: Duration = Duration::from_secs(30);
/// Whoever does not take an answer for this long is left.
const WRITE: Duration = Duration::from_secs(10);

/// An answer.
pub(crate) enum Answer {
    Whole(Response),
    /// The head, and then the body's parts as they come up.
    Parts(Response, mpsc::Receiver<Vec<u8>>),
}

impl From<Response> for Answer {
    fn from(response: Response) -> Self {
        Self::Whole(response)
    }
}

/// Opens a port (0 for any) on loopback.
pub(crate) async fn open(port: u16) -> std::io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await
}

/// Serves until `stop` comes or its sender is gone; listener and connections are closed before it returns.
pub(crate) async fn run(device: Rc<Device>, listener: TcpListener, mut stop: oneshot::Receiver<()>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((socket, peer)) if connections.len() < CONNECTIONS => {
                    drop(socket.set_nodelay(true));
                    connections.spawn_local(serve(Rc::clone(&device), socket, peer));
                }
                Ok(_) => {}
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    connections.shutdown().await;
}

/// An error ends the connection, and nobody is left to tell.
async fn serve(device: Rc<Device>, mut socket: TcpStream, peer: SocketAddr) {
    let mut input = Vec::new();
    loop {
        let request = match Request::parse(&input) {
            Ok(Some((request, length))) => {
                input.drain(..length);
                request
            }
            Ok(None) => {
                let mut part = [0; 4096];
                match timeout(IDLE, socket.read(&mut part)).await {
                    Ok(Ok(count)) if count > 0 => input.extend(&part[..count]),
                    _ => return,
                }
                continue;
            }
            Err(BadRequest(status)) => {
                write(&mut socket, &Response::new(status).to_bytes(true)).await;
                return;
            }
        };
        device.shared().recorders[device.index].requests.fetch_add(1, Relaxed);
        let goes_on = !request.header("Connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
        match Rc::clone(&device).answer(&request, peer).await {
            Answer::Whole(response) => {
                if !write(&mut socket, &response.to_bytes(true)).await || !goes_on {
                    return;
                }
            }
            Answer::Parts(head, mut parts) => {
                if !write(&mut socket, &head.to_bytes(false)).await {
                    return;
                }
                let mut ignored = [0; 256];
                loop {
                    tokio::select! {
                        part = parts.recv() => match part {
                            Some(part) if write(&mut socket, &part).await => {}
                            _ => return,
                        },
                        // Whoever has seen enough hangs up.
                        read = socket.read(&mut ignored) => if !matches!(read, Ok(count) if count > 0) { return },
                    }
                }
            }
        }
    }
}

async fn write(socket: &mut TcpStream, bytes: &[u8]) -> bool {
    matches!(timeout(WRITE, socket.write_all(bytes)).await, Ok(Ok(())))
}

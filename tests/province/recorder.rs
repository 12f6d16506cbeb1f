//! One recorder: a listener, its connections, and its end of UDP.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use tokio::io::Interest;
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::connection::Connection;
use crate::dialogue::Dialogue;
use crate::viewer::UdpPair;
use crate::world::World;

/// Sessions end when nothing was heard for this long.
pub(crate) const SESSION_TIMEOUT: Duration = Duration::from_secs(60);

/// One recorder's RTSP port while it is switched on.
pub(crate) struct Recorder {
    pub(crate) world: Rc<World>,
    pub(crate) index: usize,
    pub(crate) udp: Rc<UdpPair>,
    /// When each UDP viewer was last heard, by the address its receiver reports come from.
    pub(crate) heard: RefCell<HashMap<SocketAddr, Rc<Cell<Instant>>>>,
}

impl Recorder {
    /// Opens the recorder's port (0 for any) on loopback.
    pub(crate) async fn open(
        world: Rc<World>,
        index: usize,
        port: u16,
    ) -> std::io::Result<(Rc<Self>, TcpListener)> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let udp = Rc::new(udp_pair().await?);
        Ok((Rc::new(Self { world, index, udp, heard: RefCell::default() }), listener))
    }

    /// Serves until `stop` comes or its sender is gone; then listener and connections are closed before it returns.
    pub(crate) async fn run(self: Rc<Self>, listener: TcpListener, mut stop: oneshot::Receiver<()>) {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                _ = &mut stop => break,
                accepted = listener.accept() => match accepted {
                    Ok((socket, peer)) => {
                        // Without it, small pictures wait for the acknowledgement of the last.
                        drop(socket.set_nodelay(true));
                        self.world.shared.recorders[self.index].connections.fetch_add(1, Relaxed);
                        connections.spawn_local(Rc::clone(&self).serve(socket, peer));
                    }
                    // Out of descriptors: the next try must not spin.
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                },
                Some(_) = connections.join_next() => {}
                () = hear(&self.udp.rtcp, &self.heard) => {}
                () = hear(&self.udp.rtp, &self.heard) => {}
            }
        }
        drop(listener);
        connections.shutdown().await;
    }

    async fn serve(self: Rc<Self>, socket: TcpStream, peer: SocketAddr) {
        let connection = Rc::new(Connection::new(socket));
        let mut dialogue = Dialogue::new(self, Rc::clone(&connection), peer);
        let mut input = Vec::new();
        loop {
            let interest = if connection.has_unsent() {
                Interest::READABLE | Interest::WRITABLE
            } else {
                Interest::READABLE
            };
            tokio::select! {
                ready = connection.socket.ready(interest) => {
                    let Ok(ready) = ready else { return };
                    if ready.is_writable() {
                        connection.flush();
                    }
                    if ready.is_readable() && !dialogue.read(&mut input) {
                        return;
                    }
                }
                () = connection.changed.notified() => {}
                () = sleep_until(dialogue.heard.get() + SESSION_TIMEOUT) => {
                    if dialogue.heard.get().elapsed() >= SESSION_TIMEOUT {
                        return;
                    }
                }
            }
            if connection.is_closing() {
                return;
            }
        }
    }
}

/// Two sockets on neighbouring ports, the even one first (RFC 3550 §11).
async fn udp_pair() -> std::io::Result<UdpPair> {
    let mut last = std::io::Error::from(std::io::ErrorKind::AddrInUse);
    for _ in 0..64 {
        let rtp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = rtp.local_addr()?.port();
        if port % 2 == 0 {
            match UdpSocket::bind((Ipv4Addr::LOCALHOST, port + 1)).await {
                Ok(rtcp) => return Ok(UdpPair { rtp, rtcp }),
                Err(error) => last = error,
            }
        }
    }
    Err(last)
}

/// Notes that a viewer lives, from one of its datagrams.
async fn hear(socket: &UdpSocket, heard: &RefCell<HashMap<SocketAddr, Rc<Cell<Instant>>>>) {
    let mut datagram = [0; 64];
    // An error is a viewer's closed port, reported back; the session's end comes by its connection.
    if let Ok((_, from)) = socket.recv_from(&mut datagram).await
        && let Some(heard) = heard.borrow().get(&from)
    {
        heard.set(Instant::now());
    }
}

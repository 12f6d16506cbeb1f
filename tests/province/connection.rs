//! One RTSP connection: bytes out without ever waiting, whatever the reader at the other end does.

use std::cell::{Cell, RefCell};
use std::io;

use tokio::net::TcpStream;
use tokio::sync::Notify;

/// Unsent responses beyond this end the connection, bytes.
const RESPONSES: usize = 256 * 1024;

/// Bytes on the way that a system takes at 100 Mb/s over 10 ms.
#[cfg(unix)]
const UNSENT: usize = 128 * 1024;

/// The sending side, shared by the task that answers requests and by the streams that send pictures.
pub(crate) struct Connection {
    pub(crate) socket: TcpStream,
    unsent: RefCell<Unsent>,
    closing: Cell<bool>,
    /// Wakes the connection's own task: there is something unsent, or it is closing.
    pub(crate) changed: Notify,
}

#[derive(Default)]
struct Unsent {
    bytes: Vec<u8>,
    sent: usize,
}

/// What became of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Offer {
    /// It goes out; at most its own rest is kept.
    Taken,
    /// The reader still owes room for the last one: nothing was queued.
    Busy,
}

impl Connection {
    pub(crate) fn new(socket: TcpStream) -> Self {
        Self { socket, unsent: RefCell::default(), closing: Cell::new(false), changed: Notify::new() }
    }

    /// Takes no more than a recorder's system does on a network. On loopback, where segments are 64 KiB long, it would be MBs,
    /// and whoever seeks would wait for all of them.
    pub(crate) fn keep_little_unsent(&self) {
        #[cfg(unix)]
        rustix::net::sockopt::set_socket_send_buffer_size(&self.socket, UNSENT).ok();
    }

    /// Lets `write` append one picture and sends it with one system call, unless something is still unsent.
    pub(crate) fn offer(&self, write: impl FnOnce(&mut Vec<u8>)) -> Offer {
        if self.closing.get() || !self.flush() {
            return Offer::Busy;
        }
        write(&mut self.unsent.borrow_mut().bytes);
        if !self.flush() {
            self.changed.notify_one();
        }
        Offer::Taken
    }

    /// Sends a response behind what is unsent.
    pub(crate) fn respond(&self, response: &[u8]) {
        self.unsent.borrow_mut().bytes.extend_from_slice(response);
        if !self.flush() && self.unsent.borrow().bytes.len() > RESPONSES {
            self.close();
        }
    }

    /// Half of what `write` appends is sent, and the connection ends: a line cut in the middle of a picture.
    pub(crate) fn cut(&self, write: impl FnOnce(&mut Vec<u8>)) {
        if self.flush() {
            let mut picture = Vec::new();
            write(&mut picture);
            self.unsent.borrow_mut().bytes.extend_from_slice(&picture[..picture.len() / 2]);
            self.flush();
        }
        self.close();
    }

    pub(crate) fn close(&self) {
        self.closing.set(true);
        self.changed.notify_one();
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.closing.get()
    }

    pub(crate) fn has_unsent(&self) -> bool {
        !self.unsent.borrow().bytes.is_empty()
    }

    /// Sends what the socket takes now; whether that was all. A broken socket closes.
    pub(crate) fn flush(&self) -> bool {
        let mut unsent = self.unsent.borrow_mut();
        while unsent.sent < unsent.bytes.len() {
            match self.socket.try_write(&unsent.bytes[unsent.sent..]) {
                Ok(count) => unsent.sent += count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return false,
                Err(_) => {
                    self.close();
                    return false;
                }
            }
        }
        unsent.bytes.clear();
        unsent.sent = 0;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn a_reader_that_stops_reading_costs_one_picture_of_memory() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut reader = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let connection = Connection::new(listener.accept().await.unwrap().0);
        connection.socket.writable().await.unwrap();
        let picture = |number: u64| move |out: &mut Vec<u8>| out.extend(number.to_be_bytes().repeat(8192));
        let mut taken = 0;
        while connection.offer(picture(taken)) == Offer::Taken {
            taken += 1;
            assert!(taken < 10_000, "a socket takes so much");
        }
        for _ in 0..100 {
            assert_eq!(connection.offer(picture(999)), Offer::Busy);
        }
        assert!(connection.has_unsent() && connection.unsent.borrow().bytes.len() <= 65_536);
        // Once it reads again, everything that was taken comes whole and in order.
        let mut received = vec![0; taken as usize * 65_536];
        let (read, ()) = tokio::join!(reader.read_exact(&mut received), async {
            while !connection.flush() {
                connection.socket.writable().await.unwrap();
            }
        });
        read.unwrap();
        for (number, picture) in received.chunks(65_536).enumerate() {
            assert!(picture.chunks(8).all(|part| part == (number as u64).to_be_bytes()));
        }
        assert_eq!(connection.offer(picture(0)), Offer::Taken);
    }
}

//! One RTSP connection: bytes out without ever waiting, whatever the reader at the other end does.

use std::cell::{Cell, RefCell};
use std::io;

use tokio::net::TcpStream;
use tokio::sync::Notify;

/// Unsent responses beyond this end the connection, bytes.
const RESPONSES: usize = 256 * 1024;

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

//! One session's receiving end of a stream: its packets' numbers, its RTP clock, its path.

use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, SystemTime};

use tokio::net::UdpSocket;
use tokio::time::Instant;

use crate::clip::packets::{PacketizedPicture, Stamp};
use crate::connection::{Connection, Offer};
use crate::rtsp::report::{self, SenderReport};

/// Between sender reports.
pub(crate) const REPORT_INTERVAL: Duration = Duration::from_secs(5);

/// When a picture is presented and sent: by the RTP clock (without a viewer's own offset), by ours, by the day's.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) presented: u32,
    pub(crate) sent: u32,
    pub(crate) due: Instant,
    pub(crate) time_of_day: SystemTime,
}

/// The two sockets from which a recorder sends.
pub(crate) struct UdpPair {
    pub(crate) rtp: UdpSocket,
    pub(crate) rtcp: UdpSocket,
}

/// How packets reach a viewer.
pub(crate) enum Path {
    Interleaved { rtp: u8, rtcp: u8 },
    Udp { sockets: Rc<UdpPair>, rtp: SocketAddr, rtcp: SocketAddr },
}

/// One session's receiving end.
pub(crate) struct Viewer {
    connection: Rc<Connection>,
    path: Path,
    pub(crate) ssrc: u32,
    /// Where this viewer's RTP clock begins.
    pub(crate) timestamp_base: u32,
    pub(crate) sequence: Cell<u16>,
    pub(crate) awaits_key_frame: Cell<bool>,
    next_report: Cell<Option<Instant>>,
    packets: Cell<u32>,
    octets: Cell<u32>,
}

impl Viewer {
    pub(crate) fn new(connection: Rc<Connection>, path: Path) -> Self {
        Self {
            connection,
            path,
            ssrc: rand::random(),
            timestamp_base: rand::random(),
            sequence: Cell::new(rand::random()),
            awaits_key_frame: Cell::new(false),
            next_report: Cell::new(None),
            packets: Cell::new(0),
            octets: Cell::new(0),
        }
    }

    /// The first report comes with the first picture, so that its capture time is known at once.
    fn report(&self, moment: Moment) -> Option<[u8; report::LENGTH]> {
        if self.next_report.get().is_some_and(|next| moment.due < next) {
            return None;
        }
        self.next_report.set(Some(moment.due + REPORT_INTERVAL));
        let report = SenderReport {
            ssrc: self.ssrc,
            moment: moment.time_of_day,
            timestamp: self.timestamp_base.wrapping_add(moment.sent),
            packets: self.packets.get(),
            octets: self.octets.get(),
        };
        Some(report.to_bytes())
    }

    fn stamp(&self, channel: u8, moment: Moment) -> Stamp {
        Stamp {
            channel,
            sequence: self.sequence.get(),
            timestamp: self.timestamp_base.wrapping_add(moment.presented),
            ssrc: self.ssrc,
        }
    }

    pub(crate) fn send(&self, picture: &PacketizedPicture, moment: Moment, one_lost_in: u32) -> Offer {
        if self.awaits_key_frame.get() && !picture.random_access {
            return Offer::Busy;
        }
        let offer = match &self.path {
            Path::Interleaved { rtp, rtcp } => self.connection.offer(|out| {
                if let Some(report) = self.report(moment) {
                    out.extend([b'$', *rtcp, 0, report::LENGTH as u8]);
                    out.extend(report);
                }
                picture.stamp(self.stamp(*rtp, moment), out);
            }),
            Path::Udp { sockets, rtp, rtcp } => {
                if let Some(report) = self.report(moment) {
                    // Lost like any datagram if there is no room.
                    drop(sockets.rtcp.try_send_to(&report, *rtcp));
                }
                let mut stamped = Vec::new();
                picture.stamp(self.stamp(0, moment), &mut stamped);
                for (nth, datagram) in (self.packets.get()..).zip(picture.datagrams(&stamped)) {
                    if one_lost_in == 0 || nth % one_lost_in != one_lost_in - 1 {
                        drop(sockets.rtp.try_send_to(datagram, *rtp));
                    }
                }
                Offer::Taken
            }
        };
        self.awaits_key_frame.set(offer == Offer::Busy);
        if offer == Offer::Taken {
            self.sequence.set(self.sequence.get().wrapping_add(picture.packets()));
            self.packets.set(self.packets.get().wrapping_add(u32::from(picture.packets())));
            self.octets.set(self.octets.get().wrapping_add(picture.payload_len() as u32));
        }
        offer
    }

    pub(crate) fn cut(&self, picture: &PacketizedPicture, moment: Moment) {
        let channel = if let Path::Interleaved { rtp, .. } = self.path { rtp } else { 0 };
        match self.path {
            Path::Interleaved { .. } => {
                self.connection.cut(|out| picture.stamp(self.stamp(channel, moment), out));
            }
            Path::Udp { .. } => self.connection.close(),
        }
    }
}

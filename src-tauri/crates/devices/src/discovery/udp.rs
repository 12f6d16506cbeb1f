//! Probes over UDP.

use std::collections::{HashMap, HashSet};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use futures::future::join_all;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::UdpSocket;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::Found;
use super::probe::{self, KINDS, MAX_ANSWER};
use crate::onvif::{random, uuid};

/// Where devices listen (WS-Discovery §2.4).
const GROUP: [SocketAddr; 1] = [SocketAddr::new(IpAddr::V4(Ipv4Addr::new(239, 255, 255, 250)), PORT)];
pub(super) const PORT: u16 = 3702;
/// UDP loses things: each question goes out again after this.
const AGAIN: Duration = Duration::from_millis(250);
/// Answers that are read: from one host, behind which a site with NAT or a proxy may stand, and altogether.
const MOST_ANSWERS_A_HOST: u32 = 256;
const MOST_ANSWERS: usize = 4_096;
/// Devices that are given back.
const MOST_FOUND: usize = 1_024;

/// Asks every network that this machine is on. Networks that cannot be asked are left out.
///
/// # Errors
/// No network could be asked; the reason is the last one's.
pub async fn on_the_network(window: Duration) -> io::Result<Vec<Found>> {
    on(networks()?, window).await
}

/// The same on the networks of these addresses of ours.
pub(super) async fn on(
    networks: impl IntoIterator<Item = Ipv4Addr>,
    window: Duration,
) -> io::Result<Vec<Found>> {
    let mut refused = io::Error::new(io::ErrorKind::NetworkUnreachable, "no network");
    let mut sockets = Vec::new();
    for address in networks {
        match multicast(address) {
            Ok(socket) => sockets.push(socket),
            Err(why) => refused = why,
        }
    }
    if sockets.is_empty() {
        return Err(refused);
    }
    let asked = join_all(sockets.iter().map(|socket| asked(socket, &GROUP, window, None))).await;
    Ok(each_once(asked.into_iter().flatten()))
}

/// Asks these addresses alone; answers of others don't count.
///
/// # Errors
/// No socket could be had.
pub async fn at(addresses: &[SocketAddr], window: Duration) -> io::Result<Vec<Found>> {
    let mut found = Vec::new();
    for (own, same) in [
        (SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)), SocketAddr::is_ipv4 as fn(&SocketAddr) -> bool),
        (SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)), SocketAddr::is_ipv6),
    ] {
        let addresses: Vec<SocketAddr> = addresses.iter().copied().filter(same).collect();
        if addresses.is_empty() {
            continue;
        }
        let socket = UdpSocket::bind(own).await?;
        let hosts = addresses.iter().map(SocketAddr::ip).collect();
        found.extend(asked(&socket, &addresses, window, Some(hosts)).await);
    }
    Ok(each_once(found))
}

/// This machine's own IPv4 addresses, one for each network.
fn networks() -> io::Result<HashSet<Ipv4Addr>> {
    let interfaces = if_addrs::get_if_addrs()?;
    let usable =
        interfaces.into_iter().filter(|interface| interface.is_oper_up() && !interface.is_loopback());
    Ok(usable
        .filter_map(|interface| if let IpAddr::V4(own) = interface.ip() { Some(own) } else { None })
        .collect())
}

/// A socket whose multicasts go out on the network of `own`, and no router further.
fn multicast(own: Ipv4Addr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_nonblocking(true)?;
    socket.set_multicast_if_v4(&own)?;
    socket.set_multicast_ttl_v4(1)?;
    socket.bind(&SocketAddr::from((own, 0)).into())?;
    UdpSocket::from_std(socket.into())
}

/// Sends both questions twice and reads what comes within the window.
async fn asked(
    socket: &UdpSocket,
    addresses: &[SocketAddr],
    window: Duration,
    only: Option<HashSet<IpAddr>>,
) -> Vec<Found> {
    let until = Instant::now() + window;
    let messages: Vec<String> = KINDS.iter().map(|_| uuid(random())).collect();
    let sending = async {
        for again in [Duration::ZERO, AGAIN] {
            sleep_until(Instant::now() + again).await;
            for (kind, message) in KINDS.iter().zip(&messages) {
                let probe = probe::message(kind, message);
                for address in addresses {
                    // One that cannot be reached says nothing about the others.
                    let _ = socket.send_to(probe.as_bytes(), address).await;
                }
            }
        }
    };
    let mut found = Vec::new();
    let reading = async {
        let mut buffer = vec![0; MAX_ANSWER + 1];
        let mut answers: HashMap<IpAddr, u32> = HashMap::new();
        for _ in 0..MOST_ANSWERS {
            let Ok(received) = timeout_at(until, socket.recv_from(&mut buffer)).await else { return };
            // Windows reports here that an earlier question did not arrive.
            let Ok((length, source)) = received else { continue };
            let source = source.ip().to_canonical();
            let count = answers.entry(source).or_default();
            *count += 1;
            if *count > MOST_ANSWERS_A_HOST || only.as_ref().is_some_and(|only| !only.contains(&source)) {
                continue;
            }
            found.extend(probe::read(&buffer[..length], source, &messages));
        }
    };
    tokio::join!(sending, reading);
    found
}

/// A device that answers both questions, or on two networks by one address, is one.
fn each_once(found: impl IntoIterator<Item = Found>) -> Vec<Found> {
    let mut seen = HashSet::new();
    let new = found
        .into_iter()
        .filter(|found| seen.insert((found.address, found.origin.clone(), found.identity.clone())));
    new.take(MOST_FOUND).collect()
}

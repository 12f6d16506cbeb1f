//! Addresses as people type them.

use std::net::Ipv4Addr;

use url::Host;

/// Addresses that are asked at one time.
pub const MOST: usize = 256;

/// One address to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// A name or a number; IPv6 in brackets.
    pub host: String,
    /// The port of its services; `None`: the usual ones.
    pub port: Option<u16>,
}

/// Why a text names no addresses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRange {
    /// This part is no address.
    #[error("not an address: {0}")]
    NotAnAddress(String),
    /// The last address lies before the first.
    #[error("the range runs backwards: {0}")]
    Backwards(String),
    /// More than [`MOST`].
    #[error("more than {MOST} addresses")]
    TooMany,
}

/// Reads addresses, separated by commas or spaces: `10.1.2.3`, `camera.example:8080`, `10.1.2.0/24`, `10.1.2.10-40`,
/// `10.1.2.10-10.1.2.40`, `[fd00::1]`. Each is named once; the ends of a network that belong to no device are left out.
///
/// # Errors
/// [`BadRange`] with the part that is wrong.
pub fn targets(text: &str) -> Result<Vec<Target>, BadRange> {
    let mut all: Vec<Target> = Vec::new();
    for part in text.split([',', ';', ' ', '\t', '\n', '\r']).filter(|part| !part.is_empty()) {
        for target in one(part)? {
            if !all.contains(&target) {
                all.push(target);
            }
            if all.len() > MOST {
                return Err(BadRange::TooMany);
            }
        }
    }
    Ok(all)
}

fn one(part: &str) -> Result<Vec<Target>, BadRange> {
    let bad = || BadRange::NotAnAddress(crate::text::tamed(part));
    let (hosts, port) = match part.rsplit_once(':') {
        Some((hosts, port)) if !port.contains(']') => {
            let port = port.parse().ok().filter(|port| *port > 0).ok_or_else(bad)?;
            (hosts, Some(port))
        }
        _ => (part, None),
    };
    let ends = if let Some((network, bits)) = hosts.split_once('/') {
        Some(
            network_of(network.parse().map_err(|_| bad())?, bits.parse().map_err(|_| bad())?)
                .ok_or_else(bad)?,
        )
    } else if let Some((first, last)) = hosts.split_once('-') {
        // A name may have a hyphen, too.
        first
            .parse::<Ipv4Addr>()
            .ok()
            .map(|first| last_of(first, last).map(|last| (first, last)).ok_or_else(bad))
            .transpose()?
    } else {
        None
    };
    let Some((first, last)) = ends else {
        Host::parse(hosts).map_err(|_| bad())?;
        return Ok(vec![Target { host: hosts.to_owned(), port }]);
    };
    let (first, last) = (u32::from(first), u32::from(last));
    if last < first {
        return Err(BadRange::Backwards(crate::text::tamed(part)));
    }
    if last - first >= MOST as u32 {
        return Err(BadRange::TooMany);
    }
    Ok((first..=last).map(|host| Target { host: Ipv4Addr::from(host).to_string(), port }).collect())
}

/// The first and the last device of a network.
fn network_of(address: Ipv4Addr, bits: u32) -> Option<(Ipv4Addr, Ipv4Addr)> {
    let mask = match bits {
        0 => 0,
        1..=31 => u32::MAX << (32 - bits),
        32 => u32::MAX,
        _ => return None,
    };
    let (first, last) = (u32::from(address) & mask, u32::from(address) | !mask);
    // From /31 on there is neither an address of the network nor one for all.
    let inner = if bits < 31 { (first + 1, last - 1) } else { (first, last) };
    Some((Ipv4Addr::from(inner.0), Ipv4Addr::from(inner.1)))
}

/// The end of a range: a whole address, or its last number.
fn last_of(first: Ipv4Addr, last: &str) -> Option<Ipv4Addr> {
    if let Ok(last) = last.parse() {
        return Some(last);
    }
    let [a, b, c, _] = first.octets();
    Some(Ipv4Addr::new(a, b, c, last.parse().ok()?))
}

//! The `Transport` header (RFC 2326 §12.39).

/// How a client wants its packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transport {
    /// Inside the connection, on these two channels (RTP, RTCP).
    Interleaved(u8, u8),
    /// To these two ports of the client's own address.
    Udp(u16, u16),
}

/// The first offer that can be met; interleaved channels are 0 and 1 where the client names none.
pub(crate) fn choose(header: &str) -> Option<Transport> {
    header.split(',').find_map(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        let protocol = parts.next()?;
        let parameters: Vec<&str> = parts.collect();
        if parameters.iter().any(|part| part.eq_ignore_ascii_case("multicast")) {
            return None;
        }
        let value =
            |name: &str| parameters.iter().find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
        if protocol.eq_ignore_ascii_case("RTP/AVP/TCP") {
            let (rtp, rtcp) = match value("interleaved") {
                Some(channels) => pair::<u8>(channels)?,
                None => (0, 1),
            };
            Some(Transport::Interleaved(rtp, rtcp))
        } else if protocol.eq_ignore_ascii_case("RTP/AVP") || protocol.eq_ignore_ascii_case("RTP/AVP/UDP") {
            let (rtp, rtcp) = pair::<u16>(value("client_port")?)?;
            Some(Transport::Udp(rtp, rtcp))
        } else {
            None
        }
    })
}

/// `a-b` with a different from b.
fn pair<T: std::str::FromStr + PartialEq>(text: &str) -> Option<(T, T)> {
    let (a, b) = text.split_once('-')?;
    let (a, b) = (a.trim().parse().ok()?, b.trim().parse().ok()?);
    (a != b).then_some((a, b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_offer_that_can_be_met() {
        for (header, transport) in [
            ("RTP/AVP/TCP;unicast;interleaved=2-3", Some(Transport::Interleaved(2, 3))),
            ("RTP/AVP/TCP;unicast", Some(Transport::Interleaved(0, 1))),
            ("RTP/AVP;unicast;client_port=5000-5001", Some(Transport::Udp(5000, 5001))),
            ("RTP/AVP;multicast,RTP/AVP/UDP; unicast; client_port=4-5", Some(Transport::Udp(4, 5))),
            ("RTP/SAVP;unicast;client_port=4-5", None),
            ("RTP/AVP;unicast", None),
            ("RTP/AVP/TCP;interleaved=0-256", None),
            ("RTP/AVP/TCP;interleaved=1-1", None),
            ("", None),
        ] {
            assert_eq!(choose(header), transport, "{header}");
        }
    }
}

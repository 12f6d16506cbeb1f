//! Channels and their streams.

use model::Fault;

use super::answer::ask;
use crate::device::FoundProfile;
use crate::fields::Fields;
use crate::http::{Client, Origin};
use crate::makers::{codec, largest_first, size, sized, unless_essential};

/// Channels that are looked at.
const MOST_CHANNELS: usize = 256;
/// Sub streams of a channel that are looked at.
const MOST_EXTRA: u32 = 3;

/// A channel with its streams.
pub(super) struct Described {
    /// From 0.
    pub(super) index: u32,
    pub(super) name: String,
    pub(super) sound: bool,
    /// The largest first.
    pub(super) profiles: Vec<FoundProfile>,
}

/// All channels that have a stream.
pub(super) async fn described(client: &Client, rtsp_port: Option<u16>) -> Result<Vec<Described>, Fault> {
    let config = |name: &str| format!("/cgi-bin/configManager.cgi?action=getConfig&name={name}");
    let encode = ask(client, &config("Encode")).await?;
    let titles = unless_essential(ask(client, &config("ChannelTitle")).await)?.unwrap_or_default();
    let rtsp = unless_essential(ask(client, &config("RTSP")).await)?.unwrap_or_default();
    let told = rtsp.get("table.RTSP.Port").and_then(|port| port.parse().ok());
    let port = rtsp_port.or(told).unwrap_or(554);
    let indices = encode.numbers("table.Encode[", "]");
    let found: Vec<_> = indices
        .into_iter()
        .take(MOST_CHANNELS)
        .filter_map(|index| channel(&encode, &titles, index, client.origin(), port))
        .collect();
    if found.is_empty() { Err(Fault::NoVideo) } else { Ok(found) }
}

fn channel(encode: &Fields, titles: &Fields, index: u32, origin: &Origin, port: u16) -> Option<Described> {
    let number = index.checked_add(1)?;
    let mut profiles = Vec::new();
    let mut sound = false;
    let formats = std::iter::once("MainFormat[0]".to_owned())
        .chain((0..MOST_EXTRA).map(|n| format!("ExtraFormat[{n}]")));
    for (subtype, format) in (0_u32..).zip(formats) {
        let field = |name: &str| format!("table.Encode[{index}].{format}.{name}");
        let named = encode.get(&field("Video.Compression"));
        let codec = named.and_then(codec);
        if codec.is_none()
            || encode.get(&field("VideoEnable")).is_some_and(|on| on.eq_ignore_ascii_case("false"))
        {
            continue;
        }
        let whole = |name: &str| encode.number(&field(name)).filter(|n| *n >= 0.0).map(|n| n as u32);
        let by_sides = sized(whole("Video.Width"), whole("Video.Height"));
        let rate = encode.number(&field("Video.FPS")).filter(|rate| *rate > 0.0);
        let kbps = encode.number(&field("Video.BitRate")).filter(|kbps| *kbps > 0.0);
        let given = format!("rtsp://device:{port}/cam/realmonitor?channel={number}&subtype={subtype}");
        let Ok(address) = origin.stream(&given, None) else { continue };
        sound |= encode.is(&field("AudioEnable"));
        profiles.push(FoundProfile {
            address,
            codec,
            size: by_sides.or_else(|| encode.get(&field("Video.resolution")).and_then(size)),
            rate,
            mbps: kbps.map(|kbps| kbps / 1000.0),
        });
    }
    largest_first(&mut profiles);
    let name = titles.get(&format!("table.ChannelTitle[{index}].Name")).unwrap_or_default().to_owned();
    (!profiles.is_empty()).then_some(Described { index, name, sound, profiles })
}

//! Channels and their streams.

use std::collections::BTreeMap;

use model::{Codec, Fault};
use roxmltree::Node;

use super::answer::{ask, put, with};
use crate::device::{FoundProfile, KeyFrame, Reply};
use crate::http::{Client, Origin};
use crate::makers::{codec, largest_first, sized, unless_essential};
use crate::xml::{self, find, number_of, text_of};

/// Channels that are looked at.
const MOST_CHANNELS: usize = 256;

/// A channel with its streams.
pub(super) struct Described {
    pub(super) number: u32,
    pub(super) name: String,
    pub(super) sound: bool,
    pub(super) talk: bool,
    /// The largest first.
    pub(super) profiles: Vec<FoundProfile>,
    /// What the device calls its streams; at least one.
    pub(super) ids: Vec<u32>,
}

/// All channels that have a stream.
pub(super) async fn described(client: &Client, rtsp_port: Option<u16>) -> Result<Vec<Described>, Fault> {
    let text = ask(client, "/ISAPI/Streaming/channels").await?;
    let port = match rtsp_port {
        Some(port) => Some(port),
        None => unless_essential(moved_port(client).await)?.flatten(),
    };
    let channels = with(&text, |root| channels(root, client.origin(), port))?;
    if channels.is_empty() { Err(Fault::NoVideo) } else { Ok(channels) }
}

/// Where the device says that RTSP is spoken, if it says so.
async fn moved_port(client: &Client) -> Result<Option<u16>, Fault> {
    let text = ask(client, "/ISAPI/Security/adminAccesses").await?;
    with(&text, |root| {
        let is_rtsp =
            |node: &Node| text_of(*node, "protocol").is_some_and(|name| name.eq_ignore_ascii_case("rtsp"));
        let access = xml::all(root, "AdminAccessProtocol").find(is_rtsp)?;
        text_of(access, "portNo")?.parse().ok().filter(|port| *port > 0)
    })
}

fn channels(root: Node<'_, '_>, origin: &Origin, rtsp_port: Option<u16>) -> Vec<Described> {
    let mut channels: BTreeMap<u32, Described> = BTreeMap::new();
    for node in xml::all(root, "StreamingChannel") {
        let Some((id, profile)) = profile(node, origin, rtsp_port) else { continue };
        let number = id / 100;
        if channels.len() >= MOST_CHANNELS && !channels.contains_key(&number) {
            continue;
        }
        let sound = find(node, "Audio").is_some_and(|audio| is_true(audio, "enabled"));
        let channel = channels.entry(number).or_insert_with(|| Described {
            number,
            name: text_of(node, "channelName").unwrap_or_default(),
            sound: false,
            talk: find(node, "Audio").is_some(),
            profiles: Vec::new(),
            ids: Vec::new(),
        });
        channel.sound |= sound;
        channel.profiles.push(profile);
        channel.ids.push(id);
    }
    let mut channels: Vec<_> = channels.into_values().collect();
    for channel in &mut channels {
        largest_first(&mut channel.profiles);
    }
    channels
}

fn profile(node: Node<'_, '_>, origin: &Origin, rtsp_port: Option<u16>) -> Option<(u32, FoundProfile)> {
    let id: u32 = text_of(node, "id")?.parse().ok().filter(|id| (100..=99_999).contains(id))?;
    if text_of(node, "enabled").is_some_and(|enabled| enabled == "false") {
        return None;
    }
    let video = find(node, "Video")?;
    let named = text_of(video, "videoCodecType");
    let codec: Option<Codec> = named.as_deref().and_then(codec);
    if named.is_some() && codec.is_none() {
        return None;
    }
    let whole = |name| number_of(video, name).filter(|number| (0.0..1e9).contains(number));
    let pixels = |name| whole(name).map(|number| number as u32);
    let told = whole("rtspPortNo")
        .or_else(|| number_of(node, "rtspPortNo"))
        .filter(|port| (1.0..65_536.0).contains(port));
    let port = told.map_or(554, |port| port as u16);
    let address = origin.stream(&format!("rtsp://device:{port}/Streaming/Channels/{id}"), rtsp_port).ok()?;
    let kbps =
        if text_of(video, "videoQualityControlType").is_some_and(|kind| kind.eq_ignore_ascii_case("vbr")) {
            whole("vbrUpperCap").or_else(|| whole("constantBitRate"))
        } else {
            whole("constantBitRate").or_else(|| whole("vbrUpperCap"))
        };
    let found = FoundProfile {
        address,
        codec,
        size: sized(pixels("videoResolutionWidth"), pixels("videoResolutionHeight")),
        // Hundredths, so that 12.5 can be said.
        rate: whole("maxFrameRate").map(|rate| rate / 100.0).filter(|rate| *rate > 0.0),
        mbps: kbps.map(|kbps| kbps / 1000.0).filter(|mbps| *mbps > 0.0),
    };
    Some((id, found))
}

pub(super) fn is_true(node: Node<'_, '_>, name: &str) -> bool {
    text_of(node, name).is_some_and(|text| text.eq_ignore_ascii_case("true"))
}

/// Key frames of all streams of a channel.
pub(super) struct KeyFrames {
    pub(super) client: Client,
    pub(super) ids: Vec<u32>,
}

impl KeyFrame for KeyFrames {
    fn ask(&self) -> Reply<'_, ()> {
        Box::pin(async {
            let mut refused = Ok(());
            for id in self.ids.iter().take(4) {
                let target = format!("/ISAPI/Streaming/channels/{id}/requestKeyFrame");
                if let Err(fault) = put(&self.client, &target, String::new()).await {
                    refused = Err(fault);
                }
            }
            refused
        })
    }
}

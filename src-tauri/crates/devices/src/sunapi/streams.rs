//! Channels, profiles and the addresses of streams.

use model::{Address, Codec, Fault};

use super::answer::ask;
use crate::device::{FoundProfile, KeyFrame, Reply};
use crate::fields::Fields;
use crate::http::{Client, Origin};
use crate::makers::{codec, largest_first, size, unless_essential};

/// Channels that are looked at; the largest recorders have 64.
const MOST_CHANNELS: usize = 256;
/// Where recorders serve RTSP unless they say otherwise.
const RECORDER_PORT: u16 = 558;

/// A channel with its streams.
pub(super) struct Described {
    /// From 0.
    pub(super) index: u32,
    pub(super) name: String,
    pub(super) sound: bool,
    /// The largest first.
    pub(super) profiles: Vec<FoundProfile>,
    /// What the device calls the profiles that have key frames.
    pub(super) numbers: Vec<u32>,
}

/// All channels that have a stream.
pub(super) async fn described(
    client: &Client,
    recorder: bool,
    rtsp_port: Option<u16>,
) -> Result<Vec<Described>, Fault> {
    let profiles = ask(client, "/stw-cgi/media.cgi?msubmenu=videoprofile&action=view").await?;
    let sources = ask(client, "/stw-cgi/media.cgi?msubmenu=videosource&action=view").await;
    let sources = unless_essential(sources)?.unwrap_or_default();
    let mut channels = Vec::new();
    let indices = profiles.numbers("Channel.", ".");
    let several = indices.len() > 1;
    for index in indices.into_iter().take(MOST_CHANNELS) {
        let numbers = profiles.numbers(&format!("Channel.{index}.Profile."), ".");
        let Some(first) = numbers.first().copied() else { continue };
        let told = ask(client, &question(index, first, recorder)).await;
        let told = unless_essential(told)?.unwrap_or_default();
        let pattern = Pattern::of(told.get("URI"), index, first, recorder, several);
        channels.extend(channel(&profiles, &sources, index, &numbers, |number| {
            pattern.address(client.origin(), number, rtsp_port)
        }));
    }
    if channels.is_empty() { Err(Fault::NoVideo) } else { Ok(channels) }
}

/// Cameras want to know the profile, recorders the kind of client.
fn question(index: u32, profile: u32, recorder: bool) -> String {
    let asked =
        format!("/stw-cgi/media.cgi?msubmenu=streamuri&action=view&Channel={index}&MediaType=Live&Mode=Full");
    if recorder {
        format!("{asked}&ClientType=PC")
    } else {
        format!("{asked}&Profile={profile}&StreamType=RTPUnicast&TransportProtocol=TCP&RTSPOverHTTP=False")
    }
}

fn channel(
    profiles: &Fields,
    sources: &Fields,
    index: u32,
    numbers: &[u32],
    address: impl Fn(u32) -> Option<Address>,
) -> Option<Described> {
    let mut found = Vec::new();
    let mut with_key_frames = Vec::new();
    let mut sound = false;
    for number in numbers {
        let field = |name: &str| format!("Channel.{index}.Profile.{number}.{name}");
        // What is coded in a way that nobody here decodes is no stream for us.
        let named = profiles.get(&field("EncodingType"));
        let codec = named.and_then(codec);
        if named.is_some() && codec.is_none() {
            continue;
        }
        let Some(address) = address(*number) else { continue };
        sound |= profiles.is(&field("AudioInputEnable"));
        if codec != Some(Codec::Mjpeg) {
            with_key_frames.push(*number);
        }
        found.push(FoundProfile {
            address,
            codec,
            size: profiles.get(&field("Resolution")).and_then(size),
            rate: profiles.number(&field("FrameRate")).filter(|rate| *rate > 0.0),
            mbps: profiles.number(&field("Bitrate")).map(|kbps| kbps / 1000.0).filter(|mbps| *mbps > 0.0),
        });
    }
    largest_first(&mut found);
    let name = sources.get(&format!("Channel.{index}.Name")).unwrap_or_default().to_owned();
    (!found.is_empty()).then_some(Described { index, name, sound, profiles: found, numbers: with_key_frames })
}

/// How a channel's streams are addressed, learnt from the one that was asked for.
pub(super) struct Pattern {
    /// A stream's address with the profile's number as `\u{0}`.
    text: String,
}

impl Pattern {
    pub(super) fn of(told: Option<&str>, index: u32, profile: u32, recorder: bool, several: bool) -> Self {
        let text = match told {
            Some(uri) => {
                let of_profile = format!("/profile{profile}/");
                if uri.contains(&of_profile) {
                    uri.replacen(&of_profile, "/profile\u{0}/", 1)
                } else if let Some((before, rest)) = uri.split_once("profile=") {
                    format!("{before}profile=\u{0}{}", rest.trim_start_matches(|c: char| c.is_ascii_digit()))
                } else if uri.contains("/LiveChannel/") {
                    format!("{}/profile=\u{0}", uri.trim().trim_end_matches('/'))
                } else {
                    uri.to_owned()
                }
            }
            // The forms that are documented, where it does not tell.
            None if recorder => {
                format!("rtsp://device:{RECORDER_PORT}/LiveChannel/{index}/media.smp/profile=\u{0}")
            }
            None if several => format!("rtsp://device/{index}/profile\u{0}/media.smp"),
            None => "rtsp://device/profile\u{0}/media.smp".to_owned(),
        };
        Self { text }
    }

    pub(super) fn address(&self, origin: &Origin, profile: u32, rtsp_port: Option<u16>) -> Option<Address> {
        let uri = self.text.replace('\u{0}', &profile.to_string());
        origin.stream(&uri, rtsp_port).ok()
    }
}

/// Key frames of all streams of a channel.
pub(super) struct KeyFrames {
    client: Client,
    targets: Vec<String>,
}

impl KeyFrames {
    pub(super) fn of(client: &Client, index: u32, numbers: &[u32]) -> Option<Self> {
        let ask = "/stw-cgi/media.cgi?msubmenu=setsynchronizationpoint&action=control";
        let targets: Vec<_> =
            numbers.iter().map(|n| format!("{ask}&Channel={index}&Profile={n}")).take(4).collect();
        (!targets.is_empty()).then(|| Self { client: client.clone(), targets })
    }
}

impl KeyFrame for KeyFrames {
    fn ask(&self) -> Reply<'_, ()> {
        Box::pin(async {
            let mut refused = Ok(());
            for target in &self.targets {
                if let Err(fault) = ask(&self.client, target).await {
                    refused = Err(fault);
                }
            }
            refused
        })
    }
}

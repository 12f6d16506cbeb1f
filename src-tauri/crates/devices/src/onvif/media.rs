//! Which streams there are: Media2, which alone describes H.265 reliably, else Media1.

use model::{Address, Codec, Fault, Size};

use super::element::Element;
use super::line::Line;
use super::soap::{Request, Service, escape};
use crate::device::FoundProfile;
use crate::makers;
use crate::text::tamed;

/// Profiles that are looked at; a recorder with 64 channels has some 200.
const MOST_PROFILES: usize = 512;
/// The longest token that is repeated to a device.
pub(super) const LONGEST_TOKEN: usize = 256;

/// A media profile, from either version of the service.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Profile {
    pub(super) token: String,
    /// The video source that it shows, and the configurations by which events may name that.
    pub(super) source: String,
    pub(super) source_name: String,
    pub(super) source_configuration: String,
    /// The token of the encoder; what it does may have to be asked for.
    pub(super) encoder: String,
    pub(super) codec: Option<Codec>,
    /// The device names a codec, and it is none that anybody shows.
    pub(super) unknown_codec: bool,
    pub(super) size: Option<Size>,
    pub(super) rate: Option<f64>,
    pub(super) mbps: Option<f64>,
    pub(super) sound: bool,
    pub(super) talk: bool,
    /// Its PTZ configuration, as the device wrote it.
    pub(super) ptz: Option<Element>,
}

/// A profile with its stream.
pub(super) struct Streamed {
    pub(super) profile: Profile,
    pub(super) address: Address,
}

/// Asks for all profiles, by the newest service that answers.
pub(super) async fn profiles(line: &Line) -> Result<(Service, Vec<Profile>), Fault> {
    let mut refused = Fault::NotOffered;
    for service in [Service::Media2, Service::Media] {
        if !line.has(service) {
            continue;
        }
        match listed(line, service).await {
            Ok(profiles) if !profiles.is_empty() => return Ok((service, profiles)),
            Ok(_) => refused = Fault::NoVideo,
            // Whoever is not let in by one is not let in by the other either, and it would be a second attempt.
            Err(fault @ (Fault::PasswordRefused | Fault::PasswordRequired | Fault::ClearTextPassword)) => {
                return Err(fault);
            }
            Err(fault) => refused = fault,
        }
    }
    Err(refused)
}

async fn listed(line: &Line, service: Service) -> Result<Vec<Profile>, Fault> {
    let all = Request::new(service, "GetProfiles");
    let all = if service == Service::Media2 { all.with("<P:Type>All</P:Type>") } else { all };
    let answer = line.ask(&all).await?;
    let mut profiles = read_profiles(service, &answer);
    let vague =
        |profile: &Profile| profile.codec.is_none() && !profile.unknown_codec && !profile.encoder.is_empty();
    if profiles.iter().any(vague) {
        // What a profile does not say of its encoder, the list of encoders does.
        if let Ok(encoders) = line.ask(&Request::new(service, "GetVideoEncoderConfigurations")).await {
            for profile in profiles.iter_mut().filter(|profile| vague(profile)) {
                let own = encoders
                    .all("Configurations")
                    .find(|found| found.attribute("token") == Some(profile.encoder.as_str()));
                if let Some(encoder) = own {
                    describe(profile, encoder);
                }
            }
        }
    }
    Ok(profiles)
}

/// The profiles of an answer that have video.
pub(super) fn read_profiles(service: Service, answer: &Element) -> Vec<Profile> {
    let found = answer.all("Profiles").take(MOST_PROFILES);
    found.filter_map(|profile| read_profile(service, profile)).collect()
}

fn read_profile(service: Service, profile: &Element) -> Option<Profile> {
    let part = |name: &str| match service {
        Service::Media2 => profile.path(&["Configurations", name]),
        _ => {
            let old = format!("{name}Configuration");
            profile.child(&old).or_else(|| profile.path(&["Extension", &old]))
        }
    };
    let token = fitting(profile.attribute("token")?)?;
    let source = part("VideoSource")?;
    let encoder = part("VideoEncoder")?;
    let mut read = Profile {
        token,
        source: fitting(source.text_at(&["SourceToken"]))?,
        source_name: tamed(source.text_at(&["Name"])),
        source_configuration: source.attribute("token").and_then(fitting).unwrap_or_default(),
        encoder: encoder.attribute("token").and_then(fitting).unwrap_or_default(),
        sound: part("AudioEncoder").is_some(),
        talk: part("AudioOutput").is_some(),
        ptz: part("PTZ").cloned(),
        ..Profile::default()
    };
    describe(&mut read, encoder);
    Some(read)
}

/// What an encoder's configuration says.
fn describe(profile: &mut Profile, encoder: &Element) {
    let coded = encoder.text_at(&["Encoding"]);
    profile.codec = makers::codec(coded);
    profile.unknown_codec = profile.codec.is_none() && !coded.is_empty();
    let side = |name: &str| encoder.text_at(&["Resolution", name]).parse().ok();
    profile.size = makers::sized(side("Width"), side("Height"));
    profile.rate = positive(encoder, "FrameRateLimit");
    profile.mbps = positive(encoder, "BitrateLimit").map(|kbps| kbps / 1000.0);
}

fn positive(encoder: &Element, name: &str) -> Option<f64> {
    encoder.number_at(&["RateControl", name]).filter(|number| number.is_finite() && *number > 0.0)
}

/// A token that can be repeated to the device.
pub(super) fn fitting(token: &str) -> Option<String> {
    (!token.is_empty() && token.len() <= LONGEST_TOKEN).then(|| token.to_owned())
}

/// Asks where a profile's stream is.
pub(super) async fn stream(
    line: &Line,
    service: Service,
    profile: Profile,
    port: Option<u16>,
) -> Result<Streamed, Fault> {
    let token = escape(&profile.token);
    let request = Request::new(service, "GetStreamUri");
    let request = match service {
        Service::Media2 => {
            request.with(&format!("<P:Protocol>RTSP</P:Protocol><P:ProfileToken>{token}</P:ProfileToken>"))
        }
        _ => request.with(&format!(
            "<P:StreamSetup><tt:Stream>RTP-Unicast</tt:Stream><tt:Transport><tt:Protocol>RTSP</tt:Protocol>\
             </tt:Transport></P:StreamSetup><P:ProfileToken>{token}</P:ProfileToken>"
        )),
    };
    let answer = line.ask(&request).await?;
    let address = line.client().origin().stream(uri(&answer), port)?;
    Ok(Streamed { profile, address })
}

/// Asks where a profile's still picture is: a target at the device.
pub(super) async fn snapshot(line: &Line, service: Service, token: &str) -> Result<String, Fault> {
    let inside = format!("<P:ProfileToken>{}</P:ProfileToken>", escape(token));
    let answer = line.ask(&Request::new(service, "GetSnapshotUri").with(&inside)).await?;
    let told = uri(&answer);
    if told.is_empty() {
        return Err(Fault::NotOffered);
    }
    line.client().origin().target(told).ok_or(Fault::NotOffered)
}

/// The address in an answer of either version. Some wrap it in line breaks.
pub(super) fn uri(answer: &Element) -> &str {
    let old = answer.text_at(&["MediaUri", "Uri"]);
    if old.is_empty() { answer.text_at(&["Uri"]) } else { old }
}

/// Asks for a key frame (`SetSynchronizationPoint`).
pub(super) async fn key_frame(line: &Line, service: Service, token: &str) -> Result<(), Fault> {
    let inside = format!("<P:ProfileToken>{}</P:ProfileToken>", escape(token));
    line.ask(&Request::new(service, "SetSynchronizationPoint").with(&inside)).await.map(drop)
}

impl Streamed {
    /// As everybody else knows it.
    pub(super) fn found(&self) -> FoundProfile {
        let Profile { codec, size, rate, mbps, .. } = &self.profile;
        FoundProfile { address: self.address.clone(), codec: *codec, size: *size, rate: *rate, mbps: *mbps }
    }
}

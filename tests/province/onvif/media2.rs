//! Media version 2, which knows H.265.

use super::envelope::{Fault, child, escape};
use super::media::{
    each, encoder_token, profile_name, snapshot_uri, source_configuration, stream_uri, synchronize,
};
use super::{Call, Outcome, profile_of, profile_token, ptz};
use crate::list::{Coding, Profile};

pub(super) fn answer(call: Call<'_>) -> Outcome {
    let inner = match call.name {
        "GetProfiles" => profiles(call)?,
        "GetVideoSourceConfigurations" => {
            call.cameras().map(|camera| source_configuration(call, camera, "tr2:Configurations")).collect()
        }
        "GetVideoEncoderConfigurations" => encoders(call)?,
        "GetStreamUri" => format!("<tr2:Uri>{}</tr2:Uri>", escape(&stream_uri(call)?)),
        "GetSnapshotUri" => format!("<tr2:Uri>{}</tr2:Uri>", snapshot_uri(call)?),
        "SetSynchronizationPoint" => {
            synchronize(call)?;
            String::new()
        }
        "GetServiceCapabilities" => {
            "<tr2:Capabilities SnapshotUri=\"true\"><tr2:ProfileCapabilities MaximumNumberOfProfiles=\"64\"/>\
             <tr2:StreamingCapabilities RTSPStreaming=\"true\" RTP_RTSP_TCP=\"true\"/></tr2:Capabilities>"
                .to_owned()
        }
        _ => return Err(Fault::UNSUPPORTED),
    };
    Ok(call.done("tr2", &inner))
}

/// The configurations only where they are asked for by their types.
fn profiles(call: Call<'_>) -> Result<String, Fault> {
    let types: Vec<&str> = call
        .node
        .children()
        .filter(|node| node.tag_name().name() == "Type")
        .filter_map(|node| node.text().map(str::trim))
        .collect();
    let asked = |name: &str| types.iter().any(|known| *known == name || *known == "All");
    let only = match call.text("Token") {
        Some(token) => Some(profile_of(call.device, token).ok_or(Fault::NO_PROFILE)?),
        None => None,
    };
    let one = |(camera, kind): (usize, Profile)| {
        let mut parts = String::new();
        if asked("VideoSource") {
            parts += &source_configuration(call, camera, "tr2:VideoSource");
        }
        if asked("VideoEncoder") {
            parts += &encoder(call, camera, kind, "tr2:VideoEncoder");
        }
        if asked("PTZ") && ptz::has_node(call.device, camera) {
            parts += &ptz::configuration(call.device, camera, "tr2:PTZ");
        }
        format!(
            "<tr2:Profiles token=\"{}\" fixed=\"true\"><tr2:Name>{}</tr2:Name><tr2:Configurations>{parts}\
             </tr2:Configurations></tr2:Profiles>",
            profile_token(call.device, camera, kind),
            profile_name(call, camera, kind)
        )
    };
    Ok(each(call).filter(|found| only.is_none_or(|only| only == *found)).map(one).collect())
}

fn encoders(call: Call<'_>) -> Result<String, Fault> {
    let wanted = call.text("ConfigurationToken");
    let profile = match child(call.node, "ProfileToken") {
        Some(_) => Some(call.profile()?),
        None => None,
    };
    let fits = |&(camera, kind): &(usize, Profile)| {
        wanted.is_none_or(|token| token == encoder_token(call, camera, kind))
            && profile.is_none_or(|profile| profile == (camera, kind))
    };
    Ok(each(call)
        .filter(fits)
        .map(|(camera, kind)| encoder(call, camera, kind, "tr2:Configurations"))
        .collect())
}

fn encoder(call: Call<'_>, camera: usize, kind: Profile, tag: &str) -> String {
    let about = call.device.camera(camera);
    let (size, rate) = (about.coding.size(kind), about.coding.frame_rate(kind));
    let (name, profile) = match about.coding {
        Coding::Mjpeg => ("JPEG", ""),
        Coding::H264 => ("H264", " Profile=\"High\""),
        Coding::H265TenBit => ("H265", " Profile=\"Main10\""),
        _ => ("H265", " Profile=\"Main\""),
    };
    format!(
        "<{tag} token=\"{token}\" GovLength=\"{}\"{profile}><tt:Name>{token}</tt:Name><tt:UseCount>1</tt:UseCount>\
         <tt:Encoding>{name}</tt:Encoding><tt:Resolution><tt:Width>{}</tt:Width><tt:Height>{}</tt:Height></tt:Resolution>\
         <tt:RateControl ConstantBitRate=\"true\"><tt:FrameRateLimit>{rate}</tt:FrameRateLimit><tt:BitrateLimit>{}\
         </tt:BitrateLimit></tt:RateControl><tt:Quality>5</tt:Quality></{tag}>",
        rate * 2,
        size.width,
        size.height,
        about.nominal_rate(kind) / 1000,
        token = encoder_token(call, camera, kind),
    )
}

//! Media version 1: profiles, addresses, key frames. It cannot describe H.265 and says H.264 of it, as real ones do.

use std::sync::atomic::Ordering::Relaxed;

use super::envelope::{Fault, escape};
use super::{Call, Outcome, camera_of, profile_token};
use crate::list::{Coding, Profile};

pub(super) fn answer(call: Call<'_>) -> Outcome {
    let inner = match call.name {
        "GetProfiles" => profiles(call),
        "GetProfile" => {
            let (camera, kind) = call.profile()?;
            profile(call, camera, kind, "trt:Profile")
        }
        "GetVideoSources" => call.cameras().map(|camera| source(call, camera)).collect(),
        "GetVideoSourceConfigurations" => {
            call.cameras().map(|camera| source_configuration(call, camera, "trt:Configurations")).collect()
        }
        "GetVideoEncoderConfigurations" => {
            each(call).map(|(camera, kind)| encoder(call, camera, kind, "trt:Configurations")).collect()
        }
        "GetVideoEncoderConfiguration" => {
            let token = call.text("ConfigurationToken").unwrap_or_default();
            let (camera, kind) = encoder_of(call, token).ok_or(Fault::NO_TOKEN)?;
            encoder(call, camera, kind, "trt:Configuration")
        }
        "GetStreamUri" => {
            let uri = stream_uri(call)?;
            format!(
                "<trt:MediaUri><tt:Uri>{}</tt:Uri><tt:InvalidAfterConnect>false</tt:InvalidAfterConnect>\
                 <tt:InvalidAfterReboot>false</tt:InvalidAfterReboot><tt:Timeout>PT0S</tt:Timeout></trt:MediaUri>",
                escape(&uri)
            )
        }
        "GetSnapshotUri" => format!(
            "<trt:MediaUri><tt:Uri>{}</tt:Uri><tt:InvalidAfterConnect>false</tt:InvalidAfterConnect>\
             <tt:InvalidAfterReboot>false</tt:InvalidAfterReboot><tt:Timeout>PT0S</tt:Timeout></trt:MediaUri>",
            snapshot_uri(call)?
        ),
        "SetSynchronizationPoint" => {
            synchronize(call)?;
            String::new()
        }
        "GetServiceCapabilities" => "<trt:Capabilities SnapshotUri=\"true\" Rotation=\"false\"/>".to_owned(),
        _ => return Err(Fault::UNSUPPORTED),
    };
    Ok(call.done("trt", &inner))
}

/// Every camera with both profiles.
pub(super) fn each(call: Call<'_>) -> impl Iterator<Item = (usize, Profile)> {
    call.cameras().flat_map(|camera| Profile::BOTH.map(|kind| (camera, kind)))
}

/// Some wrap it in line breaks.
pub(super) fn stream_uri(call: Call<'_>) -> Result<String, Fault> {
    let (camera, kind) = call.profile()?;
    let uri = format!("{}/ch{}/{}", call.device.rtsp_base(), call.device.camera(camera).channel, kind.name());
    Ok(if call.device.index % 4 == 3 { format!("\n{uri}\n") } else { uri })
}

pub(super) fn snapshot_uri(call: Call<'_>) -> Result<String, Fault> {
    let (camera, kind) = call.profile()?;
    Ok(call.service(&format!("snapshot/{}", profile_token(call.device, camera, kind))))
}

/// Asks the stream for a key frame.
pub(super) fn synchronize(call: Call<'_>) -> Result<(), Fault> {
    let (camera, kind) = call.profile()?;
    call.device.shared().cameras[camera].wants_key[kind as usize].store(true, Relaxed);
    Ok(())
}

fn profiles(call: Call<'_>) -> String {
    each(call).map(|(camera, kind)| profile(call, camera, kind, "trt:Profiles")).collect()
}

fn profile(call: Call<'_>, camera: usize, kind: Profile, tag: &str) -> String {
    let ptz = if super::ptz::has_node(call.device, camera) {
        super::ptz::configuration(call.device, camera, "tt:PTZConfiguration")
    } else {
        String::new()
    };
    format!(
        "<{tag} token=\"{}\" fixed=\"true\"><tt:Name>{}</tt:Name>{}{}{ptz}</{tag}>",
        profile_token(call.device, camera, kind),
        profile_name(call, camera, kind),
        source_configuration(call, camera, "tt:VideoSourceConfiguration"),
        encoder(call, camera, kind, "tt:VideoEncoderConfiguration"),
    )
}

pub(super) fn profile_name(call: Call<'_>, camera: usize, kind: Profile) -> String {
    format!("{} {}", escape(&call.device.camera(camera).name), kind.name())
}

pub(super) fn source_token(call: Call<'_>, camera: usize) -> String {
    format!("VideoSource_{}", call.device.camera(camera).channel)
}

/// The camera of a video source's token.
pub(super) fn source_of(call: Call<'_>, token: &str) -> Result<usize, Fault> {
    camera_of(call.device, token, "VideoSource_").ok_or(Fault::NO_SOURCE)
}

fn source(call: Call<'_>, camera: usize) -> String {
    let coding = call.device.camera(camera).coding;
    let size = coding.size(Profile::Main);
    format!(
        "<trt:VideoSources token=\"{}\"><tt:Framerate>{}</tt:Framerate><tt:Resolution><tt:Width>{}</tt:Width>\
         <tt:Height>{}</tt:Height></tt:Resolution></trt:VideoSources>",
        source_token(call, camera),
        coding.frame_rate(Profile::Main),
        size.width,
        size.height
    )
}

pub(super) fn source_configuration(call: Call<'_>, camera: usize, tag: &str) -> String {
    let about = call.device.camera(camera);
    let size = about.coding.size(Profile::Main);
    format!(
        "<{tag} token=\"VideoSourceConfig_{0}\"><tt:Name>{1}</tt:Name><tt:UseCount>2</tt:UseCount>\
         <tt:SourceToken>VideoSource_{0}</tt:SourceToken><tt:Bounds x=\"0\" y=\"0\" width=\"{2}\" height=\"{3}\"/></{tag}>",
        about.channel,
        escape(&about.name),
        size.width,
        size.height
    )
}

pub(super) fn encoder_token(call: Call<'_>, camera: usize, kind: Profile) -> String {
    format!("VideoEncoder_{}_{}", call.device.camera(camera).channel, kind.name())
}

fn encoder_of(call: Call<'_>, token: &str) -> Option<(usize, Profile)> {
    each(call).find(|&(camera, kind)| encoder_token(call, camera, kind) == token)
}

fn encoder(call: Call<'_>, camera: usize, kind: Profile, tag: &str) -> String {
    let about = call.device.camera(camera);
    let (size, rate) = (about.coding.size(kind), about.coding.frame_rate(kind));
    let coding = match about.coding {
        Coding::Mjpeg => "<tt:Encoding>JPEG</tt:Encoding>".to_owned(),
        _ => "<tt:Encoding>H264</tt:Encoding>".to_owned(),
    };
    format!(
        "<{tag} token=\"{}\"><tt:Name>{}</tt:Name><tt:UseCount>1</tt:UseCount>{coding}<tt:Resolution><tt:Width>{}</tt:Width>\
         <tt:Height>{}</tt:Height></tt:Resolution><tt:Quality>5</tt:Quality><tt:RateControl><tt:FrameRateLimit>{rate}\
         </tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>{}</tt:BitrateLimit>\
         </tt:RateControl><tt:H264><tt:GovLength>{}</tt:GovLength><tt:H264Profile>High</tt:H264Profile></tt:H264>\
         <tt:SessionTimeout>PT60S</tt:SessionTimeout></{tag}>",
        encoder_token(call, camera, kind),
        encoder_token(call, camera, kind),
        size.width,
        size.height,
        about.nominal_rate(kind) / 1000,
        rate * 2,
    )
}

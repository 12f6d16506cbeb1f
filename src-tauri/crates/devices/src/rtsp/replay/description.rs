//! What a session description offers (RFC 4566; RFC 2326 Appendix C).

use std::num::NonZeroU16;

use model::{Codec, Fault};
use sdp_types::Media;
use url::Url;

use super::super::caught;
use crate::text::tamed;

/// A track that can be taken.
#[derive(Clone, Debug)]
pub(in crate::rtsp) struct Track {
    /// Where it is set up.
    pub(in crate::rtsp) url: Url,
    /// `video` or `audio`.
    pub(in crate::rtsp) media: String,
    /// In small letters, as `rtpmap` names it.
    pub(in crate::rtsp) encoding: String,
    /// Ticks a second of its timestamps.
    pub(in crate::rtsp) clock_rate: u32,
    /// Of sound.
    pub(in crate::rtsp) channels: Option<NonZeroU16>,
    /// What `fmtp` says.
    pub(in crate::rtsp) parameters: Option<String>,
}

/// What is offered: the picture, and the sound that goes with it if there is any that is known.
pub(in crate::rtsp) struct Description {
    /// What PLAY, PAUSE and TEARDOWN are said to.
    pub(in crate::rtsp) control: Url,
    pub(in crate::rtsp) video: Track,
    pub(in crate::rtsp) codec: Codec,
    pub(in crate::rtsp) audio: Option<Track>,
}

/// Reads a description. `asked` is where it was asked for; `base` what the answer's `Content-Base` says. Whatever hosts
/// are named in it, everything is asked of the host that was asked for it.
///
/// # Errors
/// It cannot be read, or it offers no picture that can be decoded.
pub(in crate::rtsp) fn read(body: &[u8], asked: &Url, base: Option<&str>) -> Result<Description, Fault> {
    let Read { session, base, control } = Read::of(body, asked, base)?;
    let mut unknown = None;
    let (mut video, mut audio) = (None, None);
    for track in session.medias.iter().filter_map(|media| track(media, &base, asked)) {
        match track.media.as_str() {
            "video" | "image" if video.is_none() => match codec(&track.encoding) {
                Some(codec) => video = Some((track, codec)),
                None => unknown = Some(track.encoding),
            },
            "audio" if audio.is_none() => audio = Some(track),
            _ => {}
        }
    }
    let (video, codec) =
        video.ok_or_else(|| unknown.map_or(Fault::NoVideo, |name| Fault::UnsupportedCodec(tamed(&name))))?;
    Ok(Description { control, video, codec, audio })
}

/// The track for speaking to the device (ONVIF Streaming Specification §5.3.1: `sendonly`, as seen from here), and what PLAY is
/// said to.
///
/// # Errors
/// [`Fault::NotOffered`]: there is none, or none that takes G.711.
pub(in crate::rtsp) fn read_talk(
    body: &[u8],
    asked: &Url,
    base: Option<&str>,
) -> Result<(Url, Track), Fault> {
    let Read { session, base, control } = Read::of(body, asked, base)?;
    let outwards =
        session.medias.iter().filter(|media| media.media == "audio" && media.has_attribute("sendonly"));
    let mut tracks = outwards.filter_map(|media| fields(media, &base, asked));
    let track =
        tracks.find(|track| matches!(track.encoding.as_str(), "pcmu" | "pcma")).ok_or(Fault::NotOffered)?;
    Ok((control, track))
}

/// A description with its addresses.
struct Read {
    session: sdp_types::Session,
    base: Url,
    control: Url,
}

impl Read {
    fn of(body: &[u8], asked: &Url, base: Option<&str>) -> Result<Self, Fault> {
        let session = caught::now(|| sdp_types::Session::parse(&lines_alone(body)).map_err(unreadable))?;
        let base = base.and_then(|base| Url::parse(base).ok()).unwrap_or_else(|| asked.clone());
        let control = match session.get_first_attribute_value("control") {
            Ok(Some(control)) => join(&base, control, asked),
            _ => asked.clone(),
        };
        Ok(Self { session, base, control })
    }
}

fn unreadable(error: sdp_types::ParserError) -> Fault {
    Fault::Protocol(tamed(&format!("session description: {error}")))
}

/// A description without what is no line of one (RFC 8866 §5: a letter, `=`, a value): some devices send such, and the
/// parser panics over it.
fn lines_alone(body: &[u8]) -> Vec<u8> {
    let lines = body.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let sound = lines.filter(|line| line.get(1) == Some(&b'='));
    sound.flat_map(|line| line.iter().chain(b"\r\n")).copied().collect()
}

fn codec(encoding: &str) -> Option<Codec> {
    match encoding {
        "h265" => Some(Codec::H265),
        "h264" => Some(Codec::H264),
        "jpeg" => Some(Codec::Mjpeg),
        _ => None,
    }
}

fn track(media: &Media, base: &Url, asked: &Url) -> Option<Track> {
    // What goes towards the device (talk-back) is no track to be taken.
    if media.has_attribute("sendonly") { None } else { fields(media, base, asked) }
}

fn fields(media: &Media, base: &Url, asked: &Url) -> Option<Track> {
    let attribute = |name: &str| media.get_first_attribute_value(name).ok().flatten();
    let number = media.fmt.split_ascii_whitespace().next()?;
    let of_number = |value: &str| {
        let (of, rest) = value.trim().split_once(' ')?;
        (of == number).then(|| rest.trim().to_owned())
    };
    let (encoding, clock_rate, channels) = match attribute("rtpmap").and_then(of_number) {
        Some(map) => {
            let mut parts = map.split('/');
            let encoding = parts.next()?.trim().to_ascii_lowercase();
            let rate = parts.next()?.trim().parse().ok()?;
            (encoding, rate, parts.next().and_then(|channels| channels.trim().parse().ok()))
        }
        None => fixed(number)?,
    };
    Some(Track {
        url: attribute("control").map_or_else(|| asked.clone(), |control| join(base, control, asked)),
        media: media.media.clone(),
        encoding,
        clock_rate: (clock_rate > 0).then_some(clock_rate)?,
        channels,
        parameters: attribute("fmtp").and_then(of_number),
    })
}

/// Payload types that need no `rtpmap` (RFC 3551 §6).
fn fixed(number: &str) -> Option<(String, u32, Option<NonZeroU16>)> {
    let (name, rate) = match number {
        "0" => ("pcmu", 8000),
        "8" => ("pcma", 8000),
        "26" => ("jpeg", 90_000),
        _ => return None,
    };
    Some((name.to_owned(), rate, None))
}

/// A control address, on the host that was asked (RFC 2326 §C.1.1; behind NAT devices name hosts that nobody reaches).
fn join(base: &Url, control: &str, asked: &Url) -> Url {
    let control = control.trim();
    let mut url = if control == "*" || control.is_empty() {
        base.clone()
    } else if let Ok(whole) = Url::parse(control) {
        whole
    } else {
        // Devices mean "appended", whether or not the base ends with a slash.
        let mut text = base.as_str().to_owned();
        if !text.ends_with('/') && !control.starts_with(['?', '/']) {
            text.push('/');
        }
        text.push_str(control);
        Url::parse(&text).unwrap_or_else(|_| asked.clone())
    };
    let _ = url.set_scheme(asked.scheme());
    let _ = url.set_username("");
    let _ = url.set_password(None);
    if url.set_host(asked.host_str()).is_err() || url.set_port(asked.port()).is_err() {
        return asked.clone();
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Url {
        Url::parse("rtsp://203.0.113.7:558/PlaybackChannel/0/media.smp/start=20210716T010203Z").unwrap()
    }

    const HEAD: &str = "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=replay\r\nt=0 0\r\n";

    fn read_body(rest: &str) -> Result<Description, Fault> {
        read(format!("{HEAD}{rest}").as_bytes(), &asked(), Some("rtsp://192.168.1.100:558/base/"))
    }

    #[test]
    fn addresses_behind_nat_become_the_one_that_was_asked() {
        let found = read_body(
            "a=control:rtsp://192.168.1.100/all\r\nm=video 0 RTP/AVP 97\r\na=rtpmap:97 H265/90000\r\n\
             a=fmtp:97 sprop-vps=QAE\r\na=control:trackID=v\r\n\
             m=audio 0 RTP/AVP 8\r\na=control:rtsp://user:secret@192.168.1.100:554/a\r\n",
        )
        .unwrap();
        assert_eq!(found.control.as_str(), "rtsp://203.0.113.7:558/all");
        assert_eq!(found.video.url.as_str(), "rtsp://203.0.113.7:558/base/trackID=v");
        assert_eq!((found.codec, found.video.parameters.as_deref()), (Codec::H265, Some("sprop-vps=QAE")));
        let audio = found.audio.unwrap();
        assert_eq!(audio.url.as_str(), "rtsp://203.0.113.7:558/a");
        assert_eq!((audio.encoding.as_str(), audio.clock_rate), ("pcma", 8000));
    }

    #[test]
    fn a_line_that_is_none_is_passed_over() {
        let found = read_body("no line\r\n=\r\nm=video 0 RTP/AVP 26\r\nx\r\na=control:v\r\n").unwrap();
        assert_eq!((found.codec, found.video.url.path()), (Codec::Mjpeg, "/base/v"));
    }

    #[test]
    fn a_track_for_talking_back_is_not_taken() {
        let found =
            read_body("m=video 0 RTP/AVP 26\r\nm=audio 0 RTP/AVP 0\r\na=sendonly\r\na=control:back\r\n")
                .unwrap();
        assert!(found.audio.is_none());
        assert_eq!(found.codec, Codec::Mjpeg);
    }

    #[test]
    fn what_cannot_be_decoded_is_named() {
        let unknown = read_body("m=video 0 RTP/AVP 99\r\na=rtpmap:99 AV1/90000\r\n").map(|_| ());
        assert_eq!(unknown, Err(Fault::UnsupportedCodec("av1".to_owned())));
        assert_eq!(read_body("m=audio 0 RTP/AVP 0\r\n").map(|_| ()), Err(Fault::NoVideo));
        assert!(matches!(read(b"<html>", &asked(), None).map(|_| ()), Err(Fault::Protocol(_))));
    }
}

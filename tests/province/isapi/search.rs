//! `ContentMgmt/search`: spans of a track, page by page; which days of a month have any. Times are the recorder's wall clock, whatever their `Z` says.

use roxmltree::Document;

use super::{BAD_PARAMETERS, BAD_XML, NAMESPACE, Refusal, stream_of, xml};
use crate::device::Device;
use crate::http::message::{Request, Response};
use crate::recordings::{DAY, motion, recorded};

const TIME: &str = "%Y-%m-%dT%H:%M:%SZ";
/// The most matches of a page.
const PAGE: usize = 64;

pub(super) fn answer(device: &Device, request: &Request) -> Result<Response, Refusal> {
    let body = std::str::from_utf8(&request.body).map_err(|_| BAD_XML)?;
    let document = Document::parse(body).map_err(|_| BAD_XML)?;
    let text = |name: &str| {
        let node = document.descendants().find(|node| node.tag_name().name() == name);
        node.and_then(|node| node.text()).map(str::trim)
    };
    let track = text("trackID").ok_or(BAD_PARAMETERS)?;
    let (camera, _) = stream_of(device, track)?;
    let (calendar, now) = device.world.calendar(device.index);
    let time = |name: &str| {
        let at = text(name).and_then(|text| calendar.parse(text, TIME, false, 0));
        at.ok_or(BAD_PARAMETERS)
    };
    let during = time("startTime")?..time("endTime")?;
    let number =
        |name: &str, default: usize| text(name).and_then(|text| text.parse().ok()).unwrap_or(default);
    let (first, most) = (number("searchResultPostion", 0), number("maxResults", 40).clamp(1, PAGE));
    let only_motion = text("metadataDescriptor").is_some_and(|text| text.to_lowercase().contains("motion"));
    let spans = if only_motion { motion(camera, &during, now) } else { recorded(camera, &during, now) };
    let page: Vec<_> = spans.iter().skip(first).take(most).collect();
    let status = match () {
        () if page.is_empty() => "NO MATCHES",
        () if first + page.len() < spans.len() => "MORE",
        () => "OK",
    };
    let matches: String = page
        .iter()
        .map(|span| {
            let wall = |at: i64, format: &str| calendar.local(at, format);
            format!(
                "<searchMatchItem><sourceID>{{0000000000-0000-0000-0000-000000000000}}</sourceID><trackID>{track}</trackID>\
                 <timeSpan><startTime>{}</startTime><endTime>{}</endTime></timeSpan><mediaSegmentDescriptor>\
                 <contentType>video</contentType><codecType>H.265-BP</codecType><playbackURI>{}/Streaming/tracks/{track}\
                 ?starttime={}&amp;endtime={}&amp;name=0&amp;size=0</playbackURI></mediaSegmentDescriptor>\
                 <metadataMatches><metadataDescriptor>recordType.meta.hikvision.com/{}</metadataDescriptor></metadataMatches>\
                 </searchMatchItem>",
                wall(span.start, TIME),
                wall(span.end, TIME),
                device.rtsp_base(),
                wall(span.start, "%Y%m%dT%H%M%SZ"),
                wall(span.end, "%Y%m%dT%H%M%SZ"),
                if only_motion { "motion" } else { "timing" },
            )
        })
        .collect();
    Ok(xml(format!(
        "<CMSearchResult {NAMESPACE}><searchID>{}</searchID><responseStatus>true</responseStatus>\
         <responseStatusStrg>{status}</responseStatusStrg><numOfMatches>{}</numOfMatches><matchList>{matches}</matchList>\
         </CMSearchResult>",
        super::escape(text("searchID").unwrap_or_default()),
        page.len()
    )))
}

/// Which days of a month a track has.
pub(super) fn days(device: &Device, track: &str, request: &Request) -> Result<Response, Refusal> {
    let body = std::str::from_utf8(&request.body).map_err(|_| BAD_XML)?;
    let document = Document::parse(body).map_err(|_| BAD_XML)?;
    let number = |name: &str| {
        let node = document.descendants().find(|node| node.tag_name().name() == name);
        node.and_then(|node| node.text())
            .and_then(|text| text.trim().parse::<i16>().ok())
            .ok_or(BAD_PARAMETERS)
    };
    let (year, month) = (number("year")?, number("monthOfYear")?);
    let month = i8::try_from(month).map_err(|_| BAD_PARAMETERS)?;
    let first = jiff::civil::Date::new(year, month, 1).map_err(|_| BAD_PARAMETERS)?;
    let (camera, _) = stream_of(device, track)?;
    let (calendar, now) = device.world.calendar(device.index);
    let days: String = (1..=first.days_in_month())
        .map(|day| {
            let begins = calendar.parse(&format!("{year:04}-{month:02}-{day:02}T00:00:00Z"), TIME, false, 0);
            let any = begins.is_some_and(|begins| !recorded(camera, &(begins..begins + DAY), now).is_empty());
            format!(
                "<day><id>{day}</id><dayOfMonth>{day}</dayOfMonth><record>{any}</record><recordType>time</recordType></day>"
            )
        })
        .collect();
    Ok(xml(format!("<trackDailyDistribution {NAMESPACE}><dayList>{days}</dayList></trackDailyDistribution>")))
}

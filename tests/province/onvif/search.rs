//! Recording search and replay (ONVIF Profile G).

use std::collections::VecDeque;

use super::envelope::{Fault, below, escape};
use super::{Call, Outcome, camera_of};
use crate::list::Profile;
use crate::recordings::{SpanKind, oldest, spans};

pub(super) fn answer(call: Call<'_>) -> Outcome {
    let inner = match call.name {
        "GetServiceCapabilities" => {
            "<tse:Capabilities MetadataSearch=\"false\" GeneralStartEvents=\"false\"/>".to_owned()
        }
        "GetRecordingSummary" => {
            let (_, now) = call.device.world.calendar(call.device.index);
            format!(
                "<tse:Summary><tt:DataFrom>{}</tt:DataFrom><tt:DataUntil>{}</tt:DataUntil>\
                 <tt:NumberRecordings>{}</tt:NumberRecordings></tse:Summary>",
                shown(call, oldest(now)),
                shown(call, now),
                call.cameras().len()
            )
        }
        "GetRecordingInformation" => {
            let camera = recording_of(call, call.text("RecordingToken").unwrap_or_default())?;
            information(call, camera, "tse:RecordingInformation")
        }
        "FindRecordings" => {
            let all = included(call)?;
            let results = all.into_iter().map(|camera| information(call, camera, "tt:RecordingInformation"));
            begun(call, results.collect())
        }
        "FindEvents" => {
            let results = events(call)?;
            begun(call, results)
        }
        "GetRecordingSearchResults" | "GetEventSearchResults" => {
            let most = call.text("MaxResults").and_then(|text| text.parse().ok()).unwrap_or(100_usize);
            let found = call.device.finds.borrow_mut().take(token(call)?, most.clamp(1, 1000));
            let (results, all) = found.ok_or(Fault::NO_TOKEN)?;
            let state = if all { "Completed" } else { "Searching" };
            format!(
                "<tse:ResultList><tt:SearchState>{state}</tt:SearchState>{}</tse:ResultList>",
                results.concat()
            )
        }
        "EndSearch" => {
            if !call.device.finds.borrow_mut().end(token(call)?) {
                return Err(Fault::NO_TOKEN);
            }
            let (_, now) = call.device.world.calendar(call.device.index);
            format!("<tse:Endpoint>{}</tse:Endpoint>", shown(call, now))
        }
        _ => return Err(Fault::UNSUPPORTED),
    };
    Ok(call.done("tse", &inner))
}

/// The replay service.
pub(super) fn replay(call: Call<'_>) -> Outcome {
    let inner = match call.name {
        "GetReplayUri" => {
            let camera = recording_of(call, call.text("RecordingToken").unwrap_or_default())?;
            let channel = call.device.camera(camera).channel;
            let uri = format!("{}/replay/ch{channel}/{}", call.device.replay_base(), Profile::Main.name());
            format!("<trp:Uri>{}</trp:Uri>", escape(&uri))
        }
        "GetReplayConfiguration" => {
            "<trp:Configuration><tt:SessionTimeout>PT60S</tt:SessionTimeout></trp:Configuration>".to_owned()
        }
        "GetServiceCapabilities" => {
            "<trp:Capabilities ReversePlayback=\"true\" SessionTimeoutRange=\"10 60\" RTP_RTSP_TCP=\"true\"/>"
                .to_owned()
        }
        _ => return Err(Fault::UNSUPPORTED),
    };
    Ok(call.done("trp", &inner))
}

/// A true time as its clock showed it.
fn shown(call: Call<'_>, at: i64) -> String {
    call.device.world.calendar(call.device.index).0.utc(at, "%Y-%m-%dT%H:%M:%S%.3fZ")
}

fn token(call: Call<'_>) -> Result<u64, Fault> {
    call.text("SearchToken")
        .and_then(|text| text.strip_prefix("search-")?.parse().ok())
        .ok_or(Fault::NO_TOKEN)
}

fn begun(call: Call<'_>, results: VecDeque<String>) -> String {
    let most = call.text("MaxMatches").and_then(|text| text.parse().ok()).unwrap_or(usize::MAX);
    let results = results.into_iter().take(most).collect();
    format!("<tse:SearchToken>search-{}</tse:SearchToken>", call.device.finds.borrow_mut().begin(results))
}

fn recording_of(call: Call<'_>, token: &str) -> Result<usize, Fault> {
    camera_of(call.device, token, "rec-ch").ok_or(Fault::NO_TOKEN)
}

fn recording_token(call: Call<'_>, camera: usize) -> String {
    format!("rec-ch{}", call.device.camera(camera).channel)
}

/// The recordings that a search includes; all where it names none.
fn included(call: Call<'_>) -> Result<Vec<usize>, Fault> {
    let named: Vec<&str> = call
        .node
        .descendants()
        .filter(|node| node.tag_name().name() == "IncludedRecordings")
        .filter_map(|node| node.text().map(str::trim))
        .collect();
    if named.is_empty() {
        return Ok(call.cameras().collect());
    }
    named.into_iter().map(|token| recording_of(call, token)).collect()
}

fn information(call: Call<'_>, camera: usize, tag: &str) -> String {
    let about = call.device.camera(camera);
    let (_, now) = call.device.world.calendar(call.device.index);
    let (from, until) = (shown(call, oldest(now)), shown(call, now));
    format!(
        "<{tag}><tt:RecordingToken>{}</tt:RecordingToken><tt:Source><tt:SourceId>VideoSource_{}</tt:SourceId>\
         <tt:Name>{}</tt:Name><tt:Location/><tt:Description/><tt:Address/></tt:Source>\
         <tt:EarliestRecording>{from}</tt:EarliestRecording><tt:LatestRecording>{until}</tt:LatestRecording>\
         <tt:Content/><tt:Track><tt:TrackToken>VIDEO001</tt:TrackToken><tt:TrackType>Video</tt:TrackType>\
         <tt:Description/><tt:DataFrom>{from}</tt:DataFrom><tt:DataTo>{until}</tt:DataTo></tt:Track>\
         <tt:RecordingStatus>Recording</tt:RecordingStatus></{tag}>",
        recording_token(call, camera),
        about.channel,
        escape(&about.name),
    )
}

/// Beginnings and ends of data and of motion between two points, in the order of the search: backwards where the end point
/// is the earlier.
fn events(call: Call<'_>) -> Result<VecDeque<String>, Fault> {
    let (calendar, now) = call.device.world.calendar(call.device.index);
    let point = |name: &str| -> Result<Option<i64>, Fault> {
        let Some(text) = call.text(name) else { return Ok(None) };
        let at: jiff::Timestamp = text.parse().map_err(|_| Fault::INVALID)?;
        Ok(Some(calendar.truly(at.as_millisecond(), 0)))
    };
    let start = point("StartPoint")?.ok_or(Fault::INVALID)?;
    let end = point("EndPoint")?.unwrap_or(now);
    let during = start.min(end)..start.max(end);
    let wanted = below(call.node, "TopicExpression").and_then(|node| node.text()).unwrap_or_default();
    let mut found = Vec::new();
    for camera in included(call)? {
        for span in spans(camera, &during, now) {
            let (topic, item) = match span.kind {
                SpanKind::Continuous => ("tns1:RecordingHistory/Track/State", "IsDataPresent"),
                SpanKind::Motion => ("tns1:RecordingHistory/Recording/State", "IsMotion"),
            };
            if wanted.contains("Track/State") && span.kind == SpanKind::Motion {
                continue;
            }
            found.push((span.during.start, event(call, camera, span.during.start, (topic, item), true)));
            if span.during.end < now {
                found.push((span.during.end, event(call, camera, span.during.end, (topic, item), false)));
            }
        }
    }
    found.sort_by_key(|(at, _)| if start <= end { *at } else { -*at });
    Ok(found.into_iter().map(|(_, event)| event).collect())
}

fn event(call: Call<'_>, camera: usize, at: i64, (topic, item): (&str, &str), value: bool) -> String {
    let (recording, at) = (recording_token(call, camera), shown(call, at));
    format!(
        "<tt:Result><tt:RecordingToken>{recording}</tt:RecordingToken><tt:TrackToken>VIDEO001</tt:TrackToken>\
         <tt:Time>{at}</tt:Time><tt:Event><wsnt:Topic Dialect=\"http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet\">\
         {topic}</wsnt:Topic><wsnt:Message><tt:Message UtcTime=\"{at}\" PropertyOperation=\"Changed\"><tt:Source>\
         <tt:SimpleItem Name=\"RecordingToken\" Value=\"{recording}\"/><tt:SimpleItem Name=\"Track\" Value=\"VIDEO001\"/>\
         </tt:Source><tt:Data><tt:SimpleItem Name=\"{item}\" Value=\"{value}\"/></tt:Data></tt:Message></wsnt:Message>\
         </tt:Event><tt:StartStateEvent>false</tt:StartStateEvent></tt:Result>"
    )
}

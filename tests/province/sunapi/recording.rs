//! `recording.cgi`: which days, which spans, which hour came twice. All times are local, on the recorder's clock.

use serde_json::{Value, json};

use super::{Refusal, refused};
use crate::device::Device;
use crate::http::message::{Request, Response};
use crate::recordings::{DAY, SpanKind, ZONE, recorded, spans};

const TIME: &str = "%Y-%m-%d %H:%M:%S";

/// These answer in JSON whatever is accepted.
pub(super) fn answer(device: &Device, menu: &str, request: &Request) -> Response {
    let found = match menu {
        "calendarsearch" => calendar_search(device, request),
        "timeline" => timeline(device, request),
        "overlapped" => Ok(overlapped(device, request)),
        _ => Err(Refusal::NotSupported),
    };
    found.map_or_else(refused, |value| Response::of("application/json", value.to_string()))
}

/// `ChannelIDList=0,3`; all where it is left out.
fn channels(device: &Device, request: &Request) -> Result<Vec<usize>, Refusal> {
    let Some(list) = request.parameter("ChannelIDList") else {
        return Ok(device.recorder().cameras.clone().collect());
    };
    let one = |text: &str| {
        let channel: usize = text.trim().parse().map_err(|_| Refusal::Invalid)?;
        device.channel(channel.saturating_add(1)).ok_or(Refusal::NoChannel)
    };
    list.split(',').map(one).collect()
}

/// A digit for each day of a month, 1 where anything was recorded. (The spelling is theirs.)
fn calendar_search(device: &Device, request: &Request) -> Result<Value, Refusal> {
    let month = request.parameter("Month").ok_or(Refusal::Missing)?;
    let first: jiff::civil::Date = format!("{month}-01").parse().map_err(|_| Refusal::Invalid)?;
    let (calendar, now) = device.world.calendar(device.index);
    let results: Vec<Value> = channels(device, request)?
        .into_iter()
        .map(|camera| {
            let digit = |day: i8| {
                let start = calendar.parse(&format!("{month}-{day:02} 00:00:00"), TIME, false, 0);
                let any = start.is_some_and(|start| !recorded(camera, &(start..start + DAY), now).is_empty());
                if any { '1' } else { '0' }
            };
            let result: String = (1..=first.days_in_month()).map(digit).collect();
            json!({ "Channel": device.camera(camera).channel - 1, "Result": result })
        })
        .collect();
    Ok(json!({ "CalenderSearchResults": results }))
}

/// Spans with their types, not in order.
fn timeline(device: &Device, request: &Request) -> Result<Value, Refusal> {
    let (calendar, now) = device.world.calendar(device.index);
    let overlap = request.number("OverlappedID").unwrap_or(0);
    let time = |name: &str| {
        let text = request.parameter(name).ok_or(Refusal::Missing)?;
        calendar.parse(text, TIME, false, overlap).ok_or(Refusal::Invalid)
    };
    let during = time("FromDate")?..time("ToDate")?;
    let wanted = request.parameter("Type").unwrap_or("All").to_owned();
    let results: Vec<Value> = channels(device, request)?
        .into_iter()
        .map(|camera| {
            let mut found: Vec<Value> = Vec::new();
            for span in spans(camera, &during, now) {
                let kind = match span.kind {
                    SpanKind::Continuous => "Normal",
                    SpanKind::Motion => "MotionDetection",
                };
                if wanted == "All" || wanted.split(',').any(|name| name == kind) {
                    let local = |at: i64| calendar.local(at, TIME);
                    found.push(json!({
                        "Result": found.len() + 1,
                        "StartTime": local(span.during.start),
                        "EndTime": local(span.during.end),
                        "Type": kind,
                    }));
                }
            }
            // Theirs come in no order.
            let middle = found.len() / 2;
            found.rotate_left(middle);
            json!({ "Channel": device.camera(camera).channel - 1, "Results": found })
        })
        .collect();
    Ok(json!({ "TimeLineSearchResults": results }))
}

/// Two ids for the day whose clock was put back, one for any other.
fn overlapped(device: &Device, request: &Request) -> Value {
    let (calendar, _) = device.world.calendar(device.index);
    let day = |shown: i64| (shown + ZONE).div_euclid(DAY);
    let asked = request.parameter("Date").and_then(|text| text.parse::<jiff::civil::Date>().ok());
    let epoch = jiff::civil::date(1970, 1, 1);
    let asked = asked.and_then(|date| date.since(epoch).ok()).map(|span| i64::from(span.get_days()));
    let twice = calendar.twice().is_some_and(|hour| asked.is_none_or(|asked| asked == day(hour.start)));
    let ids: &[u32] = if twice { &[0, 1] } else { &[0] };
    json!({ "OverlappedIDList": ids })
}

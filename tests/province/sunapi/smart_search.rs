//! `recording.cgi?msubmenu=smartsearch`: what the recorder noted of motion, looked through for an area. Of its motion it knows
//! when and not where: every area has all of it.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Lines, Refusal, camera, line};
use crate::device::Device;
use crate::http::message::Request;
use crate::recordings::motion;

const TIME: &str = "%Y-%m-%d %H:%M:%S";
/// Searches at once.
const MOST: usize = 2;
/// A search takes so long.
const TAKES: Duration = Duration::from_millis(700);
/// Whoever asks nothing for so long has gone.
const FORGOTTEN: Duration = Duration::from_secs(60);

/// A search that was begun and not ended.
struct Search {
    begun: Instant,
    asked: Instant,
    results: Value,
}

/// Those of one recorder.
#[derive(Default)]
pub(crate) struct SmartSearches {
    last: u64,
    open: BTreeMap<u64, Search>,
}

/// What is answered in lines, and the results, which come in JSON whatever is accepted.
pub(super) enum Told {
    Lines(Lines),
    Results(Value),
}

pub(super) fn answer(device: &Device, action: &str, request: &Request) -> Result<Told, Refusal> {
    let mut searches = device.smart_searches.borrow_mut();
    searches.open.retain(|_, search| search.asked.elapsed() < FORGOTTEN);
    let told = match (action, request.parameter("Mode"), request.parameter("Type")) {
        ("control", Some("Start"), _) => begin(device, request, &mut searches).map(Told::Lines),
        ("control", Some("Cancel"), _) => {
            let found = token(request).and_then(|token| searches.open.remove(&token).ok_or(Refusal::Invalid));
            found.map(|_| Told::Lines(Lines::new()))
        }
        ("view", _, Some(kind)) => view(kind, token(request)?, &mut searches),
        _ => Err(Refusal::Missing),
    };
    let open = searches.open.len() as u32;
    device.shared().recorders[device.index].open_searches.store(open, Relaxed);
    told
}

fn token(request: &Request) -> Result<u64, Refusal> {
    let token = request.parameter("SearchToken").ok_or(Refusal::Missing)?;
    token.parse().map_err(|_| Refusal::Invalid)
}

fn begin(device: &Device, request: &Request, searches: &mut SmartSearches) -> Result<Lines, Refusal> {
    let camera = camera(device, request)?;
    let (calendar, now) = device.world.calendar(device.index);
    let time = |name: &str| {
        let text = request.parameter(name).ok_or(Refusal::Missing)?;
        calendar.parse(text, TIME, false, 0).ok_or(Refusal::Invalid)
    };
    let during = time("FromDate")?..time("ToDate")?;
    let area = request.parameter("Area.1.Coordinates").ok_or(Refusal::Missing)?;
    let corners: Option<Vec<f64>> = area.split(',').map(|at| at.parse().ok()).collect();
    let within = |at: &f64| (-1.0..=1.0).contains(at);
    let drawn =
        corners.is_some_and(|at| at.len() >= 6 && at.len().is_multiple_of(2) && at.iter().all(within));
    let types = request.parameter("Area.1.EventType").unwrap_or_default();
    if !drawn || during.is_empty() || !types.split(',').any(|kind| kind == "Motion") {
        return Err(Refusal::Invalid);
    }
    if searches.open.len() == MOST {
        return Err(Refusal::Busy);
    }
    let moved = motion(camera, &during, now);
    let reaches = moved.into_iter().filter(|span| span.start < during.end && span.end > during.start);
    let result = |span: std::ops::Range<i64>| {
        json!({
            "StartTime": calendar.local(span.start, TIME),
            "EndTime": calendar.local(span.end, TIME),
            "EventType": "Motion",
        })
    };
    let results: Vec<Value> = reaches.map(result).collect();
    let channel = device.camera(camera).channel - 1;
    let results = json!({ "SmartSearchResults": [{ "Channel": channel, "Results": results }] });
    let begun = Instant::now();
    searches.last += 1;
    searches.open.insert(searches.last, Search { begun, asked: begun, results });
    device.shared().recorders[device.index].smart_searches.fetch_add(1, Relaxed);
    Ok(vec![line("SearchToken", searches.last)])
}

fn view(kind: &str, token: u64, searches: &mut SmartSearches) -> Result<Told, Refusal> {
    let search = searches.open.get_mut(&token).ok_or(Refusal::Invalid)?;
    search.asked = Instant::now();
    let through = search.begun.elapsed() >= TAKES;
    match kind {
        "Status" => Ok(Told::Lines(vec![line("Status", if through { "Completed" } else { "Searching" })])),
        "Results" if through => Ok(Told::Results(search.results.clone())),
        "Results" => Err(Refusal::Busy),
        _ => Err(Refusal::Invalid),
    }
}

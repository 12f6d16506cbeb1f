//! `mediaFileFind.cgi`: a finder is made, filled, emptied and destroyed. Recordings come as files of an hour at most.

use std::collections::VecDeque;

use super::error;
use crate::device::Device;
use crate::http::message::{Request, Response};
use crate::recordings::{HOUR, motion, recorded};

const TIME: &str = "%Y-%m-%d %H:%M:%S";

pub(super) fn answer(device: &Device, request: &Request, action: &str) -> Response {
    if action == "factory.create" {
        let number = device.finds.borrow_mut().begin(VecDeque::new());
        return Response::text(format!("result={number}\r\n"));
    }
    let Some(number) = request.number::<u64>("object") else { return error() };
    match action {
        "findFile" => {
            let Some(files) = files(device, request) else { return error() };
            if device.finds.borrow_mut().fill(number, files) { Response::text("OK\r\n") } else { error() }
        }
        "findNextFile" => {
            let count = request.number::<usize>("count").unwrap_or(100).clamp(1, 100);
            let Some((found, _)) = device.finds.borrow_mut().take(number, count) else { return error() };
            let items: String = found
                .iter()
                .enumerate()
                .flat_map(|(i, file)| file.lines().map(move |line| format!("items[{i}].{line}\r\n")))
                .collect();
            Response::text(format!("found={}\r\n{items}", found.len()))
        }
        "close" => Response::text("OK\r\n"),
        "destroy" if device.finds.borrow_mut().end(number) => Response::text("OK\r\n"),
        _ => error(),
    }
}

/// Lines of each file.
fn files(device: &Device, request: &Request) -> Option<VecDeque<String>> {
    let camera = device.channel(request.number("condition.Channel")?)?;
    let (calendar, now) = device.world.calendar(device.index);
    let time = |name: &str| calendar.parse(request.parameter(name)?, TIME, false, 0);
    let during = time("condition.StartTime")?..time("condition.EndTime")?;
    let only_motion =
        request.query.iter().any(|(name, value)| name.contains("Events") && value == "VideoMotion");
    let spans = if only_motion { motion(camera, &during, now) } else { recorded(camera, &during, now) };
    let mut files = VecDeque::new();
    for span in spans {
        let mut start = span.start;
        while start < span.end {
            let end = (start.div_euclid(HOUR) * HOUR + HOUR).min(span.end);
            let local = |at: i64, format: &str| calendar.local(at, format);
            let (from, to) = (local(start, TIME), local(end, TIME));
            let path = local(start, "/mnt/sd/%Y-%m-%d/001/dav/%H/%H.%M.%S-");
            let event = if only_motion { "Events[0]=VideoMotion\n" } else { "Flags[0]=Timing\n" };
            files.push_back(format!(
                "Channel={}\n{event}StartTime={from}\nEndTime={to}\nType=dav\nVideoStream=Main\nFilePath={path}{}.dav",
                device.camera(camera).channel,
                local(end, "%H.%M.%S"),
            ));
            start = end;
        }
    }
    Some(files)
}

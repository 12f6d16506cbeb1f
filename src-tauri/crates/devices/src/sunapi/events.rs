//! Events: `eventstatus.cgi` with `monitordiff`, whose first part says how everything stands and whose others say what
//! changes.

use std::time::{Duration, SystemTime};

use futures::future::BoxFuture;
use model::{DeviceEvent, EventKind, Fault};

use super::answer::{failure, read};
use crate::device::{Events, Listening, Reply};
use crate::http::{Client, Request, Stream};
use crate::noticed::Noticed;

/// Nothing is sent while nothing changes. After so long it is asked how everything stands: whether the device is still
/// there, and whether something was missed.
const QUIET: Duration = Duration::from_secs(30);

pub(super) struct Status {
    pub(super) client: Client,
}

fn request(action: &str) -> Request {
    Request::get(format!("/stw-cgi/eventstatus.cgi?msubmenu=eventstatus&action={action}"))
}

impl Events for Status {
    fn listen(&self) -> Reply<'_, Box<dyn Listening>> {
        Box::pin(async {
            match self.client.stream(&request("monitordiff")).await? {
                Ok(stream) => {
                    let heard = Heard::default();
                    Ok(Box::new(Monitor { client: self.client.clone(), stream, heard }) as Box<dyn Listening>)
                }
                Err(answer) => Err(read(&answer).err().unwrap_or_else(|| answer.refusal())),
            }
        })
    }
}

struct Monitor {
    client: Client,
    stream: Stream,
    heard: Heard,
}

impl Listening for Monitor {
    fn next(&mut self) -> Reply<'_, Vec<DeviceEvent>> {
        Box::pin(async {
            loop {
                match self.stream.line(QUIET).await {
                    Ok(line) => {
                        if let Some(fault) = failure(&line) {
                            return Err(fault);
                        }
                        if let Some(event) = self.heard.line(&line) {
                            return Ok(vec![event]);
                        }
                    }
                    Err(Fault::NoAnswer(_)) => {
                        let answer = self.client.send(&request("check")).await?;
                        read(&answer)?;
                        return Ok(answer.text().lines().filter_map(|line| self.heard.line(line)).collect());
                    }
                    Err(other) => return Err(other),
                }
            }
        })
    }

    fn close(self: Box<Self>) -> BoxFuture<'static, ()> {
        // The subscription is the connection.
        Box::pin(async {})
    }
}

/// What has been heard so far.
#[derive(Default)]
pub(super) struct Heard {
    noticed: Noticed,
    at: Option<SystemTime>,
}

impl Heard {
    /// `Channel.0.MotionDetection=True`, `AlarmInput.1=False`, `Timestamp=…`.
    pub(super) fn line(&mut self, line: &str) -> Option<DeviceEvent> {
        let (name, value) = line.trim().split_once('=')?;
        if name == "Timestamp" {
            self.at = value.trim().parse::<jiff::Timestamp>().ok().map(SystemTime::from);
            return None;
        }
        let active = match value.trim() {
            "True" | "true" => true,
            "False" | "false" => false,
            _ => return None,
        };
        let (channel, kind) = thing(name)?;
        self.noticed.note(channel, kind, name, active, self.at, None)
    }
}

/// Which channel, and what. Parts of a thing (`MotionDetection.RegionID.1`) are in the whole.
fn thing(name: &str) -> Option<(Option<u32>, EventKind)> {
    if let Some(input) = name.strip_prefix("AlarmInput.") {
        return input.parse::<u32>().ok().map(|_| (None, EventKind::AlarmInput));
    }
    let (index, what) = name.strip_prefix("Channel.")?.split_once('.')?;
    let kind = match what {
        "MotionDetection" => EventKind::Motion,
        "Tampering" | "TamperingDetection" | "DefocusDetection" => EventKind::Tampering,
        "Videoloss" | "VideoLoss" => EventKind::VideoLoss,
        "NetworkAlarmInput" => EventKind::AlarmInput,
        _ => return None,
    };
    let number = index.parse::<u32>().ok()?.checked_add(1)?;
    Some((Some(number), kind))
}

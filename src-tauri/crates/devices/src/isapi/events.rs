//! Events: `alertStream`, an answer that doesn't end with one `EventNotificationAlert` after another in it.

use std::time::{Duration, SystemTime};

use futures::future::BoxFuture;
use model::{DeviceEvent, EventKind, Fault};
use tokio::time::Instant;

use super::answer::read;
use crate::device::{Events, Listening, Reply};
use crate::http::{Client, Request, Stream};
use crate::noticed::Noticed;
use crate::xml::{self, text_of};

/// Motion is said again every second or so while it goes on; many firmwares never say that it is over.
const HOLDS: Duration = Duration::from_secs(6);
/// A device that has nothing to say says that (a `videoloss` that is inactive) every 10 s or more often, some every minute.
const QUIET: Duration = Duration::from_secs(90);

pub(super) struct Alerts {
    pub(super) client: Client,
}

impl Events for Alerts {
    fn listen(&self) -> Reply<'_, Box<dyn Listening>> {
        Box::pin(async {
            let request = Request::get("/ISAPI/Event/notification/alertStream");
            match self.client.stream(&request).await? {
                Ok(stream) => Ok(Box::new(Alerted { stream, heard: Heard::default() }) as Box<dyn Listening>),
                Err(answer) => Err(read(&answer).err().unwrap_or_else(|| answer.refusal())),
            }
        })
    }
}

struct Alerted {
    stream: Stream,
    heard: Heard,
}

impl Listening for Alerted {
    fn next(&mut self) -> Reply<'_, Vec<DeviceEvent>> {
        Box::pin(async {
            let until = Instant::now() + QUIET;
            loop {
                let ended = self.heard.0.ended();
                if !ended.is_empty() {
                    return Ok(ended);
                }
                let wake = self.heard.0.next_end().map_or(until, |end| end.min(until));
                let patience = wake.saturating_duration_since(Instant::now());
                match self.stream.element("EventNotificationAlert", patience).await {
                    Ok(element) => {
                        // One that cannot be read says nothing; the next may.
                        let event = self.heard.element(&element);
                        return Ok(event.into_iter().collect());
                    }
                    Err(Fault::NoAnswer(_)) if Instant::now() < until => {}
                    Err(Fault::NoAnswer(_)) => return Err(Fault::NoAnswer(QUIET)),
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
pub(super) struct Heard(Noticed);

impl Heard {
    pub(super) fn element(&mut self, element: &[u8]) -> Option<DeviceEvent> {
        let text = xml::vetted(element).ok()?;
        let document = xml::parse(&text).ok()?;
        let root = document.root_element();
        let what = text_of(root, "eventType")?.to_ascii_lowercase();
        let kind = match what.as_str() {
            "vmd" | "motiondetection" | "pir" => EventKind::Motion,
            "tamperdetection" | "shelteralarm" | "scenechangedetection" | "defocus" => EventKind::Tampering,
            "videoloss" => EventKind::VideoLoss,
            "io" => EventKind::AlarmInput,
            _ => return None,
        };
        let number =
            |name| text_of(root, name).and_then(|text| text.parse::<u32>().ok()).filter(|number| *number > 0);
        let channel = match kind {
            EventKind::AlarmInput => None,
            // What a recorder's network cameras notice has the number in the other field.
            _ => number("dynChannelID").or_else(|| number("channelID")),
        };
        let source = if kind == EventKind::AlarmInput {
            format!("{what} {}", number("inputIOPortID").or_else(|| number("channelID")).unwrap_or_default())
        } else {
            what
        };
        let active = text_of(root, "eventState")?.eq_ignore_ascii_case("active");
        let at =
            text_of(root, "dateTime").and_then(|at| at.parse::<jiff::Timestamp>().ok()).map(SystemTime::from);
        let holds = (kind == EventKind::Motion).then_some(HOLDS);
        self.0.note(channel, kind, &source, active, at, holds)
    }
}

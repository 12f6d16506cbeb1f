//! Events: `eventManager.cgi` with `attach`, an answer that doesn't end with a line for each event.

use std::time::Duration;

use futures::future::BoxFuture;
use model::{DeviceEvent, EventKind};

use super::answer::read;
use crate::device::{Events, Listening, Reply};
use crate::http::{Client, Request, Stream};
use crate::noticed::Noticed;

/// A device that has nothing to say says so every 5 s, as it is asked to.
const QUIET: Duration = Duration::from_secs(20);
const ATTACH: &str =
    "/cgi-bin/eventManager.cgi?action=attach&codes=[VideoMotion,VideoLoss,VideoBlind,AlarmLocal]&heartbeat=5";

pub(super) struct Notices {
    pub(super) client: Client,
}

impl Events for Notices {
    fn listen(&self) -> Reply<'_, Box<dyn Listening>> {
        Box::pin(async {
            match self.client.stream(&Request::get(ATTACH)).await? {
                Ok(stream) => Ok(Box::new(Noted { stream, heard: Heard::default() }) as Box<dyn Listening>),
                Err(answer) => Err(read(&answer).err().unwrap_or_else(|| answer.refusal())),
            }
        })
    }
}

struct Noted {
    stream: Stream,
    heard: Heard,
}

impl Listening for Noted {
    fn next(&mut self) -> Reply<'_, Vec<DeviceEvent>> {
        Box::pin(async {
            loop {
                let line = self.stream.line(QUIET).await?;
                if let Some(event) = self.heard.line(&line) {
                    return Ok(vec![event]);
                }
                if line.trim() == "Heartbeat" {
                    return Ok(Vec::new());
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
    /// `Code=VideoMotion;action=Start;index=0;data={…}`
    pub(super) fn line(&mut self, line: &str) -> Option<DeviceEvent> {
        let told = line.trim().strip_prefix("Code=")?;
        let mut parts = told.split(';');
        let code = parts.next()?;
        let mut value = |name: &str| parts.next()?.trim().strip_prefix(name);
        let active = match value("action=")? {
            "Start" => true,
            "Stop" => false,
            _ => return None,
        };
        let index: u32 = value("index=")?.parse().ok()?;
        let number = index.checked_add(1)?;
        let (channel, kind) = match code {
            "VideoMotion" => (Some(number), EventKind::Motion),
            "VideoLoss" => (Some(number), EventKind::VideoLoss),
            "VideoBlind" => (Some(number), EventKind::Tampering),
            "AlarmLocal" => (None, EventKind::AlarmInput),
            _ => return None,
        };
        self.0.note(channel, kind, &format!("{code} {index}"), active, None, None)
    }
}

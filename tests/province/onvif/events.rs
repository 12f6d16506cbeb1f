//! The event service with pull points (WS-BaseNotification, ONVIF Core §9).

use std::collections::HashMap;
use std::time::{Duration, Instant};

use tokio::time::timeout;

use super::envelope::{Fault, seconds};
use super::{Call, Outcome};
use crate::device::utc;
use crate::events::{Event, EventKind};

/// Pull points at once on a recorder.
const MOST: usize = 32;
/// How long one lives unless it is renewed.
const LIFE: Duration = Duration::from_secs(60);

/// The pull points of a recorder.
#[derive(Default)]
pub(crate) struct Subscriptions {
    next: u64,
    open: HashMap<u64, Subscription>,
}

struct Subscription {
    ends: Instant,
    /// The first event that was not pulled yet.
    from: u64,
    /// What holds now, to be told before anything that changes.
    initial: Vec<(usize, EventKind, bool)>,
}

pub(super) async fn answer(call: Call<'_>, path: &str) -> Outcome {
    let now = Instant::now();
    call.device.subscriptions.borrow_mut().open.retain(|_, subscription| subscription.ends > now);
    match call.name {
        "CreatePullPointSubscription" => create(call, now),
        "PullMessages" => pull(call, number_of(path)?).await,
        "Renew" => {
            let number = number_of(path)?;
            let life = lifetime(call.text("TerminationTime"))?;
            let mut subscriptions = call.device.subscriptions.borrow_mut();
            subscriptions.open.get_mut(&number).ok_or(Fault::INVALID)?.ends = now + life;
            Ok(call.done("wsnt", &times(call, life, "wsnt")))
        }
        "Unsubscribe" => {
            let removed = call.device.subscriptions.borrow_mut().open.remove(&number_of(path)?);
            removed.map(|_| call.done("wsnt", "")).ok_or(Fault::INVALID)
        }
        "SetSynchronizationPoint" => {
            let number = number_of(path)?;
            let initial = states(call);
            let mut subscriptions = call.device.subscriptions.borrow_mut();
            subscriptions.open.get_mut(&number).ok_or(Fault::INVALID)?.initial = initial;
            Ok(call.done("tev", ""))
        }
        "GetEventProperties" => Ok(call.done("tev", &properties())),
        "GetServiceCapabilities" => {
            Ok(call.done("tev", "<tev:Capabilities WSPullPointSupport=\"true\" MaxPullPoints=\"32\"/>"))
        }
        _ => Err(Fault::UNSUPPORTED),
    }
}

/// Where a subscription is answered: `/onvif/event_service/7`.
fn number_of(path: &str) -> Result<u64, Fault> {
    path.rsplit('/').next().and_then(|number| number.parse().ok()).ok_or(Fault::INVALID)
}

/// Of a relative termination time; absolute ones are not taken, as by many devices.
fn lifetime(text: Option<&str>) -> Result<Duration, Fault> {
    match text {
        None | Some("") => Ok(LIFE),
        Some(text) => {
            let seconds = seconds(text).filter(|s| (1.0..=3600.0).contains(s)).ok_or(Fault::INVALID)?;
            Ok(Duration::from_secs_f64(seconds))
        }
    }
}

fn times(call: Call<'_>, life: Duration, prefix: &str) -> String {
    let now = call.device.now();
    format!(
        "<{prefix}:CurrentTime>{}</{prefix}:CurrentTime><{prefix}:TerminationTime>{}</{prefix}:TerminationTime>",
        utc(now),
        utc(now + life)
    )
}

fn states(call: Call<'_>) -> Vec<(usize, EventKind, bool)> {
    let log = &call.device.shared().events;
    call.cameras()
        .flat_map(|camera| EventKind::ALL.map(|kind| (camera, kind, log.is_active(camera, kind))))
        .collect()
}

fn create(call: Call<'_>, now: Instant) -> Outcome {
    let life = lifetime(call.text("InitialTerminationTime"))?;
    let subscription = Subscription {
        ends: now + life,
        from: call.device.shared().events.next_number(),
        initial: states(call),
    };
    let mut subscriptions = call.device.subscriptions.borrow_mut();
    if subscriptions.open.len() >= MOST {
        return Err(Fault::TOO_MANY);
    }
    let number = subscriptions.next;
    subscriptions.next += 1;
    subscriptions.open.insert(number, subscription);
    let address = call.service(&format!("event_service/{number}"));
    let times = times(call, life, "wsnt");
    Ok(call.done(
        "tev",
        &format!(
            "<tev:SubscriptionReference><wsa5:Address>{address}</wsa5:Address></tev:SubscriptionReference>{times}"
        ),
    ))
}

async fn pull(call: Call<'_>, number: u64) -> Outcome {
    let patience = lifetime(call.text("Timeout").filter(|text| *text != "PT0S"))?;
    let most =
        call.text("MessageLimit").and_then(|text| text.parse::<usize>().ok()).unwrap_or(10).clamp(1, 100);
    let cameras = call.cameras();
    let (initial, from) = {
        let mut subscriptions = call.device.subscriptions.borrow_mut();
        let subscription = subscriptions.open.get_mut(&number).ok_or(Fault::INVALID)?;
        // Whoever pulls is alive.
        subscription.ends = subscription.ends.max(Instant::now() + patience + LIFE);
        let few = subscription.initial.len().min(most);
        (subscription.initial.drain(..few).collect::<Vec<_>>(), subscription.from)
    };
    let mut messages: String = initial
        .iter()
        .map(|&(camera, kind, active)| {
            message(call, camera, kind, active, &utc(call.device.now()), "Initialized")
        })
        .collect();
    if initial.is_empty() {
        let log = &call.device.shared().events;
        // Nothing within the time is an empty answer, and no mistake.
        let events = timeout(patience, log.wait(from, &cameras, most)).await.unwrap_or_default();
        if let Some(last) = events.last()
            && let Some(subscription) = call.device.subscriptions.borrow_mut().open.get_mut(&number)
        {
            subscription.from = last.number + 1;
        }
        messages = events.iter().map(|event| of_event(call, event)).collect();
    }
    let times = times(call, LIFE, "tev");
    Ok(call.done("tev", &(times + &messages)))
}

fn of_event(call: Call<'_>, event: &Event) -> String {
    let at = utc(call.device.shared().clock(call.device.index, event.at));
    message(call, event.camera, event.kind, event.active, &at, "Changed")
}

/// Topic, name of the source item, name of the data item.
fn words(kind: EventKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        EventKind::Motion => ("tns1:VideoSource/MotionAlarm", "Source", "State"),
        EventKind::Tampering => ("tns1:VideoSource/GlobalSceneChange/ImagingService", "Source", "State"),
        EventKind::VideoLoss => ("tns1:VideoSource/SignalLoss", "Source", "State"),
        EventKind::DigitalInput => ("tns1:Device/Trigger/DigitalInput", "InputToken", "LogicalState"),
    }
}

fn message(
    call: Call<'_>,
    camera: usize,
    kind: EventKind,
    active: bool,
    at: &str,
    operation: &str,
) -> String {
    let (topic, source, data) = words(kind);
    let channel = call.device.camera(camera).channel;
    let token = match kind {
        EventKind::DigitalInput => format!("AlarmIn_{channel}"),
        _ => format!("VideoSource_{channel}"),
    };
    format!(
        "<wsnt:NotificationMessage><wsnt:Topic Dialect=\"http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet\">{topic}\
         </wsnt:Topic><wsnt:Message><tt:Message UtcTime=\"{at}\" PropertyOperation=\"{operation}\"><tt:Source>\
         <tt:SimpleItem Name=\"{source}\" Value=\"{token}\"/></tt:Source><tt:Data><tt:SimpleItem Name=\"{data}\" \
         Value=\"{active}\"/></tt:Data></tt:Message></wsnt:Message></wsnt:NotificationMessage>"
    )
}

fn properties() -> String {
    format!(
        "<tev:TopicNamespaceLocation>http://www.onvif.org/onvif/ver10/topics/topicns.xml</tev:TopicNamespaceLocation>\
         <wsnt:FixedTopicSet>true</wsnt:FixedTopicSet><wstop:TopicSet><tns1:VideoSource>\
         <MotionAlarm wstop:topic=\"true\">{0}</MotionAlarm><GlobalSceneChange><ImagingService wstop:topic=\"true\">{0}\
         </ImagingService></GlobalSceneChange><SignalLoss wstop:topic=\"true\">{0}</SignalLoss></tns1:VideoSource>\
         <tns1:Device><Trigger><DigitalInput wstop:topic=\"true\">{1}</DigitalInput></Trigger></tns1:Device>\
         </wstop:TopicSet>",
        items("Source", "tt:ReferenceToken", "State"),
        items("InputToken", "tt:ReferenceToken", "LogicalState"),
    )
}

fn items(source: &str, kind: &str, data: &str) -> String {
    format!(
        "<tt:MessageDescription IsProperty=\"true\"><tt:Source><tt:SimpleItemDescription Name=\"{source}\" Type=\"{kind}\"/>\
         </tt:Source><tt:Data><tt:SimpleItemDescription Name=\"{data}\" Type=\"xsd:boolean\"/></tt:Data>\
         </tt:MessageDescription>"
    )
}

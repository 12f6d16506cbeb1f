//! What a notification of a device means.
//!
//! Makes report the same thing under many topics. What counts here are the words in a topic, without their prefixes, and
//! the one value in its data that says yes or no.

use model::{DeviceEvent, EventKind};

use super::clock;
use super::element::Element;
use crate::noticed::Noticed;

/// Notifications of one answer that are looked at.
const MOST: usize = 1_000;
/// The longest topic that is read, and the longest name for who noticed something.
const LONGEST: usize = 512;

/// Which source or configuration is which channel.
#[derive(Clone, Debug, Default)]
pub(super) struct Channels(pub(super) Vec<(u32, Vec<String>)>);

impl Channels {
    fn of(&self, token: &str) -> Option<u32> {
        self.0.iter().find(|(_, tokens)| tokens.iter().any(|known| known == token)).map(|(number, _)| *number)
    }

    /// A camera that has one channel means that.
    fn only(&self) -> Option<u32> {
        match self.0.as_slice() {
            [(number, _)] => Some(*number),
            _ => None,
        }
    }
}

/// Turns notifications into events: two rules that see the same thing on one channel are one event, which ends when both
/// do; what is only repeated is none.
#[derive(Debug, Default)]
pub(super) struct Notices {
    channels: Channels,
    noticed: Noticed,
}

impl Notices {
    pub(super) fn new(channels: Channels) -> Self {
        Self { channels, noticed: Noticed::default() }
    }

    /// The events in an answer to `PullMessages`.
    pub(super) fn read(&mut self, answer: &Element) -> Vec<DeviceEvent> {
        answer.all("NotificationMessage").take(MOST).filter_map(|notice| self.one(notice)).collect()
    }

    fn one(&mut self, notice: &Element) -> Option<DeviceEvent> {
        let topic = notice.text_at(&["Topic"]);
        let kind = kind(topic)?;
        let message = notice.path(&["Message", "Message"])?;
        let gone =
            message.attribute("PropertyOperation").is_some_and(|what| what.eq_ignore_ascii_case("Deleted"));
        let active = !gone && goes_on(message)?;
        let source = message.child("Source").map(Element::inside).unwrap_or_default();
        let sources: Vec<&str> = source.iter().filter_map(|item| item.attribute("Value")).collect();
        let channel = sources.iter().find_map(|token| self.channels.of(token));
        // A contact belongs to the whole device, even where it has one camera only.
        let channel =
            channel.or_else(|| if kind == EventKind::AlarmInput { None } else { self.channels.only() });
        let who: String = format!("{topic}|{}", sources.join("|")).chars().take(LONGEST).collect();
        let at = message.attribute("UtcTime").and_then(clock::moment);
        self.noticed.note(channel, kind, &who, active, at, None)
    }
}

/// What a topic is about; `None` for all that nobody asked for.
fn kind(topic: &str) -> Option<EventKind> {
    if topic.len() > LONGEST {
        return None;
    }
    let words: Vec<String> = topic
        .split('/')
        .map(|word| word.rsplit(':').next().unwrap_or_default().trim().to_ascii_lowercase())
        .collect();
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.iter().any(|part| word.contains(part)));
    if has(&["digitalinput", "alarmin", "alarminput"])
        || words.ends_with(&["io".to_owned(), "port".to_owned()])
    {
        Some(EventKind::AlarmInput)
    } else if has(&["signalloss", "videoloss", "signallost", "videolost"]) {
        Some(EventKind::VideoLoss)
    } else if has(&[
        "tamper",
        "globalscenechange",
        "imagetooblurry",
        "imagetoodark",
        "imagetoobright",
        "defocus",
    ]) {
        Some(EventKind::Tampering)
    } else if has(&["motion"]) {
        Some(EventKind::Motion)
    } else {
        None
    }
}

/// The yes or no in a message's data: of the item that is known to hold it, else of one that says it in words (a number
/// may count something); a message without one is a yes that nothing ends, and is left out.
fn goes_on(message: &Element) -> Option<bool> {
    let data = message.child("Data")?;
    let items = data.all("SimpleItem").filter_map(|item| {
        let (name, value) = (item.attribute("Name").unwrap_or_default(), item.attribute("Value")?);
        let value = value.to_ascii_lowercase();
        let says = match value.as_str() {
            "true" | "1" | "active" | "on" => true,
            "false" | "0" | "inactive" | "off" => false,
            _ => return None,
        };
        let known = SAYS.iter().any(|known| known.eq_ignore_ascii_case(name));
        let in_words = value.len() > 1;
        Some(((!known, !in_words), says))
    });
    items.min_by_key(|(rank, _)| *rank).map(|(_, says)| says)
}

/// What the items are called that hold it.
const SAYS: [&str; 10] = [
    "State",
    "IsMotion",
    "IsTamper",
    "LogicalState",
    "SignalLoss",
    "Motion",
    "Tampering",
    "Active",
    "Alarm",
    "Value",
];

#[cfg(test)]
mod tests {
    use super::super::element::read;
    use super::*;

    fn notice(topic: &str, source: &str, data: &str) -> String {
        format!(
            "<wsnt:NotificationMessage><wsnt:Topic Dialect='d'>{topic}</wsnt:Topic><wsnt:Message><tt:Message \
             UtcTime='2021-07-16T01:02:03Z' PropertyOperation='Changed'><tt:Source><tt:SimpleItem Name='S' \
             Value='{source}'/></tt:Source><tt:Data><tt:SimpleItem Name='N' Value='Rule 7'/><tt:SimpleItem Name='State' \
             Value='{data}'/></tt:Data></tt:Message></wsnt:Message></wsnt:NotificationMessage>"
        )
    }

    fn notices() -> Notices {
        let channel = |number, token: &str| (number, vec![token.to_owned(), format!("{token}_config")]);
        Notices::new(Channels(vec![channel(1, "V1"), channel(2, "V2")]))
    }

    fn heard(notices: &mut Notices, messages: &[String]) -> Vec<(Option<u32>, EventKind, bool)> {
        let answer = read(format!("<R>{}</R>", messages.concat()).as_bytes()).unwrap();
        notices.read(&answer).into_iter().map(|event| (event.channel, event.kind, event.active)).collect()
    }

    #[test]
    fn the_topics_that_makes_use_mean_what_they_mean() {
        for (topic, wanted) in [
            ("tns1:VideoSource/MotionAlarm", Some(EventKind::Motion)),
            ("tns1:RuleEngine/CellMotionDetector/Motion", Some(EventKind::Motion)),
            ("tns1:RuleEngine/MotionRegionDetector/Motion", Some(EventKind::Motion)),
            ("tns1:VideoAnalytics/tnssamsung:MotionDetection", Some(EventKind::Motion)),
            ("tns1:RuleEngine/TamperDetector/Tamper", Some(EventKind::Tampering)),
            ("tns1:VideoSource/GlobalSceneChange/ImagingService", Some(EventKind::Tampering)),
            ("tns1:VideoSource/ImageTooBlurry/AnalyticsService", Some(EventKind::Tampering)),
            ("tns1:VideoSource/SignalLoss", Some(EventKind::VideoLoss)),
            ("tns1:Device/Trigger/DigitalInput", Some(EventKind::AlarmInput)),
            ("tns1:Device/tnsaxis:IO/Port", Some(EventKind::AlarmInput)),
            ("tns1:Device/Trigger/Relay", None),
            ("tns1:RecordingConfig/JobState", None),
            ("", None),
        ] {
            assert_eq!(kind(topic), wanted, "{topic}");
        }
    }

    #[test]
    fn two_rules_on_one_channel_are_one_event() {
        let (cell, region) = ("tns1:RuleEngine/CellMotionDetector/Motion", "tns1:VideoSource/MotionAlarm");
        let mut notices = notices();
        let all = [
            notice(cell, "V2", "true"),
            notice(cell, "V2", "true"),
            notice(region, "V2_config", "1"),
            notice(cell, "V2", "false"),
            notice(region, "V2_config", "0"),
            notice(region, "V2_config", "0"),
        ];
        let motion = |active| (Some(2), EventKind::Motion, active);
        assert_eq!(heard(&mut notices, &all), [motion(true), motion(false)]);
    }

    #[test]
    fn a_device_says_when_and_a_contact_is_the_whole_devices() {
        let mut notices = notices();
        let message = notice("tns1:Device/Trigger/DigitalInput", "DI_1", "active");
        let answer = read(format!("<R>{message}</R>").as_bytes()).unwrap();
        let events = notices.read(&answer);
        let at = clock::moment("2021-07-16T01:02:03Z");
        assert_eq!(events, [DeviceEvent { channel: None, kind: EventKind::AlarmInput, active: true, at }]);
    }

    #[test]
    fn a_thing_that_is_deleted_is_over() {
        let mut notices = notices();
        let begins = notice("tns1:VideoSource/SignalLoss", "V1", "true");
        let deleted = begins.replace("Changed", "Deleted");
        let loss = |active| (Some(1), EventKind::VideoLoss, active);
        assert_eq!(heard(&mut notices, &[begins, deleted]), [loss(true), loss(false)]);
    }

    #[test]
    fn a_number_that_counts_is_no_answer() {
        // oxvif's mock server numbers its notifications before it says anything.
        let counted = |moves: &str| {
            let message = notice("tns1:VideoSource/MotionAlarm", "V1", moves);
            message
                .replace("<tt:Data>", "<tt:Data><tt:SimpleItem Name='Seq' Value='1'/>")
                .replace("'State'", "'IsMotion'")
        };
        let motion = |active| (Some(1), EventKind::Motion, active);
        assert_eq!(
            heard(&mut notices(), &[counted("true"), counted("false")]),
            [motion(true), motion(false)]
        );
    }
}

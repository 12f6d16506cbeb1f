//! What the device holds: recording search and replay (ONVIF Profile G; Recording Search Service, Replay Control Service).
//!
//! A recording belongs to a source. Which channel that is the device says by the source's token, by its name, or not at all:
//! then recordings and channels are in the same order. Where there is data is told as events of the past (`IsDataPresent`).

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use model::{Address, Fault, Moment, Period, Recorded, RecordedFor};
use tokio::sync::OnceCell;

use super::clock;
use super::element::{Element, is_true};
use super::line::Line;
use super::media::{Profile, fitting};
use super::soap::{Request, Service, escape};
use crate::device::Reply;
use crate::makers::unless_essential;
use crate::recordings::{Footage, Recordings, joined};

/// Results that are asked for at once.
const PAGE: usize = 500;
/// Results of one search.
const MOST: usize = 50_000;
/// Recordings that are looked at.
const MOST_RECORDINGS: usize = 1_024;
/// A search ends within this, however many pages it has.
const SEARCH_DEADLINE: Duration = Duration::from_secs(60);
/// A device that has found nothing yet is asked again after this.
const PAUSE: Duration = Duration::from_millis(200);
/// A search that is forgotten ends by itself.
const KEPT: &str = "PT60S";

/// Beginnings and ends of data.
const DATA: &str = "tns1:RecordingHistory/Track/State";
/// Where devices keep what moved.
const MOTION: &str = "tns1:RecordingHistory/Recording/State|tns1:VideoSource/MotionAlarm|\
    tns1:RuleEngine/CellMotionDetector/Motion|tns1:RuleEngine/MotionRegionDetector/Motion";

/// What a channel's recordings may be called by.
#[derive(Clone, Debug, Default)]
pub(super) struct Source {
    tokens: Vec<String>,
    name: String,
}

impl Source {
    pub(super) fn of(profile: &Profile) -> Self {
        let tokens = [&profile.source, &profile.source_configuration, &profile.token];
        let tokens = tokens.into_iter().filter(|token| !token.is_empty()).cloned().collect();
        Self { tokens, name: profile.source_name.clone() }
    }
}

/// A recording as the device describes it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Held {
    token: String,
    source: String,
    name: String,
    /// From the first to the last that there is, gaps or not.
    period: Option<Period>,
    /// Its tracks of pictures; empty: it does not say.
    tracks: Vec<String>,
}

/// A change of what was recorded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Change {
    at: Moment,
    why: RecordedFor,
    on: bool,
}

/// The search and replay services.
pub(super) struct Search {
    line: Arc<Line>,
    channels: Vec<(u32, Source)>,
    /// The port of its streams as it is reached from here, where that is not what it says.
    port: Option<u16>,
    /// Where recordings are played; that stays.
    addresses: parking_lot::Mutex<HashMap<String, Address>>,
    held: OnceCell<Vec<Held>>,
}

impl Search {
    pub(super) fn new(line: Arc<Line>, channels: Vec<(u32, Source)>, port: Option<u16>) -> Self {
        Self { line, channels, port, addresses: parking_lot::Mutex::default(), held: OnceCell::new() }
    }

    /// Begins a search, takes its results page by page, and ends it.
    async fn search(
        &self,
        begin: Request,
        results: &'static str,
        mut take: impl FnMut(&Element) -> usize,
    ) -> Result<(), Fault> {
        let begun = self.line.ask(&begin).await?;
        let token = fitting(begun.text_at(&["SearchToken"])).ok_or_else(no_token)?;
        let token = format!("<P:SearchToken>{}</P:SearchToken>", escape(&token));
        let walk = async {
            let mut listed = 0;
            loop {
                let inside = format!(
                    "{token}<P:MinResults>1</P:MinResults><P:MaxResults>{PAGE}</P:MaxResults><P:WaitTime>PT5S</P:WaitTime>"
                );
                let page = self.line.ask(&Request::new(Service::Search, results).with(&inside)).await?;
                let list = page.child("ResultList").unwrap_or(&page);
                let taken = take(list);
                listed += taken;
                if list.text_at(&["SearchState"]).eq_ignore_ascii_case("Completed") {
                    return Ok(());
                }
                if listed > MOST {
                    return Err(Fault::Protocol(format!("more than {MOST} results of one search")));
                }
                if taken == 0 {
                    tokio::time::sleep(PAUSE).await;
                }
            }
        };
        let walked = tokio::time::timeout(SEARCH_DEADLINE, walk).await;
        // Some end it themselves with the last result, and know it no more.
        let _ = self.line.ask(&Request::new(Service::Search, "EndSearch").with(&token)).await;
        walked.unwrap_or(Err(Fault::NoAnswer(SEARCH_DEADLINE)))
    }

    /// All recordings.
    async fn recordings(&self) -> Result<&Vec<Held>, Fault> {
        let find = || async {
            let begin = Request::new(Service::Search, "FindRecordings")
                .with(&format!("<P:Scope/><P:KeepAliveTime>{KEPT}</P:KeepAliveTime>"));
            let mut found = Vec::new();
            self.search(begin, "GetRecordingSearchResults", |list| {
                let before = found.len();
                let room = MOST_RECORDINGS.saturating_sub(before);
                found.extend(list.all("RecordingInformation").take(room).filter_map(read_recording));
                list.all("RecordingInformation").count()
            })
            .await?;
            Ok(found)
        };
        self.held.get_or_try_init(find).await
    }

    /// The recordings of a channel.
    async fn of_channel(&self, channel: u32) -> Result<Vec<&Held>, Fault> {
        Ok(assigned(self.recordings().await?, &self.channels, channel))
    }

    /// The changes of one recording in a period, as far as events tell them.
    async fn changes(&self, held: &Held, period: Period, topics: &str) -> Result<Vec<Change>, Fault> {
        let at = |moment: Moment| clock::stamp(moment.into());
        let begin = Request::new(Service::Search, "FindEvents").with(&format!(
            "<P:StartPoint>{}</P:StartPoint><P:EndPoint>{}</P:EndPoint><P:Scope><tt:IncludedRecordings>{}</tt:IncludedRecordings>\
             </P:Scope><P:SearchFilter><wsnt:TopicExpression xmlns:wsnt=\"http://docs.oasis-open.org/wsn/b-2\" \
             xmlns:tns1=\"http://www.onvif.org/ver10/topics\" \
             Dialect=\"http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet\">{topics}</wsnt:TopicExpression>\
             </P:SearchFilter><P:IncludeStartState>true</P:IncludeStartState><P:KeepAliveTime>{KEPT}</P:KeepAliveTime>",
            at(period.from),
            at(period.until),
            escape(&held.token),
        ));
        let mut found = Vec::new();
        self.search(begin, "GetEventSearchResults", |list| {
            found.extend(list.all("Result").filter_map(|result| read_change(result, held)));
            list.all("Result").count()
        })
        .await?;
        found.sort_by_key(|change: &Change| change.at);
        Ok(found)
    }

    async fn stretches(&self, held: &Held, period: Period) -> Result<Vec<Recorded>, Fault> {
        let data = unless_essential(self.changes(held, period, DATA).await)?;
        let mut spans = match data.map(|changes| spans(&changes, RecordedFor::Continuous, period)) {
            Some(spans) if !spans.is_empty() => spans,
            // Without events of data, all between the first and the last is taken to be there.
            _ => whole(held, period),
        };
        let motion = unless_essential(self.changes(held, period, MOTION).await)?.unwrap_or_default();
        spans.extend(self::spans(&motion, RecordedFor::Motion, period));
        Ok(spans)
    }

    async fn address(&self, held: &Held) -> Result<Address, Fault> {
        let known = self.addresses.lock().get(&held.token).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let request = Request::new(Service::Replay, "GetReplayUri").with(&format!(
            "<P:StreamSetup><tt:Stream>RTP-Unicast</tt:Stream><tt:Transport><tt:Protocol>RTSP</tt:Protocol></tt:Transport>\
             </P:StreamSetup><P:RecordingToken>{}</P:RecordingToken>",
            escape(&held.token)
        ));
        let answer = self.line.ask(&request).await?;
        let address = self.line.client().origin().recording(answer.text_at(&["Uri"]), self.port)?;
        self.addresses.lock().insert(held.token.clone(), address.clone());
        Ok(address)
    }

    async fn locate(&self, channel: u32, period: Period) -> Result<Footage, Fault> {
        let all = self.of_channel(channel).await?;
        let Some(first) = all.first() else { return Err(Fault::NotFound) };
        if all.len() == 1 {
            return Ok(Footage::whole(self.address(first).await?, self.line.client().pin()));
        }
        // The one that has the place; what goes on now has no end.
        let reaches = |held: &&&Held| held.period.is_none_or(|own| own.common(period).is_some());
        let found = all.iter().find(reaches).or(all.last()).copied().unwrap_or(first);
        let address = self.address(found).await?;
        let last = all.last().is_some_and(|last| last.token == found.token);
        let holds = found.period.filter(|_| !last);
        Ok(Footage { holds, ..Footage::whole(address, self.line.client().pin()) })
    }
}

impl Recordings for Search {
    fn spans(&self, channel: u32, period: Period) -> Reply<'_, Vec<Recorded>> {
        Box::pin(async move {
            let mut all = Vec::new();
            for held in self.of_channel(channel).await? {
                all.extend(self.stretches(held, period).await?);
            }
            Ok(joined(all))
        })
    }

    fn footage(&self, channel: u32, period: Period, _overlap: u32) -> Reply<'_, Footage> {
        Box::pin(self.locate(channel, period))
    }

    fn oldest(&self, channel: u32) -> Reply<'_, Option<Moment>> {
        Box::pin(async move {
            let all = self.of_channel(channel).await?;
            // Of one that does not say, nothing is certain.
            let begins = all.iter().map(|held| held.period.map(|period| period.from));
            Ok(begins.collect::<Option<Vec<_>>>().and_then(|begins| begins.into_iter().min()))
        })
    }

    fn time(&self) -> Reply<'_, Option<SystemTime>> {
        Box::pin(async move {
            let answer = self.line.ask(&Request::new(Service::Device, "GetSystemDateAndTime")).await?;
            Ok(clock::told(&answer))
        })
    }
}

fn no_token() -> Fault {
    Fault::Protocol("a search without a token".to_owned())
}

fn moment(text: &str) -> Option<Moment> {
    clock::moment(text).map(Moment::from)
}

fn read_recording(told: &Element) -> Option<Held> {
    let time = |name: &str| moment(told.text_at(&[name]));
    let period = time("EarliestRecording").zip(time("LatestRecording"));
    let video = told.all("Track").filter(|track| track.text_at(&["TrackType"]).eq_ignore_ascii_case("Video"));
    Some(Held {
        token: fitting(told.text_at(&["RecordingToken"]))?,
        source: told.text_at(&["Source", "SourceId"]).to_owned(),
        name: crate::text::tamed(told.text_at(&["Source", "Name"])),
        period: period.filter(|(from, until)| from < until).map(|(from, until)| Period { from, until }),
        tracks: video.filter_map(|track| fitting(track.text_at(&["TrackToken"]))).collect(),
    })
}

/// The recordings of a channel, oldest first: by their source's token, else by its name, else by their place in the order.
fn assigned<'a>(all: &'a [Held], channels: &[(u32, Source)], channel: u32) -> Vec<&'a Held> {
    let Some(place) = channels.iter().position(|(number, _)| *number == channel) else { return Vec::new() };
    let source = &channels[place].1;
    let by_token = |held: &&Held| source.tokens.contains(&held.source);
    let by_name = |held: &&Held| !source.name.is_empty() && held.name == source.name;
    let mut found: Vec<&Held> = all.iter().filter(by_token).collect();
    if found.is_empty() {
        found = all.iter().filter(by_name).collect();
    }
    let others =
        || channels.iter().any(|(_, other)| all.iter().any(|held| other.tokens.contains(&held.source)));
    if found.is_empty() && all.len() == channels.len() && !others() {
        found = all.get(place).into_iter().collect();
    }
    found.sort_by_key(|held| held.period);
    found
}

fn read_change(result: &Element, held: &Held) -> Option<Change> {
    let track = result.text_at(&["TrackToken"]);
    let other = |track: &str| {
        !track.is_empty() && !held.tracks.is_empty() && !held.tracks.iter().any(|own| own == track)
    };
    if result.text_at(&["RecordingToken"]) != held.token || other(track) {
        return None;
    }
    let message = result.path(&["Event", "Message", "Message"])?;
    let topic = result.text_at(&["Event", "Topic"]);
    let items = message.path(&["Data"])?;
    let (name, value) = items
        .all("SimpleItem")
        .filter_map(|item| Some((item.attribute("Name")?, item.attribute("Value")?)))
        .find(|(name, _)| matches!(*name, "IsDataPresent" | "IsMotion" | "State"))?;
    let why = match name {
        "IsDataPresent" => RecordedFor::Continuous,
        "IsMotion" => RecordedFor::Motion,
        _ if topic.contains("Motion") => RecordedFor::Motion,
        _ => return None,
    };
    Some(Change { at: moment(result.text_at(&["Time"]))?, why, on: is_true(value) })
}

/// What lies between beginnings and ends. What has no beginning began before the period, what has no end goes on.
fn spans(changes: &[Change], why: RecordedFor, period: Period) -> Vec<Recorded> {
    let mut spans = Vec::new();
    let mut since: Option<Moment> = None;
    let mut any = false;
    let mut put = |from: Moment, until: Moment| {
        if let Some(period) = (Period { from, until: until.max(from) }).common(period) {
            spans.push(Recorded { period, why, overlap: 0 });
        }
    };
    for change in changes.iter().filter(|change| change.why == why) {
        match (since, change.on) {
            (None, true) => since = Some(change.at),
            (Some(from), false) => {
                put(from, change.at);
                since = None;
            }
            (None, false) if !any => put(period.from, change.at),
            _ => {}
        }
        any = true;
    }
    if let Some(from) = since {
        put(from, period.until);
    }
    spans
}

fn whole(held: &Held, period: Period) -> Vec<Recorded> {
    let period = held.period.and_then(|own| own.common(period));
    period.map(|period| Recorded { period, why: RecordedFor::Continuous, overlap: 0 }).into_iter().collect()
}

/// Reads an answer in every way; for tests with answers that have something wrong in them.
#[cfg(any(test, feature = "fuzzing"))]
pub(super) fn read_everything(list: &Element) -> usize {
    let recordings: Vec<Held> = list.all("RecordingInformation").filter_map(read_recording).collect();
    let held = Held {
        token: "R".to_owned(),
        source: String::new(),
        name: String::new(),
        period: None,
        tracks: Vec::new(),
    };
    let changes: Vec<Change> = list.all("Result").filter_map(|result| read_change(result, &held)).collect();
    let all = Period { from: Moment(i64::MIN), until: Moment(i64::MAX) };
    recordings.len() + spans(&changes, RecordedFor::Continuous, all).len()
}

#[cfg(test)]
mod tests {
    use super::super::element::read;
    use super::*;

    const HOUR: i64 = 3_600_000_000;

    fn held(token: &str, source: &str, name: &str) -> Held {
        Held {
            token: token.to_owned(),
            source: source.to_owned(),
            name: name.to_owned(),
            period: None,
            tracks: vec!["V".to_owned()],
        }
    }

    fn source(token: &str, name: &str) -> Source {
        Source { tokens: vec![token.to_owned()], name: name.to_owned() }
    }

    #[test]
    fn recordings_belong_to_channels_by_token_name_or_order() {
        let channels = [(1, source("S1", "Gate")), (2, source("S2", "Yard"))];
        let named = |all: &[Held]| {
            let of =
                |channel| assigned(all, &channels, channel).iter().map(|held| held.token.clone()).collect();
            [of(1), of(2), of(3)] as [Vec<String>; 3]
        };
        let by_token = [held("b", "S2", ""), held("a", "S1", "Yard"), held("c", "S1", "")];
        assert_eq!(named(&by_token), [vec!["a".to_owned(), "c".to_owned()], vec!["b".to_owned()], vec![]]);
        let by_name = [held("b", "urn:2", "Yard"), held("a", "urn:1", "Gate")];
        assert_eq!(named(&by_name), [vec!["a".to_owned()], vec!["b".to_owned()], vec![]]);
        let by_order = [held("a", "urn:1", ""), held("b", "urn:2", "")];
        assert_eq!(named(&by_order), [vec!["a".to_owned()], vec!["b".to_owned()], vec![]]);
        let nobodys = [held("a", "urn:1", ""), held("b", "urn:2", ""), held("c", "urn:3", "")];
        assert_eq!(named(&nobodys), [vec![], vec![], vec![]] as [Vec<String>; 3]);
        let one_known = [held("a", "S2", ""), held("b", "urn:2", "")];
        assert_eq!(
            named(&one_known),
            [vec![], vec!["a".to_owned()], vec![]],
            "no guess beside what is known"
        );
    }

    #[test]
    fn beginnings_and_ends_become_stretches() {
        let change = |hour: i64, on| Change { at: Moment(hour * HOUR), why: RecordedFor::Continuous, on };
        let day = Period { from: Moment(0), until: Moment(24 * HOUR) };
        let told = |changes: &[Change]| {
            let spans = spans(changes, RecordedFor::Continuous, day);
            spans
                .iter()
                .map(|span| (span.period.from.0 / HOUR, span.period.until.0 / HOUR))
                .collect::<Vec<_>>()
        };
        assert_eq!(told(&[change(2, true), change(3, false), change(5, true)]), [(2, 3), (5, 24)]);
        assert_eq!(told(&[change(3, false), change(4, false)]), [(0, 3)], "it began before");
        assert_eq!(told(&[change(-5, true), change(1, true), change(2, false)]), [(0, 2)], "told twice");
        assert_eq!(told(&[]), []);
    }

    #[test]
    fn events_of_the_past_are_read_by_their_recording_and_track() {
        let event = |recording: &str, track: &str, item: &str, value: &str| {
            read(
                format!(
                    "<tt:Result><tt:RecordingToken>{recording}</tt:RecordingToken><tt:TrackToken>{track}</tt:TrackToken>\
                     <tt:Time>2021-07-16T01:02:03Z</tt:Time><tt:Event><wsnt:Topic>tns1:RuleEngine/CellMotionDetector/Motion</wsnt:Topic>\
                     <wsnt:Message><tt:Message><tt:Data><tt:SimpleItem Name=\"{item}\" Value=\"{value}\"/></tt:Data></tt:Message>\
                     </wsnt:Message></tt:Event></tt:Result>"
                )
                .as_bytes(),
            )
            .unwrap()
        };
        let own = held("R", "", "");
        let at = Moment::from(clock::moment("2021-07-16T01:02:03Z").unwrap());
        let read = |recording, track, item, value| read_change(&event(recording, track, item, value), &own);
        let wanted = |why, on| Some(Change { at, why, on });
        assert_eq!(read("R", "V", "IsDataPresent", "true"), wanted(RecordedFor::Continuous, true));
        assert_eq!(read("R", "", "State", "false"), wanted(RecordedFor::Motion, false));
        assert_eq!((read("R", "AUDIO", "IsDataPresent", "true"), read("S", "V", "State", "1")), (None, None));
    }
}

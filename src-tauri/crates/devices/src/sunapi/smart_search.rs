//! The recorder's own search for motion: `recording.cgi?msubmenu=smartsearch` (SUNAPI 2.6, 'Recording'). It looks through what was
//! noted when it was recorded, for what moved in an area, came into it or left it.
//!
//! Of its answers less is known than of others: whoever reads them takes several spellings, and refuses what is not understood
//! instead of calling a time quiet.

use std::sync::atomic::Ordering;
use std::time::Duration;

use model::{Fault, Period, PicturePart};
use serde_json::Value;

use super::answer::{ask, read};
use super::recordings::Timeline;
use crate::device::Reply;
use crate::fields::Fields;
use crate::http::Request;
use crate::recordings::{Local, MotionSearch};

const CALL: &str = "/stw-cgi/recording.cgi?msubmenu=smartsearch";
/// Areas of one search.
const MOST_AREAS: usize = 8;
/// The longest token; it becomes part of an address.
const LONGEST_TOKEN: usize = 64;
/// Times are told in whole seconds.
const SECOND: Duration = Duration::from_secs(1);

impl MotionSearch for Timeline {
    fn begin<'a>(&'a self, channel: u32, period: Period, area: &'a [PicturePart]) -> Reply<'a, String> {
        Box::pin(async move {
            if area.len() > MOST_AREAS {
                return Err(Fault::NotOffered);
            }
            let (from, until) = self.told(period)?;
            let asked = format!(
                "{CALL}&action=control&Mode=Start&Channel={}&FromDate={from}&ToDate={until}{}",
                channel.saturating_sub(1),
                areas(area)
            );
            let told = ask(&self.client, &asked).await.inspect_err(|fault| {
                if matches!(fault, Fault::NotOffered | Fault::NotFound | Fault::Refused(400..=499)) {
                    self.smart.store(false, Ordering::Relaxed);
                }
            })?;
            token(&told).ok_or_else(|| Fault::Protocol("a search without a token".to_owned()))
        })
    }

    fn is_through<'a>(&'a self, token: &'a str) -> Reply<'a, bool> {
        Box::pin(async move {
            let asked = format!("{CALL}&action=view&Type=Status&SearchToken={token}");
            is_through(&ask(&self.client, &asked).await?)
        })
    }

    fn found<'a>(&'a self, token: &'a str) -> Reply<'a, Vec<Period>> {
        Box::pin(async move {
            let asked = format!("{CALL}&action=view&Type=Results&SearchToken={token}");
            let answer = self.client.send(&Request::get(asked)).await?;
            read(&answer)?;
            let not_understood = || Fault::Protocol("results of a search without their times".to_owned());
            results(&answer.text(), &self.zone).ok_or_else(not_understood)
        })
    }

    fn end<'a>(&'a self, token: &'a str) -> Reply<'a, ()> {
        Box::pin(async move {
            let ended = |mode: &str| format!("{CALL}&action=control&Mode={mode}&SearchToken={token}");
            match ask(&self.client, &ended("Cancel")).await {
                // Not every firmware has that word for it.
                Err(Fault::DeviceSays(_) | Fault::NotOffered) => {
                    ask(&self.client, &ended("Stop")).await.map(drop)
                }
                told => told.map(drop),
            }
        })
    }
}

/// Parts of the picture as polygons between −1 and 1 with the origin in the middle. That y grows upwards is taken over from ONVIF's
/// normalised coordinates (Analytics Service Specification); no recorder has told it. The whole picture is the same either way.
fn areas(parts: &[PicturePart]) -> String {
    let parts = if parts.is_empty() { &[PicturePart::WHOLE][..] } else { parts };
    let area = |(number, part): (usize, &PicturePart)| {
        let x = |at: u16| f64::from(at) / 500.0 - 1.0;
        let y = |at: u16| 1.0 - f64::from(at) / 500.0;
        let (left, top) = (x(part.x), y(part.y));
        let (right, bottom) = (x(part.x.saturating_add(part.width)), y(part.y.saturating_add(part.height)));
        let corners = [left, top, right, top, right, bottom, left, bottom].map(|at| format!("{at:.3}"));
        format!(
            "&Area.{number}.EventType=Motion,Enter,Exit&Area.{number}.Type=Inside&Area.{number}.Coordinates={}",
            corners.join(",")
        )
    };
    (1..).zip(parts).map(area).collect()
}

/// The last part of a name: of `Channel.0.Result.1.StartTime`, `StartTime`.
fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

fn token(told: &Fields) -> Option<String> {
    let (_, token) = told.all().find(|(name, _)| last(name) == "SearchToken")?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let sound = (1..=LONGEST_TOKEN).contains(&token.len()) && token.bytes().all(plain);
    sound.then(|| token.to_owned())
}

fn is_through(told: &Fields) -> Result<bool, Fault> {
    let state = told.all().find(|(name, _)| matches!(last(name), "Status" | "State"));
    let (_, state) = state.ok_or_else(|| Fault::Protocol("a search without a state".to_owned()))?;
    let lower = state.to_ascii_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| lower.starts_with(word));
    if begins(&["fail", "error", "cancel", "abort", "stop", "expire", "invalid"]) {
        return Err(Fault::DeviceSays(state.to_owned()));
    }
    Ok(begins(&["complete", "finish", "done", "success"]))
}

/// The times of an answer, in its order. `None`: it is not understood.
fn results(text: &str, zone: &Local) -> Option<Vec<Period>> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let mut times = Vec::new();
    if text.starts_with('{') {
        of_json(&serde_json::from_str(text).ok()?, &mut times).then_some(())?;
    } else {
        of_lines(text, &mut times);
    }
    let says_none = || text.is_empty() || text == "OK" || text.to_ascii_lowercase().contains("result");
    if times.is_empty() && !says_none() {
        return None;
    }
    let period = |(from, until): (String, Option<String>)| {
        let from = zone.read(&from)?;
        let until = until.map_or(Some(from), |until| zone.read(&until))?;
        Some(Period { from, until: until.max(from.plus(SECOND)) })
    };
    times.into_iter().map(period).collect()
}

/// When something began, and when it ended where that is told.
type Times = Vec<(String, Option<String>)>;

/// Whether every result that there is has a time.
fn of_json(value: &Value, times: &mut Times) -> bool {
    let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    match value {
        Value::Object(members) => {
            if let Some(from) = text("StartTime").or_else(|| text("Time")) {
                times.push((from, text("EndTime")));
                return true;
            }
            // Whoever is no result by itself has lists of them.
            let mut lists = members.values().filter(|member| member.is_array() || member.is_object());
            let any = lists.clone().next().is_some();
            any && lists.all(|member| of_json(member, times))
        }
        Value::Array(elements) => elements.iter().all(|element| of_json(element, times)),
        _ => false,
    }
}

fn of_lines(text: &str, times: &mut Times) {
    for (name, value) in text.lines().filter_map(|line| line.split_once('=')) {
        match (last(name.trim()), times.last_mut()) {
            ("StartTime" | "Time", _) => times.push((value.to_owned(), None)),
            ("EndTime", Some((_, until @ None))) => *until = Some(value.to_owned()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::TimeZone;
    use model::Moment;

    use super::super::attributes::Attributes;
    use super::super::tests::{FOUND, good};
    use super::*;
    use crate::http::testing::{Seen, answer, device};
    use crate::recordings::Recordings;

    async fn recorder(answers: impl Fn(&str) -> String + Send + Sync + 'static) -> (Timeline, Seen) {
        let (client, seen) = device(None, answers);
        let zone = Local(TimeZone::posix("ICT-7").unwrap());
        (Timeline::of(&client, true, 554, zone, true).await.unwrap().unwrap(), seen)
    }

    fn period(from: &str, until: &str) -> Period {
        let at = |text: &str| Moment(text.parse::<Timestamp>().unwrap().as_microsecond());
        Period { from: at(from), until: at(until) }
    }

    fn hour() -> Period {
        period("2021-07-16T01:00:00Z", "2021-07-16T02:00:00Z")
    }

    #[tokio::test(start_paused = true)]
    async fn a_search_is_begun_looked_at_read_and_ended() {
        let (held, seen) = recorder(good).await;
        let search = held.motion_search().unwrap();
        let area = [PicturePart { x: 0, y: 0, width: 250, height: 500 }];
        let token = search.begin(3, hour(), &area).await.unwrap();
        assert_eq!((token.as_str(), search.is_through(&token).await), ("17", Ok(true)));
        let wanted = [
            period("2021-07-16T01:10:00Z", "2021-07-16T01:10:20Z"),
            period("2021-07-16T01:30:05Z", "2021-07-16T01:30:06Z"),
        ];
        assert_eq!(search.found(&token).await, Ok(wanted.to_vec()));
        search.end(&token).await.unwrap();
        let asked = |rest: &str| format!("GET {CALL}&action={rest}");
        assert_eq!(
            seen.asked()[1..],
            [
                asked(
                    "control&Mode=Start&Channel=2&FromDate=2021-07-16%2008:00:00&ToDate=2021-07-16%2009:00:00\
                     &Area.1.EventType=Motion,Enter,Exit&Area.1.Type=Inside\
                     &Area.1.Coordinates=-1.000,1.000,-0.500,1.000,-0.500,0.000,-1.000,0.000"
                ),
                asked("view&Type=Status&SearchToken=17"),
                asked("view&Type=Results&SearchToken=17"),
                asked("control&Mode=Cancel&SearchToken=17"),
            ]
        );
        assert!(areas(&[]).ends_with("=-1.000,1.000,1.000,1.000,1.000,-1.000,-1.000,-1.000"));
        assert_eq!(search.begin(1, hour(), &[area[0]; MOST_AREAS + 1]).await, Err(Fault::NotOffered));
        assert!(held.motion_search().is_some(), "of fewer parts it may be asked");
    }

    #[tokio::test(start_paused = true)]
    async fn who_refuses_it_is_not_asked_again_and_who_is_busy_is() {
        for (refusal, offers) in [
            (answer("200 OK", "NG\r\nError Code: 607\r\nError Details: Feature Not Supported\r\n"), false),
            (answer("404 Not Found", ""), false),
            (answer("200 OK", "NG\r\nError Code: 614\r\nError Details: Search In Progress\r\n"), true),
            (answer("200 OK", "SearchToken=1/../../x\r\n"), true),
        ] {
            let given = refusal.clone();
            let (held, _) =
                recorder(
                    move |request| {
                        if request.contains("smartsearch") { given.clone() } else { good(request) }
                    },
                )
                .await;
            assert!(held.motion_search().unwrap().begin(1, hour(), &[]).await.is_err(), "{refusal}");
            assert_eq!(held.motion_search().is_some(), offers, "{refusal}");
        }
        let denying = r#"<a><group name="Recording"><category name="Support">
            <attribute name="SmartSearch" type="bool" value="False"/></category></group></a>"#;
        assert!(Attributes::read(denying.as_bytes()).unwrap().denies("SmartSearch"));
        let granting = denying.replace("False", "True");
        assert!(!Attributes::read(granting.as_bytes()).unwrap().denies("SmartSearch"));
    }

    #[tokio::test(start_paused = true)]
    async fn another_word_for_the_end_is_tried() {
        let (held, seen) = recorder(|request| {
            let refused = request.contains("Mode=Cancel");
            answer("200 OK", if refused { "NG\r\nError Code: 604\r\n" } else { "OK\r\n" })
        })
        .await;
        held.motion_search().unwrap().end("17").await.unwrap();
        assert!(seen.asked().last().unwrap().ends_with("Mode=Stop&SearchToken=17"));
    }

    #[test]
    fn a_state_is_read_in_several_words_and_a_failed_search_is_not_through() {
        let state = |text: &str| is_through(&Fields::lines(text));
        assert_eq!(state("Status=Completed"), Ok(true));
        assert_eq!(state("SmartSearch.Status=finished"), Ok(true));
        assert_eq!(state("Status=Searching"), Ok(false));
        assert_eq!(state("Status=Incomplete"), Ok(false));
        assert_eq!(state("Status=Failed"), Err(Fault::DeviceSays("Failed".to_owned())));
        assert!(matches!(state("OK"), Err(Fault::Protocol(_))));
        assert_eq!(is_through(&Fields::json(r#"{"Status":"Completed"}"#).unwrap()), Ok(true));
    }

    #[test]
    fn results_are_read_in_several_spellings_and_what_is_not_understood_is_not_called_quiet() {
        let zone = Local(TimeZone::UTC);
        let count = |text: &str| results(text, &zone).map(|found| found.len());
        assert_eq!(count(FOUND), Some(2), "results without numbers are told apart");
        let lines = "Channel.0.Result.1.StartTime=2021-07-16 08:10:00\r\nChannel.0.Result.1.EndTime=2021-07-16 08:10:20\r\n\
                     Channel.0.Result.2.Time=2021-07-16 09:00:00\r\n";
        assert_eq!(count(lines), Some(2));
        for none in [
            "",
            "OK\r\n",
            r#"{"SmartSearchResults":[]}"#,
            r#"{"Results":[{"Channel":0,"Results":[]}]}"#,
            "Results=",
        ] {
            assert_eq!(count(none), Some(0), "{none}");
        }
        for strange in [
            "<html></html>",
            "{broken",
            r#"{"Results":[{"Begin":"2021-07-16 08:10:00"}]}"#,
            r#"{"Results":["2021-07-16 08:10:00"]}"#,
            r#"{"Results":[{"StartTime":"yesterday"}]}"#,
            "Result.1.StartTime=yesterday",
        ] {
            assert_eq!(count(strange), None, "{strange}");
        }
    }
}

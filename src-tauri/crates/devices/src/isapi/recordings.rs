//! What the device holds: `ContentMgmt/search` (ISAPI, 'Content Management'), page by page. Track 1 of channel 1 is `101`.
//!
//! Times end with a `Z` which on most devices means nothing: they are those of the wall clock. Which it is shows by the newest
//! recording, which ends about now.

use std::time::{Duration, SystemTime};

use jiff::tz::TimeZone;
use model::{Fault, Moment, Period, Recorded, RecordedFor};
use tokio::sync::OnceCell;

use super::answer::{ask, post, with};
use crate::device::Reply;
use crate::http::Client;
use crate::makers::unless_essential;
use crate::onvif::{random, uuid};
use crate::recordings::{Footage, Local, Recordings, first_stretch, joined};
use crate::xml::{self, text_of};

const SEARCH: &str = "/ISAPI/ContentMgmt/search";
const FORMAT: &str = "%Y-%m-%dT%H:%M:%SZ";
/// Matches that are asked for at once.
const PAGE: usize = 64;
/// Stretches of one search.
const MOST: usize = 10_000;
/// A search ends within this, however many pages it has.
const SEARCH_DEADLINE: Duration = Duration::from_secs(60);
/// Whoever has recorded until so shortly before now is recording.
const RECENT: i64 = 20 * 60 * 1_000_000;

/// What the device's disks or card hold.
pub(super) struct Tracks {
    client: Client,
    /// Where it serves RTSP, as it is reached from here.
    rtsp_port: u16,
    /// The zone of its wall clock.
    wall: Local,
    /// How far its clock is ahead, ms.
    ahead_ms: i64,
    /// The zone that the times of recordings are really in.
    zone: OnceCell<Local>,
}

/// One page of a search.
struct Page {
    found: Vec<(String, String)>,
    more: bool,
}

impl Tracks {
    /// `None` if it cannot be searched, and thus keeps nothing. `channel`: one that it has.
    pub(super) async fn of(
        client: &Client,
        rtsp_port: u16,
        wall: Local,
        ahead_ms: i64,
        channel: u32,
    ) -> Result<Option<Self>, Fault> {
        let tracks = Self { client: client.clone(), rtsp_port, wall, ahead_ms, zone: OnceCell::new() };
        let now = tracks.now();
        let any = Period { from: now.plus_us(-1_000_000), until: now };
        let asked =
            tracks.page(channel, any, &tracks.wall, RecordedFor::Continuous, 0, &uuid(random())).await;
        Ok(unless_essential(asked)?.map(|_| tracks))
    }

    /// What its clock shows.
    fn now(&self) -> Moment {
        Moment::from(SystemTime::now()).plus_us(self.ahead_ms.saturating_mul(1000))
    }

    async fn page(
        &self,
        channel: u32,
        period: Period,
        zone: &Local,
        why: RecordedFor,
        first: usize,
        search: &str,
    ) -> Result<Page, Fault> {
        let (from, until) =
            (zone.told(period.from, FORMAT)?, zone.told(period.until.plus_us(999_999), FORMAT)?);
        let track = u64::from(channel) * 100 + 1;
        let kind = if why == RecordedFor::Motion { "/motion" } else { "" };
        let asked = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><CMSearchDescription><searchID>{search}</searchID><trackIDList>\
             <trackID>{track}</trackID></trackIDList><timeSpanList><timeSpan><startTime>{from}</startTime>\
             <endTime>{until}</endTime></timeSpan></timeSpanList><maxResults>{PAGE}</maxResults>\
             <searchResultPostion>{first}</searchResultPostion><metadataList><metadataDescriptor>\
             //recordType.meta.std-cgi.com{kind}</metadataDescriptor></metadataList></CMSearchDescription>"
        );
        let text = post(&self.client, SEARCH, asked).await?;
        with(&text, |root| {
            if root.tag_name().name() != "CMSearchResult" {
                return Err(Fault::NotOffered);
            }
            let of = |node| Some((text_of(node, "startTime")?, text_of(node, "endTime")?));
            let found = xml::all(root, "timeSpan").filter_map(of).collect();
            let more = text_of(root, "responseStatusStrg").is_some_and(|status| status == "MORE");
            Ok(Page { found, more })
        })?
    }

    async fn search(
        &self,
        channel: u32,
        period: Period,
        zone: &Local,
        why: RecordedFor,
    ) -> Result<Vec<Recorded>, Fault> {
        let all = async {
            let search = uuid(random());
            let (mut found, mut listed) = (Vec::new(), 0);
            loop {
                let page = self.page(channel, period, zone, why, listed, &search).await?;
                listed += page.found.len();
                let read = |(from, until): &(String, String)| {
                    let period = Period { from: zone.read(from)?, until: zone.read(until)? };
                    (period.from < period.until).then_some(Recorded { period, why, overlap: 0 })
                };
                let spans = page.found.iter().filter_map(read);
                found.extend(spans.filter(|span| span.period.common(period).is_some()));
                if !page.more || page.found.is_empty() {
                    return Ok(joined(found));
                }
                if listed > MOST {
                    return Err(Fault::Protocol(format!("more than {MOST} recordings in one search")));
                }
            }
        };
        let walk = tokio::time::timeout(SEARCH_DEADLINE, all).await;
        walk.unwrap_or(Err(Fault::NoAnswer(SEARCH_DEADLINE)))
    }

    /// The zone of its recordings' times: that of the wall clock, unless what is being recorded ends now by UTC.
    async fn zone(&self, channel: u32) -> Result<&Local, Fault> {
        let find = || async {
            let (now, day) = (self.now(), Duration::from_secs(86_400));
            let around = Period { from: now.minus(day), until: now.plus(day) };
            let utc = Local(TimeZone::UTC);
            let spans = self.search(channel, around, &utc, RecordedFor::Continuous).await?;
            let newest = spans.iter().map(|span| span.period.until).max();
            // Read as if `Z` were true, what is recorded now ends now.
            let true_to_name = newest.is_some_and(|newest| newest.since_us(now).abs() < RECENT);
            Ok(if true_to_name { utc } else { self.wall.clone() })
        };
        self.zone.get_or_try_init(find).await
    }

    /// Which days of a month a track has (`dailyDistribution`), by the wall clock.
    async fn calendar(&self, channel: u32, period: Period) -> Result<Option<Vec<Period>>, Fault> {
        let track = u64::from(channel) * 100 + 1;
        let mut found = Vec::new();
        for month in self.wall.months(period) {
            let asked = format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><trackDailyParam version=\"1.0\" \
                 xmlns=\"http://www.hikvision.com/ver20/XMLSchema\"><year>{}</year><monthOfYear>{}</monthOfYear></trackDailyParam>",
                month.year(),
                month.month()
            );
            let target = format!("/ISAPI/ContentMgmt/record/tracks/{track}/dailyDistribution");
            let Some(text) = unless_essential(post(&self.client, &target, asked).await)? else {
                return Ok(None);
            };
            let dates = with(&text, |root| {
                if root.tag_name().name() != "trackDailyDistribution" {
                    return Err(Fault::NotOffered);
                }
                let recorded = |day: &roxmltree::Node<'_, '_>| {
                    text_of(*day, "record").is_some_and(|record| record.eq_ignore_ascii_case("true"))
                };
                let date = |day: roxmltree::Node<'_, '_>| {
                    let number = text_of(day, "dayOfMonth")?.parse().ok()?;
                    month.with().day(number).build().ok()
                };
                Ok(xml::all(root, "day").filter(recorded).filter_map(date).collect::<Vec<_>>())
            });
            // Who answers with anything else has no calendar: days are told by the stretches then.
            let Ok(Ok(dates)) = dates else { return Ok(None) };
            let days = dates.into_iter().filter_map(|date| self.wall.day(date));
            found.extend(days.filter(|day| day.common(period).is_some()));
        }
        Ok(Some(found))
    }

    async fn locate(&self, channel: u32, period: Period) -> Result<Footage, Fault> {
        let zone = self.zone(channel).await?;
        let held = self.search(channel, period, zone, RecordedFor::Continuous).await?;
        let holds = first_stretch(held, period)?;
        let time = |moment| zone.told(moment, "%Y%m%dT%H%M%SZ");
        let given = format!(
            "rtsp://device:{}/Streaming/tracks/{}?starttime={}&endtime={}",
            self.rtsp_port,
            u64::from(channel) * 100 + 1,
            time(holds.from)?,
            time(holds.until)?
        );
        Ok(Footage::part(self.client.origin().recording(&given, None)?, holds, self.client.pin()))
    }
}

impl Recordings for Tracks {
    fn spans(&self, channel: u32, period: Period) -> Reply<'_, Vec<Recorded>> {
        Box::pin(async move {
            let zone = self.zone(channel).await?;
            let mut all = self.search(channel, period, zone, RecordedFor::Continuous).await?;
            // Not all devices can look for an event alone.
            let motion = self.search(channel, period, zone, RecordedFor::Motion).await;
            all.extend(unless_essential(motion)?.unwrap_or_default());
            all.sort_by_key(|span| (span.period.from, span.period.until));
            Ok(all)
        })
    }

    fn footage(&self, channel: u32, period: Period, _overlap: u32) -> Reply<'_, Footage> {
        Box::pin(self.locate(channel, period))
    }

    fn days(&self, channel: u32, period: Period) -> Reply<'_, Option<Vec<Period>>> {
        Box::pin(self.calendar(channel, period))
    }

    fn time(&self) -> Reply<'_, Option<SystemTime>> {
        Box::pin(async move { Ok(super::told(&ask(&self.client, super::TIME).await?)?.0) })
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::http::testing::{Seen, answer, device};

    fn at(text: &str) -> Moment {
        Moment(text.parse::<Timestamp>().unwrap().as_microsecond())
    }

    fn period(from: &str, until: &str) -> Period {
        Period { from: at(from), until: at(until) }
    }

    fn page(spans: &[(&str, &str)], status: &str) -> String {
        let spans: String = spans
            .iter()
            .map(|(from, until)| {
                format!(
                    "<searchMatchItem><timeSpan><startTime>{from}</startTime><endTime>{until}</endTime></timeSpan></searchMatchItem>"
                )
            })
            .collect();
        format!(
            "<CMSearchResult xmlns=\"http://www.hikvision.com/ver20/XMLSchema\"><responseStatusStrg>{status}</responseStatusStrg>\
             <matchList>{spans}</matchList></CMSearchResult>"
        )
    }

    /// A device in Vietnam that records, whose `Z` is true or not.
    fn recording(true_to_name: bool) -> (Tracks, Seen) {
        let own = Local(TimeZone::posix("ICT-7").unwrap());
        let zone = if true_to_name { Local(TimeZone::UTC) } else { own.clone() };
        let newest = zone.told(Moment::from(SystemTime::now()), FORMAT).unwrap();
        let (client, seen) = device(None, move |request| {
            let body = if request.contains("/motion") {
                page(&[("2021-07-16T09:10:00Z", "2021-07-16T09:11:30Z")], "OK")
            } else if !request.contains("2021-07-16") {
                page(&[("2021-07-01T00:00:00Z", &newest)], "OK")
            } else if request.contains("<searchResultPostion>0<") {
                page(
                    &[
                        ("2021-07-16T08:30:00Z", "2021-07-16T09:00:00Z"),
                        ("2021-07-16T09:00:00Z", "2021-07-16T10:00:00Z"),
                    ],
                    "MORE",
                )
            } else {
                page(
                    &[("2021-07-16T11:00:00Z", "2021-07-16T12:00:00Z"), ("never", "2021-07-16T12:00:00Z")],
                    "OK",
                )
            };
            answer("200 OK", &body)
        });
        let tracks = Tracks { client, rtsp_port: 554, wall: own, ahead_ms: 0, zone: OnceCell::new() };
        (tracks, seen)
    }

    #[tokio::test(start_paused = true)]
    async fn pages_become_stretches_by_the_wall_clock_or_by_what_z_means() {
        for (true_to_name, ahead) in [(false, 7), (true, 0)] {
            let (tracks, seen) = recording(true_to_name);
            let hour = |hour: i64, minute: i64| {
                at("2021-07-16T00:00:00Z").plus_us(((hour - ahead) * 60 + minute) * 60_000_000)
            };
            let spans =
                tracks.spans(2, period("2021-07-16T00:00:00Z", "2021-07-16T14:00:00Z")).await.unwrap();
            let told: Vec<_> = spans.iter().map(|span| (span.period, span.why)).collect();
            let wanted = [
                (Period { from: hour(8, 30), until: hour(10, 0) }, RecordedFor::Continuous),
                (Period { from: hour(9, 10), until: hour(9, 10).plus_us(90_000_000) }, RecordedFor::Motion),
                (Period { from: hour(11, 0), until: hour(12, 0) }, RecordedFor::Continuous),
            ];
            assert_eq!(told, wanted, "{true_to_name}");
            assert!(seen.requests().iter().all(|asked| asked.contains("<trackID>201</trackID>")));
            let footage =
                tracks.footage(2, Period { from: hour(9, 0), until: hour(9, 20) }, 0).await.unwrap();
            assert_eq!(
                footage.address.url().as_str(),
                "rtsp://192.0.2.7:554/Streaming/tracks/201?starttime=20210716T090000Z&endtime=20210716T092000Z"
            );
            assert_eq!(footage.zero, Some(SystemTime::from(hour(9, 0))));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn days_of_a_month_are_those_of_the_wall_clock() {
        let own = || Local(TimeZone::posix("ICT-7").unwrap());
        let day = |day: u8, record: bool| {
            format!("<day><id>{day}</id><dayOfMonth>{day}</dayOfMonth><record>{record}</record></day>")
        };
        let list = [day(15, true), day(16, false), day(17, true), day(32, true)].concat();
        let told = format!(
            "<trackDailyDistribution version=\"1.0\"><dayList>{list}</dayList></trackDailyDistribution>"
        );
        let (client, seen) = device(None, move |_| answer("200 OK", &told));
        let held =
            |client| Tracks { client, rtsp_port: 554, wall: own(), ahead_ms: 0, zone: OnceCell::new() };
        let month = period("2021-06-30T17:00:00Z", "2021-07-31T17:00:00Z");
        let wanted = [
            period("2021-07-14T17:00:00Z", "2021-07-15T17:00:00Z"),
            period("2021-07-16T17:00:00Z", "2021-07-17T17:00:00Z"),
        ];
        assert_eq!(held(client).days(2, month).await, Ok(Some(wanted.to_vec())));
        let asked = &seen.requests()[0];
        assert!(asked.contains("/tracks/201/dailyDistribution"), "{asked}");
        assert!(asked.contains("<year>2021</year><monthOfYear>7</monthOfYear>"), "{asked}");
        for says in ["<html/>", ""] {
            let (client, _) = device(None, move |_| answer("200 OK", says));
            assert_eq!(held(client).days(2, month).await, Ok(None), "{says}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn pages_without_end_are_bounded_and_no_search_is_no_recordings() {
        let (client, _) = device(None, |_| {
            answer("200 OK", &page(&[("2021-07-16T09:00:00Z", "2021-07-16T10:00:00Z"); 64], "MORE"))
        });
        let utc = || Local(TimeZone::UTC);
        let endless = Tracks::of(&client, 554, utc(), 0, 1).await.unwrap().unwrap();
        let fault =
            endless.spans(1, period("2021-07-16T00:00:00Z", "2021-07-17T00:00:00Z")).await.unwrap_err();
        assert_eq!(fault, Fault::Protocol("more than 10000 recordings in one search".to_owned()));
        for says in [
            "<ResponseStatus><statusCode>4</statusCode><subStatusCode>notSupport</subStatusCode></ResponseStatus>",
            "<html/>",
            "",
        ] {
            let (client, _) = device(None, move |_| answer("200 OK", says));
            assert!(Tracks::of(&client, 554, utc(), 0, 1).await.unwrap().is_none(), "{says}");
        }
    }
}

//! What the device holds: `recording.cgi` (SUNAPI 2.6, 'Recording'). Times are local, in whole seconds; after a clock was put
//! back the hour that came twice is told apart by an overlap id.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use jiff::ToSpan as _;
use jiff::tz::TimeZone;
use model::{Fault, Period, Recorded, RecordedFor};

use super::answer::ask;
use crate::device::Reply;
use crate::fields::Fields;
use crate::http::Client;
use crate::makers::unless_essential;
use crate::recordings::{Footage, Local, MotionSearch, Recordings, first_stretch, joined};

const TIME: &str = "%Y-%m-%d%%20%H:%M:%S";
/// Overlap ids of one search: a clock is put back now and then.
const MOST_OVERLAPS: usize = 8;

/// What the device's disks or card hold.
pub(super) struct Timeline {
    pub(super) client: Client,
    /// Recorders and cameras are played at different addresses.
    recorder: bool,
    /// Where it serves RTSP, as it is reached from here.
    rtsp_port: u16,
    pub(super) zone: Local,
    /// It may search for motion by itself: it does not say that it can't, and has not refused it.
    pub(super) smart: AtomicBool,
}

impl Timeline {
    /// `None` if it has no timeline, and thus keeps nothing.
    pub(super) async fn of(
        client: &Client,
        recorder: bool,
        rtsp_port: u16,
        zone: Local,
        smart: bool,
    ) -> Result<Option<Self>, Fault> {
        let told = ask(client, "/stw-cgi/recording.cgi?msubmenu=overlapped&action=view").await;
        let kept = unless_essential(told)?.is_some();
        Ok(kept.then(|| Self {
            client: client.clone(),
            recorder,
            rtsp_port,
            zone,
            smart: AtomicBool::new(smart),
        }))
    }

    async fn search(&self, channel: u32, period: Period) -> Result<Vec<Recorded>, Fault> {
        let (from, until) = self.told(period)?;
        let index = channel.saturating_sub(1);
        let asked = format!("ChannelIDList={index}&FromDate={from}&ToDate={until}");
        let told =
            ask(&self.client, &format!("/stw-cgi/recording.cgi?msubmenu=overlapped&action=view&{asked}"))
                .await;
        let ids = overlaps(&unless_essential(told)?.unwrap_or_default());
        let mut found: Vec<Recorded> = Vec::new();
        for overlap in ids {
            let told = ask(
                &self.client,
                &format!(
                    "/stw-cgi/recording.cgi?msubmenu=timeline&action=view&{asked}&Type=All&OverlappedID={overlap}"
                ),
            )
            .await?;
            for span in self.read(&told, index, overlap) {
                // What is there once is told with every id.
                let again = found.iter().any(|known| known.period == span.period && known.why == span.why);
                if !again && span.period.common(period).is_some() {
                    found.push(span);
                }
            }
        }
        Ok(joined(found))
    }

    /// The first and the last second of a period in its words.
    pub(super) fn told(&self, period: Period) -> Result<(String, String), Fault> {
        let until = period.until.plus_us(999_999);
        Ok((self.zone.told(period.from, TIME)?, self.zone.told(until, TIME)?))
    }

    fn read(&self, told: &Fields, index: u32, overlap: u32) -> Vec<Recorded> {
        let results = format!("Channel.{index}.Result.");
        let numbers = told.numbers(&results, ".").into_iter();
        let span = |number: u32| {
            let field = |name: &str| told.get(&format!("{results}{number}.{name}"));
            let (from, until) = (self.zone.read(field("StartTime")?)?, self.zone.read(field("EndTime")?)?);
            let why = reason(field("Type").unwrap_or_default());
            (from < until).then_some(Recorded { period: Period { from, until }, why, overlap })
        };
        numbers.filter_map(span).collect()
    }

    /// A digit for each day of a month, 1 where anything was recorded.
    async fn calendar(&self, channel: u32, period: Period) -> Result<Option<Vec<Period>>, Fault> {
        let index = channel.saturating_sub(1);
        let mut found = Vec::new();
        for month in self.zone.months(period) {
            let asked = format!(
                "/stw-cgi/recording.cgi?msubmenu=calendarsearch&action=view&Month={}&ChannelIDList={index}",
                month.strftime("%Y-%m")
            );
            let Some(told) = unless_essential(ask(&self.client, &asked).await)? else { return Ok(None) };
            let Some(digits) = told.get(&format!("Channel.{index}.Result")) else { return Ok(None) };
            let dates = month
                .series(1.day())
                .zip(digits.bytes())
                .take(usize::from(month.days_in_month().unsigned_abs()));
            let days = dates.filter(|(_, digit)| *digit == b'1').filter_map(|(date, _)| self.zone.day(date));
            found.extend(days.filter(|day| day.common(period).is_some()));
        }
        Ok(Some(found))
    }

    async fn locate(&self, channel: u32, period: Period, overlap: u32) -> Result<Footage, Fault> {
        let held = self.search(channel, period).await?;
        let held = held.into_iter().filter(|span| span.overlap == overlap).collect();
        let holds = first_stretch(held, period)?;
        let index = channel.saturating_sub(1);
        let port = self.rtsp_port;
        let given = if self.recorder {
            let utc = Local(TimeZone::UTC);
            let (from, until) =
                (utc.told(holds.from, "%Y%m%dT%H%M%SZ")?, utc.told(holds.until, "%Y%m%dT%H%M%SZ")?);
            // One session has one key; those without have none.
            let key = ask(&self.client, "/stw-cgi/media.cgi?msubmenu=sessionkey&action=view").await;
            let key = unless_essential(key)?.and_then(|told| told.get("SessionKey").map(str::to_owned));
            let key = key.filter(|key| key.bytes().all(|byte| byte.is_ascii_alphanumeric()));
            let session = key.map_or_else(String::new, |key| format!("&session={key}"));
            format!(
                "rtsp://device:{port}/PlaybackChannel/{index}/media.smp/start={from}&end={until}&overlap={overlap}{session}"
            )
        } else {
            let (from, until) =
                (self.zone.told(holds.from, "%Y%m%d%H%M%S")?, self.zone.told(holds.until, "%Y%m%d%H%M%S")?);
            format!("rtsp://device:{port}/recording/{from}-{until}/OverlappedID={overlap}/play.smp")
        };
        Ok(Footage::part(self.client.origin().recording(&given, None)?, holds, self.client.pin()))
    }
}

impl Recordings for Timeline {
    fn spans(&self, channel: u32, period: Period) -> Reply<'_, Vec<Recorded>> {
        Box::pin(self.search(channel, period))
    }

    fn footage(&self, channel: u32, period: Period, overlap: u32) -> Reply<'_, Footage> {
        Box::pin(self.locate(channel, period, overlap))
    }

    fn days(&self, channel: u32, period: Period) -> Reply<'_, Option<Vec<Period>>> {
        Box::pin(self.calendar(channel, period))
    }

    fn time(&self) -> Reply<'_, Option<SystemTime>> {
        Box::pin(async move { Ok(super::told(&ask(&self.client, super::TIME).await?)) })
    }

    fn motion_search(&self) -> Option<&dyn MotionSearch> {
        self.smart.load(Ordering::Relaxed).then_some(self)
    }
}

/// The zone of the device's local times: what it calls it, else how the two times that it tells differ.
pub(super) fn zone(date: &Fields) -> Local {
    let named = date.get("POSIXTimeZone").and_then(|zone| TimeZone::posix(zone).ok());
    let time = |name: &str| Local(TimeZone::UTC).read(date.get(name)?.trim_end_matches(" DST"));
    let differ = time("LocalTime").zip(time("UTCTime")).map(|(local, utc)| local.since_us(utc));
    let offset = differ.and_then(|us| {
        let whole = i32::try_from(us.div_euclid(1_000_000)).ok()?;
        jiff::tz::Offset::from_seconds(whole).ok()
    });
    Local(named.or_else(|| offset.map(TimeZone::fixed)).unwrap_or_else(TimeZone::system))
}

/// Usually `OverlappedIDList=0`.
fn overlaps(told: &Fields) -> Vec<u32> {
    let list = told.all().find(|(name, _)| name.ends_with("OverlappedIDList")).map(|(_, list)| list);
    let ids = list.into_iter().flat_map(|list| list.split(','));
    let mut ids: Vec<u32> = ids.filter_map(|id| id.trim().parse().ok()).take(MOST_OVERLAPS).collect();
    if ids.is_empty() {
        ids.push(0);
    }
    ids.sort_unstable();
    ids
}

/// What the timeline calls its stretches.
fn reason(kind: &str) -> RecordedFor {
    match kind {
        "" | "Normal" | "Scheduled" => RecordedFor::Continuous,
        "MotionDetection" => RecordedFor::Motion,
        "Manual" => RecordedFor::Manual,
        _ => RecordedFor::Event,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use model::Moment;

    use super::*;
    use crate::http::testing::{answer, device};

    fn at(text: &str) -> Moment {
        Moment(text.parse::<Timestamp>().unwrap().as_microsecond())
    }

    fn period(from: &str, until: &str) -> Period {
        Period { from: at(from), until: at(until) }
    }

    const TOLD: &str = r#"{"TimeLineSearchResults":[{"Channel":2,"Results":[
        {"Result":2,"StartTime":"2021-07-16 09:30:00","EndTime":"2021-07-16 10:00:00","Type":"Normal"},
        {"Result":1,"StartTime":"2021-07-16 08:00:00","EndTime":"2021-07-16 08:59:59","Type":"Normal"},
        {"Result":3,"StartTime":"2021-07-16 09:00:00","EndTime":"2021-07-16 09:10:00","Type":"Normal"},
        {"Result":4,"StartTime":"2021-07-16 08:10:00","EndTime":"2021-07-16 08:10:20","Type":"MotionDetection"},
        {"Result":5,"StartTime":"yesterday","EndTime":"2021-07-16 08:10:20","Type":"Manual"}]}]}"#;

    fn timeline(recorder: bool, ids: &'static str) -> (Timeline, crate::http::testing::Seen) {
        let (client, seen) = device(None, move |request| {
            let body = if request.contains("overlapped") {
                ids
            } else if request.contains("sessionkey") {
                "SessionKey=12AB\r\n"
            } else {
                TOLD
            };
            answer("200 OK", body)
        });
        let zone = Local(TimeZone::posix("STWT-7").unwrap());
        (Timeline { client, recorder, rtsp_port: 558, zone, smart: AtomicBool::new(true) }, seen)
    }

    #[tokio::test(start_paused = true)]
    async fn stretches_come_in_order_and_those_that_go_on_are_one() {
        let (held, seen) = timeline(true, "{\"OverlappedIDList\":[0,1]}");
        let asked = period("2021-07-16T00:00:00Z", "2021-07-16T06:00:00Z");
        let told: Vec<_> = held.spans(3, asked).await.unwrap();
        let told: Vec<_> = told.into_iter().map(|span| (span.period, span.why, span.overlap)).collect();
        let wanted = [
            (period("2021-07-16T01:00:00Z", "2021-07-16T02:10:00Z"), RecordedFor::Continuous, 0),
            (period("2021-07-16T01:10:00Z", "2021-07-16T01:10:20Z"), RecordedFor::Motion, 0),
            (period("2021-07-16T02:30:00Z", "2021-07-16T03:00:00Z"), RecordedFor::Continuous, 0),
        ];
        assert_eq!(told, wanted);
        let line = &seen.asked()[1];
        assert!(
            line.contains("ChannelIDList=2&FromDate=2021-07-16%2007:00:00&ToDate=2021-07-16%2013:00:00&"),
            "{line}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn recorders_are_played_in_utc_and_cameras_in_local_time() {
        let asked = period("2021-07-16T01:30:00Z", "2021-07-16T06:00:00Z");
        for (recorder, wanted) in [
            (
                true,
                "rtsp://192.0.2.7:558/PlaybackChannel/2/media.smp/start=20210716T013000Z&end=20210716T021000Z&overlap=0&session=12AB",
            ),
            (false, "rtsp://192.0.2.7:558/recording/20210716083000-20210716091000/OverlappedID=0/play.smp"),
        ] {
            let footage = timeline(recorder, "OverlappedIDList=0\r\n").0.footage(3, asked, 0).await.unwrap();
            assert_eq!(footage.address.url().as_str(), wanted);
            assert_eq!(footage.holds, Some(period("2021-07-16T01:30:00Z", "2021-07-16T02:10:00Z")));
        }
        let (held, _) = timeline(true, "");
        assert_eq!(held.footage(3, asked, 7).await, Err(Fault::NotFound));
    }

    #[tokio::test(start_paused = true)]
    async fn a_digit_of_the_month_is_a_day_in_the_devices_zone() {
        let (client, seen) = device(None, |request| {
            let digits = if request.contains("2021-07") { "0000000000000000000000000000011" } else { "100" };
            answer("200 OK", &format!(r#"{{"CalenderSearchResults":[{{"Channel":2,"Result":"{digits}"}}]}}"#))
        });
        let zone = Local(TimeZone::posix("STWT-7").unwrap());
        let held = Timeline { client, recorder: true, rtsp_port: 558, zone, smart: AtomicBool::new(true) };
        let days = held.days(3, period("2021-07-30T17:00:00Z", "2021-08-30T17:00:00Z")).await.unwrap();
        let wanted = [
            period("2021-07-30T17:00:00Z", "2021-07-31T17:00:00Z"),
            period("2021-07-31T17:00:00Z", "2021-08-01T17:00:00Z"),
        ];
        assert_eq!(days, Some(wanted.to_vec()), "the 30th ends where the period begins");
        assert!(seen.asked()[1].contains("Month=2021-08&ChannelIDList=2"), "{:?}", seen.asked());

        let refusal = "NG\r\nError Code: 608\r\nError Details: Feature Not Implemented\r\n";
        let (client, _) = device(None, move |_| answer("200 OK", refusal));
        let zone = Local(TimeZone::UTC);
        let held = Timeline { client, recorder: true, rtsp_port: 558, zone, smart: AtomicBool::new(true) };
        assert_eq!(held.days(3, period("2021-07-30T17:00:00Z", "2021-08-30T17:00:00Z")).await, Ok(None));
    }

    #[test]
    fn a_zone_without_a_name_is_how_the_two_times_differ() {
        let moment = at("2021-07-16T01:02:03Z");
        for date in [
            "POSIXTimeZone=STWT-7\nLocalTime=2021-07-16 08:02:03\nUTCTime=2021-07-16 00:00:00",
            "LocalTime=2021-07-16 08:02:03\nUTCTime=2021-07-16 01:02:03",
        ] {
            let zone = zone(&Fields::lines(date));
            assert_eq!(zone.read("2021-07-16 08:02:03"), Some(moment), "{date}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_device_without_a_timeline_holds_nothing() {
        let refusal = "NG\r\nError Code: 608\r\nError Details: Feature Not Implemented\r\n";
        let (client, _) = device(None, move |_| answer("200 OK", refusal));
        assert!(Timeline::of(&client, false, 554, Local(TimeZone::UTC), true).await.unwrap().is_none());
    }
}

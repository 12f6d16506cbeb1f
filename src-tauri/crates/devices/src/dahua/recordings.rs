//! What the device holds: `mediaFileFind.cgi` (Dahua HTTP API, 'Media file find'): a finder is made, told what to look for,
//! asked page by page, and destroyed. Times are local, without their zone, in whole seconds.

use std::time::{Duration, SystemTime};

use model::{Fault, Period, Recorded, RecordedFor};

use super::answer::ask;
use crate::device::Reply;
use crate::fields::Fields;
use crate::http::Client;
use crate::makers::unless_essential;
use crate::recordings::{Footage, Local, Recordings, first_stretch, joined};

/// Files that are asked for at once: what devices give at most.
const PAGE: u32 = 100;
/// Files of one search; a channel has some hundreds a day at most.
const MOST_FILES: usize = 10_000;
/// A search ends within this, however many pages it has.
const SEARCH_DEADLINE: Duration = Duration::from_secs(60);

/// What the device's disks or card hold.
pub(super) struct Files {
    client: Client,
    /// Where it serves RTSP, as it is reached from here.
    rtsp_port: u16,
    /// The zone that its times are taken to be in: that of its clock (see the module above).
    zone: Local,
}

impl Files {
    /// `None` if it makes no finders, and thus keeps nothing.
    pub(super) async fn of(client: &Client, rtsp_port: u16, zone: Local) -> Result<Option<Self>, Fault> {
        let files = Self { client: client.clone(), rtsp_port, zone };
        let Some(finder) = unless_essential(files.finder().await)? else { return Ok(None) };
        files.destroy(finder).await;
        Ok(Some(files))
    }

    async fn call(&self, action: &str) -> Result<Fields, Fault> {
        ask(&self.client, &format!("/cgi-bin/mediaFileFind.cgi?action={action}")).await
    }

    async fn finder(&self) -> Result<u64, Fault> {
        let told = self.call("factory.create").await?;
        told.get("result").and_then(|number| number.parse().ok()).ok_or(Fault::NotOffered)
    }

    /// Devices have few finders. One that cannot be given back is forgotten by the device in the end.
    async fn destroy(&self, finder: u64) {
        for action in ["close", "destroy"] {
            let _ = self.call(&format!("{action}&object={finder}")).await;
        }
    }

    async fn search(&self, channel: u32, period: Period, why: RecordedFor) -> Result<Vec<Recorded>, Fault> {
        let finder = self.finder().await?;
        let walk = tokio::time::timeout(SEARCH_DEADLINE, self.walk(finder, channel, period, why)).await;
        self.destroy(finder).await;
        walk.unwrap_or(Err(Fault::NoAnswer(SEARCH_DEADLINE)))
    }

    async fn walk(
        &self,
        finder: u64,
        channel: u32,
        period: Period,
        why: RecordedFor,
    ) -> Result<Vec<Recorded>, Fault> {
        let time = |moment| self.zone.told(moment, "%Y-%m-%d%%20%H:%M:%S");
        let mut condition = format!(
            "findFile&object={finder}&condition.Channel={channel}&condition.StartTime={}&condition.EndTime={}\
             &condition.Types[0]=dav",
            time(period.from)?,
            time(period.until.plus_us(999_999))?
        );
        if why == RecordedFor::Motion {
            condition.push_str("&condition.Events[0]=VideoMotion");
        }
        self.call(&condition).await?;
        let mut found = Vec::new();
        let mut listed = 0;
        loop {
            let page = self.call(&format!("findNextFile&object={finder}&count={PAGE}")).await?;
            let items = page.numbers("items[", "]");
            if items.is_empty() {
                return Ok(joined(found));
            }
            listed += items.len();
            if listed > MOST_FILES {
                return Err(Fault::Protocol(format!("more than {MOST_FILES} recordings in one search")));
            }
            let files = items.into_iter().filter_map(|item| self.file(&page, item, why));
            found.extend(files.filter(|file| file.period.common(period).is_some()));
        }
    }

    /// One file, if it is one of the main stream whose times can be read.
    fn file(&self, page: &Fields, item: u32, why: RecordedFor) -> Option<Recorded> {
        let field = |name: &str| page.get(&format!("items[{item}].{name}"));
        if field("VideoStream").is_some_and(|stream| stream != "Main") {
            return None;
        }
        let time = |name| self.zone.read(field(name)?);
        let (from, until) = (time("StartTime")?, time("EndTime")?);
        (from < until).then_some(Recorded { period: Period { from, until }, why, overlap: 0 })
    }

    async fn locate(&self, channel: u32, period: Period) -> Result<Footage, Fault> {
        let held = self.search(channel, period, RecordedFor::Continuous).await?;
        let holds = first_stretch(held, period)?;
        let time = |moment| self.zone.told(moment, "%Y_%m_%d_%H_%M_%S");
        let given = format!(
            "rtsp://device:{}/cam/playback?channel={channel}&subtype=0&starttime={}&endtime={}",
            self.rtsp_port,
            time(holds.from)?,
            time(holds.until)?
        );
        Ok(Footage::part(self.client.origin().recording(&given, None)?, holds, self.client.pin()))
    }
}

impl Recordings for Files {
    fn spans(&self, channel: u32, period: Period) -> Reply<'_, Vec<Recorded>> {
        Box::pin(async move {
            let mut all = self.search(channel, period, RecordedFor::Continuous).await?;
            // Not all devices can look for an event alone.
            let motion = self.search(channel, period, RecordedFor::Motion).await;
            all.extend(unless_essential(motion)?.unwrap_or_default());
            all.sort_by_key(|span| (span.period.from, span.period.until));
            Ok(all)
        })
    }

    fn footage(&self, channel: u32, period: Period, _overlap: u32) -> Reply<'_, Footage> {
        Box::pin(self.locate(channel, period))
    }

    fn time(&self) -> Reply<'_, Option<SystemTime>> {
        Box::pin(async move { Ok(super::told(&ask(&self.client, super::TIME).await?, &self.zone.0)) })
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::TimeZone;
    use model::Moment;

    use super::*;
    use crate::http::testing::{Seen, answer, device};

    fn at(text: &str) -> Moment {
        Moment(text.parse::<Timestamp>().unwrap().as_microsecond())
    }

    fn period(from: &str, until: &str) -> Period {
        Period { from: at(from), until: at(until) }
    }

    /// A device that gives these pages in turn (`motion` for a search of motion), the last of them for ever.
    fn holding(pages: &'static [&'static str], motion: &'static str, zone: &str) -> (Files, Seen) {
        let turn = parking_lot::Mutex::new((false, 0));
        let (client, seen) = device(None, move |request| {
            let mut turn = turn.lock();
            if request.contains("factory.create") {
                return answer("200 OK", "result=7\r\n");
            } else if request.contains("findFile") {
                *turn = (request.contains("VideoMotion"), 0);
            } else if request.contains("findNextFile") {
                let page = match *turn {
                    (true, 0) => motion,
                    (true, _) => "found=0\r\n",
                    (false, n) => pages[n.min(pages.len() - 1)],
                };
                turn.1 += 1;
                return answer("200 OK", page);
            }
            answer("200 OK", "OK\r\n")
        });
        (Files { client, rtsp_port: 5540, zone: Local(TimeZone::posix(zone).unwrap()) }, seen)
    }

    const FIRST: &str = "found=2\r\nitems[0].StartTime=2021-07-16 09:00:00\r\nitems[0].EndTime=2021-07-16 10:00:00\r\n\
        items[0].VideoStream=Main\r\nitems[1].StartTime=2021-07-16 08:30:00\r\nitems[1].EndTime=2021-07-16 09:00:00\r\n";
    const SECOND: &str =
        "found=1\r\nitems[0].StartTime=2021-07-16 11:00:00\r\nitems[0].EndTime=2021-07-16 12:00:00\r\n";
    const MOTION: &str =
        "found=1\r\nitems[0].StartTime=2021-07-16 09:10:00\r\nitems[0].EndTime=2021-07-16 09:11:30\r\n";

    #[tokio::test(start_paused = true)]
    async fn files_of_all_pages_become_spans_with_gaps_in_order() {
        let (files, seen) = holding(&[FIRST, SECOND, "found=0\r\n"], MOTION, "ICT-7");
        let asked = period("2021-07-16T01:00:00Z", "2021-07-16T06:00:00.5Z");
        let spans = files.spans(3, asked).await.unwrap();
        let told: Vec<_> = spans.iter().map(|span| (span.period, span.why)).collect();
        let wanted = [
            (period("2021-07-16T01:30:00Z", "2021-07-16T03:00:00Z"), RecordedFor::Continuous),
            (period("2021-07-16T02:10:00Z", "2021-07-16T02:11:30Z"), RecordedFor::Motion),
            (period("2021-07-16T04:00:00Z", "2021-07-16T05:00:00Z"), RecordedFor::Continuous),
        ];
        assert_eq!(told, wanted);
        let asked = seen.asked();
        assert!(asked[1].contains("Channel=3&condition.StartTime=2021-07-16%2008:00:00&"), "{}", asked[1]);
        assert!(asked[1].contains("EndTime=2021-07-16%2013:00:01&"), "{}", asked[1]);
        assert_eq!(asked.iter().filter(|line| line.contains("action=destroy&object=7")).count(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn footage_begins_where_something_was_recorded() {
        let (files, _) = holding(&[FIRST, "found=0\r\n"], MOTION, "ICT-7");
        let footage =
            files.footage(3, period("2021-07-16T01:00:00Z", "2021-07-16T02:00:00Z"), 0).await.unwrap();
        assert_eq!(
            footage.address.url().as_str(),
            "rtsp://192.0.2.7:5540/cam/playback?channel=3&subtype=0&starttime=2021_07_16_08_30_00&endtime=2021_07_16_09_00_00"
        );
        assert_eq!(footage.zero, Some(SystemTime::from(at("2021-07-16T01:30:00Z"))));
        let nothing = files.footage(3, period("2021-07-15T01:00:00Z", "2021-07-15T02:00:00Z"), 0).await;
        assert_eq!(nothing, Err(Fault::NotFound));
        let never = Period { from: Moment(i64::MIN), until: Moment(i64::MAX) };
        assert_eq!(files.footage(3, never, 0).await, Err(Fault::NotFound));
    }

    #[tokio::test(start_paused = true)]
    async fn pages_without_end_and_times_without_sense_are_bounded() {
        let (endless, seen) = holding(&[FIRST], MOTION, "ICT-7");
        let asked = period("2021-07-16T00:00:00Z", "2021-07-17T00:00:00Z");
        let fault = endless.spans(1, asked).await.unwrap_err();
        assert_eq!(fault, Fault::Protocol("more than 10000 recordings in one search".to_owned()));
        assert!(seen.asked().last().unwrap().contains("action=destroy"), "the finder is given back");
        let odd = "found=9\r\nitems[0].StartTime=2021-07-16 09:00:00\r\nitems[0].EndTime=2021-07-16 08:00:00\r\n\
            items[1].StartTime=<img>\r\nitems[1].EndTime=2021-07-16 08:00:00\r\nitems[4294967295].StartTime=1\r\n";
        let odd: &'static [&'static str] = Box::leak(Box::new([odd, "found=0\r\n"]));
        let (files, _) = holding(odd, "Error\r\nBad Request!\r\n", "ICT-7");
        assert_eq!(files.spans(1, asked).await, Ok(vec![]));
    }

    #[tokio::test(start_paused = true)]
    async fn a_device_without_finders_offers_no_recordings() {
        for says in ["Error\r\nBad Request!\r\n", "OK\r\n", "result=many\r\n"] {
            let (client, _) = device(None, move |_| answer("200 OK", says));
            assert!(Files::of(&client, 554, Local(TimeZone::UTC)).await.unwrap().is_none(), "{says}");
        }
        let (files, _) = holding(&["found=0\r\n"], "found=0\r\n", "ICT-7");
        assert!(Files::of(&files.client, 554, Local(TimeZone::UTC)).await.unwrap().is_some());
    }
}

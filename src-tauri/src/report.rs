//! What a view has shown and what it cost, as JSON for machines and a few lines for people.

use std::time::{Duration, Instant, SystemTime};

use engine::{Latency, Statistics};
use serde::Serialize;

use crate::list::List;
use crate::process::{self, CpuSeconds};

/// The costs at one moment; two of them make a rate.
#[derive(Clone, Copy)]
pub struct Meter {
    at: Instant,
    today: SystemTime,
    cpu: CpuSeconds,
}

impl Meter {
    /// Reads the meters now.
    #[must_use]
    pub fn read() -> Self {
        Self { at: Instant::now(), today: SystemTime::now(), cpu: process::cpu_seconds() }
    }
}

/// Statistics of one view.
#[derive(Serialize)]
pub struct Report {
    /// When the streams were opened, in seconds since 1970.
    began: f64,
    seconds: f64,
    wall: WallReport,
    cpu_seconds: CpuSeconds,
    /// Over the whole run; `steady` over the second half, without start-up.
    cpu_cores: CpuSeconds,
    steady_cpu_cores: CpuSeconds,
    memory_mib: f64,
    memory_peak_mib: f64,
    all_tiles_shown_ms: Option<f64>,
    totals: Totals,
    streams: Vec<StreamReport>,
}

#[derive(Serialize)]
struct WallReport {
    width: u32,
    height: u32,
    backend: String,
    /// Why not a graphics processor, where that was left open.
    backend_note: Option<String>,
    draws: u64,
    tiles_redrawn: u64,
    uploaded_bytes: u64,
}

#[derive(Serialize, Default)]
struct Totals {
    streams: usize,
    with_pictures: usize,
    received: u64,
    decoded: u64,
    shown: u64,
    lost: u64,
    latency_from_capture_ms: LatencyReport,
    latency_to_decoded_ms: LatencyReport,
    latency_to_wall_ms: LatencyReport,
}

#[derive(Serialize)]
struct StreamReport {
    title: String,
    site: String,
    state: &'static str,
    /// The words on the tile, where it shows no live picture.
    says: Option<String>,
    codec: Option<&'static str>,
    width: Option<u32>,
    height: Option<u32>,
    decoder: Option<&'static str>,
    decoder_note: Option<String>,
    sessions: u64,
    received: u64,
    bytes: u64,
    decoded: u64,
    shown: u64,
    dropped: DropReport,
    key_frame_wait_ms: Option<f64>,
    first_picture_ms: Option<f64>,
    latency_from_capture_ms: LatencyReport,
    latency_to_decoded_ms: LatencyReport,
    latency_to_wall_ms: LatencyReport,
}

#[derive(Serialize)]
struct DropReport {
    before_key_frame: u64,
    late: u64,
    damaged: u64,
    undecodable: u64,
    superseded: u64,
    lost_packets: u64,
}

#[derive(Serialize, Default)]
struct LatencyReport {
    count: u64,
    p50: Option<f64>,
    p95: Option<f64>,
    p99: Option<f64>,
    max: Option<f64>,
}

impl LatencyReport {
    fn of(latency: &Latency) -> Self {
        let ms = |share| latency.quantile(share).map(milliseconds);
        Self {
            count: latency.count(),
            p50: ms(0.5),
            p95: ms(0.95),
            p99: ms(0.99),
            max: latency.max().map(milliseconds),
        }
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

impl Report {
    /// Gathers everything. `begun` was read at the start, `halfway` in the middle of the run.
    #[must_use]
    pub fn gather(list: &List, wall: &render::Wall, begun: Meter, halfway: Meter) -> (Self, Latency) {
        let end = Meter::read();
        let mut totals = Totals { streams: list.subjects().len(), ..Totals::default() };
        let (mut capture, mut decoded, mut to_wall) =
            (Latency::default(), Latency::default(), Latency::default());
        let mut streams = Vec::new();
        for (index, subject) in list.subjects().iter().enumerate() {
            let (state, counts) = match &subject.feed {
                Ok(feed) => {
                    let stream = &feed.stream;
                    (state_name(&stream.glance(None, Instant::now()).state), stream.statistics())
                }
                Err(_) => ("bad_line", Statistics::default()),
            };
            totals.add(&counts);
            capture.merge(&counts.from_capture);
            decoded.merge(&counts.to_decoded);
            to_wall.merge(&counts.to_wall);
            let says = list.view().says(index).map(|message| format!("{}\n{}", message.text, message.detail));
            streams.push(StreamReport::of(&subject.title, &subject.subtitle, state, says, &counts));
        }
        totals.latency_from_capture_ms = LatencyReport::of(&capture);
        totals.latency_to_decoded_ms = LatencyReport::of(&decoded);
        totals.latency_to_wall_ms = LatencyReport::of(&to_wall);
        let (memory_mib, memory_peak_mib) = process::memory_mib();
        let drawing = list.view().drawing();
        let report = Self {
            began: begun.today.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64(),
            seconds: (end.at - begun.at).as_secs_f64(),
            wall: WallReport {
                width: wall.size().width,
                height: wall.size().height,
                backend: wall.backend_name().to_owned(),
                backend_note: wall.backend_note().map(str::to_owned),
                draws: drawing.draws,
                tiles_redrawn: drawing.tiles,
                uploaded_bytes: drawing.uploaded_bytes,
            },
            cpu_seconds: end.cpu,
            cpu_cores: cores(begun, end),
            steady_cpu_cores: cores(halfway, end),
            memory_mib,
            memory_peak_mib,
            all_tiles_shown_ms: list.view().all_shown().map(milliseconds),
            totals,
            streams,
        };
        (report, capture)
    }

    /// A few lines for people.
    #[must_use]
    pub fn summary(&self, capture: &Latency, list: &List) -> String {
        let words = list.view().words();
        let number = |value: f64, decimals| words.number(value, decimals);
        let totals = &self.totals;
        let mut lines = vec![
            words.say(
                "report_title",
                &[
                    ("seconds", &number(self.seconds, 1)),
                    ("size", &format!("{}×{}", self.wall.width, self.wall.height)),
                    ("backend", &self.wall.backend),
                ],
            ),
            words.say(
                "report_streams",
                &[
                    ("live", &totals.with_pictures.to_string()),
                    ("all", &totals.streams.to_string()),
                    ("received", &totals.received.to_string()),
                    ("decoded", &totals.decoded.to_string()),
                    ("shown", &totals.shown.to_string()),
                    ("lost", &totals.lost.to_string()),
                ],
            ),
        ];
        if capture.count() > 0 {
            let (p50, p95) = (capture.quantile(0.5), capture.quantile(0.95));
            let values = [("p50", words.milliseconds(p50)), ("p95", words.milliseconds(p95))];
            lines.push(
                words.say("report_latency", &values.each_ref().map(|(name, value)| (*name, value.as_str()))),
            );
        }
        if let Some(first) = list.view().all_shown() {
            lines.push(words.say("report_first", &[("first", &words.milliseconds(Some(first)))]));
        }
        if self.cpu_cores.all > 0.0 {
            lines.push(words.say(
                "report_cpu",
                &[
                    ("receive", &number(self.cpu_cores.receive, 2)),
                    ("decode", &number(self.cpu_cores.decode, 2)),
                    ("draw", &number(self.cpu_cores.draw, 2)),
                    ("all", &number(self.cpu_cores.all, 2)),
                    ("memory", &number(self.memory_mib, 0)),
                ],
            ));
        }
        lines.join("\n")
    }
}

impl Totals {
    fn add(&mut self, counts: &Statistics) {
        self.with_pictures += usize::from(counts.shown > 0);
        self.received += counts.received;
        self.decoded += counts.decoded;
        self.shown += counts.shown;
        let drops = &counts.drops;
        self.lost += drops.late + drops.undecodable + drops.superseded;
    }
}

impl StreamReport {
    fn of(title: &str, site: &str, state: &'static str, says: Option<String>, counts: &Statistics) -> Self {
        let drops = counts.drops;
        Self {
            title: title.to_owned(),
            site: site.to_owned(),
            state,
            says,
            codec: counts.codec.map(model::Codec::name),
            width: counts.size.map(|size| size.width),
            height: counts.size.map(|size| size.height),
            decoder: counts.decoder.map(model::Decoder::name),
            decoder_note: counts.decoder_note.clone(),
            sessions: counts.sessions,
            received: counts.received,
            bytes: counts.bytes,
            decoded: counts.decoded,
            shown: counts.shown,
            dropped: DropReport {
                before_key_frame: drops.before_key_frame,
                late: drops.late,
                damaged: drops.damaged,
                undecodable: drops.undecodable,
                superseded: drops.superseded,
                lost_packets: drops.lost_packets,
            },
            key_frame_wait_ms: counts.key_frame_wait.map(milliseconds),
            first_picture_ms: counts.first_picture.map(milliseconds),
            latency_from_capture_ms: LatencyReport::of(&counts.from_capture),
            latency_to_decoded_ms: LatencyReport::of(&counts.to_decoded),
            latency_to_wall_ms: LatencyReport::of(&counts.to_wall),
        }
    }
}

fn state_name(state: &model::StreamState) -> &'static str {
    match state {
        model::StreamState::Waiting => "waiting",
        model::StreamState::Connecting => "connecting",
        model::StreamState::AwaitingKeyFrame => "awaiting_key_frame",
        model::StreamState::Live => "live",
        model::StreamState::NotRecorded => "not_recorded",
        model::StreamState::Retrying { fault } | model::StreamState::Failed { fault, .. } => fault.code(),
    }
}

fn cores(from: Meter, to: Meter) -> CpuSeconds {
    let seconds = (to.at - from.at).as_secs_f64().max(1e-9);
    CpuSeconds {
        receive: (to.cpu.receive - from.cpu.receive) / seconds,
        decode: (to.cpu.decode - from.cpu.decode) / seconds,
        draw: (to.cpu.draw - from.cpu.draw) / seconds,
        all: (to.cpu.all - from.cpu.all) / seconds,
    }
}

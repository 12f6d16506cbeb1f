//! What a package says of its footage, in the report's words.

use evidence::{AttachedFile, ClockMeasurement, Gap, GapReason, ViewingCopy};

use super::markup::text;
use crate::console::records::moment;
use crate::words::Words;

/// A file of footage, and its fingerprint.
pub(super) fn file_line(file: &evidence::MediaFile, words: &Words) -> String {
    let megabytes = words.number(file.bytes as f64 / 1e6, 1);
    format!(
        "{} – {}<br><small>{}, {} × {}, {megabytes} MB<br>{}<br>SHA-256 <code>{}</code></small>",
        moment(file.from.as_millisecond()),
        moment(file.to.as_millisecond()),
        text(&file.codec),
        file.width,
        file.height,
        text(&file.name),
        file.sha256,
    )
}

/// A copy for viewing, and its fingerprint.
pub(super) fn copy_line(file: &AttachedFile, copy: &ViewingCopy, words: &Words) -> String {
    format!(
        "{} – {}<br><small>{}, {} × {}, {} MB<br>{}<br>SHA-256 <code>{}</code></small>",
        moment(copy.from.as_millisecond()),
        moment(copy.to.as_millisecond()),
        text(&copy.codec),
        copy.width,
        copy.height,
        words.number(file.bytes as f64 / 1e6, 1),
        text(&file.name),
        file.sha256,
    )
}

/// What is missing, and why.
pub(super) fn gap_line(gap: &Gap, words: &Words) -> String {
    let reason = match gap.reason {
        GapReason::NotRecorded => "gap_not_recorded",
        GapReason::NotGiven => "gap_not_given",
        GapReason::LinkLost => "gap_link_lost",
        GapReason::Unknown => "gap_unknown",
    };
    let (from, to) = (moment(gap.from.as_millisecond()), moment(gap.to.as_millisecond()));
    format!("{from} – {to}<br><small>{}</small>", text(words.get(reason)))
}

/// How the recorder's clock stood.
pub(super) fn clock_line(source: &evidence::Source, words: &Words) -> String {
    match source.clock.measured {
        ClockMeasurement::NotMeasured => words.get("report_clock_not_measured").to_owned(),
        _ => {
            let offset = words.number(source.clock.offset_ms as f64 / 1e3, 1);
            words.say("report_clock", &[("offset", &offset)])
        }
    }
}

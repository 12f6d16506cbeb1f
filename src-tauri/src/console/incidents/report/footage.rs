//! What a package says of its footage, in the report's words.

use evidence::{AttachedFile, ClockMeasurement, Digest, Gap, GapReason, MediaFile, ViewingCopy};
use jiff::Timestamp;

use super::markup::text;
use crate::console::records::moment;
use crate::words::Words;

/// A file of footage, and its fingerprint.
pub(super) fn file_line(file: &MediaFile, words: &Words) -> String {
    let pictures = (file.codec.as_str(), file.width, file.height);
    media_line((&file.name, file.bytes, &file.sha256), (file.from, file.to), pictures, words)
}

/// A copy for viewing, and its fingerprint.
pub(super) fn copy_line(file: &AttachedFile, copy: &ViewingCopy, words: &Words) -> String {
    let pictures = (copy.codec.as_str(), copy.width, copy.height);
    media_line((&file.name, file.bytes, &file.sha256), (copy.from, copy.to), pictures, words)
}

fn media_line(
    (name, bytes, sha256): (&str, u64, &Digest),
    (from, to): (Timestamp, Timestamp),
    (codec, width, height): (&str, u32, u32),
    words: &Words,
) -> String {
    format!(
        "{} – {}<br><small>{}, {width} × {height}, {} MB<br>{}<br>SHA-256 <code>{sha256}</code></small>",
        moment(from.as_millisecond()),
        moment(to.as_millisecond()),
        text(codec),
        words.number(bytes as f64 / 1e6, 1),
        text(name),
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

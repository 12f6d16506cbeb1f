//! A verdict as sentences: which message, and what is to be set into it. The words themselves are the programs'.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::description::{ClockMeasurement, Span};
use crate::manifest::Manifest;
use crate::verify::{Fault, FaultKind, Proof, Released, Signed, Verdict};

/// One sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// The message's key.
    pub key: &'static str,
    /// Its placeholders.
    pub values: Vec<(&'static str, String)>,
}

impl Sentence {
    /// The values as they are set in: with a comma in numbers and in fractions of a second where a language writes one.
    pub fn shown(&self, comma: bool) -> impl Iterator<Item = (&'static str, String)> {
        self.values.iter().map(move |(name, value)| {
            let decimal = matches!(*name, "offset" | "uncertainty" | "time" | "from" | "to");
            (*name, if decimal && comma { value.replace('.', ",") } else { value.clone() })
        })
    }

    fn new(key: &'static str, values: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        Self { key, values: values.into_iter().collect() }
    }
}

/// What there is to say of a package, the most important first: what is proven, by whom it was taken out, whether it was
/// released, how its clocks stood, each fault, and what a signature can't prove. Times are those of `zone`.
#[must_use]
pub fn explain(verdict: &Verdict, zone: &TimeZone) -> Vec<Sentence> {
    let mut sentences = vec![proof(verdict)];
    if let Some(manifest) = &verdict.manifest {
        sentences.push(who(manifest, zone));
        sentences.extend(release(verdict, zone));
        sentences.extend(clocks(manifest));
        sentences.extend(kept(manifest, zone));
        sentences.extend(copies(manifest, zone));
    }
    sentences.extend(verdict.faults.iter().map(|found| fault(found, zone)));
    if verdict.further > 0 {
        sentences.push(Sentence::new("evidence_further", [("n", verdict.further.to_string())]));
    }
    if verdict.manifest.is_some() {
        sentences.push(Sentence::new("evidence_limits", []));
    }
    sentences
}

fn proof(verdict: &Verdict) -> Sentence {
    let key = match verdict.signed {
        Signed::Enrolled(key) | Signed::Unknown(key) => key.to_string(),
        Signed::No => String::new(),
    };
    let files = ("files", verdict.checked.files.to_string());
    let groups = ("groups", verdict.checked.groups.to_string());
    match (verdict.proof(), verdict.signed) {
        (Proof::Genuine, _) => Sentence::new("evidence_genuine", [("key", key), files, groups]),
        (Proof::UnknownKey, _) => Sentence::new("evidence_unknown_key", [("key", key), files, groups]),
        (Proof::Damaged, Signed::Unknown(_)) => Sentence::new("evidence_damaged_unknown_key", [("key", key)]),
        (Proof::Damaged, _) => Sentence::new("evidence_damaged", [("key", key)]),
        (Proof::Nothing, _) => Sentence::new("evidence_nothing", []),
    }
}

fn who(manifest: &Manifest, zone: &TimeZone) -> Sentence {
    let Manifest { operator, case, span, .. } = manifest;
    Sentence::new(
        "evidence_who",
        [
            ("name", shown(&operator.name, &operator.account)),
            ("workstation", operator.workstation.clone()),
            ("time", time(manifest.made_at, zone)),
            ("case", shown(&case.number, "–")),
            ("reason", case.reason.clone()),
            ("from", time(span.from, zone)),
            ("to", time(span.to, zone)),
        ],
    )
}

fn release(verdict: &Verdict, zone: &TimeZone) -> Option<Sentence> {
    let Released::By { release, key, enrolled } = &verdict.release else {
        let missing = matches!(verdict.release, Released::Missing | Released::NotSound);
        return missing.then(|| Sentence::new("evidence_release_missing", []));
    };
    let person = &release.released_by;
    let message = if *enrolled { "evidence_released" } else { "evidence_released_unknown_key" };
    let values = [
        ("name", shown(&person.name, &person.account)),
        ("time", time(release.released_at, zone)),
        ("key", key.to_string()),
    ];
    Some(Sentence::new(message, values))
}

/// How far each source's clock was off, as the description says.
fn clocks(manifest: &Manifest) -> impl Iterator<Item = Sentence> {
    manifest.cameras.iter().map(|camera| {
        let clock = &camera.source.clock;
        let name = ("camera", camera.source.name.clone());
        let offset = ("offset", signed_seconds(clock.offset_ms));
        match (clock.measured, clock.uncertainty_ms) {
            (ClockMeasurement::NotMeasured, _) => Sentence::new("evidence_clock_not_measured", [name]),
            (_, None) => Sentence::new("evidence_clock", [name, offset]),
            (_, Some(uncertainty)) => {
                let within = ("uncertainty", seconds(uncertainty.into()));
                Sentence::new("evidence_clock_within", [name, offset, within])
            }
        }
    })
}

/// What came from packages that had been kept before.
fn kept(manifest: &Manifest, zone: &TimeZone) -> impl Iterator<Item = Sentence> {
    let all = manifest.cameras.iter().flat_map(|camera| camera.kept.iter().map(move |kept| (camera, kept)));
    all.map(|(camera, kept)| {
        let [from, to] = times(Some(Span { from: kept.from, to: kept.to }), zone);
        let (time, sha256) = (time(kept.made_at, zone), kept.manifest.to_string());
        let values = [("camera", camera.source.name.clone()), from, to, ("time", time), ("sha256", sha256)];
        Sentence::new("evidence_from_kept", values)
    })
}

/// What each copy for viewing was made of: it proves nothing by itself.
fn copies(manifest: &Manifest, zone: &TimeZone) -> impl Iterator<Item = Sentence> {
    manifest.attachments.iter().filter_map(|attached| {
        let copy = attached.copy.as_ref()?;
        let key = if copy.masks.is_empty() { "evidence_copy" } else { "evidence_copy_masked" };
        let [from, to] = times(Some(Span { from: copy.from, to: copy.to }), zone);
        let values = [
            ("file", attached.name.clone()),
            ("original", copy.original.clone()),
            from,
            to,
            ("masks", copy.masks.len().to_string()),
        ];
        Some(Sentence::new(key, values))
    })
}

fn fault(fault: &Fault, zone: &TimeZone) -> Sentence {
    let file = ("file", fault.file.clone());
    let [from, to] = times(fault.span, zone);
    match &fault.kind {
        FaultKind::Missing if fault.span.is_some() => {
            Sentence::new("evidence_fault_missing_span", [file, from, to])
        }
        FaultKind::Missing => Sentence::new("evidence_fault_missing", [file]),
        FaultKind::NotAFile => Sentence::new("evidence_fault_not_a_file", [file]),
        FaultKind::Unreadable(reason) => {
            Sentence::new("evidence_fault_unreadable", [file, ("reason", reason.clone())])
        }
        FaultKind::Altered if fault.span.is_some() => {
            Sentence::new("evidence_fault_altered_span", [file, from, to])
        }
        FaultKind::Altered => Sentence::new("evidence_fault_altered", [file]),
        FaultKind::NotTheSignedOne => Sentence::new("evidence_fault_manifest", [file]),
        FaultKind::OfAnotherPackage => Sentence::new("evidence_fault_other_package", [file]),
        FaultKind::SamePerson => Sentence::new("evidence_fault_same_person", [file]),
        FaultKind::Unlisted => Sentence::new("evidence_fault_unlisted", [file]),
        FaultKind::HeadAltered => Sentence::new("evidence_fault_head", [file]),
        FaultKind::TailAltered => Sentence::new("evidence_fault_tail", [file]),
        FaultKind::GroupsAltered => Sentence::new("evidence_fault_groups_altered", [file, from, to]),
        FaultKind::GroupsMissing => Sentence::new("evidence_fault_groups_missing", [file, from, to]),
        FaultKind::GroupsMoved => Sentence::new("evidence_fault_groups_moved", [file, from, to]),
        FaultKind::Inserted { bytes } => {
            Sentence::new("evidence_fault_inserted", [file, from, to, ("bytes", bytes.to_string())])
        }
        FaultKind::FromElsewhere { file: other, span, .. } => {
            let [from, to] = times(Some(*span), zone);
            Sentence::new("evidence_fault_elsewhere", [file, ("other", other.clone()), from, to])
        }
        FaultKind::IndexAltered { line: Some(line) } => {
            Sentence::new("evidence_fault_index_line", [file, ("line", line.to_string())])
        }
        FaultKind::IndexAltered { line: None } => Sentence::new("evidence_fault_index", [file]),
    }
}

fn shown(text: &str, otherwise: &str) -> String {
    if text.is_empty() { otherwise.to_owned() } else { text.to_owned() }
}

fn times(span: Option<Span>, zone: &TimeZone) -> [(&'static str, String); 2] {
    let shown =
        |moment: Option<Timestamp>| moment.map_or_else(|| "?".to_owned(), |moment| time(moment, zone));
    [("from", shown(span.map(|span| span.from))), ("to", shown(span.map(|span| span.to)))]
}

fn time(moment: Timestamp, zone: &TimeZone) -> String {
    moment.to_zoned(zone.clone()).strftime("%d/%m/%Y %H:%M:%S%.3f %:z").to_string()
}

fn signed_seconds(ms: i64) -> String {
    let sign = if ms < 0 { "−" } else { "+" };
    format!("{sign}{}", seconds(ms.unsigned_abs()))
}

fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1000, ms % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIETNAMESE: &str = include_str!("../../../../ui/messages/vi.json");

    fn span() -> Option<Span> {
        Some(Span { from: Timestamp::UNIX_EPOCH, to: Timestamp::from_second(61).unwrap() })
    }

    /// Every message that can be named, with all of its placeholders.
    #[test]
    fn every_sentence_has_its_message_and_sets_in_all_its_values() {
        let words: std::collections::HashMap<String, String> = serde_json::from_str(VIETNAMESE).unwrap();
        let elsewhere =
            FaultKind::FromElsewhere { file: "b".to_owned(), groups: (0, 1), span: span().unwrap() };
        let kinds = [
            FaultKind::Missing,
            FaultKind::NotAFile,
            FaultKind::Unreadable("r".to_owned()),
            FaultKind::Altered,
            FaultKind::NotTheSignedOne,
            FaultKind::OfAnotherPackage,
            FaultKind::SamePerson,
            FaultKind::Unlisted,
            FaultKind::HeadAltered,
            FaultKind::TailAltered,
            FaultKind::GroupsAltered,
            FaultKind::GroupsMissing,
            FaultKind::GroupsMoved,
            FaultKind::Inserted { bytes: 1 },
            elsewhere,
            FaultKind::IndexAltered { line: Some(1) },
            FaultKind::IndexAltered { line: None },
        ];
        let zone = TimeZone::UTC;
        let mut sentences = Vec::new();
        for kind in kinds {
            for span in [None, span()] {
                let found =
                    Fault { file: "a".to_owned(), camera: None, groups: None, span, kind: kind.clone() };
                sentences.push(fault(&found, &zone));
            }
        }
        for key in ["evidence_nothing", "evidence_limits", "evidence_release_missing"] {
            sentences.push(Sentence::new(key, []));
        }
        let values = ["camera", "from", "to", "time", "sha256"].map(|name| (name, "x".to_owned()));
        sentences.push(Sentence::new("evidence_from_kept", values));
        for key in ["evidence_copy", "evidence_copy_masked"] {
            let values = ["file", "original", "from", "to", "masks"].map(|name| (name, "x".to_owned()));
            sentences.push(Sentence::new(key, values));
        }
        for Sentence { key, values } in sentences {
            let mut text = words.get(key).unwrap_or_else(|| panic!("{key}")).clone();
            for (name, value) in values {
                text = text.replace(&format!("{{{name}}}"), &value);
            }
            assert!(!text.contains('{'), "{text}");
        }
    }

    #[test]
    fn numbers_have_the_decimal_mark_of_the_language_and_names_stay_as_they_are() {
        let sentence = Sentence::new(
            "evidence_clock",
            [
                ("camera", "Cổng 1.5".to_owned()),
                ("offset", "−1.500".to_owned()),
                ("from", "7:00:00.123".to_owned()),
            ],
        );
        let shown = |comma| sentence.shown(comma).map(|(_, value)| value).collect::<Vec<String>>();
        assert_eq!(shown(true), ["Cổng 1.5", "−1,500", "7:00:00,123"]);
        assert_eq!(shown(false), ["Cổng 1.5", "−1.500", "7:00:00.123"]);
    }

    #[test]
    fn times_are_those_of_the_place_and_offsets_have_signs() {
        let zone = TimeZone::fixed(jiff::tz::offset(7));
        assert_eq!(time(Timestamp::UNIX_EPOCH, &zone), "01/01/1970 07:00:00.000 +07:00");
        assert_eq!((signed_seconds(-1500), signed_seconds(40)), ("−1.500".to_owned(), "+0.040".to_owned()));
    }
}

//! What the plan's reasons are called on a tile.

use engine::people::Barred;
use engine::plan::{Choice, Reason, Refusal, Shortage, Verdict};
use leases::{Answer, Short};
use render::{Icon, Message};

use super::sharing::names;
use crate::words::Words;

/// What stands in the corner of a tile that shows less than it would like to, or by another way; nothing where all is as
/// usual. `answer` is what the other clients say to the stream that is asked for.
pub(super) fn note(
    verdict: &Verdict,
    answer: Option<&Answer>,
    relayed: bool,
    words: &Words,
) -> Option<String> {
    let key_frames =
        matches!(verdict.choice, Choice::KeyFrames(_)).then(|| words.get("plan_key_frames").into());
    let limited = verdict.choice != verdict.wanted;
    let reason = key(&verdict.reason).filter(|_| limited).map(|key| match answer {
        Some(answer) if key == "plan_taken" => taken(answer, words),
        _ => words.get(key).to_owned(),
    });
    let relayed = relayed.then(|| words.get("plan_relayed").to_owned());
    let parts: Vec<String> = key_frames.into_iter().chain(reason).chain(relayed).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// What a tile says that gets no stream.
pub(super) fn message(reason: Option<Reason>, answer: Option<&Answer>, words: &Words) -> Message {
    let icon = Icon::Limit;
    match answer {
        Some(Answer::Waiting { short: Short::Server, .. } | Answer::Superseded) => {
            let text = words.get("plan_asking").to_owned();
            return Message { icon, text, detail: String::new() };
        }
        Some(Answer::Waiting { short: Short::Handover, by }) => {
            let text = words.get("plan_handover").to_owned();
            return Message { icon, text, detail: in_use(by, words) };
        }
        Some(Answer::Waiting { short, by }) => {
            let text = words.get(short_key(*short)).to_owned();
            return Message { icon, text, detail: in_use(by, words) };
        }
        Some(Answer::Recalled { by }) => {
            let text = words.get("plan_waiting").to_owned();
            return Message { icon, text, detail: in_use(by, words) };
        }
        Some(Answer::Granted) | None => {}
    }
    let key = reason.as_ref().and_then(key).unwrap_or("plan_waiting");
    let detail = match reason {
        Some(Reason::RecorderMbps(shortage) | Reason::SiteMbps(shortage)) => mbps(shortage, words),
        Some(Reason::Decode(_) | Reason::GpuSessions { .. }) => words.get("plan_decode_detail").to_owned(),
        Some(Reason::Viewers { limit }) => words.say("plan_viewers_detail", &[("limit", &limit.to_string())]),
        _ => String::new(),
    };
    Message { icon, text: words.get(key).to_owned(), detail }
}

/// What is missing of the stream that a tile asks for, and who has it.
fn taken(answer: &Answer, words: &Words) -> String {
    match answer {
        Answer::Waiting { short, by } if by.is_empty() => words.get(short_key(*short)).to_owned(),
        Answer::Waiting { short, by } => [words.get(short_key(*short)), &in_use(by, words)].join(" · "),
        Answer::Recalled { by } if !by.is_empty() => words.say("plan_taken_by", &[("holder", &names(by))]),
        _ => words.get("plan_taken").to_owned(),
    }
}

fn short_key(short: Short) -> &'static str {
    match short {
        Short::Viewers => "plan_viewers",
        Short::Recorder => "plan_recorder",
        Short::Site => "plan_site",
        Short::Handover | Short::Server => "plan_waiting",
    }
}

/// Nobody is named where it is our own.
fn in_use(by: &[leases::Holder], words: &Words) -> String {
    if by.is_empty() { String::new() } else { words.say("plan_in_use_by", &[("holders", &names(by))]) }
}

fn mbps(shortage: Shortage, words: &Words) -> String {
    let values = [("used", words.number(shortage.used, 1)), ("limit", words.number(shortage.limit, 1))];
    words.say("plan_mbps_detail", &values.each_ref().map(|(name, value)| (*name, value.as_str())))
}

fn key(reason: &Reason) -> Option<&'static str> {
    Some(match reason {
        Reason::RecorderMbps(_) => "plan_recorder",
        Reason::SiteMbps(_) => "plan_site",
        Reason::Decode(_) | Reason::GpuSessions { .. } => "plan_decode",
        Reason::Viewers { .. } => "plan_viewers",
        Reason::Refused { until: Refusal::Taken, .. } => "plan_taken",
        Reason::Refused { .. } => "plan_refused",
        Reason::NoProfile => "plan_no_profile",
        Reason::Fits
        | Reason::TooSmallForMain
        | Reason::KeyFramesByChoice
        | Reason::Held { .. }
        | Reason::Hidden => return None,
    })
}

/// Why the person who works here gets no picture of a camera.
#[must_use]
pub(super) fn barred(barred: Barred, words: &Words) -> Message {
    let (icon, key) = match barred {
        Barred::Nobody => (Icon::Lock, "barred_nobody"),
        Barred::NoRight => (Icon::Lock, "barred_no_right"),
        Barred::Refused => (Icon::Lock, "barred_refused"),
        Barred::Unreadable => (Icon::Lock, "barred_unreadable"),
    };
    let detail = words.get(&format!("{key}_detail")).to_owned();
    Message { icon, text: words.get(key).to_owned(), detail }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn a_tile_says_what_keeps_it_from_more() {
        let words = Words::new(Language::English);
        let shortage = Shortage { used: 17.6, needs: 2.0, limit: 18.0 };
        let verdict =
            Verdict { choice: Choice::Sub, wanted: Choice::Main, reason: Reason::RecorderMbps(shortage) };
        assert_eq!(note(&verdict, None, false, &words).unwrap(), "recorder at its limit");
        let content = Verdict { wanted: Choice::Sub, reason: Reason::Fits, ..verdict };
        assert_eq!(note(&content, None, false, &words), None);
        assert_eq!(note(&content, None, true, &words).unwrap(), "by a relay");
        let until = Refusal::Taken;
        let taken =
            Verdict { reason: Reason::Refused { kind: inventory::ProfileKind::Main, until }, ..verdict };
        let by = vec![leases::Holder { name: "Bình".to_owned(), rank: 9 }];
        let recalled = Answer::Recalled { by: by.clone() };
        assert_eq!(note(&taken, Some(&recalled), false, &words).unwrap(), "Bình has the main stream");
        let waiting = Answer::Waiting { short: Short::Viewers, by };
        assert_eq!(
            note(&taken, Some(&waiting), false, &words).unwrap(),
            "no viewer slot left · in use: Bình"
        );
        let dark = message(Some(taken.reason), Some(&waiting), &words);
        assert_eq!((dark.text.as_str(), dark.detail.as_str()), ("no viewer slot left", "in use: Bình"));
        let asking = Answer::Waiting { short: Short::Server, by: Vec::new() };
        assert_eq!(message(None, Some(&asking), &words).text, "Asking the other workstations");
        let dark = message(Some(Reason::SiteMbps(shortage)), None, &words);
        assert_eq!(dark.detail, "17.6 of 18.0 Mb/s in use; fewer cameras of this site make room");
    }
}

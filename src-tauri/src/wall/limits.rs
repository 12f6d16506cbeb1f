//! What the plan's reasons are called on a tile.

use engine::plan::{Choice, Reason, Shortage, Verdict};
use render::{Icon, Message};

use crate::words::Words;

/// What stands in the corner of a tile that shows less than it would like to; nothing where all is well.
pub(super) fn note(verdict: &Verdict, words: &Words) -> Option<String> {
    let key_frames = matches!(verdict.choice, Choice::KeyFrames(_)).then(|| words.get("plan_key_frames"));
    let key = key(&verdict.reason).filter(|_| verdict.choice != verdict.wanted);
    let parts: Vec<&str> = key_frames.into_iter().chain(key.map(|key| words.get(key))).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// What a tile says that gets no stream.
pub(super) fn message(reason: Option<Reason>, words: &Words) -> Message {
    let key = reason.as_ref().and_then(key).unwrap_or("plan_waiting");
    let detail = match reason {
        Some(Reason::RecorderMbps(shortage) | Reason::SiteMbps(shortage)) => mbps(shortage, words),
        Some(Reason::Decode(_) | Reason::GpuSessions { .. }) => words.get("plan_decode_detail").to_owned(),
        Some(Reason::Viewers { limit }) => words.say("plan_viewers_detail", &[("limit", &limit.to_string())]),
        _ => String::new(),
    };
    Message { icon: Icon::Limit, text: words.get(key).to_owned(), detail }
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
        Reason::Refused { .. } => "plan_refused",
        Reason::NoProfile => "plan_no_profile",
        Reason::Fits
        | Reason::TooSmallForMain
        | Reason::KeyFramesByChoice
        | Reason::Held { .. }
        | Reason::Hidden => return None,
    })
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
        assert_eq!(note(&verdict, &words).unwrap(), "recorder at its limit");
        let content = Verdict { wanted: Choice::Sub, reason: Reason::Fits, ..verdict };
        assert_eq!(note(&content, &words), None);
        let dark = message(Some(Reason::SiteMbps(shortage)), &words);
        assert_eq!(dark.detail, "17.6 of 18.0 Mb/s in use; fewer cameras of this site make room");
    }
}

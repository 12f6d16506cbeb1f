//! What is asked of the ledger for a camera, and what its answers mean.

use engine::plan::Verdict;
use inventory::{Camera, Profile, ProfileKind};
use leases::{Answer, Holder, Short, View, Want};
use model::Id;

use super::Key;

/// Where the inventory does not say what a camera sends, each of its picture points sends so many bits a second.
const USUAL_BITS: f64 = 1.25;

/// What to wish for a camera on a tile: what the plan chose, and what it would choose if others had not taken it.
pub(super) fn wants_of(
    camera: &Camera,
    verdict: &Verdict,
    held: impl Fn(ProfileKind) -> bool,
) -> impl Iterator<Item = (Key, Want)> {
    let (choice, wanted) = (verdict.choice.kind(), verdict.wanted.kind());
    let denied = wanted.filter(|kind| held(*kind)).or_else(|| {
        let small = small(camera).filter(|kind| wanted.is_some() && held(*kind));
        small.filter(|_| choice.is_none())
    });
    denied.or(choice).into_iter().flat_map(|kind| ladder(camera, kind))
}

/// This stream, and the smaller one that it stands in for.
pub(super) fn ladder(camera: &Camera, kind: ProfileKind) -> impl Iterator<Item = (Key, Want)> + use<> {
    let small = small(camera).filter(|small| *small != kind);
    let steps = match small {
        Some(small) => [Some((small, Want::Base)), Some((kind, Want::Upgrade))],
        None => [Some((kind, Want::Base)), None],
    };
    let id = camera.id.clone();
    steps.into_iter().flatten().map(move |(kind, want)| ((id.clone(), kind), want))
}

/// The stream with the fewest points.
pub(in crate::wall) fn small(camera: &Camera) -> Option<ProfileKind> {
    let points = |profile: &&Profile| u64::from(profile.width) * u64::from(profile.height);
    // Of two that are the same, the one that is meant to be small.
    camera
        .profiles
        .iter()
        .min_by_key(|profile| (points(profile), profile.kind == ProfileKind::Main))
        .map(|p| p.kind)
}

pub(super) fn profile_of(camera: &Camera, kind: ProfileKind) -> Option<&Profile> {
    camera.profiles.iter().find(|profile| profile.kind == kind)
}

/// What a stream sends by the inventory, Mb/s.
pub(in crate::wall) fn declared(profile: &Profile) -> f64 {
    let usual = f64::from(profile.width) * f64::from(profile.height) * USUAL_BITS / 1e6;
    profile.kbps.map_or(usual, |kbps| f64::from(kbps) / 1e3)
}

pub(super) fn grants(view: &View, id: &Id, kind: ProfileKind) -> bool {
    view.is_granted(id, of(kind))
}

pub(super) fn of(kind: ProfileKind) -> leases::Profile {
    match kind {
        ProfileKind::Main => leases::Profile::Main,
        ProfileKind::Sub => leases::Profile::Sub,
    }
}

/// Who has it, if it is denied for longer than a moment.
pub(super) fn denied_by(answer: &Answer) -> Option<String> {
    match answer {
        Answer::Waiting { short: Short::Viewers | Short::Recorder | Short::Site, by } => Some(names(by)),
        // Nobody: it is only in the way of the same camera's other stream.
        Answer::Recalled { by } => Some(names(by)).filter(|_| !by.is_empty()),
        Answer::Granted | Answer::Superseded | Answer::Waiting { .. } => None,
    }
}

/// As they stand on a tile.
pub(in crate::wall) fn names(holders: &[Holder]) -> String {
    holders.iter().map(|holder| holder.name.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::plan::{Choice, Reason, Refusal};
    use inventory::Inventory;

    const INVENTORY: &str = r#"{"version":2,"name":"T","sites":[{"id":"s","name":"S","district":"D",
        "recorders":[{"id":"r","name":"R","cameras":[{"id":"c","name":"C","profiles":[
            {"kind":"main","address":"rtsp://10.0.0.1/main","width":1920,"height":1080,"kbps":2048},
            {"kind":"sub","address":"rtsp://10.0.0.1/sub","width":640,"height":360}]}]}]}]}"#;

    fn wants(choice: Choice, wanted: Choice, held: &[ProfileKind]) -> Vec<(ProfileKind, Want)> {
        let inventory = Inventory::parse(INVENTORY.as_bytes()).unwrap();
        let (_, _, camera) = inventory.camera(&Id::new("c").unwrap()).unwrap();
        let reason = match held.first() {
            Some(kind) => Reason::Refused { kind: *kind, until: Refusal::Taken },
            None => Reason::Fits,
        };
        let verdict = Verdict { choice, wanted, reason };
        wants_of(camera, &verdict, |kind| held.contains(&kind))
            .map(|((_, kind), want)| (kind, want))
            .collect()
    }

    #[test]
    fn what_is_denied_is_asked_for_as_long_as_a_tile_wants_it() {
        use ProfileKind::{Main, Sub};
        let both = [(Sub, Want::Base), (Main, Want::Upgrade)];
        assert_eq!(wants(Choice::Main, Choice::Main, &[]), both);
        assert_eq!(wants(Choice::Sub, Choice::Main, &[Main]), both, "somebody else has the better one");
        assert_eq!(wants(Choice::Nothing, Choice::Main, &[Main, Sub]), both);
        let small = [(Sub, Want::Base)];
        assert_eq!(wants(Choice::Sub, Choice::Main, &[]), small, "this machine decodes no more");
        assert_eq!(wants(Choice::Sub, Choice::Sub, &[Main]), small, "a small tile wants no better one");
        assert_eq!(wants(Choice::Nothing, Choice::Sub, &[Sub]), small);
        assert_eq!(wants(Choice::KeyFrames(Sub), Choice::Sub, &[]), small);
        assert_eq!(wants(Choice::Nothing, Choice::Nothing, &[Sub]), [], "no tile of it can be seen");
    }

    #[test]
    fn only_what_others_have_is_told_to_the_plan() {
        let by = || vec![Holder { name: "Bình".into(), rank: 1 }, Holder { name: "Lan".into(), rank: 0 }];
        assert_eq!(
            denied_by(&Answer::Waiting { short: Short::Site, by: by() }).as_deref(),
            Some("Bình, Lan")
        );
        assert_eq!(denied_by(&Answer::Recalled { by: by() }).as_deref(), Some("Bình, Lan"));
        for passing in [Short::Server, Short::Handover] {
            assert_eq!(denied_by(&Answer::Waiting { short: passing, by: by() }), None);
        }
        assert_eq!(denied_by(&Answer::Recalled { by: Vec::new() }), None, "our own other stream");
        assert_eq!(denied_by(&Answer::Granted), None);
    }
}

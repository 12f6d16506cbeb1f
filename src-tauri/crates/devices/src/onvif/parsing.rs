//! Every reader of answers, against answers with something wrong in them.

use model::Reach;

use super::element::Element;
use super::notices::{Channels, Notices};
use super::soap::{Service, answer};
use super::spaces::Spaces;
use super::{clock, element, events, media, motors, read_capabilities, read_services, recordings};

/// Reads an answer in every way that there is; whoever calls this wants to know whether it comes back.
pub(crate) fn read_everything(bytes: &[u8]) {
    let mut notices = Notices::new(Channels(vec![(1, vec!["V_1".to_owned()])]));
    for operation in OPERATIONS {
        for status in [200, 401, 500] {
            let Ok(inside) = answer(operation, status, bytes) else { continue };
            one(&inside, &mut notices);
        }
    }
    if let Ok(root) = element::read(bytes) {
        one(&root, &mut notices);
        let _ = root.written();
    }
}

fn one(inside: &Element, notices: &mut Notices) {
    let _ = (
        clock::told(inside),
        read_services(inside).len(),
        read_capabilities(inside).len(),
        media::uri(inside).len(),
        recordings::read_everything(inside.child("ResultList").unwrap_or(inside)),
    );
    for service in [Service::Media, Service::Media2] {
        for profile in media::read_profiles(service, inside) {
            if let Some(configuration) = &profile.ptz {
                let _ = Spaces::read(inside.child("PTZNode"), configuration, &Reach::default()).reach();
            }
        }
    }
    for node in inside.all("PTZNode").chain(inside.all("PTZStatus")) {
        let known = Reach { pan: Some(model::Span { least: 0.0, most: 350.0 }), ..Reach::default() };
        let spaces = Spaces::read(node.child("SupportedPTZSpaces"), &Element::default(), &known);
        let _ = (
            spaces.position(model::Pose::default()),
            spaces.velocity(model::Velocity::STILL),
            spaces.status(inside),
        );
    }
    let _ = (
        motors::read_presets(inside, 255).len(),
        events::read_place(inside).is_ok(),
        notices.read(inside).len(),
    );
}

const OPERATIONS: [&str; 12] = [
    "GetSystemDateAndTime",
    "GetServices",
    "GetCapabilities",
    "GetProfiles",
    "GetStreamUri",
    "GetNodes",
    "GetStatus",
    "GetPresets",
    "CreatePullPointSubscription",
    "PullMessages",
    "GetRecordingSearchResults",
    "GetEventSearchResults",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::onvif::mutation::Mutation;

    /// Answers of real devices' shape, and of the peers in our tests.
    const GOOD: [&str; 10] = [
        include_str!("../../tests/onvif/answers/GetSystemDateAndTime.xml"),
        include_str!("../../tests/onvif/answers/GetServices.xml"),
        include_str!("../../tests/onvif/answers/GetCapabilities.xml"),
        include_str!("../../tests/onvif/answers/GetProfiles.xml"),
        include_str!("../../tests/onvif/answers/GetProfiles.media2.xml"),
        include_str!("../../tests/onvif/answers/GetNodes.xml"),
        include_str!("../../tests/onvif/answers/GetStatus.xml"),
        include_str!("../../tests/onvif/answers/GetPresets.xml"),
        include_str!("../../tests/onvif/answers/CreatePullPointSubscription.xml"),
        include_str!("../../tests/onvif/answers/PullMessages.xml"),
    ];

    #[test]
    fn mutated_answers_are_refused_or_read_and_never_panic() {
        let mut mutation = Mutation::seeded(80);
        for good in GOOD {
            read_everything(good.as_bytes());
            for _ in 0..400 {
                read_everything(&mutation.of(good.as_bytes()));
            }
        }
    }
}

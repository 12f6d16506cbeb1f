//! `ui/src/ipc/wire.ts`, made from the types and compared with them.

use std::collections::BTreeMap;

use ts_rs::{Config, TypeVisitor};

use super::*;

const HEAD: &str =
    "// Made from the program's own types (src-tauri/src/wire) by `make wire`: change them there.\n";

/// Gathers a type and all that it is made of, by name.
struct Gather<'a> {
    config: &'a Config,
    found: BTreeMap<String, String>,
}

impl TypeVisitor for Gather<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        // Types without a file of their own (numbers, lists …) need no declaration.
        if T::output_path().is_none() {
            return T::visit_dependencies(self);
        }
        let declaration = format!("{}export {}\n", T::docs().unwrap_or_default(), T::decl(self.config));
        if self.found.insert(T::ident(self.config), declaration).is_none() {
            T::visit_dependencies(self);
        }
    }
}

fn declarations() -> String {
    let config = Config::new().with_large_int("number");
    let mut gather = Gather { config: &config, found: BTreeMap::new() };
    gather.visit::<Console>();
    gather.visit::<Act>();
    gather.visit::<Status>();
    gather.visit::<Surface>();
    gather.visit::<Foreseen>();
    gather.visit::<Mark>();
    gather.visit::<SavedPicture>();
    gather.visit::<PictureFormat>();
    gather.visit::<Leaving>();
    gather.visit::<people::Session>();
    gather.visit::<people::SignIn>();
    gather.visit::<people::Weakness>();
    gather.visit::<people::Enrolment>();
    gather.visit::<people::Account>();
    gather.visit::<people::AccountFields>();
    gather.visit::<people::Logins>();
    gather.visit::<people::LoginResult>();
    gather.visit::<enrol::FoundDevice>();
    gather.visit::<enrol::MetDevice>();
    gather.visit::<enrol::DeviceEnrolment>();
    gather.visit::<sound::Listening>();
    gather.visit::<stock::Stock>();
    gather.visit::<stock::ImportOptions>();
    gather.visit::<stock::ImportPreview>();
    gather.visit::<stock::StockState>();
    gather.visit::<stock::StockFormat>();
    gather.visit::<stock::SavedFile>();
    gather.visit::<stock::ZoneMark>();
    gather.visit::<records::RecordFilter>();
    gather.visit::<records::RecordPage>();
    gather.visit::<records::Watched>();
    gather.visit::<records::RecordVerdict>();
    gather.visit::<records::RecordFormat>();
    gather.visit::<health::Board>();
    gather.visit::<health::CameraNews>();
    gather.visit::<health::Handover>();
    gather.visit::<saved::Saved>();
    gather.visit::<sharing::Sharing>();
    gather.visit::<view::Views>();
    gather.visit::<saved::TourFields>();
    gather.visit::<steer::Push>();
    gather.visit::<steer::Errand>();
    gather.visit::<steer::TilePoint>();
    gather.visit::<steer::Steering>();
    gather.visit::<steer::Turned>();
    gather.visit::<playback::PlayAct>();
    gather.visit::<playback::Playback>();
    gather.visit::<playback::RecordedPicture>();
    gather.visit::<playback::DayHeld>();
    gather.visit::<motion::MotionFields>();
    gather.visit::<motion::MotionSearch>();
    gather.visit::<model::Period>();
    gather.visit::<model::Recorded>();
    gather.visit::<incidents::IncidentBook>();
    gather.visit::<incidents::IncidentFields>();
    gather.visit::<incidents::BookmarkFields>();
    gather.visit::<evidence::ExportFields>();
    gather.visit::<evidence::Preflight>();
    gather.visit::<evidence::Exports>();
    gather.visit::<evidence::EvidencePolicy>();
    gather.visit::<evidence::PackageVerdict>();
    gather.visit::<evidence::Choosing>();
    gather.visit::<evidence::FootageStill>();
    gather.visit::<evidence::PackageRead>();
    gather.visit::<evidence::Safe>();
    gather.visit::<events::DeviceNotice>();
    gather.visit::<events::RuleBook>();
    gather.visit::<events::Alarm>();
    let all: Vec<String> = gather.found.into_values().collect();
    format!("{HEAD}\n{}", all.join("\n"))
}

#[test]
fn wire_types_of_the_page_are_the_programs() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/src/ipc/wire.ts");
    let wanted = declarations();
    if std::env::var_os("WATCHWALL_WRITE_WIRE").is_some() {
        std::fs::write(path, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap();
    assert!(found == wanted, "ui/src/ipc/wire.ts is not what the program says; `make wire` writes it anew");
}

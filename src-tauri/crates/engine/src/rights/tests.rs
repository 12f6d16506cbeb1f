//! The whole table, through the door that everybody uses.

use std::collections::BTreeSet;

use inventory::Inventory;
use model::{Action, Id, Role, Scope};

use super::{Denied, Person, Subject};

/// `c`: with cameras of one's scope, `y`: yes, `-`: no. Columns as [`Role::ALL`].
const TABLE: [(Action, &str); 14] = [
    (Action::View, "-ccc-"),
    (Action::Listen, "-ccc-"),
    (Action::Talk, "-cc--"),
    (Action::Move, "-cc--"),
    (Action::Playback, "-cc--"),
    (Action::Export, "-cc--"),
    (Action::ArrangeWalls, "-yyy-"),
    (Action::ShareLayouts, "-y---"),
    (Action::EnterCredentials, "yyyy-"),
    (Action::MarkZones, "yy---"),
    (Action::ManageAccounts, "y----"),
    (Action::ManageInventory, "y----"),
    (Action::ManageSettings, "y----"),
    (Action::ReadAudit, "----y"),
];

fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

fn person(role: Role, scope: Scope) -> Person {
    Person { account: "lan".to_owned(), role, scope }
}

/// Each kind of scope, and whether it holds the camera `a/1/1` of site `a` in district `Huyện A`.
fn scopes() -> [(Scope, bool); 9] {
    let nothing = Scope::default;
    let district = |name: &str| Scope { districts: BTreeSet::from([name.to_owned()]), ..nothing() };
    let site = |name: &str| Scope { sites: BTreeSet::from([id(name)]), ..nothing() };
    let camera = |name: &str| Scope { cameras: BTreeSet::from([id(name)]), ..nothing() };
    [
        (Scope::everything(), true),
        (nothing(), false),
        (district("Huyện A"), true),
        (district("Huyện B"), false),
        (site("a"), true),
        (site("b"), false),
        (camera("a/1/1"), true),
        (camera("a/1/2"), false),
        // The same word as an id of another kind is another thing.
        (Scope { cameras: BTreeSet::from([id("a")]), ..site("a/1/1") }, false),
    ]
}

#[test]
fn every_role_may_what_the_table_says_and_nothing_else() {
    assert_eq!(TABLE.map(|(action, _)| action), Action::ALL);
    let (site, camera) = (id("a"), id("a/1/1"));
    let one = Subject::Camera { district: "Huyện A", site: &site, camera: &camera };
    for (action, row) in TABLE {
        for (role, cell) in Role::ALL.into_iter().zip(row.chars()) {
            for (scope, holds) in scopes() {
                let everything = scope.everything;
                let somewhere = scope != Scope::default();
                let person = person(role, scope);
                let told = |within: bool| match cell {
                    '-' => Err(Denied::Role),
                    'y' => Ok(()),
                    _ if within => Ok(()),
                    _ => Err(Denied::Scope),
                };
                let what = format!("{role:?} {action:?} {:?}", person.scope);
                assert_eq!(person.may(action, one), told(holds), "{what}: one camera");
                assert_eq!(person.may(action, Subject::Everything), told(everything), "{what}: everything");
                assert_eq!(person.may(action, Subject::None), told(false), "{what}: no camera");
                assert_eq!(person.may_somewhere(action), told(somewhere).is_ok(), "{what}: somewhere");
            }
        }
    }
}

fn inventory() -> Inventory {
    let camera = |id: &str| {
        format!(
            r#"{{"id":"{id}","name":"Cổng","profiles":[
            {{"kind":"sub","address":"rtsp://10.1.2.3/{id}","width":640,"height":360}}]}}"#
        )
    };
    let site = |id: &str, district: &str| {
        let cameras = [1, 2].map(|channel| camera(&format!("{id}/1/{channel}"))).join(",");
        format!(
            r#"{{"id":"{id}","name":"Trạm","district":"{district}","recorders":[
            {{"id":"{id}/1","name":"Đầu ghi","cameras":[{cameras}]}}]}}"#
        )
    };
    let sites = [site("a", "Huyện A"), site("b", "Huyện B"), site("c", "Huyện A")].join(",");
    Inventory::parse(format!(r#"{{"version":1,"name":"Tỉnh","sites":[{sites}]}}"#).as_bytes()).unwrap()
}

#[test]
fn only_the_cameras_of_the_scope_are_there() {
    let inventory = inventory();
    let visible = |role, scope| -> Vec<String> {
        let person = person(role, scope);
        let seen = person.visible(&inventory).map(|(site, recorder, camera)| {
            assert!(camera.id.as_str().starts_with(recorder.id.as_str()));
            assert!(recorder.id.as_str().starts_with(site.id.as_str()));
            camera.id.to_string()
        });
        seen.collect()
    };
    let all = ["a/1/1", "a/1/2", "b/1/1", "b/1/2", "c/1/1", "c/1/2"];
    for role in [Role::Supervisor, Role::Operator, Role::Viewer] {
        assert_eq!(visible(role, Scope::everything()), all, "{role:?}");
        assert_eq!(visible(role, Scope::default()), [""; 0], "{role:?}");
    }
    for role in [Role::Administrator, Role::Auditor] {
        assert_eq!(visible(role, Scope::everything()), [""; 0], "{role:?}");
    }
    let mixed = Scope {
        everything: false,
        districts: BTreeSet::from(["Huyện A".to_owned()]),
        sites: BTreeSet::from([id("nowhere")]),
        cameras: BTreeSet::from([id("b/1/2")]),
    };
    assert_eq!(visible(Role::Viewer, mixed), ["a/1/1", "a/1/2", "b/1/2", "c/1/1", "c/1/2"]);
}

use model::{Id, Moment, Period, Role};

use super::*;

fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

fn an() -> Author {
    Author { account: "an".to_owned(), name: "Trần An".to_owned() }
}

fn reader<'a>(account: &'a str, role: Role, sees: &'a dyn Fn(&Id) -> bool) -> Reader<'a> {
    Reader { account, role, sees }
}

fn stretch(camera: &str) -> Stretch {
    Stretch { camera: id(camera), period: Period::between(Moment(0), Moment(60_000_000)) }
}

fn fields(audience: Audience, cameras: &[&str]) -> IncidentFields {
    IncidentFields {
        id: None,
        title: "Mất trộm ở cổng".to_owned(),
        case_number: "VA 12/2026".to_owned(),
        audience,
        stretches: cameras.iter().map(|camera| stretch(camera)).collect(),
    }
}

fn named(account: &str) -> Audience {
    Audience { everyone: false, accounts: [account.to_owned()].into() }
}

const ALL: &dyn Fn(&Id) -> bool = &|_| true;

#[test]
fn an_incident_is_read_by_who_began_it_supervisors_and_who_is_named() {
    let mut book = Book::default();
    let own = reader("an", Role::Operator, ALL);
    book.save_incident(fields(named("binh"), &["a"]), &an(), own, 1).unwrap();
    let count = |account, role| book.incidents_for(reader(account, role, ALL)).len();
    assert_eq!(count("an", Role::Operator), 1);
    assert_eq!(count("binh", Role::Operator), 1);
    assert_eq!(count("chi", Role::Operator), 0);
    assert_eq!(count("chi", Role::Supervisor), 1);
}

#[test]
fn who_sees_none_of_its_cameras_does_not_read_of_it_and_others_do_not_lose_theirs() {
    let mut book = Book::default();
    let everyone = Audience { everyone: true, ..Audience::default() };
    let own = reader("an", Role::Operator, ALL);
    let incident = book.save_incident(fields(everyone.clone(), &["a", "b"]), &an(), own, 1).unwrap();
    let only_a = |camera: &Id| camera.as_str() == "a";
    let none = |_: &Id| false;
    assert!(book.incidents_for(reader("chi", Role::Operator, &none)).is_empty());
    let chi = reader("chi", Role::Operator, &only_a);
    assert_eq!(book.incidents_for(chi)[0].stretches, [stretch("a")]);
    let by = Author { account: "chi".to_owned(), name: String::new() };
    let changed = IncidentFields { id: Some(incident.clone()), ..fields(everyone, &[]) };
    book.save_incident(changed, &by, chi, 2).unwrap();
    assert_eq!(book.incident(&incident).unwrap().stretches, [stretch("b")]);
}

#[test]
fn only_who_began_it_or_a_supervisor_says_who_reads_it() {
    let mut book = Book::default();
    let own = reader("an", Role::Operator, ALL);
    let incident = book.save_incident(fields(named("binh"), &["a"]), &an(), own, 1).unwrap();
    let wider = || IncidentFields { id: Some(incident.clone()), ..fields(named("chi"), &["a"]) };
    let binh = reader("binh", Role::Operator, ALL);
    assert_eq!(book.save_incident(wider(), &an(), binh, 2), Err(NotKept::NotYours));
    assert!(book.save_incident(wider(), &an(), reader("x", Role::Supervisor, ALL), 2).is_ok());
}

#[test]
fn a_closed_incident_takes_nothing_more_until_it_is_opened_again() {
    let mut book = Book::default();
    let own = reader("an", Role::Operator, ALL);
    let incident = book.save_incident(fields(Audience::default(), &["a"]), &an(), own, 1).unwrap();
    book.set_closed(&incident, true, &an(), own, 2).unwrap();
    assert_eq!(book.note(&incident, "x", &an(), own, 3), Err(NotKept::Closed));
    book.set_closed(&incident, true, &an(), own, 3).unwrap();
    book.set_closed(&incident, false, &an(), own, 4).unwrap();
    book.note(&incident, "Đã gọi công an xã\n", &an(), own, 5).unwrap();
    let kept = book.incident(&incident).unwrap();
    assert_eq!(kept.notes[0].text, "Đã gọi công an xã");
    let deeds: Vec<Deed> = kept.history.iter().map(|done| done.deed).collect();
    assert_eq!(deeds, [Deed::Began, Deed::Closed, Deed::Reopened], "closed twice is closed once");
}

#[test]
fn bookmarks_follow_their_incidents_readers_and_belong_to_who_set_them() {
    let mut book = Book::default();
    let own = reader("an", Role::Operator, ALL);
    let incident = book.save_incident(fields(Audience::default(), &["a"]), &an(), own, 1).unwrap();
    let mark = |incident| BookmarkFields {
        id: None,
        cameras: vec![id("a"), id("b")],
        period: Period::between(Moment(5), Moment(5)),
        words: "Người áo đỏ".to_owned(),
        incident,
    };
    book.save_bookmark(mark(Some(incident)), &an(), own, 2).unwrap();
    let free = book.save_bookmark(mark(None), &an(), own, 3).unwrap();
    let chi = reader("chi", Role::Operator, ALL);
    let read = book.bookmarks_for(chi);
    assert!(read.iter().map(|each| &each.id).eq([&free]), "{read:?}");
    assert_eq!(book.remove_bookmark(&free, chi), Err(NotKept::NotYours));
    assert_eq!(book.save_bookmark(mark(Some(id("9"))), &an(), own, 4), Err(NotKept::Unknown));
    assert_eq!(book.remove_bookmark(&free, own).unwrap().id, free);
    assert_eq!(book.bookmarks_for(own).len(), 1);
}

#[test]
fn a_bookmark_brings_its_cameras_and_its_time_into_its_incident() {
    let mut book = Book::default();
    let own = reader("an", Role::Operator, ALL);
    let incident = book.save_incident(fields(Audience::default(), &["a"]), &an(), own, 1).unwrap();
    let minute = 60_000_000;
    let mark = |at: i64| BookmarkFields {
        id: None,
        cameras: vec![id("a"), id("b")],
        period: Period::between(Moment(at), Moment(at)),
        words: String::new(),
        incident: Some(incident.clone()),
    };
    book.save_bookmark(mark(5 * minute), &an(), own, 2).unwrap();
    let kept = &book.incident(&incident).unwrap().stretches;
    let period = |from, until| Period { from: Moment(from), until: Moment(until) };
    let around = 5 * minute - minute / 2..5 * minute + minute / 2;
    assert_eq!(kept[0].period, period(0, around.end), "the stretch that was there reaches there");
    assert_eq!(kept[1].period, period(around.start, around.end));
    assert_eq!(book.save_bookmark(mark(i64::MAX), &an(), own, 3), Err(NotKept::Period));
}

#[test]
fn what_is_no_incident_or_bookmark_is_not_kept() {
    let mut book = Book::default();
    let own = reader("an", Role::Operator, ALL);
    let before = book.clone();
    let mut save = |change: fn(&mut IncidentFields)| {
        let mut fields = fields(Audience::default(), &["a"]);
        change(&mut fields);
        book.save_incident(fields, &an(), own, 1)
    };
    assert_eq!(save(|fields| fields.title = " ".to_owned()), Err(NotKept::Title));
    assert_eq!(save(|fields| fields.title = "a\nb".to_owned()), Err(NotKept::Title));
    assert_eq!(save(|fields| fields.case_number = "1".repeat(101)), Err(NotKept::CaseNumber));
    assert_eq!(save(|fields| fields.stretches[0].period.until = Moment(-1)), Err(NotKept::Period));
    assert_eq!(save(|fields| fields.stretches[0].period.until = Moment(i64::MAX)), Err(NotKept::Period));
    assert_eq!(save(|fields| fields.stretches = vec![stretch("a"); 101]), Err(NotKept::Cameras));
    assert_eq!(book, before);
}

#[test]
fn a_book_survives_its_file_and_a_false_one_is_damage() {
    let mut book = Book::default();
    let own = reader("an", Role::Operator, ALL);
    let incident = book.save_incident(fields(named("binh"), &["a"]), &an(), own, 1).unwrap();
    book.note(&incident, "x", &an(), own, 2).unwrap();
    let text = serde_json::to_string(&book).unwrap();
    assert_eq!(serde_json::from_str::<Book>(&text).unwrap(), book);
    let twice = text.replacen("\"incidents\":[", "\"incidents\":[INNER,", 1);
    let inner = serde_json::to_string(book.incident(&incident).unwrap()).unwrap();
    assert!(serde_json::from_str::<Book>(&twice.replace("INNER", &inner)).is_err());
    assert!(serde_json::from_str::<Book>(&text.replace("Mất trộm ở cổng", "")).is_err());
}

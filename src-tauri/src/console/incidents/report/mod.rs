//! An incident on paper: one HTML file without anything from elsewhere, in the program's language.

mod footage;
mod map;
mod markup;

use std::fmt::Write as _;

use audit::{Event, Fingerprint};
use engine::incidents::{Author, Bookmark, Deed, Incident, Stretch};
use evidence::{AttachedFile, Camera};
use jiff::Timestamp;
use model::{Id, Period};

use self::footage::{clock_line, copy_line, file_line, gap_line};
use self::map::map;
use self::markup::{lines, section, table, text};
use super::{deed, shown};
use crate::console::records::{moment, not_written};
use crate::console::{Console, files};
use crate::jpeg;
use crate::wire::Notice;
use crate::wire::stock::SavedFile;
use crate::words::Words;

/// How it looks, on paper as on a screen.
const STYLE: &str = include_str!("report.css");
/// Stills of packages that are set into a report by itself, and the most bytes of one.
const MOST_STILLS: usize = 40;
const LARGEST_STILL: u64 = 4 << 20;

/// A report as it is put together.
pub(in crate::console) struct Report<'a> {
    console: &'a Console,
    words: std::sync::Arc<Words>,
    incident: Option<Incident>,
    by: Author,
    case_number: String,
    reason: String,
    footage: String,
    copies: String,
    stills: Vec<String>,
}

impl Console {
    /// Writes an incident's report among the documents.
    ///
    /// # Errors
    /// In words: the person does not read the incident; the file cannot be written.
    pub fn incident_report(&self, id: &Id) -> Result<SavedFile, Notice> {
        let incident = self.read_incident(id)?;
        let words = self.words();
        let mut report = Report::new(self, Some(id), &self.author(), &incident.case_number, "");
        report.incident = Some(incident.clone());
        for still in self.stills_of(id) {
            report.stills.push(still);
        }
        let html = report.html();
        let name = words.say("file_report", &[("day", &files::now())]);
        let path = files::free(&self.documents(), &name, "html");
        let written = files::write(&path, |out| out.write_all(html.as_bytes()));
        written.map_err(|error| not_written(&path, &error, &words))?;
        let sha256 = Fingerprint::of(html.as_bytes());
        self.people.note(Event::IncidentReported { incident: incident.title.as_str().into(), sha256 });
        self.note_deed(Some(id), Deed::Reported, &format!("SHA-256 {sha256}"));
        Ok(SavedFile { path: path.display().to_string() })
    }

    /// The bookmarks of a camera in a period, of an incident or of none, the earliest first.
    pub(in crate::console) fn marks(
        &self,
        camera: &Id,
        period: Period,
        incident: Option<&Id>,
    ) -> Vec<Bookmark> {
        let mut marks = self.incidents.book.lock().marks(incident);
        marks.retain(|mark| {
            let point = mark.period.from == mark.period.until && period.holds(mark.period.from);
            mark.cameras.contains(camera) && (point || mark.period.common(period).is_some())
        });
        marks.sort_by_key(|mark| mark.period.from);
        marks
    }
}

impl<'a> Report<'a> {
    pub(in crate::console) fn new(
        console: &'a Console,
        incident: Option<&Id>,
        by: &Author,
        case_number: &str,
        reason: &str,
    ) -> Self {
        Self {
            console,
            words: console.words(),
            incident: incident.and_then(|id| console.incidents.incident(id)),
            by: by.clone(),
            case_number: case_number.to_owned(),
            reason: reason.to_owned(),
            footage: String::new(),
            copies: String::new(),
            stills: Vec::new(),
        }
    }

    /// How many stills it has.
    pub(in crate::console) fn stills(&self) -> usize {
        self.stills.len()
    }

    /// What a package has of a camera.
    pub(in crate::console) fn footage(&mut self, camera: &Camera) {
        let (words, source) = (&self.words, &camera.source);
        let files: Vec<String> = camera.files.iter().map(|file| file_line(file, words)).collect();
        let files =
            if files.is_empty() { words.get("report_no_footage").to_owned() } else { files.join("<br>") };
        let gaps: Vec<String> = camera.gaps.iter().map(|gap| gap_line(gap, words)).collect();
        let gaps = if gaps.is_empty() { words.get("report_no_gaps").to_owned() } else { gaps.join("<br>") };
        let device = [&source.recorder.manufacturer, &source.recorder.model, &source.recorder.serial_number];
        let device: Vec<&str> =
            device.into_iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
        let clock = clock_line(source, words);
        let _ = write!(
            self.footage,
            "<tr><td>{}<br><small>{}</small></td><td>{files}</td><td>{gaps}</td><td>{}<br><small>{}</small></td></tr>",
            text(&source.name),
            text(&source.site),
            text(&device.join(" ")),
            text(&clock),
        );
    }

    /// The copies for viewing that lie in a package.
    pub(in crate::console) fn copies(&mut self, attached: &[AttachedFile]) {
        for file in attached {
            let Some(copy) = &file.copy else { continue };
            let _ = write!(
                self.copies,
                "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
                copy_line(file, copy, &self.words),
                text(&copy.original),
                match copy.masks.len() {
                    0 => text(self.words.get("report_no_masks")),
                    count => count.to_string(),
                },
            );
        }
    }

    /// A still that lies beside the report in a package.
    pub(in crate::console) fn still(
        &mut self,
        file: &str,
        camera: &str,
        site: &str,
        taken_at: Timestamp,
        caption: &str,
    ) {
        self.stills.push(figure(file, camera, site, taken_at, caption));
    }

    /// The file.
    pub(in crate::console) fn html(&self) -> String {
        let words = &self.words;
        let title = self.incident.as_ref().map_or(self.reason.as_str(), |incident| &incident.title);
        let mut body = String::new();
        self.head(title, &mut body);
        self.places(&mut body);
        if !self.footage.is_empty() {
            let heads = ["report_camera", "report_files", "report_gaps", "report_device"];
            section(&mut body, words.get("report_footage"), &table(words, &heads, &self.footage));
        }
        if !self.copies.is_empty() {
            let heads = ["report_copy", "report_copy_of", "report_masks"];
            let note = text(words.get("report_copies_note"));
            let content = format!("<p>{note}</p>{}", table(words, &heads, &self.copies));
            section(&mut body, words.get("report_copies"), &content);
        }
        if !self.stills.is_empty() {
            section(
                &mut body,
                words.get("report_stills"),
                &format!("<div class=\"stills\">{}</div>", self.stills.concat()),
            );
        }
        self.notes(&mut body);
        self.custody(&mut body);
        let anchor = self.console.people.anchor().to_string();
        let _ = write!(
            body,
            "<footer><div class=\"signatures\"><div>{}</div><div>{}</div></div><p>{} <code>{}</code></p></footer>",
            text(words.get("report_made_by")),
            text(words.get("report_confirmed_by")),
            text(words.get("report_anchor")),
            text(&anchor),
        );
        format!(
            "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src 'self' data: file:; style-src 'unsafe-inline'\">\
             <title>{}</title><style>{STYLE}</style></head><body>{body}</body></html>\n",
            words.get("report_language"),
            text(title),
        )
    }

    fn head(&self, title: &str, body: &mut String) {
        let (words, console) = (&self.words, self.console);
        let province = console.inventory().name().to_owned();
        let _ = write!(
            body,
            "<header><p>{}</p><h1>{}</h1><h2 class=\"title\">{}</h2></header><dl>",
            text(&province),
            text(words.get("report_heading")),
            text(title),
        );
        let mut fact = |key: &str, value: &str| {
            if !value.is_empty() {
                let _ = write!(body, "<div><dt>{}</dt><dd>{}</dd></div>", text(words.get(key)), lines(value));
            }
        };
        fact("report_case", &self.case_number);
        fact("report_reason", &self.reason);
        if let Some(incident) = &self.incident {
            let by = incident.history.first().map(|done| shown(&done.by)).unwrap_or_default();
            fact("report_began", &format!("{by}, {}", moment(incident.began_ms())));
            let state = if incident.closed { "report_closed" } else { "report_open" };
            fact("report_state", words.get(state));
        }
        fact("report_made", &format!("{}, {}", shown(&self.by), moment(super::now_ms())));
        fact("report_workstation", &crate::process::host_name());
        body.push_str("</dl>");
    }

    /// Where and when, and bookmarks, with the places on a map of all sites.
    fn places(&self, body: &mut String) {
        let Some(incident) = &self.incident else { return };
        let (words, inventory) = (&self.words, self.console.inventory());
        let mut rows = String::new();
        for Stretch { camera, period } in &incident.stretches {
            let place = inventory.camera(camera);
            let name = place.map_or_else(|| camera.to_string(), |(_, _, camera)| camera.name.clone());
            let site =
                place.map_or_else(String::new, |(site, ..)| format!("{}, {}", site.name, site.district));
            let position = place.and_then(|(site, ..)| site.position);
            let position = position.map_or_else(String::new, |at| format!("{:.5}, {:.5}", at.lat, at.lon));
            let _ = write!(
                rows,
                "<tr><td>{}</td><td>{}<br><small>{}</small></td><td>{}</td><td>{}</td></tr>",
                text(&name),
                text(&site),
                text(&position),
                moment(period.from.ms()),
                moment(period.until.ms()),
            );
        }
        if !rows.is_empty() {
            let heads = ["report_camera", "report_site", "report_from", "report_until"];
            let map = map(&inventory, &incident.stretches);
            section(body, words.get("report_places"), &format!("{}{map}", table(words, &heads, &rows)));
        }
        let mut marks = self.console.incidents.book.lock().marks(Some(&incident.id));
        marks.sort_by_key(|mark| mark.period.from);
        let mut rows = String::new();
        for mark in &marks {
            let name = |camera: &Id| inventory.camera(camera).map(|(_, _, camera)| camera.name.clone());
            let own = |camera: &Id| incident.stretches.iter().any(|stretch| stretch.camera == *camera);
            let known = mark.cameras.iter().filter(|camera| own(camera) || self.console.may_play(camera));
            let cameras: Vec<String> = known.filter_map(name).collect();
            let _ = write!(
                rows,
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                moment(mark.period.from.ms()),
                text(&cameras.join(", ")),
                text(&mark.words),
                text(&shown(&mark.by)),
            );
        }
        if !rows.is_empty() {
            let heads = ["report_when", "report_camera", "report_what", "report_by"];
            section(body, words.get("report_marks"), &table(words, &heads, &rows));
        }
    }

    fn notes(&self, body: &mut String) {
        let Some(incident) = self.incident.as_ref().filter(|incident| !incident.notes.is_empty()) else {
            return;
        };
        let mut rows = String::new();
        for note in &incident.notes {
            let (at, by) = (moment(note.at_ms), shown(&note.by));
            let _ =
                write!(rows, "<tr><td>{at}</td><td>{}</td><td>{}</td></tr>", text(&by), lines(&note.text));
        }
        let heads = ["report_when", "report_by", "report_note"];
        section(body, self.words.get("report_notes"), &table(&self.words, &heads, &rows));
    }

    fn custody(&self, body: &mut String) {
        let Some(incident) = &self.incident else { return };
        let mut rows = String::new();
        for done in &incident.history {
            let (at, by) = (moment(done.at_ms), shown(&done.by));
            let what = deed(done, &self.words);
            let _ = write!(rows, "<tr><td>{at}</td><td>{}</td><td>{}</td></tr>", text(&by), text(&what));
        }
        let heads = ["report_when", "report_by", "report_what"];
        section(body, self.words.get("report_custody"), &table(&self.words, &heads, &rows));
    }
}

/// A still with its words.
fn figure(source: &str, camera: &str, site: &str, taken_at: Timestamp, caption: &str) -> String {
    let at = moment(taken_at.as_millisecond());
    let said = if caption.is_empty() { String::new() } else { format!("<br>{}", text(caption)) };
    format!(
        "<figure><img src=\"{}\" alt=\"\"><figcaption><b>{}</b>, {}<br>{at}{said}</figcaption></figure>",
        text(source),
        text(camera),
        text(site),
    )
}

impl Console {
    /// The stills of the incident's packages, set into the file; each compared with its hash.
    fn stills_of(&self, incident: &Id) -> Vec<String> {
        let mut figures = Vec::new();
        for package in self.packages_of(incident) {
            let Ok(manifest) = evidence::Manifest::read_unchecked(&package) else { continue };
            for still in manifest.stills {
                let path = package.join(&still.name);
                let small = path.metadata().is_ok_and(|about| about.len() <= LARGEST_STILL);
                let bytes = std::fs::read(&path).ok().filter(|_| small);
                let Some(bytes) = bytes.filter(|bytes| evidence::Digest::of(bytes) == still.sha256) else {
                    continue;
                };
                if figures.len() < MOST_STILLS {
                    let source = jpeg::address(&bytes);
                    figures.push(figure(&source, &still.from.name, &still.from.site, still.taken_at, ""));
                }
            }
        }
        figures
    }
}

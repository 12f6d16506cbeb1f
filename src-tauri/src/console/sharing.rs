//! Sharing lines and viewers with other workstations: what is set for it, and how it stands.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use leases::{Holder, Login, NotAServer, Server, State, Trouble};
use model::{Action, Secret};
use parking_lot::Mutex;
use store::{Problem, Store};
use zeroize::Zeroizing;

use super::{Console, notices};
use crate::process;
use crate::wall::feeds::Feeds;
use crate::wire::Notice;
use crate::wire::sharing::{Sharing, SharingFields, SharingState, SharingStatus};

/// The province's.
const HIGHEST_RANK: u8 = 9;
/// A file with a login is a few lines long.
const LARGEST_FILE: u64 = 64 * 1024;

/// What is kept and what the page knows.
pub(super) struct Kept {
    store: Store<SharingFields>,
    /// One change at a time: it waits for goodbyes.
    changing: Mutex<()>,
    now: Mutex<Now>,
}

#[derive(Default)]
struct Now {
    fields: SharingFields,
    /// As whom it was joined.
    name: String,
    told: Option<Sharing>,
}

impl Kept {
    /// Reads what is kept, and shares as it says. `person` works here, if anybody does.
    pub(super) fn start(data: &Path, feeds: &Arc<Feeds>, person: Option<&str>) -> (Self, Option<Problem>) {
        let store = Store::open(data, "sharing");
        let loaded = store.load();
        let fields: SharingFields = loaded.value.unwrap_or_default();
        let kept = Self { store, changing: Mutex::default(), now: Mutex::default() };
        if let Err(error) = kept.join(feeds, fields, person) {
            log::warn!("nothing is shared: {error}");
        }
        (kept, loaded.problem)
    }

    /// Shares as `fields` say from now on.
    fn join(&self, feeds: &Arc<Feeds>, fields: SharingFields, person: Option<&str>) -> std::io::Result<()> {
        let name = name(&fields, person);
        let with = server(&fields).and_then(Result::ok);
        let who = Holder { name: name.clone(), rank: fields.rank.min(HIGHEST_RANK) };
        let now = Now { fields, name, told: None };
        *self.now.lock() = now;
        feeds.share(with.map(|server| (server, who)))
    }
}

impl Console {
    /// What is set for sharing, and how it stands.
    ///
    /// # Errors
    /// The person may not change settings.
    pub fn sharing(&self) -> Result<Sharing, Notice> {
        self.allow(Action::ManageSettings, None)?;
        Ok(self.sharing_now())
    }

    /// Shares as `fields` say from now on.
    ///
    /// # Errors
    /// In words: the person may not, or something is no server's address; then nothing has changed.
    pub fn set_sharing(&self, fields: SharingFields) -> Result<(), Notice> {
        self.allow(Action::ManageSettings, None)?;
        let fields = tidy(fields);
        let words = self.words();
        if let Some(Err(not)) = server(&fields) {
            return Err(notices::error_notice(not_a_server(not), &[], &words));
        }
        let _one = self.shared.changing.lock();
        let before = self.shared.now.lock().fields.clone();
        if fields == before {
            return Ok(());
        }
        self.shared.store.save(&fields).map_err(|error| notices::not_saved(&error, &words))?;
        let [from, to] = [&before, &fields].map(|fields| format!("{fields:?}"));
        self.people.note(audit::Event::SettingsChanged {
            what: "sharing".into(),
            before: from.as_str().into(),
            after: to.as_str().into(),
        });
        self.join(fields)
    }

    /// Somebody else works here: the others see another name.
    pub(super) fn follow_person(&self) {
        let _one = self.shared.changing.lock();
        let person = self.person_of_sharing();
        let renamed = {
            let now = self.shared.now.lock();
            let renamed = now.fields.server.is_some() && name(&now.fields, person.as_deref()) != now.name;
            // Who has gone is known by the last name until somebody comes: no picture ends for that.
            renamed.then(|| now.fields.clone()).filter(|_| person.is_some())
        };
        if let Some(fields) = renamed
            && let Err(notice) = self.join(fields)
        {
            self.announce(notice);
        }
    }

    fn join(&self, fields: SharingFields) -> Result<(), Notice> {
        let joined = self.shared.join(&self.feeds, fields, self.person_of_sharing().as_deref());
        joined.map_err(|error| {
            notices::error_notice("sharing_not_begun", &[("reason", &error.to_string())], &self.words())
        })
    }

    fn person_of_sharing(&self) -> Option<String> {
        self.people.with_who(|who| who.name().to_owned())
    }

    /// Tells whoever may change it how it stands, when that has changed.
    pub(super) fn tell_sharing(&self) {
        if !self.people.may(Action::ManageSettings) {
            return;
        }
        let sharing = self.sharing_now();
        let told = self.shared.now.lock().told.replace(sharing.clone());
        if told.as_ref() != Some(&sharing) {
            self.tell("sharing", sharing);
        }
    }

    fn sharing_now(&self) -> Sharing {
        let state = self.feeds.sharing();
        let trouble = match &state {
            State::Lost { trouble, .. } => self.words().get(trouble_key(*trouble)).to_owned(),
            _ => String::new(),
        };
        let now = self.shared.now.lock();
        Sharing { fields: now.fields.clone(), name: now.name.clone(), status: status(&state), trouble }
    }
}

/// In short.
pub(super) fn status(state: &State) -> SharingStatus {
    let (state, clients) = match state {
        State::Alone => (SharingState::Alone, 0),
        State::Connecting => (SharingState::Connecting, 0),
        State::Connected { clients } => (SharingState::Connected, *clients),
        State::Lost { .. } => (SharingState::Lost, 0),
    };
    SharingStatus { state, clients }
}

/// Without what a person typed by the way.
fn tidy(fields: SharingFields) -> SharingFields {
    let text = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    SharingFields {
        server: text(fields.server),
        rank: fields.rank.min(HIGHEST_RANK),
        name: text(fields.name),
        file: text(fields.file),
    }
}

fn name(fields: &SharingFields, person: Option<&str>) -> String {
    let workstation = process::host_name();
    fields.name.clone().unwrap_or_else(|| match person {
        Some(person) => format!("{person}@{workstation}"),
        None => workstation,
    })
}

/// `None`: none is set.
fn server(fields: &SharingFields) -> Option<Result<Server, NotAServer>> {
    let url = fields.server.as_deref()?;
    Some(Server::new(url, login(fields.file.as_deref().map(Path::new)), None))
}

/// By what stands in the file; one that cannot be read is told as such by the connection.
fn login(file: Option<&Path>) -> Login {
    let Some(path) = file else { return Login::None };
    match seed(path) {
        Some(seed) => Login::NKey(seed),
        None => Login::File(PathBuf::from(path)),
    }
}

/// The seed of a user's nkey, if that is all that the file holds.
fn seed(path: &Path) -> Option<Secret> {
    let mut text = Zeroizing::new(String::new());
    std::fs::File::open(path).ok()?.take(LARGEST_FILE).read_to_string(&mut text).ok()?;
    let bare = text.trim();
    (bare.starts_with("SU") && !bare.contains(char::is_whitespace)).then(|| Secret::new(bare.to_owned()))
}

fn not_a_server(not: NotAServer) -> &'static str {
    match not {
        NotAServer::Url => "sharing_bad_url",
        NotAServer::Scheme => "sharing_bad_scheme",
        NotAServer::Login => "sharing_login_in_url",
    }
}

fn trouble_key(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Unreachable => "sharing_trouble_unreachable",
        Trouble::Tls => "sharing_trouble_tls",
        Trouble::Login => "sharing_trouble_login",
        Trouble::LoginFile => "sharing_trouble_login_file",
        Trouble::NoStore => "sharing_trouble_no_store",
        Trouble::Silent => "sharing_trouble_silent",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Language, Words};

    #[test]
    fn the_others_know_it_by_person_and_workstation_unless_it_has_a_name() {
        let fields = tidy(SharingFields { name: Some("  ".into()), rank: 200, ..SharingFields::default() });
        assert_eq!((fields.name.as_deref(), fields.rank), (None, HIGHEST_RANK));
        assert_eq!(name(&fields, Some("Lan")), format!("Lan@{}", process::host_name()));
        assert_eq!(name(&fields, None), process::host_name());
        let fields = SharingFields { name: Some("Phòng trực".into()), ..fields };
        assert_eq!(name(&fields, Some("Lan")), "Phòng trực");
    }

    #[test]
    fn a_login_is_what_its_file_holds() {
        let folder = std::env::temp_dir().join(format!("watchwall-sharing-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        assert!(matches!(login(None), Login::None));
        let seed = write("user.nk", "SUAEXAMPLEEXAMPLE\n");
        assert!(matches!(login(Some(&seed)), Login::NKey(_)));
        let creds = write("user.creds", "-----BEGIN NATS USER JWT-----\nSU\n------END NATS USER JWT------\n");
        assert!(matches!(login(Some(&creds)), Login::File(_)));
        assert!(matches!(login(Some(&folder.join("missing"))), Login::File(_)));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn all_that_is_wrong_with_a_server_has_words() {
        let words = Words::new(Language::Vietnamese);
        let troubles = [
            Trouble::Unreachable,
            Trouble::Tls,
            Trouble::Login,
            Trouble::LoginFile,
            Trouble::NoStore,
            Trouble::Silent,
        ];
        for key in troubles.map(trouble_key) {
            assert_ne!(words.get(key), key);
        }
        for not in [NotAServer::Url, NotAServer::Scheme, NotAServer::Login] {
            let notice = notices::error_notice(not_a_server(not), &[], &words);
            assert_ne!(notice.title, not_a_server(not));
            assert!(!notice.detail.is_empty());
        }
    }
}

//! Who works here, what they may, and their logins for devices.

use model::{Action, Id, Role, Scope, Secret};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Settings;

/// Text that the page sends and the program never sends back.
#[derive(Deserialize, TS)]
#[ts(as = "String")]
#[serde(transparent)]
pub struct Hidden(#[serde(deserialize_with = "hidden")] pub Secret);

fn hidden<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Secret, D::Error> {
    String::deserialize(from).map(Secret::new)
}

/// Whether anybody may use the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// There are no accounts yet: the first administrator is created.
    FirstStart,
    /// Nobody has signed in.
    SignedOut,
    /// Somebody has, and must choose a password of their own first.
    PasswordDue,
    /// Somebody has, and must add a second factor first.
    SecondFactorDue,
    /// Somebody works.
    SignedIn,
    /// Somebody works and is away: walls go on, controls don't.
    Locked,
}

/// Whether anybody may use the console, and who does.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Session {
    /// See there.
    pub state: SessionState,
    /// Who has signed in.
    pub person: Option<Person>,
    /// The simulated province without accounts: people choose a role to look around.
    pub demo: bool,
    /// Language and theme hold for the sign-in too.
    pub settings: Settings,
}

/// Who has signed in.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Person {
    /// What they sign in with.
    pub account: String,
    /// As colleagues call them.
    pub name: String,
    /// What they work as.
    pub role: Role,
    /// Which cameras that holds for.
    pub scope: Scope,
    /// What they may do; the program checks each act again.
    pub may: Vec<Action>,
    /// A code of their telephone is asked for at sign-in.
    pub second_factor: bool,
    /// An administrator asks for it: it can't be dropped.
    pub second_factor_required: bool,
}

/// What came of a sign-in that was not refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SignIn {
    /// The session has changed.
    Done,
    /// The password is right; now the code.
    CodeNeeded,
}

/// What a password lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Weakness {
    /// Fewer characters than asked for.
    Short,
    /// Not all four of lower case, upper case, digits and others.
    Classes,
    /// The account's name is in it.
    Name,
    /// Everybody tries it first.
    Common,
    /// One of the last ones.
    Used,
    /// More than anybody types.
    Long,
    /// Characters that cannot be seen.
    Unseen,
}

/// A telephone's way to make codes, shown once.
#[derive(Clone, Serialize, TS)]
pub struct Enrolment {
    /// A picture to be read by the telephone: an SVG document.
    pub qr: String,
    /// The same to be typed, in groups of four.
    pub typed: String,
}

/// An account, as an administrator sees it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Account {
    /// What they sign in with.
    pub account: String,
    /// As colleagues call them.
    pub name: String,
    /// What they work as.
    pub role: Role,
    /// Which cameras that holds for.
    pub scope: Scope,
    /// May not sign in.
    pub disabled: bool,
    /// Too many wrong tries: until then, in milliseconds since 1970.
    pub locked_until: Option<f64>,
    /// A code is asked for at sign-in.
    pub second_factor: bool,
    /// It has to be added at the next sign-in, if it is not there, and can't be dropped.
    pub second_factor_required: bool,
    /// Has to choose a password of their own at the next sign-in.
    pub must_change: bool,
    /// Milliseconds since 1970.
    pub last_sign_in: Option<f64>,
    /// Role and scope come with the signed inventory and can't be changed here.
    pub from_inventory: bool,
}

/// An account to be made, or what is to hold for it from now on.
#[derive(Clone, Debug, PartialEq, Deserialize, TS)]
pub struct AccountFields {
    /// What they sign in with.
    pub account: String,
    /// As colleagues call them.
    pub name: String,
    /// What they work as.
    pub role: Role,
    /// Which cameras that holds for.
    pub scope: Scope,
    /// A second factor has to be added at the next sign-in and can't be dropped.
    pub second_factor_required: bool,
}

/// What a login opens; the most specific one counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LoginTarget {
    /// All devices.
    Province,
    /// All of a site's.
    Site {
        /// The site's.
        id: Id,
    },
    /// A recorder with its channels.
    Recorder {
        /// The recorder's.
        id: Id,
    },
    /// One camera.
    Camera {
        /// The camera's.
        id: Id,
    },
}

/// Where one's logins are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LoginKeeping {
    /// Under a key in the system's keychain.
    Keychain,
    /// There is no keychain: in a file sealed by one's password.
    PasswordFile,
    /// There is no keychain and nothing has been chosen: none can be kept.
    NotChosen,
}

/// One of one's logins.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Login {
    /// What it opens.
    pub target: LoginTarget,
    /// The name on the device.
    pub user: String,
    /// What a device has said of it.
    pub tested: LoginTested,
    /// When, in milliseconds since 1970.
    pub at: Option<f64>,
}

/// What a device has said of a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LoginTested {
    /// Nothing yet.
    Untested,
    /// It opens.
    Accepted,
    /// It does not: not tried again until it is changed, because recorders lock after a few tries.
    Refused,
}

/// One's logins for devices. Passwords stay in the program.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Logins {
    /// Where they are kept.
    pub keeping: LoginKeeping,
    /// Why there is no keychain; empty where there is one.
    pub why: String,
    /// The province's first.
    pub entries: Vec<Login>,
}

/// What a device said to a new login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LoginResult {
    /// It opens.
    pub accepted: bool,
    /// Which device was asked and what it said, in words.
    pub text: String,
    /// What to do; empty when all is well.
    pub detail: String,
}

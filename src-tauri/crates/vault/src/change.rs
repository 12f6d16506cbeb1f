//! What changed, for the record of who did what; and why something did not.

use model::{Role, Scope};
use serde::Serialize;

use crate::files::Trouble;
use crate::keyhole::Keeping;
use crate::name::{Name, NotAName};
use crate::policy::Weakness;
use crate::sign_in::Refused;

/// What changed with an account. Who changed it, the caller knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Whose account.
    pub account: Name,
    /// What changed.
    pub what: What,
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum What {
    /// It is new.
    Created {
        /// What the person works as.
        role: Role,
        /// For which cameras.
        scope: Scope,
    },
    /// The person is called otherwise.
    Display {
        /// Before.
        from: String,
        /// Now.
        to: String,
    },
    /// The person works as something else.
    Role {
        /// Before.
        from: Role,
        /// Now.
        to: Role,
    },
    /// For other cameras.
    Scope {
        /// Before.
        from: Scope,
        /// Now.
        to: Scope,
    },
    /// Whether a second factor is required.
    SecondFactorRequired {
        /// Now.
        to: bool,
    },
    /// Nobody can sign in with it any more.
    Disabled,
    /// It can be signed in with again.
    Enabled,
    /// Its lock was opened before its time.
    Unlocked,
    /// The person has another password.
    PasswordChanged,
    /// An administrator has given it another password, to be changed at the next sign-in.
    PasswordReset {
        /// It had a second factor, which is gone.
        second_factor_removed: bool,
        /// The logins for devices were sealed by the password before, and can't be read any more.
        logins_lost: bool,
    },
    /// It has a second factor now.
    SecondFactorAdded,
    /// It has none any more.
    SecondFactorRemoved,
    /// It has new recovery codes; those before are void.
    RecoveryCodesRenewed,
    /// The logins for devices are kept otherwise.
    Keeping {
        /// Before.
        from: Keeping,
        /// Now.
        to: Keeping,
    },
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The name is no name.
    #[error(transparent)]
    Name(#[from] NotAName),
    /// The person's name is empty, longer than 200 characters, or has control characters.
    #[error("not a person's name")]
    Display,
    /// Somebody has that name.
    #[error("the name is taken")]
    NameTaken,
    /// Nobody has that name.
    #[error("nobody has that name")]
    Unknown,
    /// As many accounts as there may be.
    #[error("too many accounts")]
    TooMany,
    /// There are accounts already, so nobody is the first.
    #[error("there are accounts already")]
    NotTheFirst,
    /// Nobody else could administer then.
    #[error("the last administrator")]
    LastAdministrator,
    /// The password is too weak.
    #[error("weak: {0:?}")]
    Weak(Vec<Weakness>),
    /// The password was one of the last nine.
    #[error("a password that was used before")]
    Reused,
    /// There is a second factor already; it has to be removed first.
    #[error("there is a second factor")]
    Enrolled,
    /// There is no second factor.
    #[error("there is no second factor")]
    NotEnrolled,
    /// The person must have a second factor.
    #[error("a second factor is required")]
    Required,
    /// The code does not show that the telephone has the seed.
    #[error("a wrong code")]
    WrongCode,
    /// The password was changed since this sign-in, or the account is gone.
    #[error("the password was changed since")]
    Stale,
    /// Who asks did not show to be that person.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The file of accounts can't be used.
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

//! Text that must not be seen.

use zeroize::Zeroizing;

/// A password. It has no `Debug`, no `Display`, no serialisation and no equality, and is wiped when dropped: what
/// cannot be printed is not printed by mistake.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text; wipe or drop your own copy.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text, for the one call that answers a challenge with it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// A login on a camera or a recorder.
#[derive(Clone)]
pub struct Credentials {
    /// The account's name on the device.
    pub user: String,
    /// Its password.
    pub password: Secret,
}

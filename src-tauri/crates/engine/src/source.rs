//! What is opened, and who is told of news.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, OnceLock};

pub use devices::rtsp::Sounds;
use model::{Address, Credentials, Transport};

/// Called from any thread when some stream has a new picture or state; must return at once.
pub type Bell = Arc<dyn Fn() + Send + Sync>;

/// One profile of one camera.
#[derive(Clone)]
pub struct Source {
    /// Where it is.
    pub address: Address,
    /// Who we are there, if it asks.
    pub credentials: Option<Credentials>,
    /// How the packets travel.
    pub transport: Transport,
    /// Whether its sound comes along.
    pub sounds: Sounds,
}

/// Tells logins apart, a changed password too, without keeping them: keyed by chance anew in every process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LoginMark(u64);

impl LoginMark {
    pub(crate) fn of(login: &Credentials) -> Self {
        static KEY: OnceLock<RandomState> = OnceLock::new();
        Self(KEY.get_or_init(RandomState::new).hash_one((&login.user, login.password.expose())))
    }
}

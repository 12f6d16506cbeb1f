//! What is opened, and who is told of news.

use std::sync::Arc;

use model::Address;
use model::{Credentials, Transport};

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
}

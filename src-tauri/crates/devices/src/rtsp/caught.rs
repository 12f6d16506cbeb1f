//! Devices send what libraries take for impossible: what panics in them over it ends that session, with a fault that says so,
//! and nothing else. `sdp-types` does, over a line without `=` that is followed by anything but `m=`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use futures::FutureExt as _;
use model::Fault;

fn unreadable() -> Fault {
    Fault::Protocol("the device sends what cannot be read".to_owned())
}

/// What `read` gives. What it has touched must not be used any more after a fault.
pub(super) fn now<T>(read: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(unreadable()))
}

/// The same for what waits.
pub(super) async fn soon<T>(reading: impl Future<Output = T>) -> Result<T, Fault> {
    AssertUnwindSafe(reading).catch_unwind().await.map_err(|_| unreadable())
}

//! The real devices, over the network.

use devices::device::Device;
use devices::http::{Origin, Refusals};
use devices::{Enrolled, Reply};
use model::Fault;

use super::{Meet, Way};

/// Meets devices over the network, by whatever protocol they speak; all meetings remember together which login was
/// refused where.
#[derive(Default)]
pub struct Network {
    refusals: Refusals,
}

impl Meet for Network {
    fn meet(&self, way: &Way) -> Reply<'static, Device> {
        let (refusals, login) = (self.refusals.clone(), way.login.clone());
        let origin = Origin::from_url(way.address.url());
        Box::pin(async move {
            let origin = origin.map_err(|bad| Fault::Protocol(bad.to_string()))?;
            let enrolled = Enrolled { origin: Some(origin), ..Enrolled::default() };
            devices::meet(&enrolled, login, None, &refusals).await
        })
    }
}

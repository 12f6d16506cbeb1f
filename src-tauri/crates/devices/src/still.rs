//! Still pictures that a device gives at an address of its own.

use bytes::Bytes;
use model::Fault;

use crate::device::{Reply, Snapshot};
use crate::http::{Client, Request};

/// A channel's still picture.
pub(crate) struct Still {
    pub(crate) client: Client,
    pub(crate) target: String,
}

impl Snapshot for Still {
    fn snapshot(&self) -> Reply<'_, Bytes> {
        Box::pin(async {
            let answer = self.client.send(&Request::get(&self.target).picture()).await?;
            let picture = answer.accepted()?;
            // Start of image (ITU-T T.81 §B.1.1.3): an error page is no picture, whatever its status says.
            if picture.starts_with(&[0xff, 0xd8]) {
                Ok(picture)
            } else {
                Err(Fault::Protocol("no JPEG picture".to_owned()))
            }
        })
    }
}

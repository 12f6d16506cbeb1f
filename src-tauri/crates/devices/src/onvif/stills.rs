//! Still pictures and key frames.

use std::sync::Arc;

use bytes::Bytes;
use model::Fault;
use parking_lot::Mutex;

use super::line::Line;
use super::media;
use super::soap::Service;
use crate::device::{KeyFrame, Reply, Snapshot};
use crate::makers::unless_essential;
use crate::still::Still;

/// The still pictures of a channel.
pub(super) struct Stills {
    line: Arc<Line>,
    service: Service,
    profile: String,
    target: Mutex<String>,
}

impl Stills {
    /// Those of a profile, if the device gives any.
    pub(super) async fn of(line: &Arc<Line>, service: Service, profile: &str) -> Result<Option<Self>, Fault> {
        let target = unless_essential(media::snapshot(line, service, profile).await)?;
        let of = |target| Self {
            line: Arc::clone(line),
            service,
            profile: profile.to_owned(),
            target: Mutex::new(target),
        };
        Ok(target.map(of))
    }

    async fn picture(&self) -> Result<Bytes, Fault> {
        let still = Still { client: self.line.client().clone(), target: self.target.lock().clone() };
        still.snapshot().await
    }
}

impl Snapshot for Stills {
    fn snapshot(&self) -> Reply<'_, Bytes> {
        Box::pin(async move {
            match self.picture().await {
                // Some addresses hold for a while only.
                Err(Fault::NotFound) => {
                    let target = media::snapshot(&self.line, self.service, &self.profile).await?;
                    *self.target.lock() = target;
                    self.picture().await
                }
                answered => answered,
            }
        })
    }
}

/// Key frames of all streams of a channel.
pub(super) struct KeyFrames {
    pub(super) line: Arc<Line>,
    pub(super) service: Service,
    pub(super) profiles: Vec<String>,
}

impl KeyFrame for KeyFrames {
    fn ask(&self) -> Reply<'_, ()> {
        Box::pin(async move {
            let mut answered = Err(Fault::NotOffered);
            for profile in &self.profiles {
                // One stream that cannot does not keep the others from it.
                let one = media::key_frame(&self.line, self.service, profile).await;
                answered = if answered.is_ok() { answered } else { one };
            }
            answered
        })
    }
}

//! What goes into a package beside footage: single pictures and reports. Copies for viewing: see `copy`.

use std::io::{Read, Write};

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::{At, Export, ExportFault, create, disk, remove};
use crate::digest::Digest;
use crate::manifest::{AttachedFile, Attachment, StillFile, StillSource};
use crate::names::safe_name;

/// The most of either in a package.
const MOST: usize = 10_000;

/// The bytes are neither PNG nor JPEG.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("neither PNG nor JPEG")]
pub struct NotAPicture;

impl Export {
    /// Puts in a single picture, PNG or JPEG, as it is. Returns its name in the package.
    ///
    /// # Errors
    /// [`ExportFault::NotAPicture`], [`ExportFault::TooMany`], [`ExportFault::Disk`].
    pub fn still(
        &mut self,
        from: StillSource,
        taken_at: Timestamp,
        bytes: &[u8],
    ) -> Result<String, ExportFault> {
        let ending = match bytes {
            [0x89, b'P', b'N', b'G', 13, 10, 26, 10, ..] => "png",
            [0xff, 0xd8, 0xff, ..] => "jpg",
            _ => return Err(NotAPicture.into()),
        };
        let name = format!("still-{:03}-{}.{ending}", self.state.stills.len() + 1, safe_name(&from.name));
        let (length, sha256) = self.put(&name, self.state.stills.len(), &mut &*bytes)?;
        self.state.stills.push(StillFile { name: name.clone(), bytes: length, sha256, from, taken_at });
        self.state.save(&self.partial)?;
        Ok(name)
    }

    /// Puts in something beside the footage, in constant memory. Returns its name in the package, which ends as `name` does.
    ///
    /// # Errors
    /// [`ExportFault::TooMany`], [`ExportFault::Disk`], also if `content` can't be read.
    pub fn attach(
        &mut self,
        kind: Attachment,
        name: &str,
        content: &mut dyn Read,
    ) -> Result<String, ExportFault> {
        let name = format!("attached-{:03}-{}", self.state.attachments.len() + 1, safe_name(name));
        let (bytes, sha256) = self.put(&name, self.state.attachments.len(), content)?;
        self.state.attachments.push(AttachedFile { name: name.clone(), bytes, sha256, kind, copy: None });
        self.state.save(&self.partial)?;
        Ok(name)
    }

    fn put(&self, name: &str, already: usize, content: &mut dyn Read) -> Result<(u64, Digest), ExportFault> {
        if already >= MOST {
            return Err(ExportFault::TooMany);
        }
        let path = self.inside().join(name);
        // Left there if the program was killed before the state said so.
        remove(&path)?;
        let mut file = create(&path)?;
        let (mut hash, mut length) = (Sha256::new(), 0);
        let mut buffer = vec![0; 64 << 10];
        loop {
            match content.read(&mut buffer).at(&path)? {
                0 => break,
                read => {
                    hash.update(&buffer[..read]);
                    file.write_all(&buffer[..read]).at(&path)?;
                    length += read as u64;
                }
            }
        }
        file.sync_all().at(&path)?;
        disk::sync_folder_of(&path)?;
        Ok((length, Digest::of_all(hash)))
    }
}

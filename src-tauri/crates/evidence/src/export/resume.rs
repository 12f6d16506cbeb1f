//! Finds out how much of a camera's footage is whole.

use super::camera::CameraWriter;
use super::part::Part;
use super::{Export, ExportFault, state};
use crate::description::Source;

/// The writer of a camera that was begun, as far as it got.
pub(super) fn camera(export: &Export, number: usize, source: Source) -> Result<CameraWriter, ExportFault> {
    let writer = CameraWriter::new(export, number, source);
    let mut files = Vec::new();
    while let Some(file) = state::part(&export.partial, number, files.len() + 1)? {
        files.push(file);
    }
    let part = Part::resume(&writer.part_name(files.len() + 1))?;
    Ok(writer.resumed(files, part))
}

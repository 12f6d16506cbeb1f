//! Monitors by RandR 1.5.

use x11rb::connection::Connection;
use x11rb::errors::ReplyError;
use x11rb::protocol::randr::ConnectionExt as _;
use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _};
use x11rb::rust_connection::RustConnection;

use super::Found;

/// An EDID is 128 bytes and 128 more for each extension; this is in units of four.
const EDID_WORDS: u32 = 128;

pub(super) fn monitors() -> Result<Vec<Found>, Box<dyn std::error::Error>> {
    let (connection, screen) = x11rb::connect(None)?;
    let root = connection.setup().roots[screen].root;
    let edid = connection.intern_atom(false, b"EDID")?.reply()?.atom;
    let mut found = Vec::new();
    for monitor in connection.randr_get_monitors(root, true)?.reply()?.monitors {
        let name = connection.get_atom_name(monitor.name)?.reply()?.name;
        let outputs = monitor.outputs.iter();
        let edid = outputs
            .filter_map(|output| edid_of(&connection, *output, edid).ok())
            .find(|edid| !edid.is_empty());
        found.push(Found {
            connector: String::from_utf8_lossy(&name).into_owned(),
            edid: edid.unwrap_or_default(),
            x: monitor.x.into(),
            y: monitor.y.into(),
            width: monitor.width.into(),
            height: monitor.height.into(),
            primary: monitor.primary,
        });
    }
    Ok(found)
}

fn edid_of(connection: &RustConnection, output: u32, edid: u32) -> Result<Vec<u8>, ReplyError> {
    let property = connection
        .randr_get_output_property(output, edid, AtomEnum::ANY, 0, EDID_WORDS, false, false)?
        .reply()?;
    Ok(property.data)
}

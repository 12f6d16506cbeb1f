//! The words that every room of Watchwall shares.
//!
//! **What it does:** names the things of the trade (camera, profile, access unit, picture, tile, fault) as plain
//! types, so that `devices`, `decode`, `render` and `engine` can hand them to each other without knowing each other.
//!
//! **What it must never know:** sockets, files, threads, the time of day, FFmpeg, wgpu, the page. Nothing here reads
//! a clock; moments are handed in. Nothing here has words for people either: a [`Fault`] carries a code, and the
//! program turns it into Vietnamese or English.
//!
//! **The way through it:** [`stream`] says what is asked of a camera, [`access_unit`] is what arrives from it,
//! [`sound`] what comes with it, [`picture`] is what a decoder makes of that ([`surface`] while it is still on a graphics processor), [`layout`]
//! says where it stands on the wall, [`view`] what of it is seen there, through which [`lens`],
//! and [`fault`] says why it does not. [`id`] names a camera without saying where it
//! is, [`address`] where, without the password.

pub mod access_unit;
pub mod address;
pub mod canvas;
pub mod fault;
pub mod id;
pub mod layout;
pub mod lens;
pub mod picture;
pub mod recording;
pub mod rights;
pub mod secret;
pub mod sound;
pub mod steering;
pub mod stream;
pub mod surface;
pub mod view;

pub use access_unit::{AccessUnit, Codec};
pub use address::{Address, BadAddress};
pub use canvas::{Canvas, Mask, MaskLook, PicturePart};
pub use fault::{Capacity, Fault, Retry};
pub use id::{Id, NotAnId};
pub use layout::{Fit, Grid, Rect, Size, Turn};
pub use lens::{Lens, Projection};
pub use picture::{Colour, Matrix, Picture, PixelFormat, PlaneOrder, Planes, Range, Subsampling};
pub use recording::{Moment, Period, Recorded, RecordedFor};
pub use rights::{Action, Role, Scope};
pub use secret::{Credentials, Secret};
pub use sound::{SoundCodec, SoundFormat, SoundPacket};
pub use steering::{ClockOffset, DeviceEvent, EventKind, Pose, Preset, Reach, Span, Velocity};
pub use stream::{Decoder, Drops, StreamState, Transport};
pub use surface::Surface;
pub use view::{Mapping, Point, Sight, View};

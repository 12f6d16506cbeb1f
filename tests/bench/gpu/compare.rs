//! Whether a wall shows the same whoever decodes: the same units by both, drawn by the same compositor.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use anyhow::{Context, Result};
use decode::{Event, Input, Options, Pool, Preference, Sink};
use model::{Fit, Picture, Rect, Size, Turn};
use render::{Backend, Target, Tile, Wall};

use super::clip::Clip;
use crate::table;

const WALL: Size = Size::new(1920, 1080);
/// Pictures of each clip that are compared: a key frame and what refers to it.
const PICTURES: usize = 60;
/// A decoder that takes longer for one picture is not coming any more.
const PATIENCE: Duration = Duration::from_secs(5);

/// One decoder and a wall of its own.
struct Side {
    input: Input,
    pictures: Receiver<Picture>,
    wall: Wall,
}

struct Passage(SyncSender<Picture>);

impl Sink for Passage {
    fn picture(&mut self, picture: Picture) {
        let _ = self.0.send(picture); // nobody listens any more: the comparison is over
    }

    fn event(&mut self, event: Event) {
        if let Event::Decoder { decoder, note: Some(note) } = event {
            table::tell(&format!("{}: {note}", decoder.name()));
        }
    }
}

impl Side {
    fn open(pool: &Pool, preference: Preference) -> Result<Self> {
        let (sender, pictures) = sync_channel(4);
        let options = Options { preference, ..Options::new("comparison") };
        let input = pool.open(options, Box::new(Passage(sender)));
        Ok(Self { input, pictures, wall: Wall::open(Target::Headless(WALL), Backend::Auto)? })
    }

    /// Decodes and draws one unit; gives the wall's picture, and whether it came as a surface.
    fn show(&mut self, clip: &Clip, number: usize) -> Result<(Vec<u8>, bool)> {
        self.input.push(clip.unit(number));
        let picture = self.pictures.recv_timeout(PATIENCE).context("no picture")?;
        let lent = picture.planes.surface().is_some();
        let rect = Rect::new(0, 0, WALL.width, WALL.height);
        let picture = Some((1, picture));
        let tile = Tile {
            rect,
            fit: Fit::Fit,
            turn: Turn::None,
            sight: model::Sight::default(),
            picture,
            dimmed: false,
            caption: None,
            frame: None,
            signal: None,
        };
        self.wall.draw(&[tile])?;
        Ok((self.wall.snapshot()?.into_raw(), lent))
    }
}

/// Compares and says what came out.
pub(crate) fn run(clips: &[Arc<Clip>]) -> Result<()> {
    let pool = Pool::new(NonZeroUsize::new(2).context("two")?);
    let (mut worst, mut compared, mut lent) = (f64::INFINITY, 0, 0);
    for clip in clips {
        let mut hardware = Side::open(&pool, Preference::Hardware)?;
        let mut software = Side::open(&pool, Preference::Software)?;
        for number in 0..PICTURES {
            let (theirs, on_device) = hardware.show(clip, number).context("hardware")?;
            let (ours, _) = software.show(clip, number).context("software")?;
            worst = worst.min(psnr(&theirs, &ours));
            compared += 1;
            lent += u32::from(on_device);
        }
    }
    let worst = if worst.is_finite() { format!("at least {worst:.1} dB") } else { "identical".to_owned() };
    table::print(&format!(
        "Hardware beside software: {compared} wall pictures compared ({lent} of them taken over on the device), {worst}."
    ));
    Ok(())
}

/// Peak signal-to-noise ratio in dB; infinite where nothing differs.
fn psnr(a: &[u8], b: &[u8]) -> f64 {
    let square = |(a, b): (&u8, &u8)| u64::from(a.abs_diff(*b)).pow(2);
    let sum: u64 = a.iter().zip(b).map(square).sum();
    10.0 * (255.0_f64.powi(2) * a.len() as f64 / sum as f64).log10()
}

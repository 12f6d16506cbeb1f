//! Panoramas: what a camera with motors could see all around, rendered once a kind of place and kept on disk.
//!
//! One is a map of directions: a column a 1/16° of pan, a row a 1/16° of tilt. [`view`] makes the picture of a pose from it.
//! Two marks are painted on it, which [`crate::mark`] finds again in pictures.

pub mod lens;
pub(crate) mod view;

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::clip::ClipFault;
use crate::mark;
use crate::scene::{self, Scene};

/// Columns and rows a degree.
pub(crate) const PER_DEGREE: usize = 16;
/// Degrees above the horizon at which it begins.
pub(crate) const TOP: usize = 16;
/// Columns: all around, pan 0 first.
pub(crate) const COLUMNS: usize = 360 * PER_DEGREE;
/// Rows: down to 84° below the horizon.
pub(crate) const ROWS: usize = (TOP + 84) * PER_DEGREE;

/// Grows whenever what is rendered changes.
const VERSION: u32 = 1;

/// A place all around: planes Y, U, V (4:2:0, limited range).
pub(crate) struct Panorama {
    pub(crate) planes: Vec<u8>,
}

/// All panoramas that are ready, and where they lie.
pub(crate) struct Panoramas {
    folder: PathBuf,
    stop: Arc<AtomicBool>,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    ready: HashMap<Scene, Arc<Panorama>>,
    begun: HashSet<Scene>,
}

impl Panoramas {
    /// None ready yet; files are in `folder`. `stop` ends those that are being made.
    pub(crate) fn new(folder: PathBuf, stop: Arc<AtomicBool>) -> Self {
        Self { folder, stop, inner: Mutex::default() }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The panorama if it is ready; else it begins to be made ready, on a thread of its own.
    pub(crate) fn get(self: &Arc<Self>, scene: Scene) -> Option<Arc<Panorama>> {
        let mut inner = self.inner();
        if let Some(panorama) = inner.ready.get(&scene) {
            return Some(Arc::clone(panorama));
        }
        if inner.begun.insert(scene) {
            drop(inner);
            let panoramas = Arc::clone(self);
            let make = move || {
                #[cfg(target_os = "linux")]
                rustix::process::nice(15).ok();
                // Nobody waits: a camera goes on showing its clip.
                drop(panoramas.prepare(scene));
            };
            // Without a thread the clip is shown, too.
            thread::Builder::new().name("province-panorama".to_owned()).spawn(make).ok();
        }
        None
    }

    /// Reads it, or makes it: half a minute the first time.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn prepare(&self, scene: Scene) -> Result<(), ClipFault> {
        if self.inner().ready.contains_key(&scene) {
            return Ok(());
        }
        self.inner().begun.insert(scene);
        let path = self.folder.join(format!("panorama-v{VERSION}-{}.yuv", scene.name()));
        let fault = |source| ClipFault::File { path: path.clone(), source };
        fs::create_dir_all(&self.folder).map_err(fault)?;
        // Other processes wait while one makes it.
        let lock = File::create(path.with_extension("lock")).map_err(fault)?;
        lock.lock().map_err(fault)?;
        let planes = match fs::read(&path) {
            Ok(planes) if planes.len() == COLUMNS * ROWS * 3 / 2 => planes,
            _ => {
                let Some(mut planes) = scene::panorama::render(scene, &self.stop) else { return Ok(()) };
                mark::paint(&mut planes);
                let partial = path.with_extension(format!("partial-{}", std::process::id()));
                fs::write(&partial, &planes).map_err(fault)?;
                fs::rename(&partial, &path).map_err(fault)?;
                planes
            }
        };
        self.inner().ready.insert(scene, Arc::new(Panorama { planes }));
        Ok(())
    }
}

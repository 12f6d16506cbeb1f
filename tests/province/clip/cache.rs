//! Clips on disk: made once by the `ffmpeg` command from our own pictures, then only read.

use std::collections::HashMap;
use std::env;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;

use super::{Clip, ClipFault, ClipId};
use crate::frame_number;
use crate::list::{Coding, Profile};
use crate::scene::{Film, Optics};

/// Grows whenever the pictures or the encoder's settings change, so that no old clip is taken for a new one.
const VERSION: u32 = 1;

/// How far the making of clips has come.
#[derive(Clone, Debug)]
pub struct Progress {
    /// Clips made so far.
    pub done: usize,
    /// Clips that had to be made.
    pub total: usize,
    /// The one that became ready last.
    pub name: String,
}

/// `watchwall/clips-vN` in the user's cache folder.
#[must_use]
pub fn default_folder() -> PathBuf {
    let home = |name: &str, below: &str| env::var_os(name).map(|home| PathBuf::from(home).join(below));
    let cache = home("XDG_CACHE_HOME", "")
        .filter(|path| path.is_absolute())
        .or_else(|| home("LOCALAPPDATA", ""))
        .or_else(|| home("HOME", ".cache"))
        .unwrap_or_else(env::temp_dir);
    cache.join("watchwall").join(format!("clips-v{VERSION}"))
}

/// All clips that are ready, and where they lie.
pub struct Clips {
    folder: PathBuf,
    ready: Mutex<HashMap<ClipId, Arc<Clip>>>,
}

impl Clips {
    /// None ready yet; files are in `folder`, which is made when the first is written.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, ready: Mutex::new(HashMap::new()) }
    }

    pub(crate) fn get(&self, id: ClipId) -> Option<Arc<Clip>> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    /// Where all files are.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the file of a clip is or will be.
    #[must_use]
    pub fn path(&self, id: ClipId) -> PathBuf {
        self.folder.join(id.file_name())
    }

    /// Makes `ids` ready: reads the files that are there and makes the others, one on each processor. `progress` hears
    /// of those that had to be made. Returns early, without an error, once `stop` is set.
    ///
    /// # Errors
    /// The first failure; clips begun elsewhere are still finished.
    pub fn prepare(
        &self,
        ids: &[ClipId],
        stop: &AtomicBool,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<(), ClipFault> {
        let missing: Vec<ClipId> = ids.iter().copied().filter(|&id| !self.read(id)).collect();
        let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let failure = OnceLock::new();
        let work = || {
            while let Some(&id) = missing.get(next.fetch_add(1, Ordering::Relaxed)) {
                if stop.load(Ordering::Relaxed) || failure.get().is_some() {
                    return;
                }
                match self.make(id, stop) {
                    Ok(()) => {
                        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                        progress(Progress { done, total: missing.len(), name: id.file_name() });
                    }
                    Err(_) if stop.load(Ordering::Relaxed) => return,
                    // Only the first failure is told; the others have the same cause.
                    Err(fault) => drop(failure.set(fault)),
                }
            }
        };
        let workers = thread::available_parallelism().map_or(1, usize::from).min(missing.len());
        thread::scope(|scope| {
            for i in 0..workers {
                let name = format!("province-clip-{i}");
                thread::Builder::new().name(name).spawn_scoped(scope, work).expect("a thread can be started");
            }
        });
        failure.into_inner().map_or(Ok(()), Err)
    }

    /// Whether the clip is ready, or its file is there and whole.
    fn read(&self, id: ClipId) -> bool {
        self.get(id).is_some() || Clip::load(&self.path(id), id).map(|clip| self.keep(id, clip)).is_ok()
    }

    fn make(&self, id: ClipId, stop: &AtomicBool) -> Result<(), ClipFault> {
        let _lock = self.lock(id)?;
        // Another process may have made it while this one waited for the lock.
        if !self.read(id) {
            let path = self.path(id);
            make(id, &path, stop)?;
            self.keep(id, Clip::load(&path, id)?);
        }
        Ok(())
    }

    fn keep(&self, id: ClipId, clip: Clip) {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner).insert(id, Arc::new(clip));
    }

    /// Keeps other processes from making the same clip until dropped.
    fn lock(&self, id: ClipId) -> Result<File, ClipFault> {
        let path = self.path(id).with_added_extension("lock");
        let lock = || {
            fs::create_dir_all(&self.folder)?;
            let file = File::create(&path)?;
            file.lock()?;
            Ok(file)
        };
        lock().map_err(|source| ClipFault::File { path: path.clone(), source })
    }
}

/// Renders and encodes one clip to a name of its own, then renames it: a file of that name is always whole.
fn make(id: ClipId, path: &Path, stop: &AtomicBool) -> Result<(), ClipFault> {
    let partial = path.with_added_extension(format!("partial-{}", std::process::id()));
    let mut encoder = Command::new("ffmpeg")
        .args(arguments(id, Use::Clip))
        .arg(&partial)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| ClipFault::Encoder(format!("cannot be started: {error}")))?;
    let mut input = encoder.stdin.take().expect("standard input is piped");
    let rendered = render(id, &mut input, stop);
    drop(input);
    let output = encoder.wait_with_output().map_err(|error| ClipFault::Encoder(error.to_string()))?;
    let keep = || {
        if !output.status.success() {
            return Err(ClipFault::Encoder(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
        }
        rendered.map_err(|error| ClipFault::Encoder(error.to_string()))?;
        Clip::load(&partial, id)?;
        fs::rename(&partial, path).map_err(|source| ClipFault::File { path: path.to_owned(), source })
    };
    keep().inspect_err(|_| drop(fs::remove_file(&partial)))
}

fn render(id: ClipId, input: &mut dyn Write, stop: &AtomicBool) -> io::Result<()> {
    let size = id.coding.size(id.profile);
    let (width, height) = (size.width as usize, size.height as usize);
    let film = Film::new(id.scene, id.light, size, id.optics());
    let mut planes = vec![0; width * height * 3 / 2];
    for number in 0..id.pictures() {
        if stop.load(Ordering::Relaxed) {
            return Err(io::Error::other("stopped"));
        }
        film.shoot(number, id.pictures(), &mut planes);
        frame_number::draw(&mut planes[..width * height], width, width, height, number as u16);
        input.write_all(&planes)?;
    }
    Ok(())
}

/// What is encoded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// A loop, to a file that follows the arguments.
    Clip,
    /// Pictures as they come, each out before the next goes in, to standard output as AVI (which says where a picture ends).
    /// The second one is a key frame. The parameter sets are those of the loop, so that either may follow the other.
    Live,
}

/// One thread an encoder: the processors are filled by making several clips at once.
pub(crate) fn arguments(id: ClipId, what: Use) -> Vec<String> {
    let size = id.coding.size(id.profile);
    let rate = id.coding.frame_rate(id.profile);
    let group = rate * 2;
    let (kilobits, quality) = match id.profile {
        Profile::Main => (1900, 6),
        Profile::Sub => (240, 9),
    };
    let matrix = if size.width >= 1080 { "bt709" } else { "smpte170m" };
    let mut arguments = format!(
        "-nostdin -hide_banner -v error -y {} -f rawvideo -pix_fmt yuv420p -color_range tv -colorspace {matrix} \
         -s {}x{} -r {rate} -i pipe:0 -threads 1 -colorspace {matrix} -color_range tv",
        if what == Use::Live { "-probesize 32 -analyzeduration 0 -fpsprobesize 0" } else { "" },
        size.width,
        size.height
    );
    let h265 = |groups: &str| {
        let quick = id.profile == Profile::Main || id.optics() == Optics::Straight;
        let preset = if quick { "ultrafast" } else { "veryfast" };
        format!(
            " -c:v libx265 -preset {preset} -x265-params log-level=error:info=0:repeat-headers=1:pools=1:\
             frame-threads=1:wpp=0:scenecut=0:keyint={group}:min-keyint={group}:bitrate={kilobits}:\
             vbv-maxrate={}:vbv-bufsize={kilobits}:{groups}{}",
            kilobits * 21 / 20,
            match what {
                Use::Clip => " -f hevc",
                Use::Live => {
                    ":rc-lookahead=0 -forced-idr 1 -fps_mode passthrough -force_key_frames expr:eq(n,1)"
                }
            }
        )
    };
    arguments += &match id.coding {
        Coding::H265 | Coding::H265Hallway => h265("open-gop=0:bframes=0") + " -pix_fmt yuv420p",
        Coding::H265TenBit => h265("open-gop=0:bframes=0") + " -pix_fmt yuv420p10le -profile:v main10",
        // One B frame: enough for leading pictures behind each CRA; cameras that use more are rare, for it delays them.
        Coding::H265OpenGop => h265("open-gop=1:bframes=1:b-adapt=0") + " -pix_fmt yuv420p",
        Coding::H264 => format!(
            " -c:v libx264 -preset veryfast -profile:v high -pix_fmt yuv420p -bf 0 -x264-params \
             scenecut=0:keyint={group}:min-keyint={group}:bitrate={kilobits}:vbv-maxrate={}:\
             vbv-bufsize={kilobits}:repeat-headers=1 -f h264",
            kilobits * 21 / 20
        ),
        Coding::Mjpeg => {
            format!(" -c:v mjpeg -huffman default -q:v {quality} -pix_fmt yuvj420p -color_range pc -f mjpeg")
        }
    };
    if what == Use::Live {
        arguments += " -flush_packets 1 -f avi pipe:1";
    }
    arguments.split_whitespace().map(str::to_owned).collect()
}

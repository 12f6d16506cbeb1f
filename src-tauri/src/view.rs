//! `watchwall view`: a list of sources on one wall, in a window or in memory.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Instant;

use engine::{Bell, Live, Settings};
use render::Target;

use crate::cli::ViewOptions;
use crate::doorbell::{self, Doorbell};
use crate::list::List;
use crate::report::Meter;
use crate::session::Session;
use crate::wall::{HEARTBEAT, PACE};
use crate::words::Words;
use crate::{sources, tell, window};

/// Shows the sources until the user, the time limit or a signal ends it; then writes what was asked for.
///
/// # Errors
/// In words: what could not be opened or saved.
pub fn run(options: &ViewOptions, words: &Arc<Words>) -> Result<(), String> {
    let entries = sources::read(&options.sources, words)?;
    for bad in entries.iter().filter_map(|entry| entry.target.as_ref().err()) {
        tell(&bad.words(words));
    }
    if let Some(grid) = options.grid.filter(|grid| grid.tiles() < entries.len()) {
        let hidden = (entries.len() - grid.tiles()).to_string();
        let values = [
            ("sources", entries.len().to_string()),
            ("grid", format!("{}x{}", grid.columns, grid.rows)),
            ("tiles", grid.tiles().to_string()),
            ("hidden", hidden),
        ];
        tell(&words.say("error_too_many", &values.each_ref().map(|(name, value)| (*name, value.as_str()))));
    }
    let begun = Meter::read();
    let open = |bell: Bell| {
        let live = Live::new(settings(options), bell).map_err(|error| words.because("error_start", error))?;
        let list = List::new(entries, &live, options, options.size, Arc::clone(words));
        Ok::<_, String>((live, list))
    };
    let mut session = if options.headless {
        run_headless(options, words, open, begun)?
    } else {
        window::run(options, words, open, begun)?
    };
    session.finish(options, words)
}

fn settings(options: &ViewOptions) -> Settings {
    let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    Settings { workers: cores, decode: options.decode }
}

fn run_headless(
    options: &ViewOptions,
    words: &Words,
    open: impl FnOnce(Bell) -> Result<(Live, List), String>,
    begun: Meter,
) -> Result<Session, String> {
    let bell = Arc::new(Doorbell::default());
    let (rung, stop) = (Arc::clone(&bell), Arc::clone(&bell));
    // Ctrl-C in the terminal and a stop by the system end it the same way: with statistics and goodbyes.
    let _ = ctrlc::set_handler(move || stop.stop());
    let (live, list) = open(Arc::new(move || rung.ring()))?;
    let mut session = Session::open(live, list, Target::Headless(options.size), options.backend, begun)
        .map_err(|error| words.because("error_wall", error))?;
    let end = options.seconds.map(|limit| Instant::now() + limit);
    session.plan_halfway(options.seconds);
    let mut failure = None;
    doorbell::run(&bell, PACE, HEARTBEAT, end, || match session.draw(words) {
        Ok(()) => true,
        Err(error) => {
            failure = Some(words.because("error_wall", error));
            false
        }
    });
    failure.map_or(Ok(session), Err)
}

//! A whole order: cameras on threads, then the signature.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::thread;

use evidence::{CameraWriter, Export, ExportFault, GapReason, Signer};
use jiff::Timestamp;
use parking_lot::Mutex;

use super::camera::Camera;
use super::filing::{Filing, Trouble};
use super::progress::{CameraState, Progress, Stop};
use super::{Exporter, Failure, Order, Outcome, Wanted};

/// More cameras at once would not come faster over one site's line, and take places from who watches.
const AT_ONCE: usize = 4;

/// Does something to a package before it is signed: copies, stills and reports go in then. Whoever is stopped meanwhile gives
/// [`ExportFault::Cancelled`].
pub type Beside<'a> = &'a mut dyn FnMut(&mut Export) -> Result<(), ExportFault>;

/// What is left to do.
struct Work<'a> {
    exporter: &'a Exporter,
    order: &'a Order,
    progress: &'a Progress,
    export: Mutex<Export>,
    queue: Mutex<VecDeque<(usize, Option<CameraWriter>)>>,
    failures: Mutex<Vec<Failure>>,
}

impl Exporter {
    /// Carries an order out, and returns when nothing more is done. For a thread of its own.
    pub fn run(
        &self,
        order: &Order,
        signer: &dyn Signer,
        progress: &Progress,
        beside: Beside<'_>,
    ) -> Outcome {
        progress.begin(order.cameras.iter().map(|wanted| (wanted.way.camera.clone(), wanted.period.from)));
        let (export, writers) = match begin(order) {
            Ok(begun) => begun,
            Err(ExportFault::Complete(folder)) => return Outcome::WasComplete(folder),
            Err(fault) => return Outcome::Failed(fault.into()),
        };
        progress.set_partial(export.partial());
        let queue = queue(order, &export, writers, progress);
        let work = Work {
            exporter: self,
            order,
            progress,
            export: Mutex::new(export),
            queue: Mutex::new(queue),
            failures: Mutex::default(),
        };
        if let Err(error) = work.all() {
            return Outcome::Failed(Failure::NoThread(error));
        }
        let Work { export, failures, .. } = work;
        let mut export = export.into_inner();
        match progress.stopped() {
            Some(Stop::Remove) => {
                return export
                    .cancel()
                    .map_or_else(|fault| Outcome::Failed(fault.into()), |()| Outcome::Stopped);
            }
            // A full disk stops the others, too, and is what is to be told.
            _ if !failures.lock().is_empty() => {}
            Some(Stop::Keep) => return Outcome::Stopped,
            None => {}
        }
        if let Some(failure) = failures.into_inner().into_iter().next() {
            return Outcome::Failed(failure);
        }
        match (beside(&mut export), progress.stopped()) {
            (Ok(()), _) => {}
            (Err(ExportFault::Cancelled), Some(Stop::Remove)) => {
                return export
                    .cancel()
                    .map_or_else(|fault| Outcome::Failed(fault.into()), |()| Outcome::Stopped);
            }
            (Err(ExportFault::Cancelled), _) => return Outcome::Stopped,
            (Err(fault), _) => return Outcome::Failed(fault.into()),
        }
        let finished = export.finish(signer, Timestamp::now());
        finished.map_or_else(
            |fault| Outcome::Failed(fault.into()),
            |complete| Outcome::Complete(Box::new(complete)),
        )
    }
}

fn begin(order: &Order) -> Result<(Export, Vec<CameraWriter>), ExportFault> {
    match &order.resumed {
        Some(partial) => Export::resume(partial),
        None => Export::begin(&order.folder, &order.name, order.description.clone(), order.estimate)
            .map(|export| (export, Vec::new())),
    }
}

/// The cameras that are not finished.
fn queue(
    order: &Order,
    export: &Export,
    writers: Vec<CameraWriter>,
    progress: &Progress,
) -> VecDeque<(usize, Option<CameraWriter>)> {
    let mut writers = writers;
    let mut queue = VecDeque::new();
    for (index, wanted) in order.cameras.iter().enumerate() {
        let camera = &wanted.way.camera;
        let own = writers.iter().position(|writer| writer.source().camera == *camera);
        let writer = own.map(|at| writers.remove(at));
        if writer.is_none() && export.sources().iter().any(|source| source.camera == *camera) {
            progress.come(index, wanted.period.until, 0);
            progress.set(index, CameraState::Done);
        } else {
            queue.push_back((index, writer));
        }
    }
    queue
}

impl Work<'_> {
    /// Returns when every camera is done, has failed, or was stopped.
    fn all(&self) -> std::io::Result<()> {
        let count = self.queue.lock().len().min(AT_ONCE);
        thread::scope(|scope| {
            for number in 0..count {
                let named = thread::Builder::new().name(format!("export-{number}"));
                let spawned = named.spawn_scoped(scope, || self.go_on());
                if let Err(error) = spawned {
                    self.progress.stop(Stop::Keep);
                    return Err(error);
                }
            }
            Ok(())
        })
    }

    fn go_on(&self) {
        while self.progress.stopped().is_none() {
            let Some((index, writer)) = self.queue.lock().pop_front() else { return };
            let wanted = &self.order.cameras[index];
            match self.camera(index, wanted, writer) {
                Ok(()) => self.progress.set(index, CameraState::Done),
                Err(Trouble::Stopped) => return,
                Err(Trouble::Fault(fault)) => {
                    self.progress.set(index, CameraState::Failed(fault.clone()));
                    self.failures.lock().push(Failure::Camera(wanted.way.camera.clone(), fault));
                }
                Err(Trouble::Write(fault)) => {
                    // What one camera's file has no room for, the others' haven't either.
                    self.failures.lock().insert(0, Failure::Write(fault));
                    self.progress.stop(Stop::Keep);
                }
            }
        }
    }

    fn camera(&self, index: usize, wanted: &Wanted, writer: Option<CameraWriter>) -> Result<(), Trouble> {
        let Self { exporter, export, progress, .. } = self;
        let filing = Filing::new(wanted, export, progress, index, writer);
        let mut camera = Camera { exporter, wanted, leave_gaps: self.order.leave_gaps, filing };
        match exporter.devices.runtime().block_on(camera.fetch()) {
            Err(Trouble::Fault(_)) if self.order.leave_gaps => {
                camera.filing.leave_gap(GapReason::LinkLost)?;
            }
            fetched => fetched?,
        }
        let Some((writer, gaps)) = camera.filing.into_parts() else { return Ok(()) };
        let mut go_on = |_, _| match progress.stopped() {
            None => ControlFlow::Continue(()),
            Some(_) => ControlFlow::Break(()),
        };
        match writer.finish(gaps, &mut go_on) {
            Ok(_) => Ok(()),
            Err(ExportFault::Cancelled) => Err(Trouble::Stopped),
            Err(fault) => Err(fault.into()),
        }
    }
}

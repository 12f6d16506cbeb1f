//! What people do to walls: from the page, by a key, or because it is time.

use inventory::{Camera, Recorder, Site};
use layouts::{Arrangement, Desk, Refusal, Wall};
use model::{Action, Id};
use render::Frame;

use super::{Console, Task, notices};
use crate::wire::{Act, Mark, MarkKind, Notice, Subject};

impl Console {
    /// Does what a person asks of a wall.
    ///
    /// # Errors
    /// In words; nothing has been changed then.
    pub fn act(&self, wall: u32, act: &Act) -> Result<(), Notice> {
        self.allow(Action::ArrangeWalls, None)?;
        self.act_unasked(wall, act)
    }

    /// The same for the page, which counts its acts: what it is told of the desk names the last one that it includes.
    ///
    /// # Errors
    /// As above.
    pub fn act_of_page(&self, wall: u32, act: &Act, number: u32) -> Result<(), Notice> {
        self.allow(Action::ArrangeWalls, None)?;
        self.carry_out(wall, act, Some(number))
    }

    /// The same where nobody asked for it.
    pub(super) fn act_unasked(&self, wall: u32, act: &Act) -> Result<(), Notice> {
        self.carry_out(wall, act, None)
    }

    fn carry_out(&self, wall: u32, act: &Act, number: Option<u32>) -> Result<(), Notice> {
        if let Act::Look { at, change, goes_on } = act {
            return self.look(wall, *at, change, *goes_on);
        }
        let cameras = self.cameras_of(act);
        self.change_numbered(true, number, |arrangement| {
            let done = arrangement.apply(|desk| {
                do_act(desk.wall_mut(wall)?, act, &cameras)?;
                desk.follow_selection(wall)
            });
            done.map(|()| true)
        })
    }

    /// Takes the last step back, if there is one.
    ///
    /// # Errors
    /// In words: the person may not.
    pub fn undo(&self) -> Result<(), Notice> {
        self.allow(Action::ArrangeWalls, None)?;
        self.change(|arrangement| Ok(arrangement.undo()))
    }

    /// Does the step that was taken back last again, if there is one.
    ///
    /// # Errors
    /// As above.
    pub fn redo(&self) -> Result<(), Notice> {
        self.allow(Action::ArrangeWalls, None)?;
        self.change(|arrangement| Ok(arrangement.redo()))
    }

    /// Adds a wall on a monitor.
    ///
    /// # Errors
    /// In words.
    pub fn open_wall(&self, monitor: &str) -> Result<(), Notice> {
        self.allow(Action::ArrangeWalls, None)?;
        self.change(|arrangement| arrangement.apply(|desk| desk.add_wall(monitor)).map(|_| true))?;
        self.order(Task::Reconcile);
        Ok(())
    }

    /// Moves a wall to another monitor.
    ///
    /// # Errors
    /// In words.
    pub fn move_wall(&self, wall: u32, monitor: &str) -> Result<(), Notice> {
        self.allow(Action::ArrangeWalls, None)?;
        self.change(|arrangement| arrangement.apply(|desk| desk.move_wall(wall, monitor)).map(|()| true))?;
        self.order(Task::Reconcile);
        Ok(())
    }

    /// Closes a wall.
    ///
    /// # Errors
    /// In words.
    pub fn close_wall(&self, wall: u32) -> Result<(), Notice> {
        self.allow(Action::ArrangeWalls, None)?;
        self.change(|arrangement| arrangement.apply(|desk| desk.remove_wall(wall)).map(|()| true))?;
        self.order(Task::Reconcile);
        Ok(())
    }

    /// Marks a tile of a wall, or none.
    pub fn set_mark(&self, wall: u32, mark: Option<Mark>) {
        let mark = mark.map(|mark| {
            let frame = match mark.kind {
                MarkKind::Hover => Frame::Hover,
                MarkKind::Drop => Frame::Drop,
            };
            (mark.at, frame)
        });
        if let Some(open) = self.walls.lock().get(&wall) {
            open.controls.mark(mark);
        }
    }

    /// All cameras of a subject that the person may see, in the inventory's order.
    pub(super) fn cameras(&self, subject: &Subject) -> Vec<Id> {
        match subject {
            Subject::Camera { id } => self.cameras_where(&|_, _, camera| camera.id == *id),
            Subject::Recorder { id } => self.cameras_where(&|_, recorder, _| recorder.id == *id),
            Subject::Site { id } => self.cameras_where(&|site, _, _| site.id == *id),
            Subject::District { name } => self.cameras_where(&|site, _, _| site.district == *name),
        }
    }

    /// The cameras that are wanted, of those that the person may see.
    pub(super) fn cameras_where(&self, wanted: &dyn Fn(&Site, &Recorder, &Camera) -> bool) -> Vec<Id> {
        let inventory = self.inventory();
        let mut found = Vec::new();
        for site in inventory.sites() {
            for recorder in &site.recorders {
                let cameras = recorder.cameras.iter().filter(|camera| wanted(site, recorder, camera));
                let seen = cameras.filter(|camera| self.people.sees(site, camera));
                found.extend(seen.map(|camera| camera.id.clone()));
            }
        }
        found
    }

    /// Changes the arrangement; if it has changed, walls, page and file follow.
    pub(super) fn change(
        &self,
        change: impl FnOnce(&mut Arrangement) -> Result<bool, Refusal>,
    ) -> Result<(), Notice> {
        self.change_eased(true, change)
    }

    /// The same; `eased` says how walls get from one view of a picture to another.
    pub(super) fn change_eased(
        &self,
        eased: bool,
        change: impl FnOnce(&mut Arrangement) -> Result<bool, Refusal>,
    ) -> Result<(), Notice> {
        self.change_numbered(eased, None, change)
    }

    /// The same; `number` is that of the page's act. The page waits for it: it is told even where nothing has changed.
    fn change_numbered(
        &self,
        eased: bool,
        number: Option<u32>,
        change: impl FnOnce(&mut Arrangement) -> Result<bool, Refusal>,
    ) -> Result<(), Notice> {
        let (desk, told) = {
            let mut state = self.state.lock();
            let before = state.arrangement.desk().clone();
            let changed =
                change(&mut state.arrangement).map_err(|refusal| notices::refusal(&refusal, &state.words))?;
            state.done = number.unwrap_or(state.done);
            let untold = std::mem::take(&mut state.untold);
            let desk = state.arrangement.desk().clone();
            ((untold || changed && before != desk).then_some(desk), state.desk())
        };
        let Some(desk) = desk else {
            if number.is_some() {
                self.tell("desk", told);
            }
            return Ok(());
        };
        self.show(&desk, eased);
        self.tell("desk", told);
        self.saver.lock().walls(desk);
        Ok(())
    }

    /// Changes the arrangement; only the walls follow. Page and file do with the next change: many times a second would be
    /// too much for them, and tell them nothing.
    pub(super) fn change_on_walls(
        &self,
        change: impl FnOnce(&mut Arrangement) -> Result<bool, Refusal>,
    ) -> Result<(), Notice> {
        let desk = {
            let mut state = self.state.lock();
            change(&mut state.arrangement).map_err(|refusal| notices::refusal(&refusal, &state.words))?;
            state.untold = true;
            state.arrangement.desk().clone()
        };
        self.show(&desk, false);
        Ok(())
    }

    /// Brings the open walls to what the desk says.
    fn show(&self, desk: &Desk, eased: bool) {
        for (id, open) in &mut *self.walls.lock() {
            if let Some(wall) = desk.wall(*id) {
                open.show(wall, eased);
            }
        }
    }
}

pub(super) fn do_act(wall: &mut Wall, act: &Act, cameras: &[Id]) -> Result<(), Refusal> {
    match act {
        Act::Layout { layout } => wall.set_layout(layout.clone()),
        Act::Place { at: Some(at), .. } => wall.place(*at, cameras)?,
        Act::Place { at: None, .. } => wall.fill(cameras)?,
        Act::Overview => wall.overview(cameras)?,
        Act::Clear { at } => wall.clear(*at),
        Act::LeaveOut { cameras } => wall.leave_out(cameras),
        Act::Empty => wall.empty(),
        Act::Swap { a, b } => wall.swap(*a, *b)?,
        Act::Select { at } => wall.select(*at)?,
        Act::Enlarge { at } => wall.enlarge(*at)?,
        Act::Page { page } => wall.show_page(*page)?,
        Act::Turning { seconds } => wall.set_turning(*seconds)?,
        Act::Pictures { pictures } => wall.set_pictures(*pictures),
        Act::Fit { at, fit } => wall.set_fit(*at, *fit)?,
        Act::Turn { at, turn } => wall.set_turn(*at, *turn)?,
        // It takes the size of tile and picture: see `Console::look`.
        Act::Look { .. } => {}
        Act::Hotspot { at, on } => wall.set_hotspot(*at, *on)?,
        Act::Border { axis, line, position } => wall.move_border(*axis, *line, *position)?,
        Act::Merge { a, b } => wall.merge(*a, *b)?,
        Act::Split { at } => wall.split(*at)?,
    }
    Ok(())
}

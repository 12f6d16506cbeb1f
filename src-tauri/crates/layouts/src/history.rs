//! Taking back what was done, and doing it again.

use crate::desk::Desk;
use crate::refusal::Refusal;

/// The desk and the steps that led to it.
///
/// A step is a change of what walls hold: their layouts and slots. Page, selection, enlargement, turning, and opening,
/// closing and moving walls are none. Undo brings back what the walls held before the step; those of them that had
/// changed show the page and the selection at which the step was made, so that it is seen what came back. All else
/// stays: other walls don't move, monitors and turning are as they are now, an enlarged camera stays enlarged if it
/// is still in its slot, closed walls stay closed and open ones open.
#[derive(Clone, Debug, Default)]
pub struct Arrangement {
    desk: Desk,
    /// The desks before each step, the latest last.
    past: Vec<Desk>,
    /// The desks that undo has left, the latest last.
    future: Vec<Desk>,
    /// The last step was a movement on the picture of this wall's slot, and goes on.
    moving: Option<(u32, usize)>,
}

impl Arrangement {
    /// The most steps that can be taken back.
    pub const MOST_STEPS: usize = 100;

    /// Begins with `desk` and nothing to take back.
    #[must_use]
    pub fn new(desk: Desk) -> Self {
        Self { desk, past: Vec::new(), future: Vec::new(), moving: None }
    }

    /// As it is now.
    #[must_use]
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Does `act`, and makes it a step if it has changed what a wall holds; then what was taken back before can't be
    /// done again.
    ///
    /// # Errors
    /// What `act` gives; the desk is then as it was.
    pub fn apply<T>(&mut self, act: impl FnOnce(&mut Desk) -> Result<T, Refusal>) -> Result<T, Refusal> {
        let mut desk = self.desk.clone();
        let result = act(&mut desk)?;
        let before = std::mem::replace(&mut self.desk, desk);
        if !self.desk.same_content(&before) {
            self.moving = None;
            self.future.clear();
            self.past.push(before.clone());
            if self.past.len() > Self::MOST_STEPS {
                self.past.remove(0);
            }
        }
        if before.walls().iter().any(|wall| self.desk.wall(wall.id()).is_none()) {
            self.forget_closed_walls();
        }
        Ok(result)
    }

    /// Does `act`, a piece of a movement on the picture in slot `at` of wall `wall`: all pieces until something else is
    /// done are one step together.
    ///
    /// # Errors
    /// What `act` gives; the desk is then as it was.
    pub fn apply_movement<T>(
        &mut self,
        wall: u32,
        at: usize,
        act: impl FnOnce(&mut Desk) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let steps = self.past.len();
        let goes_on = self.moving == Some((wall, at)) && self.future.is_empty();
        if goes_on && steps > 0 {
            return self.pass(act);
        }
        let before = self.desk.clone();
        let result = self.apply(act)?;
        if !self.desk.same_content(&before) {
            self.moving = Some((wall, at));
        }
        Ok(result)
    }

    /// Does `act` without making it a step, because nobody asked for it. The steps before it can still be taken back.
    ///
    /// # Errors
    /// What `act` gives; the desk is then as it was.
    pub fn pass<T>(&mut self, act: impl FnOnce(&mut Desk) -> Result<T, Refusal>) -> Result<T, Refusal> {
        let mut desk = self.desk.clone();
        let result = act(&mut desk)?;
        self.desk = desk;
        Ok(result)
    }

    /// Takes the last step back; `false` if there is none.
    pub fn undo(&mut self) -> bool {
        self.moving = None;
        exchange(&mut self.desk, &mut self.past, &mut self.future)
    }

    /// Does the step that was taken back last again; `false` if there is none.
    pub fn redo(&mut self) -> bool {
        self.moving = None;
        exchange(&mut self.desk, &mut self.future, &mut self.past)
    }

    /// Whether [`Arrangement::undo`] would do something.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether [`Arrangement::redo`] would do something.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// A closed wall's id may be given to a new one, which must not get its cameras; and steps that were made on it
    /// alone are none any more.
    fn forget_closed_walls(&mut self) {
        self.moving = None;
        for steps in [&mut self.past, &mut self.future] {
            let mut next = self.desk.clone();
            let mut kept = Vec::with_capacity(steps.len());
            for mut step in std::mem::take(steps).into_iter().rev() {
                step.keep_walls_of(&self.desk);
                if !step.same_content(&next) {
                    next = step.clone();
                    kept.push(step);
                }
            }
            kept.reverse();
            *steps = kept;
        }
    }
}

fn exchange(desk: &mut Desk, from: &mut Vec<Desk>, to: &mut Vec<Desk>) -> bool {
    let Some(step) = from.pop() else { return false };
    to.push(desk.clone());
    desk.restore(&step);
    true
}

#[cfg(test)]
mod tests {
    use model::{Id, Point, View};

    use super::*;
    use crate::layout::Layout;
    use crate::wall::Wall;

    fn ids(names: &[&str]) -> Vec<Id> {
        names.iter().map(|name| Id::new(name).unwrap()).collect()
    }

    fn cameras(arrangement: &Arrangement, wall: u32) -> Vec<&str> {
        let slots = arrangement.desk().wall(wall).unwrap().slots();
        slots.iter().map(|slot| slot.camera.as_ref().map_or("", Id::as_str)).collect()
    }

    fn on_wall<T>(
        arrangement: &mut Arrangement,
        wall: u32,
        act: impl FnOnce(&mut Wall) -> Result<T, Refusal>,
    ) -> T {
        arrangement.apply(|desk| act(desk.wall_mut(wall)?)).unwrap()
    }

    fn place(arrangement: &mut Arrangement, wall: u32, at: usize, name: &str) {
        on_wall(arrangement, wall, |wall| wall.place(at, &ids(&[name])));
    }

    #[test]
    fn steps_are_taken_back_and_done_again_until_a_new_one() {
        let mut arrangement = Arrangement::default();
        assert!(!arrangement.undo() && !arrangement.redo());
        place(&mut arrangement, 0, 0, "a");
        place(&mut arrangement, 0, 1, "b");
        assert!(arrangement.undo());
        assert_eq!(cameras(&arrangement, 0), ["a"]);
        assert!(arrangement.undo());
        assert!(cameras(&arrangement, 0).is_empty() && !arrangement.can_undo());
        assert!(arrangement.redo() && arrangement.redo() && !arrangement.redo());
        assert_eq!(cameras(&arrangement, 0), ["a", "b"]);
        assert!(arrangement.undo());
        place(&mut arrangement, 0, 1, "c");
        assert!(!arrangement.can_redo());
        assert_eq!(cameras(&arrangement, 0), ["a", "c"]);
    }

    #[test]
    fn looking_around_is_no_step_and_drops_no_redo() {
        let mut arrangement = Arrangement::default();
        on_wall(&mut arrangement, 0, |wall| wall.fill(&ids(&["a", "b"])));
        place(&mut arrangement, 0, 4, "c");
        arrangement.undo();
        on_wall(&mut arrangement, 0, |wall| {
            wall.enlarge(Some(1))?;
            wall.select(Some(1))?;
            wall.set_turning(Some(20))?;
            wall.show_page(0)
        });
        assert!(arrangement.can_redo());
        arrangement.undo();
        assert!(!arrangement.can_undo(), "one step only");
        assert_eq!(arrangement.desk().wall(0).unwrap().turning().unwrap().get(), 20, "turning stays");
    }

    #[test]
    fn a_hotspot_follows_the_selection_without_a_step() {
        let mut arrangement = Arrangement::default();
        on_wall(&mut arrangement, 0, |wall| wall.fill(&ids(&["a", "b"])));
        let other = arrangement.apply(|desk| desk.add_wall("DP-1")).unwrap();
        on_wall(&mut arrangement, other, |wall| wall.set_hotspot(2, true));
        assert_eq!(arrangement.desk().wall(other).unwrap().slots().len(), 3, "it stays without a camera");
        let select = |arrangement: &mut Arrangement, wall, at| {
            arrangement
                .apply(|desk| {
                    desk.wall_mut(wall)?.select(Some(at))?;
                    desk.follow_selection(wall)
                })
                .unwrap();
        };
        select(&mut arrangement, 0, 1);
        assert_eq!(cameras(&arrangement, other), ["", "", "b"]);
        select(&mut arrangement, other, 2);
        select(&mut arrangement, 0, 0);
        assert_eq!(cameras(&arrangement, other), ["", "", "a"]);
        assert!(arrangement.undo(), "making it a hotspot was a step");
        assert!(cameras(&arrangement, other).is_empty());
        assert!(arrangement.redo() && arrangement.undo() && arrangement.undo() && !arrangement.undo());
    }

    #[test]
    fn a_movement_on_a_picture_is_one_step_until_something_else_is_done() {
        let mut arrangement = Arrangement::default();
        on_wall(&mut arrangement, 0, |wall| wall.fill(&ids(&["a", "b"])));
        let zoom = |arrangement: &mut Arrangement, at: usize, zoom: f64| {
            let view = View::new(Point::MIDDLE, zoom, 0.0, false);
            arrangement.apply_movement(0, at, |desk| desk.wall_mut(0)?.set_view(at, view)).unwrap();
        };
        let zooms = |arrangement: &Arrangement| {
            let slots = arrangement.desk().wall(0).unwrap().slots();
            slots.iter().map(|slot| slot.view.zoom()).collect::<Vec<_>>()
        };
        for step in [1.5, 2.0, 3.0] {
            zoom(&mut arrangement, 0, step);
        }
        on_wall(&mut arrangement, 0, |wall| wall.select(Some(1)));
        zoom(&mut arrangement, 0, 4.0);
        zoom(&mut arrangement, 1, 2.0);
        zoom(&mut arrangement, 0, 5.0);
        assert_eq!(zooms(&arrangement), [5.0, 2.0]);
        arrangement.undo();
        assert_eq!(zooms(&arrangement), [4.0, 2.0]);
        // After something was taken back, a movement begins anew.
        zoom(&mut arrangement, 1, 8.0);
        arrangement.undo();
        assert_eq!(zooms(&arrangement), [4.0, 2.0]);
        arrangement.undo();
        arrangement.undo();
        assert_eq!(zooms(&arrangement), [1.0, 1.0]);
        assert!(arrangement.undo() && !arrangement.undo(), "only the cameras are left to take back");
    }

    #[test]
    fn a_hotspot_shows_all_of_another_camera() {
        let mut arrangement = Arrangement::default();
        on_wall(&mut arrangement, 0, |wall| wall.fill(&ids(&["a", "b"])));
        on_wall(&mut arrangement, 0, |wall| wall.set_hotspot(2, true));
        let select = |arrangement: &mut Arrangement, at| {
            let act = |desk: &mut Desk| {
                desk.wall_mut(0)?.select(Some(at))?;
                desk.follow_selection(0)
            };
            arrangement.apply(act).unwrap();
        };
        select(&mut arrangement, 0);
        let view = View::new(Point::MIDDLE, 3.0, 0.0, false);
        on_wall(&mut arrangement, 0, |wall| wall.set_view(2, view));
        select(&mut arrangement, 0);
        assert_eq!(arrangement.desk().wall(0).unwrap().slots()[2].view, view, "it is the same camera");
        select(&mut arrangement, 1);
        assert!(arrangement.desk().wall(0).unwrap().slots()[2].view.is_plain());
    }

    #[test]
    fn what_nobody_asked_for_is_no_step() {
        let mut arrangement = Arrangement::default();
        place(&mut arrangement, 0, 0, "a");
        place(&mut arrangement, 0, 1, "b");
        arrangement.pass(|desk| desk.wall_mut(0)?.fill(&ids(&["tour"]))).unwrap();
        assert!(arrangement.undo());
        assert_eq!(cameras(&arrangement, 0), ["a"], "what a person did last is taken back");
        assert!(arrangement.redo());
        assert_eq!(cameras(&arrangement, 0), ["tour"]);
    }

    #[test]
    fn what_changes_nothing_and_what_is_refused_are_no_steps() {
        let mut arrangement = Arrangement::default();
        place(&mut arrangement, 0, 0, "a");
        arrangement.undo();
        on_wall(&mut arrangement, 0, |wall| {
            wall.empty();
            wall.clear(7);
            wall.swap(3, 4)
        });
        let before = arrangement.desk().clone();
        let refused = arrangement.apply(|desk| {
            desk.wall_mut(0)?.place(0, &ids(&["half", "done"]))?;
            desk.wall_mut(9).map(drop)
        });
        assert_eq!(refused, Err(Refusal::NoSuchWall(9)));
        assert_eq!(*arrangement.desk(), before);
        assert!(arrangement.can_redo() && !arrangement.can_undo());
    }

    #[test]
    fn undo_shows_where_the_step_was_made_and_moves_no_other_wall() {
        let mut arrangement = Arrangement::default();
        let other = arrangement.apply(|desk| desk.add_wall("DP-1")).unwrap();
        for wall in [0, other] {
            on_wall(&mut arrangement, wall, |wall| {
                wall.fill(&ids(&["a", "b", "c", "d"]))?;
                wall.set_layout(Layout::grid(1, 1));
                wall.show_page(2)?;
                wall.select(Some(2))
            });
        }
        on_wall(&mut arrangement, 0, |wall| wall.fill(&ids(&["x"])));
        on_wall(&mut arrangement, other, |wall| wall.show_page(1));
        arrangement.apply(|desk| desk.move_wall(other, "DP-2")).unwrap();
        arrangement.undo();
        let [main, other] = [0, other].map(|id| arrangement.desk().wall(id).unwrap());
        assert_eq!((main.page(), main.selected()), (2, Some(2)));
        assert_eq!((other.page(), other.monitor()), (1, Some("DP-2")));
    }

    #[test]
    fn an_enlarged_camera_stays_enlarged_while_it_is_there() {
        let mut arrangement = Arrangement::default();
        on_wall(&mut arrangement, 0, |wall| wall.fill(&ids(&["a", "b"])));
        place(&mut arrangement, 0, 1, "c");
        on_wall(&mut arrangement, 0, |wall| wall.enlarge(Some(0)));
        arrangement.undo();
        assert_eq!(arrangement.desk().wall(0).unwrap().enlarged(), Some(0));
        on_wall(&mut arrangement, 0, |wall| wall.enlarge(Some(1)));
        arrangement.redo();
        assert_eq!(arrangement.desk().wall(0).unwrap().enlarged(), None, "another camera stands there");
    }

    #[test]
    fn closed_walls_stay_closed_and_open_ones_open() {
        let mut arrangement = Arrangement::default();
        place(&mut arrangement, 0, 0, "a");
        let wall = arrangement.apply(|desk| desk.add_wall("DP-1")).unwrap();
        assert!(arrangement.undo());
        assert!(arrangement.desk().wall(wall).is_some());
        arrangement.redo();
        place(&mut arrangement, wall, 0, "b");
        place(&mut arrangement, 0, 1, "c");
        place(&mut arrangement, wall, 1, "d");
        arrangement.undo();
        arrangement.apply(|desk| desk.remove_wall(wall)).unwrap();
        assert!(!arrangement.can_redo(), "it was made on the closed wall alone");
        let again = arrangement.apply(|desk| desk.add_wall("DP-1")).unwrap();
        assert_eq!(again, wall);
        let mut steps = 0;
        while arrangement.undo() {
            steps += 1;
            assert!(
                cameras(&arrangement, again).is_empty(),
                "a new wall does not get the cameras of a closed one"
            );
        }
        assert_eq!(steps, 2, "the step on the closed wall is none any more");
        assert!(cameras(&arrangement, 0).is_empty());
    }

    #[test]
    fn only_the_last_steps_are_kept() {
        let mut arrangement = Arrangement::default();
        for number in 0..Arrangement::MOST_STEPS + 7 {
            place(&mut arrangement, 0, 0, &number.to_string());
        }
        let mut steps = 0;
        while arrangement.undo() {
            steps += 1;
        }
        assert_eq!(steps, Arrangement::MOST_STEPS);
        assert_eq!(cameras(&arrangement, 0), ["6"]);
    }
}

//! Scenes in, pixels out: what each compositor draws, and that both draw the same.

mod backends;
mod changes;
mod colours;
mod golden;
mod limits;
mod places;
mod shaders;
mod shimmer;
mod support;
mod views;
mod words;

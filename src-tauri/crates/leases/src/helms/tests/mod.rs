//! Helms among clients, with a server that is a map.

mod moments;
mod schedules;
mod world;

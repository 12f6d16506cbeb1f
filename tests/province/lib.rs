//! The simulated province: the customer's 54 sites, 59 recorders and 373 cameras, over real RTSP on loopback.
//!
//! **What it does:** renders scenes that look like camera footage, has them encoded once by the `ffmpeg` command, and
//! serves them as the real devices would: each camera on its own timeline, each recorder with its own limits, and
//! with faults at will. Journeys, benchmarks and `make run` watch it.
//!
//! **What it must never know:** anything of Watchwall's own way of receiving, decoding or drawing. It shares the
//! words of `model` and nothing else, so that a mistake made there is not made here as well.
//!
//! **The way through it:** [`list`](list()) says what there is; [`scene`] renders it; [`clip`] encodes it and cuts it
//! into packets; `stream` sends each picture when it is due; `recorder` listens and `dialogue` answers requests; [`Province`] starts, counts,
//! disturbs and ends it all. [`frame_number`] reads back from a wall which picture it shows.

pub mod clip;
mod connection;
mod dialogue;
pub mod frame_number;
mod inventory;
mod list;
mod province;
mod recorder;
mod rtsp;
pub mod scene;
#[cfg(test)]
mod served;
mod shared;
mod stream;
mod world;

pub use inventory::inventory;
pub use list::{Camera, Coding, List, Profile, Recorder, Site, list};
pub use province::{Fault, Options, PASSWORD, Province, ProvinceFault, Target, USER, clips_of, source};
pub use shared::{RecorderCounts, StreamCounts};

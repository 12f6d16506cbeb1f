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
//!
//! Beside RTSP each recorder answers over HTTP (`http`), in the languages of its make (`onvif`, `sunapi`, `isapi`,
//! `dahua`, on what `device` knows); some play recordings over TLS (`tls`). A camera with motors ([`motor`]) looks around in a [`panorama`] of its place while it
//! is away from where it was put up; `live` encodes what it sees then, only while somebody watches. [`mark`] finds the
//! marks in those pictures that say where the camera points.

pub mod clip;
mod connection;
mod dahua;
mod device;
mod dialogue;
pub mod equipment;
mod events;
mod follow;
pub mod frame_number;
mod http;
mod inventory;
mod isapi;
mod list;
mod live;
pub mod mark;
pub mod motor;
mod onvif;
pub mod panorama;
mod province;
mod recorder;
pub mod recordings;
mod replay;
mod rtsp;
pub mod scene;
#[cfg(test)]
mod served;
mod shared;
mod sound;
mod stream;
mod sunapi;
mod target;
mod tls;
#[cfg(test)]
mod turned;
mod viewer;
mod world;

pub use equipment::{Equipment, Hashes, Make, Movement, OnvifLogin, Protocol, Sound};
pub use events::EventKind;
pub use inventory::{inventory, inventory_with_devices};
pub use list::{Camera, Coding, List, Profile, Recorder, Site, list};
pub use motor::Pose;
pub use province::{Fault, Options, PASSWORD, Province, ProvinceFault, Target, USER, clips_of, source};
pub use shared::{Command, RecorderCounts, StreamCounts, Taken, Talk};
pub use sound::strength;

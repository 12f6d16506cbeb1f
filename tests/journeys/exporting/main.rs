//! Recordings of the simulated province taken out into packages of evidence: what is in them is what the recorder sent.

mod copies;
mod faults;
#[path = "../hearing.rs"]
mod hearing;
mod kept;
#[path = "../numbers.rs"]
mod numbers;
mod played;
mod sound;
mod stage;
mod taking_out;

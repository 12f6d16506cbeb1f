//! Recordings of the simulated province taken out into packages of evidence: what is in them is what the recorder sent.

mod copies;
mod faults;
mod kept;
#[path = "../numbers.rs"]
mod numbers;
mod played;
mod stage;
mod taking_out;

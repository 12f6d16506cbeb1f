//! Incidents and bookmarks: what people keep of what they have seen.
//!
//! **What it does:** keeps incidents (title, case number, who may read them, cameras with their stretches of time, notes,
//! what was done) and bookmarks (a moment or a stretch of cameras, in somebody's words); checks what is kept; says who
//! reads what.
//!
//! **What it must never know:** pictures, files, the clock (moments are handed in), words for people.
//!
//! **The way through it:** [`Book::save_incident`], [`Book::note`], [`Book::set_closed`], [`Book::save_bookmark`]; a
//! [`Reader`] with [`Book::incidents_for`] and [`Book::bookmarks_for`]. A book checks itself when it is read from a file.
//!
//! # Who reads an incident
//! Whoever began it, supervisors, and the accounts that are named, or everybody if it says so; in any case only of cameras
//! whose recordings they may see. A person without any of its cameras does not read of it at all.

mod book;
mod incident;
#[cfg(test)]
mod tests;

pub use book::{Book, Reader};
pub use incident::{
    Audience, Author, Bookmark, BookmarkFields, Deed, Done, Incident, IncidentFields, NotKept, Note, Stretch,
};

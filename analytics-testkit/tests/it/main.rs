//! What the testkit promises, and what it says when a promise of the code under test is broken.

mod clock;
mod counting;
mod events;
mod failure;
mod journey;
mod keys;
mod messages;
mod people;
mod recording;
mod sequence;
mod waiting;
mod whole_events;
mod world;

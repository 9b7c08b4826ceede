//! A server that receives what a service really sends.

mod balances;
mod client;
mod faults;
mod people;
mod replay;
mod waiting;

//! Which threads are a sink's own.

use std::cell::Cell;

/// Threads of ours, which must not wait for themselves, and whose events would feed on themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Worker,
    Observers,
}

thread_local! {
    /// What this thread is to a sink. Set once; nothing else is known through it.
    static ROLE: Cell<Option<Role>> = const { Cell::new(None) };
}

fn role() -> Option<Role> {
    ROLE.try_with(Cell::get).ok().flatten()
}

/// Whether the caller is a worker or tells observers: what it tracks would feed on itself.
pub(crate) fn is_own_thread() -> bool {
    role().is_some()
}

/// Whether the caller is a delivery worker, which cannot wait for a delivery.
pub(crate) fn is_worker_thread() -> bool {
    role() == Some(Role::Worker)
}

/// Whether the caller tells observers, and cannot wait until they are told.
pub(crate) fn is_observers_thread() -> bool {
    role() == Some(Role::Observers)
}

/// Makes the caller a delivery worker.
pub(crate) fn mark_worker_thread() {
    ROLE.set(Some(Role::Worker));
}

/// Makes the caller a thread that tells observers.
pub(crate) fn mark_observers_thread() {
    ROLE.set(Some(Role::Observers));
}

//! The faults that wait for their request.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::fault::Fault;

#[derive(Debug, Default)]
pub(crate) struct ArmedFaults(Mutex<VecDeque<Fault>>);

impl ArmedFaults {
    pub(crate) fn arm(&self, fault: Fault) {
        self.lock().push_back(fault);
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    /// What is left of each fault, the next one first.
    pub(crate) fn list(&self) -> Vec<Fault> {
        self.lock().iter().cloned().collect()
    }

    /// Uses up one occasion of the first fault that has any left.
    pub(crate) fn next(&self) -> Option<Fault> {
        let mut faults = self.lock();
        while faults.front()?.left == Some(0) {
            faults.pop_front();
        }
        let first = faults.front_mut()?;
        let fault = first.clone();
        if let Some(left) = &mut first.left {
            *left -= 1;
            if *left == 0 {
                faults.pop_front();
            }
        }
        Some(fault)
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Fault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statuses(faults: &ArmedFaults, count: usize) -> Vec<Option<Fault>> {
        (0..count).map(|_| faults.next()).map(|fault| fault.map(|fault| fault.times(1))).collect()
    }

    #[test]
    fn each_fault_is_used_up_before_the_next_one_begins() {
        let faults = ArmedFaults::default();
        faults.arm(Fault::status(503).times(2));
        faults.arm(Fault::status(500).times(0));
        faults.arm(Fault::status(429));
        let (a, b) = (Some(Fault::status(503)), Some(Fault::status(429)));
        assert_eq!(statuses(&faults, 4), [a.clone(), a, b, None]);
    }

    #[test]
    fn a_fault_for_always_outlives_any_number_of_requests_until_it_is_cleared() {
        let faults = ArmedFaults::default();
        faults.arm(Fault::status(503).always());
        faults.arm(Fault::status(429));
        assert_eq!(statuses(&faults, 100), vec![Some(Fault::status(503)); 100]);
        faults.clear();
        assert_eq!(faults.next(), None);
    }
}

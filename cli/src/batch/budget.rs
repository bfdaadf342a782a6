//! How many bytes may be in flight.

use std::sync::{Condvar, Mutex, PoisonError};

/// A number of bytes that the reader takes from and the writer gives back to.
pub(super) struct Budget {
    all: usize,
    used: Mutex<usize>,
    freed: Condvar,
}

impl Budget {
    pub(super) fn new(all: usize) -> Self {
        Self { all, used: Mutex::new(0), freed: Condvar::new() }
    }

    /// Takes `cost` bytes, waiting until they are free. When all is free, any cost is granted.
    pub(super) fn take(&self, cost: usize) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        while *used > 0 && used.saturating_add(cost) > self.all {
            used = self.freed.wait(used).unwrap_or_else(PoisonError::into_inner);
        }
        *used = used.saturating_add(cost);
    }

    /// Gives back what was taken.
    pub(super) fn give_back(&self, cost: usize) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        *used = used.saturating_sub(cost);
        self.freed.notify_all();
    }
}

//! An allocator that counts, thread by thread, so that tests beside each other do not disturb the figures.
//!
//! ```
//! #[global_allocator]
//! static HEAP: certgate_heap::Counting = certgate_heap::Counting;
//!
//! let (text, used) = certgate_heap::measure(|| "text".to_owned());
//! assert_eq!((text.as_str(), used.allocations, used.bytes, used.peak), ("text", 1, 4, 4));
//! ```
//!
//! [`Watching`] is another one, which looks for secrets in memory that is given back; [`residue`] looks for them on the stack.
//! With [`Level`] memory costs the same each time.

mod freed;
mod level;
mod needles;
mod stack;

pub use freed::{Leak, Watching, watch};
pub use level::Level;
pub use needles::{Needles, WINDOW};
pub use stack::{Residue, residue};

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The system's allocator, counting.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counting;

/// What a piece of work took from the heap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heap {
    /// How often memory was asked for, growing in place included.
    pub allocations: u64,
    /// How many bytes in all; of growing only what was added.
    pub bytes: u64,
    /// The most bytes held at one time, beyond those held at the start.
    pub peak: u64,
}

#[derive(Clone, Copy)]
struct Counters {
    allocations: u64,
    bytes: u64,
    held: i64,
    peak: i64,
}

thread_local! {
    static COUNTERS: Cell<Counters> = const { Cell::new(Counters { allocations: 0, bytes: 0, held: 0, peak: 0 }) };
}

fn count(allocations: u64, grown: i64) {
    // While a thread ends its counters are gone: what it then does is not counted.
    let _ = COUNTERS.try_with(|place| {
        let mut now = place.get();
        now.allocations += allocations;
        now.bytes += u64::try_from(grown).unwrap_or(0);
        now.held += grown;
        now.peak = now.peak.max(now.held);
        place.set(now);
    });
}

fn signed(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

// SAFETY: every call is handed to the system's allocator as it is; counting touches no memory but a thread-local cell.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(1, signed(layout.size()));
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(1, signed(layout.size()));
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        count(0, -signed(layout.size()));
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(1, signed(size) - signed(layout.size()));
        unsafe { System.realloc(memory, layout, size) }
    }
}

/// Runs `work` and counts what this thread took for it; all is zero unless [`Counting`] is the global allocator.
pub fn measure<T>(work: impl FnOnce() -> T) -> (T, Heap) {
    let before = COUNTERS.with(|place| {
        let mut now = place.get();
        now.peak = now.held;
        place.set(now);
        now
    });
    let value = work();
    let after = COUNTERS.with(Cell::get);
    let heap = Heap {
        allocations: after.allocations - before.allocations,
        bytes: after.bytes - before.bytes,
        peak: u64::try_from(after.peak - before.held).unwrap_or(0),
    };
    (value, heap)
}

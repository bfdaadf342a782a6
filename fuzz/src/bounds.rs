//! That the cost of a piece of work is bounded by the length of its input.

use std::time::{Duration, Instant};

use certgate_heap::{Heap, measure};

/// The most bytes that a check holds at one time, for an input of `length` bytes.
pub const fn most_held(length: usize) -> u64 {
    (1 << 20) + 24 * length as u64
}

/// The most bytes that a check asks for in all, for an input of `length` bytes.
pub const fn most_asked(length: usize) -> u64 {
    (16 << 20) + 512 * length as u64
}

/// The most time that a check takes, for an input of `length` bytes: generous, for a loaded machine and an unoptimised build.
pub fn longest(length: usize) -> Duration {
    Duration::from_millis(5000) + Duration::from_micros(100) * u32::try_from(length).unwrap_or(u32::MAX)
}

/// Does the work; the value, and what it took.
///
/// # Panics
/// If it took more than an input of `length` bytes may.
pub fn bounded<T>(length: usize, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let (value, heap) = measure(work);
    let Heap { bytes, peak, .. } = heap;
    assert!(peak <= most_held(length), "{peak} bytes held for an input of {length}");
    assert!(bytes <= most_asked(length), "{bytes} bytes asked for for an input of {length}");
    let took = start.elapsed();
    assert!(took <= longest(length), "{took:?} for an input of {length} bytes");
    value
}

//! The stack after work with secrets, overwritten.
//!
//! Written by hand. Source: `zeroize` wipes the value that it is given, not the copies that the compiler leaves on the stack (its section
//! "Stack/Heap Zeroing Notes"); this wipes those. Proof: `tests/wipe.rs` searches the stack and the freed memory for the numbers of every key.

use zeroize::Zeroize;

/// Runs the reading of a key, or a look at its numbers, then overwrites the 8 KiB of stack below, where its numbers may still lie. What is built there next and
/// moved to the heap would take them along in the bytes between its fields, which are never wiped. Reading takes less than half of that.
pub(crate) fn clean_after_reading<T>(work: impl FnOnce() -> T) -> T {
    let value = below(work);
    overwrite::<1024>();
    value
}

/// The same for arithmetic with a key, and 32 KiB: the deepest, on P-521, takes 18.
pub(crate) fn clean_after_proof<T>(work: impl FnOnce() -> T) -> T {
    let value = below(work);
    overwrite::<4096>();
    value
}

/// A frame of its own, so that those of `work` are where [`overwrite`] writes.
#[inline(never)]
fn below<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[inline(never)]
fn overwrite<const WORDS: usize>() {
    [0_u64; WORDS].zeroize();
}

//! Whether the stack below a call still holds secrets.

use std::hint::black_box;
use std::slice;

use crate::Needles;

/// How far down the stack is looked at. A test's thread has 2 MiB.
const DEPTH: usize = 512 * 1024;

/// What lies between the caller and the work, so that looking does not overwrite what the work left.
const APART: usize = 64 * 1024;

/// A piece of the stack that still holds a secret.
#[derive(Clone, Debug)]
pub struct Residue {
    /// How many bytes below the caller of the work.
    pub depth: usize,
    /// Which secret.
    pub secret: &'static str,
}

/// Runs `work` on a stack of zeros, and lists what of it is left of secrets below the call. What the work returns has to be on the heap.
pub fn residue<T>(needles: &Needles, work: impl FnOnce() -> T) -> (T, Vec<Residue>) {
    blank();
    let mut value = None;
    let mut work = Some(work);
    let start = apart(&mut || value = work.take().map(|work| work()));
    let found = look(needles, start);
    (value.expect("the work was run"), found)
}

#[inline(never)]
fn blank() {
    black_box(&mut [0_u8; DEPTH + APART]);
}

/// Runs `work` far below, and returns the address under which its frames were.
#[inline(never)]
fn apart(work: &mut dyn FnMut()) -> usize {
    let mut space = [0_u8; APART];
    black_box(&mut space);
    work();
    black_box(&mut space);
    space.as_ptr().addr()
}

#[inline(never)]
fn look(needles: &Needles, start: usize) -> Vec<Residue> {
    let bottom = start - DEPTH;
    // SAFETY: the stack of this thread is mapped as far down, since `blank` has written there; nobody writes there while it is read, for
    // all frames below this one are within `APART`.
    let below = unsafe { slice::from_raw_parts(std::ptr::with_exposed_provenance::<u8>(bottom), DEPTH) };
    let mut found: Vec<Residue> = Vec::new();
    let mut at = 0;
    while let Some(rest) = below.get(at..) {
        let Some((offset, secret)) = needles.position(rest) else { break };
        at += offset;
        found.push(Residue { depth: DEPTH - at, secret });
        // A number counts once.
        at += 32;
    }
    found
}

//! Whether memory that is given back still holds secrets.

use std::alloc::{GlobalAlloc, Layout, System};
use std::backtrace::Backtrace;
use std::cell::{Cell, RefCell};
use std::{ptr, slice};

use crate::Needles;

/// The system's allocator, looking at every block that is given back while [`watch`] runs. It hands out zeroed memory, so that
/// what is found in a block was written by whoever held it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Watching;

/// A block that still held a secret when it was given back.
#[derive(Clone, Debug)]
pub struct Leak {
    /// The size of the block, in bytes.
    pub size: usize,
    /// Which secret.
    pub secret: &'static str,
    /// Who gave it back: the innermost frames outside the standard library.
    pub trace: String,
}

thread_local! {
    static NEEDLES: Cell<*const Needles> = const { Cell::new(ptr::null()) };
    static LEAKS: RefCell<Vec<Leak>> = const { RefCell::new(Vec::new()) };
}

// SAFETY: every call is handed to the system's allocator, with memory zeroed; a freed block is only read.
unsafe impl GlobalAlloc for Watching {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the block is whole, the caller's, and was zeroed when handed out.
        look(unsafe { slice::from_raw_parts(memory, layout.size()) });
        unsafe { System.dealloc(memory, layout) }
    }

    // `realloc` is the trait's own: a new block, a copy, and `dealloc` of the old one, which is looked at like any other.
}

fn look(block: &[u8]) {
    let needles = NEEDLES.try_with(Cell::get).unwrap_or(ptr::null());
    // SAFETY: null, or set by `watch`, which borrows the needles for as long.
    let Some(secret) = unsafe { needles.as_ref() }.and_then(|needles| needles.find(block)) else { return };
    // What follows gives back memory itself: not to be looked at.
    NEEDLES.set(ptr::null());
    LEAKS.with_borrow_mut(|leaks| leaks.push(Leak { size: block.len(), secret, trace: trace() }));
    NEEDLES.set(needles);
}

fn trace() -> String {
    let all = Backtrace::force_capture().to_string();
    let names = all.lines().filter_map(|line| line.split_once(": ")).map(|(_, name)| name);
    let foreign = [
        "std::",
        "core::",
        "alloc::",
        "certgate_heap::",
        "__rust",
        "<alloc::",
        "<std::",
        "<core::",
        "<certgate_heap",
    ];
    let ours = names.filter(|name| !foreign.iter().any(|prefix| name.starts_with(prefix)));
    ours.take(12).collect::<Vec<_>>().join("\n    ")
}

/// Runs `work`, drops what it returns, and lists the blocks that this thread gave back meanwhile with a secret in them. The list is
/// empty unless [`Watching`] is the global allocator.
pub fn watch<T>(needles: &Needles, work: impl FnOnce() -> T) -> Vec<Leak> {
    NEEDLES.set(needles);
    drop(work());
    NEEDLES.set(ptr::null());
    LEAKS.take()
}

//! Memory that always costs the same.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What is asked of the system at once. It is mapped when it is first written to.
const ARENA: usize = 4 << 30;

/// What begins at a multiple of this is copied and compared in the same way.
const STEP: usize = 64;

/// Hands out new memory in the same few steps each time, and takes none back: what a piece of work costs does not depend on what was done
/// before it. For a short program with one thread.
#[derive(Clone, Copy, Debug, Default)]
pub struct Level;

static NEXT: AtomicUsize = AtomicUsize::new(0);
static END: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every block is a new one out of a region that the system has handed out for good.
unsafe impl GlobalAlloc for Level {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if END.load(Ordering::Relaxed) == 0 {
            let Ok(arena) = Layout::from_size_align(ARENA, STEP) else { return ptr::null_mut() };
            let start = unsafe { System.alloc(arena) }.expose_provenance();
            if start == 0 {
                return ptr::null_mut();
            }
            NEXT.store(start, Ordering::Relaxed);
            END.store(start + ARENA, Ordering::Relaxed);
        }
        let size = layout.size().next_multiple_of(STEP);
        let start = NEXT.fetch_add(size, Ordering::Relaxed);
        let fits = layout.align() <= STEP && start + size <= END.load(Ordering::Relaxed);
        if fits { ptr::with_exposed_provenance_mut(start) } else { ptr::null_mut() }
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

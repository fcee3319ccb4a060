//! The module's allocator. The smallest general one would add 0.3 KB, and a few functions to compile before the first
//! event.
//!
//! Block sizes are powers of two, at least 16 bytes. A freed block goes to the free list of its size and is reused
//! from there. Memory is never returned and blocks never change size: a core needs only a few buffers that grow by
//! doubling, and an instance whose memory has grown large serves no further sources.

use core::{
    alloc::{GlobalAlloc, Layout},
    arch::wasm32::{memory_grow, memory_size},
    cell::Cell,
    ptr::null_mut,
};

const PAGE_BYTES: usize = 64 * 1024;
const LEAST_BITS: u32 = 4;
/// One for each size up to 4 GiB.
const SIZES: usize = 32;

pub(super) struct Blocks {
    /// The last freed block of each size. It holds the address of the one before.
    free: [Cell<*mut u8>; SIZES],
    /// The memory from here to its end was never used.
    unused: Cell<usize>,
}

// SAFETY: the module has one thread.
unsafe impl Sync for Blocks {}

impl Blocks {
    pub(super) const fn new() -> Self {
        Self { free: [const { Cell::new(null_mut()) }; SIZES], unused: Cell::new(0) }
    }

    fn list(&self, bits: u32) -> Option<&Cell<*mut u8>> {
        self.free.get(bits as usize)
    }

    /// Takes a block that was never used; null if the memory cannot grow.
    #[cold]
    fn take_unused(&self, bytes: usize) -> *mut u8 {
        let end = memory_size(0) * PAGE_BYTES;
        let start = if self.unused.get() == 0 { end } else { self.unused.get() };
        let missing = bytes.saturating_sub(end - start);
        if missing > 0 && memory_grow(0, missing.div_ceil(PAGE_BYTES)) == usize::MAX {
            return null_mut();
        }
        self.unused.set(start + bytes);
        start as *mut u8
    }
}

/// The size of the block for a layout, as an exponent of two. No layout here is aligned to more than 16 bytes.
fn bits(layout: Layout) -> u32 {
    usize::BITS - (layout.size().max(1 << LEAST_BITS) - 1).leading_zeros()
}

// SAFETY: a block is in use or in a list, never both; its size holds the layout, and all are aligned to 16 bytes.
unsafe impl GlobalAlloc for Blocks {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let bits = bits(layout);
        let Some(list) = self.list(bits) else { return null_mut() };
        let block = list.get();
        if block.is_null() {
            return self.take_unused(1 << bits);
        }
        // SAFETY: `dealloc` wrote an address there.
        list.set(unsafe { block.cast::<*mut u8>().read() });
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if let Some(list) = self.list(bits(layout)) {
            // SAFETY: the block is no longer in use, and holds 16 bytes.
            unsafe { block.cast::<*mut u8>().write(list.get()) };
            list.set(block);
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        // SAFETY: the caller guarantees that `bytes` does not exceed the largest layout.
        let wanted = unsafe { Layout::from_size_align_unchecked(bytes, layout.align()) };
        if bits(wanted) == bits(layout) {
            return block;
        }
        // SAFETY: as above, and both blocks are large enough for the copy.
        unsafe {
            let moved = self.alloc(wanted);
            if !moved.is_null() {
                block.copy_to_nonoverlapping(moved, bytes.min(layout.size()));
                self.dealloc(block, layout);
            }
            moved
        }
    }
}

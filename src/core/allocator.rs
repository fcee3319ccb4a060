//! The allocator of the module: with the smallest general one it is 0.3 KB larger, and a few functions more are compiled before
//! the first event.
//!
//! Blocks have sizes of powers of two, at least 16 bytes. One that is given back goes to the list of its size, and is
//! taken from there again. Memory is never returned, and a block never becomes another size: what a core needs is a
//! few buffers that grow by doubling, and an instance whose memory has grown large serves no further sources.

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
    /// The last block of each size that was given back. It holds the address of the one before.
    free: [Cell<*mut u8>; SIZES],
    /// What was never in use: from here to the end of the memory.
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

    /// A block that was never in use; null where the memory cannot grow.
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

/// The size of the block for a layout, as a power of two. No layout here is aligned to more than 16 bytes.
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
            // SAFETY: the block is not in use any more, and holds 16 bytes.
            unsafe { block.cast::<*mut u8>().write(list.get()) };
            list.set(block);
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        // SAFETY: the caller's: `bytes` is no more than a layout can have.
        let wanted = unsafe { Layout::from_size_align_unchecked(bytes, layout.align()) };
        if bits(wanted) == bits(layout) {
            return block;
        }
        // SAFETY: as above, and both blocks hold what is copied.
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

//! Finds the line ends of a chunk, 64 bytes at a time.

use super::{CR, LF};

const BLOCK: usize = 64;

/// The offsets of the CR and LF bytes of a chunk, in order. Each byte is scanned once.
pub(super) struct LineEnds<'a> {
    chunk: &'a [u8],
    /// Offset of the block that `ends` describes.
    block_start: usize,
    /// Offset of the first byte not scanned yet.
    scanned: usize,
    /// Bit n: byte n of the block is a CR or LF that was not yielded yet.
    ends: u64,
    non_ascii: bool,
}

impl<'a> LineEnds<'a> {
    pub(super) fn new(chunk: &'a [u8]) -> Self {
        Self { chunk, block_start: 0, scanned: 0, ends: 0, non_ascii: false }
    }

    /// Whether a byte above 0x7F was seen up to the end of the current block.
    pub(super) fn non_ascii(&self) -> bool {
        self.non_ascii
    }
}

impl Iterator for LineEnds<'_> {
    type Item = usize;

    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        while self.ends == 0 {
            let rest = self.chunk.get(self.scanned..).unwrap_or_default();
            let seen = match rest.first_chunk::<BLOCK>() {
                Some(block) => Seen::of(block),
                None if rest.is_empty() => return None,
                None => {
                    // A zero is not a line end, so the last block may be padded with zeros.
                    let mut block = [0; BLOCK];
                    for (to, from) in block.iter_mut().zip(rest) {
                        *to = *from;
                    }
                    Seen::of(&block)
                }
            };
            self.block_start = self.scanned;
            self.scanned += BLOCK;
            self.ends = seen.ends;
            self.non_ascii |= seen.non_ascii;
        }
        let offset = self.block_start + self.ends.trailing_zeros() as usize;
        self.ends &= self.ends - 1;
        Some(offset)
    }
}

/// The findings in one block.
struct Seen {
    ends: u64,
    non_ascii: bool,
}

impl Seen {
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    #[inline(always)]
    fn of(block: &[u8; BLOCK]) -> Self {
        use core::arch::wasm32::{
            u8x16_bitmask, u8x16_eq, u8x16_splat, v128, v128_any_true, v128_load, v128_or,
        };
        // SAFETY: the four loads cover exactly the 64 bytes of `block`; v128_load needs no alignment.
        let lanes: [v128; 4] = unsafe {
            let at = block.as_ptr().cast::<v128>();
            [v128_load(at), v128_load(at.add(1)), v128_load(at.add(2)), v128_load(at.add(3))]
        };
        let (cr, lf) = (u8x16_splat(CR), u8x16_splat(LF));
        let is_end = lanes.map(|lane| v128_or(u8x16_eq(lane, cr), u8x16_eq(lane, lf)));
        let [a, b, c, d] = lanes;
        let all = v128_or(v128_or(a, b), v128_or(c, d));
        let [e, f, g, h] = is_end;
        // Most blocks of long values have no line end: one test instead of four masks.
        let ends = if v128_any_true(v128_or(v128_or(e, f), v128_or(g, h))) {
            let [e, f, g, h] = is_end.map(|lane| u64::from(u8x16_bitmask(lane)));
            e | f << 16 | g << 32 | h << 48
        } else {
            0
        };
        Self { ends, non_ascii: u8x16_bitmask(all) != 0 }
    }

    #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
    #[inline(always)]
    fn of(block: &[u8; BLOCK]) -> Self {
        let ends = block
            .iter()
            .rev()
            .fold(0, |mask, &byte| mask << 1 | u64::from(byte == CR || byte == LF));
        Self { ends, non_ascii: !block.is_ascii() }
    }
}

//! The event stream parser: turns bytes, in any chunks, into messages (HTML 9.2.5 and 9.2.6).
//!
//! ```text
//! stream        = [ bom ] *event
//! event         = *( comment / field ) end-of-line
//! comment       = colon *any-char end-of-line
//! field         = 1*name-char [ colon [ space ] *any-char ] end-of-line
//! end-of-line   = ( cr lf / cr / lf )
//! ```
//!
//! The grammar works on characters, the parser on bytes. That is equivalent: every delimiter is ASCII, and
//! UTF-8 decoding with replacement never swallows an ASCII byte, so values can be decoded separately.

mod batch;
mod line_ends;

use alloc::vec::Vec;

pub use batch::{Batch, Record, Records};
use line_ends::LineEnds;

const CR: u8 = b'\r';
const LF: u8 = b'\n';
/// A buffer that has grown beyond this for one event is shrunk after it.
const KEPT_BYTES: usize = 4 * 1024 * 1024;
const BOM: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// An event grew beyond the limit given to [`Parser::new`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge;

/// [NON-SPEC] What counts as an event beyond HTML, for servers that end their streams that way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Interpret {
    /// An event with a type but no data is dispatched, with empty data.
    pub empty_events: bool,
    /// An event that is unfinished at the end of the body is dispatched.
    pub unterminated: bool,
}

/// The parser of one event stream. A new stream needs a new parser.
pub struct Parser {
    batch: Batch,
    max_event_bytes: usize,
    /// The current chunk may exceed the limit. Lines are counted only in such a chunk.
    is_near_limit: bool,
    comments: bool,
    interpret: Interpret,
    /// How many bytes of a leading BOM were seen; `BOM.len()` once that is settled.
    bom_bytes: usize,
    /// The last line ended with a CR: an LF right after it belongs to it.
    after_cr: bool,
    /// The line that the last chunk left unfinished.
    line: Vec<u8>,
    event_type: Vec<u8>,
    /// The last event ID buffer, if the current event has set it.
    id: Vec<u8>,
    id_is_set: bool,
    last_event_id: Vec<u8>,
    reconnection_time: Option<u64>,
    non_ascii: bool,
}

impl Parser {
    /// `last_event_id` is that of the source: events without an id keep it, as in browsers.
    ///
    /// `max_event_bytes` bounds the unfinished event: its data, type and id buffers and its current
    /// line. It is at most 512 MiB.
    pub fn new(last_event_id: &[u8], max_event_bytes: usize) -> Self {
        Self {
            batch: Batch::new(),
            max_event_bytes: max_event_bytes.min(batch::MAX_EVENT_BYTES),
            is_near_limit: false,
            comments: false,
            interpret: Interpret::default(),
            bom_bytes: 0,
            after_cr: false,
            line: Vec::new(),
            event_type: Vec::new(),
            id: Vec::new(),
            id_is_set: false,
            last_event_id: Vec::from(last_event_id),
            reconnection_time: None,
            non_ascii: false,
        }
    }

    /// [NON-SPEC] With `comments`, the batches include comments, each as soon as its line has ended. One
    /// space after the colon is not part of the text, as in a field value.
    pub fn hear_comments(&mut self, comments: bool) {
        self.comments = comments;
    }

    /// [NON-SPEC] Sets what else counts as an event.
    pub fn interpret(&mut self, interpret: Interpret) {
        self.interpret = interpret;
    }

    /// Ends the stream: [`batch`](Self::batch) then holds its unfinished event, if that counts. The parser
    /// must not be fed again.
    #[cold]
    pub fn finish(&mut self) {
        self.batch.clear();
        if self.interpret.unterminated {
            let line = core::mem::take(&mut self.line);
            if !line.is_empty() {
                self.process_line(&line);
            }
            self.dispatch();
        }
        self.batch.seal();
    }

    /// Feeds one chunk; [`batch`](Self::batch) then holds the events that it finished.
    ///
    /// `chunk` may end anywhere, between CR and LF or inside a UTF-8 sequence. The same bytes in
    /// other chunks give the same events, and the same failure. O(`chunk.len()`): an unfinished line
    /// is not rescanned. Events before one that is too large are in the batch; after that failure the
    /// parser must not be fed again.
    pub fn feed(&mut self, chunk: &[u8]) -> Result<(), TooLarge> {
        self.batch.clear();
        let chunk = self.skip_bom(chunk);
        self.is_near_limit = self.buffered_bytes() + chunk.len() > self.max_event_bytes;
        let outcome = self.take_lines(chunk);
        self.batch.seal();
        outcome
    }

    fn take_lines(&mut self, chunk: &[u8]) -> Result<(), TooLarge> {
        let mut ends = LineEnds::new(chunk);
        let mut start = 0;
        while let Some(end) = ends.next() {
            self.non_ascii |= ends.non_ascii();
            let tail = chunk.get(start..end).unwrap_or_default();
            let is_lf = chunk.get(end) == Some(&LF);
            let is_whole = self.line.is_empty();
            let is_second_half = is_lf && self.after_cr && is_whole && tail.is_empty();
            if is_second_half {
                // The line has already ended with its CR.
            } else if is_whole && !self.is_near_limit {
                self.process_line(tail);
            } else {
                self.end_of_line(tail)?;
            }
            self.after_cr = !is_lf;
            start = end + 1;
        }
        self.non_ascii |= ends.non_ascii();
        let rest = chunk.get(start..).unwrap_or_default();
        if !rest.is_empty() {
            self.check_limit(self.line.len() + rest.len())?;
            self.line.extend_from_slice(rest);
        }
        self.non_ascii &= self.buffered_bytes() > 0;
        Ok(())
    }

    /// The events that the last chunk finished.
    pub fn batch(&self) -> &Batch {
        &self.batch
    }

    /// The last event ID string: committed at the blank line that ends an event, with data or without.
    /// Bytes as received; decode them as UTF-8 with replacement.
    pub fn last_event_id(&self) -> &[u8] {
        &self.last_event_id
    }

    /// The last valid `retry` value in milliseconds.
    pub fn reconnection_time(&self) -> Option<u64> {
        self.reconnection_time
    }

    /// Bytes held for the unfinished event.
    pub fn buffered_bytes(&self) -> usize {
        self.event_bytes() + self.line.len()
    }

    fn event_bytes(&self) -> usize {
        let id_bytes = if self.id_is_set { self.id.len() } else { 0 };
        self.batch.data_bytes() + self.event_type.len() + id_bytes
    }

    fn check_limit(&self, line_bytes: usize) -> Result<(), TooLarge> {
        let is_too_large =
            self.is_near_limit && self.event_bytes() + line_bytes > self.max_event_bytes;
        if is_too_large { Err(TooLarge) } else { Ok(()) }
    }

    /// [spec] Streams must be decoded using the UTF-8 decode algorithm (which strips one leading BOM).
    fn skip_bom<'a>(&mut self, mut chunk: &'a [u8]) -> &'a [u8] {
        while let (Some(expected), [first, rest @ ..]) = (BOM.get(self.bom_bytes), chunk) {
            if first == expected {
                self.bom_bytes += 1;
                chunk = rest;
            } else {
                // Not a BOM: the bytes taken for its beginning start the first line.
                self.line.extend(BOM.iter().take(self.bom_bytes));
                self.bom_bytes = BOM.len();
            }
        }
        chunk
    }

    /// Takes the line that ends with `tail`, the part of it in the current chunk.
    #[cold]
    fn end_of_line(&mut self, tail: &[u8]) -> Result<(), TooLarge> {
        self.check_limit(self.line.len() + tail.len())?;
        if self.line.is_empty() {
            self.process_line(tail);
        } else {
            let mut line = core::mem::take(&mut self.line);
            line.extend_from_slice(tail);
            self.process_line(&line);
            line.clear();
            line.shrink_to(KEPT_BYTES);
            self.line = line;
        }
        Ok(())
    }

    fn process_line(&mut self, line: &[u8]) {
        if line.is_empty() {
            self.dispatch();
        } else if let Some(value) = value_of(b"data", line) {
            self.batch.append_data(value);
        } else if let Some(value) = value_of(b"event", line) {
            replace(&mut self.event_type, value);
        } else if let Some(value) = value_of(b"id", line) {
            // [spec] If the field value does not contain U+0000 NULL, then set the last event ID
            // buffer to the field value. Otherwise, ignore the field.
            if !value.contains(&0) {
                replace(&mut self.id, value);
                self.id_is_set = true;
            }
        } else if let Some(value) = value_of(b"retry", line) {
            self.reconnection_time = digits(value).or(self.reconnection_time);
        } else if self.comments
            && let [b':', b' ', text @ ..] | [b':', text @ ..] = line
        {
            // [spec] If the line starts with a U+003A COLON character (:), ignore the line.
            self.batch.comment(text, !self.non_ascii);
        }
        // [spec] Otherwise, the field is ignored.
    }

    /// Ends the event, at a blank line.
    fn dispatch(&mut self) {
        if self.id_is_set {
            core::mem::swap(&mut self.id, &mut self.last_event_id);
        }
        let id = self.id_is_set.then_some(self.last_event_id.as_slice());
        if self.interpret.empty_events
            && self.batch.data_bytes() == 0
            && !self.event_type.is_empty()
        {
            self.batch.append_data(&[]);
        }
        // [spec] If the data buffer is an empty string, set the data buffer and the event type buffer
        // to the empty string and return. (One empty data line leaves an LF there, so it does fire.)
        if self.batch.data_bytes() > 0 || id.is_some() {
            self.batch.finish(&self.event_type, id, !self.non_ascii);
        }
        self.event_type.clear();
        self.id_is_set = false;
    }
}

/// Sets a buffer and keeps its memory.
#[inline(never)]
fn replace(buffer: &mut Vec<u8>, value: &[u8]) {
    buffer.clear();
    buffer.extend_from_slice(value);
}

/// The value of the field `name`, if `line` is one. The cost does not depend on the line's length.
#[inline(always)]
fn value_of<'a>(name: &[u8], line: &'a [u8]) -> Option<&'a [u8]> {
    match line.strip_prefix(name)? {
        // [spec] If value starts with a U+0020 SPACE character, remove it from value.
        [b':', b' ', value @ ..] | [b':', value @ ..] => Some(value),
        // [spec] Otherwise, the string does not contain a colon: use the whole line as the field
        // name, and the empty string as the field value.
        [] => Some(&[]),
        _ => None,
    }
}

/// [spec] If the field value consists of only ASCII digits, then interpret it as an integer in base ten.
#[inline(never)]
pub(crate) fn digits(value: &[u8]) -> Option<u64> {
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // Not `saturating_mul`: that needs a 128-bit multiplication, which WebAssembly lacks.
    let number = value.iter().fold(0, |number, digit| {
        let is_too_large = number > u64::MAX / 10 - 1;
        if is_too_large { u64::MAX } else { number * 10 + u64::from(digit - b'0') }
    });
    Some(number)
}

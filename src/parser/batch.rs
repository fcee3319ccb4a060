//! The finished messages of one chunk, packed for one crossing of the WebAssembly boundary.
//!
//! Values stand back to back in `text`, each followed by a CR: no value can hold one, since CR ends a
//! line. `table` is a sequence of segments:
//!
//! ```text
//! segment = bytes << 1 | ascii, number of records, record*
//! record  = data bytes << 3 | silent << 2 | has id << 1 | has type, [type bytes], [id bytes]
//! ```
//!
//! and the values of a record are its data, its type if it has one, its id if it has one. A silent
//! record has no data to dispatch: it commits its id or, without one, is a comment, its data the text.
//!
//! In an ASCII segment the byte counts are offsets into the decoded string as well; in any other the
//! reader walks from CR to CR, because invalid UTF-8 decodes to a length that bytes do not tell.
//!
//! A string sliced from a decoded segment keeps the whole segment alive, so segments are small.

use alloc::vec::Vec;

const SEPARATOR: u8 = super::CR;
/// No segment is larger, unless it is a single record.
const SEGMENT_BYTES: usize = 16 * 1024;
const SEGMENT_HEADER: usize = 2;

const HAS_TYPE: u32 = 1;
const HAS_ID: u32 = 2;
const SILENT: u32 = 4;
const FLAG_BITS: u32 = 3;

/// The largest event that the table can describe.
pub(super) const MAX_EVENT_BYTES: usize = (u32::MAX >> FLAG_BITS) as usize;

/// The finished messages of one chunk. See the module's documentation for the layout.
#[derive(Default)]
pub struct Batch {
    /// Values of the records, then the data buffer of the unfinished event.
    text: Vec<u8>,
    /// The beginning of that data buffer, if a comment came after it.
    aside: Vec<u8>,
    table: Vec<u32>,
    /// Where in `table` the open segment starts, if one is open.
    segment: Option<Segment>,
    /// Bytes of `text` that belong to records.
    finished: usize,
    has_events: bool,
}

struct Segment {
    header: usize,
    text_start: usize,
    records: u32,
}

impl Batch {
    /// The values of all segments, back to back.
    pub fn text(&self) -> &[u8] {
        self.text.get(..self.finished).unwrap_or_default()
    }

    /// The segments.
    pub fn table(&self) -> &[u32] {
        &self.table
    }

    /// Whether the chunk finished nothing.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Whether the chunk finished more than comments.
    pub fn has_events(&self) -> bool {
        self.has_events
    }

    /// The records, for a reader on this side of the boundary.
    pub fn records(&self) -> Records<'_> {
        Records { text: self.text(), table: &self.table, left: 0 }
    }

    /// Forgets the records. The data buffer stays: it is moved at most once per chunk that finishes
    /// an event, so a long event in small chunks costs no more than its length.
    pub(super) fn clear(&mut self) {
        if self.finished > 0 {
            self.text.drain(..self.finished);
            self.text.shrink_to(super::KEPT_BYTES);
            self.finished = 0;
        }
        self.table.clear();
        self.has_events = false;
        self.segment = None;
    }

    /// Bytes in the data buffer, each line's LF included.
    pub(super) fn data_bytes(&self) -> usize {
        self.aside.len() + self.text.len() - self.finished
    }

    pub(super) fn append_data(&mut self, value: &[u8]) {
        if value.len() > super::KEPT_BYTES {
            // No more than the rest of a chunk follows: for that, doubling would take as much again.
            self.text.reserve_exact(value.len() + super::KEPT_BYTES);
        }
        self.text.extend_from_slice(value);
        self.text.push(super::LF);
    }

    /// Makes a record of the data buffer. `ascii` speaks of all bytes since the batch was cleared.
    pub(super) fn finish(&mut self, event_type: &[u8], id: Option<&[u8]>, ascii: bool) {
        if !self.aside.is_empty() {
            self.put_aside();
            self.text.append(&mut core::mem::take(&mut self.aside));
        }
        // [spec] If the data buffer's last character is U+000A LINE FEED (LF), then remove it.
        let silent = self.text.len() == self.finished;
        if !silent {
            self.text.pop();
        }
        let data_bytes = self.data_bytes();
        self.text.push(SEPARATOR);
        let mut flags = if silent { SILENT } else { 0 };
        if !event_type.is_empty() {
            flags |= HAS_TYPE;
            self.text.extend_from_slice(event_type);
            self.text.push(SEPARATOR);
        }
        if let Some(id) = id {
            flags |= HAS_ID;
            self.text.extend_from_slice(id);
            self.text.push(SEPARATOR);
        }
        self.open_segment(ascii);
        self.table.push((data_bytes as u32) << FLAG_BITS | flags);
        if !event_type.is_empty() {
            self.table.push(event_type.len() as u32);
        }
        if let Some(id) = id {
            self.table.push(id.len() as u32);
        }
        self.has_events = true;
        self.update_header(ascii);
    }

    /// Makes a record of a comment. Lines of data before it step aside, each of them once.
    #[cold]
    pub(super) fn comment(&mut self, text: &[u8], ascii: bool) {
        self.put_aside();
        self.text.extend_from_slice(text);
        self.text.push(SEPARATOR);
        self.open_segment(ascii);
        self.table.push((text.len() as u32) << FLAG_BITS | SILENT);
        self.update_header(ascii);
    }

    #[cold]
    fn put_aside(&mut self) {
        self.aside.extend_from_slice(self.text.get(self.finished..).unwrap_or_default());
        self.text.truncate(self.finished);
    }

    /// Starts a segment if none is open or the record at the end of `text` does not fit into it.
    fn open_segment(&mut self, ascii: bool) {
        let fits = |open: &Segment| self.text.len() - open.text_start <= SEGMENT_BYTES;
        if self.segment.as_ref().is_some_and(fits) {
            return;
        }
        self.segment =
            Some(Segment { header: self.table.len(), text_start: self.finished, records: 0 });
        self.table.extend([u32::from(ascii), 0]);
    }

    /// Counts the record at the end of `text` into the open segment.
    fn update_header(&mut self, ascii: bool) {
        self.finished = self.text.len();
        let Some(open) = &mut self.segment else {
            return;
        };
        open.records += 1;
        let bytes = (self.finished - open.text_start) as u32;
        if let Some([size, records]) = self.table.get_mut(open.header..open.header + SEGMENT_HEADER)
        {
            *size = bytes << 1 | u32::from(ascii);
            *records = open.records;
        }
    }
}

/// One finished block of the event stream, or a comment. Values are bytes as received; decode them as
/// UTF-8 with replacement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    /// `None`: the default, `message`.
    pub event_type: Option<&'a [u8]>,
    /// `None`: the block had no data, so it commits its id and dispatches nothing.
    pub data: Option<&'a [u8]>,
    /// The text of a comment, which is nothing else.
    pub comment: Option<&'a [u8]>,
    /// The new last event ID string. `None`: the same as before.
    pub last_event_id: Option<&'a [u8]>,
}

/// See [`Batch::records`].
pub struct Records<'a> {
    text: &'a [u8],
    table: &'a [u32],
    /// Records left in the current segment.
    left: u32,
}

impl<'a> Records<'a> {
    fn word(&mut self) -> Option<u32> {
        let (word, rest) = self.table.split_first()?;
        self.table = rest;
        Some(*word)
    }

    fn value(&mut self, bytes: u32) -> Option<&'a [u8]> {
        let (value, rest) = self.text.split_at_checked(bytes as usize)?;
        self.text = rest.get(1..)?;
        Some(value)
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    #[inline]
    fn next(&mut self) -> Option<Record<'a>> {
        while self.left == 0 {
            self.word()?;
            self.left = self.word()?;
        }
        self.left -= 1;
        let head = self.word()?;
        let data = self.value(head >> FLAG_BITS)?;
        let mut event_type = None;
        if head & HAS_TYPE != 0 {
            event_type = self.word();
        }
        let mut id = None;
        if head & HAS_ID != 0 {
            id = self.word();
        }
        let is_comment = head & (SILENT | HAS_ID) == SILENT;
        Some(Record {
            data: (head & SILENT == 0).then_some(data),
            comment: is_comment.then_some(data),
            event_type: event_type.and_then(|bytes| self.value(bytes)),
            last_event_id: id.and_then(|bytes| self.value(bytes)),
        })
    }
}

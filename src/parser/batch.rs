//! The finished messages of one chunk, packed for one crossing of the WebAssembly boundary.
//!
//! Values are stored back to back in `text`, each followed by a CR. No value contains one, since a CR ends
//! a line. `table` is a sequence of segments:
//!
//! ```text
//! segment = bytes << 1 | ascii, number of records, record*
//! record  = data bytes << 3 | silent << 2 | has id << 1 | has type, [type bytes], [id bytes]
//! ```
//!
//! The values of a record are its data, then its type and its id if it has them. A record without a type
//! has that of the event before it in the segment; the first one, and one with an empty type, have the
//! default. A silent record has no data to dispatch: it commits its id or, without an id, is a comment
//! whose text is the data.
//!
//! In an ASCII segment the byte counts are also offsets into the decoded string. In any other, the reader
//! walks from CR to CR, because byte counts do not tell the decoded length of invalid UTF-8.
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

/// The largest event. With its separators it must fit into a V8 string, whose limit is below that of a
/// record's head.
pub(super) const MAX_EVENT_BYTES: usize = 0x2000_0000 - 32;
const LONGEST_STRING: usize = 0x2000_0000 - 24;
const _: () = assert!(MAX_EVENT_BYTES + 3 <= LONGEST_STRING);
const _: () = assert!(LONGEST_STRING <= (u32::MAX >> FLAG_BITS) as usize);

/// The finished messages of one chunk. See the module's documentation for the layout.
pub struct Batch {
    /// Values of the records, then the data buffer of the unfinished event.
    text: Vec<u8>,
    /// The beginning of that data buffer, if a comment followed it.
    aside: Vec<u8>,
    table: Vec<u32>,
    /// Where in `table` the open segment starts, if one is open.
    segment: Option<Segment>,
    /// The type of the open segment's last event, empty for the default.
    event_type: Vec<u8>,
    /// Bytes of `text` that belong to records.
    finished: usize,
    has_events: bool,
    messages: u32,
    has_identified_messages: bool,
    has_comments: bool,
}

struct Segment {
    header: usize,
    text_start: usize,
    records: u32,
    /// Whether all of its values are ASCII.
    ascii: bool,
}

impl Batch {
    /// An empty batch.
    pub(crate) const fn new() -> Self {
        Self {
            text: Vec::new(),
            aside: Vec::new(),
            table: Vec::new(),
            segment: None,
            event_type: Vec::new(),
            finished: 0,
            has_events: false,
            messages: 0,
            has_identified_messages: false,
            has_comments: false,
        }
    }

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

    /// How many events with data the chunk finished: those are dispatched.
    pub fn messages(&self) -> u32 {
        self.messages
    }

    /// Whether the chunk finished any.
    pub fn has_messages(&self) -> bool {
        self.messages > 0
    }

    /// Whether one of those has an id that is not empty.
    pub fn has_identified_messages(&self) -> bool {
        self.has_identified_messages
    }

    /// Whether there is a comment.
    pub fn has_comments(&self) -> bool {
        self.has_comments
    }

    /// The records, for a reader on this side of the boundary.
    pub fn records(&self) -> Records<'_> {
        Records { text: self.text(), table: &self.table, left: 0, event_type: &[] }
    }

    /// Drops the records but keeps the data buffer. That is moved at most once per chunk that finishes an
    /// event, so the cost of a long event in small chunks is linear in its length.
    pub(super) fn clear(&mut self) {
        if self.finished > 0 {
            let unfinished = self.text.len().saturating_sub(self.finished);
            if unfinished > 0 {
                self.text.copy_within(self.finished.., 0);
            }
            self.text.truncate(unfinished);
            self.finished = 0;
            if self.text.capacity() > super::KEPT_BYTES {
                self.text.shrink_to(super::KEPT_BYTES);
            }
        }
        self.table.clear();
        self.has_events = false;
        self.messages = 0;
        self.has_identified_messages = false;
        self.has_comments = false;
    }

    /// Bytes in the data buffer, each line's LF included.
    pub(super) fn data_bytes(&self) -> usize {
        self.aside.len() + self.text.len() - self.finished
    }

    #[inline(always)]
    pub(super) fn append_data(&mut self, value: &[u8]) {
        if value.len() > super::KEPT_BYTES {
            // At most the rest of a chunk follows; doubling would reserve as much again.
            self.text.reserve_exact(value.len() + super::KEPT_BYTES);
        }
        self.text.extend_from_slice(value);
        self.text.push(super::LF);
    }

    /// Makes a record of the data buffer. `ascii` covers all bytes since the batch was cleared.
    pub(super) fn finish(&mut self, event_type: &[u8], id: Option<&[u8]>, ascii: bool) {
        if !self.aside.is_empty() {
            self.put_aside();
            self.text.append(&mut core::mem::take(&mut self.aside));
        }
        // [spec] If the data buffer's last character is U+000A LINE FEED (LF), then remove it.
        let data_bytes = self.data_bytes().saturating_sub(1);
        let silent = self.text.len() == self.finished;
        match self.text.last_mut() {
            Some(line_feed) if !silent => *line_feed = SEPARATOR,
            _ => self.text.push(SEPARATOR),
        }
        let type_bytes = if self.is_new(event_type) { event_type.len() + 1 } else { 0 };
        self.open_segment(type_bytes + id.map_or(0, |id| id.len() + 1), ascii);
        // Checked only now, because a new segment begins with the default.
        let is_new_type = self.is_new(event_type);
        let mut head = (data_bytes as u32) << FLAG_BITS;
        head |= if silent { SILENT } else { 0 };
        head |= if is_new_type { HAS_TYPE } else { 0 };
        head |= if id.is_some() { HAS_ID } else { 0 };
        self.table.push(head);
        if is_new_type {
            super::replace(&mut self.event_type, event_type);
            self.append_value(event_type);
        }
        if let Some(id) = id {
            self.append_value(id);
        }
        self.has_events = true;
        self.messages += u32::from(!silent);
        self.has_identified_messages |= !silent && id.is_some_and(|id| !id.is_empty());
        self.count_record();
    }

    /// Most types are empty, and a call to compare them would be half of the work here.
    #[inline(always)]
    fn is_new(&self, event_type: &[u8]) -> bool {
        event_type.len() != self.event_type.len()
            || (!event_type.is_empty() && event_type != self.event_type)
    }

    #[inline(always)]
    fn append_value(&mut self, value: &[u8]) {
        self.table.push(value.len() as u32);
        self.text.extend_from_slice(value);
        self.text.push(SEPARATOR);
    }

    /// Makes a record of a comment. Data lines before it are put aside, each only once.
    #[cold]
    pub(super) fn comment(&mut self, text: &[u8], ascii: bool) {
        self.put_aside();
        self.text.extend_from_slice(text);
        self.text.push(SEPARATOR);
        self.open_segment(0, ascii);
        self.table.push((text.len() as u32) << FLAG_BITS | SILENT);
        self.has_comments = true;
        self.count_record();
    }

    #[cold]
    fn put_aside(&mut self) {
        self.aside.extend_from_slice(self.text.get(self.finished..).unwrap_or_default());
        self.text.truncate(self.finished);
    }

    /// Starts a segment if none is open or the record at the end of `text` does not fit into it with
    /// `more` bytes.
    #[inline(always)]
    fn open_segment(&mut self, more: usize, ascii: bool) {
        if let Some(open) = &mut self.segment
            && self.text.len() + more - open.text_start <= SEGMENT_BYTES
        {
            open.ascii &= ascii;
        } else {
            self.start_segment(ascii);
        }
    }

    #[cold]
    fn start_segment(&mut self, ascii: bool) {
        self.seal();
        let header = self.table.len();
        self.segment = Some(Segment { header, text_start: self.finished, records: 0, ascii });
        self.event_type.clear();
        self.table.extend([0; SEGMENT_HEADER]);
    }

    /// Counts the record at the end of `text` into the open segment.
    #[inline(always)]
    fn count_record(&mut self) {
        self.finished = self.text.len();
        if let Some(open) = &mut self.segment {
            open.records += 1;
        }
    }

    /// Ends the open segment. The table must not be read before that.
    pub(super) fn seal(&mut self) {
        let Some(open) = self.segment.take() else { return };
        let bytes = (self.finished - open.text_start) as u32;
        if let Some([size, records]) = self.table.get_mut(open.header..open.header + SEGMENT_HEADER)
        {
            *size = bytes << 1 | u32::from(open.ascii);
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
    /// The text, if this is a comment; then the other fields are `None`.
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
    event_type: &'a [u8],
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
            self.event_type = &[];
        }
        self.left -= 1;
        let head = self.word()?;
        let data = self.value(head >> FLAG_BITS)?;
        let type_bytes = if head & HAS_TYPE != 0 { self.word() } else { None };
        let id_bytes = if head & HAS_ID != 0 { self.word() } else { None };
        if let Some(bytes) = type_bytes {
            self.event_type = self.value(bytes)?;
        }
        let last_event_id = id_bytes.and_then(|bytes| self.value(bytes));
        let is_comment = head & (SILENT | HAS_ID) == SILENT;
        let has_type = !is_comment && !self.event_type.is_empty();
        Some(Record {
            data: (head & SILENT == 0).then_some(data),
            comment: is_comment.then_some(data),
            event_type: has_type.then_some(self.event_type),
            last_event_id,
        })
    }
}

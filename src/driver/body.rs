//! Reads a response body chunk by chunk.

use js_sys::{Object, Promise, TypeError, Uint8Array};
use wasm_bindgen::{JsCast as _, prelude::*};

/// Larger chunks make longer tasks and cost no less.
const CHUNK_BYTES: u32 = 64 * 1024;
/// Enough for a stream that goes as fast as things happen.
const FIRST_BUFFER_BYTES: u32 = 16 * 1024;
/// A read costs a task or two, whatever it gives: a backlog is read in a few.
const LAST_BUFFER_BYTES: u32 = 256 * 1024;

#[wasm_bindgen]
extern "C" {
    /// A `ReadableStream`, of the platform's or of a library's.
    pub type Stream;
    #[wasm_bindgen(method, catch, js_name = getReader)]
    fn reader(this: &Stream) -> Result<Reader, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(super) fn cancel(this: &Stream) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = getReader)]
    fn byob_reader(this: &Stream, options: &ReaderOptions) -> Result<Reader, JsValue>;

    type ReaderOptions;
    #[wasm_bindgen(method, setter)]
    fn set_mode(this: &ReaderOptions, mode: &str);

    type Reader;
    #[wasm_bindgen(method, catch)]
    fn read(this: &Reader) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn cancel(this: &Reader) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, js_name = releaseLock)]
    fn release_lock(this: &Reader);
    #[wasm_bindgen(method, catch, js_name = read)]
    fn read_into(this: &Reader, buffer: &Uint8Array) -> Result<Promise, JsValue>;

    type ReadResult;
    #[wasm_bindgen(method, getter)]
    fn done(this: &ReadResult) -> bool;
    #[wasm_bindgen(method, getter)]
    fn value(this: &ReadResult) -> Chunk;

    /// Anything, in a stream that a script has made.
    type Chunk;
    #[wasm_bindgen(method, catch, getter, js_name = BYTES_PER_ELEMENT)]
    fn bytes_per_element(this: &Chunk) -> Result<f64, JsValue>;
}

/// The body of a response.
pub(super) struct Body {
    reader: Reader,
    /// The buffer of a BYOB reader, lent to it while a read is under way. It grows while reads fill it.
    buffer: Option<Uint8Array>,
    /// What is left of a chunk that was too large: a default reader may hand out megabytes.
    rest: Option<Uint8Array>,
}

impl Body {
    /// Locks `stream`. A BYOB reader halves the cost of a byte; not every stream has one.
    pub(super) fn new(stream: &Stream) -> Result<Self, JsValue> {
        let options: ReaderOptions = Object::new().unchecked_into();
        options.set_mode("byob");
        let (reader, buffer) = match stream.byob_reader(&options) {
            Ok(reader) => (reader, Some(Uint8Array::new_with_length(FIRST_BUFFER_BYTES))),
            Err(_) => (stream.reader()?, None),
        };
        Ok(Self { reader, buffer, rest: None })
    }

    /// What is left of the last chunk.
    pub(super) fn rest(&mut self) -> Option<Uint8Array> {
        self.rest.take().map(|rest| self.part(rest))
    }

    /// Asks for the next chunk. [`chunk`](Self::chunk) takes what the promise gives.
    pub(super) fn read(&self) -> Result<Promise, JsValue> {
        match &self.buffer {
            Some(buffer) => self.reader.read_into(buffer),
            None => self.reader.read(),
        }
    }

    /// The chunk that was read, of at most [`CHUNK_BYTES`]; `None` at the end of the body.
    pub(super) fn chunk(&mut self, result: JsValue) -> Result<Option<Uint8Array>, JsValue> {
        let result: ReadResult = result.unchecked_into();
        if result.done() {
            return Ok(None);
        }
        let chunk = result.value();
        if self.buffer.is_none() && chunk.bytes_per_element()? != 1.0 {
            return Err(TypeError::new("a chunk of the body is no Uint8Array").into());
        }
        let chunk: Uint8Array = chunk.unchecked_into();
        if self.buffer.is_some() {
            // The read has moved the memory to a new ArrayBuffer.
            let memory = chunk.buffer();
            let bytes = memory.byte_length();
            let is_full = chunk.length() == bytes && bytes < LAST_BUFFER_BYTES;
            let larger = is_full.then(|| Uint8Array::new_with_length(bytes * 2));
            self.buffer = Some(larger.unwrap_or_else(|| Uint8Array::new(&memory)));
        }
        Ok(Some(self.part(chunk)))
    }

    /// Gives the stream up. The promise is rejected if the stream had failed.
    pub(super) fn cancel(self) -> Result<Promise, JsValue> {
        let cancelled = self.reader.cancel();
        self.reader.release_lock();
        cancelled
    }

    fn part(&mut self, chunk: Uint8Array) -> Uint8Array {
        if chunk.length() <= CHUNK_BYTES {
            return chunk;
        }
        self.rest = Some(chunk.subarray(CHUNK_BYTES, chunk.length()));
        chunk.subarray(0, CHUNK_BYTES)
    }
}

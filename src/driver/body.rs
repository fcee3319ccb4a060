//! Reads a response body chunk by chunk.

use js_sys::{Object, Promise, Uint8Array};
use wasm_bindgen::{JsCast as _, prelude::*};

use super::settle::Settle;

/// Larger chunks cost as much per byte and make longer tasks.
pub(super) const CHUNK_BYTES: u32 = 64 * 1024;

#[wasm_bindgen]
extern "C" {
    /// A `ReadableStream`, of the platform's or of a library's.
    pub type Stream;
    #[wasm_bindgen(method, catch, js_name = getReader)]
    fn reader(this: &Stream) -> Result<Reader, JsValue>;
    #[wasm_bindgen(method, catch, js_name = getReader)]
    fn byob_reader(this: &Stream, options: &ReaderOptions) -> Result<Reader, JsValue>;

    type ReaderOptions;
    #[wasm_bindgen(method, setter)]
    fn set_mode(this: &ReaderOptions, mode: &str);

    type Reader;
    #[wasm_bindgen(method, catch)]
    fn read(this: &Reader) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = read)]
    fn read_into(this: &Reader, buffer: &Uint8Array) -> Result<Promise, JsValue>;

    type ReadResult;
    #[wasm_bindgen(method, getter)]
    fn done(this: &ReadResult) -> bool;
    #[wasm_bindgen(method, getter)]
    fn value(this: &ReadResult) -> Uint8Array;
}

/// The body of a response.
pub(super) struct Body {
    reader: Reader,
    /// The buffer of a BYOB reader, lent to it while a read is under way.
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
            Ok(reader) => (reader, Some(Uint8Array::new_with_length(CHUNK_BYTES))),
            Err(_) => (stream.reader()?, None),
        };
        Ok(Self { reader, buffer, rest: None })
    }

    /// The next chunk of at most [`CHUNK_BYTES`], `None` at the end of the body.
    pub(super) async fn read(&mut self, settle: &Settle) -> Result<Option<Uint8Array>, JsValue> {
        let chunk = match self.rest.take() {
            Some(rest) => rest,
            None => match self.read_stream(settle).await? {
                Some(chunk) => chunk,
                None => return Ok(None),
            },
        };
        if chunk.length() <= CHUNK_BYTES {
            return Ok(Some(chunk));
        }
        self.rest = Some(chunk.subarray(CHUNK_BYTES, chunk.length()));
        Ok(Some(chunk.subarray(0, CHUNK_BYTES)))
    }

    async fn read_stream(&mut self, settle: &Settle) -> Result<Option<Uint8Array>, JsValue> {
        let promise = match &self.buffer {
            Some(buffer) => self.reader.read_into(buffer)?,
            None => self.reader.read()?,
        };
        let result: ReadResult = settle.promise(&promise).await?.unchecked_into();
        if result.done() {
            return Ok(None);
        }
        let chunk = result.value();
        if self.buffer.is_some() {
            // The read has moved the memory to a new ArrayBuffer.
            self.buffer = Some(Uint8Array::new(&chunk.buffer()));
        }
        Ok(Some(chunk))
    }
}

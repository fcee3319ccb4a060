//! Reads a response body chunk by chunk.

use js_sys::Uint8Array;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReadableStreamDefaultReader, ReadableStreamReadResult};

/// Larger chunks make longer tasks and are no cheaper.
const CHUNK_BYTES: u32 = 64 * 1024;

/// The body of a response.
pub(super) struct Body {
    reader: ReadableStreamDefaultReader,
    /// The rest of a chunk that was too large: some readers return megabytes.
    rest: Option<Uint8Array>,
}

impl Body {
    /// Locks `stream`.
    pub(super) fn new(stream: ReadableStream) -> Result<Self, JsValue> {
        Ok(Self { reader: ReadableStreamDefaultReader::new(&stream)?, rest: None })
    }

    /// The next chunk, of at most [`CHUNK_BYTES`]; `None` at the end of the body.
    ///
    /// Not cancel safe: a dropped future loses a chunk.
    pub(super) async fn chunk(&mut self) -> Result<Option<Vec<u8>>, JsValue> {
        let chunk = match self.rest.take() {
            Some(rest) => rest,
            None => {
                let result = JsFuture::from(self.reader.read()).await?;
                let result: ReadableStreamReadResult = result.unchecked_into();
                if result.get_done() == Some(true) {
                    return Ok(None);
                }
                result.get_value().dyn_into()?
            }
        };
        if chunk.length() <= CHUNK_BYTES {
            return Ok(Some(chunk.to_vec()));
        }
        self.rest = Some(chunk.subarray(CHUNK_BYTES, chunk.length()));
        Ok(Some(chunk.subarray(0, CHUNK_BYTES).to_vec()))
    }
}

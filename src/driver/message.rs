//! Messages.

use crate::parser::Record;

/// One message of the event stream.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Message {
    /// The event's type: `message` if the server named none.
    pub event_type: String,
    /// The data. Lines are joined by LF; invalid UTF-8 becomes U+FFFD.
    pub data: String,
    /// The last event ID string after this message: empty if the server has never set one.
    pub last_event_id: String,
}

impl Message {
    /// The message of `record`, if it is one. Updates `last_event_id`.
    pub(super) fn new(record: Record<'_>, last_event_id: &mut String) -> Option<Self> {
        if let Some(id) = record.last_event_id {
            *last_event_id = decode(id);
        }
        Some(Self {
            data: decode(record.data?),
            event_type: record.event_type.map_or_else(|| "message".into(), decode),
            last_event_id: last_event_id.clone(),
        })
    }

    /// Deserializes the data from JSON.
    ///
    /// # Errors
    /// [`Error::Data`](super::Error::Data) if it is not JSON or does not fit `T`;
    /// [`Error::Unsupported`](super::Error::Unsupported) outside browsers.
    #[cfg(feature = "serde")]
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, super::Error> {
        use super::{Error, IS_WEB};
        use wasm_bindgen::JsValue;

        if !IS_WEB {
            return Err(Error::Unsupported);
        }
        let value = js_sys::JSON::parse(&self.data).map_err(|error| Error::data(&error))?;
        serde_wasm_bindgen::from_value(value).map_err(|error| Error::data(&JsValue::from(error)))
    }
}

fn decode(value: &[u8]) -> String {
    String::from_utf8_lossy(value).into_owned()
}

//! What can go wrong.

use core::fmt;

use js_sys::JsString;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::Response;

use crate::policy::Cause;

/// What can go wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// This target has no `fetch`: only `wasm32-unknown-unknown` runs in browsers.
    Unsupported,
    /// The request can never be made. The text says what is wrong with its URL, method, headers, body or
    /// last event ID.
    Request(String),
    /// The data of a message is not JSON or does not fit the requested type. The text says why.
    Data(String),
    /// The source is closed for good. No more messages follow.
    ///
    /// If the request may not be repeated, such as a POST without event IDs, the normal end of the stream is
    /// reported this way too, with the reason [`Cause::EndOfBody`].
    #[non_exhaustive]
    Failed {
        /// What ended the last connection or attempt.
        reason: Cause,
        /// The HTTP status of a response that is not an event stream.
        status: Option<u16>,
        /// The platform's error, such as `TypeError: Failed to fetch`.
        detail: Option<String>,
    },
}

impl Error {
    pub(super) fn request(thrown: &JsValue) -> Self {
        Self::Request(text(thrown))
    }

    #[cfg(feature = "serde")]
    pub(super) fn data(thrown: &JsValue) -> Self {
        Self::Data(text(thrown))
    }

    pub(super) fn failed(
        reason: Cause,
        response: Option<&Response>,
        thrown: Option<&JsValue>,
    ) -> Self {
        let is_refused = matches!(reason, Cause::Status | Cause::ContentType);
        let status = response.filter(|_| is_refused).map(Response::status);
        Self::Failed { reason, status, detail: thrown.map(text) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsupported => f.write_str("event streams need a browser"),
            Self::Request(detail) => write!(f, "the request cannot be made: {detail}"),
            Self::Data(detail) => write!(f, "the data is not the expected JSON: {detail}"),
            Self::Failed { reason, status, detail } => {
                write!(f, "{reason}")?;
                if let Some(status) = status {
                    write!(f, " (status {status})")?;
                }
                if let Some(detail) = detail {
                    write!(f, ": {detail}")?;
                }
                Ok(())
            }
        }
    }
}

impl core::error::Error for Error {}

/// The thrown value as a string.
fn text(thrown: &JsValue) -> String {
    match thrown.dyn_ref::<js_sys::Error>() {
        Some(error) => error.to_string().into(),
        None => thrown.dyn_ref::<JsString>().map_or_else(|| format!("{thrown:?}"), String::from),
    }
}

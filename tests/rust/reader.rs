//! Reads the parser's batches the way a source does.

use eventsource_wasm::parser::{Interpret, Parser, TooLarge};
use serde::Deserialize;

/// One dispatched message.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Message {
    #[serde(rename = "type")]
    pub event_type: String,
    pub data: String,
    pub last_event_id: String,
}

/// The outcome of an event stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub messages: Vec<Message>,
    /// The comments, each with the number of messages before it.
    pub comments: Vec<(usize, String)>,
    pub last_event_id: String,
    pub reconnection_time: Option<u64>,
}

/// A parser and its output so far. A second one, with comments, must otherwise behave the same.
pub struct Reader {
    pub parser: Parser,
    pub with_comments: Parser,
    pub messages: Vec<Message>,
    comments: Vec<(usize, String)>,
    last_event_id: String,
}

impl Reader {
    pub fn new(last_event_id: &str, max_event_bytes: usize) -> Self {
        let mut with_comments = Parser::new(last_event_id.as_bytes(), max_event_bytes);
        with_comments.hear_comments(true);
        Self {
            parser: Parser::new(last_event_id.as_bytes(), max_event_bytes),
            with_comments,
            messages: Vec::new(),
            comments: Vec::new(),
            last_event_id: last_event_id.to_owned(),
        }
    }

    pub fn interpret(&mut self, interpret: Interpret) {
        self.parser.interpret(interpret);
        self.with_comments.interpret(interpret);
    }

    pub fn finish(&mut self) {
        self.parser.finish();
        self.with_comments.finish();
        self.take_batch();
    }

    pub fn feed(&mut self, chunk: &[u8]) -> Result<(), TooLarge> {
        let result = self.parser.feed(chunk);
        assert_eq!(self.with_comments.feed(chunk), result);
        assert_eq!(self.with_comments.buffered_bytes(), self.parser.buffered_bytes());
        self.take_batch();
        result
    }

    fn take_batch(&mut self) {
        let records = self.with_comments.batch().records();
        assert!(
            self.parser.batch().records().eq(records.filter(|record| record.comment.is_none()))
        );
        for record in self.with_comments.batch().records() {
            self.comments
                .extend(record.comment.map(|comment| (self.messages.len(), text(comment))));
            if let Some(id) = record.last_event_id {
                self.last_event_id = text(id);
            }
            if let Some(data) = record.data {
                self.messages.push(Message {
                    event_type: record.event_type.map_or_else(|| "message".to_owned(), text),
                    data: text(data),
                    last_event_id: self.last_event_id.clone(),
                });
            }
        }
    }

    pub fn outcome(&self) -> Outcome {
        let last_event_id = text(self.parser.last_event_id());
        assert_eq!(last_event_id, self.last_event_id, "records and parser disagree");
        Outcome {
            messages: self.messages.clone(),
            comments: self.comments.clone(),
            last_event_id: self.last_event_id.clone(),
            reconnection_time: self.parser.reconnection_time(),
        }
    }
}

fn text(value: &[u8]) -> String {
    String::from_utf8_lossy(value).into_owned()
}

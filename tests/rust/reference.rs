//! HTML 9.2.5 and 9.2.6 word for word, over a whole event stream at once: slow, but easy to verify.

use eventsource_wasm::parser::Interpret;

use crate::reader::{Message, Outcome};

/// Interprets the event stream of a source whose last event ID string is `last_event_id`.
pub fn interpret(stream: &[u8], last_event_id: &str) -> Outcome {
    interpret_as(Interpret::default(), stream, last_event_id)
}

/// The same, but more counts as an event.
pub fn interpret_as(interpret: Interpret, stream: &[u8], last_event_id: &str) -> Outcome {
    // [spec] Streams must be decoded using the UTF-8 decode algorithm (which strips one leading BOM).
    let text = String::from_utf8_lossy(stream);
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    // [spec] end-of-line = ( cr lf / cr / lf )
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut interpreter = Interpreter {
        interpret,
        data: String::new(),
        event_type: String::new(),
        last_event_id: last_event_id.to_owned(),
        outcome: Outcome {
            messages: Vec::new(),
            comments: Vec::new(),
            last_event_id: last_event_id.to_owned(),
            reconnection_time: None,
        },
    };
    let (lines, rest) =
        text.rsplit_once('\n').map_or((None, &*text), |(all, rest)| (Some(all), rest));
    for line in lines.into_iter().flat_map(|lines| lines.split('\n')) {
        interpreter.line(line);
    }
    if interpret.unterminated {
        if !rest.is_empty() {
            interpreter.line(rest);
        }
        interpreter.dispatch();
    }
    // [spec] Once the end of the file is reached, any pending data must be discarded.
    interpreter.outcome
}

struct Interpreter {
    interpret: Interpret,
    data: String,
    event_type: String,
    /// The last event ID buffer.
    last_event_id: String,
    outcome: Outcome,
}

impl Interpreter {
    fn line(&mut self, line: &str) {
        if line.is_empty() {
            self.dispatch();
        } else if let Some(comment) = line.strip_prefix(':') {
            // [spec] Ignore the line. [NON-SPEC] Its text is read like a field value.
            let text = comment.strip_prefix(' ').unwrap_or(comment);
            self.outcome.comments.push((self.outcome.messages.len(), text.to_owned()));
        } else if let Some((name, value)) = line.split_once(':') {
            self.field(name, value.strip_prefix(' ').unwrap_or(value));
        } else {
            self.field(line, "");
        }
    }

    fn field(&mut self, name: &str, value: &str) {
        let is_number = !value.is_empty() && value.chars().all(|char| char.is_ascii_digit());
        match name {
            "event" => self.event_type = value.to_owned(),
            "data" => self.data += &format!("{value}\n"),
            "id" if !value.contains('\0') => self.last_event_id = value.to_owned(),
            "retry" if is_number => {
                self.outcome.reconnection_time = Some(value.parse().unwrap_or(u64::MAX));
            }
            _ => {}
        }
    }

    fn dispatch(&mut self) {
        self.outcome.last_event_id = self.last_event_id.clone();
        let event_type = std::mem::take(&mut self.event_type);
        let mut data = std::mem::take(&mut self.data);
        if self.interpret.empty_events && data.is_empty() && !event_type.is_empty() {
            data.push('\n');
        }
        if let Some(data) = data.strip_suffix('\n') {
            self.outcome.messages.push(Message {
                event_type: if event_type.is_empty() { "message".to_owned() } else { event_type },
                data: data.to_owned(),
                last_event_id: self.last_event_id.clone(),
            });
        }
    }
}

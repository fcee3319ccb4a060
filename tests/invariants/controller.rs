//! One request at a time, none that the policy forbids, bounded delays, every event once and in order,
//! and an end that is final: for any inputs, those that come too late included.

use eventsource_wasm::{
    controller::{Controller, Input, Output},
    parser::Parser,
    policy::{Policy, Replay},
};

/// `program`: a byte of options, then inputs, each a byte that names it and its operands.
pub fn check(program: &[u8]) {
    let Some((options, mut inputs)) = program.split_first() else { return };
    let mut source = Source::new(*options);
    source.poll();
    while let Some(input) = next_input(&mut inputs) {
        source.handle(input);
        if inputs.first() != Some(&CLOSE_BEFORE_POLL) {
            source.poll();
        }
    }
    source.poll();
}

/// Closes before the outputs of the input before it are carried out.
const CLOSE_BEFORE_POLL: u8 = b'x';

const CONTENT_TYPES: [Option<&str>; 4] =
    [Some("text/event-stream"), Some("text/event-stream; charset=utf-8"), Some("text/html"), None];

fn next_input<'a>(program: &mut &'a [u8]) -> Option<Input<'a>> {
    let [name] = take(program)?;
    Some(match name {
        b'H' => Input::Response {
            status: 200,
            content_type: Some("text/event-stream"),
            retry_after_ms: 0,
        },
        b'h' => {
            let [high, low, content_type] = take(program)?;
            Input::Response {
                status: u16::from_be_bytes([high, low]),
                content_type: *CONTENT_TYPES.iter().cycle().nth(content_type.into())?,
                retry_after_ms: 0,
            }
        }
        b'e' => Input::EndOfBody,
        b'n' => Input::NetworkError,
        b'r' => Input::RequestError,
        b't' => Input::Tick,
        b'X' | CLOSE_BEFORE_POLL => Input::Close,
        // Any other byte is the length of a chunk.
        length => {
            let (chunk, rest) = program.split_at_checked(usize::from(length))?;
            *program = rest;
            Input::Chunk(chunk)
        }
    })
}

fn take<const BYTES: usize>(program: &mut &[u8]) -> Option<[u8; BYTES]> {
    let (taken, rest) = program.split_first_chunk()?;
    *program = rest;
    Some(*taken)
}

/// What the owner of a source knows of it: enough to tell whether the controller may say what it says.
struct Source {
    controller: Controller,
    now_ms: f64,
    policy: Policy,
    state: State,
    /// The chunks of the connection, in a parser of its own.
    parser: Parser,
    /// Events of the last chunk are still to be dispatched.
    undispatched: bool,
    dispatched: bool,
    last_event_id: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// A request may be made: the first, or one after a wait.
    Due,
    Requested,
    Responded,
    Open,
    /// Whatever was open or asked for has ended.
    Ended,
    Waiting,
    Closed,
}

impl Source {
    fn new(options: u8) -> Self {
        let method = if options & 1 == 0 { "GET" } else { "POST" };
        let mut policy = Policy::for_request(method, options & 2 != 0);
        // Small enough for a chunk to be too large.
        policy.max_event_bytes = 3 + usize::from(options >> 2) * 4;
        let mut controller = Controller::new(policy.clone(), String::new(), || 0.5);
        controller.advance(0.0);
        Self {
            controller,
            now_ms: 0.0,
            parser: Parser::new("", policy.max_event_bytes),
            policy,
            state: State::Due,
            undispatched: false,
            dispatched: false,
            last_event_id: String::new(),
        }
    }

    fn handle(&mut self, input: Input<'_>) {
        if let (Input::Tick, Some(wait_ms)) = (input, self.controller.wait_ms()) {
            self.now_ms += f64::from(wait_ms);
            self.controller.advance(self.now_ms);
        }
        self.controller.handle(input);
        self.state = match (self.state, input) {
            (_, Input::Close) => State::Closed,
            (State::Requested, Input::Response { .. }) => State::Responded,
            (State::Requested, Input::NetworkError | Input::RequestError) => State::Ended,
            (State::Open, Input::NetworkError | Input::EndOfBody) => State::Ended,
            (State::Open, Input::Chunk(chunk)) => {
                let fed = self.parser.feed(chunk);
                self.undispatched = !self.parser.batch().is_empty();
                self.last_event_id = self.parser.last_event_id().into_owned();
                if fed.is_ok() { State::Open } else { State::Ended }
            }
            (State::Waiting, Input::Tick) => State::Due,
            (state, _) => state,
        };
    }

    /// Carries out what there is to do, as a driver does: until nothing is left, or it has to read.
    fn poll(&mut self) {
        while let Some(output) = self.controller.poll() {
            let state = self.state;
            let is_next = output == Output::Dispatch || !self.undispatched;
            assert!(is_next, "{output:?} with events left to dispatch");
            self.state = match output {
                Output::Fetch { .. } => {
                    assert_eq!(state, State::Due);
                    assert_eq!(self.controller.last_event_id(), self.last_event_id);
                    State::Requested
                }
                Output::Announce => {
                    assert_eq!(state, State::Responded);
                    self.parser = Parser::new(&self.last_event_id, self.policy.max_event_bytes);
                    State::Open
                }
                Output::Read => {
                    assert_eq!(state, State::Open);
                    return;
                }
                Output::Dispatch => {
                    assert!(self.undispatched, "no events, or the same again");
                    assert!(self.controller.batch().records().eq(self.parser.batch().records()));
                    self.undispatched = false;
                    self.dispatched = true;
                    state
                }
                Output::Reestablish { delay_ms, .. } => {
                    assert_eq!(state, State::Ended);
                    assert!(
                        delay_ms.is_some_and(|ms| (100..=i32::MAX as u32).contains(&ms)),
                        "a delay of {delay_ms:?} ms"
                    );
                    assert!(self.may_repeat(), "a request that is not to be repeated");
                    State::Waiting
                }
                Output::Decide { .. } => unreachable!("nobody wants to be asked"),
                Output::Fail(_) => {
                    assert!(
                        matches!(state, State::Responded | State::Ended),
                        "{output:?} while {state:?}"
                    );
                    State::Closed
                }
            };
        }
        // Open: it was told to read before, and goes on with that.
        let idle =
            matches!(self.state, State::Requested | State::Open | State::Waiting | State::Closed);
        assert!(idle, "nothing to do while {:?}", self.state);
    }

    fn may_repeat(&self) -> bool {
        let may_resume = !self.dispatched || !self.last_event_id.is_empty();
        !self.policy.one_shot && (self.policy.replay == Replay::Always || may_resume)
    }
}

//! A model of a source's owner. It knows enough to check whether each output of the controller is allowed.

use eventsource_wasm::{
    controller::{Controller, Input, Output, Signal},
    parser::Parser,
    policy::{Cause, NoResponse, Policy, Replay},
};

const LEAST_DELAY_MS: f64 = 100.0;
const OFFLINE_MS: f64 = 30_000.0;
const REQUESTS_A_SECOND: usize = 10;

pub struct Owner {
    controller: Controller,
    policy: Policy,
    state: State,
    /// The reading of the wall clock, and the time that has passed, which never goes back.
    reading_ms: f64,
    now_ms: f64,
    /// A separate parser for the chunks of the connection.
    parser: Parser,
    /// Events of the last chunk have yet to be dispatched.
    undispatched: bool,
    /// Chunks since the last dispatch, with or without events.
    unheard_chunks: usize,
    /// The current attempt was probed.
    probed: bool,
    /// The current request uses GET.
    resumes_by_get: bool,
    announced: bool,
    /// A message has announced that the body may properly end.
    is_ending: bool,
    /// A message with an id has arrived.
    identified: bool,
    last_event_id: Vec<u8>,
    requests_ms: Vec<f64>,
    /// When the device last reported that it is offline, if it still is.
    offline_since_ms: Option<f64>,
    /// The owner asked for a new connection since the last request, from a callback or freely.
    wish: Wish,
    /// The page sent a signal since the last request.
    signalled: bool,
    /// When the `Retry-After` of the last response is over.
    retry_after_until_ms: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
enum Wish {
    None,
    InCallback,
    Free,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    New,
    Requested,
    Probing,
    /// The probe was answered: the request may be made once more.
    Answered,
    Responded {
        status: u16,
    },
    Announced,
    Reading,
    Fed,
    Completed,
    Ended,
    Failed(Cause),
    Deciding {
        ended_ms: f64,
    },
    Decided {
        ended_ms: f64,
    },
    Waiting {
        ended_ms: f64,
        since_ms: f64,
        delay_ms: Option<u32>,
    },
    Closed,
}

impl Owner {
    pub fn new(policy: Policy, random: f64) -> Self {
        let mut controller = Controller::new(policy.clone(), Vec::new());
        controller.shuffle(random);
        controller.advance(0.0);
        Self {
            controller,
            parser: Parser::new(b"", policy.max_event_bytes),
            policy,
            state: State::New,
            reading_ms: 0.0,
            now_ms: 0.0,
            undispatched: false,
            unheard_chunks: 0,
            probed: false,
            resumes_by_get: false,
            announced: false,
            is_ending: false,
            identified: false,
            last_event_id: Vec::new(),
            requests_ms: Vec::new(),
            offline_since_ms: None,
            wish: Wish::None,
            signalled: false,
            retry_after_until_ms: 0.0,
        }
    }

    pub fn pass(&mut self, ms: f64) {
        self.reading_ms += ms;
        self.now_ms += ms.max(0.0);
        self.controller.advance(self.reading_ms);
        self.controller.handle(Input::Tick);
    }

    /// Lets the controller's wait pass, by the wall clock or by a timer alone.
    pub fn wait(&mut self, clock_goes: bool) {
        let wait_ms = self.controller.wait_ms().unwrap_or_default();
        assert!(wait_ms <= i32::MAX as u32, "a timer of {wait_ms} ms");
        let due_ms = self.controller.now_ms() + f64::from(wait_ms);
        self.now_ms += f64::from(wait_ms);
        if clock_goes {
            self.reading_ms += f64::from(wait_ms);
        }
        self.controller.advance(self.reading_ms);
        self.controller.handle(Input::Alarm { due_ms });
        assert!(self.controller.now_ms() >= due_ms, "a timer that has not waited");
    }

    pub fn resume_by_get(&mut self) {
        self.resumes_by_get = true;
        self.controller.resumes_by(Replay::Always);
    }

    pub fn handle(&mut self, input: Input<'_>) {
        self.controller.handle(input);
        self.state = match (self.state, input) {
            (State::Closed, _) | (_, Input::Close) => State::Closed,
            (State::Requested, Input::Response { status, retry_after, .. }) => {
                if status != 200 {
                    let seconds: f64 = retry_after
                        .map_or(0.0, |value| String::from_utf8_lossy(value).parse().unwrap_or(0.0));
                    self.retry_after_until_ms =
                        self.now_ms + (seconds * 1000.0).min(i32::MAX.into());
                }
                State::Responded { status }
            }
            (State::Requested, Input::NetworkError) => State::Ended,
            (State::Requested, Input::RequestError) => State::Failed(Cause::RequestError),
            (State::Requested | State::Probing | State::Reading, Input::Blocked) => {
                State::Failed(Cause::Blocked)
            }
            (State::Probing, Input::Probed(true)) => State::Answered,
            (State::Probing, Input::Probed(false)) => State::Ended,
            (State::Reading, Input::EndOfBody) => self.end_of_body(),
            (State::Reading, Input::NetworkError) => State::Ended,
            (State::Reading, Input::Ending) => {
                self.is_ending = true;
                State::Reading
            }
            (State::Reading, Input::ApplicationError) => State::Failed(Cause::Application),
            (State::Reading, Input::Chunk(chunk)) => self.feed(chunk),
            (State::Deciding { ended_ms }, Input::Decision(_)) => State::Decided { ended_ms },
            (state, _) => state,
        };
        match input {
            Input::Reconnect { in_callback: true } if self.wish == Wish::None => {
                self.wish = Wish::InCallback;
            }
            Input::Reconnect { in_callback: false } => self.wish = Wish::Free,
            Input::Signal(signal) => {
                self.signalled = true;
                match signal {
                    Signal::Offline => self.offline_since_ms = Some(self.now_ms),
                    Signal::Online => self.offline_since_ms = None,
                    Signal::Visible | Signal::Resumed => {}
                }
            }
            _ => {}
        }
    }
    fn feed(&mut self, chunk: &[u8]) -> State {
        let fed = self.parser.feed(chunk);
        self.unheard_chunks += 1;
        self.look_at_batch();
        if fed.is_ok() { State::Fed } else { State::Failed(Cause::EventTooLarge) }
    }

    fn end_of_body(&mut self) -> State {
        if self.policy.interpret.unterminated {
            self.parser.finish();
            self.look_at_batch();
        }
        if self.is_ending { State::Completed } else { State::Ended }
    }

    fn look_at_batch(&mut self) {
        self.undispatched = self.has_news();
        self.last_event_id = self.parser.last_event_id().to_vec();
    }

    /// Carries out all outputs.
    pub fn poll(&mut self) {
        while let Some(output) = self.controller.poll() {
            assert_ne!(self.state, State::Closed, "{output:?} after the end");
            let is_next = output == Output::Dispatch || !self.undispatched;
            assert!(is_next, "{output:?} with events left to dispatch");
            self.state = self.carry_out(output);
        }
        let is_closed = self.state == State::Closed;
        assert_eq!(self.controller.is_closed(), is_closed);
        assert!(self.controller.is_waiting() || is_closed, "nothing to do while {:?}", self.state);
    }

    fn carry_out(&mut self, output: Output) -> State {
        let state = self.state;
        match output {
            Output::Fetch { .. } => {
                self.assert_due();
                assert_eq!(self.controller.last_event_id(), self.last_event_id);
                self.probed &= state == State::Answered;
                self.requests_ms.push(self.now_ms);
                let requests = self.requests_ms.len();
                assert!(requests == 1 || !self.policy.one_shot, "a one-shot body sent again");
                (self.wish, self.signalled) = (Wish::None, false);
                self.retry_after_until_ms = 0.0;
                self.resumes_by_get &= state == State::Answered;
                State::Requested
            }
            Output::Probe => {
                assert_eq!(self.policy.no_response, NoResponse::MayBeRefusal);
                assert!(self.policy.probes, "a probe that the browser refuses");
                assert!(!self.announced, "a server that has allowed this origin");
                assert_eq!(state, State::Ended);
                assert!(!self.probed, "a second probe in one attempt");
                self.probed = true;
                State::Probing
            }
            Output::Announce => {
                self.announced = true;
                self.is_ending = false;
                self.unheard_chunks = 0;
                assert_eq!(state, State::Responded { status: 200 });
                self.parser = Parser::new(&self.last_event_id, self.policy.max_event_bytes);
                let beats_in_comments =
                    self.policy.learns_idle || !self.policy.heartbeat_comment.is_empty();
                self.parser.hear_comments(self.policy.comments || beats_in_comments);
                self.parser.interpret(self.policy.interpret);
                State::Announced
            }
            Output::Read => {
                assert!(matches!(state, State::Announced | State::Fed), "{output:?}: {state:?}");
                assert!(self.unheard_chunks < 4, "other tasks starve");
                State::Reading
            }
            Output::Dispatch => {
                assert!(self.undispatched || !self.has_news(), "the same events again");
                assert!(self.controller.batch().records().eq(self.parser.batch().records()));
                self.unheard_chunks = 0;
                self.identified |= self.parser.batch().records().any(|record| {
                    record.data.is_some() && record.last_event_id.is_some_and(|id| !id.is_empty())
                });
                self.undispatched = false;
                state
            }
            Output::Decide { .. } => {
                assert!(self.policy.reconnect.as_ref().is_some_and(|reconnect| reconnect.asks));
                self.assert_not_waiting();
                State::Deciding { ended_ms: self.now_ms }
            }
            Output::Reestablish { cause, delay_ms } => {
                self.assert_not_waiting();
                self.assert_repeatable(cause);
                if let Some(ms) = delay_ms {
                    assert!(ms <= i32::MAX as u32, "a timer of {ms} ms");
                    let is_wished = self.wish != Wish::None;
                    assert!(f64::from(ms) >= LEAST_DELAY_MS || is_wished, "a delay of {ms} ms");
                }
                let ended_ms = match state {
                    State::Decided { ended_ms } => ended_ms,
                    _ => self.now_ms,
                };
                State::Waiting { ended_ms, since_ms: self.now_ms, delay_ms }
            }
            Output::Complete => {
                assert_eq!(state, State::Completed);
                State::Closed
            }
            Output::Fail(cause) => {
                self.assert_not_waiting();
                if let State::Failed(expected) = state {
                    assert_eq!(cause, expected);
                }
                State::Closed
            }
        }
    }

    /// Whether the last chunk finished anything to dispatch.
    fn has_news(&self) -> bool {
        let batch = self.parser.batch();
        batch.has_events() || (self.policy.comments && !batch.is_empty())
    }

    /// Asserts that a request is due: the first, one that the owner asked for, or one after a wait.
    fn assert_due(&self) {
        let State::Waiting { ended_ms, since_ms, delay_ms } = self.state else {
            let may_be_due = matches!(self.state, State::New | State::Answered);
            return assert!(may_be_due, "a request while {:?}", self.state);
        };
        let passed_ms = |since_ms| self.now_ms - since_ms;
        let before_last = |count| self.requests_ms.iter().rev().nth(count).copied();
        let tenth_ms = before_last(REQUESTS_A_SECOND - 1).unwrap_or(f64::NEG_INFINITY);
        assert!(passed_ms(tenth_ms) >= 1000.0, "more than {REQUESTS_A_SECOND} requests a second");
        let last_ms = before_last(0).unwrap_or(f64::NEG_INFINITY);
        if self.wish == Wish::Free {
            return;
        }
        assert!(passed_ms(last_ms) >= LEAST_DELAY_MS, "{} ms", passed_ms(last_ms));
        assert!(self.now_ms >= self.retry_after_until_ms, "before `Retry-After` is over");
        if self.wish == Wish::None {
            assert!(passed_ms(ended_ms) >= LEAST_DELAY_MS, "{} ms", passed_ms(ended_ms));
            let is_over = |ms| passed_ms(since_ms) >= f64::from(ms);
            let is_offline = self.offline_since_ms.is_some();
            let may_be_due = self.signalled || is_offline || delay_ms.is_none_or(is_over);
            assert!(may_be_due, "too early");
        }
        if let (Some(offline_ms), Wish::None) = (self.offline_since_ms, self.wish) {
            assert!(passed_ms(offline_ms.max(since_ms)) >= OFFLINE_MS, "while offline");
        }
    }

    fn assert_not_waiting(&self) {
        let is_under_way = !matches!(self.state, State::New | State::Waiting { .. });
        assert!(is_under_way, "an end while {:?}", self.state);
    }

    fn assert_repeatable(&self, cause: Cause) {
        assert!(!self.policy.one_shot, "a one-shot body to be sent again");
        if self.wish != Wish::None || matches!(self.state, State::Decided { .. }) {
            return;
        }
        if let State::Responded { status } = self.state {
            assert!(self.policy.reconnect.is_some(), "HTML fails for a status of {status}");
            let may_pass = matches!(status, 401 | 403 | 408 | 425 | 429 | 500..600);
            assert!(may_pass, "a status of {status} is final");
        }
        if let State::Failed(cause) = self.state {
            assert_eq!(cause, Cause::RequestError, "a final failure");
        }
        let may_resume = self.identified && !self.last_event_id.is_empty();
        let replay = if self.resumes_by_get { Replay::Always } else { self.policy.replay };
        let may_replay = match replay {
            Replay::Always => true,
            Replay::Never => false,
            Replay::IfResumable => {
                cause == Cause::RequestError || (may_resume && cause != Cause::EndOfBody)
            }
        };
        assert!(may_replay, "a request that must not be repeated after {cause:?}");
    }

    /// Asserts that a waiting source eventually makes a request, unless it waits to be woken.
    pub fn does_not_hang(mut self) {
        if !matches!(self.state, State::Waiting { .. }) {
            return;
        }
        if self.controller.wait_ms().is_none() {
            let sleeps =
                self.policy.reconnect.as_ref().is_some_and(|reconnect| reconnect.max_attempts > 0);
            assert!(sleeps && self.policy.hears_signals, "nothing wakes it");
            return;
        }
        self.wait(true);
        self.poll();
        assert!(!matches!(self.state, State::Waiting { .. }), "it waits forever");
    }
}

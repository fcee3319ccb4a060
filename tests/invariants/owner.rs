//! What the owner of a source knows of it: enough to tell whether the controller may say what it says.

use eventsource_wasm::{
    controller::{Controller, Decision, Input, Output, Signal},
    parser::Parser,
    policy::{Cause, NoResponse, Policy, Replay},
};

const LEAST_DELAY_MS: u32 = 100;

pub struct Owner {
    controller: Controller,
    policy: Policy,
    state: State,
    /// The clock on the wall, and the time that has passed: it does not go back.
    reading_ms: f64,
    now_ms: f64,
    /// The chunks of the connection, in a parser of its own.
    parser: Parser,
    /// Events of the last chunk are still to be dispatched.
    undispatched: bool,
    /// Chunks since the controller last spoke of events, or of none.
    unheard_chunks: usize,
    /// During the current attempt.
    probed: bool,
    announced: bool,
    dispatched: bool,
    last_event_id: Vec<u8>,
    requests: u32,
    offline: bool,
    /// The owner asked for a new connection since the last request.
    reconnect: bool,
    /// The page gave a signal since the last request.
    signalled: bool,
    /// What the answer to the last request asked for, unless the owner knows better.
    not_before_ms: f64,
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
    Ended,
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
            announced: false,
            dispatched: false,
            last_event_id: Vec::new(),
            requests: 0,
            offline: false,
            reconnect: false,
            signalled: false,
            not_before_ms: 0.0,
        }
    }

    pub fn pass(&mut self, ms: f64) {
        self.reading_ms += ms;
        self.now_ms += ms.max(0.0);
        self.controller.advance(self.reading_ms);
        self.controller.handle(Input::Tick);
    }

    /// Lets the time pass that the controller waits for.
    pub fn wait(&mut self) {
        let wait_ms = self.controller.wait_ms().unwrap_or_default();
        assert!(wait_ms <= i32::MAX as u32, "a timer of {wait_ms} ms");
        self.pass(f64::from(wait_ms));
    }

    pub fn handle(&mut self, input: Input<'_>) {
        self.controller.handle(input);
        self.state = match (self.state, input) {
            (State::Closed, _) | (_, Input::Close) => State::Closed,
            (State::Requested, Input::Response { status, retry_after, .. }) => {
                if status != 200 {
                    let seconds: f64 =
                        retry_after.map_or(0.0, |value| value.parse().unwrap_or(0.0));
                    self.not_before_ms = self.now_ms + (seconds * 1000.0).min(i32::MAX.into());
                }
                State::Responded { status }
            }
            (State::Requested, Input::NetworkError | Input::RequestError) => State::Ended,
            (State::Probing, Input::Probed(true)) => State::Answered,
            (State::Probing, Input::Probed(false)) => State::Ended,
            (State::Reading, Input::NetworkError | Input::EndOfBody) => State::Ended,
            (State::Reading, Input::Chunk(chunk)) => {
                let fed = self.parser.feed(chunk);
                self.undispatched = self.has_news();
                self.unheard_chunks += 1;
                self.last_event_id = self.parser.last_event_id().to_vec();
                if fed.is_ok() { State::Fed } else { State::Ended }
            }
            (State::Deciding { ended_ms }, Input::Decision(decision)) => {
                if let Decision::RetryAfter(_) = decision {
                    self.not_before_ms = 0.0;
                }
                State::Decided { ended_ms }
            }
            (state, _) => state,
        };
        match input {
            Input::Reconnect => self.reconnect = true,
            Input::Signal(signal) => {
                self.signalled = true;
                match signal {
                    Signal::Offline => self.offline = true,
                    Signal::Online => self.offline = false,
                    Signal::Visible | Signal::Resumed => {}
                }
            }
            _ => {}
        }
    }

    /// Carries out what there is to do, until nothing is left.
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
                self.requests += 1;
                assert!(self.requests == 1 || !self.policy.one_shot, "a body that is gone");
                (self.reconnect, self.signalled) = (false, false);
                self.not_before_ms = 0.0;
                State::Requested
            }
            Output::Probe => {
                assert_eq!(self.policy.no_response, NoResponse::MayBeRefusal);
                assert!(!self.announced, "a server that has allowed this origin");
                assert_eq!(state, State::Ended);
                assert!(!self.probed, "a second probe in one attempt");
                self.probed = true;
                State::Probing
            }
            Output::Announce => {
                self.announced = true;
                assert_eq!(state, State::Responded { status: 200 });
                self.parser = Parser::new(&self.last_event_id, self.policy.max_event_bytes);
                let beats_in_comments = !self.policy.heartbeat_comment.is_empty();
                self.parser.hear_comments(self.policy.comments || beats_in_comments);
                State::Announced
            }
            Output::Read => {
                assert!(matches!(state, State::Announced | State::Fed), "{output:?}: {state:?}");
                assert!(self.unheard_chunks < 4, "nothing lets other tasks run");
                State::Reading
            }
            Output::Dispatch => {
                assert!(self.undispatched || !self.has_news(), "the same events again");
                assert!(self.controller.batch().records().eq(self.parser.batch().records()));
                self.unheard_chunks = 0;
                self.dispatched |= self.parser.batch().has_messages();
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
                    assert!(ms >= LEAST_DELAY_MS || self.reconnect, "a delay of {ms} ms");
                }
                let ended_ms = match state {
                    State::Decided { ended_ms } => ended_ms,
                    _ => self.now_ms,
                };
                State::Waiting { ended_ms, since_ms: self.now_ms, delay_ms }
            }
            Output::Fail(_) => {
                self.assert_not_waiting();
                State::Closed
            }
        }
    }

    /// Whether the last chunk finished what the owner wants to hear of.
    fn has_news(&self) -> bool {
        let batch = self.parser.batch();
        batch.has_events() || (self.policy.comments && !batch.is_empty())
    }

    /// A request is due: the first, one that the owner asked for, or one after a wait.
    fn assert_due(&self) {
        match self.state {
            State::New | State::Answered => {}
            State::Waiting { .. } if self.reconnect => {}
            State::Waiting { ended_ms, since_ms, delay_ms } => {
                let paused_ms = self.now_ms - ended_ms;
                assert!(paused_ms >= f64::from(LEAST_DELAY_MS), "after {paused_ms} ms");
                let is_over = |ms| self.now_ms - since_ms >= f64::from(ms);
                assert!(self.signalled || delay_ms.is_some_and(is_over), "too early");
                assert!(self.now_ms >= self.not_before_ms, "before the server wants it");
            }
            state => unreachable!("a request while {state:?}"),
        }
    }

    fn assert_not_waiting(&self) {
        let is_under_way = !matches!(self.state, State::New | State::Waiting { .. });
        assert!(is_under_way, "an end while {:?}", self.state);
    }

    fn assert_repeatable(&self, cause: Cause) {
        assert!(!self.policy.one_shot, "a body that is gone");
        if self.reconnect || matches!(self.state, State::Decided { .. }) {
            return;
        }
        if let State::Responded { status } = self.state {
            assert!(self.policy.reconnect.is_some(), "HTML fails for a status of {status}");
            let may_pass = matches!(status, 401 | 403 | 408 | 425 | 429 | 500..600);
            assert!(may_pass, "a status of {status} is final");
        }
        let may_resume = !self.dispatched || !self.last_event_id.is_empty();
        let has_ended = cause == Cause::EndOfBody;
        let may_replay = self.policy.replay == Replay::Always || (may_resume && !has_ended);
        assert!(may_replay, "a request that is not to be repeated after {cause:?}");
    }

    /// Whatever has happened: a wait for a time is over when the time is.
    pub fn does_not_hang(mut self) {
        if self.offline {
            self.handle(Input::Signal(Signal::Online));
            self.poll();
        }
        for _ in 0..2 {
            if !matches!(self.state, State::Waiting { delay_ms: Some(_), .. }) {
                return;
            }
            self.wait();
            self.poll();
        }
        assert!(!matches!(self.state, State::Waiting { .. }), "it waits for ever");
    }
}

//! A dialogue with the controller of one source, in virtual time.
use eventsource_wasm::{
    controller::{Controller, Input, Output, Signal},
    policy::{Cause, Policy, Reconnect, Replay},
};

pub const HEAD: Input<'static> = response(200, Some("text/event-stream"));

pub const fn response(status: u16, content_type: Option<&str>) -> Input<'_> {
    refusal(status, content_type, None)
}

/// A response without dates.
pub const fn refusal<'a>(
    status: u16,
    content_type: Option<&'a str>,
    retry_after: Option<&'a str>,
) -> Input<'a> {
    let (retry_after_date_ms, date_ms, wall_ms) = (f64::NAN, f64::NAN, 0.0);
    let content_type = bytes(content_type);
    let retry_after = bytes(retry_after);
    Input::Response { status, content_type, retry_after, retry_after_date_ms, date_ms, wall_ms }
}

pub const fn reestablish(cause: Cause, delay_ms: u32) -> Output {
    Output::Reestablish { cause, delay_ms: Some(delay_ms) }
}

/// The wait after `failures` failures in a row, in the middle of its jitter: 100 ms plus half of the bound.
pub fn usual_ms(failures: u32) -> u32 {
    100 + (1500 << (failures - 1)).min(15_000)
}

pub struct Transcript {
    controller: Controller,
    now_ms: f64,
}

impl Transcript {
    pub fn of(method: &str) -> Self {
        Self::with(Policy::for_request(method, false), "")
    }

    pub fn with(policy: Policy, last_event_id: &str) -> Self {
        // The middle of the jitter.
        Self::with_random(policy, last_event_id, 0.5)
    }

    /// A GET that reconnects as `reconnect` says.
    pub fn reconnecting(reconnect: Reconnect) -> Self {
        let by_method = Policy::for_request("GET", false);
        let policy = Policy { reconnect: Some(reconnect), hears_signals: true, ..by_method };
        Self::with(policy, "")
    }

    pub fn with_random(policy: Policy, last_event_id: &str, random: f64) -> Self {
        let mut controller = Controller::new(policy, last_event_id.into());
        controller.shuffle(random);
        controller.advance(0.0);
        Self { controller, now_ms: 0.0 }
    }

    pub fn input(mut self, input: Input<'_>) -> Self {
        self.controller.handle(input);
        self
    }

    pub fn signal(self, signal: Signal) -> Self {
        self.input(Input::Signal(signal))
    }

    pub fn chunk(self, bytes: &str) -> Self {
        self.input(Input::Chunk(bytes.as_bytes()))
    }

    /// Lets time pass, while the driver looks at the clock whenever it has to.
    #[track_caller]
    pub fn elapse(mut self, ms: u32) -> Self {
        let end = self.now_ms + f64::from(ms);
        while let Some(wait_ms) = self.controller.wait_ms() {
            let next = self.now_ms + f64::from(wait_ms);
            if next > end {
                break;
            }
            self = self.jump(wait_ms);
            if !self.controller.is_waiting() {
                break;
            }
        }
        let rest = end - self.now_ms;
        self.jump(rest as u32)
    }

    /// Lets time pass while nothing runs: the device sleeps, or the page is busy.
    pub fn jump(mut self, ms: u32) -> Self {
        self.pass(ms);
        self
    }

    /// A timer of the driver fires while the wall clock stands still.
    pub fn alarm(mut self) -> Self {
        let wait_ms = self.controller.wait_ms().unwrap_or_default();
        let due_ms = self.controller.now_ms() + f64::from(wait_ms);
        self.controller.advance(self.now_ms);
        self.controller.handle(Input::Alarm { due_ms });
        self
    }

    /// The request of this attempt uses GET, whatever the method of the policy.
    pub fn resuming_by_get(mut self) -> Self {
        self.controller.resumes_by(Replay::Always);
        self
    }

    pub fn send(&mut self, input: Input<'_>) {
        self.controller.handle(input);
    }

    pub fn pass(&mut self, ms: u32) {
        self.now_ms += f64::from(ms);
        self.controller.advance(self.now_ms);
        self.controller.handle(Input::Tick);
    }

    /// Carries out all outputs and returns the number of requests among them.
    pub fn requests(&mut self) -> usize {
        let outputs = std::iter::from_fn(|| self.controller.poll());
        outputs.filter(|output| matches!(output, Output::Fetch { .. })).count()
    }

    /// Sets the wall clock back.
    pub fn set_back(mut self, ms: u32) -> Self {
        self.now_ms -= f64::from(ms);
        self.controller.advance(self.now_ms);
        self
    }

    #[track_caller]
    pub fn expect(mut self, output: Output) -> Self {
        assert_eq!(self.controller.poll(), Some(output), "after {} ms", self.now_ms);
        self
    }

    /// Expects a request, the first or one after `reason`, with `last_event_id`.
    #[track_caller]
    pub fn expect_fetch(self, attempt: u32, reason: Option<Cause>, last_event_id: &str) -> Self {
        let this = self.expect(Output::Fetch { attempt, reason });
        assert_eq!(this.controller.last_event_id(), last_event_id.as_bytes());
        this
    }

    #[track_caller]
    pub fn expect_data(self, data: &[&str]) -> Self {
        let this = self.expect(Output::Dispatch);
        let records = this.controller.batch().records();
        let dispatched: Vec<_> = records.filter_map(|record| record.data).collect();
        assert_eq!(dispatched, data.iter().map(|data| data.as_bytes()).collect::<Vec<_>>());
        this
    }

    /// Expects a dispatch if the last chunk finished anything.
    #[track_caller]
    pub fn dispatched(self) -> Self {
        let is_empty = self.controller.batch().is_empty();
        if is_empty { self } else { self.expect(Output::Dispatch) }
    }

    /// Expects a failure, and whether only the replay rule prevents another request.
    #[track_caller]
    pub fn expect_failure(self, cause: Cause, is_withheld: bool) -> Self {
        let this = self.expect(Output::Fail(cause));
        assert_eq!(this.controller.is_withheld(), is_withheld);
        this
    }

    #[track_caller]
    pub fn expect_nothing(mut self) -> Self {
        assert_eq!(self.controller.poll(), None, "after {} ms", self.now_ms);
        self
    }

    #[track_caller]
    pub fn open(self) -> Self {
        self.expect_fetch(0, None, "").announced()
    }

    /// Answers a request with an event stream.
    #[track_caller]
    pub fn announced(self) -> Self {
        self.input(HEAD).expect(Output::Announce).expect(Output::Read)
    }
}

const fn bytes(text: Option<&str>) -> Option<&[u8]> {
    match text {
        Some(text) => Some(text.as_bytes()),
        None => None,
    }
}

//! Transcripts of the controller (HTML 9.2.3) and what holds for any input.

use eventsource_wasm::{
    controller::{Controller, FailReason, Input, Interruption, Output},
    policy::Policy,
};

const HEAD: Input<'static> =
    Input::Response { status: 200, content_type: Some("text/event-stream") };

/// A dialogue with the controller of one source.
struct Transcript(Controller);

impl Transcript {
    fn of(method: &str) -> Self {
        Self::with(Policy::for_request(method, false), "")
    }

    fn with(policy: Policy, last_event_id: &str) -> Self {
        Self(Controller::new(policy, last_event_id.into()))
    }

    fn input(mut self, input: Input<'_>) -> Self {
        self.0.handle(input);
        self
    }

    fn chunk(self, bytes: &str) -> Self {
        self.input(Input::Chunk(bytes.as_bytes()))
    }

    #[track_caller]
    fn expect(mut self, output: Output) -> Self {
        assert_eq!(self.0.poll(), Some(output));
        self
    }

    /// Expects a request for the first time or after `reason`, carrying `last_event_id`.
    #[track_caller]
    fn expect_fetch(self, attempt: u32, reason: Option<Interruption>, last_event_id: &str) -> Self {
        let this = self.expect(Output::Fetch { attempt, reason });
        assert_eq!(this.0.last_event_id(), last_event_id);
        this
    }

    #[track_caller]
    fn expect_data(self, data: &[&str]) -> Self {
        let this = self.expect(Output::Dispatch);
        let records = this.0.batch().records();
        let dispatched: Vec<_> = records.filter_map(|record| record.data).collect();
        assert_eq!(dispatched, data.iter().map(|data| data.as_bytes()).collect::<Vec<_>>());
        this
    }

    #[track_caller]
    fn expect_nothing(mut self) -> Self {
        assert_eq!(self.0.poll(), None);
        self
    }

    #[track_caller]
    fn open(self) -> Self {
        self.expect_fetch(0, None, "").input(HEAD).expect(Output::Announce).expect(Output::Read)
    }
}

fn reestablish(cause: Interruption, delay_ms: u32) -> Output {
    Output::Reestablish { cause, delay_ms }
}

#[test]
fn announces_dispatches_and_reconnects_with_the_last_event_id() {
    Transcript::of("GET")
        .open()
        .chunk("id: 1\ndata: a\n\ndata: b\n\nid: 2\ndata: lo")
        .expect_data(&["a", "b"])
        .expect(Output::Read)
        .input(Input::EndOfBody)
        .expect(reestablish(Interruption::EndOfBody, 3000))
        .expect_nothing()
        .input(Input::Timeout)
        .expect_fetch(1, Some(Interruption::EndOfBody), "1")
        .input(HEAD)
        .expect(Output::Announce)
        .chunk("data: c\n\n")
        .expect_data(&["c"])
        .expect(Output::Read)
        .input(Input::NetworkError)
        .expect(reestablish(Interruption::NetworkError, 3000))
        .input(Input::Timeout)
        .expect_fetch(1, Some(Interruption::NetworkError), "1");
}

#[test]
fn an_id_without_data_is_committed_at_the_blank_line() {
    Transcript::of("GET")
        .open()
        .chunk("id: 7\n\nid: 8\n")
        .expect_data(&[])
        .input(Input::EndOfBody)
        .expect(reestablish(Interruption::EndOfBody, 3000))
        .input(Input::Timeout)
        .expect_fetch(1, Some(Interruption::EndOfBody), "7");
}

#[test]
fn the_first_request_carries_the_given_last_event_id_and_keeps_it() {
    Transcript::with(Policy::for_request("GET", false), "41")
        .expect_fetch(0, None, "41")
        .input(HEAD)
        .expect(Output::Announce)
        .chunk("data: a\n\n")
        .expect_data(&["a"])
        .input(Input::EndOfBody)
        .expect(reestablish(Interruption::EndOfBody, 3000))
        .input(Input::Timeout)
        .expect_fetch(1, Some(Interruption::EndOfBody), "41");
}

#[test]
fn attempts_count_until_a_connection_is_announced() {
    let mut transcript = Transcript::of("GET").expect_fetch(0, None, "");
    for attempt in 1..5 {
        transcript = transcript
            .input(Input::NetworkError)
            .expect(reestablish(Interruption::NetworkError, 3000))
            .input(Input::Timeout)
            .expect_fetch(attempt, Some(Interruption::NetworkError), "");
    }
    transcript
        .input(HEAD)
        .expect(Output::Announce)
        .input(Input::EndOfBody)
        .expect(reestablish(Interruption::EndOfBody, 3000))
        .input(Input::Timeout)
        .expect_fetch(1, Some(Interruption::EndOfBody), "");
}

#[test]
fn retry_sets_the_delay_for_good_within_bounds() {
    for (retry, delay_ms) in [("500", 500), ("0", 100), ("99999999999", i32::MAX as u32)] {
        Transcript::of("GET")
            .open()
            .chunk(&format!("retry: {retry}\n"))
            .input(Input::EndOfBody)
            .expect(reestablish(Interruption::EndOfBody, delay_ms))
            .input(Input::Timeout)
            .expect_fetch(1, Some(Interruption::EndOfBody), "")
            .input(Input::NetworkError)
            .expect(reestablish(Interruption::NetworkError, delay_ms));
    }
}

#[test]
fn any_other_response_fails_the_connection_for_good() {
    let table = [
        (204, None, FailReason::Status),
        (301, Some("text/event-stream"), FailReason::Status),
        (404, Some("text/event-stream"), FailReason::Status),
        (503, Some("text/html"), FailReason::Status),
        (200, Some("text/html"), FailReason::ContentType),
        (200, None, FailReason::ContentType),
    ];
    for (status, content_type, reason) in table {
        Transcript::of("GET")
            .expect_fetch(0, None, "")
            .input(Input::Response { status, content_type })
            .expect(Output::Fail(reason))
            .expect_nothing()
            .input(Input::Timeout)
            .input(HEAD)
            .expect_nothing();
    }
}

#[test]
fn close_is_final_in_every_state() {
    let transcripts = [
        Transcript::of("GET"),
        Transcript::of("GET").expect_fetch(0, None, ""),
        Transcript::of("GET").expect_fetch(0, None, "").input(HEAD),
        Transcript::of("GET").open(),
        Transcript::of("GET").open().chunk("data: a\n\n"),
        Transcript::of("GET").open().input(Input::EndOfBody),
        Transcript::of("GET")
            .open()
            .input(Input::EndOfBody)
            .expect(reestablish(Interruption::EndOfBody, 3000)),
    ];
    for transcript in transcripts {
        transcript
            .input(Input::Close)
            .expect_nothing()
            .input(Input::Timeout)
            .input(HEAD)
            .chunk("data: a\n\n")
            .expect_nothing();
    }
}

#[test]
fn events_before_one_that_is_too_large_are_dispatched() {
    let policy = Policy { max_event_bytes: 8, ..Policy::for_request("GET", false) };
    Transcript::with(policy, "")
        .open()
        .chunk("data:1\n\ndata:123456789\n\n")
        .expect_data(&["1"])
        .expect(Output::Fail(FailReason::EventTooLarge))
        .expect_nothing();
}

#[test]
fn a_post_is_repeated_only_where_it_can_resume() {
    let failed = |cause| Output::Fail(FailReason::Interrupted(cause));
    let nothing_dispatched = || Transcript::of("POST").open();
    let without_id = || nothing_dispatched().chunk("data: a\n\n").expect_data(&["a"]);
    let with_id = || nothing_dispatched().chunk("id: 1\ndata: a\n\n").expect_data(&["a"]);

    let cut = reestablish(Interruption::NetworkError, 3000);
    nothing_dispatched().input(Input::NetworkError).expect(cut);
    with_id().input(Input::NetworkError).expect(cut);
    without_id()
        .input(Input::NetworkError)
        .expect(failed(Interruption::NetworkError))
        .expect_nothing();
    for transcript in [nothing_dispatched(), without_id(), with_id()] {
        transcript.input(Input::EndOfBody).expect(failed(Interruption::EndOfBody)).expect_nothing();
    }
}

#[test]
fn a_one_shot_body_is_never_sent_again() {
    Transcript::with(Policy::for_request("POST", true), "")
        .expect_fetch(0, None, "")
        .input(Input::NetworkError)
        .expect(Output::Fail(FailReason::Interrupted(Interruption::NetworkError)))
        .expect_nothing();
}

#[cfg(not(target_arch = "wasm32"))]
mod any_input {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    #[derive(Debug, Clone)]
    enum Event {
        Head(u16, bool),
        Chunk(Vec<u8>),
        EndOfBody,
        NetworkError,
        RequestError,
        Timeout,
        Close,
    }

    fn event() -> impl Strategy<Value = Event> {
        let chunk = prop_oneof![
            "(data: [a-z]{0,9}\n|id: [0-9]\n|retry: [0-9]{1,12}\n|\n){0,8}"
                .prop_map(String::into_bytes),
            vec(any::<u8>(), 0..64),
        ];
        prop_oneof![
            3 => (prop_oneof![9 => Just(200), 1 => any::<u16>()], any::<bool>())
                .prop_map(|(status, is_sse)| Event::Head(status, is_sse)),
            6 => chunk.prop_map(Event::Chunk),
            2 => Just(Event::EndOfBody),
            2 => Just(Event::NetworkError),
            1 => Just(Event::RequestError),
            4 => Just(Event::Timeout),
            1 => Just(Event::Close),
        ]
    }

    fn handle(controller: &mut Controller, event: &Event) {
        controller.handle(match event {
            Event::Head(status, is_sse) => Input::Response {
                status: *status,
                content_type: is_sse.then_some("text/event-stream"),
            },
            Event::Chunk(bytes) => Input::Chunk(bytes),
            Event::EndOfBody => Input::EndOfBody,
            Event::NetworkError => Input::NetworkError,
            Event::RequestError => Input::RequestError,
            Event::Timeout => Input::Timeout,
            Event::Close => Input::Close,
        });
    }

    proptest! {
        #[test]
        fn one_request_at_a_time_bounded_delays_and_closed_is_final(
            post in any::<bool>(),
            events in vec(event(), 0..200),
        ) {
            let method = if post { "POST" } else { "GET" };
            let mut controller = Controller::new(Policy::for_request(method, false), String::new());
            let mut is_requested = false;
            let mut is_closed = false;
            for event in events {
                // A driver polls until there is nothing to do, or it has to read.
                while let Some(output) = controller.poll() {
                    prop_assert!(!is_closed, "{output:?} after the end");
                    match output {
                        Output::Fetch { .. } => {
                            prop_assert!(!is_requested, "a second request");
                            is_requested = true;
                        }
                        Output::Read => break,
                        Output::Announce | Output::Dispatch => prop_assert!(is_requested),
                        Output::Reestablish { delay_ms, .. } => {
                            prop_assert!((100..=i32::MAX as u32).contains(&delay_ms));
                            is_requested = false;
                        }
                        Output::Fail(_) => is_closed = true,
                    }
                }
                is_closed |= matches!(event, Event::Close);
                handle(&mut controller, &event);
            }
        }
    }
}

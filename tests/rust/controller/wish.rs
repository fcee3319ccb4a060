//! Transcripts of the owner's wish for a new connection, in virtual time.

use eventsource_wasm::{
    controller::{Decision, Input, Output, Plan, Signal},
    policy::{Cause, Policy, Reconnect},
};

use crate::transcript::{HEAD, Transcript, reestablish, refusal, response};

const FREE: Input<'_> = Input::Reconnect { in_callback: false };
const IN_CALLBACK: Input<'_> = Input::Reconnect { in_callback: true };

const NOW: Output = Output::Reestablish { cause: Cause::Reconnect, delay_ms: Some(0) };

#[test]
fn ends_the_connection_and_keeps_the_last_event_id() {
    Transcript::of("GET")
        .open()
        .chunk("id: 7\ndata: a\n\ndata: lost")
        .expect_data(&["a"])
        .expect(Output::Read)
        .input(FREE)
        .expect(NOW)
        .expect_fetch(1, Some(Cause::Reconnect), "7");
}

#[test]
fn loses_no_event_that_has_arrived() {
    Transcript::of("GET")
        .open()
        .chunk("id: 7\ndata: a\n\n")
        .input(FREE)
        .expect_data(&["a"])
        .expect(NOW);
}

#[test]
fn ends_a_request_and_a_wait() {
    Transcript::of("GET")
        .expect_fetch(0, None, "")
        .input(FREE)
        .expect(NOW)
        .expect_fetch(1, Some(Cause::Reconnect), "")
        .input(Input::NetworkError)
        .expect(reestablish(Cause::NetworkError, 3000))
        .input(FREE)
        .expect_fetch(2, Some(Cause::NetworkError), "");
}

#[test]
fn makes_a_request_even_while_offline() {
    let offline = || Transcript::of("GET").open().signal(Signal::Offline);
    offline().input(FREE).expect(NOW).expect_fetch(1, Some(Cause::Reconnect), "");
    offline()
        .input(Input::NetworkError)
        .expect(Output::Reestablish { cause: Cause::NetworkError, delay_ms: None })
        .input(FREE)
        .expect_fetch(1, Some(Cause::NetworkError), "");
}

#[test]
fn overrides_the_replay_rule_and_a_stop_not_yet_reported() {
    Transcript::of("POST")
        .open()
        .chunk("data: a\n\n")
        .expect_data(&["a"])
        .expect(Output::Read)
        .input(FREE)
        .expect(NOW);
    Transcript::of("GET")
        .expect_fetch(0, None, "")
        .input(response(404, None))
        .input(FREE)
        .expect(reestablish(Cause::Status, 0));
}

#[test]
fn does_nothing_if_the_request_cannot_be_made_again() {
    Transcript::with(Policy::for_request("POST", true), "").open().input(FREE).expect_nothing();
}

#[test]
fn does_not_reopen_a_closed_source() {
    Transcript::of("GET")
        .expect_fetch(0, None, "")
        .input(response(404, None))
        .expect(Output::Fail(Cause::Status))
        .input(FREE)
        .input(HEAD)
        .expect_nothing();
}

/// The number of requests in each of two seconds, with a wish every `every_ms`.
fn requests(wish: Input<'static>, every_ms: u32) -> [usize; 2] {
    let mut transcript = Transcript::of("GET");
    [1000, 1000].map(|mut left_ms| {
        let mut requests = 0;
        while left_ms >= every_ms {
            left_ms -= every_ms;
            transcript.send(wish);
            requests += transcript.requests();
            transcript.pass(every_ms);
        }
        requests
    })
}

#[test]
fn at_most_ten_requests_are_made_in_a_second() {
    for every_ms in [1, 7, 50, 100] {
        for wish in [FREE, IN_CALLBACK] {
            let requests = requests(wish, every_ms);
            let are_some = requests.iter().all(|requests| (8..=10).contains(requests));
            assert!(are_some, "{requests:?}, a wish every {every_ms} ms");
        }
    }
}

#[test]
fn a_wish_in_a_callback_takes_effect_100_ms_after_the_last_request() {
    let request = || Transcript::of("GET").expect_fetch(0, None, "").elapse(30);
    request()
        .input(IN_CALLBACK)
        .expect(reestablish(Cause::Reconnect, 70))
        .elapse(69)
        .expect_nothing()
        .elapse(1)
        .expect_fetch(1, Some(Cause::Reconnect), "");
    request().input(FREE).expect(NOW).expect_fetch(1, Some(Cause::Reconnect), "");
    request().elapse(70).input(IN_CALLBACK).expect(NOW).expect_fetch(1, Some(Cause::Reconnect), "");
    let failed =
        || request().input(Input::NetworkError).expect(reestablish(Cause::NetworkError, 3000));
    failed().input(IN_CALLBACK).elapse(69).expect_nothing().elapse(1).expect_fetch(
        1,
        Some(Cause::NetworkError),
        "",
    );
    failed().input(FREE).expect_fetch(1, Some(Cause::NetworkError), "");
    // A person can speed up what a callback has asked for.
    failed().input(IN_CALLBACK).input(FREE).expect_fetch(1, Some(Cause::NetworkError), "");
}

#[test]
fn a_wish_in_a_callback_respects_retry_after() {
    let asked = || {
        Transcript::reconnecting(Reconnect { asks: true, ..Reconnect::default() })
            .expect_fetch(0, None, "")
            .input(refusal(503, None, Some("120")))
            .expect(Output::Decide { cause: Cause::Status, plan: Plan::Retry(121_500) })
    };
    asked().input(IN_CALLBACK).expect(reestablish(Cause::Status, 120_000));
    asked().input(FREE).expect(reestablish(Cause::Status, 0));
    let told = || {
        asked().input(Input::Decision(Decision::Agree)).expect(reestablish(Cause::Status, 121_500))
    };
    told().input(IN_CALLBACK).elapse(119_999).expect_nothing().elapse(1).expect_fetch(
        1,
        Some(Cause::Status),
        "",
    );
    told().input(FREE).expect_fetch(1, Some(Cause::Status), "");
}

#[test]
fn no_signal_speeds_up_a_wish_in_a_callback() {
    Transcript::of("GET")
        .expect_fetch(0, None, "")
        .input(IN_CALLBACK)
        .expect(reestablish(Cause::Reconnect, 100))
        .signal(Signal::Visible)
        .elapse(99)
        .expect_nothing()
        .elapse(1)
        .expect_fetch(1, Some(Cause::Reconnect), "");
}

#[test]
fn a_wish_that_must_wait_does_not_wait_for_a_network() {
    Transcript::of("GET")
        .open()
        .signal(Signal::Offline)
        .input(IN_CALLBACK)
        .expect(reestablish(Cause::Reconnect, 100))
        .elapse(100)
        .expect_fetch(1, Some(Cause::Reconnect), "");
}

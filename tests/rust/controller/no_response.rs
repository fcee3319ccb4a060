//! Transcripts of requests that get no response, for each [`NoResponse`], in virtual time.

use eventsource_wasm::{
    controller::{Input, Output},
    policy::{Cause, NoResponse, Policy},
};

use crate::transcript::{Transcript, reestablish};

const DEAD_NETWORK: Output = reestablish(Cause::NetworkError, 3000);

fn unanswered(no_response: NoResponse) -> Transcript {
    Transcript::with(Policy { no_response, ..Policy::for_request("GET", false) }, "")
}

fn probing() -> Transcript {
    unanswered(NoResponse::MayBeRefusal)
        .expect_fetch(0, None, "")
        .input(Input::NetworkError)
        .expect(Output::Probe)
        .expect_nothing()
}

/// The probe was answered, and the request is made once more.
fn repeated() -> Transcript {
    probing().input(Input::Probed(true)).expect_fetch(0, None, "").expect_nothing()
}

#[test]
fn a_server_that_answers_only_the_probe_refuses_the_origin_for_good() {
    repeated().input(Input::NetworkError).expect(Output::Fail(Cause::Refused)).expect_nothing();
}

#[test]
fn a_request_that_the_network_lost_is_not_a_refusal() {
    repeated().announced().chunk("data: a\n\n").expect_data(&["a"]);
    repeated().input(crate::transcript::response(503, None)).expect(Output::Fail(Cause::Status));
}

#[test]
fn every_attempt_is_probed_anew() {
    let policy = Policy {
        no_response: NoResponse::MayBeRefusal,
        open_timeout_ms: 1000,
        ..Policy::for_request("GET", false)
    };
    let repeated = Transcript::with(policy, "")
        .expect_fetch(0, None, "")
        .input(Input::NetworkError)
        .expect(Output::Probe)
        .input(Input::Probed(true))
        .expect_fetch(0, None, "");
    repeated
        .elapse(1000)
        .expect(reestablish(Cause::Timeout, 3000))
        .elapse(3000)
        .expect_fetch(1, Some(Cause::Timeout), "")
        .input(Input::NetworkError)
        .expect(Output::Probe);
}

#[test]
fn a_network_that_fails_the_probe_too_may_come_back_and_is_probed_again() {
    probing()
        .input(Input::Probed(false))
        .expect(DEAD_NETWORK)
        .elapse(3000)
        .expect_fetch(1, Some(Cause::NetworkError), "")
        .input(Input::NetworkError)
        .expect(Output::Probe)
        .input(Input::Probed(true))
        .expect_fetch(1, Some(Cause::NetworkError), "")
        .input(Input::NetworkError)
        .expect(Output::Fail(Cause::Refused));
}

#[test]
fn a_probe_that_takes_too_long_counts_as_unanswered() {
    probing()
        .elapse(4999)
        .expect_nothing()
        .elapse(1)
        .expect(DEAD_NETWORK)
        .input(Input::Probed(true))
        .expect_nothing();
}

#[test]
fn a_server_that_has_allowed_the_origin_is_not_probed() {
    unanswered(NoResponse::MayBeRefusal)
        .open()
        .input(Input::NetworkError)
        .expect(DEAD_NETWORK)
        .elapse(3000)
        .expect_fetch(1, Some(Cause::NetworkError), "")
        .input(Input::NetworkError)
        .expect(DEAD_NETWORK);
}

#[test]
fn a_request_that_must_not_be_repeated_is_final_without_a_probe() {
    let post = || {
        let no_response = NoResponse::MayBeRefusal;
        Transcript::with(Policy { no_response, ..Policy::for_request("POST", false) }, "")
    };
    post()
        .expect_fetch(0, None, "")
        .input(Input::NetworkError)
        .expect(Output::Fail(Cause::NetworkError));
    post()
        .open()
        .chunk("id: 1\ndata: a\n\n")
        .dispatched()
        .expect(Output::Read)
        .input(Input::NetworkError)
        .expect(DEAD_NETWORK);
}

#[test]
fn a_method_that_a_probe_cannot_use_is_final_without_a_probe() {
    for (method, is_probed) in
        [("GET", true), ("HEAD", true), ("PUT", false), ("DELETE", false), ("QUERY", false)]
    {
        let no_response = NoResponse::MayBeRefusal;
        let policy = Policy { no_response, ..Policy::for_request(method, false) };
        Transcript::with(policy, "")
            .expect_fetch(0, None, "")
            .input(Input::NetworkError)
            .expect(if is_probed { Output::Probe } else { Output::Fail(Cause::NetworkError) });
    }
}

#[test]
fn a_blocked_probe_is_not_a_refusal() {
    probing().input(Input::Blocked).expect(Output::Fail(Cause::Blocked));
}

#[test]
fn close_and_reconnect_end_a_probe_and_what_follows_it() {
    repeated().input(Input::Close).expect_nothing().input(Input::NetworkError).expect_nothing();
    repeated()
        .input(Input::Reconnect { in_callback: false })
        .expect(reestablish(Cause::Reconnect, 0))
        .elapse(0)
        .expect_fetch(1, Some(Cause::Reconnect), "")
        .input(Input::NetworkError)
        .expect(Output::Probe);
    probing().input(Input::Close).expect_nothing().input(Input::Probed(true)).expect_nothing();
    probing()
        .input(Input::Reconnect { in_callback: false })
        .expect(reestablish(Cause::Reconnect, 0))
        .input(Input::Probed(true))
        .elapse(0)
        .expect_fetch(1, Some(Cause::Reconnect), "");
}

#[test]
fn a_futile_request_is_final_unless_there_was_a_response() {
    let futile = || unanswered(NoResponse::Futile);
    futile()
        .expect_fetch(0, None, "")
        .input(Input::NetworkError)
        .expect(Output::Fail(Cause::NetworkError))
        .expect_nothing();
    futile().open().input(Input::EndOfBody).expect(reestablish(Cause::EndOfBody, 3000));
}

//! Transcripts of an owner that is asked before every decision, in virtual time.

use eventsource_wasm::{
    controller::{Decision, Input, Output, Plan, Signal},
    policy::{Cause, Policy, Reconnect},
};

use crate::transcript::{Transcript, reestablish, refusal, response, usual_ms};

fn asking() -> Transcript {
    Transcript::reconnecting(Reconnect { asks: true, ..Reconnect::default() })
        .expect_fetch(0, None, "")
}

fn decide(cause: Cause, plan: Plan) -> Output {
    Output::Decide { cause, plan }
}

#[test]
fn the_owner_may_overrule_a_stop() {
    let refused = || {
        asking()
            .input(response(404, None))
            .expect(decide(Cause::Status, Plan::Stop))
            .expect_nothing()
    };
    refused().input(Input::Decision(Decision::Agree)).expect(Output::Fail(Cause::Status));
    refused().input(Input::Decision(Decision::Stop)).expect(Output::Fail(Cause::Status));
    refused().input(Input::Decision(Decision::Retry)).expect(reestablish(Cause::Status, 1600));
    refused()
        .input(Input::Decision(Decision::RetryAfter(700)))
        .expect(reestablish(Cause::Status, 700))
        .elapse(700)
        .expect_fetch(1, Some(Cause::Status), "");
}

#[test]
fn the_owner_may_overrule_a_retry_within_bounds() {
    let failed = || {
        asking()
            .input(Input::NetworkError)
            .expect(decide(Cause::NetworkError, Plan::Retry(usual_ms(1))))
    };
    let fails = [(0, 100), (u32::MAX, i32::MAX as u32)];
    for (answer_ms, delay_ms) in fails {
        failed()
            .input(Input::Decision(Decision::RetryAfter(answer_ms)))
            .expect(reestablish(Cause::NetworkError, delay_ms));
    }
    asking()
        .input(refusal(503, None, Some("120")))
        .expect(decide(Cause::Status, Plan::Retry(121_500)))
        .input(Input::Decision(Decision::RetryAfter(0)))
        .expect(reestablish(Cause::Status, 120_000));
    failed().input(Input::Decision(Decision::Stop)).expect(Output::Fail(Cause::NetworkError));
    for decision in [Decision::Agree, Decision::Retry] {
        failed()
            .input(Input::Decision(decision))
            .expect(reestablish(Cause::NetworkError, usual_ms(1)));
    }
}

#[test]
fn a_retry_respects_retry_after() {
    let asking = |max_attempts| {
        Transcript::reconnecting(Reconnect { asks: true, max_attempts, ..Reconnect::default() })
            .expect_fetch(0, None, "")
    };
    for (max_attempts, status, plan) in
        [(0, 503, Plan::Retry(121_500)), (1, 503, Plan::Sleep), (0, 404, Plan::Stop)]
    {
        asking(max_attempts)
            .input(refusal(status, None, Some("120")))
            .expect(decide(Cause::Status, plan))
            .input(Input::Decision(Decision::Retry))
            .expect(reestablish(Cause::Status, 121_500));
    }
    asking(1)
        .input(Input::NetworkError)
        .expect(decide(Cause::NetworkError, Plan::Sleep))
        .input(Input::Decision(Decision::Agree))
        .expect(Output::Reestablish { cause: Cause::NetworkError, delay_ms: None });
}

#[test]
fn retries_after_a_final_status_back_off_too() {
    let mut transcript = asking();
    for failures in 1..4 {
        let delay_ms = usual_ms(failures);
        transcript = transcript
            .input(response(404, None))
            .expect(decide(Cause::Status, Plan::Stop))
            .input(Input::Decision(Decision::Retry))
            .expect(reestablish(Cause::Status, delay_ms))
            .elapse(delay_ms)
            .expect_fetch(failures, Some(Cause::Status), "");
    }
}

#[test]
fn the_owner_learns_that_an_offline_page_waits_for_the_network() {
    let offline = || {
        asking()
            .signal(Signal::Offline)
            .input(Input::NetworkError)
            .expect(decide(Cause::NetworkError, Plan::Sleep))
    };
    for decision in [Decision::Agree, Decision::Retry] {
        offline()
            .input(Input::Decision(decision))
            .expect(Output::Reestablish { cause: Cause::NetworkError, delay_ms: None })
            .signal(Signal::Online)
            .elapse(usual_ms(1))
            .expect_fetch(1, Some(Cause::NetworkError), "");
    }
}

#[test]
fn a_one_shot_body_overrules_the_owner() {
    let reconnect = Some(Reconnect { asks: true, ..Reconnect::default() });
    let policy = Policy { reconnect, ..Policy::for_request("POST", true) };
    Transcript::with(policy, "")
        .expect_fetch(0, None, "")
        .input(Input::NetworkError)
        .expect(decide(Cause::NetworkError, Plan::Stop))
        .input(Input::Decision(Decision::Retry))
        .expect(Output::Fail(Cause::NetworkError));
}

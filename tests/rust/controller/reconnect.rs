//! Transcripts of reconnecting beyond HTML 9.2.3, at virtual time.

use crate::transcript::{Transcript, reestablish, refusal, response};
use eventsource_wasm::{
    controller::{Decision, Input, Output, Plan, Signal},
    policy::{Cause, Policy, Reconnect, Replay},
};

fn reconnecting() -> Transcript {
    Transcript::reconnecting(Reconnect::default())
}

/// The wait of the `failures`th failure in a row, in the middle of its jitter: 100 ms and half of the bound.
fn usual_ms(failures: u32) -> u32 {
    100 + (1500 << (failures - 1)).min(15_000)
}

fn refused(status: u16, retry_after: Option<&str>) -> Input<'_> {
    refusal(status, Some("text/html"), retry_after)
}

#[test]
fn failures_in_a_row_wait_longer_and_longer_up_to_the_cap() {
    let mut transcript = reconnecting().expect_fetch(0, None, "");
    for failures in 1..12 {
        let delay_ms = usual_ms(failures);
        transcript = transcript
            .input(Input::NetworkError)
            .expect(reestablish(Cause::NetworkError, delay_ms))
            .elapse(delay_ms - 1)
            .expect_nothing()
            .elapse(1)
            .expect_fetch(failures, Some(Cause::NetworkError), "");
    }
}

#[test]
fn the_jitter_reaches_from_the_least_to_the_bound() {
    let policy =
        || Policy { reconnect: Some(Reconnect::default()), ..Policy::for_request("GET", false) };
    for (random, delay_ms) in [(0.0, 100), (0.999_999, 3099)] {
        Transcript::with_random(policy(), "", random)
            .expect_fetch(0, None, "")
            .input(Input::NetworkError)
            .expect(reestablish(Cause::NetworkError, delay_ms));
    }
}

#[test]
fn the_servers_retry_is_the_least_and_the_measure_of_the_backoff() {
    for (retry, delay_ms) in
        [("1000", 1500), ("0", 150), ("60000", 75_000), ("99999999999", i32::MAX as u32)]
    {
        reconnecting()
            .open()
            .chunk(&format!("retry: {retry}\n"))
            .expect(Output::Read)
            .input(Input::NetworkError)
            .expect(reestablish(Cause::NetworkError, delay_ms));
    }
}

#[test]
fn statuses_that_may_pass_are_retried_and_others_are_final() {
    for status in [408, 425, 429, 500, 502, 503, 504] {
        reconnecting()
            .expect_fetch(0, None, "")
            .input(response(status, None))
            .expect(reestablish(Cause::Status, usual_ms(1)))
            .elapse(usual_ms(1))
            .expect_fetch(1, Some(Cause::Status), "");
    }
    for status in [204, 301, 400, 401, 403, 404, 410] {
        reconnecting()
            .expect_fetch(0, None, "")
            .input(response(status, None))
            .expect(Output::Fail(Cause::Status))
            .expect_nothing();
    }
    reconnecting()
        .expect_fetch(0, None, "")
        .input(response(200, Some("text/html")))
        .expect(Output::Fail(Cause::ContentType));
}

#[test]
fn retry_after_is_a_floor_under_the_backoff() {
    let table = [
        ("120", 121_500),
        ("0", usual_ms(1)),
        ("nonsense", usual_ms(1)),
        ("18446744073709551616", i32::MAX as u32),
    ];
    for (retry_after, delay_ms) in table {
        reconnecting()
            .expect_fetch(0, None, "")
            .input(refused(503, Some(retry_after)))
            .expect(reestablish(Cause::Status, delay_ms));
    }
}

#[test]
fn retry_after_may_be_a_date() {
    let wall_ms = 1_000_000_000.0;
    let until = |date_ms: f64| Input::Response {
        status: 503,
        content_type: None,
        retry_after: Some(b"a date"),
        retry_after_date_ms: wall_ms + 120_000.0,
        date_ms,
        wall_ms,
    };
    let table = [
        (f64::NAN, 121_500),
        // By the server's own clock, which is a minute ahead.
        (wall_ms + 60_000.0, 61_500),
        (wall_ms + 180_000.0, usual_ms(1)),
    ];
    for (date_ms, delay_ms) in table {
        reconnecting()
            .expect_fetch(0, None, "")
            .input(until(date_ms))
            .expect(reestablish(Cause::Status, delay_ms));
    }
}

#[test]
fn retry_after_holds_for_one_wait() {
    reconnecting()
        .expect_fetch(0, None, "")
        .input(refused(503, Some("120")))
        .expect(reestablish(Cause::Status, 121_500))
        .elapse(121_500)
        .expect_fetch(1, Some(Cause::Status), "")
        .input(Input::NetworkError)
        .expect(reestablish(Cause::NetworkError, usual_ms(2)));
}

#[test]
fn fresh_headers_are_tried_once_after_401_and_403() {
    for status in [401, 403] {
        Transcript::reconnecting(Reconnect { fresh_headers: true, ..Reconnect::default() })
            .expect_fetch(0, None, "")
            .input(response(status, None))
            .expect(reestablish(Cause::Status, usual_ms(1)))
            .elapse(usual_ms(1))
            .expect_fetch(1, Some(Cause::Status), "")
            .input(response(status, None))
            .expect(Output::Fail(Cause::Status));
    }
}

#[test]
fn fresh_headers_are_tried_again_after_a_connection() {
    Transcript::reconnecting(Reconnect { fresh_headers: true, ..Reconnect::default() })
        .expect_fetch(0, None, "")
        .input(response(401, None))
        .expect(reestablish(Cause::Status, usual_ms(1)))
        .elapse(usual_ms(1))
        .expect_fetch(1, Some(Cause::Status), "")
        .announced()
        .input(Input::EndOfBody)
        .expect(reestablish(Cause::EndOfBody, usual_ms(2)))
        .elapse(usual_ms(2))
        .expect_fetch(2, Some(Cause::EndOfBody), "")
        .input(response(401, None))
        .expect(reestablish(Cause::Status, usual_ms(3)));
}

#[test]
fn only_an_event_and_a_stable_time_end_a_row_of_failures() {
    let failed_once = || {
        reconnecting()
            .expect_fetch(0, None, "")
            .input(Input::NetworkError)
            .expect(reestablish(Cause::NetworkError, usual_ms(1)))
            .elapse(usual_ms(1))
            .expect_fetch(1, Some(Cause::NetworkError), "")
            .announced()
    };
    let with_event = || failed_once().chunk("data: a\n\n").expect_data(&["a"]).expect(Output::Read);
    let ended = |transcript: Transcript, delay_ms, last_event_id, attempt| {
        transcript
            .input(Input::EndOfBody)
            .expect(reestablish(Cause::EndOfBody, delay_ms))
            .elapse(delay_ms)
            .expect_fetch(attempt, Some(Cause::EndOfBody), last_event_id);
    };
    let with_id = || failed_once().chunk("id: 1\n\n").expect_data(&[]).expect(Output::Read);
    ended(failed_once().elapse(60_000), usual_ms(2), "", 2);
    ended(with_id().elapse(60_000), usual_ms(2), "1", 2);
    ended(with_event().elapse(4999), usual_ms(2), "", 2);
    ended(with_event().elapse(5000), usual_ms(1), "", 1);
}

#[test]
fn after_the_last_attempt_the_source_sleeps() {
    Transcript::reconnecting(Reconnect { max_attempts: 2, ..Reconnect::default() })
        .expect_fetch(0, None, "")
        .input(Input::NetworkError)
        .expect(reestablish(Cause::NetworkError, usual_ms(1)))
        .elapse(usual_ms(1))
        .expect_fetch(1, Some(Cause::NetworkError), "")
        .input(Input::NetworkError)
        .expect(Output::Reestablish { cause: Cause::NetworkError, delay_ms: None })
        .elapse(i32::MAX as u32)
        .expect_nothing()
        .input(Input::Reconnect { in_callback: false })
        .expect_fetch(2, Some(Cause::NetworkError), "")
        .input(Input::NetworkError)
        .expect(reestablish(Cause::NetworkError, usual_ms(1)));
}

#[test]
fn always_repeats_a_post_even_after_a_clean_end() {
    let reconnect = Some(Reconnect::default());
    let post = Policy { reconnect, replay: Replay::Always, ..Policy::for_request("POST", false) };
    Transcript::with(post, "")
        .open()
        .chunk("data: a\n\n")
        .expect_data(&["a"])
        .expect(Output::Read)
        .input(Input::EndOfBody)
        .expect(reestablish(Cause::EndOfBody, usual_ms(1)));
}

/// A status is no proof that the request was not carried out.
#[test]
fn a_post_is_repeated_after_a_status_that_may_pass_if_it_can_resume() {
    let reconnect = Some(Reconnect::default());
    let post = |one_shot| {
        let policy =
            Policy { reconnect: reconnect.clone(), ..Policy::for_request("POST", one_shot) };
        Transcript::with(policy, "")
    };
    for status in [401, 408, 425, 429, 500, 503] {
        post(false)
            .expect_fetch(0, None, "")
            .input(response(status, None))
            .expect(Output::Fail(Cause::Status));
    }
    post(false)
        .open()
        .chunk("id: 1\ndata: a\n\n")
        .dispatched()
        .expect(Output::Read)
        .input(Input::NetworkError)
        .expect(reestablish(Cause::NetworkError, usual_ms(1)))
        .elapse(usual_ms(1))
        .expect_fetch(1, Some(Cause::NetworkError), "1")
        .input(response(503, None))
        .expect(reestablish(Cause::Status, usual_ms(2)));
    post(true)
        .expect_fetch(0, None, "")
        .input(response(503, None))
        .expect(Output::Fail(Cause::Status));
}

#[test]
fn where_nothing_can_wake_it_a_source_fails_after_the_last_attempt() {
    let reconnect = Some(Reconnect { max_attempts: 2, ..Reconnect::default() });
    let policy = Policy { reconnect, ..Policy::for_request("GET", false) };
    Transcript::with(policy, "")
        .expect_fetch(0, None, "")
        .input(Input::NetworkError)
        .expect(reestablish(Cause::NetworkError, usual_ms(1)))
        .elapse(usual_ms(1))
        .expect_fetch(1, Some(Cause::NetworkError), "")
        .input(Input::NetworkError)
        .expect(Output::Fail(Cause::NetworkError))
        .expect_nothing();
}

#[test]
fn an_end_before_the_stream_is_complete_is_truncated() {
    let policy = |method| Policy { completes: true, ..Policy::for_request(method, false) };
    let ended = |method, chunk| {
        Transcript::with(policy(method), "")
            .open()
            .chunk(chunk)
            .expect_data(&["a"])
            .expect(Output::Read)
            .input(Input::EndOfBody)
    };
    ended("POST", "data: a\n\n").expect(Output::Fail(Cause::Truncated));
    ended("POST", "id: 1\ndata: a\n\n").expect(reestablish(Cause::Truncated, 3000));
    ended("GET", "data: a\n\n").expect(reestablish(Cause::Truncated, 3000));
}

#[test]
fn never_makes_one_request() {
    let policy = Policy { replay: Replay::Never, ..Policy::for_request("GET", false) };
    Transcript::with(policy, "")
        .expect_fetch(0, None, "")
        .input(Input::NetworkError)
        .expect(Output::Fail(Cause::NetworkError));
}

mod decisions {
    use super::*;

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
            .input(refused(503, Some("120")))
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
    fn a_retry_keeps_to_what_the_server_asked_for() {
        let asking = |max_attempts| {
            Transcript::reconnecting(Reconnect { asks: true, max_attempts, ..Reconnect::default() })
                .expect_fetch(0, None, "")
        };
        for (max_attempts, status, plan) in
            [(0, 503, Plan::Retry(121_500)), (1, 503, Plan::Sleep), (0, 404, Plan::Stop)]
        {
            asking(max_attempts)
                .input(refused(status, Some("120")))
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
    fn retries_of_what_is_final_wait_longer_and_longer_too() {
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
    fn the_owner_is_told_that_an_offline_page_waits_for_the_network() {
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
}

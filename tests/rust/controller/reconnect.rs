//! Transcripts of reconnecting beyond HTML 9.2.3, in virtual time.

use eventsource_wasm::{
    controller::{Input, Output},
    policy::{Cause, Policy, Reconnect, Replay},
};

use crate::transcript::{Transcript, reestablish, refusal, response, usual_ms};

fn reconnecting() -> Transcript {
    Transcript::reconnecting(Reconnect::default())
}

#[test]
fn failures_in_a_row_back_off_up_to_the_cap() {
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
fn the_jitter_ranges_from_the_least_delay_to_the_bound() {
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
fn the_servers_retry_is_the_least_delay_and_the_base_of_the_backoff() {
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
fn temporary_statuses_are_retried_and_others_are_final() {
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
            .input(refusal(503, None, Some(retry_after)))
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
        .input(refusal(503, None, Some("120")))
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
fn only_an_event_and_a_stable_time_reset_the_failures() {
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
fn replay_always_repeats_a_post_even_after_a_clean_end() {
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

/// A status does not prove that the request was not carried out.
#[test]
fn a_post_is_repeated_after_a_temporary_status_if_it_can_resume() {
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
fn a_source_that_nothing_can_wake_fails_after_the_last_attempt() {
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
fn replay_never_makes_one_request() {
    let policy = Policy { replay: Replay::Never, ..Policy::for_request("GET", false) };
    Transcript::with(policy, "")
        .expect_fetch(0, None, "")
        .input(Input::NetworkError)
        .expect(Output::Fail(Cause::NetworkError));
}

//! Transcripts of the controller (HTML 9.2.3) and what holds for any input.

use eventsource_wasm::{
    controller::{Input, Output},
    policy::{Cause, Policy},
};

mod transcript;

use transcript::{HEAD, Transcript, reestablish, response};

#[test]
fn announces_dispatches_and_reconnects_with_the_last_event_id() {
    Transcript::of("GET")
        .open()
        .chunk("id: 1\ndata: a\n\ndata: b\n\nid: 2\ndata: lo")
        .expect_data(&["a", "b"])
        .expect(Output::Read)
        .input(Input::EndOfBody)
        .expect(reestablish(Cause::EndOfBody, 3000))
        .expect_nothing()
        .elapse(3000)
        .expect_fetch(1, Some(Cause::EndOfBody), "1")
        .announced()
        .chunk("data: c\n\n")
        .expect_data(&["c"])
        .expect(Output::Read)
        .input(Input::NetworkError)
        .expect(reestablish(Cause::NetworkError, 3000))
        .elapse(3000)
        .expect_fetch(1, Some(Cause::NetworkError), "1");
}

#[test]
fn an_id_without_data_is_committed_at_the_blank_line() {
    Transcript::of("GET")
        .open()
        .chunk("id: 7\n\nid: 8\n")
        .expect_data(&[])
        .expect(Output::Read)
        .input(Input::EndOfBody)
        .expect(reestablish(Cause::EndOfBody, 3000))
        .elapse(3000)
        .expect_fetch(1, Some(Cause::EndOfBody), "7");
}

#[test]
fn every_fourth_chunk_without_events_is_heard_of() {
    let three_comments = |mut open: Transcript| {
        for _ in 0..3 {
            open = open.chunk(": a\n").expect(Output::Read);
        }
        open
    };
    let open = three_comments(Transcript::of("GET").open());
    let open = open.chunk("data: b\n\n").expect_data(&["b"]).expect(Output::Read);
    three_comments(open).chunk(": a\n").expect_data(&[]).expect(Output::Read);
}

#[test]
fn the_first_request_carries_the_given_last_event_id_and_keeps_it() {
    Transcript::with(Policy::for_request("GET", false), "41")
        .expect_fetch(0, None, "41")
        .announced()
        .chunk("data: a\n\n")
        .expect_data(&["a"])
        .expect(Output::Read)
        .input(Input::EndOfBody)
        .expect(reestablish(Cause::EndOfBody, 3000))
        .elapse(3000)
        .expect_fetch(1, Some(Cause::EndOfBody), "41");
}

#[test]
fn attempts_count_until_a_connection_is_announced() {
    let mut transcript = Transcript::of("GET").expect_fetch(0, None, "");
    for attempt in 1..5 {
        transcript = transcript
            .input(Input::NetworkError)
            .expect(reestablish(Cause::NetworkError, 3000))
            .elapse(3000)
            .expect_fetch(attempt, Some(Cause::NetworkError), "");
    }
    transcript
        .announced()
        .input(Input::EndOfBody)
        .expect(reestablish(Cause::EndOfBody, 3000))
        .elapse(3000)
        .expect_fetch(1, Some(Cause::EndOfBody), "");
}

#[test]
fn retry_sets_the_delay_for_good_within_bounds() {
    for (retry, delay_ms) in [("500", 500), ("0", 100), ("99999999999", i32::MAX as u32)] {
        Transcript::of("GET")
            .open()
            .chunk(&format!("retry: {retry}\n"))
            .expect(Output::Read)
            .input(Input::EndOfBody)
            .expect(reestablish(Cause::EndOfBody, delay_ms))
            .elapse(delay_ms)
            .expect_fetch(1, Some(Cause::EndOfBody), "")
            .input(Input::NetworkError)
            .expect(reestablish(Cause::NetworkError, delay_ms));
    }
}

#[test]
fn any_other_response_fails_the_connection_for_good() {
    let table = [
        (204, None, Cause::Status),
        (301, Some("text/event-stream"), Cause::Status),
        (404, Some("text/event-stream"), Cause::Status),
        (503, Some("text/html"), Cause::Status),
        (200, Some("text/html"), Cause::ContentType),
        (200, None, Cause::ContentType),
    ];
    for (status, content_type, reason) in table {
        Transcript::of("GET")
            .expect_fetch(0, None, "")
            .input(response(status, content_type))
            .expect(Output::Fail(reason))
            .expect_nothing()
            .elapse(3000)
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
            .expect(reestablish(Cause::EndOfBody, 3000)),
    ];
    for transcript in transcripts {
        transcript
            .input(Input::Close)
            .expect_nothing()
            .elapse(3000)
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
        .expect(Output::Fail(Cause::EventTooLarge))
        .expect_nothing();
}

/// Nothing is lost or doubled that the page acts upon.
#[test]
fn comments_are_dispatched_and_do_not_count_as_delivered() {
    let policy = Policy { comments: true, ..Policy::for_request("POST", false) };
    let heard = Transcript::with(policy, "").open().chunk(": a\n").expect_data(&[]);
    heard
        .expect(Output::Read)
        .input(Input::NetworkError)
        .expect(reestablish(Cause::NetworkError, 3000));
}

#[test]
fn a_post_is_repeated_only_where_it_can_resume() {
    let failed = Output::Fail;
    let nothing_dispatched = || Transcript::of("POST").open();
    let dispatched =
        |chunk| nothing_dispatched().chunk(chunk).expect_data(&["a"]).expect(Output::Read);
    let without_id = || dispatched("data: a\n\n");
    let with_id = || dispatched("id: 1\ndata: a\n\n");

    let cut = reestablish(Cause::NetworkError, 3000);
    nothing_dispatched().input(Input::NetworkError).expect(cut);
    with_id().input(Input::NetworkError).expect(cut);
    without_id().input(Input::NetworkError).expect(failed(Cause::NetworkError)).expect_nothing();
    for transcript in [nothing_dispatched(), without_id(), with_id()] {
        transcript.input(Input::EndOfBody).expect(failed(Cause::EndOfBody)).expect_nothing();
    }
}

#[test]
fn a_one_shot_body_is_never_sent_again() {
    Transcript::with(Policy::for_request("POST", true), "")
        .expect_fetch(0, None, "")
        .input(Input::NetworkError)
        .expect(Output::Fail(Cause::NetworkError))
        .expect_nothing();
}

//! Transcripts of the controller as in HTML 9.2.3, in virtual time.

use eventsource_wasm::{
    controller::{Input, Output},
    parser::Interpret,
    policy::{Cause, NoResponse, Policy, Reconnect},
};

use crate::transcript::{HEAD, Transcript, reestablish, response};

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
fn every_fourth_chunk_without_events_is_dispatched() {
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
fn the_initial_last_event_id_is_sent_and_kept() {
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

#[test]
fn only_a_message_with_an_id_proves_that_a_post_can_resume() {
    let cut = Input::NetworkError;
    let again = reestablish(Cause::NetworkError, 3000);
    let over = Output::Fail(Cause::NetworkError);
    let table = [
        ("", cut, over),
        (": a\n", cut, over),
        ("retry: 3000\n\n", cut, over),
        ("id: 1\n\n", cut, over),
        ("data: a\n\n", cut, over),
        ("id: 1\n\ndata: a\n\n", cut, over),
        ("data: a\n\nid: 1\n\n", cut, over),
        ("id\ndata: a\n\n", cut, over),
        ("id: 1\ndata: a\n\nid\n\n", cut, over),
        ("id: 1\ndata: a\n", cut, over),
        ("id: 1\ndata: a\n\n", cut, again),
        ("id: 1\ndata: a\n\ndata: b\n\nid: 2\n\n: c\n", cut, again),
        ("id: 1\ndata: a\n\n", Input::EndOfBody, Output::Fail(Cause::EndOfBody)),
        ("", Input::EndOfBody, Output::Fail(Cause::EndOfBody)),
    ];
    for (chunk, input, output) in table {
        for method in ["POST", "PATCH"] {
            let policy = Policy { comments: true, ..Policy::for_request(method, false) };
            Transcript::with(policy, "41")
                .expect_fetch(0, None, "41")
                .announced()
                .chunk(chunk)
                .dispatched()
                .expect(Output::Read)
                .input(input)
                .expect(output);
        }
        for method in ["GET", "PUT", "QUERY"] {
            Transcript::of(method)
                .open()
                .chunk(chunk)
                .dispatched()
                .expect(Output::Read)
                .input(Input::NetworkError)
                .expect(again);
        }
    }
}

#[test]
fn a_post_that_got_no_event_stream_is_not_repeated() {
    let policy = Policy { open_timeout_ms: 1000, ..Policy::for_request("POST", false) };
    let requested = || Transcript::with(policy.clone(), "41").expect_fetch(0, None, "41");
    requested().input(Input::NetworkError).expect(Output::Fail(Cause::NetworkError));
    requested().elapse(1000).expect(Output::Fail(Cause::Timeout));
}

#[test]
fn the_owner_learns_when_it_could_allow_another_request() {
    let policy = |method, one_shot| Policy {
        no_response: NoResponse::MayBeRefusal,
        ..Policy::for_request(method, one_shot)
    };
    let unanswered = |method, one_shot| {
        Transcript::with(policy(method, one_shot), "")
            .expect_fetch(0, None, "")
            .input(Input::NetworkError)
    };
    unanswered("POST", false).expect_failure(Cause::NetworkError, true);
    unanswered("POST", true).expect_failure(Cause::NetworkError, false);
    unanswered("PUT", false).expect_failure(Cause::NetworkError, false);
    let post = || Transcript::of("POST").expect_fetch(0, None, "");
    post().announced().input(Input::EndOfBody).expect_failure(Cause::EndOfBody, true);
    post().input(response(404, None)).expect_failure(Cause::Status, false);
    post().input(Input::Blocked).expect_failure(Cause::Blocked, false);
}

#[test]
fn a_post_that_could_not_be_made_is_made_later() {
    Transcript::of("POST")
        .expect_fetch(0, None, "")
        .input(Input::RequestError)
        .expect(reestablish(Cause::RequestError, 3000));
}

#[test]
fn a_post_that_is_resumed_by_get_is_repeated_as_a_get() {
    let resumed = Transcript::of("POST")
        .open()
        .chunk("id: 1\ndata: a\n\n")
        .dispatched()
        .expect(Output::Read)
        .input(Input::NetworkError)
        .expect(reestablish(Cause::NetworkError, 3000))
        .elapse(3000)
        .expect_fetch(1, Some(Cause::NetworkError), "1");
    resumed
        .resuming_by_get()
        .announced()
        .input(Input::EndOfBody)
        .expect(reestablish(Cause::EndOfBody, 3000))
        .elapse(3000)
        .expect_fetch(1, Some(Cause::EndOfBody), "1")
        .announced()
        .input(Input::EndOfBody)
        .expect(Output::Fail(Cause::EndOfBody));
}

#[test]
fn what_the_platform_blocks_is_final() {
    let final_for = |transcript: Transcript| {
        transcript.input(Input::Blocked).expect(Output::Fail(Cause::Blocked)).expect_nothing();
    };
    final_for(Transcript::of("GET").expect_fetch(0, None, ""));
    final_for(Transcript::of("GET").open());
    final_for(Transcript::reconnecting(Reconnect::default()).expect_fetch(0, None, ""));
    final_for(Transcript::reconnecting(Reconnect::default()).open());
}

mod proper_ends {
    use super::*;

    fn completing(method: &str, chunk: &str) -> Transcript {
        let policy = Policy { completes: true, ..Policy::for_request(method, false) };
        Transcript::with(policy, "").open().chunk(chunk).dispatched()
    }

    #[test]
    fn an_announced_end_of_the_body_completes_the_stream() {
        for method in ["GET", "POST"] {
            completing(method, "data: last but one\n\n")
                .input(Input::Ending)
                .expect(Output::Read)
                .chunk("data: last\n\n")
                .dispatched()
                .expect(Output::Read)
                .input(Input::EndOfBody)
                .expect(Output::Complete)
                .expect_nothing()
                .input(Input::Reconnect { in_callback: false })
                .expect_nothing();
        }
    }

    #[test]
    fn a_broken_body_is_retried_even_after_an_announced_end() {
        completing("GET", "data: last but one\n\n")
            .input(Input::Ending)
            .expect(Output::Read)
            .input(Input::NetworkError)
            .expect(reestablish(Cause::NetworkError, 3000))
            .elapse(3000)
            .expect_fetch(1, Some(Cause::NetworkError), "")
            .announced()
            .input(Input::EndOfBody)
            .expect(reestablish(Cause::Truncated, 3000));
    }

    #[test]
    fn a_message_may_report_a_failure() {
        completing("GET", "data: a\n\n")
            .input(Input::ApplicationError)
            .expect(Output::Fail(Cause::Application))
            .expect_nothing();
    }

    #[test]
    fn an_unfinished_event_at_the_end_is_dispatched_if_it_counts() {
        let ended = |unterminated| {
            let interpret = Interpret { unterminated, ..Interpret::default() };
            let policy = Policy { interpret, completes: true, ..Policy::for_request("GET", false) };
            Transcript::with(policy, "")
                .open()
                .chunk("data: a\n\nid: 1\ndata: b")
                .expect_data(&["a"])
                .expect(Output::Read)
                .input(Input::EndOfBody)
        };
        ended(false).expect(reestablish(Cause::Truncated, 3000));
        ended(true)
            .expect_data(&["b"])
            .expect(reestablish(Cause::Truncated, 3000))
            .elapse(3000)
            .expect_fetch(1, Some(Cause::Truncated), "1");
        ended(true).expect_data(&["b"]).input(Input::Ending).expect(Output::Complete);
        ended(true)
            .expect_data(&["b"])
            .input(Input::ApplicationError)
            .expect(Output::Fail(Cause::Application));
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

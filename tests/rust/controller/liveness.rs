//! Transcripts of timeouts, sleep, and signals of the network and the page, in virtual time.

use eventsource_wasm::{
    controller::{Decision, Input, Output, Plan, Signal},
    policy::{Backoff, Cause, Policy, Reconnect},
};

use crate::transcript::{Transcript, reestablish, refusal};

fn with_timeouts(open_timeout_ms: u32, idle_timeout_ms: u32) -> Transcript {
    let policy = Policy::for_request("GET", false);
    Transcript::with(Policy { open_timeout_ms, idle_timeout_ms, ..policy }, "")
}

fn reconnecting() -> Transcript {
    Transcript::reconnecting(Reconnect::default())
}

const NETWORK_ERROR: Option<Cause> = Some(Cause::NetworkError);
const TIMEOUT: Output = Output::Reestablish { cause: Cause::Timeout, delay_ms: Some(1600) };

#[test]
fn a_request_without_a_response_times_out() {
    with_timeouts(1000, 0)
        .expect_fetch(0, None, "")
        .elapse(999)
        .expect_nothing()
        .elapse(1)
        .expect(reestablish(Cause::Timeout, 3000))
        .elapse(3000)
        .expect_fetch(1, Some(Cause::Timeout), "");
}

#[test]
fn any_byte_keeps_a_connection_alive() {
    with_timeouts(0, 1000)
        .open()
        .elapse(999)
        .chunk(":")
        .expect(Output::Read)
        .elapse(999)
        .expect_nothing()
        .elapse(1)
        .expect(reestablish(Cause::Timeout, 3000));
}

#[test]
fn a_connection_that_is_not_read_does_not_time_out() {
    with_timeouts(0, 1000)
        .open()
        .chunk("data: a\n\n")
        .expect_data(&["a"])
        .elapse(60_000)
        .expect(Output::Read)
        .elapse(999)
        .expect_nothing();
}

#[test]
fn bytes_that_arrived_while_the_page_was_busy_count() {
    with_timeouts(0, 1000)
        .open()
        .jump(30_000)
        .expect_nothing()
        .chunk(":")
        .expect(Output::Read)
        .elapse(999)
        .expect_nothing();
    with_timeouts(0, 1000)
        .open()
        .jump(30_000)
        .elapse(4999)
        .expect_nothing()
        .elapse(1)
        .expect(reestablish(Cause::Timeout, 3000));
}

#[test]
fn a_timeout_noticed_late_is_extended_by_as_long_up_to_5_s() {
    for (late_ms, more_ms) in [(1, 1), (300, 300), (4999, 4999), (59_000, 5000)] {
        let late = || with_timeouts(0, 1000).open().jump(1000 + late_ms).expect_nothing();
        late()
            .elapse(more_ms - 1)
            .expect_nothing()
            .elapse(1)
            .expect(reestablish(Cause::Timeout, 3000));
        late().chunk(":").expect(Output::Read).elapse(999).expect_nothing();
    }
}

#[test]
fn timers_that_are_always_late_delay_a_timeout_only_once() {
    with_timeouts(0, 1000)
        .open()
        .jump(60_000)
        .expect_nothing()
        .jump(60_000)
        .expect(reestablish(Cause::Timeout, 3000));
    with_timeouts(1000, 0)
        .expect_fetch(0, None, "")
        .jump(60_000)
        .expect_nothing()
        .jump(60_000)
        .expect(reestablish(Cause::Timeout, 3000));
}

#[test]
fn a_server_may_announce_its_heartbeat() {
    let policy = Policy { heartbeat_event: b"beat".to_vec(), ..Policy::for_request("GET", false) };
    Transcript::with(policy, "")
        .open()
        .elapse(600_000)
        .chunk("event: beat\ndata: 500\n\nevent: other\ndata: 1\n\nevent: beat\ndata: soon\n\n")
        .expect_data(&["500", "1", "soon"])
        .expect(Output::Read)
        .chunk("event: beat\ndata: 0\n\n")
        .expect_data(&["0"])
        .expect(Output::Read)
        .elapse(999)
        .expect_nothing()
        .elapse(1)
        .expect(reestablish(Cause::Timeout, 3000))
        .elapse(3000)
        .expect_fetch(1, Some(Cause::Timeout), "")
        .announced()
        .elapse(600_000)
        .expect_nothing();
}

#[test]
fn events_without_a_type_may_be_the_heartbeat() {
    let heartbeat_event = b"message".to_vec();
    let policy = Policy { heartbeat_event, ..Policy::for_request("GET", false) };
    Transcript::with(policy, "")
        .open()
        .chunk("data: 500\n\n")
        .expect_data(&["500"])
        .expect(Output::Read)
        .elapse(1000)
        .expect(reestablish(Cause::Timeout, 3000));
}

#[test]
fn a_server_may_announce_its_heartbeat_in_comments_that_are_not_delivered() {
    let heartbeat_comment = b"beat".to_vec();
    let policy = Policy { heartbeat_comment, ..Policy::for_request("GET", false) };
    let beating = || {
        Transcript::with(policy.clone(), "")
            .open()
            .elapse(600_000)
            .chunk("data: a\n: beat 1")
            .expect(Output::Read)
            .chunk("500\n: other 1\n")
            .expect(Output::Read)
            .elapse(2999)
            .expect_nothing()
    };
    beating().elapse(1).expect(reestablish(Cause::Timeout, 3000));
    beating()
        .chunk("\n:beat=1\n:beat: 600\n")
        .expect_data(&["a"])
        .expect(Output::Read)
        .elapse(1199)
        .expect_nothing()
        .elapse(1)
        .expect(reestablish(Cause::Timeout, 3000));
}

#[test]
fn a_clock_set_back_counts_as_no_time() {
    with_timeouts(0, 1000)
        .open()
        .elapse(500)
        .set_back(3_600_000)
        .elapse(499)
        .expect_nothing()
        .elapse(1)
        .expect(reestablish(Cause::Timeout, 3000));
}

#[test]
fn a_timer_that_fired_has_waited_whatever_the_clock_says() {
    Transcript::of("GET")
        .open()
        .input(Input::EndOfBody)
        .expect(reestablish(Cause::EndOfBody, 3000))
        .alarm()
        .expect_fetch(1, Some(Cause::EndOfBody), "");
    Transcript::of("GET")
        .open()
        .input(Input::EndOfBody)
        .expect(reestablish(Cause::EndOfBody, 3000))
        .set_back(3_600_000)
        .alarm()
        .expect_fetch(1, Some(Cause::EndOfBody), "");
    with_timeouts(1000, 0)
        .expect_fetch(0, None, "")
        .alarm()
        .expect(reestablish(Cause::Timeout, 3000));
    with_timeouts(0, 1000).open().alarm().expect(reestablish(Cause::Timeout, 3000));
}

#[test]
fn the_wait_begins_with_the_error_and_not_before() {
    let asked = || {
        Transcript::reconnecting(Reconnect { asks: true, ..Reconnect::default() })
            .open()
            .input(Input::NetworkError)
            .expect(Output::Decide { cause: Cause::NetworkError, plan: Plan::Retry(1600) })
            .jump(10_000)
            .input(Input::Decision(Decision::Agree))
            .expect(reestablish(Cause::NetworkError, 1600))
    };
    asked().elapse(1599).expect_nothing().elapse(1).expect_fetch(1, NETWORK_ERROR, "");
    asked().alarm().expect_fetch(1, NETWORK_ERROR, "");
}

#[test]
fn the_idle_timeout_can_be_learned_from_the_cadence_of_comments() {
    let learning = || {
        let policy = Policy { learns_idle: true, ..Policy::for_request("GET", false) };
        Transcript::with(policy, "").open().chunk(":\n").expect(Output::Read)
    };
    learning().elapse(3_600_000).expect_nothing();
    let learned = || learning().elapse(12_000).chunk("data: a\n: ping\n").expect(Output::Read);
    learned().elapse(35_999).expect_nothing().elapse(1).expect(reestablish(Cause::Timeout, 3000));
    learned()
        .elapse(30_000)
        .chunk("x")
        .expect(Output::Read)
        .elapse(35_999)
        .expect_nothing()
        .elapse(1)
        .expect(reestablish(Cause::Timeout, 3000))
        .elapse(3000)
        .expect_fetch(1, Some(Cause::Timeout), "")
        .announced()
        .elapse(3_600_000)
        .expect_nothing();
}

#[test]
fn after_sleep_a_connection_must_deliver_a_byte() {
    let slept = || reconnecting().open().jump(90_000).expect_nothing();
    slept().elapse(4999).expect_nothing().elapse(1).expect(TIMEOUT);
    slept().elapse(4999).chunk(":").expect(Output::Read).elapse(60_000).expect_nothing();
    let looked_at_the_clock = reconnecting().open().elapse(600_000);
    looked_at_the_clock.expect_nothing();
}

#[test]
fn after_sleep_a_connection_that_cannot_be_replaced_is_kept() {
    let reconnect = Some(Reconnect::default());
    let post = Policy { reconnect, ..Policy::for_request("POST", false) };
    Transcript::with(post, "")
        .open()
        .chunk("data: a\n\n")
        .expect_data(&["a"])
        .expect(Output::Read)
        .jump(90_000)
        .elapse(60_000)
        .expect_nothing();
}

#[test]
fn after_a_freeze_a_connection_must_deliver_a_byte() {
    reconnecting()
        .open()
        .signal(Signal::Resumed)
        .elapse(4999)
        .expect_nothing()
        .elapse(1)
        .expect(TIMEOUT);
}

#[test]
fn a_page_that_becomes_visible_keeps_its_connection() {
    reconnecting().open().signal(Signal::Visible).elapse(60_000).expect_nothing();
}

#[test]
fn requests_are_rare_while_offline_and_one_follows_when_the_network_is_back() {
    let offline_at_first = |reconnect| {
        Transcript::reconnecting(reconnect)
            .signal(Signal::Offline)
            .expect_fetch(0, None, "")
            .input(Input::NetworkError)
            .expect(Output::Reestablish { cause: Cause::NetworkError, delay_ms: None })
            .expect_nothing()
    };
    for (max_ms, seldom_ms) in [(0, 30_000), (30_000, 30_000), (300_000, 300_000)] {
        offline_at_first(Reconnect { backoff: Backoff { max_ms }, ..Reconnect::default() })
            .elapse(seldom_ms - 1)
            .expect_nothing()
            .elapse(1)
            .expect_fetch(1, NETWORK_ERROR, "")
            .input(Input::NetworkError)
            .expect(Output::Reestablish { cause: Cause::NetworkError, delay_ms: None })
            .elapse(seldom_ms - 1)
            .expect_nothing();
    }
    offline_at_first(Reconnect::default())
        .elapse(20_000)
        .signal(Signal::Visible)
        .elapse(9_999)
        .expect_nothing()
        .elapse(1)
        .expect_fetch(1, NETWORK_ERROR, "");
    reconnecting()
        .open()
        .signal(Signal::Offline)
        .input(Input::NetworkError)
        .expect(Output::Reestablish { cause: Cause::NetworkError, delay_ms: None })
        .elapse(20_000)
        .expect_nothing()
        .signal(Signal::Online)
        .elapse(1599)
        .expect_nothing()
        .elapse(1)
        .expect_fetch(1, NETWORK_ERROR, "");
}

#[test]
fn a_connection_that_survives_being_offline_must_deliver_a_byte() {
    let back =
        || reconnecting().open().signal(Signal::Offline).elapse(60_000).signal(Signal::Online);
    back().elapse(5000).expect(TIMEOUT);
    back().chunk(":").expect(Output::Read).elapse(60_000).expect_nothing();
}

#[test]
fn the_network_and_the_page_wake_a_sleeping_source() {
    let asleep = || {
        Transcript::reconnecting(Reconnect { max_attempts: 1, ..Reconnect::default() })
            .expect_fetch(0, None, "")
            .input(Input::NetworkError)
            .expect(Output::Reestablish { cause: Cause::NetworkError, delay_ms: None })
            .elapse(3_600_000)
            .expect_nothing()
    };
    asleep().signal(Signal::Visible).elapse(0).expect_fetch(1, NETWORK_ERROR, "");
    asleep().signal(Signal::Resumed).elapse(0).expect_fetch(1, NETWORK_ERROR, "");
    asleep().signal(Signal::Offline).signal(Signal::Online).elapse(1600).expect_fetch(
        1,
        NETWORK_ERROR,
        "",
    );
}

#[test]
fn a_visible_page_ends_the_backoff_but_not_retry_after() {
    reconnecting()
        .expect_fetch(0, None, "")
        .input(refusal(503, None, Some("1")))
        .expect(reestablish(Cause::Status, 2500))
        .signal(Signal::Visible)
        .elapse(999)
        .expect_nothing()
        .elapse(1)
        .expect_fetch(1, Some(Cause::Status), "");
}

#[test]
fn a_network_that_is_back_ends_the_backoff_but_not_retry_after() {
    let refused = || {
        reconnecting()
            .expect_fetch(0, None, "")
            .input(refusal(503, None, Some("120")))
            .expect(reestablish(Cause::Status, 121_500))
    };
    let back = |transcript: Transcript| transcript.signal(Signal::Offline).signal(Signal::Online);
    for waiting in [
        back(refused()),
        back(refused()).signal(Signal::Visible),
        back(refused()).signal(Signal::Resumed),
        back(back(refused())),
    ] {
        waiting.elapse(119_999).expect_nothing().elapse(1).expect_fetch(1, Some(Cause::Status), "");
    }
}

#[test]
fn a_flapping_network_does_not_delay_the_request() {
    let failed = reconnecting()
        .expect_fetch(0, None, "")
        .input(Input::NetworkError)
        .expect(reestablish(Cause::NetworkError, 1600));
    let flapping = |transcript: Transcript| {
        transcript.elapse(400).signal(Signal::Offline).signal(Signal::Online).expect_nothing()
    };
    flapping(flapping(flapping(failed))).elapse(400).expect_fetch(1, NETWORK_ERROR, "");
}

//! Sources that a server drops at the same moment come back at different moments.

use std::cell::Cell;

use eventsource_wasm::{
    controller::{Controller, Input, Output},
    policy::{Policy, Reconnect},
};

const SOURCES: usize = 1000;
const MINUTE_MS: f64 = 60_000.0;
const BIN_MS: f64 = 250.0;

thread_local! {
    static STATE: Cell<u64> = const { Cell::new(1) };
}

/// Numbers in [0, 1) that are the same in every run (xorshift64).
fn random() -> f64 {
    let mut state = STATE.get();
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    STATE.set(state);
    (state >> 11) as f64 / (1_u64 << 53) as f64
}

/// When one source retries at a dead server, after the first request at 0.
fn retries(policy: Policy) -> Vec<f64> {
    let mut source = Controller::new(policy, Vec::new());
    let mut now_ms = 0.0;
    let mut requests = Vec::new();
    while now_ms < MINUTE_MS {
        source.advance(now_ms);
        source.shuffle(random());
        source.handle(Input::Tick);
        while let Some(output) = source.poll() {
            if matches!(output, Output::Fetch { .. }) {
                requests.push(now_ms);
                source.handle(Input::NetworkError);
            }
        }
        now_ms += f64::from(source.wait_ms().unwrap_or(u32::MAX)).max(1.0);
    }
    requests.split_off(1)
}

/// How many requests all sources make in each quarter of a second.
fn histogram(policy: &Policy) -> Vec<usize> {
    let mut bins = vec![0; (MINUTE_MS / BIN_MS) as usize];
    for time_ms in (0..SOURCES).flat_map(|_| retries(policy.clone())) {
        if let Some(bin) = bins.get_mut((time_ms / BIN_MS) as usize) {
            *bin += 1;
        }
    }
    bins
}

#[test]
fn backoff_and_jitter_leave_no_spike() {
    let policy =
        Policy { reconnect: Some(Reconnect::default()), ..Policy::for_request("GET", false) };
    let bins = histogram(&policy);
    // The first waits are spread over three seconds: 83 in a bin, plus some of the next waits.
    assert!(bins.iter().all(|&requests| requests < 160), "{bins:?}");
    let (_, second_half) = bins.split_at(bins.len() / 2);
    assert!(second_half.iter().all(|&requests| requests < 40), "{bins:?}");
}

#[test]
fn a_fixed_wait_leaves_a_spike() {
    let bins = histogram(&Policy::for_request("GET", false));
    assert_eq!(bins.iter().max(), Some(&SOURCES));
}

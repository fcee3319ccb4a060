//! What holds for the controller whatever happens, under any policy.
#![cfg(not(target_arch = "wasm32"))]

mod transcript;

use eventsource_wasm::{
    controller::{Controller, Decision, Input, Output, Signal},
    policy::{Backoff, NoResponse, Policy, Reconnect, Replay},
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use transcript::refusal;

#[derive(Debug, Clone)]
enum Event {
    Head(u16, bool, String),
    Chunk(Vec<u8>),
    EndOfBody,
    NetworkError,
    Probed(bool),
    RequestError,
    Pass(f64),
    Decision(Decision),
    Signal(Signal),
    Reconnect,
    Close,
}

fn event() -> impl Strategy<Value = Event> {
    let chunk = prop_oneof![
        "(data: [a-z]{0,9}\n|id: [0-9]\n|event: beat\n|data: [0-9]{1,5}\n|retry: [0-9]{1,12}\n|\n){0,8}"
            .prop_map(String::into_bytes),
        vec(any::<u8>(), 0..64),
    ];
    let status =
        prop_oneof![9 => Just(200), 3 => select(vec![204, 401, 429, 503]), 1 => any::<u16>()];
    let decision =
        select(vec![Decision::Agree, Decision::Stop, Decision::Retry, Decision::RetryAfter(0)]);
    let signal = select(vec![Signal::Offline, Signal::Online, Signal::Visible, Signal::Resumed]);
    prop_oneof![
        3 => (status, any::<bool>(), any::<u64>().prop_map(|seconds| seconds.to_string()))
            .prop_map(|(status, is_sse, after)| Event::Head(status, is_sse, after)),
        6 => chunk.prop_map(Event::Chunk),
        2 => Just(Event::EndOfBody),
        2 => Just(Event::NetworkError),
        1 => any::<bool>().prop_map(Event::Probed),
        1 => Just(Event::RequestError),
        4 => (-1000.0..4e9).prop_map(Event::Pass),
        2 => decision.prop_map(Event::Decision),
        2 => signal.prop_map(Event::Signal),
        1 => Just(Event::Reconnect),
        1 => Just(Event::Close),
    ]
}

prop_compose! {
    fn reconnect()(
        max_ms in any::<u32>(),
        stable_ms in 0..10_000_u32,
        max_attempts in 0..4_u32,
        fresh_headers in any::<bool>(),
        asks in any::<bool>(),
    ) -> Reconnect {
        Reconnect { backoff: Backoff { max_ms }, stable_ms, max_attempts, fresh_headers, asks }
    }
}

prop_compose! {
    fn policy()(
        replay in select(vec![Replay::Always, Replay::IfResumable, Replay::Never]),
        no_response in select(vec![NoResponse::MayPass, NoResponse::MayBeRefusal, NoResponse::Futile]),
        one_shot in any::<bool>(),
        reconnect in option::of(reconnect()),
        completes in any::<bool>(),
        comments in any::<bool>(),
        open_timeout_ms in 0..10_000_u32,
        idle_timeout_ms in 0..10_000_u32,
    ) -> Policy {
        Policy {
            replay,
            no_response,
            one_shot,
            reconnect,
            completes,
            comments,
            open_timeout_ms,
            idle_timeout_ms,
            heartbeat_event: b"beat".to_vec(),
            heartbeat_comment: b"beat".to_vec(),
            max_event_bytes: 40,
        }
    }
}

fn handle(controller: &mut Controller, event: &Event) {
    controller.handle(match event {
        Event::Head(status, is_sse, retry_after) => {
            refusal(*status, is_sse.then_some("text/event-stream"), Some(retry_after))
        }
        Event::Chunk(bytes) => Input::Chunk(bytes),
        Event::EndOfBody => Input::EndOfBody,
        Event::NetworkError => Input::NetworkError,
        Event::Probed(answered) => Input::Probed(*answered),
        Event::RequestError => Input::RequestError,
        Event::Pass(_) => Input::Tick,
        Event::Decision(decision) => Input::Decision(*decision),
        Event::Signal(signal) => Input::Signal(*signal),
        Event::Reconnect => Input::Reconnect,
        Event::Close => Input::Close,
    });
}

proptest! {
    #[test]
    fn one_request_at_a_time_bounded_delays_and_closed_is_final(
        policy in policy(),
        events in vec(event(), 0..200),
    ) {
        let one_shot = policy.one_shot;
        let mut controller = Controller::new(policy, Vec::new());
        controller.shuffle(0.999);
        let mut now_ms = 0.0;
        let mut requests = 0;
        let mut is_requested = false;
        let mut is_probing = false;
        let mut is_closed = false;
        for event in events {
            while let Some(output) = controller.poll() {
                prop_assert!(!is_closed, "{output:?} after the end");
                match output {
                    Output::Fetch { .. } => {
                        prop_assert!(!is_requested, "a second request");
                        is_requested = true;
                        is_probing = false;
                        requests += 1;
                    }
                    Output::Probe => {
                        prop_assert!(is_requested);
                        is_probing = true;
                    }
                    Output::Read
                    | Output::Announce
                    | Output::Dispatch
                    | Output::Decide { .. } => {
                        prop_assert!(is_requested);
                    }
                    Output::Reestablish { delay_ms, .. } => {
                        prop_assert!(delay_ms.is_none_or(|ms| ms <= i32::MAX as u32));
                        is_requested = false;
                        is_probing = false;
                    }
                    Output::Fail(_) => is_closed = true,
                }
            }
            prop_assert_eq!(controller.is_closed(), is_closed);
            prop_assert!(controller.is_waiting() || is_closed, "it hangs");
            prop_assert!(controller.wait_ms().is_none_or(|ms| ms <= i32::MAX as u32));
            is_closed |= matches!(event, Event::Close);
            if is_probing && matches!(event, Event::Probed(true)) {
                // Nothing is under way, and the request is made again.
                is_requested = false;
            }
            if let Event::Pass(ms) = event {
                now_ms += ms;
                controller.advance(now_ms);
            }
            handle(&mut controller, &event);
        }
        prop_assert!(!one_shot || requests <= 1, "a one-shot body was sent again");
    }
}

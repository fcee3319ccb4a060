//! A controller and its owner, driven by a program of bytes: any inputs, including late ones, and clocks
//! that go back or stand still. The invariants are in `owner.rs`.

#[path = "owner.rs"]
mod owner;

use eventsource_wasm::{
    controller::{Decision, Input, Signal},
    parser::Interpret,
    policy::{Backoff, NoResponse, Policy, Reconnect, Replay},
};

use owner::Owner;

/// `program`: a policy, then inputs, each a byte that names it and its operands.
pub fn check(program: &[u8]) {
    let mut program = Program(program);
    let Some((policy, random)) = program.policy() else { return };
    let mut owner = Owner::new(policy, random);
    owner.poll();
    while let Some(step) = program.step() {
        match step {
            Step::Pass(ms) => owner.pass(ms),
            Step::UntilDue => owner.wait(true),
            Step::Alarm => owner.wait(false),
            Step::Input(input) => owner.handle(input),
            Step::ResumeByGet => owner.resume_by_get(),
        }
        // `x` closes before the outputs of the previous input are carried out.
        if program.0.first() != Some(&b'x') {
            owner.poll();
        }
    }
    owner.poll();
    owner.does_not_hang();
}

enum Step<'a> {
    Input(Input<'a>),
    /// Time passes, by the wall clock.
    Pass(f64),
    /// As much time passes as the controller waits for.
    UntilDue,
    /// The same, but the wall clock stands still.
    Alarm,
    ResumeByGet,
}

struct Program<'a>(&'a [u8]);

impl<'a> Program<'a> {
    fn take<const BYTES: usize>(&mut self) -> Option<[u8; BYTES]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    fn policy(&mut self) -> Option<(Policy, f64)> {
        let [flags, limit, timeouts, backoff, more] = self.take()?;
        let flag = |bit: u8| flags >> bit & 1 == 1;
        let flag_of_more = |bit: u8| more >> bit & 1 == 1;
        let reconnect = Reconnect {
            backoff: Backoff { max_ms: *pick(&[30_000, 0, 1000, u32::MAX], backoff)? },
            stable_ms: *pick(&[5000, 0, 1000, u32::MAX], backoff >> 2)?,
            max_attempts: u32::from(backoff >> 4 & 3),
            fresh_headers: flag(4),
            asks: flag(5),
        };
        let by_method = match (flag(0), flag_of_more(7)) {
            (false, false) => "GET",
            (false, true) => "PUT",
            (true, _) => "POST",
        };
        let by_method = Policy::for_request(by_method, flag(1));
        let policy = Policy {
            replay: *pick(
                &[by_method.replay, Replay::Always, Replay::Never, Replay::IfResumable],
                more >> 1 & 3,
            )?,
            reconnect: flag(2).then_some(reconnect),
            no_response: match (flag(7), flag_of_more(6)) {
                (true, _) => NoResponse::MayBeRefusal,
                (false, true) => NoResponse::Futile,
                (false, false) => NoResponse::MayPass,
            },
            completes: flag(3),
            comments: limit & 1 == 1,
            interpret: Interpret { empty_events: flag_of_more(3), unterminated: flag_of_more(4) },
            hears_signals: flag_of_more(0),
            open_timeout_ms: u32::from(timeouts & 15) * 1000,
            idle_timeout_ms: u32::from(timeouts >> 4) * 1000,
            learns_idle: flag_of_more(5),
            heartbeat_event: if flag(6) { b"beat".to_vec() } else { Vec::new() },
            heartbeat_comment: if flag(6) { b"beat".to_vec() } else { Vec::new() },
            // Small enough that a chunk can exceed it.
            max_event_bytes: 3 + usize::from(limit),
            ..by_method
        };
        Some((policy, *pick(&[0.5, 0.0, 0.999_999], backoff >> 6)?))
    }

    fn step(&mut self) -> Option<Step<'a>> {
        let [name] = self.take()?;
        Some(Step::Input(match name {
            b't' => return Some(Step::UntilDue),
            b'T' => return Some(Step::Alarm),
            b'+' => return Some(Step::Pass(f64::from(u16::from_be_bytes(self.take()?)) * 16.0)),
            b'-' => return Some(Step::Pass(-f64::from(u16::from_be_bytes(self.take()?)))),
            b'G' => return Some(Step::ResumeByGet),
            b'H' => response(200, Some("text/event-stream"), None),
            b'h' => {
                let [high, low, content_type, retry_after] = self.take()?;
                let content_types = [Some("text/event-stream"), Some("text/html"), None];
                let retry_afters = [None, Some("1"), Some("5"), Some("99999999999999999999")];
                response(
                    u16::from_be_bytes([high, low]),
                    *pick(&content_types, content_type)?,
                    *pick(&retry_afters, retry_after)?,
                )
            }
            b'e' => Input::EndOfBody,
            b'n' => Input::NetworkError,
            b'p' => Input::Probed(false),
            b'P' => Input::Probed(true),
            b'r' => Input::RequestError,
            b'B' => Input::Blocked,
            b'E' => Input::Ending,
            b'a' => Input::ApplicationError,
            b'd' => {
                let [decision, ms] = self.take()?;
                let after = Decision::RetryAfter(*pick(&[0, 1000, u32::MAX], ms)?);
                let decisions = [Decision::Agree, Decision::Stop, Decision::Retry, after];
                Input::Decision(*pick(&decisions, decision)?)
            }
            b's' => {
                let [signal] = self.take()?;
                let signals = [Signal::Offline, Signal::Online, Signal::Visible, Signal::Resumed];
                Input::Signal(*pick(&signals, signal)?)
            }
            b'R' => Input::Reconnect { in_callback: false },
            b'c' => Input::Reconnect { in_callback: true },
            b'X' | b'x' => Input::Close,
            length => {
                let (chunk, rest) = self.0.split_at_checked(usize::from(length))?;
                self.0 = rest;
                Input::Chunk(chunk)
            }
        }))
    }
}

fn response<'a>(
    status: u16,
    content_type: Option<&'a str>,
    retry_after: Option<&'a str>,
) -> Input<'a> {
    let (retry_after_date_ms, date_ms, wall_ms) = (f64::NAN, f64::NAN, 0.0);
    let content_type = content_type.map(str::as_bytes);
    let retry_after = retry_after.map(str::as_bytes);
    Input::Response { status, content_type, retry_after, retry_after_date_ms, date_ms, wall_ms }
}

fn pick<T>(choices: &[T], index: u8) -> Option<&T> {
    choices.iter().cycle().nth(index.into())
}

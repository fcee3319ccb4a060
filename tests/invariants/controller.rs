//! A controller and its owner, driven by a program of bytes: any inputs, those that come too late and
//! clocks that go back included. What must hold is in `owner.rs`.

#[path = "owner.rs"]
mod owner;

use eventsource_wasm::{
    controller::{Decision, Input, Signal},
    policy::{Backoff, NoResponse, Policy, Reconnect},
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
            Step::UntilDue => owner.wait(),
            Step::Input(input) => owner.handle(input),
        }
        // Closing comes before the outputs of the input before it are carried out.
        if program.0.first() != Some(&b'x') {
            owner.poll();
        }
    }
    owner.poll();
    owner.does_not_hang();
}

enum Step<'a> {
    Input(Input<'a>),
    /// Time passes, by a clock on the wall.
    Pass(f64),
    /// As much time passes as the controller waits for.
    UntilDue,
}

struct Program<'a>(&'a [u8]);

impl<'a> Program<'a> {
    fn take<const BYTES: usize>(&mut self) -> Option<[u8; BYTES]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    fn policy(&mut self) -> Option<(Policy, f64)> {
        let [flags, limit, timeouts, backoff] = self.take()?;
        let flag = |bit: u8| flags >> bit & 1 == 1;
        let reconnect = Reconnect {
            backoff: Backoff { max_ms: *pick(&[30_000, 0, 1000, u32::MAX], backoff)? },
            stable_ms: *pick(&[5000, 0, 1000, u32::MAX], backoff >> 2)?,
            max_attempts: u32::from(backoff >> 4 & 3),
            fresh_headers: flag(4),
            asks: flag(5),
        };
        let policy = Policy {
            reconnect: flag(2).then_some(reconnect),
            no_response: if flag(7) { NoResponse::MayBeRefusal } else { NoResponse::MayPass },
            completes: flag(3),
            comments: limit & 1 == 1,
            open_timeout_ms: u32::from(timeouts & 15) * 1000,
            idle_timeout_ms: u32::from(timeouts >> 4) * 1000,
            heartbeat_event: if flag(6) { b"beat".to_vec() } else { Vec::new() },
            heartbeat_comment: if flag(6) { b"beat".to_vec() } else { Vec::new() },
            // Small enough for a chunk to be too large.
            max_event_bytes: 3 + usize::from(limit),
            ..Policy::for_request(if flag(0) { "POST" } else { "GET" }, flag(1))
        };
        let randoms = [0.5, 0.0, 0.999_999];
        Some((policy, *pick(&randoms, backoff >> 6)?))
    }

    fn step(&mut self) -> Option<Step<'a>> {
        let [name] = self.take()?;
        Some(Step::Input(match name {
            b't' => return Some(Step::UntilDue),
            b'+' => return Some(Step::Pass(f64::from(u16::from_be_bytes(self.take()?)) * 16.0)),
            b'-' => return Some(Step::Pass(-f64::from(u16::from_be_bytes(self.take()?)))),
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
            b'R' => Input::Reconnect,
            b'X' | b'x' => Input::Close,
            // Any other byte is the length of a chunk.
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
    Input::Response { status, content_type, retry_after, retry_after_date_ms, date_ms, wall_ms }
}

fn pick<T>(choices: &[T], index: u8) -> Option<&T> {
    choices.iter().cycle().nth(index.into())
}

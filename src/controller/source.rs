//! What the controller keeps: of the source, of one attempt, of one connection.

use alloc::vec::Vec;

use super::{cadence::Cadence, pace::Pace};
use crate::{
    parser::{Batch, Parser, TooLarge, digits},
    policy::{Cause, MAX_DELAY_MS, MIN_DELAY_MS, Policy, Replay, announced_ms},
};

/// Every so many chunks the owner hears of them, events or not: reading goes on in one task, milliseconds
/// for each chunk where the device is slow, and only the owner can let others run.
const QUIET_CHUNKS: u32 = 4;

/// As long as the source lives.
#[derive(Default)]
pub(super) struct Source {
    /// That of the last connection that has ended.
    pub(super) last_event_id: Vec<u8>,
    pub(super) reconnection_time_ms: Option<u64>,
    /// The number of the current attempt.
    pub(super) attempt: u32,
    /// Attempts and connections in a row that came to nothing.
    pub(super) failures: u32,
    /// Why the last connection or attempt ended.
    pub(super) reason: Option<Cause>,
    pub(super) pace: Pace,
    /// Any connection was announced.
    pub(super) established: bool,
    /// The server has given an id to a message, on any connection.
    pub(super) identified: bool,
    /// Fresh headers were tried and no connection was announced since.
    pub(super) refreshed: bool,
    /// Where the device has no network: when to try nevertheless.
    pub(super) offline_until_ms: Option<f64>,
}

/// From the wish for a request to the next one.
#[derive(Default)]
pub(super) struct Attempt {
    /// The request was another than the policy speaks of.
    pub(super) replay: Option<Replay>,
    /// The server has answered a probe.
    pub(super) answered: bool,
    /// What the answer asked for, in milliseconds, and when that is over.
    pub(super) retry_after_ms: u64,
    pub(super) retry_after_until_ms: f64,
    /// No signal makes the next request come earlier.
    pub(super) not_before_ms: f64,
    /// It is among the failures, or has ended their row.
    pub(super) is_counted: bool,
    /// The owner has asked for the next request, which waits for no network.
    pub(super) is_wished: bool,
    /// It is the last one because nobody knows whether it may be made again.
    pub(super) is_withheld: bool,
}

/// One body of one response.
pub(super) struct Connection {
    pub(super) parser: Parser,
    pub(super) announced_ms: f64,
    /// 0: none.
    pub(super) idle_timeout_ms: u32,
    cadence: Cadence,
    /// Any message came.
    pub(super) delivered: bool,
    /// The parser's batch is still to be dispatched.
    pub(super) undispatched: bool,
    /// Chunks since the last dispatch.
    quiet_chunks: u32,
    /// From here an end of the body is proper.
    pub(super) is_ending: bool,
}

impl Connection {
    pub(super) fn new(policy: &Policy, last_event_id: &[u8], now_ms: f64) -> Self {
        let mut parser = Parser::new(last_event_id, policy.max_event_bytes);
        let beats = policy.learns_idle || !policy.heartbeat_comment.is_empty();
        parser.hear_comments(policy.comments || beats);
        parser.interpret(policy.interpret);
        Self {
            parser,
            announced_ms: now_ms,
            idle_timeout_ms: policy.idle_timeout_ms,
            cadence: Cadence::default(),
            delivered: false,
            undispatched: false,
            quiet_chunks: 0,
            is_ending: false,
        }
    }

    pub(super) fn feed(
        &mut self,
        chunk: &[u8],
        policy: &Policy,
        now_ms: f64,
    ) -> Result<(), TooLarge> {
        let fed = self.parser.feed(chunk);
        self.look_at_batch(policy);
        if !policy.heartbeat_event.is_empty() || !policy.heartbeat_comment.is_empty() {
            self.hear_heartbeat(policy);
        }
        if policy.learns_idle && self.batch().has_comments() {
            self.idle_timeout_ms = self.cadence.hear(now_ms).unwrap_or(self.idle_timeout_ms);
        }
        self.quiet_chunks += 1;
        self.undispatched |= self.quiet_chunks == QUIET_CHUNKS;
        if self.undispatched {
            self.quiet_chunks = 0;
        }
        fed
    }

    /// The body is over.
    #[cold]
    pub(super) fn finish(&mut self, policy: &Policy) {
        self.parser.finish();
        self.look_at_batch(policy);
    }

    fn look_at_batch(&mut self, policy: &Policy) {
        let batch = self.parser.batch();
        self.undispatched = batch.has_events() || (policy.comments && !batch.is_empty());
        // Comments and ids are no sign of success.
        self.delivered |= batch.has_messages();
    }

    pub(super) fn batch(&self) -> &Batch {
        self.parser.batch()
    }

    /// [NON-SPEC] A server that says how often it sends something can be missed after twice that time.
    #[cold]
    fn hear_heartbeat(&mut self, policy: &Policy) {
        let Policy { heartbeat_event, heartbeat_comment, .. } = policy;
        let intervals = self.batch().records().filter_map(|record| match record.comment {
            Some(comment) => announced_ms(comment, heartbeat_comment),
            None if record.event_type.unwrap_or(b"message") == heartbeat_event => {
                digits(record.data?)
            }
            None => None,
        });
        if let Some(interval_ms) = intervals.filter(|&ms| ms > 0).last() {
            let twice_ms = (interval_ms.min(MAX_DELAY_MS) * 2).clamp(MIN_DELAY_MS, MAX_DELAY_MS);
            self.idle_timeout_ms = twice_ms as u32;
        }
    }
}

//! The controller's state: per source, per attempt and per connection.

use alloc::vec::Vec;

use super::{cadence::Cadence, pace::Pace};
use crate::{
    parser::{Batch, Parser, TooLarge, digits},
    policy::{Cause, MAX_DELAY_MS, MIN_DELAY_MS, Policy, Replay, announced_ms},
};

/// After this many chunks without events the owner is called anyway: reading continues in one task, a
/// slow device takes milliseconds for each chunk, and only the owner can yield to other tasks.
const QUIET_CHUNKS: u32 = 4;

/// State that lives as long as the source.
#[derive(Default)]
pub(super) struct Source {
    /// The last event ID string of the last connection that has ended.
    pub(super) last_event_id: Vec<u8>,
    pub(super) reconnection_time_ms: Option<u64>,
    /// The number of the current attempt.
    pub(super) attempt: u32,
    /// Failed attempts and connections in a row.
    pub(super) failures: u32,
    /// Why the last connection or attempt ended.
    pub(super) reason: Option<Cause>,
    pub(super) pace: Pace,
    /// A connection was announced before.
    pub(super) established: bool,
    /// The server has sent a message with an id, on any connection.
    pub(super) identified: bool,
    /// Fresh headers were tried and no connection was announced since.
    pub(super) refreshed: bool,
    /// While the device is offline: when to try nevertheless.
    pub(super) offline_until_ms: Option<f64>,
}

/// State from the decision to make a request until the next one.
#[derive(Default)]
pub(super) struct Attempt {
    /// Overrides the policy's rule: the request was a different one.
    pub(super) replay: Option<Replay>,
    /// The server has answered a probe.
    pub(super) answered: bool,
    /// What `Retry-After` asked for, in milliseconds, and when that is over.
    pub(super) retry_after_ms: u64,
    pub(super) retry_after_until_ms: f64,
    /// No signal moves the next request to before this.
    pub(super) not_before_ms: f64,
    /// It was counted as a failure, or has reset the count.
    pub(super) is_counted: bool,
    /// The owner has asked for the next request, so it does not wait for a network.
    pub(super) is_wished: bool,
    /// It is the last one only because repeating it may not be safe.
    pub(super) is_withheld: bool,
}

/// State of one response body.
pub(super) struct Connection {
    pub(super) parser: Parser,
    pub(super) announced_ms: f64,
    /// 0: none.
    pub(super) idle_timeout_ms: u32,
    cadence: Cadence,
    /// A message has arrived.
    pub(super) delivered: bool,
    /// The parser's batch has yet to be dispatched.
    pub(super) undispatched: bool,
    /// Chunks since the last dispatch.
    quiet_chunks: u32,
    /// From now on the body may properly end.
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

    /// Handles the end of the body.
    #[cold]
    pub(super) fn finish(&mut self, policy: &Policy) {
        self.parser.finish();
        self.look_at_batch(policy);
    }

    fn look_at_batch(&mut self, policy: &Policy) {
        let batch = self.parser.batch();
        self.undispatched = batch.has_events() || (policy.comments && !batch.is_empty());
        // Comments and ids do not count as success.
        self.delivered |= batch.has_messages();
    }

    pub(super) fn batch(&self) -> &Batch {
        self.parser.batch()
    }

    /// [NON-SPEC] If a server announces how often it sends something, the timeout is twice that interval.
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

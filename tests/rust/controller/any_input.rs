//! The invariants of the controller, for any input under any policy. The fuzzer tries to break the same
//! ones; these programs are made of likely pieces.

use proptest::{collection::vec, prelude::*, sample::select};

use crate::invariants::controller::check;

/// The bytes that name a step. Any other is the length of a chunk.
const STEPS: &[u8] = b"tT+-HhenpPrBEadsRcGXx";

/// A named step and possible operands.
fn step() -> impl Strategy<Value = Vec<u8>> {
    let response = prop_oneof![
        Just(vec![b'H']),
        select(vec![200, 204, 401, 429, 503]).prop_flat_map(|status: u16| {
            let [high, low] = status.to_be_bytes();
            (0..3_u8, 0..4_u8).prop_map(move |(mime, after)| vec![b'h', high, low, mime, after])
        })
    ];
    let lines = "(data: [a-z]{0,9}\n|id: ?[0-9]?\n|event: beat\n|data: [0-9]{1,5}\n|retry: [0-9]{1,12}\n|: beat [0-9]\n|\n){0,4}";
    let chunk = prop_oneof![lines.prop_map(String::into_bytes), vec(any::<u8>(), 0..40)];
    let chunk = chunk.prop_filter("the length of a chunk must not name a step", |chunk| {
        u8::try_from(chunk.len()).is_ok_and(|length| !STEPS.contains(&length))
    });
    prop_oneof![
        3 => response,
        6 => chunk.prop_map(|chunk| [vec![chunk.len() as u8], chunk].concat()),
        4 => select(vec![vec![b't'], vec![b'T']]),
        4 => select(STEPS.to_vec()).prop_map(|name| vec![name]),
        4 => (select(STEPS.to_vec()), vec(any::<u8>(), 0..3))
            .prop_map(|(name, operands)| [vec![name], operands].concat()),
    ]
}

proptest! {
    #[test]
    fn keeps_the_invariants(policy in vec(any::<u8>(), 5), steps in vec(step(), 0..150)) {
        check(&[policy, steps.concat()].concat());
    }
}

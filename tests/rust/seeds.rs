//! The fuzzers' seeds and the cases they have found, replayed.

use std::{fs, path::Path};

/// Runs `check` on every file kept for the fuzz target.
#[allow(clippy::expect_used, reason = "called by tests only")]
fn replay(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let mut replayed = 0;
    for file in fs::read_dir(&folder).expect("the seeds") {
        let path = file.expect("a seed").path();
        println!("{}", path.display());
        check(&fs::read(path).expect("bytes"));
        replayed += 1;
    }
    assert!(replayed > 0, "no seeds in {}", folder.display());
}

#[test]
fn parser_seeds_keep_the_invariants() {
    replay("parser", crate::invariants::parser::check);
}

#[test]
fn controller_seeds_keep_the_invariants() {
    replay("controller", crate::invariants::controller::check);
}

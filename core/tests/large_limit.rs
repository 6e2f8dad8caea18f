//! Who wants no limit says a large number. The table of events was made for all of it, at the first event read.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use ouroborosdb::{Database, Options};

#[test]
fn a_limit_beyond_all_memory_is_no_table_beyond_it() {
    for limit in [1 << 50, u64::MAX] {
        let db = Database::open_in_memory(Options::new().memory_limit(limit)).unwrap();
        let root = db.create_root("r").unwrap();
        for _ in 0..2 {
            assert_eq!(db.event(root).unwrap().title(), Some("r"));
        }
    }
}

//! Single flipped bytes, anywhere in the segments: nothing wrong is ever given out as data, and verify names
//! what is concerned.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::path::PathBuf;

use ouroborosdb::{Database, EventId, Options, VerifyOptions, VerifyReport};
use support::{Random, all_answers, copy_store, make_store, overwrite, segments};

const FLIPS: usize = 1000;
/// Each with copies of its own.
const THREADS: u64 = 2;

struct Look {
    answers: Vec<String>,
    report: VerifyReport,
}

fn look(store: &std::path::Path, ids: &[EventId]) -> Look {
    let db = Database::open_read_only(store, Options::new()).expect("a damaged segment still opens");
    let report = db.verify(VerifyOptions::new()).unwrap();
    Look { answers: all_answers(&db, ids), report }
}

/// Nothing that is given out differs from what was stored: an answer is the right one, or an error, or (where
/// the damage took an event) an answer that lacks something.
fn check_no_false_data(flip: &str, whole: &[String], damaged: &[String]) {
    for (whole, damaged) in whole.iter().zip(damaged) {
        let is_data = whole.contains(" file Ok(") || whole.contains(" event Ok(");
        let right = whole == damaged || damaged.contains("Err(") || !is_data;
        assert!(right, "{flip}: damaged bytes were given out as data\n{whole:.300}\n{damaged:.300}");
    }
}

#[test]
fn verify_finds_every_flip_that_a_reader_could_see() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store");
    let ids = make_store(&store);
    let whole = look(&store, &ids);
    assert!(whole.report.is_clean(), "{:?}", whole.report.problems);
    let (seen, unseen) = std::thread::scope(|scope| {
        let flip = |seed: u64| {
            let (store, bare) =
                (folder.path().join(format!("{seed}")), folder.path().join(format!("{seed} bare")));
            copy_store(&folder.path().join("store"), &store);
            copy_store(&store, &bare);
            std::fs::remove_dir_all(bare.join("index")).unwrap();
            flip_in(&[store, bare], &ids, &whole.answers, Random(seed))
        };
        let threads: Vec<_> = (0..THREADS).map(|number| scope.spawn(move || flip(42 + number))).collect();
        let found = threads.into_iter().map(|thread| thread.join().expect("its message is above"));
        found.fold((0, 0), |all, found| (all.0 + found.0, all.1 + found.1))
    });
    assert!(seen >= FLIPS);
    println!("{seen} flips that a reader could see, all found; {unseen} that change nothing");
    assert!(unseen < seen, "most flips hit something");
}

/// Flips bits in each of these copies of a store: one with the index that the clean close left, one with the log alone.
/// Gives how many a reader could see, and how many not.
fn flip_in(copies: &[PathBuf], ids: &[EventId], whole: &[String], mut random: Random) -> (usize, usize) {
    let bytes: Vec<Vec<u8>> = segments(&copies[0]).iter().map(|path| std::fs::read(path).unwrap()).collect();
    let total: u64 = bytes.iter().map(|bytes| bytes.len() as u64).sum();
    let (mut seen, mut unseen) = (0, 0);
    while seen < FLIPS.div_ceil(THREADS as usize) {
        let mut at = random.below(total);
        let mut segment = 0;
        while at >= bytes[segment].len() as u64 {
            at -= bytes[segment].len() as u64;
            segment += 1;
        }
        let bit = 1u8 << random.below(8);
        let right = bytes[segment][at as usize];
        let mut visible = false;
        for store in copies {
            let path = &segments(store)[segment];
            overwrite(path, at, &[right ^ bit]);
            let found = look(store, ids);
            overwrite(path, at, &[right]);
            let flip = format!("segment {}, byte {at}, bit {bit:#x}, {}", segment + 1, store.display());
            check_no_false_data(&flip, whole, &found.answers);
            if found.answers != whole {
                visible = true;
                assert!(!found.report.is_clean(), "{flip}: verify saw nothing");
                // Of an event whose header is lost, and that nothing hangs under, only the number is left.
                let named = found.report.problems.iter().any(|problem| {
                    problem.event.is_some() || problem.message.contains("the event of sequence number")
                });
                assert!(named, "{flip}: no event is named in {:?}", found.report.problems);
            }
        }
        *if visible { &mut seen } else { &mut unseen } += 1;
    }
    (seen, unseen)
}

#[test]
fn a_truncated_segment_in_the_middle_opens_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store");
    let ids = make_store(&store);
    std::fs::remove_dir_all(store.join("index")).unwrap();
    let path = &segments(&store)[0];
    let length = std::fs::metadata(path).unwrap().len();
    let kept = std::fs::read(path).unwrap()[..(length / 2) as usize].to_vec();
    std::fs::remove_file(path).unwrap();
    std::fs::write(path, kept).unwrap();
    let found = look(&store, &ids);
    assert!(!found.report.is_clean());
    let readable = found.answers.iter().filter(|answer| answer.contains(" file Ok(")).count();
    assert!(readable > 0, "what stands in other segments is still read");
}

#[test]
fn a_lost_segment_opens_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store");
    let ids = make_store(&store);
    for keep_index in [true, false] {
        let copy = folder.path().join(format!("copy {keep_index}"));
        copy_store(&store, &copy);
        if !keep_index {
            std::fs::remove_dir_all(copy.join("index")).unwrap();
        }
        std::fs::remove_file(&segments(&copy)[1]).unwrap();
        let found = look(&copy, &ids);
        assert!(!found.report.is_clean());
        let message = found.report.problems.iter().any(|problem| problem.message.contains("segment 2"));
        assert!(message, "{:?}", found.report.problems.first());
    }
}

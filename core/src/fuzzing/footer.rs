//! The footer of a segment, and the plan that is made of what it says.

use std::path::Path;

use super::input::Input;
use super::record::seed;
use crate::log::{Footer, Seed, Tally};
use crate::vfs::{MemoryVfs, Vfs};

/// What is decoded encodes to the same, and only at its place; whatever a whole one says, a segment is read in pieces of a
/// size that is bounded; and what was damaged or cut is none.
pub fn footer(data: &[u8]) {
    let mut input = Input::new(data);
    match input.u8() % 3 {
        0 => {
            let offset = input.u64();
            a_footer(input.rest(), offset);
        }
        1 => {
            let footer = forged(&mut input);
            let bytes = footer.encode(&seed());
            assert_eq!(
                Footer::decode(&bytes, &seed(), footer.offset),
                Some(footer),
                "it says something else"
            );
            a_footer(&bytes, footer.offset);
            crate::store::check_plan(&footer);
        }
        _ => behind_a_segment(&mut input),
    }
}

fn a_footer(bytes: &[u8], offset: u64) {
    let Some(found) = Footer::decode(bytes, &seed(), offset) else { return };
    assert_eq!(found.encode(&seed()), bytes, "a footer has two forms");
    assert_eq!(found.offset, offset);
    let elsewhere = Footer::decode(bytes, &seed(), offset ^ 8);
    let of_another = Footer::decode(bytes, &Seed::new([3; 16], 5), offset);
    assert!(elsewhere.is_none() && of_another.is_none(), "it is of two places");
}

/// A footer with the right checksum that says whatever the input wants.
fn forged(input: &mut Input<'_>) -> Footer {
    Footer {
        offset: input.u64(),
        tally: Tally::of(std::array::from_fn(|_| input.u64())),
        sequence_start: input.u64(),
        sequence_end: input.u64(),
        clock: input.u64(),
        commit_offset: input.u64(),
        commit_check: input.u64(),
    }
}

/// A footer that was overwritten and cut, with something behind it.
fn behind_a_segment(input: &mut Input<'_>) {
    let offset = 64 + u64::from(input.u8()) * 8;
    let footer = Footer { offset, ..forged(input) };
    let mut bytes = footer.encode(&seed());
    let (from, cut) = (usize::from(input.u8()), usize::from(input.u8()));
    let over = std::mem::replace(input, Input::new(&[])).rest();
    let before = bytes.clone();
    bytes.iter_mut().skip(from).zip(over).for_each(|(place, byte)| *place = *byte);
    bytes.truncate(cut);
    let file = MemoryVfs::new(u64::MAX).create_new(Path::new("/segment"));
    let file = file.unwrap_or_else(|error| unreachable!("memory takes a file: {error}"));
    for (part, at) in [(vec![1; offset as usize], 0), (bytes.clone(), offset)] {
        file.write_all_at(&part, at).unwrap_or_else(|error| unreachable!("memory takes bytes: {error}"));
    }
    let found = Footer::at(file.as_ref(), &seed(), offset);
    let found = found.unwrap_or_else(|error| unreachable!("memory is readable: {error:?}"));
    assert_eq!(
        found,
        (bytes == before).then_some(footer),
        "what was damaged is taken, or what was not is refused"
    );
}

/// As they are, forged, and behind a segment: whole, overwritten, cut.
pub(super) fn seeds() -> Vec<Vec<u8>> {
    let numbers: Vec<u8> = (1..=12u64).flat_map(|number| (number * 1000).to_le_bytes()).collect();
    let mut input = Input::new(&numbers);
    let footer = forged(&mut input);
    let whole = [&[0][..], &footer.offset.to_le_bytes(), &footer.encode(&seed())].concat();
    let huge = [u64::MAX; 12].iter().flat_map(|number| number.to_le_bytes());
    let behind = |from: u8, cut: u8, over: &[u8]| [&[2, 9][..], &numbers, &[from, cut], over].concat();
    vec![
        whole,
        [&[1][..], &numbers].concat(),
        std::iter::once(1).chain(huge).collect(),
        [&[1][..], &[0; 96]].concat(),
        behind(255, 255, &[]),
        behind(0, 255, b"orec"),
        behind(20, 255, &[0xff; 9]),
        behind(255, 60, &[]),
    ]
}

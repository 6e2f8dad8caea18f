//! What the footer of a segment says, held against what the segment has.

use super::{Found, Problem};
use crate::error::Result;
use crate::log::{FOOTER_BYTES, Footer, ScanEnd, Segment, SegmentHeader, Window, commit_check_at};
use crate::vfs::VfsFile;

/// Tells of a footer that is lost or damaged, or that is of another segment than this one, which was read to its end.
/// `expected` says whether the next segment vouches for there being one; otherwise what looks like one counts for nothing.
pub(super) fn check(
    segment: &Segment,
    header: Option<&SegmentHeader>,
    expected: bool,
    file: &dyn VfsFile,
    scan: &ScanEnd,
    found: &mut Found,
) -> Result<()> {
    let (number, end) = (segment.number(), segment.end());
    if !expected {
        return Ok(());
    }
    let message = match Footer::at(file, segment.seed(), end)? {
        None => {
            format!(
                "the footer of segment {number} is damaged; nothing rests on it, and no record is affected"
            )
        }
        // What is damaged is told by itself, and was counted otherwise.
        Some(_) if !scan.damage.is_empty() => return Ok(()),
        Some(footer) => match difference(&footer, segment, header, file, scan)? {
            None => return Ok(()),
            Some(what) => {
                format!("the footer of segment {number} says {what}; take the segment from a backup")
            }
        },
    };
    found.report.add(Problem {
        segment: Some(number),
        offset: Some(end),
        length: Some(FOOTER_BYTES as u64),
        message,
        ..Problem::default()
    });
    Ok(())
}

/// What a whole footer says that is not so.
fn difference(
    footer: &Footer,
    segment: &Segment,
    header: Option<&SegmentHeader>,
    file: &dyn VfsFile,
    scan: &ScanEnd,
) -> Result<Option<String>> {
    let (said, there) = (&footer.tally, &scan.tally);
    let counts = [
        ("records", said.records, there.records),
        ("batches", said.commits, there.commits),
        ("events", said.events, there.events),
        ("chunks", said.chunks, there.chunks),
        ("chunk lists", said.lists, there.lists),
    ];
    if let Some((what, said, there)) = counts.iter().find(|(_, said, there)| said != there) {
        return Ok(Some(format!("that it has {said} {what}, and it has {there}")));
    }
    if said.headers != there.headers {
        return Ok(Some("that it has records with other headers".to_owned()));
    }
    if header.is_some_and(|header| header.sequence_start != footer.sequence_start)
        || footer.sequence_end < scan.sequence_end
    {
        return Ok(Some("that its events have other numbers".to_owned()));
    }
    if footer.clock < scan.clock {
        return Ok(Some("an earlier time than its batches do".to_owned()));
    }
    let mut window = Window::new(file, segment.end());
    let last = commit_check_at(&mut window, segment.seed(), footer.commit_offset)?;
    let ends = last == Some((segment.end(), footer.commit_check));
    Ok((!ends).then(|| "that another commit record ends it".to_owned()))
}

//! What a backup came to.

/// What a backup came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BackupReport {
    /// The copy holds the events up to this sequence number; 0 for none.
    pub sequence: u64,
    /// Segments of the copy.
    pub segments: u64,
    /// Bytes of segments that were copied by this call.
    pub bytes_copied: u64,
    /// Bytes of segments that were there from earlier calls.
    pub bytes_kept: u64,
    /// Stretches among the copied ones that cannot be read. They are damaged in the store that was copied as well, or
    /// on the way from it: `verify` there tells. And segments that the store lacks itself, each time.
    pub damaged_ranges: u64,
}

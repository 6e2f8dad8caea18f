//! An index that is being made of what the segments hold: items come in order, and tiers are made of what becomes too
//! much for memory.

use std::sync::Arc;

use parking_lot::RwLock;

use super::pieces::{Stretch, TiersSoFar};
use super::tiers::TierFolder;
use crate::error::Result;
use crate::index::{Index, Item};
use crate::log::{ScanEnd, Scanned};

pub(super) struct Filling<'a> {
    pub(super) index: &'a mut Index,
    /// None for a reader, who keeps all in memory.
    tiers: Option<&'a mut TierFolder>,
    so_far: Arc<TiersSoFar>,
    /// Whether other threads help.
    beside: bool,
    /// Told the bytes of each record.
    advance: &'a mut dyn FnMut(u64) -> Result<()>,
}

impl<'a> Filling<'a> {
    pub(super) fn new(
        index: &'a mut Index,
        tiers: Option<&'a mut TierFolder>,
        beside: bool,
        advance: &'a mut dyn FnMut(u64) -> Result<()>,
    ) -> Filling<'a> {
        let so_far = Arc::new(RwLock::new(index.tiers().into()));
        Filling { index, tiers, so_far, beside, advance }
    }

    /// Takes in a stretch, on all processors.
    pub(super) fn read(&mut self, stretch: &Stretch<'_>) -> Result<ScanEnd> {
        let so_far = Arc::clone(&self.so_far);
        stretch.read(&so_far, self.beside, &mut |records, items| self.take(records, items))
    }

    /// Takes in a record that was read by somebody else.
    pub(super) fn insert(&mut self, segment: u64, scanned: &Scanned<'_>) -> Result<()> {
        (self.advance)(scanned.header.record_bytes())?;
        self.index.insert_scanned(segment, scanned);
        self.spill();
        Ok(())
    }

    fn take(&mut self, records: &[(u32, u32)], mut items: Vec<Item>) -> Result<()> {
        let (mut rest, mut near) = (items.as_mut_slice(), 0);
        for (bytes, count) in records {
            (self.advance)(u64::from(*bytes))?;
            for _ in 0..*count {
                if near == 0 {
                    near = self.index.touch(rest);
                }
                near = near.saturating_sub(1);
                if let Some((item, later)) = std::mem::take(&mut rest).split_first_mut() {
                    self.index.insert_item(item);
                    rest = later;
                }
            }
            self.spill();
        }
        if let Some(tiers) = self.tiers.as_mut().filter(|tiers| tiers.has_made()) {
            tiers.settle(self.index);
        }
        if self.so_far.read().len() != self.index.tiers().len() {
            *self.so_far.write() = self.index.tiers().into();
        }
        Ok(())
    }

    fn spill(&mut self) {
        if let Some(tiers) = &mut self.tiers {
            tiers.spill_if_full(self.index, self.beside);
        }
    }
}

impl Drop for Filling<'_> {
    /// Nothing is put aside in an index that is in use.
    fn drop(&mut self) {
        if let Some(tiers) = &mut self.tiers {
            tiers.settle(self.index);
        }
    }
}

//! The block collections that are open, innermost last.

use crate::yaml::table::MAX_DEPTH;

/// An open block collection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    node: u32,
    column: u32,
    /// Right after the colon or dash whose value has not come; 0 when none is awaited.
    pending: u32,
    seq: bool,
}

impl Frame {
    pub(super) fn node(self) -> usize {
        self.node as usize
    }

    pub(super) fn column(self) -> usize {
        self.column as usize
    }

    pub(super) fn is_seq(self) -> bool {
        self.seq
    }

    pub(super) fn pending(self) -> Option<usize> {
        (self.pending != 0).then_some(self.pending as usize)
    }
}

/// A stack of frames.
#[derive(Debug, Default)]
pub(super) struct Frames(Vec<Frame>);

impl Frames {
    pub(super) fn last(&self) -> Option<Frame> {
        self.0.last().copied()
    }

    pub(super) fn depth(&self) -> usize {
        self.0.len()
    }

    /// `None` when the nesting is too deep.
    pub(super) fn push(&mut self, node: usize, column: usize, seq: bool) -> Option<()> {
        if self.0.len() >= MAX_DEPTH {
            return None;
        }
        let (node, column) = (super::bytes::offset(node), super::bytes::offset(column));
        self.0.push(Frame { node, column, pending: 0, seq });
        Some(())
    }

    pub(super) fn pop(&mut self) -> Option<Frame> {
        self.0.pop()
    }

    pub(super) fn set_pending(&mut self, place: usize) {
        if let Some(top) = self.0.last_mut() {
            top.pending = super::bytes::offset(place);
        }
    }

    pub(super) fn clear_pending(&mut self) {
        if let Some(top) = self.0.last_mut() {
            top.pending = 0;
        }
    }
}

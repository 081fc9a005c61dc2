//! Plain values that edits write: what JSON can say, with keys in the order they are to appear.

/// A value to write. Map keys keep their order.
pub type Data = serde_json::Value;

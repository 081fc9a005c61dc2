//! The second parser: granit decides what the structure is, the text says where everything stands.
//!
//! granit's spans are not used for indicators, empty values, block scalars or collections: those are found by reading
//! the text forward from one node to the next, which only works when both agree.

mod place;

pub(super) use place::unknown_anchor;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span, StructureStyle};

use super::error::Fault;
use super::table::{MAX_DEPTH, Table, too_deep};
use super::tree::{Kind, Node, Property};
use place::Cursor;

/// Parses one document's content into an empty table.
pub(super) fn parse(text: &str, table: &mut Table) -> Result<(), Fault> {
    let start = if text.starts_with(super::cut::BOM) { super::cut::BOM.len() } else { 0 };
    let options = granit_parser::options! {
        emit_comments: false,
        disallow_directives: true,
        emit_unresolved_aliases: true,
        flow_nesting_limit: MAX_DEPTH + 1,
        block_nesting_limit: MAX_DEPTH + 1,
    };
    let mut parser = Parser::new_from_str_with_options(&text[start..], options);
    let mut reader = Reader {
        text,
        start,
        cursor: Cursor::new(text, start),
        table,
        open: Vec::new(),
        anchors: Vec::new(),
        roots: 0,
    };
    while let Some(next) = parser.next_event() {
        let (event, span) = next.map_err(|error| reader.syntax(&error))?;
        reader.event(&event, &span)?;
    }
    Ok(())
}

/// A collection whose end has not come.
struct Open {
    node: usize,
    block: bool,
    /// A flow mapping without braces: `[a: b]`.
    bare_pair: bool,
    map: bool,
    /// Children so far.
    count: usize,
    /// Column of the keys or dashes of a block collection.
    column: usize,
    /// Where the last key starts when it must end on its line.
    key: Option<usize>,
}

struct Reader<'t> {
    text: &'t str,
    /// Where granit's text starts.
    start: usize,
    cursor: Cursor<'t>,
    table: &'t mut Table,
    open: Vec<Open>,
    /// By granit's anchor number less one.
    anchors: Vec<Option<u32>>,
    roots: usize,
}

/// A node's anchor and tag as granit tells it.
#[derive(Clone, Copy)]
struct Marks {
    anchor: usize,
    tag: bool,
}

impl Reader<'_> {
    fn event(&mut self, event: &Event<'_>, span: &Span) -> Result<(), Fault> {
        match event {
            Event::DocumentStart(..) => {
                self.roots += 1;
                if self.roots > 1 {
                    return Err(place::second_root(self.offset(span)));
                }
                Ok(())
            }
            Event::Scalar(_, style, anchor, tag) => {
                self.scalar(*style, Marks { anchor: *anchor, tag: tag.is_some() }, span)
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.open(*style, false, Marks { anchor: *anchor, tag: tag.is_some() })
            }
            Event::MappingStart(style, anchor, tag) => {
                self.open(*style, true, Marks { anchor: *anchor, tag: tag.is_some() })
            }
            Event::Alias(id) => self.alias(*id, span),
            Event::UnresolvedAlias(_) => self.foreign_alias(span),
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            _ => Ok(()),
        }
    }

    fn offset(&self, span: &Span) -> usize {
        self.start + span.start.byte_offset().unwrap_or(0)
    }

    fn end(&self, span: &Span) -> usize {
        self.start + span.end.byte_offset().unwrap_or(0)
    }

    /// Reads the indicators that stand before the next node; flags for it.
    fn begin(&mut self, empty: bool) -> Result<u8, Fault> {
        let Some(parent) = self.open.last_mut() else { return Ok(0) };
        let count = parent.count;
        parent.count += 1;
        let is_key = parent.map && count.is_multiple_of(2);
        if parent.map && !is_key {
            self.cursor.colon(parent.block, empty, parent.key)?;
            let plain = self.table.nodes.last().is_some_and(|key| key.kind == Kind::Plain);
            if plain && !parent.block {
                self.cursor.check_glued_colon()?;
            }
            return Ok(0);
        }
        if !parent.block {
            let flags = self.cursor.flow_entry(count > 0, parent.map && !parent.bare_pair)?;
            if is_key {
                self.cursor.skip();
                parent.key = (flags & Node::EXPLICIT == 0).then_some(self.cursor.at());
            }
            return Ok(flags);
        }
        let (at, flags) = if parent.map { self.cursor.key()? } else { (self.cursor.dash()?, 0) };
        if count == 0 {
            parent.column = self.cursor.column(at);
            let node = &mut self.table.nodes[parent.node];
            (node.start, node.column) = (place::offset(at), place::column(parent.column));
        }
        Ok(flags)
    }

    /// Reads a node's anchor and tag.
    fn marks(&mut self, marks: Marks) -> Result<u8, Fault> {
        if marks.anchor == 0 && !marks.tag {
            return Ok(0);
        }
        let (anchor, tag) = self.cursor.properties(marks.anchor != 0, marks.tag)?;
        let node = place::offset(self.table.nodes.len());
        let mut flags = 0;
        if anchor.is_some() {
            flags |= Node::ANCHOR;
            self.anchors.resize(self.anchors.len().max(marks.anchor), None);
            self.anchors[marks.anchor - 1] = Some(node);
        }
        if tag.is_some() {
            flags |= Node::TAG;
        }
        self.table.properties.push(Property { node, anchor, tag, target: None });
        Ok(flags)
    }

    fn scalar(&mut self, style: ScalarStyle, marks: Marks, span: &Span) -> Result<(), Fault> {
        let (start, end) = (self.offset(span), self.end(span));
        let empty = style == ScalarStyle::Plain && start == end;
        let flags = self.begin(empty && marks.anchor == 0 && !marks.tag)? | self.marks(marks)?;
        if empty {
            let at = self.cursor.at();
            self.leaf(Kind::Empty, at, at, flags);
            return Ok(());
        }
        self.cursor.skip();
        let at = self.cursor.at();
        let (kind, end) = match style {
            ScalarStyle::Plain => (Kind::Plain, end),
            ScalarStyle::SingleQuoted => (Kind::Single, end),
            ScalarStyle::DoubleQuoted => (Kind::Double, end),
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let parent = self.open.last().map(|open| open.column);
                let kind = if style == ScalarStyle::Literal { Kind::Literal } else { Kind::Folded };
                (kind, self.cursor.block_scalar(parent)?)
            }
        };
        if matches!(kind, Kind::Plain | Kind::Single | Kind::Double) && at != start {
            return Err(place::lost(at));
        }
        if kind == Kind::Plain && self.open.last().is_some_and(|open| !open.block) {
            place::check_flow_plain(&self.text[at..end], at)?;
        }
        let lines = kind == Kind::Plain && memchr::memchr(b'\n', &self.text.as_bytes()[at..end]).is_some();
        self.leaf(kind, at, end, if lines { flags | Node::LINES } else { flags });
        Ok(())
    }

    fn leaf(&mut self, kind: Kind, start: usize, end: usize, flags: u8) {
        self.cursor.set(end);
        let column = self.cursor.column(start);
        self.table.push(Node {
            start: place::offset(start),
            end: place::offset(end),
            next: place::offset(self.table.nodes.len() + 1),
            column: place::column(column),
            kind,
            flags,
        });
    }

    fn alias(&mut self, id: usize, span: &Span) -> Result<(), Fault> {
        let (flags, start, end) = self.alias_name(span)?;
        let target = id.checked_sub(1).and_then(|index| self.anchors.get(index).copied().flatten());
        let Some(target) = target else { return Err(place::unknown_anchor(start)) };
        if self.open.iter().any(|open| open.node == target as usize) {
            return Err(place::contains_itself(start));
        }
        let node = place::offset(self.table.nodes.len());
        self.table.properties.push(Property { node, anchor: None, tag: None, target: Some(target) });
        self.leaf(Kind::Alias, start, end, flags);
        Ok(())
    }

    /// Reads the name of an alias; its flags and place.
    fn alias_name(&mut self, span: &Span) -> Result<(u8, usize, usize), Fault> {
        let flags = self.begin(false)?;
        self.cursor.skip();
        let (start, end) = (self.cursor.at(), self.end(span));
        if start != self.offset(span) {
            return Err(place::lost(start));
        }
        place::check_name(self.text, start + 1..end)?;
        Ok((flags, start, end))
    }

    fn foreign_alias(&mut self, span: &Span) -> Result<(), Fault> {
        let (flags, start, end) = self.alias_name(span)?;
        match &mut self.table.foreign {
            Some(foreign) => foreign.push(start..end),
            None => return Err(place::unknown_anchor(start)),
        }
        // Read as a null until someone puts the value here.
        self.leaf(Kind::Empty, start, start, flags);
        self.cursor.set(end);
        Ok(())
    }

    fn open(&mut self, style: StructureStyle, map: bool, marks: Marks) -> Result<(), Fault> {
        let flags = self.begin(false)? | self.marks(marks)?;
        let block = style == StructureStyle::Block;
        let before = self.cursor.at();
        self.cursor.skip();
        let at = self.cursor.at();
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep(at));
        }
        let bare_pair = !block && map && !self.cursor.starts_with(b'{');
        let kind = match (block, map) {
            (true, true) => Kind::Map,
            (true, false) => Kind::Seq,
            (false, true) => Kind::FlowMap,
            (false, false) => Kind::FlowSeq,
        };
        let column = self.cursor.column(at);
        self.open.push(Open {
            node: self.table.nodes.len(),
            block,
            bare_pair,
            map,
            count: 0,
            column,
            key: None,
        });
        self.table.push(Node {
            start: place::offset(at),
            end: 0,
            next: 0,
            column: place::column(column),
            kind,
            flags,
        });
        self.cursor.set(if block || bare_pair { before } else { at + 1 });
        Ok(())
    }

    fn close(&mut self) -> Result<(), Fault> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        if !open.block && !open.bare_pair {
            self.cursor.closing(if open.map { b'}' } else { b']' })?;
        }
        let next = place::offset(self.table.nodes.len());
        let node = &mut self.table.nodes[open.node];
        node.end = place::offset(self.cursor.at());
        node.next = next;
        Ok(())
    }

    fn syntax(&self, error: &ScanError) -> Fault {
        let at = (self.start + error.marker().byte_offset().unwrap_or(0)).min(self.text.len());
        place::syntax(at, error.kind())
    }
}

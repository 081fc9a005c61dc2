//! Where in a source file something can be switched at run time: operators with their operands, arms, guards, bodies.

use std::collections::HashMap;
use std::ops::Range;

use anyhow::{Context, Result};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{BinOp, Block, Expr, Signature, UnOp};

use super::list::{Genre, Position};

/// What is switched, as byte ranges of the file.
#[derive(Debug, Clone)]
pub enum Form {
    /// `left op right`.
    Binary { left: Range<usize>, op: Range<usize>, right: Range<usize> },
    /// `op operand`.
    Unary { op: Range<usize>, operand: Range<usize> },
    /// The end of an arm's pattern.
    Arm { at: usize },
    /// The condition of an arm.
    Guard { guard: Range<usize> },
    /// The start of a function's first statement.
    Body { at: usize },
}

impl Form {
    /// All that the form takes the place of; empty where it only adds.
    pub fn whole(&self) -> Range<usize> {
        match self {
            Self::Binary { left, right, .. } => left.start..right.end,
            Self::Unary { op, operand } => op.start..operand.end,
            Self::Arm { at } | Self::Body { at } => *at..*at,
            Self::Guard { guard } => guard.clone(),
        }
    }
}

/// The forms of a file, by what cargo-mutants calls their start.
pub type Forms = HashMap<(Genre, usize), Form>;

/// The byte positions of a text by line and column.
pub struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub fn new(text: &'t str) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(breaks).collect() }
    }

    /// The byte at a position whose line and column count from 1.
    pub fn byte(&self, position: Position) -> usize {
        let start = self.starts[position.line - 1];
        let mut characters = self.text[start..].char_indices();
        characters.nth(position.column - 1).map_or(self.text.len(), |(at, _)| start + at)
    }

    fn text(&self, node: &impl Spanned) -> &'t str {
        &self.text[self.range(node)]
    }

    fn range(&self, node: &impl Spanned) -> Range<usize> {
        let span = node.span();
        let byte = |at: proc_macro2::LineColumn| self.byte(Position { line: at.line, column: at.column + 1 });
        byte(span.start())..byte(span.end())
    }
}

/// Finds the forms of a file.
pub fn find(text: &str) -> Result<Forms> {
    let file = syn::parse_file(text).context("cannot be parsed")?;
    let mut finder = Finder { lines: Lines::new(text), forms: Forms::new() };
    finder.visit_file(&file);
    Ok(finder.forms)
}

struct Finder<'t> {
    lines: Lines<'t>,
    forms: Forms,
}

impl Finder<'_> {
    fn add(&mut self, genre: Genre, start: usize, form: Form) {
        self.forms.insert((genre, start), form);
    }

    /// Whether the body is evaluated at run time; if so its start is a form.
    fn enter(&mut self, signature: &Signature, block: &Block) -> bool {
        if signature.constness.is_some() {
            return false;
        }
        // What a function hides behind `impl` is of the one type that its end has.
        let hidden = self.lines.text(&signature.output).contains("impl ");
        if let Some(first) = block.stmts.first().filter(|_| !hidden) {
            let at = self.lines.range(first).start;
            self.add(Genre::FnValue, at, Form::Body { at });
        }
        true
    }
}

/// Whether `if let` hangs on it: then it is no expression of its own.
fn has_let(expression: &Expr) -> bool {
    match expression {
        Expr::Let(_) => true,
        Expr::Binary(binary) if matches!(binary.op, BinOp::And(_)) => {
            has_let(&binary.left) || has_let(&binary.right)
        }
        _ => false,
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if self.enter(&item.sig, &item.block) {
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if self.enter(&item.sig, &item.block) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if item.default.as_ref().is_some_and(|block| self.enter(&item.sig, block)) {
            visit::visit_trait_item_fn(self, item);
        }
    }

    // What is known before the program runs cannot be switched.
    fn visit_item_const(&mut self, _: &'ast syn::ItemConst) {}
    fn visit_item_static(&mut self, _: &'ast syn::ItemStatic) {}
    fn visit_impl_item_const(&mut self, _: &'ast syn::ImplItemConst) {}
    fn visit_type_array(&mut self, _: &'ast syn::TypeArray) {}

    fn visit_expr_binary(&mut self, it: &'ast syn::ExprBinary) {
        if !has_let(&it.left) && !has_let(&it.right) {
            let [left, op, right] =
                [self.lines.range(&it.left), self.lines.range(&it.op), self.lines.range(&it.right)];
            self.add(Genre::BinaryOperator, op.start, Form::Binary { left, op, right });
        }
        visit::visit_expr_binary(self, it);
    }

    fn visit_expr_unary(&mut self, it: &'ast syn::ExprUnary) {
        if matches!(it.op, UnOp::Not(_) | UnOp::Neg(_)) {
            let (op, operand) = (self.lines.range(&it.op), self.lines.range(&it.expr));
            self.add(Genre::UnaryOperator, op.start, Form::Unary { op, operand });
        }
        visit::visit_expr_unary(self, it);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        match &arm.guard {
            None => {
                let at = self.lines.range(&arm.pat).end;
                self.add(Genre::MatchArm, self.lines.range(arm).start, Form::Arm { at });
            }
            Some((_, guard)) if !has_let(guard) => {
                let guard = self.lines.range(guard);
                self.add(Genre::MatchArmGuard, guard.start, Form::Guard { guard });
            }
            Some(_) => {}
        }
        visit::visit_arm(self, arm);
    }
}

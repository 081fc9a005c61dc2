//! What evaluating may cost, counted and never timed: the same expression ends the same way on every machine.

use super::failure::Failure;

/// The most that one expression may cost. Kubernetes allows as much, and counts alike though not to the unit.
pub const PER_EXPRESSION: u64 = 1_000_000;
/// The most that all expressions of one rule may cost on one object, as in Kubernetes.
pub const PER_RULE: u64 = 10_000_000;

/// What is left.
#[derive(Debug, Clone)]
pub struct Budget {
    rule: u64,
    expression: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { rule: PER_RULE, expression: PER_EXPRESSION }
    }
}

impl Budget {
    /// Starts the next expression.
    pub fn next_expression(&mut self) {
        self.expression = self.rule.min(PER_EXPRESSION);
    }

    /// Takes the cost of a step.
    ///
    /// # Errors
    /// When nothing is left.
    pub fn charge(&mut self, cost: usize) -> Result<(), Failure> {
        let cost = cost as u64;
        if cost > self.expression {
            self.expression = 0;
            let limit = PER_EXPRESSION;
            let message =
                format!("the expression costs more than {limit} steps: look at fewer things, or state less");
            return Err(Failure { message, is_final: true });
        }
        self.expression -= cost;
        self.rule = self.rule.saturating_sub(cost);
        Ok(())
    }

    /// Takes the cost of going through text: a tenth for each byte.
    ///
    /// # Errors
    /// When nothing is left.
    pub fn charge_text(&mut self, length: usize) -> Result<(), Failure> {
        self.charge(1 + length / 10)
    }
}

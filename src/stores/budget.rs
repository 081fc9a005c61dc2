//! How long the stores may take.

use std::time::{Duration, Instant};

use crate::resolve::Failure;

/// The time for one request and for all of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Budget {
    timeout: Duration,
    deadline: Instant,
    whole: Duration,
}

impl Budget {
    pub(super) fn new(timeout: Duration, whole: Duration) -> Self {
        Self { timeout, deadline: Instant::now() + whole, whole }
    }

    /// The time that the next request may take.
    pub(super) fn next(&self) -> Result<Duration, Failure> {
        match self.left() {
            Duration::ZERO => Err(self.spent()),
            left => Ok(left.min(self.timeout)),
        }
    }

    /// Waits, unless that would take longer than is left.
    pub(super) fn wait(&self, time: Duration) -> Result<(), Failure> {
        if time >= self.left() {
            return Err(self.spent());
        }
        std::thread::sleep(time);
        Ok(())
    }

    fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    fn spent(&self) -> Failure {
        let what = format!("the {} s that resolving may take are spent", self.whole.as_secs_f32());
        Failure::new(what, "look at why the stores are slow, or raise secrets.resolve.budget")
    }
}

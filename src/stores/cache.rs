//! What stores said, as long as it is fresh.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::resolve::Failure;
use crate::secrets::reference::Held;

/// Answers by question. Lives for one run, or is kept by whoever runs again and again. Failures are not kept.
#[derive(Default)]
pub struct Cache {
    entries: HashMap<String, (Instant, Arc<Held>)>,
}

impl Cache {
    /// The answer that is not older than `ttl`, or else what `ask` says.
    ///
    /// # Errors
    /// Those of `ask`.
    pub fn get_or(
        &mut self,
        key: &str,
        ttl: Duration,
        ask: impl FnOnce() -> Result<Held, Failure>,
    ) -> Result<Arc<Held>, Failure> {
        if let Some((since, held)) = self.entries.get(key)
            && since.elapsed() <= ttl
        {
            return Ok(Arc::clone(held));
        }
        self.entries.remove(key);
        let held = Arc::new(ask()?);
        self.entries.insert(key.to_owned(), (Instant::now(), Arc::clone(&held)));
        Ok(held)
    }

    /// Forgets what is older than `ttl`.
    pub fn sweep(&mut self, ttl: Duration) {
        self.entries.retain(|_, (since, _)| since.elapsed() <= ttl);
    }

    /// How many answers it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cache({} answers)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_good_for_its_time_and_a_failure_for_none() {
        let (mut cache, mut asked) = (Cache::default(), 0);
        let mut ask = |cache: &mut Cache, ttl, fails: bool| {
            let held = cache.get_or("a", ttl, || {
                asked += 1;
                if fails { Err(Failure::missing("gone")) } else { Ok(Held::Null) }
            });
            (held.is_ok(), asked)
        };
        let long = Duration::from_secs(60);
        assert_eq!(ask(&mut cache, long, true), (false, 1));
        assert_eq!(ask(&mut cache, long, false), (true, 2));
        assert_eq!(ask(&mut cache, long, true), (true, 2));
        std::thread::sleep(Duration::from_millis(2));
        assert_eq!(ask(&mut cache, Duration::ZERO, true), (false, 3));
        assert!(cache.is_empty());
    }
}

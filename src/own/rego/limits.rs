//! How much a policy may do: steps are counted, so that the same policy ends at the same place everywhere; a clock and
//! the process's memory are watched behind that for what happens inside one builtin.

use std::cell::Cell;
use std::num::NonZeroU32;
use std::sync::Once;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use regorus::utils::limits::{ExecutionTimerConfig, TimeSource, set_time_source};

/// How many steps one rule may take on one object.
pub const STEPS: u32 = 20_000_000;
/// Steps between two looks at the count.
const INTERVAL: u32 = 1_000;
/// How long one rule may take on all objects together.
const LONGEST: Duration = Duration::from_secs(60);
/// How much the process may grow meanwhile, in bytes.
pub const MOST_MEMORY: u64 = 1 << 30;
/// How often time and memory are looked at.
const WATCH: Duration = Duration::from_millis(20);
/// What the thread of an evaluation may use as its stack.
const STACK: usize = 64 << 20;

thread_local! {
    static LOOKS: Cell<u64> = const { Cell::new(0) };
}

/// A clock that goes on by one each time it is looked at: what it measures are steps.
struct Steps;

impl TimeSource for Steps {
    fn now(&self) -> Option<Duration> {
        let looks = LOOKS.get() + 1;
        LOOKS.set(looks);
        Some(Duration::from_nanos(looks))
    }
}

/// The limit to give an engine.
#[must_use]
pub(super) fn steps() -> ExecutionTimerConfig {
    static CLOCK: Once = Once::new();
    // Registered once for the process; a second one would be the same.
    CLOCK.call_once(|| {
        let _ = set_time_source(&Steps);
    });
    let check_interval = NonZeroU32::new(INTERVAL).unwrap_or(NonZeroU32::MIN);
    ExecutionTimerConfig { limit: Duration::from_nanos(u64::from(STEPS / INTERVAL)), check_interval }
}

/// Whether an error says that the steps ran out.
#[must_use]
pub(super) fn ran_out(error: &str) -> bool {
    error.contains("execution exceeded time limit")
}

/// Does the work in a thread of its own and leaves it behind when it takes too long or too much memory.
///
/// # Errors
/// Which limit it ran into, in words.
pub(super) fn watched<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, String> {
    let (sender, receiver) = channel();
    let spawned = thread::Builder::new().stack_size(STACK).spawn(move || drop(sender.send(work())));
    spawned.map_err(|error| format!("needs a thread, and the system gives none: {error}"))?;
    let (start, before) = (Instant::now(), memory());
    loop {
        match receiver.recv_timeout(WATCH) {
            Ok(result) => return Ok(result),
            Err(RecvTimeoutError::Disconnected) => return Err("ended without a verdict".to_owned()),
            Err(RecvTimeoutError::Timeout) if start.elapsed() > LONGEST => {
                return Err(format!("takes longer than {} s", LONGEST.as_secs()));
            }
            Err(RecvTimeoutError::Timeout) if memory().saturating_sub(before) > MOST_MEMORY => {
                return Err(format!("takes more than {} MiB of memory", MOST_MEMORY >> 20));
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

/// The process's memory in bytes, where the system says it.
fn memory() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let resident = pages.as_deref().and_then(|text| text.split(' ').nth(1)?.parse::<u64>().ok());
    resident.unwrap_or(0) * 4096
}

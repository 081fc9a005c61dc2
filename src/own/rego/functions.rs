//! Builtins of OPA that regorus lacks or that must not answer for themselves.

use std::net::IpAddr;

use anyhow::{Result, bail};
use regorus::{Engine, Value};
use sha2::{Digest, Sha256};

use super::sprintf::sprintf;
use crate::policy::Date;

/// Gives an engine its own answers; `today` is what the clock says.
///
/// # Errors
/// When a name is taken.
pub(super) fn add(engine: &mut Engine, today: Date) -> Result<()> {
    let now = today.epoch_seconds().saturating_mul(1_000_000_000);
    engine.add_extension("time.now_ns".to_owned(), 0, Box::new(move |_: Vec<Value>| Ok(Value::from(now))))?;
    engine.add_extension(
        "net.cidr_contains".to_owned(),
        2,
        Box::new(|args: Vec<Value>| pair(&args, contains)),
    )?;
    engine.add_extension(
        "net.cidr_intersects".to_owned(),
        2,
        Box::new(|args: Vec<Value>| pair(&args, intersects)),
    )?;
    engine.add_extension("net.cidr_is_valid".to_owned(), 1, Box::new(|args: Vec<Value>| valid(&args)))?;
    engine.add_extension("crypto.sha256".to_owned(), 1, Box::new(|args: Vec<Value>| sha256(&args)))?;
    engine.add_extension("time.add_date".to_owned(), 4, Box::new(|args: Vec<Value>| add_date(&args)))?;
    engine.add_extension("numbers.range".to_owned(), 2, Box::new(|args: Vec<Value>| range(&args)))?;
    engine.add_extension("numbers.range_step".to_owned(), 3, Box::new(|args: Vec<Value>| range(&args)))?;
    engine.add_extension("sprintf".to_owned(), 2, Box::new(|args: Vec<Value>| format(&args)))?;
    Ok(())
}

/// The longest list of numbers: regorus would set aside the memory for any.
const LONGEST_RANGE: u64 = 1_000_000;

/// From the first to the second, both included, in steps of the third or of 1.
fn range(args: &[Value]) -> Result<Value> {
    let number = |at: usize| args.get(at).and_then(|arg| arg.as_i64().ok());
    let step = if args.len() > 2 { number(2) } else { Some(1) };
    let (Some(from), Some(to), Some(step)) = (number(0), number(1), step.filter(|step| *step > 0)) else {
        return Ok(Value::Undefined);
    };
    let count = from.abs_diff(to) / step.unsigned_abs() + 1;
    if count > LONGEST_RANGE {
        bail!("numbers.range gives more than {LONGEST_RANGE} numbers");
    }
    let step = if from <= to { step } else { -step };
    let numbers = (0..i64::try_from(count)?).map(|number| Value::from(from + number * step));
    Ok(Value::from(numbers.collect::<Vec<_>>()))
}

fn format(args: &[Value]) -> Result<Value> {
    let list = args.get(1).and_then(|list| list.as_array().ok());
    let (Some(format), Some(list)) = (text(args, 0), list) else { return Ok(Value::Undefined) };
    let list: Vec<Value> = list.iter().cloned().collect();
    Ok(Value::from(sprintf(format, &list)))
}

/// Days that the month lacks run over into the next, as Go has it.
fn add_date(args: &[Value]) -> Result<Value> {
    let number = |at: usize| args.get(at).and_then(|arg| arg.as_i64().ok());
    let all = (number(0), number(1), number(2), number(3));
    let (Some(from), Some(years), Some(months), Some(days)) = all else { return Ok(Value::Undefined) };
    let day = 86_400 * 1_000_000_000;
    let moved = Date::from_epoch_seconds(from.div_euclid(1_000_000_000)).plus(years, months, days);
    let moved =
        moved.and_then(|seconds| seconds.checked_mul(1_000_000_000)?.checked_add(from.rem_euclid(day)));
    Ok(moved.map_or(Value::Undefined, Value::from))
}

fn text(args: &[Value], number: usize) -> Option<&str> {
    args.get(number)?.as_string().ok().map(AsRef::as_ref)
}

/// A network: its bits from the left, how many count, how many there are.
#[derive(Clone, Copy)]
struct Network {
    bits: u128,
    length: u32,
    width: u32,
}

impl Network {
    /// `10.0.0.0/8`, or without `/` one address.
    fn parse(text: &str) -> Option<Self> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let (bits, width) = match address.parse().ok()? {
            IpAddr::V4(address) => (u128::from(u32::from(address)) << 96, 32),
            IpAddr::V6(address) => (u128::from(address), 128),
        };
        let length = match length {
            None => width,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok()?,
            Some(_) => return None,
        };
        (length <= width).then_some(Self { bits, length, width })
    }

    fn agrees(self, other: Self, length: u32) -> bool {
        let shift = 128 - length;
        self.width == other.width && (shift == 128 || self.bits >> shift == other.bits >> shift)
    }
}

fn contains(network: Network, other: Network) -> bool {
    other.length >= network.length && network.agrees(other, network.length)
}

fn intersects(one: Network, other: Network) -> bool {
    one.agrees(other, one.length.min(other.length))
}

/// Undefined, as OPA has it, where an argument is no network.
fn pair(args: &[Value], judge: fn(Network, Network) -> bool) -> Result<Value> {
    let network = |number: usize| text(args, number).and_then(Network::parse);
    let (Some(one), Some(other)) = (network(0), network(1)) else { return Ok(Value::Undefined) };
    Ok(Value::from(judge(one, other)))
}

fn valid(args: &[Value]) -> Result<Value> {
    let network = text(args, 0).filter(|text| text.contains('/')).and_then(Network::parse);
    Ok(Value::from(network.is_some()))
}

fn sha256(args: &[Value]) -> Result<Value> {
    let Some(text) = text(args, 0) else { return Ok(Value::Undefined) };
    Ok(Value::from(Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_contain_and_meet_each_other() {
        for (one, other, inside, meet) in [
            ("10.0.0.0/8", "10.1.2.3", true, true),
            ("10.0.0.0/8", "10.1.0.0/16", true, true),
            ("10.1.0.0/16", "10.0.0.0/8", false, true),
            ("10.0.0.0/8", "11.0.0.1", false, false),
            ("0.0.0.0/0", "::1", false, false),
            ("2001:db8::/32", "2001:db8:1::/48", true, true),
            ("0.0.0.0/0", "255.255.255.255", true, true),
        ] {
            let (one, other) = (Network::parse(one).unwrap(), Network::parse(other).unwrap());
            assert_eq!((contains(one, other), intersects(one, other)), (inside, meet));
        }
        for wrong in ["10.0.0.0/33", "10.0.0/8", "a", "", "10.0.0.0/", "10.0.0.0/+8"] {
            assert!(Network::parse(wrong).is_none(), "{wrong}");
        }
    }
}

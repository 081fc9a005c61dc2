//! IP addresses and ranges of them. Zones and IPv4 addresses written as IPv6 are refused, as Kubernetes refuses them.

use std::net::IpAddr;

use super::{text, wrong};
use crate::cel::budget::Budget;
use crate::cel::failure::Failure;
use crate::cel::value::{Outcome, Val};

/// A range: an address in it, and how many bits all of them share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cidr {
    address: IpAddr,
    bits: u32,
}

impl Cidr {
    fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/')?;
        let address = parse(address)?;
        let plain = !bits.is_empty()
            && bits.bytes().all(|it| it.is_ascii_digit())
            && (bits == "0" || !bits.starts_with('0'));
        let bits = bits.parse::<u32>().ok().filter(|bits| plain && *bits <= width(address))?;
        Some(Self { address, bits })
    }

    /// The number of an address with all bits beyond the prefix cleared.
    fn network(&self, address: IpAddr) -> u128 {
        let (value, width) = (number(address), width(address));
        let shift = width - self.bits.min(width);
        value.checked_shr(shift).unwrap_or(0)
    }

    fn holds(&self, address: IpAddr) -> bool {
        width(address) == width(self.address) && self.network(address) == self.network(self.address)
    }

    fn masked(&self) -> Self {
        let shift = width(self.address) - self.bits;
        let value = self.network(self.address).checked_shl(shift).unwrap_or(0);
        let address = match self.address {
            IpAddr::V4(_) => IpAddr::V4(u32::try_from(value).unwrap_or(0).into()),
            IpAddr::V6(_) => IpAddr::V6(value.into()),
        };
        Self { address, bits: self.bits }
    }
}

impl std::fmt::Display for Cidr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

fn width(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(u32::from(address)),
        IpAddr::V6(address) => u128::from(address),
    }
}

fn parse(text: &str) -> Option<IpAddr> {
    let address: IpAddr = text.parse().ok()?;
    let mapped = matches!(address, IpAddr::V6(address) if address.to_ipv4_mapped().is_some());
    (!mapped).then_some(address)
}

fn address(args: &[Val<'_>]) -> Result<IpAddr, Failure> {
    let parsed = args.first().and_then(text).and_then(parse);
    parsed.ok_or_else(|| Failure::new("ip() of text that is no address"))
}

/// `isIP`
pub fn is_ip<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let Some(it) = args.first().and_then(text) else { return wrong("isIP", args) };
    budget.charge_text(it.len())?;
    Ok(Val::Bool(parse(it).is_some()))
}

/// `ip`
pub fn ip<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    budget.charge(1)?;
    address(args).map(Val::Ip)
}

/// `ip.isCanonical`
pub fn is_canonical<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    budget.charge(1)?;
    let address = address(args)?;
    Ok(Val::Bool(args.first().and_then(text) == Some(address.to_string().as_str())))
}

/// `family`
pub fn family<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    let [Val::Ip(it)] = args else { return wrong("family", args) };
    Ok(Val::Int(if it.is_ipv4() { 4 } else { 6 }))
}

/// `isUnspecified`
pub fn is_unspecified<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    let [Val::Ip(it)] = args else { return wrong("isUnspecified", args) };
    Ok(Val::Bool(it.is_unspecified()))
}

/// `isLoopback`
pub fn is_loopback<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    let [Val::Ip(it)] = args else { return wrong("isLoopback", args) };
    Ok(Val::Bool(it.is_loopback()))
}

/// `isLinkLocalMulticast`
pub fn is_link_local_multicast<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    let [Val::Ip(it)] = args else { return wrong("isLinkLocalMulticast", args) };
    Ok(Val::Bool(match it {
        IpAddr::V4(it) => it.octets()[..3] == [224, 0, 0],
        IpAddr::V6(it) => it.segments()[0] & 0xff0f == 0xff02,
    }))
}

/// `isLinkLocalUnicast`
pub fn is_link_local_unicast<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    let [Val::Ip(it)] = args else { return wrong("isLinkLocalUnicast", args) };
    Ok(Val::Bool(is_link_local(*it)))
}

fn is_link_local(it: IpAddr) -> bool {
    match it {
        IpAddr::V4(it) => it.is_link_local(),
        IpAddr::V6(it) => it.is_unicast_link_local(),
    }
}

/// `isGlobalUnicast`: private addresses count as global, as in Go.
pub fn is_global_unicast<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    let [Val::Ip(it)] = args else { return wrong("isGlobalUnicast", args) };
    let broadcast = matches!(it, IpAddr::V4(it) if it.is_broadcast());
    let other =
        broadcast || it.is_unspecified() || it.is_loopback() || it.is_multicast() || is_link_local(*it);
    Ok(Val::Bool(!other))
}

/// `isCIDR`
pub fn is_cidr<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let Some(it) = args.first().and_then(text) else { return wrong("isCIDR", args) };
    budget.charge_text(it.len())?;
    Ok(Val::Bool(Cidr::parse(it).is_some()))
}

fn range(value: &Val<'_>) -> Result<Cidr, Failure> {
    let parsed = text(value).and_then(Cidr::parse);
    parsed.ok_or_else(|| Failure::new("cidr() of text that is no range of addresses"))
}

/// `cidr`
pub fn cidr<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    budget.charge(1)?;
    args.first().map_or_else(|| wrong("cidr", args), |it| range(it).map(Val::Cidr))
}

/// `containsIP`
pub fn contains_ip<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    let [Val::Cidr(range), it] = args else { return wrong("containsIP", args) };
    let it = match it {
        Val::Ip(it) => *it,
        other if text(other).is_some() => address(&args[1..])?,
        _ => return wrong("containsIP", args),
    };
    Ok(Val::Bool(range.holds(it)))
}

/// `containsCIDR`
pub fn contains_cidr<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    let [Val::Cidr(outer), inner] = args else { return wrong("containsCIDR", args) };
    let inner = match inner {
        Val::Cidr(inner) => *inner,
        other if text(other).is_some() => range(other)?,
        _ => return wrong("containsCIDR", args),
    };
    Ok(Val::Bool(outer.bits <= inner.bits && outer.holds(inner.address)))
}

/// `ip` of a range
pub fn ip_of<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    let [Val::Cidr(it)] = args else { return wrong("ip", args) };
    Ok(Val::Ip(it.address))
}

/// `prefixLength`
pub fn prefix_length<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    let [Val::Cidr(it)] = args else { return wrong("prefixLength", args) };
    Ok(Val::Int(i64::from(it.bits)))
}

/// `masked`
pub fn masked<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    let [Val::Cidr(it)] = args else { return wrong("masked", args) };
    Ok(Val::Cidr(it.masked()))
}

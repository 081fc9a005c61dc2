//! Shamir's secret sharing as sops does it: byte by byte over GF(2⁸) with the polynomial x⁸+x⁴+x³+x+1; a share is the
//! bytes of y and then x.

use zeroize::Zeroizing;

use super::failure::SopsError;
use super::random;

/// One share: 32 bytes of y, and x.
pub(super) type Share = Zeroizing<Vec<u8>>;

/// Splits a secret into shares of which `threshold` give it back. Between 2 and 255 shares.
pub(super) fn split(secret: &[u8], shares: u8, threshold: u8) -> Result<Vec<Share>, SopsError> {
    let mut made: Vec<Share> =
        (1..=shares).map(|_| Zeroizing::new(Vec::with_capacity(secret.len() + 1))).collect();
    let mut polynomial = Zeroizing::new(vec![0; usize::from(threshold)]);
    for byte in secret {
        random::fill(&mut polynomial)?;
        polynomial[0] = *byte;
        for (x, share) in (1..=shares).zip(&mut made) {
            let y = polynomial.iter().rev().fold(0, |sum, factor| times(sum, x) ^ factor);
            share.push(y);
        }
    }
    for (x, share) in (1..=shares).zip(&mut made) {
        share.push(x);
    }
    Ok(made)
}

/// Puts shares together; `None` when they do not belong together. Too few of them give a wrong secret, which nothing
/// here can tell.
pub(super) fn combine(shares: &[Share]) -> Option<Zeroizing<Vec<u8>>> {
    let length = shares.first()?.len().checked_sub(1)?;
    let points: Vec<u8> = shares.iter().filter_map(|share| share.last().copied()).collect();
    let distinct = points.iter().enumerate().all(|(at, x)| *x != 0 && !points[..at].contains(x));
    if !distinct || shares.iter().any(|share| share.len() != length + 1) {
        return None;
    }
    let mut secret = Zeroizing::new(vec![0; length]);
    for (share, x) in shares.iter().zip(&points) {
        let others = points.iter().filter(|other| *other != x);
        let weight = others.fold(1, |product, other| times(product, times(*other, inverse(other ^ x))));
        for (sum, y) in secret.iter_mut().zip(&share[..length]) {
            *sum ^= times(*y, weight);
        }
    }
    Some(secret)
}

/// The product, in constant time.
fn times(a: u8, b: u8) -> u8 {
    let (mut product, mut power) = (0, a);
    for bit in 0..8 {
        product ^= power & 0u8.wrapping_sub((b >> bit) & 1);
        power = (power << 1) ^ (0x1B & 0u8.wrapping_sub(power >> 7));
    }
    product
}

/// a²⁵⁴, which is 1/a.
fn inverse(a: u8) -> u8 {
    let mut power = a;
    for _ in 0..6 {
        power = times(times(power, power), a);
    }
    times(power, power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_element_has_its_inverse() {
        assert!((1..=255).all(|a| times(a, inverse(a)) == 1));
        // The example of FIPS 197, section 4.2.
        assert_eq!(times(0x57, 0x83), 0xC1);
    }

    #[test]
    fn enough_shares_give_the_secret_back() {
        let secret: Vec<u8> = (0..32).map(|at| at * 7).collect();
        let shares = split(&secret, 5, 3).unwrap();
        for chosen in [[0, 1, 2], [4, 2, 0], [1, 3, 4]] {
            let chosen: Vec<Share> = chosen.iter().map(|at: &usize| shares[*at].clone()).collect();
            assert_eq!(*combine(&chosen).unwrap(), secret);
        }
        assert_ne!(*combine(&shares[..2]).unwrap(), secret);
        assert!(combine(&[shares[0].clone(), shares[0].clone()]).is_none());
    }
}

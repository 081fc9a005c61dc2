//! Randomness of the system.

use super::failure::SopsError;

/// Fills with random bytes.
pub(super) fn fill(bytes: &mut [u8]) -> Result<(), SopsError> {
    getrandom::fill(bytes).map_err(|_| SopsError::NoRandomness)
}

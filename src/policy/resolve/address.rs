//! Where hardtack may send a token.

/// Whether hardtack may talk to an address: HTTPS, or HTTP to this machine or where the policy says so.
///
/// # Errors
/// Why not.
pub fn check_address(address: &str, plain_http: bool) -> Result<(), String> {
    let (https, rest) = match (address.strip_prefix("https://"), address.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (None, Some(rest)) => (false, rest),
        (None, None) => return Err("an address begins with https:// or http://".to_owned()),
    };
    let authority = rest.split('/').next().unwrap_or_default();
    if authority.is_empty()
        || authority.contains(['@', '?', '#', '\\'])
        || address.contains(char::is_whitespace)
    {
        return Err("an address is a scheme, a host and perhaps a port and a path".to_owned());
    }
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    if https || plain_http || matches!(host, "localhost" | "127.0.0.1" | "::1") {
        return Ok(());
    }
    Err("http:// to another machine shows it to everyone in between; plainHttp: true allows it".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for good in ["https://vault:8200", "http://localhost:8200", "http://127.0.0.1", "http://[::1]:8200/x"]
        {
            assert_eq!(check_address(good, false), Ok(()), "{good}");
        }
        for bad in [
            "vault:8200",
            "http://vault",
            "https://",
            "https://a@b",
            "http://localhost@evil",
            "https://a b",
            "https://a?b",
        ] {
            assert!(check_address(bad, false).is_err(), "{bad}");
        }
        assert_eq!(check_address("http://vault", true), Ok(()));
    }
}

//! The table of functions.

use super::{
    Function, Run, cidr, convert, lists, named, optionals, patterns, quantity, sets, strings, text_format,
};
use super::{times, url, versions};

const fn function(name: &'static str, args: (usize, usize), run: Run) -> Function {
    Function { name, member: false, args, pattern: None, gives: None, run }
}

const fn member(name: &'static str, args: (usize, usize), run: Run) -> Function {
    Function { name, member: true, args, pattern: None, gives: None, run }
}

const fn gives(kind: &'static str, function: Function) -> Function {
    Function { gives: Some(kind), ..function }
}

const fn pattern(place: usize, function: Function) -> Function {
    Function { pattern: Some(place), ..function }
}

/// Every function there is.
pub const TABLE: &[Function] = &[
    // The language's own.
    gives("int", function("size", (1, 1), lists::size)),
    gives("int", member("size", (0, 0), lists::size)),
    gives("bool", member("contains", (1, 1), strings::contains)),
    gives("bool", member("startsWith", (1, 1), strings::starts_with)),
    gives("bool", member("endsWith", (1, 1), strings::ends_with)),
    gives("bool", pattern(1, member("matches", (1, 1), patterns::matches))),
    gives("bool", pattern(1, function("matches", (2, 2), patterns::matches))),
    gives("int", function("int", (1, 1), convert::int)),
    gives("uint", function("uint", (1, 1), convert::uint)),
    gives("double", function("double", (1, 1), convert::double)),
    gives("string", function("string", (1, 1), convert::string)),
    gives("bool", function("bool", (1, 1), convert::bool)),
    gives("bytes", function("bytes", (1, 1), convert::bytes)),
    gives("type", function("type", (1, 1), convert::type_of)),
    function("dyn", (1, 1), convert::dynamic),
    function("duration", (1, 1), times::duration),
    function("timestamp", (1, 1), times::timestamp),
    gives("int", member("getFullYear", (0, 1), times::year)),
    gives("int", member("getMonth", (0, 1), times::month)),
    gives("int", member("getDate", (0, 1), times::date)),
    gives("int", member("getDayOfMonth", (0, 1), times::day_of_month)),
    gives("int", member("getDayOfWeek", (0, 1), times::day_of_week)),
    gives("int", member("getDayOfYear", (0, 1), times::day_of_year)),
    gives("int", member("getHours", (0, 1), times::hours)),
    gives("int", member("getMinutes", (0, 1), times::minutes)),
    gives("int", member("getSeconds", (0, 1), times::seconds)),
    gives("int", member("getMilliseconds", (0, 1), times::milliseconds)),
    // Text.
    gives("string", member("charAt", (1, 1), strings::char_at)),
    gives("int", member("indexOf", (1, 2), lists::index_of)),
    gives("int", member("lastIndexOf", (1, 2), lists::last_index_of)),
    gives("string", member("lowerAscii", (0, 0), strings::lower_ascii)),
    gives("string", member("upperAscii", (0, 0), strings::upper_ascii)),
    gives("string", member("replace", (2, 3), strings::replace)),
    gives("list", member("split", (1, 2), strings::split)),
    gives("string", member("join", (0, 1), strings::join)),
    gives("string", member("substring", (1, 2), strings::substring)),
    gives("string", member("trim", (0, 0), strings::trim)),
    gives("string", member("format", (1, 1), text_format::format)),
    gives("string", function("strings.quote", (1, 1), strings::quote)),
    gives("string", pattern(1, member("find", (1, 1), patterns::find))),
    gives("list", pattern(1, member("findAll", (1, 2), patterns::find_all))),
    // Lists and sets.
    gives("bool", member("isSorted", (0, 0), lists::is_sorted)),
    member("sum", (0, 0), lists::sum),
    member("min", (0, 0), lists::min),
    member("max", (0, 0), lists::max),
    gives("list", member("slice", (2, 2), lists::slice)),
    gives("list", member("flatten", (0, 1), lists::flatten)),
    gives("list", member("reverse", (0, 0), lists::reverse)),
    gives("list", member("sort", (0, 0), lists::sort)),
    gives("list", member("distinct", (0, 0), lists::distinct)),
    gives("list", function("lists.range", (1, 1), lists::range)),
    gives("bool", function("sets.contains", (2, 2), sets::contains)),
    gives("bool", function("sets.equivalent", (2, 2), sets::equivalent)),
    gives("bool", function("sets.intersects", (2, 2), sets::intersects)),
    // Optionals.
    function("optional.of", (1, 1), optionals::of),
    function("optional.none", (0, 0), optionals::none),
    function("optional.ofNonZeroValue", (1, 1), optionals::of_non_zero_value),
    gives("list", function("optional.unwrap", (1, 1), optionals::unwrap)),
    gives("list", member("unwrapOpt", (0, 0), optionals::unwrap)),
    gives("bool", member("hasValue", (0, 0), optionals::has_value)),
    member("value", (0, 0), optionals::value),
    member("first", (0, 0), lists::first),
    member("last", (0, 0), lists::last),
    // Quantities and versions.
    gives("bool", function("isQuantity", (1, 1), quantity::is_quantity)),
    function("quantity", (1, 1), quantity::quantity),
    gives("int", function("sign", (1, 1), quantity::sign)),
    gives("bool", member("isInteger", (0, 0), quantity::is_integer)),
    gives("int", member("asInteger", (0, 0), quantity::as_integer)),
    gives("double", member("asApproximateFloat", (0, 0), quantity::as_float)),
    member("add", (1, 1), quantity::add),
    member("sub", (1, 1), quantity::sub),
    gives("bool", member("isGreaterThan", (1, 1), versions::is_greater)),
    gives("bool", member("isLessThan", (1, 1), versions::is_less)),
    gives("int", member("compareTo", (1, 1), versions::compare_to)),
    gives("bool", function("isSemver", (1, 2), versions::is_semver)),
    function("semver", (1, 2), versions::semver),
    gives("int", member("major", (0, 0), versions::major)),
    gives("int", member("minor", (0, 0), versions::minor)),
    gives("int", member("patch", (0, 0), versions::patch)),
    // Addresses.
    gives("bool", function("isURL", (1, 1), url::is_url)),
    function("url", (1, 1), url::url),
    gives("string", member("getScheme", (0, 0), url::scheme)),
    gives("string", member("getHost", (0, 0), url::host)),
    gives("string", member("getHostname", (0, 0), url::hostname)),
    gives("string", member("getPort", (0, 0), url::port)),
    gives("string", member("getEscapedPath", (0, 0), url::escaped_path)),
    gives("map", member("getQuery", (0, 0), url::query)),
    gives("bool", function("isIP", (1, 1), cidr::is_ip)),
    function("ip", (1, 1), cidr::ip),
    gives("bool", function("ip.isCanonical", (1, 1), cidr::is_canonical)),
    gives("int", member("family", (0, 0), cidr::family)),
    gives("bool", member("isUnspecified", (0, 0), cidr::is_unspecified)),
    gives("bool", member("isLoopback", (0, 0), cidr::is_loopback)),
    gives("bool", member("isLinkLocalMulticast", (0, 0), cidr::is_link_local_multicast)),
    gives("bool", member("isLinkLocalUnicast", (0, 0), cidr::is_link_local_unicast)),
    gives("bool", member("isGlobalUnicast", (0, 0), cidr::is_global_unicast)),
    gives("bool", function("isCIDR", (1, 1), cidr::is_cidr)),
    function("cidr", (1, 1), cidr::cidr),
    gives("bool", member("containsIP", (1, 1), cidr::contains_ip)),
    gives("bool", member("containsCIDR", (1, 1), cidr::contains_cidr)),
    member("ip", (0, 0), cidr::ip_of),
    gives("int", member("prefixLength", (0, 0), cidr::prefix_length)),
    member("masked", (0, 0), cidr::masked),
    // Named formats.
    function("format.named", (1, 1), named::named),
    member("validate", (1, 1), named::validate),
    function("format.dns1123Label", (0, 0), |_, _| named::format("dns1123Label")),
    function("format.dns1123Subdomain", (0, 0), |_, _| named::format("dns1123Subdomain")),
    function("format.dns1035Label", (0, 0), |_, _| named::format("dns1035Label")),
    function("format.qualifiedName", (0, 0), |_, _| named::format("qualifiedName")),
    function("format.dns1123LabelPrefix", (0, 0), |_, _| named::format("dns1123LabelPrefix")),
    function("format.dns1123SubdomainPrefix", (0, 0), |_, _| named::format("dns1123SubdomainPrefix")),
    function("format.dns1035LabelPrefix", (0, 0), |_, _| named::format("dns1035LabelPrefix")),
    function("format.labelValue", (0, 0), |_, _| named::format("labelValue")),
    function("format.uri", (0, 0), |_, _| named::format("uri")),
    function("format.uuid", (0, 0), |_, _| named::format("uuid")),
    function("format.byte", (0, 0), |_, _| named::format("byte")),
    function("format.date", (0, 0), |_, _| named::format("date")),
    function("format.datetime", (0, 0), |_, _| named::format("datetime")),
];

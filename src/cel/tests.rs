//! Expressions against an object, and what they come to.

use super::*;
use crate::yaml::stream::{ParseOptions, parse};

const OBJECT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app: web, tier: front}
  annotations: {empty: ''}
spec:
  replicas: 3
  ratio: 0.5
  nothing: null
  template:
    spec:
      containers:
      - {name: a, image: 'ghcr.io/acme/a:1.2', resources: {limits: {memory: 512Mi, cpu: '0.5'}}}
      - {name: b, image: 'ghcr.io/acme/b:latest'}
";

/// What an expression comes to, as text; failures start with `!`.
fn said(text: &str) -> String {
    let expression = match Expression::compile(text, Names { globals: POLICY, variables: &[] }) {
        Ok(expression) => expression,
        Err(fault) => return format!("!! {}", fault.message),
    };
    let stream = parse(OBJECT.to_owned(), ParseOptions::default()).unwrap();
    let object = Val::read(stream.root(&stream.documents[0]).unwrap());
    let provided = Provided { object, request: Val::Null, params: Val::Null, namespace: Val::Null };
    let mut evaluator = Evaluator::new(provided, &[]);
    match evaluator.run(&expression) {
        Ok(value) => shown(&value),
        Err(failure) => format!("! {failure}"),
    }
}

fn shown(value: &Val<'_>) -> String {
    match value {
        Val::Text(text) => text.to_string(),
        Val::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(" ")),
        Val::Map(map) => {
            let entries = map.entries();
            let entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{}:{}", shown(key), shown(value))).collect();
            format!("{{{}}}", entries.join(" "))
        }
        Val::Optional(Some(value)) => format!("some({})", shown(value)),
        Val::Optional(None) => "none".to_owned(),
        Val::Duration(_) | Val::Timestamp(_) | Val::Ip(_) | Val::Cidr(_) | Val::Type(_) => {
            match functions::convert::string(std::slice::from_ref(value), &mut budget::Budget::default()) {
                Ok(text) => shown(&text),
                Err(failure) => failure.message,
            }
        }
        other => other.to_string(),
    }
}

fn table(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(said(text), *expected, "{text}");
    }
}

#[test]
fn the_language() {
    table(&[
        ("1 + 2 * 3", "7"),
        ("7 / 2 + 7 % 2", "4"),
        ("-7 / 2", "-3"),
        ("1.5 + 1.5 == 3", "true"),
        ("1 == 1.0 && 1u == 1 && 2 > 1.5", "true"),
        ("9223372036854775807 + 1", "! the number is too large"),
        ("1 / 0", "! division by zero"),
        ("'a' + 'b'", "ab"),
        ("[1] + [2, 3]", "[1 2 3]"),
        ("'a' == 1", "false"),
        ("1 / 0 == 1 || true", "true"),
        ("false && 1 / 0 == 1", "false"),
        ("1 / 0 == 1 && true", "! division by zero"),
        ("[1, 0].all(x, 1 / x == 2)", "false"),
        ("[0, 1].exists(x, 1 / x == 1)", "true"),
        ("[0, 2].exists(x, 1 / x == 1)", "! division by zero"),
        ("[1, 2, 2].exists_one(x, x == 2)", "false"),
        ("[1, 2, 3].map(x, x * 2)", "[2 4 6]"),
        ("[1, 2, 3].map(x, x > 1, x * 2)", "[4 6]"),
        ("[1, 2, 3].filter(x, x > 1)", "[2 3]"),
        ("{'a': 1, 'b': 2}.filter(k, k == 'b')", "[b]"),
        ("[[1, 2], [3]].map(l, l.map(x, x + l.size()))", "[[3 4] [4]]"),
        ("object.spec.replicas > 2 ? 'many' : 'few'", "many"),
        ("has(object.spec.nothing)", "false"),
        ("object.spec.missing", "! no such key: missing"),
        ("object.spec.replicas.missing", "! .missing of a int, which has no fields"),
        ("object.metadata.labels['tier']", "front"),
        ("'app' in object.metadata.labels", "true"),
        ("2 in [1, 2]", "true"),
        ("object.metadata.labels == {'tier': 'front', 'app': 'web'}", "true"),
        ("[1, 2][5]", "! index 5 is out of the list"),
        ("oldObject == null", "true"),
        ("type(object.spec.replicas) == int && type(object.spec.ratio) == double", "true"),
        ("type(1.0)", "double"),
        ("{'a': 1, 'a': 2}", "! a map has one key twice"),
        ("string(1.5) + string(true) + string(2u)", "1.5true2"),
        ("int('12') + int(3.9)", "15"),
        ("double('1e3')", "1000"),
        ("int('x')", "! int() of a string that is none"),
        ("uint(18446744073709551616.0)", "! uint() of a double that is none"),
        ("size(object.metadata.labels) + size(b'abc')", "5"),
        ("type(duration('1s')) == google.protobuf.Duration && type(ip('::1')) == net.IP", "true"),
    ]);
}

#[test]
fn optionals_and_two_variables() {
    table(&[
        ("object.spec.?replicas", "some(3)"),
        ("object.spec.?missing.deeper.orValue(5)", "5"),
        ("object.?spec.template.spec.?hostNetwork.orValue(false)", "false"),
        ("object.metadata.?labels[?'tier'].orValue('')", "front"),
        ("object.spec.?replicas.optMap(r, r + 1).value()", "4"),
        ("optional.none().optFlatMap(x, optional.of(x))", "none"),
        ("optional.none().or(optional.of(1)).value()", "1"),
        ("optional.ofNonZeroValue('').hasValue()", "false"),
        ("[1, ?optional.none(), ?optional.of(2)]", "[1 2]"),
        ("{'a': 1, ?'b': optional.none()}", "{a:1}"),
        ("optional.none().value()", "! value() of an optional that has none"),
        ("[5, 6].all(i, v, v == i + 5)", "true"),
        ("{'a': 1}.exists(k, v, k == 'a' && v == 1)", "true"),
        ("[3, 3].existsOne(i, v, i == 1 && v == 3)", "true"),
        ("[1, 2, 3].transformList(i, v, i > 0, v * 10)", "[20 30]"),
        ("{'a': 1, 'b': 2}.transformMap(k, v, v + 1)", "{a:2 b:3}"),
        ("['x', 'y'].transformMapEntry(i, v, {v: i})", "{x:0 y:1}"),
        ("['x', 'x'].transformMapEntry(i, v, {v: i})", "! a map has one key twice"),
        ("[1, 2].first().orValue(0) + [].last().orValue(5)", "6"),
    ]);
}

#[test]
fn texts() {
    table(&[
        ("'héllo'.charAt(1) + 'ab'.charAt(2)", "é"),
        ("'héllo'.size()", "5"),
        ("'hello'.indexOf('l') + 'hello'.lastIndexOf('l')", "5"),
        ("'hello'.indexOf('z', 2)", "-1"),
        ("'HéLLO'.lowerAscii() + 'x'.upperAscii()", "hélloX"),
        ("'a-b-c'.replace('-', '+') + 'a-b-c'.replace('-', '', 1)", "a+b+cab-c"),
        ("'a,b,c'.split(',') + 'a,b,c'.split(',', 2)", "[a b c a b,c]"),
        ("'abc'.split('')", "[a b c]"),
        ("['a', 'b'].join() + ['a', 'b'].join('-')", "aba-b"),
        ("'hello'.substring(1, 3) + 'hello'.substring(4)", "elo"),
        ("'hello'.substring(9)", "! index 9 is out of the text"),
        ("' a\\t'.trim()", "a"),
        ("strings.quote('a\"b\\n')", "\"a\\\"b\\n\""),
        (
            "'%s has %d, %.2f, %x and %b'.format(['web', 3, 1234.5, 255, 5])",
            "web has 3, 1,234.50, ff and 101",
        ),
        ("'%s'.format([['a', 1, {'k': true}]])", "[\"a\", 1, {\"k\":true}]"),
        ("'%s'.format([])", "! format() has more places than values"),
        (
            "'image:v1.2'.find('[0-9.]+') + string('a1b22'.findAll('[0-9]+', 1))",
            "! string does not take (list)",
        ),
        ("'a1b22'.findAll('[0-9]+')", "[1 22]"),
        ("'web-1'.matches('^[a-z]+-\\\\d$')", "true"),
        ("'x'.matches('(')", "!! matches(): the pattern cannot be read: unclosed group"),
        ("'x'.reverse()", "! reverse does not take (string)"),
    ]);
}

#[test]
fn lists_and_sets() {
    table(&[
        ("[1, 2, 2].isSorted() && !['b', 'a'].isSorted()", "true"),
        ("[1, 2, 3].sum() + [1, 5].max() - [4, 2].min()", "9"),
        ("[].sum()", "0"),
        ("[].max()", "! max of an empty list"),
        ("[1, 2, 1].indexOf(1) + [1, 2, 1].lastIndexOf(1)", "2"),
        ("[1, 2, 3].slice(1, 3)", "[2 3]"),
        ("[1, 2].slice(1, 5)", "! slice(1, 5) of a list of 2"),
        ("[[1], [2, [3]]].flatten()", "[1 2 [3]]"),
        ("[[1], [2, [3]]].flatten(2)", "[1 2 3]"),
        ("[3, 1, 2].sort() + [1, 1].distinct() + [1, 2].reverse()", "[1 2 3 1 2 1]"),
        ("['bb', 'a'].sortBy(s, s.size())", "[a bb]"),
        ("[1, 'a'].sort()", "! only values of one type that has an order can be sorted"),
        ("lists.range(3)", "[0 1 2]"),
        ("sets.equivalent([1, 2], [1]) || sets.equivalent([1], [1, 2])", "false"),
        ("sets.contains([1, 2], [2]) && sets.equivalent([1, 1], [1]) && !sets.intersects([1], [2])", "true"),
    ]);
}

#[test]
fn quantities_versions_and_times() {
    table(&[
        ("isQuantity('1.5Gi') && !isQuantity('1x') && !isQuantity('')", "true"),
        ("quantity('1Gi') == quantity('1024Mi') && quantity('1000m') == quantity('1')", "true"),
        (
            "quantity('50M').isLessThan(quantity('50Mi')) && quantity('1Gi').compareTo(quantity('1G')) == 1",
            "true",
        ),
        ("quantity('50k').asInteger() + quantity('1Ki').asInteger()", "51024"),
        ("quantity('1.5').isInteger() || quantity('1000m').isInteger()", "false"),
        ("quantity('50k').add(20).sub(quantity('10')).asInteger()", "50010"),
        ("sign(quantity('-1'))", "-1"),
        ("quantity('500m').asApproximateFloat()", "0.5"),
        (
            "quantity('1e20').isLessThan(quantity('1e21')) && quantity('0.1000000000') == quantity('0.1')",
            "true",
        ),
        ("quantity('0.0000000001') == quantity('1n')", "true"),
        ("quantity('lots')", "! quantity() of text that is none"),
        ("isSemver('1.2.3-rc.1+b') && !isSemver('v1.2') && isSemver('v01.2', true)", "true"),
        ("semver('1.10.0').isGreaterThan(semver('1.9.0'))", "true"),
        ("semver('1.0.0-rc.1').compareTo(semver('1.0.0'))", "-1"),
        ("semver('v1.2', true).major() + semver('1.2.3').patch()", "4"),
        ("duration('1h30m') > duration('89m') && duration('90m') == duration('1.5h')", "true"),
        ("string(duration('1500ms')) + string(duration('-2h'))", "1.5s-7200s"),
        ("duration('1h').getMinutes()", "60"),
        ("duration('1500000ns') == duration('1.5ms') && duration('1500us') == duration('1500µs')", "true"),
        ("uint(1e3) == 1000u && uint(1.9) == 1u", "true"),
        ("uint(18446744073709551615.0)", "! uint() of a double that is none"),
        ("uint(-1.0)", "! uint() of a double that is none"),
        ("quantity('1.0000000001').compareTo(quantity('1.000000001'))", "0"),
        ("quantity('1.000000001').compareTo(quantity('1')) == 1", "true"),
        ("quantity('0.0000000005').compareTo(quantity('1n'))", "0"),
        ("duration('soon')", "! duration() of text that is none"),
        ("timestamp('2026-11-20T14:00:00Z').getHours('+02:00')", "16"),
        ("timestamp('2026-11-20 14:00:00Z')", "! timestamp() of text that is none"),
        ("timestamp('2026-11-20t14:00:00Z')", "! timestamp() of text that is none"),
        (
            "timestamp('2026-11-20T14:00:00Z') - timestamp('2026-11-20T13:00:00+01:00') == duration('2h')",
            "true",
        ),
        ("string(timestamp('2026-11-20T14:00:00Z') + duration('24h'))", "2026-11-21T14:00:00Z"),
        ("timestamp('2026-11-22T14:00:00Z').getDayOfWeek()", "0"),
    ]);
}

#[test]
fn addresses_and_formats() {
    table(&[
        ("isURL('https://example.com:8080/a?b=c') && !isURL('example.com')", "true"),
        ("url('https://u:p@example.com:8080/a b?x=1&x=2').getHost()", "example.com:8080"),
        ("url('https://[::1]:80/').getHostname() + url('https://[::1]:80/').getPort()", "::180"),
        ("url('/path with space').getEscapedPath()", "/path%20with%20space"),
        ("url('https://a/?x=1&x=2&y=a+b').getQuery()", "{x:[1 2] y:[a b]}"),
        ("isIP('10.0.0.1') && !isIP('10.0.0.300') && !isIP('::ffff:1.2.3.4')", "true"),
        ("ip('::1').family() + ip('10.0.0.1').family()", "10"),
        ("ip('127.0.0.1').isLoopback() && ip('10.0.0.1').isGlobalUnicast()", "true"),
        ("ip('224.0.0.5').isLinkLocalMulticast() && !ip('224.0.1.5').isLinkLocalMulticast()", "true"),
        ("ip('ff02::1').isLinkLocalMulticast() && !ip('ff05::1').isLinkLocalMulticast()", "true"),
        ("ip.isCanonical('2001:DB8::1')", "false"),
        (
            "cidr('10.0.0.0/8').containsIP('10.1.2.3') && !cidr('10.0.0.0/8').containsIP(ip('11.0.0.1'))",
            "true",
        ),
        ("cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16')", "true"),
        ("string(cidr('10.1.2.3/8').masked()) + string(cidr('10.1.2.3/8').ip())", "10.0.0.0/810.1.2.3"),
        ("cidr('10.0.0.0/8').prefixLength()", "8"),
        ("isCIDR('10.0.0.0/33')", "false"),
        ("format.dns1123Label().validate('web-1')", "none"),
        ("format.dns1123Label().validate('Web').hasValue()", "true"),
        ("format.named('uuid').value().validate('123e4567-e89b-12d3-a456-426614174000').hasValue()", "false"),
        ("format.named('nonsense').hasValue()", "false"),
    ]);
}

#[test]
fn what_is_not_known_is_refused_by_name() {
    table(&[
        (
            "authorizer.group('').resource('pods').check('get').allowed()",
            "!! authorizer asks the cluster who may do what, and no cluster is asked here",
        ),
        ("objekt.spec", "!! unknown name \"objekt\""),
        ("variables.x", "!! unknown variable \"x\""),
        ("object.name.startswith('a')", "!! unknown function x.startswith()"),
        ("math.greatest(1, 2)", "!! math.greatest is no function of Kubernetes"),
        ("size()", "!! size() does not take 0 arguments"),
        ("startsWith('a')", "!! unknown function startsWith()"),
        ("Object{spec: 1}", "!! Object{…} builds a message, which validations cannot"),
        ("", "!! the expression is empty"),
    ]);
    assert!(said("object.spec.(").starts_with("!! no CEL at line 1, column 13"), "{}", said("object.spec.("));
    assert!(said("[1].all(x.y, true)").contains("simple name"), "{}", said("[1].all(x.y, true)"));
}

#[test]
fn the_field_that_is_named_first_is_known() {
    for (text, keys) in [
        ("object.spec.replicas > 1", &["spec", "replicas"][..]),
        ("1 < 2 && has(object.metadata.labels) && object.spec.replicas > 1", &["metadata", "labels"]),
        ("object.spec.containers[0].image == 'a'", &["spec", "containers"]),
        ("object.?spec.paused.orValue(false)", &["spec", "paused"]),
        ("[1].all(x, x < object.spec.replicas)", &["spec", "replicas"]),
        ("request.name == 'a'", &[]),
    ] {
        let expression = Expression::compile(text, Names { globals: POLICY, variables: &[] }).unwrap();
        assert_eq!(expression.first_field(), keys, "{text}");
    }
}

#[test]
fn what_runs_away_ends() {
    for text in [
        "lists.range(1000).all(a, lists.range(1000).all(b, lists.range(1000).all(c, true)))",
        "lists.range(100000).map(a, lists.range(100000))",
        "lists.range(100000).sortBy(a, a)",
        "[1, 2, 3, 4, 5, 6, 7, 8].map(a, 'aaaaaaaaaaaaaaaaaaaa').map(s, s.replace('a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa').replace('a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa').replace('a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'))",
    ] {
        assert!(said(text).contains("costs more than"), "{}", said(text));
    }
    let deep = format!("{}1{}", "[".repeat(5000), "]".repeat(5000));
    for text in [
        "a".repeat(20_000),
        "object".to_owned() + &".a".repeat(8000),
        deep,
        "1".to_owned() + &"+1".repeat(8000),
    ] {
        assert!(said(&text).starts_with("!! "), "{}", said(&text));
    }
    assert_eq!(said(&["true"; 2000].join(" && ")), "true", "long is not deep");
}

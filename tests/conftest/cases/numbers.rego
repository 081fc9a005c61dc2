package main

import rego.v1

deny contains msg if { some n in input.numbers; msg := sprintf("%v %v %v %v", [n, abs(n), round(n), n * 2]) }
warn contains msg if { msg := sprintf("%v %v %v", [ceil(2.1), floor(-2.1), 7 % 3]) }
warn contains msg if { msg := sprintf("%v", [numbers.range(1, 5)]) }
warn contains msg if { msg := sprintf("%v %v", [10 / 4, 10 / 5]) }
warn contains msg if { msg := sprintf("%v %v", [to_number(input.data.RATIO), product([2, 3, 7])]) }
warn contains msg if { msg := sprintf("%d|%5d|%05d|%x|%.2f|%e|%8.3f|%s|%t", [42, 42, 42, 255, 3.14159, 12345.678, 2.5, "s", true]) }
warn contains msg if { msg := sprintf("%v", [bits.and(12, 10) + bits.or(1, 2) + bits.xor(5, 1) + bits.lsh(1, 4)]) }
warn contains msg if { some f in ["%d", "%v", "%s", "%q", "%f", "%5.1f|", "%-6v|", "%+d", "%g", "%t", "%c"]; some v in [42, -7, 2.5, "a", true, null, [1, "b"], {"c": 1}]; msg := sprintf(f, [v]) }
warn contains msg if { msg := sprintf("%d %s", [1]) }
warn contains msg if { msg := sprintf("none", [1, "a"]) }
warn contains msg if { some v in [42, -7, "a"]; msg := sprintf("%x %X", [v, v]) }
warn contains msg if { msg := sprintf("%v %v %v", [numbers.range(3, -1), numbers.range_step(0, 10, 4), numbers.range_step(5, 0, 2)]) }

package main

import rego.v1

deny contains msg if { msg := sprintf("%d", [time.parse_rfc3339_ns("2024-02-29T10:00:00Z")]) }
deny contains msg if { msg := sprintf("%v", [time.date(1709200800000000000)]) }
deny contains msg if { msg := sprintf("%v", [time.clock([1709200800000000000, "Europe/Berlin"])]) }
deny contains msg if { msg := time.weekday(1709200800000000000) }
deny contains msg if { msg := sprintf("%d", [time.add_date(1709200800000000000, 1, 0, 0)]) }
deny contains msg if { msg := sprintf("%d", [time.parse_duration_ns("1h30m")]) }
deny contains msg if { msg := sprintf("%v", [time.diff(1709200800000000000, 0)]) }
deny contains msg if { msg := time.format([1709200800000000000, "UTC", "2006-01-02"]) }
deny contains msg if { msg := sprintf("%d", [time.parse_ns("2006-01-02", "2024-02-29")]) }

package main

import rego.v1

import data.lib

containers contains c if some c in input.spec.template.spec.containers
is_tagged(image) if { contains(image, ":"); not endswith(image, ":latest") }
deny contains msg if { some c in containers; not is_tagged(c.image); msg := lib.say(c.name, c.image) }

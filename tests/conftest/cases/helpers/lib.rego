package lib

import rego.v1

say(name, image) := sprintf("%s uses %s", [name, image])

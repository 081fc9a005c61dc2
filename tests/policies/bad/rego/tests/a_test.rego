package main

import rego.v1

test_a if true

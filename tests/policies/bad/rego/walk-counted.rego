package main

import rego.v1

deny contains "a" if count([1 | walk(input)]) > 1000

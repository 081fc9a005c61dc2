package main

import rego.v1

deny contains "a" if opa.runtime().env.CI == "true"

package kubernetes.pods

import rego.v1

deny contains "a" if true

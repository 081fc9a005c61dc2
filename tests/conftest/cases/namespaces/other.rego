package other

import rego.v1

deny contains "never asked" if true

# The page of what programs can ask.

programs-title = For programs
programs-lead = Everything that these pages show can also be asked by programs, as JSON, without a key. Proofs are there too, so that nobody has to believe the answers.
programs-description = Every operation, what it takes and what it answers is described in OpenAPI 3.1:
programs-operations = What can be asked
programs-method = Method
programs-address = Address
programs-what = What it answers, in English
programs-link = For whoever writes programs: what can be asked

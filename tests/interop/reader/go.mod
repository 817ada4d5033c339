module reader

go 1.27

require golang.org/x/mod v0.0.0

// The test puts the packages here that the toolchain vendors: nothing is downloaded.
replace golang.org/x/mod => ./mod

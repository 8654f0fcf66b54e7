// Package house holds the shape of Accord: which package may import which.
//
//	domain <- authz <- internal/views <- internal/records <- internal/procedures <- resolvers
//
// An arrow never points back. The domain speaks the language of the field and
// knows nothing of who asks. authz decides what a viewer may see and do; views
// are what a viewer holds. Records are the only way to reach or change what is
// stored, and procedures, one for each act of practice, the only way to change
// it on somebody's behalf. graph declares the API and knows views and authz,
// and no store; resolvers answer it. Only cmd knows all of them, and wires.
//
// A release holds neither the demo world nor the development sign-in.
//
// There is nothing to import here: the rooms stand in rooms_test.go, the tests
// read what is really compiled, and every package must have a room. The linter
// holds the same arrows file by file while one writes.
package house

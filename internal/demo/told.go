package demo

import "slices"

// Told is the demo's casebook: the stories of single victims that the inspection
// "Living in fear" tells, retold in other words about invented people, failures
// included. The file of the first story is the one submitted to the prosecutor.
func Told() Casebook {
	return Casebook{
		Stories: slices.Concat(prosecutionStories(), identifyingStories(), victimCareStories()),
		NextIn:  5, Between: 25, Invited: 0,
	}
}

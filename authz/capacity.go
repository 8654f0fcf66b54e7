package authz

import "slices"

// Capacity is in whose name a request is made: one person acting for one
// agency, with the roles held there. Roles never join across agencies: a person
// with two agencies has two capacities and chooses one by signing in there.
type Capacity struct {
	Person  string   // practitioner id, prac_…
	Agency  string   // agency id, agency_…
	Roles   []Role   // roles held at that agency, at least one
	Areas   []string // areas in which the roles are held, area ids
	Purpose Purpose  // declared by the caller; empty for a routine read
	System  string   // name of a system capacity ("list relay"); empty for a person
}

// Has reports whether the capacity holds the role.
func (c Capacity) Has(role Role) bool {
	return slices.Contains(c.Roles, role)
}

package house

import (
	"fmt"
	"slices"
	"strings"
)

// module is the path every package of Accord begins with.
const module = "accord"

// compiled is what go list says of one package.
type compiled struct {
	ImportPath   string
	Standard     bool
	Imports      []string
	TestImports  []string
	XTestImports []string
}

// faults are the sentences that say where the packages break the house.
func faults(rooms []room, packages []compiled) []string {
	standard := map[string]bool{}
	for _, p := range packages {
		standard[p.ImportPath] = p.Standard
	}

	var found []string
	living := map[string]string{}
	for _, p := range packages {
		name, own := ownName(p.ImportPath)
		if !own {
			continue
		}
		here, housed := roomOf(rooms, name)
		if !housed {
			found = append(found, name+" has no room in the house: say in internal/house what it may import")
			continue
		}
		living[here.packages] = name

		for _, imported := range p.Imports {
			if !standard[imported] {
				found = append(found, arrow(here, name, imported, nil)...)
			}
		}
		if fitsAny(groundFloor, name) {
			for _, imported := range slices.Concat(p.TestImports, p.XTestImports) {
				if !standard[imported] {
					found = append(found, arrow(here, "a test of "+name, imported, testModules)...)
				}
			}
		}
	}

	for _, r := range rooms {
		name, lived := living[r.packages]
		switch {
		case r.planned && lived:
			found = append(found, name+" exists: its room "+r.packages+" is no longer planned")
		case !r.planned && !lived:
			found = append(found, "no package lives in "+r.packages+": its arrows hold nothing")
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// arrow says what is wrong with one import, or nothing.
func arrow(here room, from, imported string, besides []string) []string {
	if name, own := ownName(imported); own {
		if fits(here.packages, name) || fitsAny(here.imports, name) {
			return nil
		}
		return []string{fmt.Sprintf("%s imports %s: an arrow points back", from, name)}
	}

	for home, patterns := range homes {
		if within(imported, home) && !slices.Contains(patterns, here.packages) {
			return []string{fmt.Sprintf("%s imports %s: only %s may", from, imported, strings.Join(patterns, ", "))}
		}
	}
	if withinAny(imported, here.modules) || withinAny(imported, besides) {
		return nil
	}
	return []string{fmt.Sprintf("%s imports %s: a module its room does not name", from, imported)}
}

// roomOf is the room with the longest pattern that fits.
func roomOf(rooms []room, name string) (room, bool) {
	var best room
	for _, r := range rooms {
		if fits(r.packages, name) && len(r.packages) > len(best.packages) {
			best = r
		}
	}
	return best, best.packages != ""
}

// ownName is a package's name from Accord's root, if it is one of Accord's.
func ownName(path string) (string, bool) {
	return strings.CutPrefix(path, module+"/")
}

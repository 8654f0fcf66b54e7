package authz

import (
	"fmt"
	"io"
	"strings"
)

// WriteMatrix prints the compiled table the way a data protection officer reads
// it: for each role and class, by which relation, how much. A golden file holds
// it, so that a change of policy is reviewed as a change of data.
func (t *Table) WriteMatrix(w io.Writer) error {
	for role := range roleCount {
		if _, err := fmt.Fprintf(w, "%s\n", role); err != nil {
			return fmt.Errorf("writing the matrix: %w", err)
		}
		for class := range classCount {
			if grants := t.grants(role, class); len(grants) > 0 {
				if _, err := fmt.Fprintf(w, "  %-21s %s\n", class, strings.Join(grants, ", ")); err != nil {
					return fmt.Errorf("writing the matrix: %w", err)
				}
			}
		}
	}
	return nil
}

func (t *Table) grants(role Role, class DataClass) []string {
	var grants []string
	for relation := range relationCount {
		held := Sight{cell: t.cells[role][relation]}
		grant := ""
		switch held.Level(class) {
		case Withheld:
			continue
		case Masked:
			grant = "masked"
		case Full:
			grant = "read"
		}
		switch held.WriteLevel(class) {
		case Withheld:
		case Masked:
			grant += "+write masked"
		case Full:
			grant += "+write"
		}
		grants = append(grants, fmt.Sprintf("%s %s", relation, grant))
	}
	return grants
}

package authz

import (
	"encoding/csv"
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

// WriteMarkdown prints the table to be pasted into a document: a row for each data
// class, a column for each role, and under it what the words in the cells mean.
func (t *Table) WriteMarkdown(w io.Writer) error {
	var text strings.Builder
	rows := t.rows()
	for i, row := range rows {
		fmt.Fprintf(&text, "| %s |\n", strings.Join(row, " | "))
		if i == 0 {
			fmt.Fprintf(&text, "|%s\n", strings.Repeat("---|", len(row)))
		}
	}
	text.WriteString("\nWhat the cells say:\n\n")
	for _, entry := range legend() {
		fmt.Fprintf(&text, "- **%s**: %s\n", entry.sign, entry.means)
	}
	fmt.Fprintf(&text, "\nThe policy is `%s` (SHA-256 of its text).\n", t.hash)
	if _, err := io.WriteString(w, text.String()); err != nil {
		return fmt.Errorf("writing the matrix: %w", err)
	}
	return nil
}

// WriteCSV prints the table to be opened in a spreadsheet: the rows and columns of
// WriteMarkdown, and under an empty row what the words in the cells mean. Every line
// has as many fields.
func (t *Table) WriteCSV(w io.Writer) error {
	rows := t.rows()
	padded := func(fields ...string) []string { return append(fields, make([]string, len(rows[0])-len(fields))...) }
	rows = append(rows, padded(""))
	for _, entry := range legend() {
		rows = append(rows, padded(entry.sign, entry.means))
	}
	rows = append(rows, padded("policy", t.hash))
	if err := csv.NewWriter(w).WriteAll(rows); err != nil {
		return fmt.Errorf("writing the matrix: %w", err)
	}
	return nil
}

// rows are the cells of the matrix with its heads: classes down, roles across, both
// in the order of the vocabulary.
func (t *Table) rows() [][]string {
	head := []string{"data class"}
	for role := range roleCount {
		head = append(head, role.String())
	}
	rows := [][]string{head}
	for class := range classCount {
		row := []string{class.String()}
		for role := range roleCount {
			row = append(row, t.written(role, class))
		}
		rows = append(rows, row)
	}
	return rows
}

// written is a cell in words.
func (t *Table) written(role Role, class DataClass) string {
	grants := t.grants(role, class)
	if class == Directory { // every signed-in person's, beside the policy
		grants = append([]string{everybody + " read"}, grants...)
	}
	if len(grants) == 0 {
		return nothing
	}
	return strings.Join(grants, "; ")
}

// grants is what a role holds of a class, relation by relation.
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
		grant += more("write", held.WriteLevel(class)) + more("reveal", held.RevealLevel(class))
		grants = append(grants, fmt.Sprintf("%s %s", relation, grant))
	}
	return grants
}

// more is what is allowed beside reading.
func more(act string, level Level) string {
	switch level {
	case Masked:
		return "+" + act + " masked"
	case Full:
		return "+" + act
	case Withheld:
		return ""
	default:
		return ""
	}
}

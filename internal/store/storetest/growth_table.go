package storetest

import (
	"fmt"
	"slices"
	"strings"
)

// Table tells readings in Markdown: for each index the page and the count that
// cost most, and every other call, with a column for each size.
func Table(readings []Reading) string {
	type row struct{ index, call string }
	var rows []row
	var sizes []int
	dearest := make(map[row]map[int]Reading)
	for _, r := range readings {
		at := row{r.Index, r.Call}
		if r.Index != "" {
			at.call = "count"
			if strings.Contains(r.Call, " page, ") {
				at.call = "page"
			}
		}
		if dearest[at] == nil {
			rows, dearest[at] = append(rows, at), make(map[int]Reading)
		}
		if !slices.Contains(sizes, r.Size) {
			sizes = append(sizes, r.Size)
		}
		if r.Cost.Steps > dearest[at][r.Size].Cost.Steps || dearest[at][r.Size].Call == "" {
			dearest[at][r.Size] = r
		}
	}
	var table strings.Builder
	table.WriteString("\n| Keys examined, steps, pages | ")
	for _, size := range sizes {
		fmt.Fprintf(&table, "at %d | ", size)
	}
	table.WriteString("\n|---|" + strings.Repeat("--:|", len(sizes)) + "\n")
	for _, at := range rows {
		fmt.Fprintf(&table, "| %s | ", strings.TrimSpace(at.index+" "+at.call))
		for _, size := range sizes {
			r := dearest[at][size]
			fmt.Fprintf(&table, "%d, %d, %d | ", r.Examined, r.Cost.Steps, r.Cost.Pages)
		}
		table.WriteString("\n")
	}
	return table.String()
}

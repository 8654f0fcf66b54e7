//go:build !release

package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	"accord/internal/demo"
)

// packQuery is the pack a coordinator works from.
//
//go:embed meeting_pack.graphql
var packQuery string

// curlLine is a command that answers when it is pasted into a shell.
func curlLine(executable, identityFlag, api string) string {
	body, err := json.Marshal(map[string]any{
		"query": strings.Join(strings.Fields(packQuery), " "), "variables": map[string]string{"reference": demo.NextMeeting},
	})
	if err != nil {
		return "" // a map of strings always encodes
	}
	return fmt.Sprintf(`curl -s %s -H "Authorization: Bearer $(%s token --as coord.ellis%s)" -H 'Content-Type: application/json' -d '%s'`,
		api, executable, identityFlag, body)
}

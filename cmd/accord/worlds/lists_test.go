package worlds_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"accord/authz"
	"accord/cmd/accord/stage"
	"accord/cmd/accord/worlds"
	"accord/domain/calendar"
	"accord/domain/casework"
	"accord/domain/marac"
	"accord/domain/risk"
	"accord/internal/views"
)

// What lists show is what single look-ups allow, and both are what the account of
// the world says.
func (w *asked) listsEqualLookUps() {
	for _, login := range w.sampled {
		w.lists(login)
		w.meetingLists(login)
	}
}

// everybodyLooksUp has everybody look up everything, in routine or for a purpose of
// theirs.
func (w *asked) everybodyLooksUp() {
	for _, login := range w.player.World.Logins() {
		capacity := authz.Capacity{Roles: w.reach.Roles(login)}
		purposes := slices.DeleteFunc(authz.Purposes(), func(purpose authz.Purpose) bool { return !capacity.MayDeclare(purpose) })
		purpose := rapid.SampledFrom(append([]authz.Purpose{"", ""}, purposes...)).Draw(w.T, "purpose of "+login)
		w.lookUpsFor(login, purpose)
		if purpose != "" {
			w.seen.tried("purpose")
		}
	}
	for _, shift := range w.player.World.Shifts {
		if len(shift.Covers) > 0 {
			w.seen.tried("cover")
		}
	}
}

// data asks a question and returns its data.
func (w *asked) data(login string, question worlds.Question) map[string]json.RawMessage {
	return w.parsed(login, question).Data
}

// visible are the ids of the records of a kind that are there for somebody and
// that match, in order.
//
// Where the order says nothing the id decides, in the direction of the order.
func (w *asked) visible(login string, kind views.Kind, matches func(*worlds.Record) bool, order func(a, b *worlds.Record) int) []string {
	there := slices.DeleteFunc(w.player.World.OfKind(kind), func(r *worlds.Record) bool {
		return !w.reach.There(login, r) || !matches(r)
	})
	slices.SortFunc(there, func(a, b *worlds.Record) int { return order(a, b) })
	ids := []string{}
	for _, record := range there {
		ids = append(ids, record.ID)
	}
	return ids
}

func oldestFirst(a, b *worlds.Record) int {
	return cmp.Or(cmp.Compare(a.Case.OpenedOn, b.Case.OpenedOn), cmp.Compare(a.ID, b.ID))
}

// lists pages through each list, with filters, and holds it against a filter and
// a sort of the account.
func (w *asked) lists(login string) {
	all := func(*worlds.Record) bool { return true }
	newestFirst := func(a, b *worlds.Record) int { return oldestFirst(b, a) }
	byReference := func(a, b *worlds.Record) int { return cmp.Compare(a.Case.Reference, b.Case.Reference) }
	latestFirst := func(a, b *worlds.Record) int {
		return cmp.Or(cmp.Compare(b.Meeting.StartsAt, a.Meeting.StartsAt), cmp.Compare(b.ID, a.ID))
	}
	dueFirst := func(a, b *worlds.Record) int { return cmp.Or(cmp.Compare(a.DueOn, b.DueOn), cmp.Compare(a.ID, b.ID)) }
	size := rapid.IntRange(1, 7).Draw(w.T, "size of pages")

	level := rapid.SampledFrom(risk.Levels()).Draw(w.T, "level")
	kind := rapid.SampledFrom([]casework.CaseType{casework.DomesticAbuseIntimate, casework.StalkingNotDomestic}).Draw(w.T, "type")
	ofLevel := func(r *worlds.Record) bool { return r.Case.Level == level }
	ofType := func(r *worlds.Record) bool { return r.Case.Type == kind }
	switch rapid.IntRange(0, 4).Draw(w.T, "order of cases") {
	case 0:
		w.pages(login, "cases", "", size, w.visible(login, views.CaseKind, all, newestFirst))
	case 1:
		w.pages(login, "cases", "orderBy: OPENED_OLDEST", size, w.visible(login, views.CaseKind, all, oldestFirst))
	case 2:
		w.pages(login, "cases", "orderBy: REFERENCE", size, w.visible(login, views.CaseKind, all, byReference))
	case 3:
		w.pages(login, "cases", fmt.Sprintf("filter: {riskLevel: %s, status: OPEN}", level), size, w.visible(login, views.CaseKind, ofLevel, newestFirst))
	default:
		w.pages(login, "cases", fmt.Sprintf("orderBy: OPENED_OLDEST, filter: {type: %s}", kind), size, w.visible(login, views.CaseKind, ofType, oldestFirst))
	}

	status := rapid.SampledFrom(marac.MeetingStatuses()).Draw(w.T, "status of meetings")
	ofStatus := func(r *worlds.Record) bool { return r.Meeting.Status == status }
	scheduled := func(r *worlds.Record) bool { return r.Meeting.Kind == marac.MaracScheduled }
	switch rapid.IntRange(0, 2).Draw(w.T, "filter of meetings") {
	case 0:
		w.pages(login, "meetings", "", size, w.visible(login, views.MeetingKind, all, latestFirst))
	case 1:
		w.pages(login, "meetings", fmt.Sprintf("filter: {status: %s}", status), size, w.visible(login, views.MeetingKind, ofStatus, latestFirst))
	default:
		w.pages(login, "meetings", "filter: {kind: MARAC_SCHEDULED}", size, w.visible(login, views.MeetingKind, scheduled, latestFirst))
	}

	stands := rapid.SampledFrom(marac.ActionStatuses()).Draw(w.T, "status of actions")
	standing := func(r *worlds.Record) bool { return r.Status == stands }
	mine := func(r *worlds.Record) bool { return r.Person == login }
	late := func(r *worlds.Record) bool {
		return (r.Status == marac.ActionAgreed || r.Status == marac.ActionInProgress) && r.DueOn < calendar.DateIn(stage.Start)
	}
	switch rapid.IntRange(0, 4).Draw(w.T, "filter of actions") {
	case 0:
		w.pages(login, "actions", "", size, w.visible(login, views.ActionKind, all, dueFirst))
	case 1:
		w.pages(login, "actions", fmt.Sprintf("filter: {status: %s}", stands), size, w.visible(login, views.ActionKind, standing, dueFirst))
	case 2:
		w.pages(login, "actions", "filter: {mine: true}", size, w.visible(login, views.ActionKind, mine, dueFirst))
	case 3:
		w.pages(login, "actions", "filter: {overdue: true}", size, w.visible(login, views.ActionKind, late, dueFirst))
	default:
		both := func(r *worlds.Record) bool { return !late(r) && standing(r) && mine(r) }
		w.pages(login, "actions", fmt.Sprintf("filter: {overdue: false, mine: true, status: %s}", stands), size, w.visible(login, views.ActionKind, both, dueFirst))
	}
}

// pages follows the cursors of a list to its end.
func (w *asked) pages(login, list, arguments string, size int, want []string) {
	query := fmt.Sprintf(`query($first: Int!, $after: String) { list: %s(first: $first, after: $after, %s) {
		totalCount moreThan pageInfo { hasNextPage endCursor } edges { cursor node { id } } } }`, list, arguments)
	got := []string{}
	var after *string
	for {
		var read page
		data := w.data(login, worlds.Question{Query: query, Variables: map[string]any{"first": size, "after": after}})
		if err := json.Unmarshal(data["list"], &read); err != nil {
			w.Fatalf("%s pages %s: %v", login, list, err)
		}
		if read.TotalCount == nil || *read.TotalCount != len(want) || read.MoreThan != nil {
			w.Fatalf("%s pages %s(%s): totalCount is %s, want %d", login, list, arguments, data["list"], len(want))
		}
		for _, edge := range read.Edges {
			got = append(got, edge.Node.ID)
		}
		if !read.PageInfo.HasNextPage {
			break
		}
		if read.PageInfo.EndCursor == nil || len(read.Edges) == 0 || len(got) > len(want) {
			w.Fatalf("%s pages %s(%s) and comes to no end: %s", login, list, arguments, data["list"])
		}
		after = read.PageInfo.EndCursor
	}
	if !slices.Equal(got, want) {
		w.Fatalf("%s pages %s(%s) by %d: the list is %v, single look-ups allow %v", login, list, arguments, size, got, want)
	}
}

// meetingLists holds the list of each meeting against its items and their cases.
func (w *asked) meetingLists(login string) {
	for _, record := range w.player.World.OfKind(views.MeetingKind) {
		if !w.reach.There(login, record) {
			continue
		}
		var want []string
		for _, listing := range record.Meeting.Heard() {
			item := w.player.World.Record(listing.Item)
			if !w.reach.There(login, item) {
				continue
			}
			of := "null"
			if w.reach.There(login, w.player.World.Record(item.Case.ID)) {
				of = fmt.Sprintf(`{"id":%q}`, item.Case.ID)
			}
			want = append(want, fmt.Sprintf(`{"id":%q,"position":%d,"case":%s}`, listing.Item, len(want)+1, of))
		}
		list := "[" + strings.Join(want, ",") + "]"
		if w.reach.Table.LinkReason(w.player.World.People[login].Roles, views.ListItemKind.Row()) == authz.ReasonRole {
			list = "null"
		}
		data := w.data(login, worlds.Question{Query: fmt.Sprintf("{ node(id: %q) { ... on Meeting { list { id position case { id } } } } }", record.ID)})
		if got, want := string(data["node"]), `{"list":`+list+`}`; got != want {
			w.Fatalf("%s reads the list of %s:\n%s, want\n%s", login, record.Meeting.Name, got, want)
		}
	}
}

// madeUp are ids of the form of real ones that never were.
func madeUp(kind views.Kind) string { return string(kind) + "_" + strings.Repeat("0", 26) }

// hiddenIsNotFound: what is not there for somebody is answered with the bytes of
// what never was.
func (w *asked) hiddenIsNotFound() {
	login := w.sampled[0]
	for _, kind := range views.Kinds() {
		if kind == views.AlertKind && w.reach.Lapsed(login) {
			continue // nobody's alerts are theirs
		}
		hidden := slices.DeleteFunc(w.player.World.OfKind(kind), func(r *worlds.Record) bool { return w.reach.There(login, r) })
		if len(hidden) == 0 {
			continue
		}
		record := rapid.SampledFrom(hidden).Draw(w.T, "hidden")
		w.same(login, "query($v: ID!) { node(id: $v) { id } }", record.ID, madeUp(kind))
		switch kind {
		case views.CaseKind:
			w.same(login, "query($v: String!) { case(reference: $v) { id } }", record.Case.Reference, "ACC-0000-0000")
		case views.MeetingKind:
			w.same(login, "query($v: String!) { meeting(reference: $v) { id } }", record.Meeting.Reference, "M-none")
		default:
		}
	}
}

func (w *asked) same(login, query, hidden, never string) {
	ask := func(value string) string {
		return string(w.ask(w.player, login, []worlds.Question{{Query: query, Variables: map[string]any{"v": value}}})[0])
	}
	if a, b := ask(hidden), ask(never); a != b || !strings.Contains(a, `"NOT_FOUND"`) {
		w.Fatalf("%s can tell %s, which is hidden, from what never was:\n%s\n%s", login, hidden, a, b)
	}
	w.seen.hidden.Add(1)
}

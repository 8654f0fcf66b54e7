package risk

import (
	"fmt"
	"slices"
)

// Tool is a published way of assessing risk.
type Tool string

// The tools.
const (
	SafeLivesDash24 Tool = "SAFELIVES_DASH_24"
	SafeLivesDashYP Tool = "SAFELIVES_DASH_YP" // for young people
	PoliceDash27    Tool = "POLICE_DASH_27"
	Dara            Tool = "DARA" // first responders, centred on coercive control
	SDash11         Tool = "S_DASH_11"
	Sash            Tool = "SASH"
	Form270         Tool = "FORM_270" // factors for officers, not a questionnaire
	Ppn             Tool = "PPN"
	Oasys           Tool = "OASYS"
	OtherTool       Tool = "OTHER"
)

// Tools lists every tool.
func Tools() []Tool {
	return []Tool{
		SafeLivesDash24, SafeLivesDashYP, PoliceDash27, Dara, SDash11, Sash, Form270, Ppn, Oasys,
		OtherTool,
	}
}

// Valid reports whether the tool is one of Tools.
func (t Tool) Valid() bool { return slices.Contains(Tools(), t) }

// Supplementary reports whether the tool only adds to a full assessment. S-DASH
// leaves out what the conduct does to the victim ("Living in fear", Risk
// identification); SASH is a screen.
func (t Tool) Supplementary() bool { return t == SDash11 || t == Sash }

// Item is one thing a tool asks about.
type Item struct {
	Code  string // stable, such as "SLD-08"
	Topic string // what it is about, in our own words
}

// StalkingItem is the item of the SafeLives Dash about constant contact,
// following, stalking or harassment; YES makes an S-DASH due (R1).
const StalkingItem = "SLD-08"

// Items returns what the tool asks, in order. It is nil for a tool whose items
// Accord does not hold; codes of such a tool are the deployer's.
func (t Tool) Items() []Item {
	return slices.Clone(items[t])
}

// Topic returns what the item with the code is about, or nothing for a code
// that Accord does not hold.
func Topic(code string) string { return topics[code] }

// The items that Accord holds, and their topics by code: made once, because a
// page of cases asks for a thousand topics.
var (
	items = map[Tool][]Item{
		SafeLivesDash24: coded("SLD", safeLivesDashTopics()),
		SDash11:         coded("SD", sDashTopics()),
	}
	topics = topicsByCode()
)

func topicsByCode() map[string]string {
	byCode := map[string]string{}
	for _, tool := range items {
		for _, item := range tool {
			byCode[item.Code] = item.Topic
		}
	}
	return byCode
}

func coded(prefix string, topics []string) []Item {
	items := make([]Item, len(topics))
	for i, topic := range topics {
		items[i] = Item{Code: fmt.Sprintf("%s-%02d", prefix, i+1), Topic: topic}
	}
	return items
}

func safeLivesDashTopics() []string {
	return []string{
		"Injury in this incident",
		"Victim very frightened",
		"What the victim fears, further violence included",
		"Cut off from family and friends",
		"Low mood or thoughts of suicide",
		"Separation, or an attempt at it, within a year",
		"Conflict over contact with children",
		"Constant contact, following, stalking or harassment",
		"Pregnancy or a baby under 18 months",
		"Abuse more frequent",
		"Abuse getting worse",
		"Control or jealousy",
		"Weapons or objects used",
		"Threat to kill that is believed",
		"Strangling, choking or drowning",
		"Sexual acts that hurt or degrade",
		"Other people feared or threatening, honour-based abuse included",
		"Harm to other people",
		"Cruelty to animals",
		"Money problems or dependence for money",
		"Drugs, alcohol or mental ill-health of the perpetrator",
		"Perpetrator's threats or attempts of suicide",
		"Breach of bail, injunction or contact terms",
		"Trouble with the police or convictions",
	}
}

func sDashTopics() []string {
	return []string{
		"Victim very frightened",
		"Earlier harassment, of this victim or others",
		"Property damaged",
		"Turning up more than three times a week",
		"Loitering",
		"Threats of physical or sexual violence this time",
		"Other people harassed",
		"Violence to anyone this time",
		"Helpers recruited, knowing or not",
		"Drugs or alcohol",
		"Violence in the past",
	}
}

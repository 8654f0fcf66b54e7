package sharing

import "time"

// Reveal is that somebody was shown how to reach one person safely, and why.
type Reveal struct {
	ID     string
	Case   string
	Party  string
	By     string // practitioner id
	Agency string
	Reason string
	At     time.Time
	Whole  bool // the address too, not the number alone
}

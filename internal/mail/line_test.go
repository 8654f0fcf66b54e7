package mail

import "testing"

// A name such as localhost is what the machine's files say it is.
func TestClearTextGoesToNoOtherMachineWhateverItsName(t *testing.T) {
	t.Parallel()
	for address, here := range map[string]bool{
		"127.0.0.1:25": true, "[::1]:25": true, "192.0.2.7:25": false, "[2001:db8::1]:25": false, "0.0.0.0:25": false, "127.0.0.1": false,
	} {
		l := line{settings: settings{security: ClearText}}
		if err := l.dialable("tcp", address, nil); (err == nil) != here {
			t.Errorf("in the clear to %s: %v", address, err)
		}
		l.settings.security = StartTLS
		if err := l.dialable("tcp", address, nil); err != nil {
			t.Errorf("with TLS to %s: %v", address, err)
		}
	}
}

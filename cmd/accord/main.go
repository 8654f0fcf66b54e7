// Command accord runs Accord and looks after it.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"accord/domain/fault"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// surroundings is what a command works with beside its flags.
type surroundings struct {
	ctx    context.Context //nolint:containedctx // a command lives as long as the process
	stdout io.Writer
	stderr io.Writer
}

// run runs one command line and returns the exit status: 0 done, 1 it failed,
// 2 the command line is wrong. What went wrong is one line on stderr.
func run(ctx context.Context, arguments []string, stdout, stderr io.Writer) int {
	exit := -1
	parser, err := kong.New(&commands{}, kong.Name("accord"),
		kong.Description("Controlled views of high-risk cases, referrals and safeguarding plans."),
		kong.ValueFormatter(withDefault), kong.UsageOnError(), kong.Writers(stdout, stderr), kong.Exit(func(code int) { exit = code }))
	if err != nil {
		return fail(stderr, err, 1)
	}
	chosen, err := parser.Parse(arguments)
	if exit >= 0 { // help was asked for and printed
		return exit
	}
	if err != nil {
		return fail(stderr, err, 2)
	}
	if err := chosen.Run(&surroundings{ctx: ctx, stdout: stdout, stderr: stderr}); err != nil {
		return fail(stderr, err, 1)
	}
	return 0
}

// withDefault says in the help of a flag what stands in for it, too.
func withDefault(value *kong.Value) string {
	help := kong.DefaultHelpValueFormatter(value)
	if !value.HasDefault {
		return help
	}
	return strings.TrimSuffix(help, ".") + " (default: " + value.Default + ")."
}

func fail(stderr io.Writer, err error, status int) int {
	message := err.Error()
	if f := fault.Of(err); f != nil {
		message = f.Message
	}
	// Faults that came together are said one behind the other.
	message = credentials.ReplaceAllString(strings.ReplaceAll(message, "\n", "; "), "$1…@")
	_, _ = fmt.Fprintln(stderr, "accord:", message)
	return status
}

// credentials are who signs in to a cluster, in an address: a command line that is
// wrong is repeated in what is said of it.
var credentials = regexp.MustCompile(`(?i)(mongodb(?:\+srv)?:/*).*@`)

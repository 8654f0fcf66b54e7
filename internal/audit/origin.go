package audit

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// OriginFile is the name, in the data folder, of the file that says whose log it
// holds.
const OriginFile = "audit.origin"

const maxOriginFile = 1024

// Origin is whose log it is: what a checkpoint is checked against.
type Origin struct {
	Name     string // first line of every checkpoint, unique to the log
	Verifier string // public key, as note.NewVerifier reads it; its name is Name
}

// Text is the content of the file: the name, then the verifier key.
func (o Origin) Text() string { return o.Name + "\n" + o.Verifier + "\n" }

// ParseOrigin reads the content of the file.
func ParseOrigin(text []byte) (Origin, error) {
	lines := strings.Split(string(text), "\n")
	if len(lines) != 3 || lines[2] != "" {
		return Origin{}, fmt.Errorf("%s is not two lines", OriginFile)
	}
	origin := Origin{Name: lines[0], Verifier: lines[1]}
	if _, err := origin.verifier(); err != nil {
		return Origin{}, err
	}
	return origin, nil
}

func (o Origin) verifier() (note.Verifier, error) {
	verifier, err := note.NewVerifier(o.Verifier)
	if err != nil {
		return nil, errors.New("the verifier key of the audit log is malformed")
	}
	if verifier.Name() != o.Name {
		return nil, errors.New("the verifier key of the audit log is that of another origin")
	}
	return verifier, nil
}

// ReadOrigin reads the origin of the log in a data folder. An error that is
// os.ErrNotExist says that the folder has none.
func ReadOrigin(folder string) (Origin, error) {
	file, err := os.Open(filepath.Join(folder, OriginFile)) //nolint:gosec // the folder is the operator's
	if err != nil {
		return Origin{}, fmt.Errorf("read the origin of the audit log: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(file, maxOriginFile))
	if err = errors.Join(err, file.Close()); err != nil {
		return Origin{}, fmt.Errorf("read the origin of the audit log: %w", err)
	}
	return ParseOrigin(text)
}

// KeepOrigin notes in a new data folder whose log it holds, and compares it at
// every later start: a data folder and a key folder that do not belong together
// are one clear error. The caller is alone on the folder.
func KeepOrigin(folder string, origin Origin) error {
	if _, err := origin.verifier(); err != nil {
		return err
	}
	kept, err := ReadOrigin(folder)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return writeOrigin(folder, origin)
	case err != nil:
		return err
	case kept != origin:
		return fmt.Errorf("the data folder and the key folder do not belong together: the log of the data is %s, the keys are of %s", kept.Name, origin.Name)
	default:
		return nil
	}
}

// writeOrigin puts the file in its place whole and durable.
func writeOrigin(folder string, origin Origin) error {
	file, err := os.CreateTemp(folder, "."+OriginFile+"-*")
	if err != nil {
		return fmt.Errorf("write the origin of the audit log: %w", err)
	}
	_, err = file.WriteString(origin.Text())
	if err == nil {
		err = file.Sync()
	}
	err = errors.Join(err, file.Close())
	if err == nil {
		err = os.Rename(file.Name(), filepath.Join(folder, OriginFile))
	}
	if err != nil {
		return fmt.Errorf("write the origin of the audit log: %w", errors.Join(err, os.Remove(file.Name())))
	}
	names, err := os.Open(folder) //nolint:gosec // the folder is the operator's
	if err != nil {
		return fmt.Errorf("write the origin of the audit log: %w", err)
	}
	if err := errors.Join(names.Sync(), names.Close()); err != nil {
		return fmt.Errorf("write the origin of the audit log: %w", err)
	}
	return nil
}

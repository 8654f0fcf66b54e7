package backup

import (
	"fmt"
	"io"
)

// Write writes a backup: the header, whose Key it fills in, and behind it the
// contents of header.Files, one for each and exactly as long as said there.
func Write(w io.Writer, key Key, header Header, contents []io.Reader) error {
	if err := key.For(header.Holds); err != nil {
		return err
	}
	if len(contents) != len(header.Files) {
		return fmt.Errorf("write a backup: %d files and %d contents", len(header.Files), len(contents))
	}
	header.Key = key.Fingerprint()
	head, err := header.encode()
	if err != nil {
		return err
	}
	if _, err = w.Write(head); err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	sealed, err := key.stream.NewEncryptingWriter(w, head)
	if err != nil {
		return fmt.Errorf("encrypt the backup: %w", err)
	}
	for i, file := range header.Files {
		if err := writeContent(sealed, file, contents[i]); err != nil {
			return err
		}
	}
	if err := sealed.Close(); err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	return nil
}

func writeContent(w io.Writer, file File, content io.Reader) error {
	// One byte more than said would be seen.
	written, err := io.Copy(w, io.LimitReader(content, file.Size))
	if err != nil {
		return fmt.Errorf("write %s into the backup: %w", file.Name, err)
	}
	var more [1]byte
	n, err := io.ReadFull(content, more[:])
	if n > 0 || written != file.Size {
		return fmt.Errorf("write %s into the backup: it is not as long as it was", file.Name)
	}
	if !isEnd(err) {
		return fmt.Errorf("write %s into the backup: %w", file.Name, err)
	}
	return nil
}

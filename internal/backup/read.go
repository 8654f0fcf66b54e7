package backup

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// Opened is a backup whose header is proved and whose files are still to be read.
type Opened struct {
	Header Header
	plain  *bufio.Reader
	from   *watched
}

// watched remembers that the file itself could not be read: the decryption does
// not say why it stopped.
type watched struct {
	r   io.Reader
	err error
}

func (w *watched) Read(b []byte) (int, error) {
	n, err := w.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return n, err //nolint:wrapcheck // passed on as it is
}

// Open opens a backup of a purpose with its key, and proves its header. Nothing of
// what Files gives is whole before Files has returned.
func Open(r io.Reader, key Key, purpose Purpose) (*Opened, error) {
	if err := key.For(purpose); err != nil {
		return nil, err
	}
	from := &watched{r: r}
	header, head, err := readHead(from)
	if err != nil {
		return nil, err
	}
	if header.Holds != purpose {
		return nil, holdsOther(header.Holds)
	}
	if header.Key != key.Fingerprint() {
		return nil, ErrOtherKey
	}
	plain, err := key.stream.NewDecryptingReader(from, head)
	if err != nil {
		return nil, fmt.Errorf("decrypt the backup: %w", err)
	}
	opened := &Opened{Header: header, plain: bufio.NewReaderSize(plain, 64<<10), from: from}
	if _, err := opened.plain.Peek(1); err != nil {
		return nil, opened.fault()
	}
	return opened, nil
}

// fault is why the plain text stopped.
func (o *Opened) fault() error {
	if o.from.err != nil {
		return fmt.Errorf("read the backup: %w", o.from.err)
	}
	return ErrDamaged
}

// Files gives every file to take, in order, and returns nil when all of them and
// the end of the backup were authentic. An error of take ends it.
func (o *Opened) Files(take func(file File, content io.Reader) error) error {
	for _, file := range o.Header.Files {
		content := &content{opened: o, left: file.Size}
		if err := take(file, content); err != nil {
			return err
		}
		if content.left != 0 {
			return fmt.Errorf("%d bytes of %s were not taken from the backup", content.left, file.Name)
		}
	}
	if _, err := o.plain.ReadByte(); !errors.Is(err, io.EOF) {
		return o.fault()
	}
	return nil
}

// content is one file within the plain text.
type content struct {
	opened *Opened
	left   int64
}

func (c *content) Read(b []byte) (int, error) {
	if c.left == 0 {
		return 0, io.EOF
	}
	n, err := c.opened.plain.Read(b[:min(int64(len(b)), c.left)])
	c.left -= int64(n)
	if n == 0 && err != nil {
		// The end is no better: there is more to come. Having refused the last
		// segment, the decryption says at the next call that the end was reached.
		return 0, c.opened.fault()
	}
	return n, nil // bufio tells of bytes and of an error one after the other
}

package mongotest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/wiremessage"
)

// The sizes a server tells in hello, in bytes and in documents.
const (
	maxDocument = 16 << 20
	maxMessage  = 48_000_000
	maxBatch    = 100_000
)

// message is one request as it came over the wire.
type message struct {
	id     int32
	legacy bool     // OP_QUERY, which only the first hello of a connection may use
	body   bson.Raw // document sequences merged in as arrays
}

var errMessage = errors.New("not a message this server knows")

// document encodes what this server says. Everything it builds can be encoded.
func document(d any) bson.Raw {
	raw, err := bson.Marshal(d)
	if err != nil {
		panic(fmt.Sprintf("mongotest: %v", err))
	}
	return raw
}

// wellFormed reports whether a document is one at every depth: Validate does not
// look at the zero that ends a string, and what is said again could not be encoded.
func wellFormed(d bson.Raw) bool { return d.Validate() == nil && isEnded(d) }

func isEnded(d bson.Raw) bool {
	elements, err := d.Elements()
	if err != nil || d[len(d)-1] != 0 {
		return false
	}
	for _, e := range elements {
		v := e.Value()
		switch v.Type {
		case bson.TypeString, bson.TypeJavaScript, bson.TypeSymbol:
			if v.Value[len(v.Value)-1] != 0 {
				return false
			}
		case bson.TypeEmbeddedDocument, bson.TypeArray:
			if !isEnded(bson.Raw(v.Value)) {
				return false
			}
		case bson.TypeCodeWithScope, bson.TypeDBPointer:
			return false // nothing we send
		default:
		}
	}
	return true
}

// readMessage reads one request. An error ends the connection.
func readMessage(from io.Reader) (message, error) {
	var header [16]byte
	if _, err := io.ReadFull(from, header[:]); err != nil {
		return message{}, fmt.Errorf("read a header: %w", err)
	}
	length := binary.LittleEndian.Uint32(header[:])
	if length < 16 || length > maxMessage {
		return message{}, fmt.Errorf("%w: %d bytes", errMessage, length)
	}
	rest := make([]byte, length-16)
	if _, err := io.ReadFull(from, rest); err != nil {
		return message{}, fmt.Errorf("read a message: %w", err)
	}
	_, id, _, code, _, _ := wiremessage.ReadHeader(header[:])
	switch code {
	case wiremessage.OpMsg:
		body, err := readSections(rest)
		return message{id: id, body: body}, err
	case opQuery:
		body, err := readQuery(rest)
		return message{id: id, legacy: true, body: body}, err
	default:
		return message{}, fmt.Errorf("%w: %s", errMessage, code)
	}
}

// readSections reads the body of an OP_MSG. Exhaust is allowed to us and never
// used; a checksum, or a message that wants no answer, is not known.
func readSections(src []byte) (bson.Raw, error) {
	flags, src, ok := wiremessage.ReadMsgFlags(src)
	if !ok || flags&^wiremessage.ExhaustAllowed != 0 {
		return nil, fmt.Errorf("%w: flags %b", errMessage, flags)
	}
	var body bsoncore.Document
	var sequences []byte
	for len(src) > 0 {
		var kind wiremessage.SectionType
		if kind, src, ok = wiremessage.ReadMsgSectionType(src); !ok {
			return nil, errMessage
		}
		switch kind {
		case wiremessage.SingleDocument:
			if body != nil {
				return nil, fmt.Errorf("%w: two bodies", errMessage)
			}
			if body, src, ok = wiremessage.ReadMsgSectionSingleDocument(src); !ok {
				return nil, errMessage
			}
		case wiremessage.DocumentSequence:
			var name string
			var documents []bsoncore.Document
			if name, documents, src, ok = wiremessage.ReadMsgSectionDocumentSequence(src); !ok {
				return nil, errMessage
			}
			values := make([]bsoncore.Value, len(documents))
			for i, d := range documents {
				values[i] = bsoncore.Value{Type: bsoncore.TypeEmbeddedDocument, Data: d}
			}
			sequences = bsoncore.BuildArrayElement(sequences, name, values...)
		default:
			return nil, fmt.Errorf("%w: a section of kind %d", errMessage, kind)
		}
	}
	if body == nil || body.Validate() != nil {
		return nil, fmt.Errorf("%w: no proper body", errMessage)
	}
	merged := bsoncore.BuildDocument(nil, append(append([]byte{}, body[4:len(body)-1]...), sequences...))
	if !wellFormed(bson.Raw(merged)) {
		return nil, fmt.Errorf("%w: no proper document", errMessage)
	}
	return bson.Raw(merged), nil
}

// opQuery is the number of OP_QUERY, which MongoDB still takes for a first hello.
const opQuery wiremessage.OpCode = 2004

// readQuery reads the body of an OP_QUERY on the commands of admin: flags, the
// name and its zero byte, how many to skip and to return, and the body.
func readQuery(src []byte) (bson.Raw, error) {
	const name = "admin.$cmd\x00"
	if len(src) < 4 || !bytes.HasPrefix(src[4:], []byte(name)) || len(src) < 4+len(name)+8 {
		return nil, fmt.Errorf("%w: a query", errMessage)
	}
	query, _, ok := bsoncore.ReadDocument(src[4+len(name)+8:])
	if !ok || !wellFormed(bson.Raw(query)) {
		return nil, errMessage
	}
	return bson.Raw(query), nil
}

// reply frames an answer to a message.
func (m message) reply(answer bson.Raw) []byte {
	if m.legacy {
		start, dst := wiremessage.AppendHeaderStart(nil, wiremessage.NextRequestID(), m.id, wiremessage.OpReply)
		dst = wiremessage.AppendReplyFlags(dst, wiremessage.AwaitCapable)
		dst = wiremessage.AppendReplyCursorID(dst, 0)
		dst = wiremessage.AppendReplyStartingFrom(dst, 0)
		dst = wiremessage.AppendReplyNumberReturned(dst, 1)
		dst = append(dst, answer...)
		return bsoncore.UpdateLength(dst, start, int32(len(dst))) //nolint:gosec // an answer is bounded
	}
	start, dst := wiremessage.AppendHeaderStart(nil, wiremessage.NextRequestID(), m.id, wiremessage.OpMsg)
	dst = wiremessage.AppendMsgFlags(dst, 0)
	dst = wiremessage.AppendMsgSectionType(dst, wiremessage.SingleDocument)
	dst = append(dst, answer...)
	return bsoncore.UpdateLength(dst, start, int32(len(dst))) //nolint:gosec // an answer is bounded
}

package mongotest

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// The brackets of BSON's comparison order: values of different brackets never
// compare equal, and a comparison in a query finds values of its own bracket
// alone.
var brackets = map[bson.Type]int{
	bson.TypeUndefined:        0,
	bson.TypeNull:             5,
	bson.TypeDouble:           10,
	bson.TypeInt32:            10,
	bson.TypeInt64:            10,
	bson.TypeString:           15,
	bson.TypeEmbeddedDocument: 20,
	bson.TypeArray:            25,
	bson.TypeBinary:           30,
	bson.TypeObjectID:         35,
	bson.TypeBoolean:          40,
	bson.TypeDateTime:         45,
	bson.TypeTimestamp:        47,
}

// stored says whether a document may hold a value of the type: those whose order
// this server knows.
func stored(t bson.Type) bool {
	_, known := brackets[t]
	return known && t != bson.TypeUndefined
}

// nothing is the key of a field that is missing, and none that of an empty
// array.
var (
	nothing = bson.RawValue{Type: bson.TypeNull}
	none    = bson.RawValue{Type: bson.TypeUndefined}
)

// compareValues is BSON's comparison order.
func compareValues(a, b bson.RawValue) int {
	if order := cmp.Compare(brackets[a.Type], brackets[b.Type]); order != 0 {
		return order
	}
	switch a.Type {
	case bson.TypeDouble, bson.TypeInt32, bson.TypeInt64:
		return compareNumbers(a, b)
	case bson.TypeString:
		return bytes.Compare(textOf(a), textOf(b))
	case bson.TypeEmbeddedDocument:
		return compareDocuments(a.Document(), b.Document())
	case bson.TypeArray:
		return compareDocuments(bson.Raw(a.Value), bson.Raw(b.Value))
	case bson.TypeBinary:
		aKind, aData := a.Binary()
		bKind, bData := b.Binary()
		return cmp.Or(cmp.Compare(len(aData), len(bData)), cmp.Compare(aKind, bKind), bytes.Compare(aData, bData))
	case bson.TypeObjectID:
		return bytes.Compare(a.Value, b.Value)
	case bson.TypeBoolean:
		return bytes.Compare(a.Value, b.Value)
	case bson.TypeDateTime:
		return cmp.Compare(a.DateTime(), b.DateTime())
	case bson.TypeTimestamp:
		aTime, aNumber := a.Timestamp()
		bTime, bNumber := b.Timestamp()
		return cmp.Or(cmp.Compare(aTime, bTime), cmp.Compare(aNumber, bNumber))
	default: // null and undefined
		return 0
	}
}

// textOf is a string as it stands in its document, between its length and the zero
// at its end. To compare is most of what this server does, and a copy of every
// string costs more than the comparison.
func textOf(v bson.RawValue) []byte {
	const length = 4
	if len(v.Value) <= length {
		return nil // nothing that was stored, which is all validated
	}
	return v.Value[length : len(v.Value)-1]
}

// compareDocuments compares element by element: the bracket, the name, the
// value; the shorter of two that agree comes first.
func compareDocuments(a, b bson.Raw) int {
	as, aErr := a.Elements()
	bs, bErr := b.Elements()
	if aErr != nil || bErr != nil {
		return bytes.Compare(a, b) // nothing that was stored, which is all validated
	}
	for i := range min(len(as), len(bs)) {
		left, right := as[i].Value(), bs[i].Value()
		order := cmp.Or(
			cmp.Compare(brackets[left.Type], brackets[right.Type]),
			cmp.Compare(as[i].Key(), bs[i].Key()),
			compareValues(left, right),
		)
		if order != 0 {
			return order
		}
	}
	return cmp.Compare(len(as), len(bs))
}

func compareNumbers(a, b bson.RawValue) int {
	switch {
	case a.Type != bson.TypeDouble && b.Type != bson.TypeDouble:
		return cmp.Compare(a.AsInt64(), b.AsInt64())
	case a.Type == bson.TypeDouble && b.Type == bson.TypeDouble:
		return cmp.Compare(a.Double(), b.Double())
	case a.Type == bson.TypeDouble:
		return -compareMixed(b.AsInt64(), a.Double())
	default:
		return compareMixed(a.AsInt64(), b.Double())
	}
}

// compareMixed compares without rounding the integer.
func compareMixed(n int64, f float64) int {
	switch {
	case math.IsNaN(f), f < math.MinInt64:
		return 1
	case f >= math.MaxInt64:
		return -1
	}
	whole := math.Trunc(f)
	return cmp.Or(cmp.Compare(n, int64(whole)), cmp.Compare(0, f-whole))
}

func sameValue(a, b bson.RawValue) bool { return compareValues(a, b) == 0 }

// identity writes a value so that two that compare equal are written the same:
// the key a record is kept under.
func identity(dst []byte, v bson.RawValue) []byte {
	dst = append(dst, byte(brackets[v.Type])) //nolint:gosec // small numbers
	switch v.Type {
	case bson.TypeInt32, bson.TypeInt64:
		return binary.BigEndian.AppendUint64(dst, uint64(v.AsInt64())) //nolint:gosec // bits for bits
	case bson.TypeDouble:
		if f := v.Double(); f == math.Trunc(f) && f >= math.MinInt64 && f < math.MaxInt64 {
			return binary.BigEndian.AppendUint64(dst, uint64(int64(f))) //nolint:gosec // bits for bits
		}
		return append(append(dst, 'f'), v.Value...)
	case bson.TypeEmbeddedDocument, bson.TypeArray:
		for _, e := range elements(bson.Raw(v.Value)) {
			dst = append(append(dst, e.Key()...), 0)
			dst = identity(dst, e.Value())
		}
		return append(dst, 0)
	default:
		return append(dst, v.Value...)
	}
}

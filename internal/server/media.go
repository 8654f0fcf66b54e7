package server

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"accord/domain/fault"
)

// The media types of an answer. They differ in the status of a request that was
// refused before it ran: 400 with the first, 200 with the second (GraphQL over
// HTTP, 6.4).
const (
	mediaGraphQL = "application/graphql-response+json"
	mediaJSON    = "application/json"
)

// negotiate chooses the media type of the answer. application/json is the
// answer to those who name none or take anything.
func negotiate(accept []string) string {
	var graphQL, plain float64
	for entry := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		media, parameters, err := mime.ParseMediaType(strings.TrimSpace(entry))
		if err != nil {
			continue
		}
		quality := 1.0
		if given, ok := parameters["q"]; ok {
			if quality, err = strconv.ParseFloat(given, 64); err != nil {
				continue
			}
		}
		switch media {
		case mediaGraphQL:
			graphQL = max(graphQL, quality)
		case mediaJSON, "application/*", "*/*":
			plain = max(plain, quality)
		}
	}
	if graphQL > 0 && graphQL >= plain {
		return mediaGraphQL
	}
	return mediaJSON
}

var (
	errMediaType = fault.Input("Content-Type", "mediaType", "Send the request as application/json in UTF-8.")
	errEncoding  = fault.Input("Content-Encoding", "encoding", "Send the request without compression.")
)

// refuseMediaType refuses every body that is not plain JSON in UTF-8. A form,
// which a page of another site can send, is one of them.
func refuseMediaType(header http.Header) *fault.Fault {
	media, parameters, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || media != mediaJSON || len(header.Values("Content-Type")) > 1 {
		return errMediaType
	}
	if charset, given := parameters["charset"]; given && !strings.EqualFold(charset, "utf-8") {
		return errMediaType
	}
	if encoding := header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return errEncoding
	}
	return nil
}

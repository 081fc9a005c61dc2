// Package frame reads requests that are a line of JSON and the bytes it announces.
package frame

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Read fills header from the next line and returns the bytes after it, as many as length then says.
// At the clean end of the input the error is io.EOF.
func Read(reader *bufio.Reader, header any, length func() int) ([]byte, error) {
	line, err := reader.ReadBytes('\n')
	if errors.Is(err, io.EOF) && len(line) == 0 {
		return nil, io.EOF
	}
	if err != nil {
		return nil, fmt.Errorf("reading a request: %w", err)
	}
	if err := json.Unmarshal(line, header); err != nil {
		return nil, fmt.Errorf("request %q: %w", line, err)
	}
	text := make([]byte, length())
	if _, err := io.ReadFull(reader, text); err != nil {
		return nil, fmt.Errorf("reading %d bytes of a document: %w", length(), err)
	}
	return text, nil
}

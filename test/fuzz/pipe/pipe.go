// Package pipe is the talk between the fuzzer and a program that links Helm: cases in, answers out.
//
// Numbers are little-endian. A case is a frame: u32 length, then u8 count of templates, for each u32 length and path,
// u32 length and text; then u32 length and the values as JSON. An answer is a frame: u32 length, u8 0 or 1, i64 the time in
// nanoseconds, and the text of the first template or (1) the message of the error.
//
// In the values an object with one key `~i` is an int64, with `~b` a string of any bytes in base64.
package pipe

import (
	"bufio"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"io"
	"os"
	"strconv"
	"time"
)

// File is a template of the chart: its path in the chart, and its text.
type File struct {
	Path string
	Text []byte
}

// Render answers one case: the text of the first template.
type Render func(files []File, values map[string]interface{}) (string, error)

// Serve answers cases from standard input until it ends.
func Serve(render Render) {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	for {
		var size [4]byte
		if _, err := io.ReadFull(in, size[:]); err != nil {
			return
		}
		frame := make([]byte, binary.LittleEndian.Uint32(size[:]))
		if _, err := io.ReadFull(in, frame); err != nil {
			panic(err)
		}
		files, values := read(frame)
		status, text, now := byte(0), "", time.Now().UnixNano()
		if rendered, err := render(files, values); err != nil {
			status, text = 1, err.Error()
		} else {
			text = rendered
		}
		var head [13]byte
		binary.LittleEndian.PutUint32(head[:], uint32(len(text)+9))
		head[4] = status
		binary.LittleEndian.PutUint64(head[5:], uint64(now))
		out.Write(head[:])
		out.WriteString(text)
		// A case may end the process (Go cannot recover from a full stack): what is answered must be out before.
		out.Flush()
	}
}

func read(frame []byte) ([]File, map[string]interface{}) {
	part := func() []byte {
		size := binary.LittleEndian.Uint32(frame)
		text := frame[4 : 4+size]
		frame = frame[4+size:]
		return text
	}
	count := int(frame[0])
	frame = frame[1:]
	files := make([]File, count)
	for i := range files {
		path := string(part())
		files[i] = File{path, part()}
	}
	var plain map[string]interface{}
	if err := json.Unmarshal(part(), &plain); err != nil {
		panic(err)
	}
	values, _ := typed(plain).(map[string]interface{})
	return files, values
}

func typed(value interface{}) interface{} {
	switch v := value.(type) {
	case []interface{}:
		for i, item := range v {
			v[i] = typed(item)
		}
	case map[string]interface{}:
		if len(v) == 1 {
			if text, ok := v["~i"].(string); ok {
				number, err := strconv.ParseInt(text, 10, 64)
				if err != nil {
					panic(err)
				}
				return number
			}
			if text, ok := v["~b"].(string); ok {
				bytes, err := base64.StdEncoding.DecodeString(text)
				if err != nil {
					panic(err)
				}
				return string(bytes)
			}
		}
		for key, item := range v {
			v[key] = typed(item)
		}
	}
	return value
}

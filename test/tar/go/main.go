// Reads paths of tar archives, one a line, and says what archive/tar finds in each: a JSON object a line.
package main

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
)

type entry struct {
	Path  string  `json:"path"` // base64, as names need not be UTF-8
	Flag  int     `json:"flag"`
	Mode  int64   `json:"mode"`
	Uid   int     `json:"uid"`
	Gid   int     `json:"gid"`
	Size  int64   `json:"size"`
	Mtime float64 `json:"mtime"`
	Link  string  `json:"link"`
	Sum   string  `json:"sum"`
}

type answer struct {
	Entries []entry `json:"entries"`
	Error   string  `json:"error"`
}

const most = 64 << 20

func read(path string) answer {
	a := answer{Entries: []entry{}}
	file, err := os.Open(path)
	if err != nil {
		a.Error = err.Error()
		return a
	}
	defer file.Close()
	bytes := bufio.NewReader(file)
	reader := tar.NewReader(bytes)
	// As runtimes do, by the first bytes.
	if head, _ := bytes.Peek(3); string(head) == "\x1f\x8b\x08" {
		unzipped, err := gzip.NewReader(bytes)
		if err != nil {
			a.Error = err.Error()
			return a
		}
		reader = tar.NewReader(unzipped)
	}
	for {
		header, err := reader.Next()
		if err == io.EOF {
			return a
		}
		if err != nil {
			a.Error = err.Error()
			return a
		}
		if header.Typeflag == tar.TypeXGlobalHeader {
			continue
		}
		hash := sha256.New()
		count, err := io.Copy(hash, io.LimitReader(reader, most+1))
		if err == nil && count > most {
			err = errors.New("too large")
		}
		if err != nil {
			a.Error = err.Error()
			return a
		}
		a.Entries = append(a.Entries, entry{
			Path:  base64.StdEncoding.EncodeToString([]byte(header.Name)),
			Flag:  int(header.Typeflag),
			Mode:  header.Mode,
			Uid:   header.Uid,
			Gid:   header.Gid,
			Size:  header.Size,
			Mtime: float64(header.ModTime.Unix()) + float64(header.ModTime.Nanosecond())/1e9,
			Link:  base64.StdEncoding.EncodeToString([]byte(header.Linkname)),
			Sum:   hex.EncodeToString(hash.Sum(nil)),
		})
	}
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	for lines.Scan() {
		if err := encoder.Encode(read(lines.Text())); err != nil {
			panic(err)
		}
	}
	out.Flush()
}

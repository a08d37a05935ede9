// Reads JSON strings, one a line, and says of each how github.com/distribution/reference normalises it: a JSON object
// with the registry, repository, tag and digest, or with the error, one a line.
package main

import (
	"bufio"
	// A digest is only valid if its algorithm is linked, as it is in every program that pulls.
	_ "crypto/sha256"
	_ "crypto/sha512"
	"encoding/json"
	"os"

	"github.com/distribution/reference"
)

type answer struct {
	Registry   string `json:"registry"`
	Repository string `json:"repository"`
	Tag        string `json:"tag"`
	Digest     string `json:"digest"`
	Error      string `json:"error"`
}

func read(text string) answer {
	named, err := reference.ParseNormalizedNamed(text)
	if err != nil {
		return answer{Error: err.Error()}
	}
	named = reference.TagNameOnly(named)
	a := answer{Registry: reference.Domain(named), Repository: reference.Path(named)}
	if tagged, ok := named.(reference.Tagged); ok {
		a.Tag = tagged.Tag()
	}
	if digested, ok := named.(reference.Digested); ok {
		a.Digest = digested.Digest().String()
	}
	return a
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		var text string
		if json.Unmarshal(in.Bytes(), &text) != nil {
			continue
		}
		if out.Encode(read(text)) != nil {
			os.Exit(1)
		}
	}
}

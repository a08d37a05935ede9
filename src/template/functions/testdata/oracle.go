// Answers templates with Helm 3.22's own engine: a line of JSON with T (the text) and V (the values) in, a line with
// out or err out.
package main

import (
	"bufio"
	"encoding/json"
	"os"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<26)
	answers := json.NewEncoder(os.Stdout)
	answers.SetEscapeHTML(false)
	for lines.Scan() {
		var given struct {
			T string
			V map[string]interface{}
		}
		if err := json.Unmarshal(lines.Bytes(), &given); err != nil {
			panic(err)
		}
		probe := &chart.Chart{
			Metadata:  &chart.Metadata{Name: "c", Version: "1.0.0"},
			Templates: []*chart.File{{Name: "templates/t.yaml", Data: []byte(given.T)}},
		}
		answer := map[string]interface{}{"T": given.T}
		if given.V != nil {
			answer["V"] = given.V
		}
		rendered, err := engine.Render(probe, chartutil.Values{"Values": given.V})
		if err != nil {
			answer["err"] = err.Error()
		} else {
			answer["out"] = rendered["c/templates/t.yaml"]
		}
		if err := answers.Encode(answer); err != nil {
			panic(err)
		}
	}
}

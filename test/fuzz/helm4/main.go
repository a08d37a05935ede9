// Command helm4 renders the fuzzer's cases with the engine of Helm 4.
package main

import (
	"helm.sh/helm/v4/pkg/chart/common"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/engine"

	"trowel.test/pipe"
)

func main() {
	kube, err := common.ParseKubeVersion("v1.33.1")
	if err != nil {
		panic(err)
	}
	capabilities := common.DefaultCapabilities.Copy()
	capabilities.KubeVersion = *kube
	capabilities.APIVersions = common.VersionSet{"v1", "apps/v1", "batch/v1"}
	capabilities.HelmVersion.Version = "v4.3.1"
	capabilities.HelmVersion.GoVersion = "go1.26"
	pipe.Serve(func(files []pipe.File, values map[string]interface{}) (string, error) {
		probe := &chart.Chart{
			Metadata: &chart.Metadata{
				APIVersion: "v2", Name: "probe", Version: "1.2.3", AppVersion: "4.5.6", Type: "application",
				Description: "a chart", Keywords: []string{"k1", "k2"}, Annotations: map[string]string{"a": "b"},
				Maintainers: []*chart.Maintainer{{Name: "m", Email: "e@x"}},
			},
			Files: []*common.File{
				{Name: "conf/a.txt", Data: []byte("line one\nline two\n")},
				{Name: "conf/b.bin", Data: []byte{0xff, 0xfe, 'x'}},
				{Name: "empty", Data: []byte{}},
				{Name: "t.tpl", Data: []byte("{{ .Release.Name }}-{{ . | kindOf }}")},
			},
		}
		for _, file := range files {
			probe.Templates = append(probe.Templates, &common.File{Name: file.Path, Data: file.Text})
		}
		top := common.Values{
			"Capabilities": capabilities,
			"Release": map[string]interface{}{
				"Name": "rel", "Namespace": "ns", "IsUpgrade": false, "IsInstall": true, "Revision": 1, "Service": "Helm",
			},
			"Values": common.Values(values),
		}
		rendered, err := engine.Engine{}.Render(probe, top)
		if err != nil {
			return "", err
		}
		return rendered["probe/"+files[0].Path], nil
	})
}

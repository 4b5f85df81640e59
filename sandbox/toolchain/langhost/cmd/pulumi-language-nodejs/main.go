// The Node.js language host, started with the project's runtime options.
//
// Today's engine sends `runtime.options` of Pulumi.yaml to the language host in its messages. The last host that can
// be built from a Go module is older and takes them as flags instead, so this program reads them from the project and
// becomes that host. With the released pulumi nobody needs it.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"gopkg.in/yaml.v3"
)

const upstream = "pulumi-language-nodejs-upstream"

type project struct {
	Runtime struct {
		Options struct {
			TypeScript *bool  `yaml:"typescript"`
			NodeArgs   string `yaml:"nodeargs"`
		} `yaml:"options"`
	} `yaml:"runtime"`
}

func main() {
	self, err := os.Executable()
	if err != nil {
		fail(err)
	}
	args := append([]string{upstream}, flags()...)
	args = append(args, os.Args[1:]...)
	fail(syscall.Exec(filepath.Join(filepath.Dir(self), upstream), args, os.Environ()))
}

// flags are the old host's spelling of the project's runtime options; none outside a project.
func flags() []string {
	file := findProject()
	if file == "" {
		return nil
	}
	content, err := os.ReadFile(file)
	if err != nil {
		fail(err)
	}
	var p project
	// A runtime given as a plain name has no options, and does not fit the structure above.
	if yaml.Unmarshal(content, &p) != nil {
		return nil
	}
	var flags []string
	if p.Runtime.Options.TypeScript != nil {
		flags = append(flags, fmt.Sprintf("-typescript=%t", *p.Runtime.Options.TypeScript))
	}
	if p.Runtime.Options.NodeArgs != "" {
		flags = append(flags, "-nodeargs="+p.Runtime.Options.NodeArgs)
	}
	return flags
}

// findProject looks for Pulumi.yaml here and in the folders above, as the engine does.
func findProject() string {
	folder, err := os.Getwd()
	if err != nil {
		fail(err)
	}
	for {
		file := filepath.Join(folder, "Pulumi.yaml")
		if _, err := os.Stat(file); err == nil {
			return file
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return ""
		}
		folder = parent
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "pulumi-language-nodejs:", err)
	os.Exit(1)
}

// Package getter takes the place of the downloader of Terraform modules. The Terraform bridge uses it to convert
// documentation, which a running plugin never does. Upstream's package brings the clients of three clouds.
package getter

import (
	"errors"
	"fmt"
)

var errNone = fmt.Errorf("this build downloads no Terraform modules: %w", errors.ErrUnsupported)

// Detector recognizes a kind of source.
type Detector interface {
	Detect(source, folder string) (string, bool, error)
}

// Detectors recognize no source.
var Detectors []Detector

// Detect refuses each source.
func Detect(string, string, []Detector) (string, error) { return "", errNone }

// Get refuses each download.
func Get(string, string) error { return errNone }

// SourceDirSubdir finds no folder inside a source.
func SourceDirSubdir(source string) (string, string) { return source, "" }

// SubdirGlob refuses each pattern.
func SubdirGlob(string, string) (string, error) { return "", errNone }

// FolderStorage keeps no modules.
type FolderStorage struct{ StorageDir string }

// Dir refuses each name.
func (FolderStorage) Dir(string) (string, bool, error) { return "", false, errNone }

// Get refuses each download.
func (FolderStorage) Get(string, string, bool) error { return errNone }

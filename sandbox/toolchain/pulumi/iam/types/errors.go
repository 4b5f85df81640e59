// Package types has the error that the engine tells from others.
package types

// EntityAlreadyExistsException says that there is such an object.
type EntityAlreadyExistsException struct{}

// Error describes it.
func (*EntityAlreadyExistsException) Error() string { return "EntityAlreadyExists" }

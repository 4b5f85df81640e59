// Package orderedmap has the maps of documents. They are empty, because no document is parsed.
package orderedmap

import "iter"

// Map maps keys to values.
type Map[K comparable, V any] struct{}

// New makes a map.
func New[K comparable, V any]() *Map[K, V] { return &Map[K, V]{} }

// Len answers the number of keys.
func Len[K comparable, V any](*Map[K, V]) int { return 0 }

// Get finds no value.
func (*Map[K, V]) Get(K) (value V, ok bool) { return value, false }

// GetOrZero finds no value.
func (*Map[K, V]) GetOrZero(K) (value V) { return value }

// Set keeps no value.
func (*Map[K, V]) Set(K, V) (previous V, ok bool) { return previous, false }

// Delete finds no value.
func (*Map[K, V]) Delete(K) (previous V, ok bool) { return previous, false }

// FromOldest answers no pair.
func (*Map[K, V]) FromOldest() iter.Seq2[K, V] { return func(func(K, V) bool) {} }

// KeysFromOldest answers no key.
func (*Map[K, V]) KeysFromOldest() iter.Seq[K] { return func(func(K) bool) {} }

// Checks an archive's log with Go's own checksum-database code (golang.org/x/mod/sumdb), which knows
// nothing of Selon: the signed note, every leaf's inclusion and the consistency of every size.
//
// Usage: main LEDGER-FOLDER     (GO111MODULE=off, GOPATH as Debian's golang-golang-x-mod-dev has it)
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error, what string) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", what, err)
		os.Exit(1)
	}
}

// path is where tlog-tiles keeps a tile: Go's own layout has the height in it.
func path(folder string, t tlog.Tile) string {
	return filepath.Join(folder, strings.Replace(t.Path(), "tile/8/", "tile/", 1))
}

type tiles string

func (folder tiles) Height() int { return 8 }

func (folder tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, t := range wanted {
		data, err := os.ReadFile(path(string(folder), t))
		if err != nil {
			full := t
			full.W = 256
			data, err = os.ReadFile(path(string(folder), full))
			if err != nil {
				return nil, err
			}
			data = data[:t.W*32]
		}
		all = append(all, data)
	}
	return all, nil
}

func (folder tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func main() {
	folder := os.Args[1]
	key, err := os.ReadFile(filepath.Join(folder, "vkey"))
	must(err, "vkey")
	verifier, err := note.NewVerifier(strings.TrimSpace(string(key)))
	must(err, "vkey")
	signed, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	must(err, "checkpoint")
	opened, err := note.Open(signed, note.VerifierList(verifier))
	must(err, "checkpoint")
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err, "size")
	raw, err := base64.StdEncoding.DecodeString(lines[2])
	must(err, "root")
	var root tlog.Hash
	copy(root[:], raw)

	reader := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, tiles(folder))
	for n := int64(0); n < size; {
		bundle := tlog.Tile{H: 8, L: 0, N: n / 256, W: 256}
		if size-n < 256 {
			bundle.W = int(size - n)
		}
		name := strings.Replace(path(folder, bundle), "tile/0/", "tile/entries/", 1)
		data, err := os.ReadFile(name)
		must(err, name)
		for at := 0; at < bundle.W; at++ {
			length := int(binary.BigEndian.Uint16(data))
			leaf := tlog.RecordHash(data[2 : 2+length])
			data = data[2+length:]
			proof, err := tlog.ProveRecord(size, n, reader)
			must(err, "proof")
			must(tlog.CheckRecord(proof, size, root, n, leaf), fmt.Sprintf("leaf %d", n))
			n++
		}
	}
	consistent := 0
	for old := int64(1); old <= size; old += 1 + size/200 {
		hash, err := tlog.TreeHash(old, reader)
		must(err, "tree")
		proof, err := tlog.ProveTree(size, old, reader)
		must(err, "proof")
		must(tlog.CheckTree(proof, size, root, old, hash), fmt.Sprintf("size %d", old))
		consistent++
	}
	fmt.Printf("note open, %d leaves included, %d older sizes consistent\n", size, consistent)
}

// Reads a log from a directory of tiles, with golang.org/x/mod/sumdb alone: not a line here is Veta's but the paths.
//
//	reader VKEY DIRECTORY
//
// Everything in the directory must hold: every checkpoint in it, every hash of every tile, every leaf of every bundle, and
// every tlog-proof. It prints one line of counts, or says what does not hold and exits with 1.
package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	// The height that tlog-tiles fixes; x/mod writes it into its paths.
	height = 8
	width  = 1 << height
	// How many records and smaller trees are proved, spread over the log.
	proved = 256
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: reader VKEY DIRECTORY")
		os.Exit(64)
	}
	counts, err := read(os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, "reader:", err)
		os.Exit(1)
	}
	fmt.Println(counts)
}

// A directory is a log as files: the checkpoint's tree, and hashes that are proved to be in it.
type directory struct {
	path     string
	verifier note.Verifier
	tree     tlog.Tree
	hashes   tlog.HashReader
}

type counts struct {
	leaves, tiles, bundles, checkpoints, records, trees, proofs int
}

func (c counts) String() string {
	return fmt.Sprintf("ok: %d leaves in %d bundles, %d tiles, %d other checkpoints, %d records, %d trees, %d proofs",
		c.leaves, c.bundles, c.tiles, c.checkpoints, c.records, c.trees, c.proofs)
}

func read(vkey, path string) (counts, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return counts{}, err
	}
	d := &directory{path: path, verifier: verifier}
	if d.tree, err = d.checkpointFile("checkpoint"); err != nil {
		return counts{}, err
	}
	d.hashes = tlog.TileHashReader(d.tree, d)
	var c counts
	steps := []func(*counts) error{d.checkLeaves, d.checkFiles, d.checkRecords, d.checkTrees}
	for _, step := range steps {
		if err := step(&c); err != nil {
			return counts{}, err
		}
	}
	return c, nil
}

func (d *directory) checkpointFile(name string) (tlog.Tree, error) {
	data, err := os.ReadFile(filepath.Join(d.path, name))
	if err != nil {
		return tlog.Tree{}, err
	}
	tree, err := d.openCheckpoint(data)
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("%s: %w", name, err)
	}
	return tree, nil
}

func (d *directory) openCheckpoint(data []byte) (tlog.Tree, error) {
	opened, err := note.Open(data, note.VerifierList(d.verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return tlog.Tree{}, fmt.Errorf("not three lines")
	}
	if lines[0] != d.verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("origin %q", lines[0])
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || strconv.FormatInt(size, 10) != lines[1] {
		return tlog.Tree{}, fmt.Errorf("size %q", lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return tlog.Tree{}, err
	}
	if size == 0 {
		empty, err := tlog.TreeHash(0, nil)
		if err != nil || root != empty {
			return tlog.Tree{}, fmt.Errorf("an empty tree with root %v", root)
		}
	}
	return tlog.Tree{N: size, Hash: root}, nil
}

// Height, ReadTiles and SaveTiles make the directory a tlog.TileReader.
func (d *directory) Height() int { return height }

func (d *directory) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, tile := range tiles {
		// Theirs is tile/8/0/000, that of tlog-tiles tile/0/000.
		path := "tile" + strings.TrimPrefix(tile.Path(), "tile/"+strconv.Itoa(height))
		read, err := os.ReadFile(filepath.Join(d.path, filepath.FromSlash(path)))
		if err != nil {
			return nil, err
		}
		data[i] = read
	}
	return data, nil
}

func (d *directory) SaveTiles([]tlog.Tile, [][]byte) {}

// checkLeaves hashes every leaf that the checkpoint covers, and finds each hash in the tree.
func (d *directory) checkLeaves(c *counts) error {
	for first := int64(0); first < d.tree.N; first += width {
		end := min(first+width, d.tree.N)
		path := "tile/entries" + strings.TrimPrefix(tlog.Tile{H: height, L: 0, N: first / width, W: int(end - first)}.Path(), "tile/8/0")
		leaves, err := d.bundle(path)
		if err != nil {
			return err
		}
		if int64(len(leaves)) != end-first {
			return fmt.Errorf("%s: %d leaves", path, len(leaves))
		}
		if err := d.checkHashes(path, 0, first, hashesOf(leaves)); err != nil {
			return err
		}
		c.leaves += len(leaves)
	}
	return nil
}

// checkFiles looks at every file there is, so that none is served that does not hold.
func (d *directory) checkFiles(c *counts) error {
	return filepath.WalkDir(d.path, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(d.path, path)
		if err != nil {
			return err
		}
		return d.checkFile(filepath.ToSlash(name), c)
	})
}

func (d *directory) checkFile(name string, c *counts) error {
	switch {
	case name == "checkpoint", strings.HasPrefix(name, "."):
		return nil
	case strings.HasPrefix(name, "checkpoint."):
		c.checkpoints++
		return d.checkOlder(name)
	case strings.HasPrefix(name, "tile/entries/"):
		c.bundles++
		return d.checkBundle(name)
	case strings.HasPrefix(name, "tile/"):
		c.tiles++
		return d.checkTile(name)
	case strings.HasSuffix(name, ".tlog-proof"):
		c.proofs++
		return d.checkProof(name)
	}
	return fmt.Errorf("%s: no file of a log", name)
}

func (d *directory) checkOlder(name string) error {
	older, err := d.checkpointFile(name)
	if err != nil {
		return err
	}
	if older.N == 0 {
		return nil
	}
	proof, err := tlog.ProveTree(d.tree.N, older.N, d.hashes)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return tlog.CheckTree(proof, d.tree.N, d.tree.Hash, older.N, older.Hash)
}

func (d *directory) checkTile(name string) error {
	tile, err := tlog.ParseTilePath("tile/8" + strings.TrimPrefix(name, "tile"))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	data, err := os.ReadFile(filepath.Join(d.path, filepath.FromSlash(name)))
	if err != nil {
		return err
	}
	if len(data) != tile.W*tlog.HashSize {
		return fmt.Errorf("%s: %d bytes", name, len(data))
	}
	hashes := make([]tlog.Hash, tile.W)
	for i := range hashes {
		copy(hashes[i][:], data[i*tlog.HashSize:])
	}
	return d.checkHashes(name, tile.L*height, tile.N*width, hashes)
}

func (d *directory) checkBundle(name string) error {
	tile, err := tlog.ParseTilePath("tile/8/0" + strings.TrimPrefix(name, "tile/entries"))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	leaves, err := d.bundle(name)
	if err != nil {
		return err
	}
	if len(leaves) != tile.W {
		return fmt.Errorf("%s: %d leaves", name, len(leaves))
	}
	return d.checkHashes(name, 0, tile.N*width, hashesOf(leaves))
}

// checkHashes compares with the hashes of a level from the first on, which are proved to be in the tree.
func (d *directory) checkHashes(name string, level int, first int64, hashes []tlog.Hash) error {
	indexes := make([]int64, len(hashes))
	for i := range indexes {
		indexes[i] = tlog.StoredHashIndex(level, first+int64(i))
	}
	inTree, err := d.hashes.ReadHashes(indexes)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for i, hash := range hashes {
		if hash != inTree[i] {
			return fmt.Errorf("%s: hash %d is not that of the tree", name, i)
		}
	}
	return nil
}

func (d *directory) checkRecords(c *counts) error {
	for _, index := range spread(d.tree.N) {
		hash, err := d.hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
		if err != nil {
			return err
		}
		proof, err := tlog.ProveRecord(d.tree.N, index, d.hashes)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, d.tree.N, d.tree.Hash, index, hash[0]); err != nil {
			return fmt.Errorf("record %d: %w", index, err)
		}
		c.records++
	}
	return nil
}

func (d *directory) checkTrees(c *counts) error {
	for _, index := range spread(d.tree.N) {
		size := index + 1
		root, err := tlog.TreeHash(size, d.hashes)
		if err != nil {
			return err
		}
		proof, err := tlog.ProveTree(d.tree.N, size, d.hashes)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(proof, d.tree.N, d.tree.Hash, size, root); err != nil {
			return fmt.Errorf("tree of %d: %w", size, err)
		}
		c.trees++
	}
	return nil
}

// checkProof reads a c2sp.org/tlog-proof of a leaf of this log.
func (d *directory) checkProof(name string) error {
	data, err := os.ReadFile(filepath.Join(d.path, filepath.FromSlash(name)))
	if err != nil {
		return err
	}
	head, checkpoint, _ := bytes.Cut(data, []byte("\n\n"))
	tree, err := d.openCheckpoint(checkpoint)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	lines := strings.Split(string(head), "\n")
	if lines[0] != "c2sp.org/tlog-proof@v1" || len(lines) < 2 {
		return fmt.Errorf("%s: no proof", name)
	}
	extra, hasExtra := strings.CutPrefix(lines[1], "extra ")
	if hasExtra {
		lines = lines[1:]
	}
	if len(lines) < 2 {
		return fmt.Errorf("%s: no index", name)
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		proof = append(proof, hash)
	}
	leaf, err := d.hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	// What this log puts there is the leaf.
	if data, err := base64.StdEncoding.DecodeString(extra); hasExtra && (err != nil || tlog.RecordHash(data) != leaf[0]) {
		return fmt.Errorf("%s: the extra data is not the leaf", name)
	}
	return tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf[0])
}

// bundle takes an entry bundle apart: each leaf behind its length, two bytes, big-endian.
func (d *directory) bundle(name string) ([][]byte, error) {
	data, err := os.ReadFile(filepath.Join(d.path, filepath.FromSlash(name)))
	if err != nil {
		return nil, err
	}
	var leaves [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data)-2 < int(data[0])<<8|int(data[1]) {
			return nil, fmt.Errorf("%s: cut off", name)
		}
		end := 2 + (int(data[0])<<8 | int(data[1]))
		leaves, data = append(leaves, data[2:end]), data[end:]
	}
	return leaves, nil
}

func hashesOf(leaves [][]byte) []tlog.Hash {
	hashes := make([]tlog.Hash, len(leaves))
	for i, leaf := range leaves {
		hashes[i] = tlog.RecordHash(leaf)
	}
	return hashes
}

// spread gives indexes over the whole log, its first and last among them.
func spread(size int64) []int64 {
	var indexes []int64
	for i := int64(0); i < size; i += max(1, size/proved) {
		indexes = append(indexes, i)
	}
	if size > 0 && indexes[len(indexes)-1] != size-1 {
		indexes = append(indexes, size-1)
	}
	return indexes
}

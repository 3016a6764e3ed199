// check_ledger checks a .tlog-proof or a consistency proof with Go's own checksum-database packages.
//
//	check_ledger incl VKEY PROOF ENTRY
//	check_ledger cons VKEY OLD-CHECKPOINT NEW-CHECKPOINT PROOF
package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	if len(os.Args) == 5 && os.Args[1] == "incl" {
		inclusion(os.Args[2], read(os.Args[3]), read(os.Args[4]))
	} else if len(os.Args) == 6 && os.Args[1] == "cons" {
		consistency(os.Args[2], read(os.Args[3]), read(os.Args[4]), read(os.Args[5]))
	} else {
		fail("usage", nil)
	}
}

func inclusion(vkey, proof, entry string) {
	parts := strings.SplitN(proof, "\n\n", 2)
	lines := strings.Split(parts[0], "\n")
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil {
		fail("inclusion", err)
	}
	tree := head(vkey, parts[1])
	leaf := tlog.RecordHash([]byte(entry))
	if err := tlog.CheckRecord(hashes(lines[2:]), tree.N, tree.Hash, index, leaf); err != nil {
		fail("inclusion", err)
	}
	fmt.Printf("inclusion OK index %d\n", index)
}

func consistency(vkey, old, next, proof string) {
	before, after := head(vkey, old), head(vkey, next)
	path := tlog.TreeProof(hashes(strings.Fields(proof)))
	if err := tlog.CheckTree(path, after.N, after.Hash, before.N, before.Hash); err != nil {
		fail("consistency", err)
	}
	fmt.Printf("consistency OK %d -> %d\n", before.N, after.N)
}

func head(vkey, signed string) tlog.Tree {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		fail("key", err)
	}
	opened, err := note.Open([]byte(signed), note.VerifierList(verifier))
	if err != nil {
		fail("checkpoint", err)
	}
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		fail("checkpoint", err)
	}
	return tlog.Tree{N: size, Hash: hashes(lines[2:3])[0]}
}

func hashes(lines []string) (found []tlog.Hash) {
	for _, line := range lines {
		raw, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(raw) != tlog.HashSize {
			fail("hash", err)
		}
		var hash tlog.Hash
		copy(hash[:], raw)
		found = append(found, hash)
	}
	return found
}

func read(path string) string {
	content, err := os.ReadFile(path)
	if err != nil {
		fail("file", err)
	}
	return string(content)
}

func fail(what string, err error) {
	fmt.Printf("%s FAILED: %v\n", what, err)
	os.Exit(1)
}

// Checks our ledger with Go's own transparency-log library (golang.org/x/mod/sumdb): the checkpoint's
// signature, an inclusion proof of every entry, and that false ones are refused.
package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func check(err error) {
	if err != nil {
		fmt.Println("FAULT", err)
		os.Exit(1)
	}
}

func hash(text string) tlog.Hash {
	raw, err := base64.StdEncoding.DecodeString(text)
	check(err)
	var h tlog.Hash
	copy(h[:], raw)
	return h
}

func head(text string) (int64, tlog.Hash) {
	lines := strings.Split(text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	return size, hash(lines[2])
}

func open(file string, verifiers note.Verifiers) (int64, tlog.Hash) {
	message, err := os.ReadFile(file)
	check(err)
	opened, err := note.Open(message, verifiers)
	check(err)
	return head(opened.Text)
}

func main() {
	vkey, err := os.ReadFile("vkey")
	check(err)
	verifier, err := note.NewVerifier(strings.TrimSpace(string(vkey)))
	check(err)
	verifiers := note.VerifierList(verifier)
	size, root := open("checkpoint", verifiers)
	oldSize, oldRoot := open("old", verifiers)

	// Lines of: inclusion <index> <leaf> <hash>..., or consistency <hash>...
	proofs, err := os.Open("proofs")
	check(err)
	accepted, refused := 0, 0
	for lines := bufio.NewScanner(proofs); lines.Scan(); {
		words := strings.Fields(lines.Text())
		if words[0] == "consistency" {
			var proof tlog.TreeProof
			for _, word := range words[1:] {
				proof = append(proof, hash(word))
			}
			check(tlog.CheckTree(proof, size, root, oldSize, oldRoot))
			fmt.Println("consistent")
			continue
		}
		index, err := strconv.ParseInt(words[1], 10, 64)
		check(err)
		leaf, err := base64.StdEncoding.DecodeString(words[2])
		check(err)
		var proof tlog.RecordProof
		for _, word := range words[3:] {
			proof = append(proof, hash(word))
		}
		check(tlog.CheckRecord(proof, size, root, index, tlog.RecordHash(leaf)))
		accepted++
		if tlog.CheckRecord(proof, size, root, index, tlog.RecordHash(append(leaf, 'x'))) != nil {
			refused++
		}
	}
	fmt.Printf("accepted %d refused %d\n", accepted, refused)
}

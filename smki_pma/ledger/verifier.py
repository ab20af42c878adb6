#!/usr/bin/env python3
"""Checks the SMKI PMA's ledger with nothing but Python 3.9 or later: no packages, no network, no trust.

    python3 verifier.py export FILE [--vkey KEY ...]
        an exported ledger: every leaf, their order and times, texts against commitments, every checkpoint
    python3 verifier.py checkpoint FILE --vkey KEY
        the signature of a checkpoint
    python3 verifier.py proof FILE --vkey KEY [--leaf FILE] [--text FILE --salt HEX]
        that an entry is in the ledger (C2SP tlog-proof), and that a text is what that entry says
    python3 verifier.py consistency OLD NEW PROOF --vkey KEY
        that the ledger of checkpoint OLD is the beginning of that of checkpoint NEW
    python3 verifier.py certificates FILE --vkey KEY
        that each Certificate in a file of proofs for one EUI-64 is in the certificate log
    python3 verifier.py certificate-log FILE --vkey KEY [--eui64 EUI64]
        the whole certificate log; how many of its Certificates name an EUI-64, and which

KEY is the published line name+id+base64, or several of them: all that is published, as it stands. Keep
your own copy of it and of checkpoints: what you compare with must not come from the system that you check.
Exit status 0: all is well; 1: a fault, named on standard output; 2: the command line or a file cannot be
read.

Formats: RFC 6962 (tree), RFC 8032 (Ed25519), C2SP signed-note, tlog-checkpoint and tlog-proof.
"""

# ruff: noqa: T201

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

EXPORT_FORMAT = "smki-ledger-export/1"
CERTIFICATE_PROOFS_FORMAT = "smki-certificate-proofs/1"
CERTIFICATE_LOG_FORMAT = "smki-certificate-log/1"

Point = tuple[int, int, int, int]
Row = dict[str, Any]


class Fault(Exception):
    """Something does not hold. place: where."""

    def __init__(self, place: str, what: str) -> None:
        super().__init__(f"{place}: {what}")
        self.place = place
        self.what = what


# Ed25519, RFC 8032 section 5.1: verification only, so nothing here need be constant in time.

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def _recover_x(y: int, sign: int) -> int | None:
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def _point(data: bytes) -> Point | None:
    """A point in extended coordinates, or None where the octets are none."""
    number = int.from_bytes(data, "little")
    y = number & (1 << 255) - 1
    x = _recover_x(y, number >> 255)
    return None if x is None else (x, y, 1, x * y % P)


def _add(one: Point, two: Point) -> Point:
    a = (one[1] - one[0]) * (two[1] - two[0]) % P
    b = (one[1] + one[0]) * (two[1] + two[0]) % P
    c = 2 * one[3] * two[3] * D % P
    d = 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(factor: int, point: Point) -> Point:
    result = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            result = _add(result, point)
        point = _add(point, point)
        factor >>= 1
    return result


def _same(one: Point, two: Point) -> bool:
    return (one[0] * two[2] - two[0] * one[2]) % P == 0 and (one[1] * two[2] - two[1] * one[2]) % P == 0


_BASE_Y = 4 * pow(5, P - 2, P) % P
_BASE_X = _recover_x(_BASE_Y, 0) or 0
BASE = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % P)


def ed25519_verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature over the message is that of the key."""
    if len(public_key) != 32 or len(signature) != 64:
        return False
    key, r = _point(public_key), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little") % L
    return _same(_times(s, BASE), _add(r, _times(h, key)))


# The tree, RFC 6962 section 2.1 and RFC 9162 sections 2.1.3.2, 2.1.4.2


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that grows leaf by leaf and keeps its right edge only."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[bytes] = []

    def append(self, hash: bytes) -> None:
        size = self.size
        edge = self._edge
        while size & 1:
            hash = node_hash(edge.pop(), hash)
            size >>= 1
        edge.append(hash)
        self.size += 1

    def root(self) -> bytes:
        if not self._edge:
            return hashlib.sha256(b"").digest()
        root = self._edge[-1]
        for left in reversed(self._edge[:-1]):
            root = node_hash(left, root)
        return root


def root_by_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """The root that an inclusion proof leads to. Raises Fault where the proof has the wrong length."""
    if not 0 <= index < size:
        raise Fault("proof", f"there is no entry {index} in a tree of {size}")
    position, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise Fault("proof", "it is too long")
        if position & 1 or position == last:
            found = node_hash(sibling, found)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        position, last = position >> 1, last >> 1
    if last:
        raise Fault("proof", "it is too short")
    return found


def check_consistency(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Raise Fault unless the proof shows the old tree to be the beginning of the new one."""
    if old_size > new_size:
        raise Fault("consistency", f"the old tree has {old_size} entries, the new one only {new_size}")
    if old_size in (0, new_size):
        if proof:
            raise Fault("consistency", "no proof is expected between these sizes")
        if old_size == new_size and old_root != new_root:
            raise Fault("consistency", f"two different trees of {new_size} entries have been signed")
        return
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    if not path:
        raise Fault("consistency", "the proof is empty")
    old, new = _roots_by_consistency(old_size, new_size, path)
    if old != old_root:
        raise Fault("consistency", f"the proof does not lead to the old root, of {old_size} entries")
    if new != new_root:
        raise Fault("consistency", f"the proof does not lead to the new root, of {new_size} entries")


def _roots_by_consistency(old_size: int, new_size: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    position, last = old_size - 1, new_size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise Fault("consistency", "the proof is too long")
        if position & 1 or position == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        position, last = position >> 1, last >> 1
    if last:
        raise Fault("consistency", "the proof is too short")
    return old, new


# Signed notes and checkpoints


def parse_vkey(text: str) -> tuple[str, bytes, bytes]:
    """(name, key id, public key) of a published key line. Raises Fault."""
    try:
        name, id_text, encoded = text.strip().split("+", 2)
        raw = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error):
        raise Fault("key", "it is not of the form name+id+base64") from None
    if len(raw) != 33 or raw[:1] != b"\x01":
        raise Fault("key", "it is not an Ed25519 key")
    id = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if id.hex() != id_text:
        raise Fault("key", f"its id should be {id.hex()}, not {id_text}")
    return name, id, raw[1:]


def read_checkpoint(note: str, vkeys: Sequence[str], place: str = "checkpoint") -> tuple[str, int, bytes]:
    """(origin, size, root) of a checkpoint that one of the keys has signed. Raises Fault."""
    text, separator, signatures = note.rpartition("\n\n")
    lines = (text + "\n").split("\n")
    if not separator or len(lines) < 4 or not note.endswith("\n"):
        raise Fault(place, "this is no signed checkpoint")
    if not (lines[1].isascii() and lines[1].isdigit() and str(int(lines[1])) == lines[1]):
        raise Fault(place, "the second line is no tree size")
    try:
        root = base64.b64decode(lines[2], validate=True)
    except binascii.Error:
        raise Fault(place, "the third line is no root hash") from None
    if len(root) != 32:
        raise Fault(place, "the third line is no root hash")
    _check_signed(place, (text + "\n").encode(), signatures, vkeys)
    return lines[0], int(lines[1]), root


def _check_signed(place: str, message: bytes, signatures: str, vkeys: Sequence[str]) -> None:
    known = [parse_vkey(vkey) for vkey in vkeys]
    signed = False
    for line in signatures.splitlines():
        mark, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        try:
            raw = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            raise Fault(place, "a signature line is not base64") from None
        if mark != "\u2014" or len(raw) < 5:
            raise Fault(place, "a signature line is malformed")
        for key_name, id, public_key in known:
            if (name, raw[:4]) == (key_name, id):
                if not ed25519_verify(public_key, message, raw[4:]):
                    raise Fault(place, f"the signature of {name} does not match")
                signed = True
    if not signed:
        raise Fault(place, "none of the given keys has signed it")


# One entry


def read_leaf(data: bytes, place: str) -> Row:
    """The fields of a leaf. Raises Fault unless it has exactly the published form."""
    try:
        leaf = json.loads(data)
        canonical = json.dumps(leaf, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    except (ValueError, UnicodeError):
        raise Fault(place, "the leaf is not JSON") from None
    if canonical != data or set(leaf) != {"commitment", "number", "recorded_at", "v"}:
        raise Fault(place, "the leaf is not in canonical form")
    if leaf["v"] != 1:
        raise Fault(place, f"the leaf is of version {leaf['v']}, which this file does not know")
    return dict(leaf)


def check_text(leaf: Row, text: bytes, salt: bytes, place: str) -> None:
    """Raise Fault unless the text, with its salt, is what the leaf commits to."""
    if hashlib.sha256(salt + text).hexdigest() != leaf["commitment"]:
        raise Fault(place, "the text is not what the entry committed to")


# A whole export: lines of JSON


def check_export(lines: Iterable[str], vkeys: Sequence[str] = ()) -> Row:
    """Check an exported ledger. Returns a summary; raises Fault with the place of the first fault.

    vkeys: keys that the caller holds; there must be a checkpoint, and the newest must be signed by one of
    them. Earlier ones may be signed by keys that the file names, since keys are changed over the years.
    """
    numbered = enumerate(lines, start=1)
    header = _json(next(numbered, (1, ""))[1], "line 1")
    if header.get("format") != EXPORT_FORMAT:
        raise Fault("line 1", f"this is no {EXPORT_FORMAT} file")
    keys = [*vkeys, *header.get("vkeys", [])]
    tree, last_at, texts, heads = Tree(), "", 0, [(0, "")]
    for line_number, line in numbered:
        place = f"line {line_number}"
        row = _json(line, place)
        if "checkpoint" in row:
            _check_signed_head(row["checkpoint"], keys, tree, heads[-1][0], place)
            heads.append((tree.size, row["checkpoint"]))
        else:
            last_at = _check_row(row, tree, last_at, place)
            texts += "text" in row
    _check_end(header, tree)
    if vkeys:
        if len(heads) == 1:
            raise Fault("end of file", "it has no checkpoint, so none of the given keys has signed any of it")
        read_checkpoint(heads[-1][1], vkeys, f"the newest checkpoint, of {heads[-1][0]} entries")
    return {
        "origin": header.get("origin"),
        "entries": tree.size,
        "texts": texts,
        "checkpoints": len(heads) - 1,
        "signed_size": heads[-1][0],
        "root": tree.root().hex(),
        "own_keys": bool(vkeys),
    }


def _check_end(header: Row, tree: Tree) -> None:
    if tree.size != header.get("size"):
        raise Fault("end of file", f"there are {tree.size} entries, not {header.get('size')}")
    if tree.root().hex() != header.get("root"):
        raise Fault("line 1", f"the root over the {tree.size} entries is {tree.root().hex()}")


def _json(line: str, place: str) -> Row:
    try:
        row = json.loads(line)
    except (ValueError, UnicodeError):
        raise Fault(place, "it is not JSON") from None
    if not isinstance(row, dict):
        raise Fault(place, "it is not an object")
    return row


def _check_row(row: Row, tree: Tree, last_at: str, place: str) -> str:
    place = f"{place}, entry {tree.size}"
    try:
        data = row["leaf"].encode()
        hash = bytes.fromhex(row["hash"])
    except (KeyError, ValueError, AttributeError, UnicodeError):
        raise Fault(place, "it has no leaf with its hash") from None
    leaf = read_leaf(data, place)
    if leaf_hash(data) != hash:
        raise Fault(place, "the leaf does not have the hash that stands beside it")
    if leaf["number"] != tree.size:
        raise Fault(place, f"entry {leaf['number']} stands here: dropped, inserted or out of order")
    if leaf["recorded_at"] < last_at:
        raise Fault(place, f"recorded at {leaf['recorded_at']}, before the entry that it follows")
    if "text" in row:
        _check_row_text(leaf, row, place)
    tree.append(hash)
    return str(leaf["recorded_at"])


def _check_row_text(leaf: Row, row: Row, place: str) -> None:
    try:
        text, salt = row["text"].encode(), bytes.fromhex(row["salt"])
    except (KeyError, ValueError, AttributeError, UnicodeError):
        raise Fault(place, "its text has no salt") from None
    check_text(leaf, text, salt, place)


def _check_signed_head(note: str, keys: Sequence[str], tree: Tree, signed: int, place: str) -> None:
    origin, size, root = read_checkpoint(note, keys, f"{place}, checkpoint")
    place = f"{place}, checkpoint of {size} entries by {origin}"
    if size != tree.size:
        raise Fault(place, f"it stands after {tree.size} entries")
    if root != tree.root():
        raise Fault(
            place, f"its root is another: an entry from {signed} to {size - 1} is not what was signed"
        )


# A proof


def read_proof(text: str) -> tuple[int, bytes, list[bytes], str]:
    """(index, extra, hashes, checkpoint) of a C2SP tlog-proof. Raises Fault."""
    head, separator, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if not separator or lines[0] != "c2sp.org/tlog-proof@v1":
        raise Fault("proof", "this is no tlog-proof")
    extra = b""
    try:
        if lines[1:] and lines[1].startswith("extra "):
            extra = base64.b64decode(lines.pop(1)[6:], validate=True)
        if not lines[1:] or not lines[1].startswith("index "):
            raise Fault("proof", "the line with the index is missing")
        index = int(lines[1][6:])
        hashes = [base64.b64decode(line, validate=True) for line in lines[2:]]
    except (ValueError, binascii.Error):
        raise Fault("proof", "a line cannot be read") from None
    if any(len(hash) != 32 for hash in hashes):
        raise Fault("proof", "a hash has the wrong length")
    return index, extra, hashes, checkpoint


def check_proof(text: str, vkeys: Sequence[str], leaf: bytes | None = None) -> tuple[Row, int]:
    """(leaf fields, checkpoint size) of an entry that is proved to be in a signed ledger. Raises Fault."""
    index, extra, hashes, note = read_proof(text)
    _, size, root = read_checkpoint(note, vkeys)
    data = leaf if leaf is not None else extra
    fields = read_leaf(data, f"entry {index}")
    if fields["number"] != index:
        raise Fault(f"entry {index}", f"the leaf is that of entry {fields['number']}")
    if root_by_inclusion(index, size, leaf_hash(data), hashes) != root:
        raise Fault(f"entry {index}", f"it is not in the ledger of {size} entries that was signed")
    return fields, size


# The certificate log: each leaf is the DER of a Certificate


def check_certificates(text: str, vkeys: Sequence[str]) -> Row:
    """Check a file of proofs for one EUI-64: {eui64, size, certificates: DER by index}. Raises Fault."""
    content = _json(text, "file")
    if content.get("format") != CERTIFICATE_PROOFS_FORMAT:
        raise Fault("file", f"this is no {CERTIFICATE_PROOFS_FORMAT} file")
    _, size, root = read_checkpoint(str(content.get("checkpoint")), vkeys)
    named = _eui64(str(content.get("eui64")))
    found: dict[int, bytes] = {}
    for place, row in enumerate(content.get("certificates", []), start=1):
        index, der, proof = _proved_certificate(row, f"certificate {place}")
        if named not in der:
            raise Fault(f"certificate {index + 1}", "it does not name this EUI-64")
        if root_by_inclusion(index, size, leaf_hash(der), proof) != root:
            raise Fault(
                f"certificate {index + 1}", f"it is not in the certificate log of {size} that was signed"
            )
        found[index] = der
    return {"eui64": named.hex().upper(), "size": size, "certificates": found}


def _eui64(text: str) -> bytes:
    try:
        octets = bytes.fromhex(text.replace("-", "").replace(":", ""))
    except ValueError:
        octets = b""
    if len(octets) != 8:
        raise Fault("EUI-64", "it has 16 hexadecimal digits")
    return octets


def _proved_certificate(row: Row, place: str) -> tuple[int, bytes, list[bytes]]:
    try:
        proof = [base64.b64decode(hash, validate=True) for hash in row["proof"]]
        return int(row["index"]), base64.b64decode(row["der"], validate=True), proof
    except (KeyError, TypeError, ValueError):
        raise Fault(place, "it has no index, DER and proof") from None


def check_certificate_log(lines: Iterable[str], vkeys: Sequence[str], eui64: str = "") -> Row:
    """Check the whole certificate log: {size, root, certificates: the DER of those that name the EUI-64}."""
    numbered = enumerate(lines, start=1)
    header = _json(next(numbered, (1, ""))[1], "line 1")
    if header.get("format") != CERTIFICATE_LOG_FORMAT:
        raise Fault("line 1", f"this is no {CERTIFICATE_LOG_FORMAT} file")
    _, size, root = read_checkpoint(str(header.get("checkpoint")), vkeys, "line 1, checkpoint")
    named = _eui64(eui64) if eui64 else None
    tree, found = Tree(), {}
    for line_number, line in numbered:
        try:
            der = base64.b64decode(_json(line, f"line {line_number}")["der"], validate=True)
        except (KeyError, TypeError, ValueError):
            raise Fault(f"line {line_number}", "it has no DER") from None
        if named and named in der:
            found[tree.size] = der
        tree.append(leaf_hash(der))
    if tree.size != size:
        raise Fault("end of file", f"there are {tree.size} Certificates, and {size} were signed")
    if tree.root() != root:
        raise Fault("file", f"its {size} Certificates are not those that were signed")
    return {"size": size, "root": root.hex(), "certificates": found}


# The command line


def _read(path: str) -> bytes:
    with open(path, "rb") as stream:
        return stream.read()


def _text_of(path: str) -> str:
    try:
        return _read(path).decode("utf-8")
    except UnicodeDecodeError:
        raise Fault(path, "it is not UTF-8 text") from None


def _run_export(args: argparse.Namespace) -> None:
    with open(args.file, encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
        found = check_export(lines, args.vkey)
    print(
        f"{found['origin']}: {found['entries']} entries, {found['texts']} texts, "
        f"{found['checkpoints']} checkpoints: all hold."
    )
    if found["checkpoints"]:
        print(f"Root {found['root']}; signed up to entry {found['signed_size'] - 1}.")
    else:
        print("Nothing is signed.")
    if not found["own_keys"]:
        print("The keys came from the file itself. Give --vkey with the key that you hold.")


def _run_checkpoint(args: argparse.Namespace) -> None:
    origin, size, root = read_checkpoint(_text_of(args.file), args.vkey)
    print(f"{origin}: {size} entries, root {root.hex()}, signature holds.")


def _run_proof(args: argparse.Namespace) -> None:
    leaf = _read(args.leaf) if args.leaf else None
    fields, size = check_proof(_text_of(args.file), args.vkey, leaf)
    print(
        f"Entry {fields['number']}, recorded at {fields['recorded_at']}, "
        f"is in the signed ledger of {size} entries."
    )
    if args.text:
        check_text(fields, _read(args.text), bytes.fromhex(args.salt), f"entry {fields['number']}")
        print("The text is what this entry says.")


def _run_consistency(args: argparse.Namespace) -> None:
    _, old_size, old_root = read_checkpoint(_text_of(args.old), args.vkey, args.old)
    _, new_size, new_root = read_checkpoint(_text_of(args.new), args.vkey, args.new)
    proof = _json(_text_of(args.proof), args.proof)
    if (proof.get("from"), proof.get("to")) != (old_size, new_size):
        raise Fault(args.proof, f"it is not the proof from {old_size} to {new_size}")
    hashes = [base64.b64decode(line) for line in proof.get("proof", [])]
    check_consistency(old_size, old_root, new_size, new_root, hashes)
    print(f"The ledger of {old_size} entries is the beginning of that of {new_size}.")


def _list_certificates(found: dict[int, bytes]) -> None:
    for index, der in found.items():
        print(f"Certificate {index + 1}: SHA-256 {hashlib.sha256(der).hexdigest()}")


def _run_certificates(args: argparse.Namespace) -> None:
    found = check_certificates(_text_of(args.file), args.vkey)
    print(
        f"{len(found['certificates'])} Certificates name the EUI-64 {found['eui64']} and are in the signed "
        f"certificate log of {found['size']}."
    )
    _list_certificates(found["certificates"])


def _run_certificate_log(args: argparse.Namespace) -> None:
    with open(args.file, encoding="utf-8") as lines:
        found = check_certificate_log(lines, args.vkey, args.eui64)
    print(f"{found['size']} Certificates, root {found['root']}: all hold.")
    if args.eui64:
        print(f"{len(found['certificates'])} of them name the EUI-64 {args.eui64}.")
        _list_certificates(found["certificates"])


def _keys_in(text: str) -> list[str]:
    """The keys in one argument; an empty one is kept, since it is no key and must not count as none given."""
    return text.split() or [text]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="export|checkpoint|proof|...")
    for name, run, files in (
        ("export", _run_export, ["file"]),
        ("checkpoint", _run_checkpoint, ["file"]),
        ("proof", _run_proof, ["file"]),
        ("consistency", _run_consistency, ["old", "new", "proof"]),
        ("certificates", _run_certificates, ["file"]),
        ("certificate-log", _run_certificate_log, ["file"]),
    ):
        command = commands.add_parser(name)
        command.set_defaults(run=run)
        for file in files:
            command.add_argument(file)
        command.add_argument(
            "--vkey",
            action="extend",
            type=_keys_in,
            default=[],
            required=name != "export",
            help="name+id+base64, or several of them",
        )
        if name == "certificate-log":
            command.add_argument("--eui64", default="", help="name the Certificates of this EUI-64")
        if name == "proof":
            command.add_argument("--leaf", help="file with the leaf, where it is not in the proof")
            command.add_argument("--text", help="file with the entry's canonical text")
            command.add_argument("--salt", default="", help="salt of the text, hexadecimal")
    return parser.parse_args()


def main() -> int:
    args = _arguments()
    try:
        args.run(args)
    except Fault as fault:
        print(f"FAULT at {fault}")
        return 1
    except (OSError, ValueError) as error:
        print(f"cannot read: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

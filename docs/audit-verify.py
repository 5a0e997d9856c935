#!/usr/bin/env python3
"""Verifies what `holdfast audit export` and `holdfast audit prove` wrote, without any code of Holdfast.

    audit-verify.py export FILE PUBLIC.pem
    audit-verify.py proof FILE PUBLIC.pem
    audit-verify.py extension FILE PUBLIC.pem     (what `holdfast audit prove --kept` wrote)

Keys of witnesses may follow, each of which must have cosigned the checkpoint: … PUBLIC.pem node-2.pem node-3.pem

It needs Python 3 and the openssl command, which checks the signatures (ECDSA P-256). It follows RFC 6962, section 2.1, by its recursive
definitions. Exit code 0: all of it holds.
"""
import base64, hashlib, json, os, subprocess, sys, tempfile


def leaf(entry): return hashlib.sha256(b"\x00" + entry).digest()
def node(left, right): return hashlib.sha256(b"\x01" + left + right).digest()
def split(n): return 1 << ((n - 1).bit_length() - 1)


def require(what, why):
    if not what:
        sys.exit(f"not whole: {why}")


def mth(hashes):
    if not hashes: return hashlib.sha256(b"").digest()
    if len(hashes) == 1: return hashes[0]
    k = split(len(hashes))
    return node(mth(hashes[:k]), mth(hashes[k:]))


def included(own, index, size, path):
    """The root that a path leads to; its last hash is next to the root."""
    if size == 1:
        require(not path, "the path is too long")
        return own
    require(path, "the path is too short")
    k = split(size)
    if index < k: return node(included(own, index, k, path[:-1]), path[-1])
    return node(path[-1], included(own, index - k, size - k, path[:-1]))


def extended(m, n, proof, root, whole=True):
    """The roots of the first m and of all n entries, as a consistency proof has them."""
    if m == n:
        if whole: return root, root
        require(proof, "the proof is too short")
        own = proof.pop()
        return own, own
    require(proof, "the proof is too short")
    k, other = split(n), proof.pop()
    if m <= k:
        old, new = extended(m, k, proof, root, whole)
        return old, node(new, other)
    old, new = extended(m - k, n - k, proof, root, False)
    return node(other, old), node(other, new)


def spki(pem):
    return base64.b64decode("".join(line for line in open(pem) if "-----" not in line))


def verifies(pem, text, signature):
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("text", "signature")]
        for path, content in zip(paths, (text, signature)):
            with open(path, "wb") as file: file.write(content)
        return subprocess.run(["openssl", "dgst", "-sha256", "-verify", pem, "-signature", paths[1], paths[0]], capture_output=True).returncode == 0


def lines_of(note):
    """The text of a signed note, and its lines: name, key id, signature."""
    text, lines = note[:note.rindex(b"\n\n") + 1], note[note.rindex(b"\n\n") + 2:].decode().splitlines()
    split = [line.split(" ") for line in lines]
    require(all(len(one) == 3 and one[0] == "\u2014" for one in split), "the checkpoint's signatures are none")
    return text, [(name, base64.b64decode(encoded)[:4], base64.b64decode(encoded)[4:]) for _, name, encoded in split]


def checkpoint(note, pem, witnesses=()):
    """Origin, size and root of a signed note, when the key has signed it, and each witness has cosigned it."""
    text, lines = lines_of(note)
    origin, size, root = text.decode().splitlines()
    own = [signature for name, key_id, signature in lines if (name, key_id) == (origin, hashlib.sha256(spki(pem)).digest()[:4])]
    require(own, "this key has not signed the checkpoint")
    require(all(verifies(pem, text, signature) for signature in own), "the signature does not fit the checkpoint")
    for witness in witnesses: cosigned(text, lines, witness)
    return origin, int(size), base64.b64decode(root)


def cosigned(text, lines, pem):
    """A cosignature: time (8 bytes) and ECDSA signature, over a text that names witness and time before the checkpoint."""
    for name, key_id, bytes_ in lines:
        kind = name.encode() + b"\n\xffholdfast-ecdsa-p256-cosignature@v1\n"
        if key_id != hashlib.sha256(kind + spki(pem)).digest()[:4]: continue
        seconds = int.from_bytes(bytes_[:8], "big")
        message = f"holdfast-cosignature@v1\nwitness {name}\ntime {seconds}\n".encode() + text
        require(verifies(pem, message, bytes_[8:]), f"the cosignature of {name} does not fit the checkpoint")
        return print(f"cosigned by {name} at {seconds}")
    require(False, f"the witness of {pem} has not cosigned the checkpoint")


def export(content, pem, witnesses):
    head, text, signatures, entries, hashes = content.split(b"\n\n")
    fields = head.decode().splitlines()
    require(fields[0] == "holdfast-audit-export@v1", "it is no export")
    first, begin, end = (int(line.split(" ")[1]) for line in fields[1:4])
    left = [base64.b64decode(line[5:]) for line in fields[4:] if line.startswith("left ")]
    right = [base64.b64decode(line[6:]) for line in fields[4:] if line.startswith("right ")]
    origin, size, root = checkpoint(text + b"\n\n" + signatures + b"\n", pem, witnesses)
    lines = entries.split(b"\n")
    own = [leaf(line) for line in lines]
    a, b = begin - first, end - first + 1
    require(len(own) == b - a, f"{b - a} entries should be there, and {len(own)} are")

    def over(lo, hi):
        if a <= lo and hi <= b: return mth(own[lo - a:hi - a])
        side = left if hi <= a else right if lo >= b else None
        if side is not None and (hi - lo) & (hi - lo - 1) == 0:
            require(side, "hashes of the tree are missing")
            return side.pop(0)
        k = split(hi - lo)
        return node(over(lo, lo + k), over(lo + k, hi))

    require(over(0, size) == root, "the entries are not those that were signed")
    require(not left and not right, "there are more hashes than the tree has")
    for index, line in enumerate(lines):
        require(json.loads(line)["seq"] == begin + index, f"record {index + 1} has another number")
    print(f"whole: entries {begin} to {end} of {origin}, {size} signed")


def proof(content, pem, witnesses):
    head, note = content.split(b"\n\n", 1)
    lines = head.decode().splitlines()
    require(lines.pop(0) == "c2sp.org/tlog-proof@v1", "it is no proof")
    require(lines[0].startswith("extra "), "the entry is not in it")
    entry = base64.b64decode(lines.pop(0)[6:])
    index = int(lines.pop(0)[6:])
    origin, size, root = checkpoint(note, pem, witnesses)
    require(index < size, "the entry is not signed yet")
    require(included(leaf(entry), index, size, [base64.b64decode(line) for line in lines]) == root, "the entry is not in the tree that was signed")
    print(f"proven: entry {json.loads(entry)['seq']} of {origin}")


def extension(content, pem, witnesses):
    head, text, signatures, kept, kept_signatures = content.split(b"\n\n")
    lines = head.decode().splitlines()
    require(lines.pop(0) == "holdfast-audit-extension@v1", "it is no proof of this kind")
    origin, size, root = checkpoint(text + b"\n\n" + signatures + b"\n", pem, witnesses)
    old_origin, old_size, old_root = checkpoint(kept + b"\n\n" + kept_signatures, pem)
    require(origin == old_origin, "the checkpoints are of two logs")
    require(old_size <= size, "the log is shorter than it was")
    rest = [base64.b64decode(line) for line in lines]
    if old_size == 0: old, new = mth([]), root
    else: old, new = extended(old_size, size, rest, old_root)
    require((old, new) == (old_root, root) and not rest, "the log does not begin with what was kept")
    print(f"extends: {old_size} to {size} entries of {origin}")


if __name__ == "__main__":
    if len(sys.argv) < 4 or sys.argv[1] not in ("export", "proof", "extension"): sys.exit(__doc__)
    with open(sys.argv[2], "rb") as given: everything = given.read()
    {"export": export, "proof": proof, "extension": extension}[sys.argv[1]](everything, sys.argv[3], sys.argv[4:])

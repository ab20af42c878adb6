"""AES key wrap with padding (RFC 5649) over a key that can only be asked to encrypt a block.

A token's own mechanism is not used: SoftHSM pads the content before it notes the length, and so wraps
something else than was asked for.
"""

from __future__ import annotations

from collections.abc import Callable

_ALTERNATIVE_INITIAL_VALUE = bytes.fromhex("A65959A6")
_HALF = 8

EncryptBlock = Callable[[bytes], bytes]


def wrap_with_padding(encrypt_block: EncryptBlock, content: bytes) -> bytes:
    """`content`, not empty, wrapped; `encrypt_block` is AES over one block of 16 octets. RFC 5649 4.1"""
    initial = _ALTERNATIVE_INITIAL_VALUE + len(content).to_bytes(4)
    padded = content + bytes(-len(content) % _HALF)
    if len(padded) == _HALF:
        return encrypt_block(initial + padded)
    return _wrap(encrypt_block, initial, [padded[at : at + _HALF] for at in range(0, len(padded), _HALF)])


def _wrap(encrypt_block: EncryptBlock, initial: bytes, halves: list[bytes]) -> bytes:
    """RFC 3394 2.2.1."""
    register, count = initial, 0
    for _ in range(6):
        for index, half in enumerate(halves):
            count += 1
            block = encrypt_block(register + half)
            register = bytes(a ^ b for a, b in zip(block[:_HALF], count.to_bytes(_HALF), strict=True))
            halves[index] = block[_HALF:]
    return register + b"".join(halves)

"""Payloads on their way to Temporal: compressed, and encrypted when a key is set (AES-256-GCM). Keeps no keys."""

from __future__ import annotations

import os
import zlib
from collections.abc import Mapping, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.converter import (
    DataConverter,
    DefaultFailureConverter,
    DefaultFailureConverterWithEncodedAttributes,
    PayloadCodec,
)

from oms_workflow.temporal.plain_json import OmsPayloadConverter

COMPRESSED = b"binary/oms-zlib"
ENCRYPTED = b"binary/oms-aes256gcm"
WORTH_COMPRESSING = 512  # bytes; below it zlib saves less than it costs
NONCE = 12  # bytes, as NIST SP 800-38D recommends for GCM


class WrongKey(Exception):
    """A payload was encrypted with a key that is not among ours."""


class OmsCodec(PayloadCodec):
    """Compresses every larger payload; encrypts with the first key, decrypts with whichever key is named."""

    def __init__(self, keys: Mapping[str, bytes] | None = None) -> None:
        """Take keys by id, 32 bytes each, the one to encrypt with first; none means no encryption.

        Raises:
            ValueError: When a key does not have 32 bytes.
        """
        for key_id, key in (keys or {}).items():
            if len(key) != 32:
                raise ValueError(f"payload key {key_id!r} has {len(key)} bytes; it needs 32")
        self._ciphers = {key_id: AESGCM(key) for key_id, key in (keys or {}).items()}

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Compress, then encrypt."""
        return [self._encrypt(_compress(payload)) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Decrypt, then expand; payloads that are neither are left as they are.

        Raises:
            WrongKey: When the key a payload names is not known, or does not fit.
        """
        return [_expand(self._decrypt(payload)) for payload in payloads]

    def _encrypt(self, payload: Payload) -> Payload:
        if not self._ciphers:
            return payload
        key_id, cipher = next(iter(self._ciphers.items()))
        nonce = os.urandom(NONCE)
        data = nonce + cipher.encrypt(nonce, payload.SerializeToString(), key_id.encode())
        return Payload(metadata={"encoding": ENCRYPTED, "key": key_id.encode()}, data=data)

    def _decrypt(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCRYPTED:
            return payload
        key_id = payload.metadata.get("key", b"").decode()
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise WrongKey(f"a payload needs key {key_id!r}; known are {', '.join(self._ciphers) or 'none'}")
        try:
            plain = cipher.decrypt(payload.data[:NONCE], payload.data[NONCE:], key_id.encode())
        except InvalidTag:
            raise WrongKey(
                f"a payload cannot be decrypted with key {key_id!r}: wrong key, or changed on its way"
            ) from None
        return Payload.FromString(plain)


def data_converter(keys: Mapping[str, bytes] | None = None) -> DataConverter:
    """Give the converter every client and worker of ours uses; with keys, failure messages are encrypted, too."""
    failures = DefaultFailureConverterWithEncodedAttributes if keys else DefaultFailureConverter
    return DataConverter(
        payload_converter_class=OmsPayloadConverter, payload_codec=OmsCodec(keys), failure_converter_class=failures
    )


def _compress(payload: Payload) -> Payload:
    if len(payload.data) < WORTH_COMPRESSING:
        return payload
    packed = zlib.compress(payload.SerializeToString(), 6)
    if len(packed) >= len(payload.data):
        return payload
    return Payload(metadata={"encoding": COMPRESSED}, data=packed)


def _expand(payload: Payload) -> Payload:
    if payload.metadata.get("encoding") != COMPRESSED:
        return payload
    return Payload.FromString(zlib.decompress(payload.data))

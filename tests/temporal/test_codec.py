"""Payloads are compressed and encrypted on their way to Temporal, and come back unchanged or not at all."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as some
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.converter import DataConverter
from temporalio.exceptions import ApplicationError

from oms_workflow.temporal.codec import COMPRESSED, ENCRYPTED, OmsCodec, WrongKey, data_converter

OLD, NEW = os.urandom(32), os.urandom(32)
LARGE = Payload(metadata={"encoding": b"json/plain"}, data=b'"' + b"order " * 500 + b'"')
SECRET = Payload(metadata={"encoding": b"json/plain"}, data=b'"Wensan Road 5"')


async def once(codec: OmsCodec, payload: Payload) -> Payload:
    (encoded,) = await codec.encode([payload])
    return encoded


async def back(codec: OmsCodec, payload: Payload) -> Payload:
    (decoded,) = await codec.decode([payload])
    return decoded


@given(some.binary(max_size=3_000), some.dictionaries(some.text(max_size=9), some.binary(max_size=9), max_size=3))
@pytest.mark.parametrize("keys", [None, {"k": OLD}])
async def test_what_is_encoded_comes_back_unchanged(
    keys: dict[str, bytes] | None, data: bytes, metadata: dict[str, bytes]
):
    payload = Payload(metadata=metadata, data=data)
    codec = OmsCodec(keys)

    assert await back(codec, await once(codec, payload)) == payload


async def test_a_large_payload_is_compressed_and_a_small_one_left_alone():
    codec = OmsCodec()

    packed = await once(codec, LARGE)

    assert packed.metadata["encoding"] == COMPRESSED
    assert len(packed.data) < len(LARGE.data) / 10
    assert await once(codec, SECRET) == SECRET


async def test_with_a_key_nothing_of_a_payload_can_be_read():
    codec = OmsCodec({"k1": OLD})

    sealed = await once(codec, SECRET)

    assert sealed.metadata["encoding"] == ENCRYPTED
    assert b"Wensan" not in sealed.SerializeToString()
    assert (await once(codec, SECRET)).data != sealed.data  # a nonce is used once


async def test_after_a_rotation_old_payloads_are_read_and_new_ones_have_the_new_key():
    """Histories live for months; keys do not."""
    old = await once(OmsCodec({"k1": OLD}), SECRET)
    rotated = OmsCodec({"k2": NEW, "k1": OLD})

    assert await back(rotated, old) == SECRET
    assert (await once(rotated, SECRET)).metadata["key"] == b"k2"


async def test_an_unknown_key_is_named_with_those_that_are_known():
    """Whoever forgot a key in OMS_PAYLOAD_KEYS must learn which."""
    sealed = await once(OmsCodec({"k1": OLD}), SECRET)

    with pytest.raises(WrongKey, match="needs key 'k1'; known are k2"):
        await back(OmsCodec({"k2": NEW}), sealed)
    with pytest.raises(WrongKey, match="needs key 'k1'; known are none"):
        await back(OmsCodec(), sealed)


async def test_a_wrong_key_of_the_right_name_and_a_changed_payload_are_refused():
    sealed = await once(OmsCodec({"k1": OLD}), SECRET)
    forged = Payload(metadata=sealed.metadata, data=sealed.data[:-1] + bytes([sealed.data[-1] ^ 1]))
    renamed = Payload(metadata={**sealed.metadata, "key": b"k2"}, data=sealed.data)

    for codec, payload in [
        (OmsCodec({"k1": NEW}), sealed),
        (OmsCodec({"k1": OLD}), forged),
        (OmsCodec({"k1": OLD, "k2": OLD}), renamed),
    ]:
        with pytest.raises(WrongKey, match="wrong key, or changed on its way"):
            await back(codec, payload)


async def test_a_plain_payload_passes_a_codec_with_keys():
    """Orders that were started before the key was set go on."""
    assert await back(OmsCodec({"k1": OLD}), SECRET) == SECRET


def test_a_key_of_the_wrong_length_is_refused_without_telling_it():
    with pytest.raises(ValueError, match="'k1' has 5 bytes; it needs 32") as refused:
        OmsCodec({"k1": b"short"})
    assert "short" not in str(refused.value)


async def failed(converter: DataConverter) -> Failure:
    failure = Failure()
    await converter.encode_failure(ApplicationError("no stock for 'TEA'", type="OrderRefused"), failure)
    return failure


async def test_without_keys_a_failure_can_be_read_in_temporals_own_pages():
    assert (await failed(data_converter())).message == "no stock for 'TEA'"


async def test_with_keys_a_failure_is_hidden_from_temporal_and_readable_to_us():
    converter = data_converter({"k1": OLD})

    failure = await failed(converter)

    assert "TEA" not in str(failure.message)
    assert b"TEA" not in failure.SerializeToString()
    error = await converter.decode_failure(failure)
    assert isinstance(error, ApplicationError)
    assert (error.message, error.type) == ("no stock for 'TEA'", "OrderRefused")

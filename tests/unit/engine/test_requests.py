"""The quick check of a request says what the whole check says, whatever the bytes."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certification.authorities import der
from certification.authorities.csr import check_csr
from certification.authorities.environments import TEST
from certification.authorities.profiles import KEY_USAGE, CertificateKind
from certification.engine.requests import MOST_SHAPES, RequestChecker, Shape, Wanted, learn
from tests.samples import signing_requests as sample

pytestmark = pytest.mark.clause("L3.5")
KEYS = [sample.new_key() for _ in range(6)]
OTHER_USE = (sample.DIGITAL_SIGNATURE, sample.KEY_AGREEMENT)


def whole(data: bytes) -> object:
    """The verdict of check_csr in the words of the quick check."""
    outcome = check_csr(data, CertificateKind.DEVICE, sample.SAMPLE)
    if outcome.csr is None:
        return outcome.faults
    csr = outcome.csr
    return Wanted(csr.point, bytes.fromhex(csr.spki_sha256), csr.usage, csr.eui64)


def taught() -> RequestChecker:
    checker = RequestChecker(sample.SAMPLE)
    checker.check(sample.device().but(key=KEYS[0]).make())
    assert checker.whole == len(checker.shapes) == 1
    return checker


CHECKER = taught()


def requests(**changes: object) -> list[bytes]:
    return [
        sample.device(eui64=bytes((9, number, *bytes(6))), usage=OTHER_USE[number % 2])
        .but(key=key, **changes)
        .make()
        for number, key in enumerate(KEYS)
    ]


def test_requests_of_one_shape_go_the_quick_way() -> None:
    before = CHECKER.whole
    many = [request for _ in range(20) for request in requests()]  # signatures of every length
    assert [CHECKER.check(request) for request in many] == [whole(request) for request in many]
    assert CHECKER.whole == before


def test_pem_and_base64_of_the_shape_too() -> None:
    before = CHECKER.whole
    for request in requests():
        text = base64.encodebytes(request)
        pem = b"-----BEGIN CERTIFICATE REQUEST-----\n" + text + b"-----END CERTIFICATE REQUEST-----\n"
        for form in (pem, pem.replace(b"\n", b"\r\n"), text, b"\xef\xbb\xbf" + pem):
            assert CHECKER.check(form) == whole(form)
    assert CHECKER.whole == before


def but_for_the_signature(request: bytes) -> bytes:
    return request[:-1] + bytes((request[-1] ^ 1,))


WRONG = {
    "signature": but_for_the_signature(requests()[0]),
    "somebody else's key": sample.device()
    .but(key=KEYS[1], key_info=sample.key_info(sample.point_of(KEYS[2])))
    .make(),
    "not on the curve": sample.device().but(key_info=sample.key_info(b"\x04" + b"\x01" * 64)).make(),
    "hybrid point": sample.device()
    .but(key_info=sample.key_info(b"\x06" + sample.point_of(KEYS[0])[1:]))
    .make(),
    "both uses": sample.device(usage=bytes.fromhex("03020388")).make(),
    "another environment": sample.Recipe(
        extensions=(
            (KEY_USAGE, sample.DIGITAL_SIGNATURE),
            ("2.5.29.17", sample.alternative_name(sample.other_name(hw_type=TEST.hw_type))),
        )
    ).make(),
    "something after": requests()[0] + b"\0",
    "cut off": requests()[0][:-1],
    "signature with surplus": sample.device().but(signature=b"\x30\x06\x02\x01\x01\x02\x01\x01\0").make(),
    "an organisation's": sample.organisation().make(),
    "nothing": b"",
    "two octets": b"\x30\x80",
    "a private key": b"-----BEGIN PRIVATE KEY-----\nMIG=\n-----END PRIVATE KEY-----",
}


@pytest.mark.parametrize("request_", WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_as_ever(request_: bytes) -> None:
    verdict = CHECKER.check(request_)
    assert verdict == whole(request_)
    assert not isinstance(verdict, Wanted)


@pytest.mark.parametrize("usage", ["03020080", "03020780", "03020380", "0303078000", "03020308", "03020008"])
def test_unusual_forms_of_use_have_the_verdict_of_the_whole_check(usage: str) -> None:
    request = sample.device(usage=bytes.fromhex(usage)).make()
    assert CHECKER.check(request) == whole(request)


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(requests()), st.data())
def test_changed_anywhere_the_verdict_is_that_of_the_whole_check(request: bytes, data: st.DataObject) -> None:
    changed = bytearray(request)
    for place in data.draw(st.sets(st.integers(0, len(request) - 1), min_size=1, max_size=4)):
        changed[place] = data.draw(st.integers(0, 255))
    assert taught_again().check(bytes(changed)) == whole(bytes(changed))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(requests()), st.data())
def test_cut_and_spliced_the_verdict_is_that_of_the_whole_check(request: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(request)))
    end = data.draw(st.integers(start, len(request)))
    spliced = request[:start] + data.draw(st.binary(max_size=20)) + request[end:]
    assert taught_again().check(spliced) == whole(spliced)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(requests()), st.integers(0, 3), st.binary(min_size=1, max_size=3))
def test_other_lengths_of_the_head(request: bytes, place: int, head: bytes) -> None:
    """The outer header in long, short, padded and indefinite forms."""
    changed = request[:place] + head + request[place + 1 :]
    assert taught_again().check(changed) == whole(changed)


def taught_again() -> RequestChecker:
    """A checker with the one shape, without learning it anew in each example."""
    checker = RequestChecker(sample.SAMPLE)
    checker.shapes = list(CHECKER.shapes[:1])
    return checker


@settings(max_examples=100, deadline=None)
@given(st.binary(min_size=8, max_size=8), st.sampled_from(KEYS), st.sampled_from(OTHER_USE))
def test_any_device_with_a_shape_learnt_from_any_other(eui64: bytes, key: object, usage: bytes) -> None:
    """Also from devices such as 00-00-…: a shape that could be misread is not learnt."""
    first = sample.device(eui64=eui64, usage=usage).but(key=key).make()
    checker = RequestChecker(sample.SAMPLE)
    checker.check(first)
    for request in (first, *requests()):
        assert checker.check(request) == whole(request)


def test_an_ambiguous_request_teaches_nothing() -> None:
    twice = sample.device(eui64=der.oid(sample.HARDWARE_MODULE_NAME)[:8]).make()
    csr = check_csr(twice, CertificateKind.DEVICE, sample.SAMPLE).csr
    assert csr is not None
    assert learn(csr) is None


def test_few_shapes_are_remembered() -> None:
    """Each order of the extensions is a shape of its own; the oldest of too many is forgotten."""
    checker = RequestChecker(sample.SAMPLE)
    made = [sample.device().but(key=key) for key in KEYS]
    for recipe in made:
        for extensions in (recipe.extensions, recipe.extensions[::-1]):
            request = recipe.but(extensions=extensions).make()
            assert checker.check(request) == whole(request)
    assert len(checker.shapes) == 2
    assert checker.whole == 2
    many = [Shape(length, b"", (slice(0), slice(0), slice(0)), ()) for length in range(MOST_SHAPES)]
    checker.shapes = many
    checker.check(requests()[0])
    assert len(checker.shapes) == MOST_SHAPES
    assert checker.shapes[1:] == many[:-1]


def test_the_quick_check_is_checked_against_something() -> None:
    """If check_csr accepted nothing, all of the above would hold of nothing."""
    assert isinstance(whole(requests()[0]), Wanted)

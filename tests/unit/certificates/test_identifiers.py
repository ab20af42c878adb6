"""EUI-64 and serial numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repository.certificates.identifiers import (
    format_eui64,
    format_serial,
    parse_eui64,
    parse_eui64_prefix,
    parse_serial,
    serial_of,
)


@pytest.mark.clause("L6.4")
@pytest.mark.parametrize(
    "text",
    [
        "90-B3-D5-1F-30-01-00-00",
        "90:b3:d5:1f:30:01:00:00",
        "90b3d51f30010000",
        "90B3.D51F.3001.0000",
        " 90 b3 d5 1f 30 01 00 00 ",
        "0x90B3D51F30010000",
    ],
)
def test_any_separator_and_case(text):
    assert parse_eui64(text) == "90B3D51F30010000"


@pytest.mark.parametrize(
    "text", ["", "90-B3", "90B3D51F3001000", "90B3D51F300100000", "90B3D51F3001000G", "--"]
)
def test_what_is_no_eui64_is_refused(text):
    with pytest.raises(ValueError, match="EUI-64"):
        parse_eui64(text)


@given(st.binary(min_size=8, max_size=8))
def test_an_eui64_reads_back(octets):
    stored = octets.hex().upper()

    assert parse_eui64(format_eui64(stored)) == stored
    assert parse_eui64_prefix(stored) == (stored, stored)


@given(st.binary(min_size=8, max_size=8), st.integers(min_value=1, max_value=16))
def test_a_prefix_is_a_range_with_its_identifiers_in_it(octets, length):
    stored = octets.hex().upper()
    first, last = parse_eui64_prefix(stored[:length])

    assert first <= stored <= last
    assert first[:length] == last[:length] == stored[:length]


@pytest.mark.clause("L6.4")
@given(st.integers(min_value=2**126, max_value=2**127 - 1))
def test_our_serial_numbers_are_found_in_hexadecimal_and_decimal(number):
    stored = serial_of(number)

    assert parse_serial(str(number)) == stored
    assert parse_serial(stored) == stored
    assert parse_serial(format_serial(stored).lower()) == stored
    assert parse_serial(hex(number)) == stored


@pytest.mark.parametrize("text", ["", "xyz", "12 34 5g", "F" * 41])
def test_what_is_no_serial_number_is_refused(text):
    with pytest.raises(ValueError, match="serial number"):
        parse_serial(text)

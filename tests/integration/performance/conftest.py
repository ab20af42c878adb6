"""A Device subscriber and DCC's officers; no Authorities."""

from tests.samples.party_fixtures import *

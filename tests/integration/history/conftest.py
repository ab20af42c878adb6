"""The history works with a subscriber and Authorities (`them`)."""

from tests.samples.certification_fixtures import *

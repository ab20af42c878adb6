"""Requests with weak keys come from a real subscriber (`them`)."""

from tests.samples.certification_fixtures import *

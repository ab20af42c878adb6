"""The background lint reads what working Authorities (`them`) have issued."""

from tests.samples.certification_fixtures import *

"""`them`: a subscriber and working Authorities. `parties`: the same people without Authorities, quicker."""

from tests.samples.certification_fixtures import *
from tests.samples.party_fixtures import *

"""Who reads the lint report, and who judges a finding."""

from smki_pma.clauses import clause
from smki_pma.parties.roles import Role

CLAUSE = clause("L3.5").id
JUDGES = (Role.DCC_CA_OPERATOR,)
READERS = (Role.DCC_CA_OPERATOR, Role.DCC_RA_OFFICER, Role.DCC_DOCUMENT_OWNER, Role.AUDITOR)

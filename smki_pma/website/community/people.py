"""Who and what is in the sample community. Every name is invented."""

from typing import NamedTuple


class OrganisationRow(NamedTuple):
    name: str
    parent: str = ""


class PartyRow(NamedTuple):
    organisation: str
    category: str
    voting_group: str = ""


class PersonRow(NamedTuple):
    email: str
    name: str
    employer: str = ""


class OfficeRow(NamedTuple):
    email: str
    office: str
    party: str = ""


class SeatRow(NamedTuple):
    """confirmed: whether the Member Confirmation (C6.9) is in; one seat shows what is missing without it."""

    email: str
    office: str
    confirmed: bool = True


class AlternateRow(NamedTuple):
    email: str
    member_email: str


DCC = "DCC (sample)"
ALDERMOOR = "Aldermoor Energy Supply Limited"
BRIGHTWATER = "Brightwater Energy Limited"
CAIRNSIDE = "Cairnside Power and Gas Limited"
DUNLIN = "Dunlin Energy Limited"
EVERLEY = "Everley Power Limited"
FENWICK_ELECTRICITY = "Fenwick Electricity Networks plc"
FENWICK_GAS = "Fenwick Gas Networks plc"
NORTHMERE = "Northmere Distribution plc"
GLENHALL = "Glenhall Gas Networks Limited"
HOLLIN = "Hollin Meter Assets Limited"
LARKFIELD = "Larkfield Code Administration Limited"
PANEL = "SEC Panel (sample)"
KESTREL = "Kestrel Assurance LLP"
PENNANT = "Pennant Key Management Limited"
ORME = "Orme Review Partners"

ORGANISATIONS = (
    OrganisationRow(DCC),
    OrganisationRow("Aldermoor Holdings plc"),
    OrganisationRow(ALDERMOOR, "Aldermoor Holdings plc"),
    OrganisationRow("Brightwater Group plc"),
    OrganisationRow(BRIGHTWATER, "Brightwater Group plc"),
    OrganisationRow("Brightwater Home Services Limited", "Brightwater Group plc"),
    OrganisationRow(CAIRNSIDE),
    OrganisationRow(DUNLIN),
    OrganisationRow(EVERLEY),
    OrganisationRow("Fenwick Networks Group plc"),
    OrganisationRow(FENWICK_ELECTRICITY, "Fenwick Networks Group plc"),
    OrganisationRow(FENWICK_GAS, "Fenwick Networks Group plc"),
    OrganisationRow(NORTHMERE),
    OrganisationRow(GLENHALL),
    OrganisationRow(HOLLIN),
    OrganisationRow(LARKFIELD),
    OrganisationRow(PANEL),
    OrganisationRow(KESTREL),
    OrganisationRow(PENNANT),
    OrganisationRow(ORME),
)

PARTIES = (
    PartyRow(DCC, "dcc"),
    PartyRow(ALDERMOOR, "large_supplier", "Aldermoor (suppliers)"),
    PartyRow(BRIGHTWATER, "large_supplier", "Brightwater (suppliers)"),
    PartyRow(CAIRNSIDE, "large_supplier", "Cairnside (suppliers)"),
    PartyRow(DUNLIN, "small_supplier", "Dunlin (suppliers)"),
    PartyRow(EVERLEY, "small_supplier", "Everley (suppliers)"),
    PartyRow(FENWICK_ELECTRICITY, "electricity_network", "Fenwick (electricity)"),
    PartyRow(NORTHMERE, "electricity_network", "Northmere (electricity)"),
    PartyRow(FENWICK_GAS, "gas_network", "Fenwick (gas)"),
    PartyRow(GLENHALL, "gas_network", "Glenhall (gas)"),
    PartyRow(HOLLIN, "other", "Hollin (other)"),
)

PEOPLE = (
    PersonRow("margaret.ashdown@chair.example", "Margaret Ashdown"),
    PersonRow("tomasz.wren@aldermoor.example", "Tomasz Wren", ALDERMOOR),
    PersonRow("priya.nair@brightwater.example", "Priya Nair", BRIGHTWATER),
    PersonRow("owen.pritchard@dunlin.example", "Owen Pritchard", DUNLIN),
    PersonRow("fiona.macrae@fenwick.example", "Fiona Macrae", FENWICK_ELECTRICITY),
    PersonRow("daniel.osei@northmere.example", "Daniel Osei", NORTHMERE),
    PersonRow("helen.castle@hollin.example", "Helen Castle", HOLLIN),
    PersonRow("ruth.ellison@cairnside.example", "Ruth Ellison", CAIRNSIDE),
    PersonRow("graham.petty@glenhall.example", "Graham Petty", GLENHALL),
    PersonRow("samir.haddad@pennant.example", "Samir Haddad", PENNANT),
    PersonRow("joanna.birch@larkfield.example", "Joanna Birch", LARKFIELD),
    PersonRow("lewis.tan@larkfield.example", "Lewis Tan", LARKFIELD),
    PersonRow("alice.thornbury@larkfield.example", "Alice Thornbury", LARKFIELD),
    PersonRow("victor.langley@panel.example", "Victor Langley", PANEL),
    PersonRow("nadia.rahman@dcc.example", "Nadia Rahman", DCC),
    PersonRow("colin.baxter@dcc.example", "Colin Baxter", DCC),
    PersonRow("mei.foster@dcc.example", "Mei Foster", DCC),
    PersonRow("ian.sutcliffe@dcc.example", "Ian Sutcliffe", DCC),
    PersonRow("beth.adeyemi@dcc.example", "Beth Adeyemi", DCC),
    PersonRow("martin.cole@dcc.example", "Martin Cole", DCC),
    PersonRow("simon.hale@aldermoor.example", "Simon Hale", ALDERMOOR),
    PersonRow("carla.mendes@brightwater.example", "Carla Mendes", BRIGHTWATER),
    PersonRow("peter.yates@cairnside.example", "Peter Yates", CAIRNSIDE),
    PersonRow("zoe.finch@dunlin.example", "Zoe Finch", DUNLIN),
    PersonRow("hamish.boyd@everley.example", "Hamish Boyd", EVERLEY),
    PersonRow("laura.kidd@fenwick.example", "Laura Kidd", FENWICK_ELECTRICITY),
    PersonRow("anil.kapoor@northmere.example", "Anil Kapoor", NORTHMERE),
    PersonRow("edward.marsh@fenwick.example", "Edward Marsh", FENWICK_GAS),
    PersonRow("sinead.doyle@glenhall.example", "Sinead Doyle", GLENHALL),
    PersonRow("grace.udo@hollin.example", "Grace Udo", HOLLIN),
    PersonRow("kate.winslade@kestrel.example", "Kate Winslade", KESTREL),
    PersonRow("philip.orme@orme.example", "Philip Orme", ORME),
)

SEATS = (
    SeatRow("margaret.ashdown@chair.example", "chair"),
    SeatRow("tomasz.wren@aldermoor.example", "large-supplier-1"),
    SeatRow("priya.nair@brightwater.example", "large-supplier-2"),
    SeatRow("owen.pritchard@dunlin.example", "small-supplier"),
    SeatRow("fiona.macrae@fenwick.example", "network"),
    SeatRow("daniel.osei@northmere.example", "security-representative"),
    SeatRow("helen.castle@hollin.example", "technical-representative", confirmed=False),
)

ALTERNATES = (
    AlternateRow("ruth.ellison@cairnside.example", "tomasz.wren@aldermoor.example"),
    AlternateRow("graham.petty@glenhall.example", "fiona.macrae@fenwick.example"),
)

OFFICES = (
    OfficeRow("samir.haddad@pennant.example", "smki-specialist"),
    OfficeRow("joanna.birch@larkfield.example", "secretariat"),
    OfficeRow("lewis.tan@larkfield.example", "secretariat"),
    OfficeRow("alice.thornbury@larkfield.example", "code-administrator"),
    OfficeRow("victor.langley@panel.example", "panel-officer"),
    OfficeRow("nadia.rahman@dcc.example", "dcc-document-owner", DCC),
    OfficeRow("colin.baxter@dcc.example", "dcc-ra-officer", DCC),
    OfficeRow("mei.foster@dcc.example", "dcc-ra-officer", DCC),
    OfficeRow("ian.sutcliffe@dcc.example", "dcc-ca-operator", DCC),
    OfficeRow("beth.adeyemi@dcc.example", "dcc-ca-operator", DCC),
    OfficeRow("martin.cole@dcc.example", "party-officer", DCC),
    OfficeRow("simon.hale@aldermoor.example", "party-officer", ALDERMOOR),
    OfficeRow("carla.mendes@brightwater.example", "party-officer", BRIGHTWATER),
    OfficeRow("peter.yates@cairnside.example", "party-officer", CAIRNSIDE),
    OfficeRow("zoe.finch@dunlin.example", "party-officer", DUNLIN),
    OfficeRow("hamish.boyd@everley.example", "party-officer", EVERLEY),
    OfficeRow("laura.kidd@fenwick.example", "party-officer", FENWICK_ELECTRICITY),
    OfficeRow("anil.kapoor@northmere.example", "party-officer", NORTHMERE),
    OfficeRow("edward.marsh@fenwick.example", "party-officer", FENWICK_GAS),
    OfficeRow("sinead.doyle@glenhall.example", "party-officer", GLENHALL),
    OfficeRow("grace.udo@hollin.example", "party-officer", HOLLIN),
    OfficeRow("kate.winslade@kestrel.example", "assurance-provider"),
    OfficeRow("philip.orme@orme.example", "auditor"),
)

"""What readers call the codes of the tables: tiers, networks, adjustments, kinds of source."""

from __future__ import annotations

from ecobrief.wording import Message, msg
from ecobrief.wording.amounts import Label

TIERS: dict[str, Label] = {
    "official_document": msg("official document"),
    "official_bulletin": msg("official bulletin or report"),
    "government_site": msg("government website"),
    "state_media": msg("news media"),
    "monitoring": msg("monitoring data"),
    "other": msg("other source"),
}
KINDS: dict[str, Label] = {
    "plan": msg("plan"),
    "article": msg("article"),
    "newspaper_page": msg("newspaper page"),
    "reply_letter": msg("reply letter to a proposal"),
    "work_report": msg("government work report"),
    "bulletin": msg("bulletin"),
    "statistics": msg("statistical bulletin"),
    "press_report": msg("press report"),
    "web_page": msg("web page"),
    "encyclopedia": msg("encyclopedia"),
    "monitoring_archive": msg("archive of monitoring data"),
}
SEEN_ON: dict[str, Label] = {
    "publisher": msg("publisher's page"),
    "third_party_copy": msg("third-party copy"),
}
NETWORKS: dict[str, Label] = {
    "state_urban_sites": msg("state urban monitoring sites"),
    "state_sections": msg("state-controlled sections"),
    "provincial_sections": msg("sections of province level and above"),
    "municipal_sections": msg("municipal sections"),
    "all_monitored_sections": msg("state, provincial and municipal sections"),
    "tributary_sections": msg("sections on tributaries"),
    "emergency_points": msg("emergency monitoring points"),
    "state_listed_sources": msg("nationally listed important sources"),
    "prefecture_sources": msg("sources of cities of prefecture level and above"),
    "urban_sources": msg("urban sources"),
    "county_and_above_sources": msg("sources of county towns and above"),
    "not_stated": msg("network not stated"),
    "not_applicable": "",
}
ADJUSTMENTS: dict[str, Label] = {
    "none_stated": "",
    "raw": msg("nothing taken out"),
    "dust_excluded": msg("dust days excluded"),
    "background_removed": msg("natural background removed"),
    "not_applicable": "",
}
LEVELS: dict[str, Label] = {"prefecture": msg("prefecture-level city"), "district": msg("district")}
STATUSES: dict[str, Label] = {
    "observed": msg("observed"),
    "target": msg("target"),
    "forecast": msg("forecast"),
}
TARGET_TYPES: dict[str, Label] = {
    "binding": msg("binding"),
    "expected": msg("anticipatory"),
    "not_stated": msg("not stated whether binding"),
}
TARGET_FORMS: dict[str, Label] = {
    "reach": msg("to be reached"),
    "maintain": msg("to be kept"),
    "cumulative": msg("cumulative"),
    "qualitative": msg("in words only"),
}
PERIOD_BASES: dict[str, Label] = {
    "printed": msg("printed"),
    "heading": msg("in a heading"),
    "relative": msg("from relative words or the date of the document"),
    "publication": msg("from the date of publication"),
    "inferred": msg("inferred"),
}
CONTEXT_ROLES: dict[str, Label] = {
    "label": msg("name"),
    "unit": msg("unit"),
    "period": msg("period"),
    "scope": msg("scope"),
    "place": msg("place"),
    "column_head": msg("column head"),
    "row_head": msg("row head"),
    "baseline": msg("baseline"),
    "contrast": msg("against"),
}
ABSENCES: dict[str, Message] = {
    "not_stated": msg("not stated"),
    "not_searched": msg("not searched"),
    "part_only": msg("for a part only"),
    "words_only": msg("in words only"),
    "target_only": msg("a target only"),
    "rank_only": msg("a rank or change only"),
    "left_out": msg("not among those asked for"),
}
FAMILIES: dict[str, Label] = {
    "air": msg("Air"),
    "forest": msg("Forest"),
    "water": msg("Surface water"),
    "drinking_water": msg("Drinking water"),
    "red_line": msg("Ecological conservation red line"),
    "land": msg("Land"),
    "water_resources": msg("Water resources"),
    "biodiversity": msg("Biodiversity"),
    "protected_areas": msg("Protected areas"),
    "minerals": msg("Minerals and mines"),
    "restoration": msg("Restoration"),
    "climate": msg("Climate and terrain"),
    "economy": msg("Economy"),
    "finance": msg("Finance"),
    "governance": msg("Governance"),
    "society": msg("Society"),
}
POLICY_TYPES: dict[str, Message] = {
    "regulatory": msg("regulatory"),
    "economic": msg("economic"),
    "planning": msg("planning"),
    "organisational": msg("organisational"),
    "information_education": msg("information and education"),
    "voluntary": msg("voluntary"),
    "monitoring_accountability": msg("monitoring and accountability"),
}
LEGAL_FORCES: dict[str, Label] = {
    "law": msg("law or local regulation"),
    "government_document": msg("government document"),
    "party_document": msg("Party document"),
    "institution": msg("institution"),
    "works": msg("works"),
    "agreement": msg("agreement"),
    "not_stated": msg("not stated"),
}
POLICY_LEVELS: dict[str, Label] = {
    "national": msg("national"),
    "provincial": msg("provincial"),
    "prefecture": msg("prefecture"),
    "county": msg("county"),
    "township": msg("township or village"),
    "enterprise": msg("enterprise"),
    "not_stated": msg("not stated"),
}
POLICY_STAGES: dict[str, Label] = {
    "proposed": msg("proposed"),
    "draft": msg("draft"),
    "adopted": msg("adopted"),
    "in_force": msg("in force"),
    "completed": msg("completed"),
    "repealed": msg("repealed"),
    "not_stated": msg("stage not stated"),
}
PROJECT_STAGES: dict[str, Label] = {
    "planned": msg("planned"),
    "started": msg("started"),
    "completed": msg("completed"),
    "operating": msg("operating"),
    "not_stated": msg("stage not stated"),
}
THEMES: dict[str, Message] = {
    "agriculture": msg("agriculture"),
    "air": msg("air"),
    "biodiversity": msg("biodiversity"),
    "climate": msg("climate"),
    "forest": msg("forest"),
    "governance": msg("ecological civilisation as a whole"),
    "grassland": msg("grassland"),
    "industry": msg("industry"),
    "land": msg("land"),
    "mining": msg("mining"),
    "rural": msg("villages"),
    "soil": msg("soil"),
    "tourism": msg("tourism"),
    "urban": msg("towns"),
    "waste": msg("waste"),
    "water": msg("water"),
}
DIMENSIONS: dict[str, Message] = {
    "kind": msg("kind (instrument, recognition, goal)"),
    "primary_type": msg("primary type"),
    "legal_force": msg("legal force"),
    "level": msg("level of origin"),
    "stage": msg("stage"),
    "target_group": msg("target group"),
    "themes": msg("themes"),
}
NAMED_KINDS: dict[str, Message] = {
    "policies": msg("policy"),
    "projects": msg("project"),
    "zones": msg("zone"),
    "contradictions": msg("contradiction"),
    "requirements": msg("requirement"),
}

"""The OpenAPI 3.1 description of the JSON interface, from the operations, schemas and codes that it runs on."""

import json
from typing import Any

from django.urls import reverse
from ninja import NinjaAPI

from certification.service_interface.machine.schemas import Problem
from certification.service_interface.refusals import REASONS

OVERVIEW = (
    "Single and batched Certificate Signing Requests over mutual TLS. Every error is problem details (RFC 9457) "
    "with a stable code and the clause behind it. The SMKI Interface Design Specification in force says what "
    "holds; this description is made from what runs."
)
PROBLEM = "application/problem+json"
JSON = "application/json"
_BINARY = {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}}
_WAIT = {"Retry-After": {"description": "seconds until asking again", "schema": {"type": "integer"}}}
_PLACE = {"Location": {"description": "where it is read", "schema": {"type": "string"}}}

# What ninja cannot see in the operations' types, by the name of the operation.
EXTRAS: dict[str, dict[str, Any]] = {
    "submit_request": {"responses": {201: {"headers": _PLACE}, 202: {"headers": _PLACE | _WAIT}}},
    "fetch_certificate": {
        "responses": {
            200: {
                "description": "The Certificate, as Accept asks",
                "content": {
                    "application/x-pem-file": {"schema": {"type": "string"}},
                    "application/pkix-cert": _BINARY,
                },
            }
        }
    },
    "submit_batch": {
        "requestBody": {
            "required": True,
            "content": {
                "application/zip": _BINARY,
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "properties": {"file": _BINARY["schema"]},
                        "required": ["file"],
                    }
                },
            },
        },
        "responses": {202: {"headers": _PLACE | _WAIT}},
    },
    "fetch_result": {
        "responses": {200: {"description": "The ZIP of results", "content": {"application/zip": _BINARY}}}
    },
}
# The codes that every operation may answer, and those of some.
_OF_CREDENTIALS = (code for code in REASONS if code.partition(".")[0] in {"credential", "officer", "party"})
_EVERYWHERE = (
    *_OF_CREDENTIALS,
    "interface.maintenance",
    "interface.limit",
    "interface.fault",
    "caller.not_entitled",
    "message.malformed",
    "message.method",
)
_SUBMITTING = ("message.too_large", "message.key_reused", "rule.forbids")
CODES: dict[str, tuple[str, ...]] = {
    "submit_request": (*_SUBMITTING, "request.faulty"),
    "show_request": ("message.not_found",),
    "fetch_certificate": ("message.not_found", "request.not_issued", "request.faulty", "request.refused"),
    "submit_batch": (*_SUBMITTING, "message.media_type", "batch.rejected"),
    "list_batches": ("message.not_found",),
    "show_batch": ("message.not_found",),
    "list_items": ("message.not_found",),
    "fetch_result": ("message.not_found", "batch.not_completed", "batch.results_gone"),
}


def describe(api: NinjaAPI) -> dict[str, Any]:
    """The description of an environment's interface, JSON types alone."""
    schema: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix=_root_of(api))))
    schema["components"]["schemas"]["Problem"] = _without_definitions(Problem.model_json_schema())
    schema["components"]["securitySchemes"] = {
        "credential": {
            "type": "mutualTLS",
            "description": "the client certificate of a credential that DCC has issued for this environment",
        }
    }
    for methods in schema["paths"].values():
        for operation in methods.values():
            _complete(operation)
    return schema


def _root_of(api: NinjaAPI) -> str:
    return reverse(f"{api.urls_namespace}:show_description").removesuffix("openapi.json").lstrip("/")


def _without_definitions(schema: dict[str, Any]) -> dict[str, Any]:
    """Refer to the schemas beside it rather than to copies inside it."""
    text = json.dumps({key: value for key, value in schema.items() if key != "$defs"})
    cleaned: dict[str, Any] = json.loads(text.replace("#/$defs/", "#/components/schemas/"))
    return cleaned


def _complete(operation: dict[str, Any]) -> None:
    name = operation["operationId"].rpartition("_api_")[2]
    operation["operationId"] = name
    operation["security"] = [{"credential": []}]
    by_status: dict[int, list[str]] = {}
    for code in (*_EVERYWHERE, *CODES[name]):
        by_status.setdefault(REASONS[code].status, []).append(code)
    for status, codes in sorted(by_status.items()):
        waits = {"headers": _WAIT} if status in {429, 503} else {}
        operation["responses"][str(status)] = {
            "description": ", ".join(f"`{code}`: {REASONS[code].title}" for code in codes),
            "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        } | waits


def text_of(api: NinjaAPI) -> str:
    """The description as it is served and kept in docs/interface."""
    return json.dumps(describe(api), indent=2, sort_keys=True) + "\n"

"""What a stock tlog or signed-note tool reads. Open to everybody; nothing here says what an entry says."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from smki_pma.ledger import checkpoints, keys, proofs, verifier
from smki_pma.ledger.addresses import BadAddress, tile_address, whole_number
from smki_pma.ledger.exporting import export
from smki_pma.ledger.logs import LEDGER, Log
from smki_pma.ledger.proofs import NotProvable
from smki_pma.ledger.readers import PUBLIC
from smki_pma.ledger.tree import BadRange

TEXT = "text/plain; charset=utf-8"
FOR_EVER = "public, max-age=31536000, immutable"
View = Callable[..., HttpResponseBase]


def plain_refusals(view: View) -> View:
    """Let a page for machines answer a wrong question in one line that names what is wrong."""

    @functools.wraps(view)
    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, **kwargs)
        except BadAddress as error:
            return HttpResponse(f"{error}\n", status=400, content_type=TEXT)
        except BadRange as error:
            return HttpResponse(f"{error.field}: {error}\n", status=400, content_type=TEXT)
        except NotProvable as error:
            return HttpResponse(f"{error}\n", status=404, content_type=TEXT)

    return answer


def machine_view(view: View) -> View:
    """A page for machines that is open to everybody."""
    return login_not_required(require_safe(plain_refusals(view)))


@machine_view
def show_checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed tree head (C2SP tlog-checkpoint)."""
    return checkpoint_of(LEDGER)


def checkpoint_of(log: Log) -> HttpResponse:
    """The newest signed tree head of a log. Raises NotProvable."""
    checkpoint = checkpoints.latest(log)
    if checkpoint is None:
        raise NotProvable("checkpoint: none has been signed yet. Try again later.")
    return HttpResponse(checkpoint.note, content_type=TEXT, headers={"Cache-Control": "public, max-age=5"})


@machine_view
def prove_consistency(request: HttpRequest) -> HttpResponse:
    """That the ledger of one size begins with that of another: ?from=n&to=m."""
    return consistency_of(LEDGER, request)


def consistency_of(log: Log, request: HttpRequest) -> HttpResponse:
    """That a log of one size begins with that of another. Raises BadAddress, BadRange."""
    old = whole_number(request.GET.get("from"), "from")
    new = whole_number(request.GET.get("to"), "to")
    answer = JsonResponse(proofs.consistency(old, new, log=log).as_json(), json_dumps_params={"indent": 1})
    answer["Cache-Control"] = FOR_EVER
    return answer


@machine_view
def prove_entry(request: HttpRequest, number: str) -> HttpResponse:
    """That an entry is in the newest signed ledger (C2SP tlog-proof)."""
    wanted = whole_number(number, "number")
    return _file(proofs.entry_proof(wanted), f"entry-{wanted}.tlog-proof")


@machine_view
def show_tile(request: HttpRequest, rest: str) -> HttpResponse:
    """A tile of hashes or a bundle of entries (C2SP tlog-tiles)."""
    tile = tile_address(rest)
    if tile.level is None:
        content = proofs.entry_bundle(tile.number, tile.width)
    else:
        content = proofs.tile(tile.level, tile.number, tile.width)
    return HttpResponse(content, content_type="application/octet-stream", headers={"Cache-Control": FOR_EVER})


@machine_view
def show_key(request: HttpRequest) -> HttpResponse:
    """The public keys, the one in use last, as signed-note tools read them: name+id+base64."""
    return keys_of(LEDGER)


def keys_of(log: Log) -> HttpResponse:
    """The public keys under the name of a log. Raises NotProvable."""
    vkeys = keys.published_vkeys(log)
    if not vkeys:
        raise NotProvable("key: none has been made yet. Try again later.")
    return HttpResponse("".join(f"{vkey}\n" for vkey in vkeys), content_type=TEXT)


@machine_view
def download_verifier(request: HttpRequest) -> HttpResponse:
    """The stand-alone verifier, one file."""
    return _file(Path(verifier.__file__).read_text(encoding="utf-8"), "smki_ledger_verifier.py")


@machine_view
def export_ledger(request: HttpRequest) -> StreamingHttpResponse:
    """Every leaf and checkpoint, with the texts that are for everybody."""
    answer = StreamingHttpResponse(
        (line.encode() for line in export(PUBLIC)), content_type="application/jsonl; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="smki-ledger.jsonl"'
    return answer


def _file(content: str, name: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(content, content_type=TEXT, headers={"Content-Disposition": disposition})

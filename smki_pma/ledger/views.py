"""The ledger's pages for people."""

import json

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from smki_pma.ledger import checkpoints, keys, selectors
from smki_pma.ledger.forms import EntryFilter
from smki_pma.ledger.logs import LEDGER
from smki_pma.ledger.readers import reader_for
from smki_pma.ui.paging import keyset_page


@login_not_required
@require_safe
def show_ledger(request: HttpRequest) -> HttpResponse:
    """What the ledger is, how far it is signed, and where to go on."""
    context = {"checkpoint": checkpoints.latest(LEDGER), "size": selectors.ledger_size()}
    return render(request, "ledger/show_ledger.html", context)


@login_not_required
@require_safe
def list_entries(request: HttpRequest) -> HttpResponse:
    """The entries that this reader may read, newest first."""
    form = EntryFilter(request.GET or None)
    texts = reader_for(request.user).texts()
    if form.is_bound:
        texts = form.narrow(texts) if form.is_valid() else texts.none()
    page = keyset_page(texts, key="number", before=request.GET.get("before"))
    return render(request, "ledger/list_entries.html", {"form": form, "page": page})


@login_not_required
@require_safe
def show_entry(request: HttpRequest, number: int) -> HttpResponse:
    """One entry: its seal for everybody, what it says for those entitled."""
    entry = selectors.entry(number)
    if entry is None:
        raise Http404
    text = reader_for(request.user).texts().filter(number=number).first()
    said = json.loads(text.content) if text else None
    context = {
        "entry": entry,
        "text": text,
        "said": said,
        "facts": json.dumps(said["facts"], ensure_ascii=False, indent=2, sort_keys=True) if said else "",
        "checkpoint": checkpoints.latest(LEDGER, covering=number + 1),
    }
    return render(request, "ledger/show_entry.html", context)


@login_not_required
@require_safe
def explain_verifying(request: HttpRequest) -> HttpResponse:
    """How somebody outside checks the ledger without trusting us."""
    context = {"vkeys": keys.published_vkeys(), "origin": LEDGER.origin}
    return render(request, "ledger/explain_verifying.html", context)

"""What is done to a batch: handed in, checked, unpacked, issued (chunks.py), answered, held and resumed."""

from certification.batches.services.finishing import complete_batch, remove_results
from certification.batches.services.holding import pause_batch, resume_batch, stop_batch
from certification.batches.services.receiving import (
    receive_batch,
    reject_batch,
    report_tampering,
    unpack_chunks,
)
from certification.batches.services.submitting import hand_in_batch, submit_batch

__all__ = [
    "complete_batch",
    "hand_in_batch",
    "pause_batch",
    "receive_batch",
    "reject_batch",
    "remove_results",
    "report_tampering",
    "resume_batch",
    "stop_batch",
    "submit_batch",
    "unpack_chunks",
]

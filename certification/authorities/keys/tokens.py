"""The session of this process with a hardware security module: one, opened at its first use.

PKCS#11 state does not survive a fork, and a session is not for two threads at once: so a process that was
forked opens its own, and whoever uses the session holds its lock.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import pkcs11
from pkcs11 import exceptions

from certification.authorities.keys.backend import KeyUnavailable

T = TypeVar("T")


class NoModule(Exception):
    """The library cannot be loaded."""


# What a token says that was taken out, restarted, or has closed the session by itself.
_LOST = (
    exceptions.DeviceError,
    exceptions.DeviceRemoved,
    exceptions.GeneralError,
    exceptions.KeyHandleInvalid,
    exceptions.ObjectHandleInvalid,
    exceptions.SessionClosed,
    exceptions.SessionHandleInvalid,
    exceptions.TokenNotPresent,
    exceptions.UserNotLoggedIn,
)
_WRONG_PIN = (
    exceptions.PinIncorrect,
    exceptions.PinInvalid,
    exceptions.PinLenRange,
    exceptions.PinLocked,
    exceptions.PinExpired,
)


_NO_TOKEN = (
    exceptions.NoSuchToken,
    exceptions.MultipleTokensReturned,
    exceptions.TokenNotRecognised,
    NoModule,
)


@dataclass(frozen=True, slots=True)
class Place:
    """The PKCS#11 library of the module's maker and the label of a token in it."""

    module: str
    label: str


class TokenSession:
    """What is done with the token goes through `run`. `keys` holds the handles that were looked up."""

    def __init__(self, place: Place, pin: str) -> None:
        self._place, self._pin = place, pin
        self._lock = threading.RLock()
        self._session: pkcs11.Session | None = None
        self._refused = False
        self.keys: dict[str, Any] = {}

    def __repr__(self) -> str:
        return f"TokenSession({self._place.label!r})"

    def run(self, act: Callable[[pkcs11.Session], T]) -> T:
        """`act` with the open session; a session that was lost is opened anew, once.

        Raises KeyUnavailable, and never says the PIN.
        """
        with self._lock:
            try:
                try:
                    return act(self._opened())
                except _LOST:
                    self._forget()
                    return act(self._opened())
            except exceptions.PKCS11Error as error:
                raise KeyUnavailable(
                    f"The token {self._place.label} did not do as asked ({type(error).__name__}). Look at the "
                    "module and its log."
                ) from None

    def _opened(self) -> pkcs11.Session:
        if self._session is None:
            self._session = self._open()
        return self._session

    def _open(self) -> pkcs11.Session:
        if self._refused:
            # A module locks itself after a few wrong tries, so one is made in each process.
            raise self._wrong_pin()
        try:
            token: pkcs11.Token = _library(self._place.module).get_token(token_label=self._place.label)
            return token.open(rw=True, user_pin=self._pin)
        except _WRONG_PIN:
            self._refused = True
            raise self._wrong_pin() from None
        except _NO_TOKEN as error:
            raise KeyUnavailable(
                f"There is no single token {self._place.label} behind {self._place.module} "
                f"({type(error).__name__}): look at SMKI_PKCS11_MODULE and SMKI_PKCS11_TOKEN."
            ) from None

    def _wrong_pin(self) -> KeyUnavailable:
        return KeyUnavailable(
            f"The token {self._place.label} does not open with the PIN given. Put SMKI_PKCS11_PIN right and "
            "start the worker again: it is not tried twice, since a token locks itself."
        )

    def _forget(self) -> None:
        session, self._session = self._session, None
        self.keys.clear()
        if session is not None:
            with contextlib.suppress(exceptions.PKCS11Error):
                session.close()


_sessions: dict[tuple[Place, str], TokenSession] = {}
_of_parent: list[TokenSession] = []
_opening = threading.Lock()
_loaded_by: dict[str, int] = {}


def session_with(place: Place, pin: str) -> TokenSession:
    """The one session of this process with that token; it opens at its first use."""
    with _opening:
        return _sessions.setdefault((place, pin), TokenSession(place, pin))


def _library(module: str) -> Any:
    if _loaded_by.get(module, os.getpid()) != os.getpid():
        pkcs11.unload(module)
    _loaded_by[module] = os.getpid()
    try:
        return pkcs11.lib(module)
    except exceptions.PKCS11Error:
        raise NoModule from None


def _start_anew_in_child() -> None:
    global _opening
    _opening = threading.Lock()
    # Kept, so that nothing of them is closed here: the module gives the child the same handles again.
    _of_parent.extend(_sessions.values())
    _sessions.clear()


os.register_at_fork(after_in_child=_start_anew_in_child)

"""What the browser tests call the parts of their story."""

from typing import Protocol

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response

from tests.servers.site import Site


class NewPage(Protocol):
    """The new_page fixture."""

    def __call__(
        self,
        site: Site,
        *,
        as_person: str = "",
        javascript: bool = True,
        viewport: tuple[int, int] = (1280, 900),
    ) -> Page: ...


class Watched:
    """A browser profile that remembers what went wrong behind the pages."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.faults: list[str] = []
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"script error: {error.error}"))
        context.on("response", self._response)

    def new_page(self) -> Page:
        return self.context.new_page()

    def close(self) -> list[str]:
        self.context.close()
        return self.faults

    def _console(self, message: ConsoleMessage) -> None:
        # The browser also reports a refused page (403, 409, 422 ...) as an error; those are the test's business.
        if message.type == "error" and "the server responded with a status of" not in message.text:
            self.faults.append(f"console: {message.text} ({message.location.get('url')})")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type not in {"document", "xhr", "fetch"}:
            self.faults.append(f"{response.status} for {response.url}")
        if response.status >= 500:
            self.faults.append(f"{response.status} for {response.url}")

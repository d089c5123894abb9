"""What no page may ever do, noted while a test drives it."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

# Told before any script of the page runs, so that nothing is missed.
_TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`policy ${event.effectiveDirective} refused ${event.blockedURI} ${event.sample}`);
});
"""

# GraphiQL's dialogs have no description, and the library they are made of says so.
_KNOWN = "Warning: Missing `Description` or `aria-describedby={undefined}` for {DialogContent}."


@dataclass
class Watch:
    """Notes what a page does that no page of ours may do."""

    origin: str
    faults: list[str] = field(default_factory=list[str])

    def over(self, context: BrowserContext) -> None:
        """Watch every page of a context, whatever opens it."""
        context.add_init_script(_TELL_VIOLATIONS)
        context.on("page", self._page)
        context.on("request", self._request)
        context.on("response", self._response)

    def _page(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"uncaught: {error}"))
        page.on("websocket", lambda socket: self._address(socket.url))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and message.text != _KNOWN:
            self.faults.append(f"console {message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        self._address(request.url)

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status}: {response.url}")

    def _address(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"data", "blob", "about"} and parts.netloc != urlsplit(self.origin).netloc:
            self.faults.append(f"a request to another origin: {url}")

"""Pages that the server shows: their files and the headers that keep them to this server alone."""

from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles


def page_headers(**sources: str) -> dict[str, str]:
    """Return the headers of a page that may use nothing but what is named, such as `script_src="'self'"`."""
    named = {name.replace("_", "-"): source for name, source in sources.items()}
    policy = {
        "default-src": "'none'",
        **named,
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "content-security-policy": "; ".join(f"{name} {source}" for name, source in policy.items()),
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
    }


class PageFiles(StaticFiles):
    """Files that a browser takes as what they are called, and asks for again when they may have changed."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Return a file with its headers."""
        response = super().file_response(*args, **kwargs)
        response.headers.update({"x-content-type-options": "nosniff", "cache-control": "no-cache"})
        return response

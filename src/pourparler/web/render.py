"""From typed page contexts to HTML: one environment, everything escaped."""

from __future__ import annotations

import dataclasses
import functools
import importlib.resources
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FunctionLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from pourparler.export.view import printable
from pourparler.web.guard import may
from pourparler.web.state import desk_of


@dataclass(frozen=True, slots=True)
class Shell:
    """What every page needs around its content."""

    title: str
    here: str
    process: str | None
    processes: tuple[tuple[str, str], ...]
    person: str
    reviewer: bool
    owner: bool
    open: bool
    form_token: str
    message: str | None = None


def _template(name: str) -> str | None:
    path = importlib.resources.files("pourparler.web") / "templates" / name
    return path.read_text(encoding="utf-8") if path.is_file() else None


@functools.cache
def environment() -> Environment:
    """Return the one environment of all pages."""
    made = Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["plain"] = lambda words: printable(str(words)) if words is not None else ""
    made.filters["number"] = lambda n: f"{n:,}"
    made.filters["path"] = lambda words: quote(str(words), safe="")
    made.filters["query"] = lambda pairs: urlencode([(k, v) for k, v in pairs if v not in (None, "", ())])
    made.filters["words"] = lambda code: str(code).replace("_", " ") if code else ""
    return made


def shell(request: Request, title: str, here: str, *, process: str | None = None) -> Shell:
    """Return what stands around a page."""
    desk = desk_of(request)
    person = request.state.person
    return Shell(
        title,
        here,
        process or request.query_params.get("process"),
        # Nobody unknown is told what is being followed here.
        tuple((one.name, one.title) for one in desk.processes()) if person else (),
        person.name if person else "",
        may(request, "reviewer"),
        may(request, "owner"),
        desk.settings.open,
        request.state.form_token,
        request.query_params.get("said"),
    )


def page(request: Request, template: str, around: Shell, context: Any, *, status: int = 200) -> HTMLResponse:
    """Return a page: ``context`` is a frozen dataclass, whose fields the template sees by name."""
    fields = {one.name: getattr(context, one.name) for one in dataclasses.fields(context)}
    html = environment().get_template(template).render(shell=around, **fields)
    # Lone surrogates of a report cannot be sent; a page shows a sign in their place.
    return HTMLResponse(html.encode("utf-8", "replace"), status_code=status)

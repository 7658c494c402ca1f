"""Text of others: names from bills, tags and records may hold anything; here each kind of output makes them harmless.

Whoever can tag a resource writes into the terminal, spreadsheet, report and channel of whoever reads its costs.
"""

import datetime
import hashlib
import json
import re
from decimal import Decimal
from typing import Any

# Escape sequences whole (colours, cursor, titles, links), so that nothing of them is left as letters ...
_SEQUENCE = "\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)|(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]"
# ... and whatever else moves the cursor, turns the reading direction round, is not to be seen, or is half a letter.
_UNSEEN = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
_HARMFUL = re.compile(f"{_SEQUENCE}|{_UNSEEN}")
_ESCAPED = re.compile(_UNSEEN)
_MARKDOWN = re.compile(r"[\\`*_\[\]|~#!]")
_CALLS = re.compile("@(?=(?:channel|here|everyone)\\b)", re.IGNORECASE)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NOT_A_NAME = re.compile("[^A-Za-z0-9._-]+")
_DIGESTED = re.compile("-[0-9a-f]{16}$")
_LONGEST_PART = 80


def clean(text: str) -> str:
    """`text` as a terminal may get it: what it would not show as a letter is shown as `�`; only \\n and \\t stay."""
    return _HARMFUL.sub("\ufffd", text)


def one_line(text: str) -> str:
    """`text` cleaned, and on one line whatever it holds: a name must not write a line of its own."""
    return " ".join(clean(text).split())


def plain(value: object) -> object:
    """A value as JSON carries it: decimals as strings, so that no cent is lost; times in ISO 8601."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    return str(value)


def as_json(value: Any, indent: int | None = None) -> str:
    """JSON whose strings lose nothing, and that still shows a terminal no control character."""
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: json.dumps(found[0])[1:-1], text)


def csv_cell(value: Any) -> Any:
    """A value as a spreadsheet may open it: a text that it would take for a formula begins with an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def markdown(text: str) -> str:
    """`text` as Markdown shows it letter for letter, on one line: no table cell, link, code or HTML comes of it."""
    escaped = _MARKDOWN.sub(r"\\\g<0>", one_line(text))
    # A bare address would become a link of itself.
    return _as_entities(escaped).replace("://", ":&#47;&#47;").replace("www.", "www&#46;")


def slack(text: str) -> str:
    """`text` as Slack shows it letter for letter: no link, and nobody is called."""
    return _CALLS.sub("@ ", _as_entities(clean(text)))


def path_part(text: str) -> str:
    """`text` as one part of a path: only letters, digits, `.`, `_` and `-`, never hidden, of bounded length.

    No two texts give one part, not even where the file system ignores case: what is not plain lower-case already, or
    looks as if this function had made it, gets a digest of itself.
    """
    part = _NOT_A_NAME.sub("_", text).lstrip(".")[:_LONGEST_PART]
    if part and part == text == text.lower() and not _DIGESTED.search(part):
        return part
    return f"{part or '_'}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def _as_entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

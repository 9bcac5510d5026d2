"""What a body is by its first bytes, whatever its header says."""

import re

# After the WHATWG's MIME Sniffing, and what else servers send as text/html.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"%!PS-Adobe-", "application/postscript"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\0\0\1\0", "image/x-icon"),
    (b"RIFF", "audio, video or an image"),
    (b"OggS\0", "application/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"PK\3\4", "application/zip"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"wOFF", "font/woff"),
    (b"wOF2", "font/woff2"),
    (b"\0asm", "application/wasm"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\0", "a program"),
)
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_JSON = re.compile(
    rb'(?:\xef\xbb\xbf)?\s{0,99}(?:\{\s{0,99}"(?:[^"\\\r\n]|\\.){0,200}"\s{0,9}:|\[\s{0,99}[\[{]\s{0,99}["\[{])'
)
_HEAD = 1445  # bytes that browsers look at
# No text has them; NUL is left out, as it is every second byte of UTF-16, and ESC, which begins letters of ISO-2022.
_NO_TEXT = bytes((*range(1, 9), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20)))


def foreign_type(body: bytes) -> str | None:
    """The media type of what is neither a page nor another text to be read; None for all that may be one."""
    for signature, media_type in _SIGNATURES:
        if body.startswith(signature):
            return media_type
    if body[4:8] == b"ftyp":
        return "video/mp4"
    if _JSON.match(body):
        return "application/json"
    return "application/octet-stream" if _is_binary(body[:_HEAD]) else None


def _is_binary(head: bytes) -> bool:
    """Random bytes have a tenth of those that no text has. Cyrillic in UTF-16 has more, but between tags with NUL."""
    if head.startswith(_BOMS) or head.count(0) * 50 > len(head):
        return False
    return (len(head) - len(head.translate(None, _NO_TEXT))) * 20 > len(head)

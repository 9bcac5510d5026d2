"""What can go wrong in reading, named by what happens next.

TriptychError
├── UsageError      the caller asked for something that is not there: mend the call
│   └── UnknownSite
├── PageError       this page gives no item: record it, go on with the next
│   ├── UnparsablePage      no tree can be made of the bytes
│   │   └── UnexpectedContentType   an image, a PDF and the like
│   ├── NotAnArticle        skip and count
│   └── LayoutChanged       a hint of the site's file no longer fits: mend crawler/sites/NAME.py
"""


class TriptychError(Exception):
    """Base of all errors raised by this project."""


class UsageError(TriptychError):
    """The caller asked for something that is not there."""


class UnknownSite(UsageError):
    """No file in crawler/sites has this name."""


class PageError(TriptychError):
    """This page gives no item. `url` and, where one is to blame, `field` are part of the message."""

    def __init__(self, message: str, *, url: str | None = None, field: str | None = None) -> None:
        where = ", ".join(part for part in (field and f"field {field}", url) if part)
        super().__init__(f"{message} ({where})" if where else message)
        self.url = url
        self.field = field


class UnparsablePage(PageError):
    """No tree can be made of the bytes."""


class NotAnArticle(PageError):
    """An article was asked for and the page is none."""


class UnexpectedContentType(UnparsablePage):
    """An image, a PDF and the like, where a page was asked for."""


class LayoutChanged(PageError):
    """The site's file promises something that the page no longer has."""

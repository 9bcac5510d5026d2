"""What each tag means to the walk."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

INLINE, SKIPPED, BOUNDARY, UNBROKEN, PREFORMATTED, LINE_BREAK, LINK, IMAGE = range(8)
"""`BOUNDARY` to `PREFORMATTED` are block-level."""

_BOUNDARY_TAGS = """
    html body address article aside blockquote center dd details dialog dir div dl dt fieldset figure footer form
    frameset header hgroup hr legend li main menu nav ol p search section summary table tbody td tfoot thead tr ul
    amp-list amp-sidebar
"""
# A line break inside these is white space: a headline set over two lines is one.
_UNBROKEN_TAGS = "h1 h2 h3 h4 h5 h6 figcaption caption th button"
_SKIPPED_TAGS = """
    head script style template noscript svg math iframe object embed select option datalist textarea input canvas map
    noframes video audio amp-script amp-analytics amp-state
"""
_KINDS: dict[str, int] = {
    **dict.fromkeys(_BOUNDARY_TAGS.split(), BOUNDARY),
    **dict.fromkeys(_UNBROKEN_TAGS.split(), UNBROKEN),
    **dict.fromkeys(_SKIPPED_TAGS.split(), SKIPPED),
    **dict.fromkeys(("pre", "listing", "xmp", "plaintext"), PREFORMATTED),
    "br": LINE_BREAK,
    "a": LINK,
    "img": IMAGE,
    "amp-img": IMAGE,
}


def kinds_of(tags: Sequence[str]) -> NDArray[np.uint8]:
    return np.array([_KINDS.get(tag, INLINE) for tag in tags], dtype=np.uint8)

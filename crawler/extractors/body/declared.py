"""The body as structured data has it, for pages whose markup has none or only its beginning."""

from crawler.document import Document
from crawler.errors import UnparsablePage
from crawler.extractors.body.finder import BodyBlocks, BodyFinder
from crawler.extractors.body.typed_blocks import typed_blocks
from crawler.extractors.tree.outline import Outline, outline_of
from crawler.markup.text import collapse
from models.items import Block, BlockType

# Letters of body in the markup below which the body that the page declares is looked at, and how many times longer
# that one has to be: a third of all declared bodies are cut or teasers.
_SHORT = 250
_LONGER = 3


def declared_blocks(outline: Outline, body: BodyBlocks) -> tuple[Block, ...]:
    """Empty where the markup has the text, or nothing is declared."""
    shown = sum(len(outline.blocks[number].text) for number in body.numbers)
    if shown >= _SHORT:
        return ()
    document = outline.document
    longest = max((candidate.value for candidate in document.structured.article_bodies), key=len, default="")
    if len(longest) < max(shown * _LONGER, _SHORT):
        return ()
    if "<" in longest and ">" in longest:
        blocks = _marked_up(longest, document.url)
        if blocks:
            return blocks
    lines = (collapse(line) for line in longest.splitlines())
    return tuple(Block(type=BlockType.PARAGRAPH, text=line) for line in lines if line)


def _marked_up(html: str, url: str | None) -> tuple[Block, ...]:
    """Such pages are few, so the second parse costs nothing on the whole."""
    try:
        outline = outline_of(Document.parse(f"<article>{html}</article>", url=url))
    except UnparsablePage:
        return ()
    body = BodyFinder(outline).find()
    numbers = body.numbers or range(len(outline.blocks))
    return typed_blocks(outline, frozenset(numbers), container=body.container)

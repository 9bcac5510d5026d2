import pytest

from crawler.document import Document
from crawler.errors import UnparsablePage


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(b"", id="no-bytes"),
        pytest.param(b" \r\n\t ", id="white-space"),
        pytest.param(b"\xef\xbb\xbf", id="byte-order-mark-alone"),
        pytest.param(b"<!-- nothing -->", id="comment-alone"),
        pytest.param("", id="no-text"),
    ],
)
def test_an_empty_page_is_unparsable(html: bytes | str) -> None:
    with pytest.raises(UnparsablePage, match=r"https://example\.com/a"):
        Document.parse(html, url="https://example.com/a")


@pytest.mark.parametrize(
    ("head", "base"),
    [
        pytest.param("", "https://example.com/a/b", id="none"),
        pytest.param('<base href="/c/">', "https://example.com/c/", id="relative"),
        pytest.param(
            '<base target="_blank"><base href="https://cdn.example.com/">', "https://cdn.example.com/", id="second"
        ),
        pytest.param('<base href="http://[">', "https://example.com/a/b", id="broken"),
    ],
)
def test_links_are_resolved_against_the_base(head: str, base: str) -> None:
    document = Document.parse(f"<head>{head}</head><p>x", url="https://example.com/a/b")

    assert document.base_url == base


def test_a_page_without_url_has_no_base() -> None:
    assert Document.parse("<p>x").base_url is None


def test_comments_and_nul_are_gone_and_text_around_them_joins() -> None:
    document = Document.parse("<p>跨\0境<!-- no -->电商</p>")

    assert document.root.xpath("string(//p)") == "跨境电商"


def test_a_page_encoded_twice_is_read_as_it_was_before() -> None:
    html = "<html><body><p>The harbour’s crane</p></body></html>"

    document = Document.parse(html.encode().decode("latin-1").encode())

    assert document.text == html
    assert document.selector.css("p::text").get() == "The harbour’s crane"


def test_a_text_with_an_xml_declaration_is_parsed() -> None:
    document = Document.parse('<?xml version="1.0" encoding="gb2312"?><html lang="zh-CN"><title> 题\n目 </title><p>文')

    assert document.title == "题 目"
    assert document.html_lang == "zh-CN"


def test_the_title_of_a_drawing_is_not_that_of_the_page() -> None:
    document = Document.parse("<body><svg><title>Icon</title></svg><title>Page</title><p>x")

    assert document.title == "Page"


def test_the_selector_sees_the_same_tree() -> None:
    document = Document.parse("<p class=a>x</p>")

    assert document.selector.css("p.a")[0].root is next(document.root.iter("p"))


def test_a_page_of_any_depth_is_parsed() -> None:
    document = Document.parse("<div>" * 1900 + "<p>deep</p>")

    assert document.root.xpath("string(//p)") == "deep"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        pytest.param("<title>t</title><article><p>x", "x", id="article"),
        pytest.param("<meta charset=utf-8><title>t</title><link href=a><MAIN class=b>x", "x", id="main"),
        pytest.param("<title>t</title><script>1</script><my-page>x", "x", id="unknown-element"),
        pytest.param("<title>t</title><noscript><img src=a></noscript><header>x", "x", id="noscript-before"),
        pytest.param("<title>t</title><header>x</header><body><p>y", "xy", id="body-that-comes-late"),
        pytest.param("<head><title>t</title></head><main>x", "x", id="head-ended"),
        pytest.param("<title>t</title>", "", id="head-alone"),
        pytest.param("<title>t</title><frameset><frame src=a></frameset>", "", id="frames"),
    ],
)
def test_a_page_that_leaves_out_its_body_tag_has_one(html: str, text: str) -> None:
    document = Document.parse(html)

    assert document.root.xpath("string(body)") == text
    assert [element.tag for element in document.root.iter()] == list(document.tree.tags)


def test_a_page_that_ends_in_its_header_is_read_on() -> None:
    """Browsers take what follows for part of the body."""
    text = "<div><p>The crane is here.</p></div>" * 6
    document = Document.parse(f"<html><body><header>Quay</header></body></html>{text}</body></html>")

    assert document.tree.text_of(0).count("The crane is here.") == 6
    assert len(list(document.root.iter())) == len(document.tree.tags)


def test_a_counter_behind_the_page_is_left_out() -> None:
    document = Document.parse("<html><body><p>The crane is here.</p></body></html><p>4,127 visitors</p>")

    assert document.tree.text_of(0) == "The crane is here."

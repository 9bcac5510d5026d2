from crawler.document import Document
from crawler.extractors.lists.link_groups import Grouping, LinkGroup
from crawler.extractors.lists.link_urls import LinkReader
from crawler.extractors.lists.list_kinds import Announced
from crawler.extractors.tree.outline import outline_of


def groups(body: str) -> list[LinkGroup]:
    document = Document.parse(f"<html><body>{body}</body></html>", url="https://example.com/2026/a.html")
    return Grouping(outline_of(document), LinkReader(document)).groups()


def hrefs(body: str) -> list[list[str]]:
    return [[anchor.href for anchor in group.anchors] for group in groups(body)]


def test_headlines_and_pictures_of_cards_are_two_groups() -> None:
    cards = "".join(f'<li><a href="/{n}"><img src="{n}.png"></a><a href="/{n}">Headline {n}</a></li>' for n in (1, 2))

    assert hrefs(f"<ul>{cards}</ul>") == [["/1", "/2"], ["/1", "/2"]]


def test_numbers_and_states_in_class_names_set_no_item_apart() -> None:
    items = (
        '<li class="item item-1 first"><a href="/1">A</a></li><li class="item item-2 active"><a href="/2">B</a></li>'
    )

    assert hrefs(f"<ul>{items}</ul>") == [["/1", "/2"]]


def test_two_headings_part_two_groups() -> None:
    found = groups(
        "<div><h3>Related</h3><ul><li><a href='/2026/03/port-buys-a-crane'>Port buys a crane</a></ul>"
        "<h3>Most read</h3><ul><li><a href='/2026/03/ferry-comes-late'>Ferry comes late</a></ul></div>"
    )

    announced = [group.heading.announced for group in found if group.heading]
    assert announced == [Announced.RELATED | Announced.TOPIC, Announced.POPULAR]


def test_a_show_all_link_beside_the_heading_is_not_its_list() -> None:
    found = groups(
        "<section><div><h3>Most read</h3><a href='/all'>Show all</a></div>"
        "<ul><li><a href='/2026/03/port-buys-a-crane'>Port buys a crane</a></ul></section>"
    )

    assert [group.heading is not None for group in found] == [True, True]


def test_headlines_of_cards_are_no_headings() -> None:
    cards = "".join(f"<div class='c'><h3>Headline {n}</h3><a href='/{n}'>Read more</a></div>" for n in range(4))

    assert [len(group.anchors) for group in groups(f"<div><h2>Related</h2>{cards}</div>")] == [4]


def test_a_lead_in_is_kept_and_shared_by_the_links_behind_it() -> None:
    (tags,) = groups("<p>Tags: <a href='/t/a'>A</a>, <a href='/t/b'>B</a></p>")

    assert (tags.lead, len(tags.anchors), tags.in_sentence) == ("Tags:", 2, False)


def test_of_two_lead_ins_in_one_line_each_has_its_links() -> None:
    categories, tags = groups("<p>Posted in <a href='/c/a'>A</a> Tagged <a href='/t/b'>B</a></p>")

    assert (categories.lead, tags.lead) == ("Posted in", "Tagged")


def test_a_link_among_words_is_part_of_a_sentence() -> None:
    (group,) = groups("<p>The port, which <a href='/x'>bought a crane</a> last year, now has two of them at work.</p>")

    assert group.in_sentence


def test_a_link_that_goes_on_in_a_sentence_is_part_of_it_though_most_of_it_is_link() -> None:
    words = "bought a second crane, which stands beside the first one since the spring of last year"

    (group,) = groups(f"<p>The port <a href='/x'>{words}</a> and now has two of them at work in it.</p>")

    assert group.in_sentence


def test_a_headline_with_its_date_heads_no_list_though_its_class_says_so() -> None:
    lines = "".join(
        f"<div class='title'><a href='/2026/03/{n}/crane.html'>Crane {n}</a> (2026-03-0{n} 17:06:30 CET)</div>"
        for n in (1, 2, 3)
    )

    assert [len(group.anchors) for group in groups(f"<div><h3>Related</h3>{lines}</div>")] == [3]


def test_a_chinese_sentence_is_one_though_it_has_fewer_letters() -> None:
    link = "<a href='/2026/03/old-crane'>旧吊车怎么从港口开走的</a>"

    (group,) = groups(f"<p>港务局回应称，新吊车会在明年秋天之前装好。更早的讨论见{link}。</p>")

    assert group.in_sentence


def test_of_several_labels_in_one_line_the_last_leads_its_links() -> None:
    (tags,) = groups("<p>作者：某某 时间：2026-03-12 标签：<a href='/t/a'>港口</a> <a href='/t/b'>吊车</a></p>")

    assert tags.lead == "标签："


def test_the_source_and_time_of_a_card_head_no_list_though_a_word_says_so() -> None:
    cards = "".join(
        f"<div class='card'><a href='/2026/03/crane-{n}.html'>港口买了第{n}台吊机</a><p>某某快讯 · {n}小时前</p></div>"
        for n in (1, 2, 3)
    )

    (found,) = groups(f"<div>{cards}</div>")

    assert (found.heading, len(found.anchors)) == (None, 3)


def test_a_label_of_two_han_letters_needs_no_colon() -> None:
    (tags,) = groups("<p>标签<a href='/t/a'>港口</a> <a href='/t/b'>吊车</a></p>")

    assert tags.lead == "标签"

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extractors.lists.list_kinds import Announced, announced_by, is_offer, is_talk


@pytest.mark.parametrize(
    ("heading", "announced"),
    [
        pytest.param("相关文章", Announced.RELATED, id="zh-related"),
        pytest.param("■ 猜你喜欢", Announced.RELATED, id="decorated"),
        pytest.param("あわせて読みたい", Announced.RELATED, id="ja-related"),
        pytest.param("관련 기사", Announced.RELATED, id="ko-related"),
        pytest.param("Das könnte Sie auch interessieren:", Announced.RELATED, id="de-related"),
        pytest.param("À lire aussi", Announced.RELATED, id="fr-related"),
        pytest.param("Les også", Announced.RELATED, id="no-related"),
        pytest.param("İlginizi çekebilecek haberler", Announced.RELATED, id="tr-dotted-capital"),
        pytest.param("MOST READ", Announced.POPULAR, id="capitals"),
        pytest.param("Meistgelesen", Announced.POPULAR, id="de-popular"),
        pytest.param("24小时排行榜", Announced.POPULAR, id="zh-popular"),
        pytest.param("Últimas noticias", Announced.LATEST, id="es-latest"),
        pytest.param("近期文章", Announced.LATEST, id="zh-latest"),
        pytest.param("Post navigation", Announced.ADJACENT, id="adjacent"),
        pytest.param("标签：", Announced.TAGS, id="zh-tags"),
        pytest.param("Schlagwörter zu diesem Artikel", Announced.TAGS, id="de-tags"),
        pytest.param("Filed under", Announced.TAGS, id="filed-under"),
        pytest.param("热门标签", Announced.HOT_TAGS, id="zh-hot-tags"),
        pytest.param("Es noticia", Announced.HOT_TAGS, id="es-hot-tags"),
        pytest.param("Mehr zum Thema", Announced.TOPIC, id="topic-heads-articles-and-tags"),
        pytest.param("Newsletter", Announced.OTHER, id="newsletter"),
        pytest.param("栏目更新", Announced.LATEST, id="zh-updates-of-a-section"),
        pytest.param("本月热评文章", Announced.POPULAR, id="zh-much-discussed"),
        pytest.param("随便看看", Announced.RELATED, id="zh-at-random"),
        pytest.param("新文速递", Announced.LATEST, id="zh-express"),
        pytest.param("阅读TOP10", Announced.POPULAR, id="zh-top-ten-of-reading"),
        pytest.param("TAG标签：", Announced.TAGS, id="zh-tags-twice"),
        pytest.param("本文关键字", Announced.TAGS, id="zh-keywords-of-this-text"),
        pytest.param("标签列表", Announced.HOT_TAGS, id="zh-list-of-tags"),
        pytest.param("友情链接", Announced.OTHER, id="zh-friends"),
    ],
)
def test_a_heading_announces_what_its_words_say(heading: str, announced: int) -> None:
    assert announced_by(heading) & announced


@pytest.mark.parametrize(
    ("announced", "headings"),
    [
        pytest.param(
            Announced.RELATED,
            "Also of interest|Ça peut vous intéresser|Otras noticias|Outras notícias|Verder lezen|"
            "Może Cię zainteresować|Další články|Hasonló cikkek|"
            "Citește și|Вам будет интересно|Інші новини|Още по темата|Öne Çıkanlar|ذات صلة|"
            "بیشتر بخوانید|यह भी पढ़ें|আরও পড়ুন|ข่าวที่เกี่ยวข้อง|Cùng chuyên mục|Simak juga|同类资讯|次に読みたい記事|주요기사",
            id="related",
        ),
        pytest.param(
            Announced.POPULAR,
            "Most talked about|Viel gelesen|Best gelezen|Mest læst|Топ недели|Найчитаніше|Най-четени|Lasītākie|"
            "Loetumad|El més llegit|Περισσότερο διαβασμένα|محبوب‌ترین|सबसे ज्यादा पढ़ी गई|সর্বাধিক পঠিত|ยอดนิยม|"
            "Berita populer|話題の記事",
            id="popular",
        ),
        pytest.param(
            Announced.LATEST,
            "Just published|Ultim'ora|Aktualności|Poslední zprávy|Friss|"
            "Новые статьи|Стрічка новин|En Yeniler|اخر الاخبار|"
            "آخرین اخبار|ताजा खबरें|সর্বশেষ|ข่าวล่าสุด|Bài viết mới|Ροή ειδήσεων|Jaunākās ziņas|24小时滚动",
            id="latest",
        ),
        pytest.param(
            Announced.ADJACENT, "Próximo artigo|Další článek|Előző cikk|Bài trước|下一則|次の投稿", id="adjacent"
        ),
        pytest.param(Announced.TAGS, "Stikkord|Ετικέτες|टैग|แท็ก", id="tags"),
    ],
)
def test_headings_are_known_in_many_languages(announced: int, headings: str) -> None:
    unknown = [heading for heading in headings.split("|") if not announced_by(heading) & announced]

    assert unknown == []


def test_the_picks_of_subscribers_are_no_subscription() -> None:
    assert [is_offer(heading) for heading in ("Subscriber picks", "Subscribe to us")] == [False, True]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Why the port bought a second crane", id="headline"),
        pytest.param("The tag on the bottle told where it came from", id="tag-inside-a-sentence"),
        pytest.param("码头上的第二台吊机", id="zh-headline"),
        pytest.param("", id="empty"),
        pytest.param("Most read " * 20, id="too-long-for-a-heading"),
    ],
)
def test_other_lines_announce_nothing(text: str) -> None:
    assert announced_by(text) == Announced.NOTHING


@pytest.mark.parametrize(
    ("heading", "expected"),
    [("最新评论", True), ("最近回复", True), ("Recent comments", True), ("评论最多", False), ("Latest news", False)],
)
def test_a_heading_over_what_readers_said_heads_no_articles(heading: str, expected: bool) -> None:
    assert is_talk(heading) is expected


@given(
    st.sampled_from(["相关文章", "Most read", "Neueste Beiträge", "Tags", "Tag cloud", "Newsletter"]),
    st.sampled_from(["", "■", "» ", "1. ", "— "]),
    st.sampled_from(["", ":", "：", " »", " (5)"]),
)
def test_decoration_around_a_heading_changes_nothing(heading: str, before: str, after: str) -> None:
    assert announced_by(f"{before}{heading}{after}") == announced_by(heading)


@pytest.mark.parametrize(("heading", "offer"), [("好书精选", True), ("Спецпроекты", True), ("读书推荐", False)])
def test_goods_that_are_recommended_are_an_offer(heading: str, offer: bool) -> None:
    assert is_offer(heading) is offer
